#!/usr/bin/env bats
bats_require_minimum_version 1.5.0
# The bench works: a few logins at 1 and 1,000 accounts, and what a login may
# cost whatever the machine: one sync, 8 KiB.

setup_file() {
	out=$BATS_FILE_TMPDIR/out
	"$AKITA_SRC/tests/bench/run" --quick --build "$AKITA_BUILD" \
	    --out "$out" >"$BATS_FILE_TMPDIR/log" 2>&1
}

# The row of a case in the table of costs, cells apart by spaces.
cost() {
	sed -n "s,^| $1 |,,p" "$BATS_FILE_TMPDIR/out/results.md" | tr -d '|'
}

@test "the bench ends with a table and a plot" {
	grep -q '^### One login' "$BATS_FILE_TMPDIR/out/results.md"
	grep -q '</svg>' "$BATS_FILE_TMPDIR/out/results.svg"
}

@test "every login of the bench gets the answer it should" {
	run -0 awk -F'|' '/^\| (akita|nullsync|permit) / {
		n++; if ($13 + 0 != 0) odd++
	} END { print n, odd + 0 }' "$BATS_FILE_TMPDIR/out/results.md"
	[ "${output#* }" = 0 ]
	[ "${output% *}" -ge 8 ]
}

@test "a login syncs once and writes at most 8 KiB, whatever the answer" {
	for case in right/1 right/1000 wrong/1000 unknown/1000; do
		row=$(cost "akita/$case/warm")
		# shellcheck disable=SC2086
		set -- $row
		echo "$case: $row"
		[ "$2" -eq 1 ]
		[ "$3" -gt 0 ]
		[ "$3" -le 8192 ]
	done
}

@test "wrong code and unknown user do the same system calls, give or take" {
	# shellcheck disable=SC2046
	set -- $(cost akita/wrong/1000/warm) $(cost akita/unknown/1000/warm)
	difference=$(($1 - $5))
	echo "$1 $5"
	[ "${difference#-}" -le 4 ]
}
