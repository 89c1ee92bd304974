#!/usr/bin/env bats
# Scenarios under valgrind: no invalid access, no jump on what was never set, no
# block lost.

bats_require_minimum_version 1.5.0

under_valgrind() {
	command -v valgrind >/dev/null || skip "valgrind is not installed"
	! grep -q '^AKITA_LDFLAGS = .*-fsanitize' "$AKITA_BUILD/Makefile" ||
	    skip "valgrind and sanitizers do not mix"
	local name files=()
	for name; do
		files+=("$AKITA_SRC/tests/pam/scenarios/$name.scenario")
	done
	run -0 valgrind -q --leak-check=full --show-leak-kinds=definite \
	    --errors-for-leak-kinds=definite --error-exitcode=9 \
	    "$AKITA_BUILD/tests/pam/test_scenarios" "${files[@]}"
	[[ $output != *"=="[0-9]* ]]
}

@test "right, wrong and no codes" {
	under_valgrind a-right-code-opens a-wrong-code-counts \
	    what-is-no-code-does-not-count an-unknown-user-sees-the-same \
	    a-recovery-code-opens-once
}

@test "start of use, grace, password and code in one" {
	under_valgrind start-of-use-in-a-login \
	    grace-for-the-same-user-service-and-source \
	    forward-pass-hands-the-password-on use-first-pass-asks-nothing
}

@test "conversations and arguments that fail" {
	under_valgrind conversations-that-fail-count-nothing \
	    every-bad-argument-is-logged the-account-stage
}
