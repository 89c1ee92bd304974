# tests/unit/: cmocka, one program a module; each is linked with libakita.
# To add a test: one line here.
AKITA_CMOCKA_TESTS += \
	tests/unit/test_admin \
	tests/unit/test_admin_init \
	tests/unit/test_admin_try \
	tests/unit/test_audit \
	tests/unit/test_audit_file \
	tests/unit/test_audit_verify \
	tests/unit/test_base32 \
	tests/unit/test_crypto \
	tests/unit/test_cursor \
	tests/unit/test_decide \
	tests/unit/test_decide_code \
	tests/unit/test_decide_model \
	tests/unit/test_decide_resync \
	tests/unit/test_decide_start \
	tests/unit/test_decide_work \
	tests/unit/test_event \
	tests/unit/test_journal \
	tests/unit/test_keyring \
	tests/unit/test_keyuri \
	tests/unit/test_lifecycle \
	tests/unit/test_lifecycle_effects \
	tests/unit/test_lock \
	tests/unit/test_mail_kill \
	tests/unit/test_mailtext \
	tests/unit/test_names \
	tests/unit/test_nss \
	tests/unit/test_os \
	tests/unit/test_otp \
	tests/unit/test_outbox \
	tests/unit/test_qr \
	tests/unit/test_record \
	tests/unit/test_recovery \
	tests/unit/test_result \
	tests/unit/test_seal \
	tests/unit/test_secret \
	tests/unit/test_settings \
	tests/unit/test_settings_keys \
	tests/unit/test_settings_papers \
	tests/unit/test_sheet \
	tests/unit/test_store \
	tests/unit/test_store_admin \
	tests/unit/test_store_crowd \
	tests/unit/test_store_damage \
	tests/unit/test_store_marks \
	tests/unit/test_store_notices \
	tests/unit/test_text \
	tests/unit/test_token \
	tests/unit/test_trust \
	tests/unit/test_trust_open \
	tests/unit/test_verify \
	tests/unit/test_verify_crowd \
	tests/unit/test_words

# What oathtool.bats compares.
AKITA_BATS_TESTS += tests/unit/oathtool.bats
check_PROGRAMS += tests/unit/otp_values
EXTRA_DIST += tests/unit/unit.h tests/unit/accounts.h \
	tests/unit/auditing.h tests/unit/parsing.h tests/unit/scratch.h \
	tests/unit/deciding.h tests/unit/events.h tests/unit/mails.h \
	tests/unit/sites.h

# A QR code with memory and encoder that can be made to fail.
tests_unit_test_qr_SOURCES = tests/unit/test_qr.c $(AKITA_QR_PICTURE_SOURCES)
tests_unit_test_qr_CPPFLAGS = $(AKITA_TEST_CPPFLAGS) $(QRENCODE_CFLAGS) \
	$(PNG_CFLAGS)
tests_unit_test_qr_LDADD = $(LDADD) $(QRENCODE_LIBS) $(PNG_LIBS)
tests_unit_test_qr_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=calloc \
	-Wl,--wrap=malloc -Wl,--wrap=QRcode_encodeString

# Counts the HMACs of a decision and lets each of them fail.
tests_unit_test_decide_work_SOURCES = tests/unit/test_decide_work.c
tests_unit_test_decide_work_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=akita_hmac

# JSON is read by another's parser; syslog is caught.
tests_unit_test_audit_CPPFLAGS = $(AKITA_TEST_CPPFLAGS) $(JANSSON_CFLAGS)
tests_unit_test_audit_LDADD = $(LDADD) $(JANSSON_LIBS)
tests_unit_test_event_CPPFLAGS = $(AKITA_TEST_CPPFLAGS)
tests_unit_test_event_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=syslog \
	-Wl,--wrap=__syslog_chk

# The user database answers as it is told to.
tests_unit_test_nss_SOURCES = tests/unit/test_nss.c
tests_unit_test_nss_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=getpwnam_r

# What otpadm says to akita-otp-sheet.
tests_unit_test_sheet_SOURCES = tests/unit/test_sheet.c cli/fdio.c cli/fdio.h \
	$(AKITA_SHEET_SOURCES)
tests_unit_test_sheet_CPPFLAGS = $(AKITA_TEST_CPPFLAGS)

# A database of its own for each test of the store.
EXTRA_DIST += tests/unit/store_kit.h
