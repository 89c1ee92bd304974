# tests/cli/: to add a test: one line in the right list; a program of C gets
# libakita and cmocka unless it has an _LDADD of its own.
AKITA_CMOCKA_TESTS += tests/cli/test_exact tests/cli/test_pamstack
AKITA_BATS_TESTS += \
	tests/cli/accounts.bats \
	tests/cli/apps.bats \
	tests/cli/files.bats \
	tests/cli/guide.bats \
	tests/cli/import.bats \
	tests/cli/japanese.bats \
	tests/cli/mail.bats \
	tests/cli/prompts.bats \
	tests/cli/qr.bats \
	tests/cli/screen.bats \
	tests/cli/secrets.bats \
	tests/cli/sheet.bats \
	tests/cli/states.bats \
	tests/cli/time.bats \
	tests/cli/trouble.bats \
	tests/cli/usage.bats
EXTRA_DIST += tests/cli/helper.bash tests/cli/states.tbl \
	tests/data/term2pgm

# Draws a QR code for qr.bats.
check_PROGRAMS += tests/cli/draw_qr
tests_cli_draw_qr_SOURCES = tests/cli/draw_qr.c $(AKITA_QR_PICTURE_SOURCES)
tests_cli_draw_qr_CPPFLAGS = $(AM_CPPFLAGS) $(QRENCODE_CFLAGS) $(PNG_CFLAGS)
tests_cli_draw_qr_LDADD = $(AKITA_LIBS) $(QRENCODE_LIBS) $(PNG_LIBS)

# Makes a sheet as otpadm does, for sheet.bats.
check_PROGRAMS += tests/cli/draw_sheet
tests_cli_draw_sheet_SOURCES = tests/cli/draw_sheet.c cli/fdio.c cli/fdio.h \
	$(AKITA_SHEET_SOURCES)
tests_cli_draw_sheet_LDADD = $(AKITA_LIBS)

tests_cli_test_exact_SOURCES = tests/cli/test_exact.c cli/exact.c cli/exact.h
tests_cli_test_exact_CPPFLAGS = $(AKITA_TEST_CPPFLAGS)

# What the doctor says of pam.d, beside what the real libpam does.
tests_cli_test_pamstack_SOURCES = tests/cli/test_pamstack.c \
	tests/cli/pam_samples.h cli/pamstack.h cli/pamstack_line.c \
	cli/pamstack_read.c cli/pamstack_walk.c
tests_cli_test_pamstack_CPPFLAGS = $(AKITA_TEST_CPPFLAGS)
tests_cli_test_pamstack_LDADD = $(LDADD) $(PAM_LIBS)
tests_cli_test_pamstack_LDFLAGS = $(AM_LDFLAGS) -Wl,--export-dynamic
