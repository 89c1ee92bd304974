# common/: the product, without PAM and without a terminal.
# To add a file: one line here, in alphabetical order.
noinst_LTLIBRARIES += libakita.la

libakita_la_CPPFLAGS = $(AM_CPPFLAGS) $(CRYPTO_CFLAGS) $(INIH_CFLAGS)
libakita_la_SOURCES = \
	common/admin.h \
	common/audit.c \
	common/audit.h \
	common/audit_file.c \
	common/audit_line.h \
	common/audit_verify.c \
	common/base32.c \
	common/base32.h \
	common/crypto.c \
	common/crypto.h \
	common/cursor.c \
	common/cursor.h \
	common/decide.c \
	common/decide.h \
	common/decide_code.c \
	common/decide_diagnose.c \
	common/decide_resync.c \
	common/decide_scan.c \
	common/decide_scan.h \
	common/event.c \
	common/event.h \
	common/hex.c \
	common/hex.h \
	common/keyring.c \
	common/keyring.h \
	common/keyuri.c \
	common/keyuri.h \
	common/keyuri_parse.c \
	common/lifecycle.c \
	common/lifecycle.h \
	common/lifecycle_rules.c \
	common/names.c \
	common/names.h \
	common/nss.c \
	common/nss.h \
	common/os.c \
	common/os.h \
	common/otp.c \
	common/otp.h \
	common/record.h \
	common/recovery.c \
	common/recovery.h \
	common/result.c \
	common/result.h \
	common/seal.h \
	common/secret.c \
	common/secret.h \
	common/settings.c \
	common/settings.h \
	common/settings_table.c \
	common/settings_value.c \
	common/settings_value.h \
	common/store.h \
	common/text.c \
	common/text.h \
	common/text_width.c \
	common/token.c \
	common/token.h \
	common/trust.c \
	common/trust.h \
	common/trust_rules.c \
	common/trust_rules.h \
	common/utf8.c \
	common/utf8.h \
	common/verify.h \
	common/words.c \
	common/words.h
nodist_libakita_la_SOURCES =
