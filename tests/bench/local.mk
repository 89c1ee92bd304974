# tests/bench/: what a login costs.  "make bench" measures everything and
# takes a long time; "make check" only sees that the bench works (smoke.bats).
AKITA_BATS_TESTS += tests/bench/smoke.bats
EXTRA_DIST += tests/bench/README tests/bench/run tests/bench/houses.py \
	tests/bench/measure.py tests/bench/report.py tests/bench/results.md \
	tests/bench/results.svg

check_PROGRAMS += tests/bench/bench
tests_bench_bench_SOURCES = tests/bench/bench.c
tests_bench_bench_LDADD = $(PAM_LIBS) -ldl

# The floor to compare with, a plugin for libpam: never installed.
check_LTLIBRARIES += tests/bench/pam_nullsync.la
tests_bench_pam_nullsync_la_SOURCES = tests/bench/pam_nullsync.c
tests_bench_pam_nullsync_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version \
	-shared -rpath /nowhere
tests_bench_pam_nullsync_la_LIBADD = $(PAM_LIBS)

BENCH_FLAGS =
bench: all tests/bench/bench tests/bench/pam_nullsync.la
	$(srcdir)/tests/bench/run --build '$(abs_top_builddir)' $(BENCH_FLAGS)

.PHONY: bench
