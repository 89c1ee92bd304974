# tests/fault/: what kills, power cuts and full disks do to the store.
AKITA_CMOCKA_TESTS +=
AKITA_BATS_TESTS += tests/fault/disks.bats tests/fault/powercut.bats

# The interposing library is a plugin for LD_PRELOAD: never installed.
check_LTLIBRARIES += tests/fault/cutlib.la
tests_fault_cutlib_la_SOURCES = tests/fault/cutlib.c tests/fault/cutlib.h \
	tests/fault/cutlib_names.c tests/fault/cut.h
tests_fault_cutlib_la_CFLAGS = $(AM_CFLAGS) -fno-sanitize=all
tests_fault_cutlib_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version -shared \
	-rpath /nowhere -fno-sanitize=all
tests_fault_cutlib_la_LIBADD = -ldl

check_PROGRAMS += tests/fault/histories
tests_fault_histories_SOURCES = tests/fault/histories.c tests/fault/story.c \
	tests/fault/story.h tests/fault/model.c \
	tests/fault/model.h tests/fault/worker.c tests/fault/worker.h \
	tests/fault/cut.h
tests_fault_histories_LDADD = $(AKITA_LIBS) $(PAM_LIBS) -ldl

# Faults at chosen calls (fault.h), damage and races: programs that speak TAP
# themselves.  Long forms, with what "make check" takes: AKITA_DAMAGED=20000
# files (AKITA_DAMAGE_SEED=1; AKITA_DAMAGE_KEEP=DIR keeps those that break a
# promise), AKITA_RACES=1000 rounds, AKITA_RACE_LOGINS=10000,
# AKITA_SHUTDOWNS=30 of each file system, AKITA_FAULTS_ALL=1 for each kind of
# error at each call of a command, AKITA_VARIATIONS=2000 of each file of
# tests/fuzz/corpus.
check_LTLIBRARIES += tests/fault/faultlib.la
tests_fault_faultlib_la_SOURCES = tests/fault/faultlib.c \
	tests/fault/faultlib.h tests/fault/faultlib_names.c tests/fault/fault.h
tests_fault_faultlib_la_CFLAGS = $(AM_CFLAGS) -fno-sanitize=all
tests_fault_faultlib_la_LDFLAGS = $(AM_LDFLAGS) -module -avoid-version \
	-shared -rpath /nowhere -fno-sanitize=all
tests_fault_faultlib_la_LIBADD = -ldl

AKITA_FAULT_TESTS = \
	tests/fault/test_damage \
	tests/fault/test_errors \
	tests/fault/test_kill \
	tests/fault/test_kill_login \
	tests/fault/test_races \
	tests/fault/test_stop
check_PROGRAMS += $(AKITA_FAULT_TESTS)
TESTS += $(AKITA_FAULT_TESTS)

AKITA_FAULT_LIBS = $(AKITA_LIBS) $(PAM_LIBS) -ldl -lpthread
AKITA_HOUSE = tests/fault/house.c tests/fault/house.h \
	tests/fault/house_look.c tests/fault/people.c tests/fault/tap.c \
	tests/fault/fault.h
tests_fault_test_damage_SOURCES = tests/fault/test_damage.c \
	tests/fault/damage.c tests/fault/damage.h $(AKITA_HOUSE)
tests_fault_test_damage_LDADD = $(AKITA_FAULT_LIBS)
tests_fault_test_errors_SOURCES = tests/fault/test_errors.c $(AKITA_HOUSE)
tests_fault_test_errors_LDADD = $(AKITA_FAULT_LIBS)
tests_fault_test_kill_SOURCES = tests/fault/test_kill.c $(AKITA_HOUSE)
tests_fault_test_kill_LDADD = $(AKITA_FAULT_LIBS)
tests_fault_test_kill_login_SOURCES = tests/fault/test_kill_login.c \
	$(AKITA_HOUSE)
tests_fault_test_kill_login_LDADD = $(AKITA_FAULT_LIBS)
tests_fault_test_races_SOURCES = tests/fault/test_races.c $(AKITA_HOUSE)
tests_fault_test_races_LDADD = $(AKITA_FAULT_LIBS)
tests_fault_test_stop_SOURCES = tests/fault/test_stop.c $(AKITA_HOUSE)
tests_fault_test_stop_LDADD = $(AKITA_FAULT_LIBS)

# On file systems of their own (disks.bats).
check_PROGRAMS += tests/fault/disk
tests_fault_disk_SOURCES = tests/fault/disk.c $(AKITA_HOUSE)
tests_fault_disk_LDADD = $(AKITA_FAULT_LIBS)
EXTRA_DIST += tests/fault/disks.sh
