#!/usr/bin/env bats
# Trouble: the exit code, a sentence that names file and reason, and no change.

bats_require_minimum_version 1.5.0
load helper.bash

setup() {
	world
	adm init >/dev/null
	active a
}

teardown() {
	[ -z "${holder:-}" ] || kill "$holder"
	unworld
}

# every STATUS TEXT: each kind of command ends with STATUS and says TEXT.
every() {
	local status=$1 text=$2 command
	for command in "show a" "list" "register b --mail b@example.jp" \
	    "issue b" "activate a" "suspend a --reason lost" "unlock a" \
	    "release a" "verify a" "resync a" "recovery a" "verify-db"; do
		echo "$command"
		# shellcheck disable=SC2086
		printf '123456\n123456\n' | refused "$status" $command
		[[ $(cat "$W/err") == *"$text"* ]]
	done
}

@test "a wrong configuration is 9, with file and line" {
	echo '[token]' >>"$CONF"
	echo 'digits = 9' >>"$CONF"
	every 9 "$CONF"
	refused 9 init
	[[ $err == *digits* ]]
}

@test "config check lists every problem with its line" {
	cat >"$CONF" <<-END
	[service]
	service_id = AKITA
	service_id = AKITA2
	colour = blue
	[token]
	digits = 9
	period = sixty
	[nonsense]
	END
	refused 9 config check
	for line in 3 4 6 7 8; do
		grep -Eq "(:|line )$line([^0-9]|\$)" "$W/err"
	done
	runs 9 config check --json
	jq -e '.good == false and ([.problems[].line] == [3, 4, 6, 7, 8])' \
	    "$W/out"
	: >"$CONF"
	runs 0 config check
	runs 0 config check --json
	jq -e '.good and .problems == []' "$W/out"
}

@test "a configuration that others may write, a link or none is 9" {
	chmod 666 "$CONF"
	every 9 "$CONF"
	chmod 644 "$CONF"
	mv "$CONF" "$W/real"
	ln -s "$W/real" "$CONF"
	every 9 "$CONF"
	rm "$CONF"
	every 9 "$CONF"
	mkdir "$CONF"
	refused 9 show a
}

@test "a missing, damaged or exposed key ring is 8" {
	cp "$W/master.key" "$W/saved"
	rm "$W/master.key"
	every 8 "$W/master.key"
	echo rubbish >"$W/master.key"
	chmod 600 "$W/master.key"
	every 8 "$W/master.key"
	cp "$W/saved" "$W/master.key"
	chmod 644 "$W/master.key"
	every 8 "$W/master.key"
	chmod 600 "$W/master.key"
	[ "$(state a)" = active ]
}

@test "another database's key is 8" {
	mkdir -m 700 "$W/other"
	sed "s|$W|$W/other|" "$CONF" >"$W/other/akita-otp.conf"
	"$OTPADM" --config "$W/other/akita-otp.conf" init >/dev/null
	cp "$W/other/master.key" "$W/master.key"
	every 8 "key"
}

@test "a missing, empty, truncated or foreign database is 8" {
	db=$W/db/tokens.gdbm
	cp "$db" "$W/saved"
	mv "$db" "$db.away"
	every 8 "$db"
	: >"$db"
	chmod 600 "$db"
	every 8 "$db"
	head -c 5000 "$W/saved" >"$db"
	every 8 "$db"
	head -c 20000 /dev/zero >"$db"
	every 8 "$db"
	cp "$W/saved" "$db"
	chmod 666 "$db"
	every 8 "$db"
	chmod 600 "$db"
	[ "$(state a)" = active ]
}

@test "an audit log that cannot be written stops changes, and no start of use" {
	issued b
	mv "$W/log" "$W/log.away"
	: >"$W/log"
	for command in "register c --mail c@example.jp" "issue c" \
	    "suspend a --reason lost" "release a" "recovery a"; do
		echo "$command"
		# shellcheck disable=SC2086
		echo 1234 | refused 8 $command
	done
	rm "$W/log"
	mv "$W/log.away" "$W/log"
	[ "$(state a)" = active ]
	refused 4 show c
}

@test "an audit log that cannot be written keeps no customer out" {
	need_faketime
	active b
	key=$(adm issue a --replace --json <<<1234 | secret)
	mv "$W/log" "$W/log.away"
	: >"$W/log"
	# A lock, whose record waits, and what comes after it.
	fail_codes b "$KEY" 10
	[ "$(state b)" = locked ]
	runs 1 verify b --json <<<000000
	jq -e '.reason == "locked"' "$W/out"
	printf '1234\n%s\n' "$(wrong_code "$key")" | runs 1 activate a
	[ "$(adm show a --json | jq .failures)" -eq 1 ]
	printf '1234\n%s\n' "$(code "$key")" | runs 0 activate a
	at +3min verify a <<<"$(code "$key" +180)"
	refused 8 suspend a --reason lost
	rm "$W/log"
	mv "$W/log.away" "$W/log"
	adm suspend a --reason lost
	jq -s -e '[.[-3:][] | [.event, .account]] | sort ==
	    [["activate", "a"], ["lock", "b"], ["suspend", "a"]]' \
	    "$W/log/audit.log"
}

@test "a busy database is 7, within the configured time" {
	command -v flock >/dev/null || skip "flock is not installed"
	configure "storage lock_timeout_ms = 300"
	exec 9>>"$W/db/tokens.gdbm.lock"
	flock -x 9
	start=$(date +%s%N)
	refused 7 suspend a --reason lost 9>&-
	took=$((($(date +%s%N) - start) / 1000000))
	[ "$took" -ge 250 ]
	[ "$took" -lt 1300 ]
	refused 7 verify a 9>&- <<<123456
	# doctor names who holds it.
	sleep 60 &
	holder=$!
	exec 9>&-
	runs 7 doctor --json
	jq -e --arg p "$holder (sleep)" '.checks[] | select(.check == "locks")
	    | .result == "warning" and (.message | contains($p))' "$W/out"
	kill "$holder"
	holder=
	adm suspend a --reason lost
}

@test "not permitted is 6" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	command -v setpriv >/dev/null || skip "setpriv is not installed"
	setpriv --reuid 65534 --regid 65534 --clear-groups true ||
	    skip "the user cannot be changed here"
	chmod 755 "$W"
	got=0
	setpriv --reuid 65534 --regid 65534 --clear-groups \
	    "$OTPADM" --config "$CONF" show a >"$W/out" 2>"$W/err" || got=$?
	cat "$W/err"
	[ "$got" -eq 6 ]
	[ ! -s "$W/out" ]
}

@test "damage is found by verify-db, and repair keeps what is good" {
	issued b
	db=$W/db/tokens.gdbm
	for seed in 1 2 3 4 5 6 7 8; do
		cp "$db" "$W/saved"
		offset=$(($(stat -c %s "$db") * seed / 9))
		head -c 3000 /dev/zero | tr '\0' '\377' |
		    dd of="$db" bs=1 seek="$offset" conv=notrunc status=none
		got=0
		adm verify-db --json >"$W/out" 2>"$W/err" || got=$?
		[ "$got" -eq 8 ] || [ "$got" -eq 0 ]
		[ "$got" -ne 8 ] || break
		cp "$W/saved" "$db"
	done
	[ "$got" -eq 8 ]
	[ -s "$W/err" ]
	runs 10 repair --json
	jq -e '(.accounts + .damaged + .missing) >= 2 and
	    (.findings | length) > 0' "$W/out"
	# What was lost is trouble from now on, never "no such account".
	for user in a b; do
		got=0
		adm show $user >/dev/null 2>&1 || got=$?
		[ "$got" -eq 0 ] || [ "$got" -eq 8 ]
	done
	ls "$W/db" | grep -q 'tokens.gdbm.damaged'
}

@test "an account that repair lost is closed until it is begun anew" {
	issued b
	db=$W/db/tokens.gdbm
	# The record of a: from its mark and number on.
	at=$(grep -abo -m1 $'AkR1' "$db" | head -n 1 | cut -d: -f1)
	head -c 2848 /dev/zero |
	    dd of="$db" bs=1 seek="$at" conv=notrunc status=none
	runs 10 repair --json
	jq -e '.accounts == 1 and .damaged + .missing == 1' "$W/out"
	runs 0 verify-db --json
	jq -e '.accounts == 1 and .lost == 1 and .damaged == 0' "$W/out"
	runs 0 list --json
	lost=a
	if adm show a >/dev/null 2>&1; then
		lost=b
	fi
	refused 8 show $lost
	refused 8 suspend $lost --reason lost
	refused 8 verify $lost
	[[ $err == *"Register the account anew"* ]]
	# Repairing once more forgets nothing, and is in the audit log.
	runs 0 repair --json
	jq -s -e '[.[] | select(.event == "repair")] | length == 2' \
	    "$W/log/audit.log"
	refused 8 activate $lost
	adm register $lost --mail a@example.jp --json >"$W/out"
	jq -e '.user_id == "10000003" and .state == "registered"' "$W/out"
	echo 1234 | adm issue $lost --json >"$W/out"
	jq -e '.state == "issued" and .user_id == "10000003"' "$W/out"
	runs 0 verify-db --json
	jq -e '.accounts == 2 and .lost == 0' "$W/out"
}

@test "a repair that cannot be recorded says so" {
	mv "$W/log/audit.log" "$W/log/away"
	mkdir "$W/log/audit.log"
	runs 10 repair
	[[ $err == *"audit.log is not a regular file"*"stays beside it"* ]]
	[ "$(state a)" = active ]
}

@test "doctor says what is broken, and ends with that thing's code" {
	chmod 644 "$W/master.key"
	runs 8 doctor --json
	jq -e '.good == false and ([.checks[] |
	    select(.result == "broken") | .check] == ["key"])' "$W/out"
	chmod 600 "$W/master.key"
	cp "$W/log/audit.log" "$W/saved"
	for cut in '$d' d; do
		sed -i "$cut" "$W/log/audit.log"
		runs 8 doctor --json
		jq -e '[.checks[] | select(.result == "broken") | .check] ==
		    ["audit"]' "$W/out"
		cp "$W/saved" "$W/log/audit.log"
	done
	echo rubbish >>"$W/log/audit.log"
	runs 8 doctor --json
	jq -e '[.checks[] | select(.result == "broken") | .check] ==
	    ["audit"]' "$W/out"
	chmod 755 "$W/db"
	echo '[bad]' >>"$CONF"
	runs 9 doctor
	[[ $out == *"configuration: BROKEN"* ]]
}

@test "trouble is told in Japanese too" {
	rm "$W/master.key"
	refused 8 show a --lang ja
	grep -Pq '[\x{3040}-\x{309f}]' "$W/err"
	refused 2 --lang ja show
	grep -Pq '[\x{3040}-\x{309f}]' "$W/err"
}
