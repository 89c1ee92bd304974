#!/usr/bin/env bats
# Our one-time passwords are those of oathtool: 1,200 values of random tokens.

setup_file() {
	command -v oathtool >/dev/null ||
		skip "oathtool is not installed (package oathtool)"
}

# The line of otp_values as oathtool answers it.
oathtool_says() { # TYPE DIGITS PERIOD TIME-OR-COUNTER KEY
	if [ "$1" = hotp ]; then
		oathtool --hotp -d "$2" -c "$4" -w 9 "$5"
	else
		oathtool "--$1" -d "$2" -s "$3" -N "@$4" -w 9 "$5"
	fi
}

@test "1,200 values of 120 random tokens are those of oathtool" {
	"$AKITA_BUILD/tests/unit/otp_values" 4226 >"$BATS_TEST_TMPDIR/ours"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/ours")" -eq 120 ]
	[ "$(wc -w <"$BATS_TEST_TMPDIR/ours")" -eq $((120 * 15)) ]
	while read -r type digits period at key _; do
		printf '%s %s %s %s %s' "$type" "$digits" "$period" "$at" "$key"
		printf ' %s' $(oathtool_says \
		    "$type" "$digits" "$period" "$at" "$key")
		echo
	done <"$BATS_TEST_TMPDIR/ours" >"$BATS_TEST_TMPDIR/theirs"
	diff "$BATS_TEST_TMPDIR/ours" "$BATS_TEST_TMPDIR/theirs"
}
