#!/usr/bin/env bats
# Every pair of state and event, through otpadm (states.tbl).

bats_require_minimum_version 1.5.0
load helper.bash

setup() {
	world
	adm init >/dev/null
	shift_s=0
}

teardown() {
	unworld
}

# Otpadm now, or with the clock set on, as the state wants it.
it() {
	if [ "$shift_s" -eq 0 ]; then
		adm "$@"
	else
		at "+$shift_s" "$@"
	fi
}

# bring STATE: account u is in it; $KEY is the key its app has, $WAITING that
# of a waiting token.
bring() {
	WAITING=
	case $1 in
	unregistered) ;;
	registered) adm register u --mail u@example.jp >/dev/null ;;
	burnt)
		issued u
		for _ in 1 2 3 4 5; do
			if printf '9999\n%s\n' "$(code "$KEY")" |
			    adm activate u 2>/dev/null; then
				return 1
			fi
		done
		;;
	issued) issued u ;;
	expired)
		issued u
		shift_s=$((15 * 86400))
		;;
	active) active u ;;
	waiting)
		active u
		local first=$KEY
		issued u --replace
		WAITING=$KEY
		KEY=$first
		;;
	locked)
		active u
		fail_codes u "$KEY" 10
		;;
	suspended-locked)
		active u
		fail_codes u "$KEY" 10
		adm suspend u --reason locked >/dev/null
		;;
	suspended-*)
		active u
		adm suspend u --reason "${1#suspended-}" >/dev/null
		;;
	released)
		active u
		adm release u >/dev/null
		;;
	*) return 1 ;;
	esac
}

# event NAME: let it happen to u, with right answers.
event() {
	case $1 in
	register) it register u --mail u@example.jp </dev/null ;;
	issue) echo 4321 | it issue u ;;
	replace) echo 4321 | it issue u --replace ;;
	activate)
		printf '1234\n%s\n' "$(code "${WAITING:-${KEY:-AAAA}}" \
		    $shift_s)" | it activate u
		;;
	suspend-*) it suspend u --reason "${1#suspend-}" </dev/null ;;
	unlock) it unlock u </dev/null ;;
	unlock-found) it unlock u --found </dev/null ;;
	release) it release u </dev/null ;;
	# Steps 1 and 2 from now: the current one is spent.
	resync)
		printf '%s\n' "$(code "${KEY:-AAAA}" 60)" \
		    "$(code "${KEY:-AAAA}" 120)" | it resync u
		;;
	recovery) it recovery u </dev/null ;;
	verify-right) code "${KEY:-AAAA}" $((shift_s + 60)) | it verify u ;;
	show) it show u </dev/null ;;
	*) return 1 ;;
	esac
}

look() {
	it show u --json 2>&1 </dev/null || echo "ended with $?"
}

# one_state STATE: all its lines, each from a copy of the same database.
one_state() {
	local name what want after got before n=0
	KEY=
	bring "$1"
	cp -a "$W/db" "$W/db.saved"
	before=$(look)
	while read -r name what want after; do
		[ "$name" = "$1" ] || continue
		n=$((n + 1))
		rm -rf "$W/db"
		cp -a "$W/db.saved" "$W/db"
		got=0
		event "$what" >"$W/out" 2>"$W/err" || got=$?
		echo "$name, $what: $got (expected $want)"
		cat "$W/err"
		[ "$got" -eq "$want" ]
		if [ "$after" = - ]; then
			[ "$(look)" = "$before" ]
			[ "$what" = verify-right ] || [ ! -s "$W/out" ]
			[ "$got" -eq 1 ] || [ -s "$W/err" ]
		else
			[ "$(look | jq -r .state)" = "$after" ]
		fi
		# A refusal says the state and what is possible instead.
		[ "$got" -ne 3 ] || grep -Eq '[:;.] .*[a-z]' "$W/err"
	done <"$AKITA_SRC/tests/cli/states.tbl"
	[ "$n" -gt 0 ]
}

@test "events of an account that is not registered" {
	one_state unregistered
}

@test "events of a registered account" {
	one_state registered
}

@test "events of an account whose issue was burnt by wrong passwords" {
	one_state burnt
}

@test "events of an issued account" {
	one_state issued
}

@test "events of an active account" {
	one_state active
}

@test "events of an active account with a waiting token" {
	one_state waiting
}

@test "events of a locked account" {
	one_state locked
}

@test "events of an account suspended on request" {
	one_state suspended-request
}

@test "events of an account suspended after a lock" {
	one_state suspended-locked
}

@test "events of an account suspended as lost" {
	one_state suspended-lost
}

@test "events of an account suspended as stolen" {
	one_state suspended-stolen
}

@test "events of an issue that has expired" {
	need_faketime
	one_state expired
}

@test "events of a released account" {
	one_state released
}

@test "unlock goes back to the state before the lock and before the suspension" {
	issued u
	fail() { wrong_code "$KEY" | sed 's/^/1234\n/' | adm activate u; }
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		run -1 fail
	done
	[ "$(state u)" = locked ]
	adm suspend u --reason locked
	adm unlock u
	[ "$(state u)" = issued ]
	[ "$(adm show u --json | jq .failures)" = 0 ]
	printf '1234\n%s\n' "$(code "$KEY")" | adm activate u
	[ "$(state u)" = active ]
}

@test "a locked account is unlocked directly where the policy says so" {
	configure "policy unlock_requires_suspend = no"
	active u
	fail_codes u "$KEY" 10
	[ "$(state u)" = locked ]
	adm unlock u
	[ "$(state u)" = active ]
}

@test "a released account gets a new user ID, and the old one serves no other" {
	active u
	first=$(adm show u --json | jq -r .user_id)
	adm release u >/dev/null
	issued other
	adm register u --mail u@example.jp >/dev/null
	adm list --json | jq -r .user_id | sort >"$W/ids"
	[ "$(sort -u "$W/ids" | wc -l)" -eq 2 ]
	run -1 grep -qx "$first" "$W/ids"
}
