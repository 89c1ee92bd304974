# etc/: the configuration, and examples that are copied and edited.
# The configuration is installed where there is none, and removed only while
# it is still ours; examples go to the documentation.
# To add an example: one line in dist_examples_DATA.
examplesdir = $(docdir)/examples
dist_examples_DATA = etc/akita-otp.ja.conf

confdir = $(sysconfdir)/akita-otp

EXTRA_DIST += etc/akita-otp.conf
AKITA_INSTALL_DATA_HOOKS += install-configuration-hook
AKITA_UNINSTALL_HOOKS += uninstall-configuration-hook

install-configuration-hook:
	@$(MKDIR_P) '$(DESTDIR)$(confdir)'
	@if test -e '$(DESTDIR)$(confdir)/akita-otp.conf'; then \
		echo "akita-otp: '$(DESTDIR)$(confdir)/akita-otp.conf' is kept"; \
	else \
		$(INSTALL_DATA) '$(top_srcdir)/etc/akita-otp.conf' \
		    '$(DESTDIR)$(confdir)/akita-otp.conf'; \
	fi

uninstall-configuration-hook:
	@if cmp -s '$(top_srcdir)/etc/akita-otp.conf' \
	    '$(DESTDIR)$(confdir)/akita-otp.conf'; then \
		rm -f '$(DESTDIR)$(confdir)/akita-otp.conf'; \
	fi

.PHONY: install-configuration-hook uninstall-configuration-hook

dist_man5_MANS += man/akita-otp.conf.5

# Mail templates.  An administrator's own go to $(confdir)/mail.
mailtemplatedir = $(datadir)/akita-otp/mail
dist_mailtemplate_DATA = \
	etc/mail/activated.en.txt \
	etc/mail/activated.ja.txt \
	etc/mail/issued-notice.en.txt \
	etc/mail/issued-notice.ja.txt \
	etc/mail/issued.en.txt \
	etc/mail/issued.ja.txt \
	etc/mail/locked.en.txt \
	etc/mail/locked.ja.txt \
	etc/mail/registered.en.txt \
	etc/mail/registered.ja.txt \
	etc/mail/released.en.txt \
	etc/mail/released.ja.txt \
	etc/mail/resumed.en.txt \
	etc/mail/resumed.ja.txt \
	etc/mail/suspended.en.txt \
	etc/mail/suspended.ja.txt

# The timer that sends mails, and its service: among the examples, or where
# --with-systemdsystemunitdir says.
if HAVE_SYSTEMD_DIR
systemdsystemunitdir = $(akita_unitdir)
else
systemdsystemunitdir = $(examplesdir)
endif
dist_systemdsystemunit_DATA = etc/systemd/akita-otp-mail.timer
nodist_systemdsystemunit_DATA = etc/systemd/akita-otp-mail.service
EXTRA_DIST += etc/systemd/akita-otp-mail.service.in
CLEANFILES += etc/systemd/akita-otp-mail.service

etc/systemd/akita-otp-mail.service: etc/systemd/akita-otp-mail.service.in Makefile
	$(AM_V_GEN)$(MKDIR_P) etc/systemd && \
	$(SED) -e 's,@sbindir[@],$(sbindir),' \
	    -e 's,@localstatedir[@],$(localstatedir),g' \
	    '$(top_srcdir)/etc/systemd/akita-otp-mail.service.in' >$@
