# pam/: the PAM module and the helper of callers without root.
# To add a file: one line in the list of its program.
# Entry points are the only symbols that leave the module: they need
# __attribute__((visibility("default"))), all else is hidden.

pammod_LTLIBRARIES = pam/pam_akita_otp.la
AKITA_INSTALL_DATA_HOOKS += install-module-hook
AKITA_UNINSTALL_HOOKS += uninstall-module-hook
pam_pam_akita_otp_la_SOURCES = \
	pam/args.c \
	pam/args.h \
	pam/conv.c \
	pam/conv.h \
	pam/decider.c \
	pam/decider.h \
	pam/helper_client.c \
	pam/helper_client.h \
	pam/helper_run.c \
	pam/helper_run.h \
	pam/login.c \
	pam/module.h \
	pam/pam_akita_otp.c \
	pam/pass.c \
	pam/pass.h \
	pam/report.c \
	pam/report.h \
	pam/source.c \
	pam/source.h \
	pam/stage_account.c \
	pam/stage_auth.c \
	pam/wire.c \
	pam/wire.h
# Objects of its own: tests use some of these sources too.
pam_pam_akita_otp_la_CFLAGS = $(AM_CFLAGS)
pam_pam_akita_otp_la_LIBADD = $(AKITA_LIBS) $(PAM_LIBS)
# Once loaded it stays: libpam loads and unloads a module for each handle, which
# costs as much as a login, the more the more processes do it at once.
pam_pam_akita_otp_la_LDFLAGS = $(AM_LDFLAGS) $(AKITA_MODULE_LDFLAGS) \
	-Wl,-z,nodelete \
	-module -avoid-version -shared \
	-export-symbols-regex '^pam_sm_(authenticate|setcred|acct_mgmt)$$'

dist_man8_MANS += man/pam_akita_otp.8

libexec_PROGRAMS += akita-otp-helper
AKITA_INSTALL_EXEC_HOOKS += install-helper-hook
akita_otp_helper_SOURCES = \
	pam/helper_main.c \
	pam/helper_serve.c \
	pam/helper_serve.h \
	pam/report.c \
	pam/report.h \
	pam/wire.c \
	pam/wire.h
akita_otp_helper_CFLAGS = $(AM_CFLAGS) $(AKITA_PIE_CFLAGS)
akita_otp_helper_LDADD = $(AKITA_LIBS)
akita_otp_helper_LDFLAGS = $(AM_LDFLAGS) $(AKITA_NOW_LDFLAGS) \
	$(AKITA_PIE_LDFLAGS)

# libtool leaves a .la file beside the module that nothing uses, and would
# look for it when it uninstalls.
install-module-hook:
	rm -f '$(DESTDIR)$(pammoddir)/pam_akita_otp.la'

uninstall-module-hook:
	rm -f '$(DESTDIR)$(pammoddir)/pam_akita_otp.so'

# Setuid only ever to root: anybody else installs a plain program and is told.
install-helper-hook:
	@helper='$(DESTDIR)$(libexecdir)/akita-otp-helper'; \
	if test "$$(id -u)" = 0; then \
		chown 0:0 "$$helper" && chmod 4755 "$$helper" || \
		    echo "akita-otp: make $$helper setuid root by hand" >&2; \
	else \
		echo "akita-otp: not root: $$helper is not setuid root;" \
		    "only root's logins can use the module" >&2; \
	fi

.PHONY: install-helper-hook install-module-hook uninstall-module-hook

# Stacks to copy and edit.
pamexamplesdir = $(docdir)/examples/pam.d
dist_pamexamples_DATA = \
	etc/pam.d/dovecot \
	etc/pam.d/freeradius \
	etc/pam.d/login \
	etc/pam.d/screen-locker \
	etc/pam.d/screen-locker-one-field \
	etc/pam.d/sshd-code-for-group \
	etc/pam.d/sshd-password-code \
	etc/pam.d/sshd-publickey-code \
	etc/pam.d/su \
	etc/pam.d/sudo \
	etc/pam.d/vsftpd

# A filter that reads the lines of report.c.
fail2banexamplesdir = $(docdir)/examples/fail2ban
dist_fail2banexamples_DATA = etc/fail2ban/akita-otp.conf
