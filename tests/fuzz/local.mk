# tests/fuzz/: libFuzzer targets, built only with --enable-fuzzing.
# To add one: a line here, and tests/fuzz/NAME.c with LLVMFuzzerTestOneInput.
# "make fuzz-targets" builds them.
AKITA_FUZZ_TARGETS =

if ENABLE_FUZZING
noinst_PROGRAMS += $(AKITA_FUZZ_TARGETS)
endif

fuzz-targets: $(BUILT_SOURCES)
	$(MAKE) $(AM_MAKEFLAGS) $(AKITA_FUZZ_TARGETS)

print-fuzz-targets:
	@echo $(AKITA_FUZZ_TARGETS)

.PHONY: fuzz-targets print-fuzz-targets
