# tests/: everything speaks TAP.  "make check" runs all of it,
# "make check TESTS=tests/unit/test_words" one file.
# To add a test: one line in the local.mk of its folder.
TAPDRV = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
LOG_DRIVER = $(TAPDRV)
TEST_EXTENSIONS = .bats
BATS_LOG_DRIVER = $(TAPDRV)
BATS_LOG_COMPILER = $(BATS)
AM_BATS_LOG_FLAGS = --tap
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	AKITA_SRC='$(abs_top_srcdir)'; export AKITA_SRC; \
	AKITA_BUILD='$(abs_top_builddir)'; export AKITA_BUILD; \
	CC='$(CC)'; export CC;

# What a test program gets when its folder says nothing else.
LDADD = $(AKITA_LIBS) $(CMOCKA_LIBS)
AKITA_TEST_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)

# cmocka programs and bats files, collected from the folders below.
AKITA_CMOCKA_TESTS =
AKITA_BATS_TESTS =

include tests/unit/local.mk
include tests/pam/local.mk
include tests/cli/local.mk
include tests/system/local.mk
include tests/fault/local.mk
include tests/fuzz/local.mk
include tests/bench/local.mk
include tests/lint/local.mk

if HAVE_CMOCKA
check_PROGRAMS += $(AKITA_CMOCKA_TESTS)
TESTS += $(AKITA_CMOCKA_TESTS)
endif
if HAVE_BATS
TESTS += $(AKITA_BATS_TESTS)
endif
EXTRA_DIST += $(AKITA_BATS_TESTS)

# Under sanitizers: units and module, not the commands and systems whose hosts
# are built without.  In a build from a tarball: units and rules.
AKITA_ALL_TESTS = $(AKITA_CMOCKA_TESTS) $(AKITA_BATS_TESTS)
AKITA_CORE_TESTS = $(filter tests/unit/% tests/pam/%,$(AKITA_CMOCKA_TESTS))
AKITA_TARBALL_TESTS = $(filter tests/unit/% tests/lint/%,$(AKITA_ALL_TESTS))

check-core: $(BUILT_SOURCES)
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(AKITA_CORE_TESTS)'

.PHONY: check-core
