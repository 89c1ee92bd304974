# cli/: otpadm, and akita-otp-sheet which prints (and alone links pango).
# To add a file: one line in the list of its program.
# QR codes, for otpadm, the sheet and their tests.
AKITA_QR_SOURCES = cli/fdio.c cli/fdio.h cli/qr.c cli/qr.h
AKITA_QR_PICTURE_SOURCES = $(AKITA_QR_SOURCES) cli/qr_png.c cli/qr_svg.c
EXTRA_DIST += $(AKITA_QR_PICTURE_SOURCES)

# The client of akita-otp-sheet, for otpadm and its tests.
AKITA_SHEET_SOURCES = cli/sheet.c cli/sheet.h cli/sheet_wire.c cli/sheet_wire.h

sbin_PROGRAMS += otpadm
otpadm_SOURCES = $(AKITA_QR_PICTURE_SOURCES) $(AKITA_SHEET_SOURCES) \
	cli/actor.c \
	cli/apps.c \
	cli/apps.h \
	cli/ask.c \
	cli/ask.h \
	cli/bulk.c \
	cli/bulk.h \
	cli/change.c \
	cli/change.h \
	cli/check.c \
	cli/check.h \
	cli/cli.h \
	cli/cmd_activate.c \
	cli/cmd_config_check.c \
	cli/cmd_doctor.c \
	cli/cmd_import.c \
	cli/cmd_init.c \
	cli/cmd_issue.c \
	cli/cmd_list.c \
	cli/cmd_mail.c \
	cli/cmd_recovery.c \
	cli/cmd_register.c \
	cli/cmd_release.c \
	cli/cmd_repair.c \
	cli/cmd_resync.c \
	cli/cmd_show.c \
	cli/cmd_suspend.c \
	cli/cmd_unlock.c \
	cli/cmd_verify.c \
	cli/cmd_verify_db.c \
	cli/csv.c \
	cli/csv.h \
	cli/doctor.c \
	cli/doctor.h \
	cli/doctor_helper.c \
	cli/doctor_locks.c \
	cli/doctor_pam.c \
	cli/doctor_sshd.c \
	cli/exact.c \
	cli/exact.h \
	cli/exit.c \
	cli/fields.c \
	cli/fields.h \
	cli/forms.c \
	cli/forms.h \
	cli/help.c \
	cli/issue.c \
	cli/issue.h \
	cli/lazy.c \
	cli/lazy.h \
	cli/lazy_jansson.c \
	cli/lazy_png.c \
	cli/lazy_smartcols.c \
	cli/mailview.c \
	cli/mailview.h \
	cli/main.c \
	cli/options.c \
	cli/outfile.c \
	cli/outfile.h \
	cli/output.c \
	cli/output.h \
	cli/pamstack.h \
	cli/pamstack_line.c \
	cli/pamstack_read.c \
	cli/pamstack_walk.c \
	cli/qr_lazy.c
# What phone apps honour: data, compiled in.
EXTRA_DIST += cli/apps.data cli/apps.awk
nodist_otpadm_SOURCES = cli/apps_table.h cli/sonames.h
BUILT_SOURCES += cli/apps_table.h cli/sonames.h
CLEANFILES += cli/apps_table.h cli/sonames.h
cli/otpadm-apps.$(OBJEXT): cli/apps_table.h
cli/otpadm-lazy.$(OBJEXT): cli/sonames.h

# The names under which the loader knows the libraries we build against: what
# an object linked with them says that it needs.
cli/sonames.h:
	$(AM_V_GEN)$(MKDIR_P) cli && \
	$(CC) -shared -o cli/sonames.so-t -x c /dev/null \
	    -Wl,--no-as-needed $(QRENCODE_LIBS) $(SMARTCOLS_LIBS) \
	    $(JANSSON_LIBS) $(PNG_LIBS) && \
	LC_ALL=C readelf -d cli/sonames.so-t | $(SED) -n \
	    -e 's/.*NEEDED.*\[\(libjansson\..*\)\].*/#define AKITA_SONAME_JANSSON "\1"/p' \
	    -e 's/.*NEEDED.*\[\(libpng[0-9]*\..*\)\].*/#define AKITA_SONAME_PNG "\1"/p' \
	    -e 's/.*NEEDED.*\[\(libqrencode\..*\)\].*/#define AKITA_SONAME_QRENCODE "\1"/p' \
	    -e 's/.*NEEDED.*\[\(libsmartcols\..*\)\].*/#define AKITA_SONAME_SMARTCOLS "\1"/p' \
	    >$@-t && rm -f cli/sonames.so-t && mv $@-t $@

cli/apps_table.h: $(top_srcdir)/cli/apps.data $(top_srcdir)/cli/apps.awk
	$(AM_V_GEN)$(MKDIR_P) cli && $(AWK) -f $(top_srcdir)/cli/apps.awk \
	    $(top_srcdir)/cli/apps.data >$@-t && mv $@-t $@

otpadm_CPPFLAGS = $(AM_CPPFLAGS) $(QRENCODE_CFLAGS) $(SMARTCOLS_CFLAGS) \
	$(JANSSON_CFLAGS) $(PNG_CFLAGS)
otpadm_CFLAGS = $(AM_CFLAGS) $(AKITA_PIE_CFLAGS)
# The other four are loaded when they are called: see cli/lazy.h.
otpadm_LDADD = $(AKITA_LIBS)
otpadm_LDFLAGS = $(AM_LDFLAGS) $(AKITA_NOW_LDFLAGS) $(AKITA_PIE_LDFLAGS)
dist_man8_MANS += man/otpadm.8

if HAVE_SHEET
libexec_PROGRAMS += akita-otp-sheet
endif
akita_otp_sheet_SOURCES = $(AKITA_QR_SOURCES) cli/sheet.h cli/sheet_canvas.c \
	cli/sheet_canvas.h cli/sheet_main.c cli/sheet_page.c cli/sheet_page.h \
	cli/sheet_wire.c cli/sheet_wire.h
akita_otp_sheet_CPPFLAGS = $(AM_CPPFLAGS) $(PANGOCAIRO_CFLAGS) \
	$(QRENCODE_CFLAGS)
akita_otp_sheet_CFLAGS = $(AM_CFLAGS) $(AKITA_PIE_CFLAGS)
akita_otp_sheet_LDADD = $(AKITA_LIBS) $(PANGOCAIRO_LIBS) $(QRENCODE_LIBS)
akita_otp_sheet_LDFLAGS = $(AM_LDFLAGS) $(AKITA_NOW_LDFLAGS) \
	$(AKITA_PIE_LDFLAGS)
