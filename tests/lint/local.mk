# tests/lint/: what the sources and the built files must look like.
# A rule of the sources is a function in rules.sh and a test in sources.bats.
AKITA_BATS_TESTS += \
	tests/lint/built.bats \
	tests/lint/shell.bats \
	tests/lint/sources.bats \
	tests/lint/words.bats
EXTRA_DIST += \
	tests/lint/rules.sh \
	tests/lint/strip.awk
