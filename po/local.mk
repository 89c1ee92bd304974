# po/: the words in Japanese.  The build turns ja.po into a C table with
# scripts/po2c; a tarball holds the table, so gettext's tools are needed only
# to change words: edit sources, "make update-po", edit po/ja.po.
EXTRA_DIST += po/ja.po
BUILT_SOURCES += common/words_ja.h
nodist_libakita_la_SOURCES += common/words_ja.h
EXTRA_DIST += common/words_ja.h
MAINTAINERCLEANFILES += common/words_ja.h

common/words_ja.h: $(top_srcdir)/po/ja.po $(top_srcdir)/scripts/po2c
	$(AM_V_GEN)$(MKDIR_P) common && \
	AWK='$(AWK)' $(SHELL) $(top_srcdir)/scripts/po2c \
	    $(top_srcdir)/po/ja.po >$@-t && mv $@-t $@

update-po:
	cd $(top_srcdir) && $(SHELL) scripts/update-po

.PHONY: update-po
