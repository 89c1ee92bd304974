# cli/: otpadm, and akita-otp-sheet which prints (and alone links pango).
# To add a file: one line in the list of its program.
# QR codes, for otpadm, the sheet and their tests.
AKITA_QR_SOURCES = cli/fdio.c cli/fdio.h cli/qr.c cli/qr.h
AKITA_QR_PICTURE_SOURCES = $(AKITA_QR_SOURCES) cli/qr_png.c cli/qr_svg.c
EXTRA_DIST += $(AKITA_QR_PICTURE_SOURCES)

if HAVE_OTPADM
sbin_PROGRAMS += otpadm
endif
otpadm_SOURCES = $(AKITA_QR_PICTURE_SOURCES)
otpadm_CPPFLAGS = $(AM_CPPFLAGS) $(QRENCODE_CFLAGS) $(SMARTCOLS_CFLAGS) \
	$(JANSSON_CFLAGS) $(PNG_CFLAGS)
otpadm_CFLAGS = $(AM_CFLAGS) $(AKITA_PIE_CFLAGS)
otpadm_LDADD = $(AKITA_LIBS) $(QRENCODE_LIBS) $(SMARTCOLS_LIBS) \
	$(JANSSON_LIBS) $(PNG_LIBS)
otpadm_LDFLAGS = $(AM_LDFLAGS) $(AKITA_NOW_LDFLAGS) $(AKITA_PIE_LDFLAGS)

if HAVE_SHEET
libexec_PROGRAMS += akita-otp-sheet
endif
akita_otp_sheet_SOURCES =
akita_otp_sheet_CPPFLAGS = $(AM_CPPFLAGS) $(PANGOCAIRO_CFLAGS) \
	$(QRENCODE_CFLAGS)
akita_otp_sheet_CFLAGS = $(AM_CFLAGS) $(AKITA_PIE_CFLAGS)
akita_otp_sheet_LDADD = $(AKITA_LIBS) $(PANGOCAIRO_LIBS) $(QRENCODE_LIBS)
akita_otp_sheet_LDFLAGS = $(AM_LDFLAGS) $(AKITA_NOW_LDFLAGS) \
	$(AKITA_PIE_LDFLAGS)
