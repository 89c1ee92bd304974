#!/usr/bin/env bats
# Histories of logins and commands with SIGKILL and loss of power at every
# file-changing call.  AKITA_HISTORIES says how many (2,000; the long form is
# 20,000).  Each ingredient of the protocol, taken away, must break a promise.
bats_require_minimum_version 1.5.0

setup() {
	module=$AKITA_BUILD/pam/.libs/pam_akita_otp.so
	[ -e "$module" ] || module=$AKITA_BUILD/.libs/pam_akita_otp.so
	if ldd "$module" | grep -q 'lib[at]san\|libubsan'; then
		skip "a sanitizer's runtime and an interposing library collide"
	fi
	scratch=$(mktemp -d -p "$([ -w /dev/shm ] && echo /dev/shm || echo "${TMPDIR:-/tmp}")")
}

teardown() {
	[ -z "${scratch:-}" ] || rm -rf "$scratch"
}

# histories ARG...: one run in a directory of its own
histories() {
	local dir
	dir=$(mktemp -d -p "$scratch")
	"$AKITA_BUILD/tests/fault/histories" \
	    --otpadm "$AKITA_BUILD/otpadm" --module "$module" \
	    --library "$AKITA_BUILD/tests/fault/.libs/cutlib.so" \
	    --dir "$dir" "$@"
}

@test "random histories with kills and losses of power break no promise" {
	half=$((${AKITA_HISTORIES:-2000} / 2))
	histories --histories "$half" --seed 1 >"$scratch/1" 2>&1 &
	first=$!
	histories --histories "$half" --seed 1000003 --sector 64 >"$scratch/2" 2>&1 &
	second=$!
	wait "$first" && one=0 || one=$?
	wait "$second" && two=0 || two=$?
	cat "$scratch/1" "$scratch/2"
	[ "$one" = 0 ]
	[ "$two" = 0 ]
}

@test "without the fsync of the database an accepted code is good again" {
	run -3 histories --histories 3 --directed login --ablate dbsync
	[[ $output == *"after a loss of power gave Success"* ]]
	run -0 histories --histories 3 --directed login
}

@test "without the fsync of the directory an accepted code is good again" {
	run -3 histories --histories 3 --directed rename --ablate dirsync
	[[ $output == *"after a loss of power gave Success"* ]]
	run -0 histories --histories 3 --directed rename
}

@test "with one slot in place of two, histories break" {
	run -3 histories --histories 2000 --seed 1 --sector 64 \
	    --ablate slots
}

@test "without the stripe's lock, one code opens more than one login" {
	run -3 histories --histories 200 --directed same --ablate stripes
	run -0 histories --histories 50 --directed same
}
