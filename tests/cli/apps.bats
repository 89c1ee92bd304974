#!/usr/bin/env bats
# issue --app: what is known not to work is refused, what is not known warned of.

bats_require_minimum_version 1.5.0
load helper.bash

setup() {
	world
	adm init >/dev/null
}

teardown() {
	unworld
}

names="google-authenticator-android google-authenticator-ios
microsoft-authenticator freeotp freeotp-plus aegis 2fas ente bitwarden authy
1password ios-passwords"

@test "all apps of the contract are known, and each works with 30 seconds" {
	for app in $names; do
		echo 1234 | adm issue a --app "$app" --period 30 \
		    >/dev/null 2>"$W/err"
		[ ! -s "$W/err" ]
	done
}

@test "an unknown app is wrong usage, and the known ones are named" {
	refused 2 issue a --app nokia-3310 <<<1234
	for app in $names; do
		[[ $err == *"$app"* ]]
	done
	refused 4 show a
}

@test "a period of 60 seconds is refused where the app shows 30" {
	for app in google-authenticator-android microsoft-authenticator; do
		refused 3 issue a --app $app </dev/null
		[[ $err == *"--period 30"* ]]
	done
	refused 4 show a
	for app in google-authenticator-ios freeotp freeotp-plus aegis; do
		runs 0 issue a --app $app <<<1234
		[ -z "$err" ]
	done
}

@test "hashes, digits and counters are looked at too" {
	refused 3 issue a --app microsoft-authenticator --period 30 \
	    --algorithm SHA512 --digits 8 </dev/null
	[[ $err == *"--algorithm SHA1 --digits 6"* ]]
	runs 0 issue a --app aegis --algorithm SHA512 --digits 8 <<<1234
	[ -z "$err" ]
	runs 0 issue a --app google-authenticator-android --type hotp <<<1234
	[ -z "$err" ]
}

@test "where nothing is known a warning is given, and the token issued" {
	runs 0 issue a --app 1password <<<1234
	[[ $err == *warning*1password*"--period 60"* ]]
	[ "$(state a)" = issued ]
	runs 0 issue a --app 1password --lang ja <<<1234
	[[ $err == *注意* ]]
}

@test "every app's line in the data stands below its source and date" {
	awk '
	/^#/ { text = text $0 }
	/^$/ { text = "" }
	/^[a-z0-9]/ { if (text !~ /20[0-9][0-9]/) { print $1; bad = 1 } }
	END { exit bad }' "$AKITA_SRC/cli/apps.data"
}
