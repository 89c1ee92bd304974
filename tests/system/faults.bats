# shellcheck shell=bash disable=SC2016,SC2154
# faults.bats: what needs the installed helper, in a private copy of this
# machine: every function fails in turn in a caller that asks it.

setup_file() {
	load outside
	world_setup_file
	make -s -C "$AKITA_BUILD" tests/pam/test_faults tests/pam/pam_probe.la
}

setup() {
	load outside
	# the private copy has a /tmp of its own
	copy=$BATS_TEST_TMPDIR/build
	mkdir -p "$copy/tests/pam/.libs" "$copy/pam/.libs"
	cp "$AKITA_BUILD/tests/pam/test_faults" "$copy/tests/pam/"
	cp "$AKITA_BUILD"/tests/pam/.libs/*.so "$copy/tests/pam/.libs/"
	cp "$AKITA_BUILD"/pam/.libs/*.so "$copy/pam/.libs/"
}

isolated() {
	export AKITA_BUILD=$KEEP/../build
	cd "$AKITA_BUILD" || return
	CMOCKA_MESSAGE_OUTPUT=TAP tests/pam/test_faults isolate
}
@test "whatever fails in a host that asks the helper, a code opens at most once" {
	in_world isolated
}
