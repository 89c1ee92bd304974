# tests/unit/: cmocka, one program a module; each is linked with libakita.
# To add a test: one line here.
AKITA_CMOCKA_TESTS += \
	tests/unit/test_base32 \
	tests/unit/test_crypto \
	tests/unit/test_cursor \
	tests/unit/test_keyuri \
	tests/unit/test_lifecycle \
	tests/unit/test_names \
	tests/unit/test_os \
	tests/unit/test_otp \
	tests/unit/test_qr \
	tests/unit/test_recovery \
	tests/unit/test_result \
	tests/unit/test_secret \
	tests/unit/test_text \
	tests/unit/test_token \
	tests/unit/test_words

# What oathtool.bats compares.
AKITA_BATS_TESTS += tests/unit/oathtool.bats
check_PROGRAMS += tests/unit/otp_values
EXTRA_DIST += tests/unit/unit.h tests/unit/accounts.h

# A QR code with memory and encoder that can be made to fail.
tests_unit_test_qr_SOURCES = tests/unit/test_qr.c $(AKITA_QR_PICTURE_SOURCES)
tests_unit_test_qr_CPPFLAGS = $(AKITA_TEST_CPPFLAGS) $(QRENCODE_CFLAGS) \
	$(PNG_CFLAGS)
tests_unit_test_qr_LDADD = $(LDADD) $(QRENCODE_LIBS) $(PNG_LIBS)
tests_unit_test_qr_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=calloc \
	-Wl,--wrap=malloc -Wl,--wrap=QRcode_encodeString
