#!/usr/bin/env bats
# No key, code, activation password or recovery code is where it should not be.

bats_require_minimum_version 1.5.0
load helper.bash

setup() {
	world
	adm init >/dev/null
}

teardown() {
	unworld
}

# Everything otpadm wrote to disk, but what was asked for.
written() {
	find "$W/db" "$W/log" "$CONF" -type f -exec cat {} +
}

@test "no secret is on disk in the clear" {
	runs 0 issue a --json --mail phone@example.jp <<<73519268
	key=$(secret <"$W/out")
	printf '73519268\n%s\n' "$(code "$key")" | adm activate a
	code=$(code "$key" 60)
	echo "$code" | adm verify a
	runs 0 recovery a --json
	recovery=$(jq -r '.codes[0]' "$W/out")
	echo "$recovery" | adm verify a
	adm suspend a --reason lost --json
	written >"$W/all"
	raw=$(echo "$key" | base32 -d | od -An -tx1 | tr -d ' \n')
	for word in 73519268 "$code" "$key" "$recovery" "${recovery//-/}"; do
		run -1 grep -aqF "$word" "$W/all"
	done
	od -An -v -tx1 "$W/all" | tr -d ' \n' >"$W/hex"
	run -1 grep -qF "$raw" "$W/hex"
	# The search would find what is there.
	grep -aqF AKITA-OTP-NOT-THERE "$W/all" && false
	grep -aqF '"event":"suspend"' "$W/all"
}

@test "no secret is in the arguments or the environment of any process" {
	command -v strace >/dev/null || skip "strace is not installed"
	echo 73519268 | strace -f -v -s 4096 -e trace=execve -o "$W/trace" \
	    "$OTPADM" --config "$CONF" issue a --json \
	    --qr-file "$W/a.png" >"$W/out" 2>"$W/err" ||
	    grep -q . "$W/trace" || skip "strace does not work here"
	key=$(secret <"$W/out")
	[ -n "$key" ]
	run -1 grep -F -e 73519268 -e "$key" "$W/trace"
}

@test "neither answers nor secrets go to standard error" {
	KEY=$(echo 73519268 | adm issue a --json 2>"$W/err" | secret)
	printf '99999999\n%s\n' "$(code "$KEY")" |
	    adm activate a 2>>"$W/err" && false
	printf '73519268\n%s\n' "$(wrong_code "$KEY")" |
	    adm activate a 2>>"$W/err" && false
	echo otp-typed-here | adm verify a 2>>"$W/err" >>"$W/err" && false
	run -1 grep -F -e 73519268 -e 99999999 -e "$KEY" \
	    -e "$(wrong_code "$KEY")" -e otp-typed-here "$W/err"
}

@test "an otpadm that dies leaves no core" {
	command -v gdb >/dev/null || skip "gdb is not installed"
	mkfifo "$W/fifo"
	"$OTPADM" --config "$CONF" issue a <"$W/fifo" >/dev/null 2>&1 &
	pid=$!
	exec 8>"$W/fifo"
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(cat /proc/$pid/limits |
		    awk '/Max core/ { print $5 }')" = 0 ] && break
		sleep 0.05
	done
	[ "$(awk '/Max core/ { print $5 }' /proc/$pid/limits)" = 0 ]
	kill -ABRT $pid
	wait $pid && false
	exec 8>&-
	[ -z "$(find "$W" . -maxdepth 1 -name 'core*')" ]
}

@test "no secret is taken from arguments or the environment" {
	for option in --password --code --activation-password --secret --key; do
		refused 2 issue a $option 1234 <<<1234
		refused 2 activate a $option 1234 <<<1234
	done
	run -1 grep -E 'getenv\("[^"]*(PASS|CODE|SECRET|KEY)' \
	    -r "$AKITA_SRC/cli"
}
