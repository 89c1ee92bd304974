#!/usr/bin/env bats
# What time does: issues expire at once and everywhere, clocks run ahead.

bats_require_minimum_version 1.5.0
load helper.bash

setup() {
	world
	need_faketime
	adm init >/dev/null
}

teardown() {
	unworld
}

@test "an issue expires by itself, and reads so everywhere" {
	issued a
	[ "$(at +13d show a --json | jq -r .state)" = issued ]
	[ "$(at +15d show a --json | jq -r .state)" = expired ]
	[ "$(at +15d list --json --state expired | jq -r .user)" = a ]
	[ -z "$(at +15d list --json --state issued)" ]
	[[ $(at +15d --lang ja show a) == *発行期限切れ* ]]
	code "$KEY" $((15 * 86400)) >"$W/in"
	got=0
	at +15d verify a --json <"$W/in" >"$W/out" || got=$?
	[ "$got" -eq 1 ]
	[ "$(jq -r .reason "$W/out")" = expired ]
	got=0
	at +15d activate a </dev/null 2>"$W/err" || got=$?
	[ "$got" -eq 3 ]
	echo 1234 | at +15d issue a
	[ "$(at +15d show a --json | jq -r .state)" = issued ]
}

@test "the validity is as configured at issue, and not changed later" {
	configure "policy issue_valid_days = 1"
	issued a
	configure "policy issue_valid_days = 100"
	[ "$(at +2d show a --json | jq -r .state)" = expired ]
}

@test "a waiting token vanishes when it expires, and the old one goes on" {
	active a
	old=$KEY
	issued a --replace
	at +15d show a --json | jq -e '.state == "active" and
	    .waiting_token == null'
	got=0
	printf '1234\n%s\n' "$(code "$KEY" 1296000)" |
	    at +1296000 activate a 2>/dev/null || got=$?
	[ "$got" -eq 3 ]
	code "$old" 1296000 | at +1296000 verify a
}

@test "a clock that was set back is told apart from a wrong code" {
	active a
	code "$KEY" 86400 | at +86400 verify a
	got=0
	code "$KEY" 60 | adm verify a --json >"$W/out" || got=$?
	[ "$got" -eq 1 ]
	[ "$(jq -r .reason "$W/out")" = clock ]
	[ "$(adm show a --json | jq .failures)" = 0 ]
	printf '%s\n%s\n' "$(code "$KEY" 120)" "$(code "$KEY" 180)" |
	    refused 1 resync a
	printf '%s\n%s\n' "$(code "$KEY" 120)" "$(code "$KEY" 180)" |
	    adm resync a --clock-was-wrong
	jq -s -e 'last | .event == "resync" and .reason == "clock-was-wrong"' \
	    "$W/log/audit.log"
	code "$KEY" 240 | at +60 verify a
}

@test "doctor names an account whose codes lie ahead of the clock" {
	active a
	active b
	runs 0 doctor --json
	jq -e '[.checks[] | select(.check == "clock") | .message // "" |
	    test("last accepted code")] == [false]' "$W/out"
	code "$KEY" 86400 | at +86400 verify b
	runs 0 doctor --json
	jq -e '.checks[] | select(.check == "clock") |
	    .result == "warning" and
	    (.message | test("code of b \\(accounts like that: 1\\)"))' "$W/out"
}

@test "times past 2038 and 2106 are kept and shown" {
	KEY=$(echo 1234 | at '@2110-05-06 07:08:09' issue a --json | secret)
	at '@2110-05-06 07:08:10' show a --json |
	    jq -e '.issued_at == "2110-05-06T07:08:09Z" and
	    .expires_at == "2110-05-20T07:08:09Z"'
	printf '1234\n%s\n' "$(oathtool --totp -b -s 60 \
	    --now '2110-05-06 07:09:10 UTC' "$KEY")" |
	    at '@2110-05-06 07:09:10' activate a
}
