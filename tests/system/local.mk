# tests/system/: to add a test: one line in the right list; a program of C gets
# libakita and cmocka unless it has an _LDADD of its own.
AKITA_CMOCKA_TESTS +=
AKITA_BATS_TESTS += tests/system/doctor.bats tests/system/everywhere.bats \
	tests/system/faults.bats \
	tests/system/handover.bats \
	tests/system/login.bats \
	tests/system/counter.bats tests/system/manual.bats \
	tests/system/sshd.bats
EXTRA_DIST += tests/system/inside.bash tests/system/outside.bash \
	tests/system/mail-system tests/system/manual-story.bash \
	tests/system/manual-words.ja.txt
