# tests/fuzz/: libFuzzer targets, built only with --enable-fuzzing.
# To add one: a line in each list, and tests/fuzz/NAME.c with
# LLVMFuzzerTestOneInput.
# "make fuzz-targets" builds them.
AKITA_FUZZ_TARGETS = \
	tests/fuzz/fuzz_base32 \
	tests/fuzz/fuzz_keyuri \
	tests/fuzz/fuzz_record \
	tests/fuzz/fuzz_settings \
	tests/fuzz/fuzz_text
EXTRA_DIST += tests/fuzz/fuzz.h

tests_fuzz_fuzz_base32_LDFLAGS = $(AM_LDFLAGS) $(AKITA_FUZZ_LDFLAGS)
tests_fuzz_fuzz_keyuri_LDFLAGS = $(AM_LDFLAGS) $(AKITA_FUZZ_LDFLAGS)
tests_fuzz_fuzz_record_LDFLAGS = $(AM_LDFLAGS) $(AKITA_FUZZ_LDFLAGS)
tests_fuzz_fuzz_settings_LDFLAGS = $(AM_LDFLAGS) $(AKITA_FUZZ_LDFLAGS)
tests_fuzz_fuzz_text_LDFLAGS = $(AM_LDFLAGS) $(AKITA_FUZZ_LDFLAGS)

if ENABLE_FUZZING
noinst_PROGRAMS += $(AKITA_FUZZ_TARGETS)
endif

fuzz-targets: $(BUILT_SOURCES)
	$(MAKE) $(AM_MAKEFLAGS) $(AKITA_FUZZ_TARGETS)

print-fuzz-targets:
	@echo $(AKITA_FUZZ_TARGETS)

.PHONY: fuzz-targets print-fuzz-targets
