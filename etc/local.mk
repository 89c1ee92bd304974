# etc/: the configuration, and examples that are copied and edited.
# The configuration is installed where there is none, and removed only while
# it is still ours; examples go to the documentation.
# To add an example: one line in dist_examples_DATA.
examplesdir = $(docdir)/examples
dist_examples_DATA =

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
