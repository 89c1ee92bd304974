# tests/fuzz/: libFuzzer targets, built only with --enable-fuzzing, and the same
# functions over their corpus in "make check" (replay.c).
# To add one: tests/fuzz/fuzz_NAME.c with LLVMFuzzerTestOneInput, a directory
# corpus/NAME, a line in each list and the three below.
# "make fuzz-targets" builds them.
AKITA_FUZZ_TARGETS = \
	tests/fuzz/fuzz_audit \
	tests/fuzz/fuzz_base32 \
	tests/fuzz/fuzz_code \
	tests/fuzz/fuzz_csv \
	tests/fuzz/fuzz_journal \
	tests/fuzz/fuzz_keyuri \
	tests/fuzz/fuzz_record \
	tests/fuzz/fuzz_settings \
	tests/fuzz/fuzz_text \
	tests/fuzz/fuzz_wire
AKITA_FUZZ_REPLAYS = \
	tests/fuzz/replay_audit \
	tests/fuzz/replay_base32 \
	tests/fuzz/replay_code \
	tests/fuzz/replay_csv \
	tests/fuzz/replay_journal \
	tests/fuzz/replay_keyuri \
	tests/fuzz/replay_record \
	tests/fuzz/replay_settings \
	tests/fuzz/replay_text \
	tests/fuzz/replay_wire
EXTRA_DIST += tests/fuzz/fuzz.h tests/fuzz/corpus

tests_fuzz_fuzz_audit_LDFLAGS = $(AM_LDFLAGS) $(AKITA_FUZZ_LDFLAGS)
tests_fuzz_fuzz_base32_LDFLAGS = $(AM_LDFLAGS) $(AKITA_FUZZ_LDFLAGS)
tests_fuzz_fuzz_code_LDFLAGS = $(AM_LDFLAGS) $(AKITA_FUZZ_LDFLAGS)
tests_fuzz_fuzz_csv_LDFLAGS = $(AM_LDFLAGS) $(AKITA_FUZZ_LDFLAGS)
tests_fuzz_fuzz_journal_LDFLAGS = $(AM_LDFLAGS) $(AKITA_FUZZ_LDFLAGS)
tests_fuzz_fuzz_keyuri_LDFLAGS = $(AM_LDFLAGS) $(AKITA_FUZZ_LDFLAGS)
tests_fuzz_fuzz_record_LDFLAGS = $(AM_LDFLAGS) $(AKITA_FUZZ_LDFLAGS)
tests_fuzz_fuzz_settings_LDFLAGS = $(AM_LDFLAGS) $(AKITA_FUZZ_LDFLAGS)
tests_fuzz_fuzz_text_LDFLAGS = $(AM_LDFLAGS) $(AKITA_FUZZ_LDFLAGS)
tests_fuzz_fuzz_wire_LDFLAGS = $(AM_LDFLAGS) $(AKITA_FUZZ_LDFLAGS)

tests_fuzz_replay_audit_SOURCES = tests/fuzz/fuzz_audit.c \
	tests/fuzz/replay.c
tests_fuzz_replay_audit_LDADD = $(AKITA_LIBS)
tests_fuzz_replay_base32_SOURCES = tests/fuzz/fuzz_base32.c \
	tests/fuzz/replay.c
tests_fuzz_replay_base32_LDADD = $(AKITA_LIBS)
tests_fuzz_replay_code_SOURCES = tests/fuzz/fuzz_code.c \
	tests/fuzz/replay.c
tests_fuzz_replay_code_LDADD = $(AKITA_LIBS)
tests_fuzz_fuzz_csv_SOURCES = tests/fuzz/fuzz_csv.c cli/csv.c
tests_fuzz_replay_csv_SOURCES = tests/fuzz/fuzz_csv.c \
	tests/fuzz/replay.c cli/csv.c
tests_fuzz_replay_csv_LDADD = $(AKITA_LIBS)
tests_fuzz_replay_journal_SOURCES = tests/fuzz/fuzz_journal.c \
	tests/fuzz/replay.c
tests_fuzz_replay_journal_LDADD = $(AKITA_LIBS)
tests_fuzz_replay_keyuri_SOURCES = tests/fuzz/fuzz_keyuri.c \
	tests/fuzz/replay.c
tests_fuzz_replay_keyuri_LDADD = $(AKITA_LIBS)
tests_fuzz_replay_record_SOURCES = tests/fuzz/fuzz_record.c \
	tests/fuzz/replay.c
tests_fuzz_replay_record_LDADD = $(AKITA_LIBS)
tests_fuzz_replay_settings_SOURCES = tests/fuzz/fuzz_settings.c \
	tests/fuzz/replay.c
tests_fuzz_replay_settings_LDADD = $(AKITA_LIBS)
tests_fuzz_replay_text_SOURCES = tests/fuzz/fuzz_text.c \
	tests/fuzz/replay.c
tests_fuzz_replay_text_LDADD = $(AKITA_LIBS)
tests_fuzz_fuzz_wire_SOURCES = tests/fuzz/fuzz_wire.c pam/wire.c
tests_fuzz_replay_wire_SOURCES = tests/fuzz/fuzz_wire.c \
	tests/fuzz/replay.c pam/wire.c
tests_fuzz_replay_wire_LDADD = $(AKITA_LIBS)

if ENABLE_FUZZING
noinst_PROGRAMS += $(AKITA_FUZZ_TARGETS)
endif
check_PROGRAMS += $(AKITA_FUZZ_REPLAYS)
TESTS += $(AKITA_FUZZ_REPLAYS)

fuzz-targets: $(BUILT_SOURCES)
	$(MAKE) $(AM_MAKEFLAGS) $(AKITA_FUZZ_TARGETS)

print-fuzz-targets:
	@echo $(AKITA_FUZZ_TARGETS)

.PHONY: fuzz-targets print-fuzz-targets
