#!/usr/bin/env bats
# mail: what waits, sending, trying, looking.

bats_require_minimum_version 1.5.0
load helper.bash

setup() {
	world "mail enabled = yes" "mail from = akita-kenshin@otp-auth.net" \
	    "service service_name = 秋田県信用組合" \
	    "mail sendmail = ${TMPDIR:-/tmp}/nothing"
	configure "mail enabled = yes" \
	    "mail from = akita-kenshin@otp-auth.net" \
	    "service service_name = 秋田県信用組合" \
	    "mail sendmail = $W/sendmail"
	mkdir "$W/mail"
	cp "$AKITA_SRC"/etc/mail/*.txt "$W/mail/"
	cat >"$W/sendmail" <<-END
	#!/bin/sh
	echo "\$@" >>"$W/args"
	cat >>"$W/mbox"
	[ ! -e "$W/refuse" ]
	END
	chmod 755 "$W/sendmail"
	adm init >/dev/null
}

teardown() {
	unworld
}

@test "a change queues its mails, and flush sends each once" {
	adm register a --mail a@example.jp
	echo 1234 | adm issue a --mail phone@example.jp >/dev/null
	runs 0 mail list --json
	jq -e '[.mails[] | .to] | sort == ["a@example.jp", "a@example.jp",
	    "phone@example.jp"]' "$W/out"
	jq -e 'all(.mails[]; .attempts == 0 and .due_at == null and
	    .sending == false)' "$W/out"
	runs 0 mail list
	[ "$(grep -c @example.jp "$W/out")" -eq 3 ]
	runs 0 mail flush --json
	jq -e '. == {sent: 3, failed: 0, waiting: 0}' "$W/out"
	runs 0 mail flush
	[ "$(wc -l <"$W/args")" -eq 3 ]
	grep -q -e '-f akita-kenshin@otp-auth.net -- phone@example.jp' "$W/args"
	adm mail list --json | jq -e '.mails == []'
}

@test "what sendmail does not take is told, and tried again later" {
	adm register a --mail a@example.jp
	: >"$W/refuse"
	runs 10 mail flush
	[[ $err == *"$W/sendmail"* ]]
	adm mail list --json | jq -e '.mails | length == 1 and
	    .[0].attempts == 1 and .[0].due_at != null'
	rm "$W/refuse"
	runs 0 mail flush --json
	jq -e '. == {sent: 0, failed: 0, waiting: 1}' "$W/out"
	runs 0 mail flush --all --json
	jq -e '. == {sent: 1, failed: 0, waiting: 0}' "$W/out"
}

@test "test sends a mail at once, or says why it cannot" {
	runs 0 mail test somebody@example.jp
	[[ $out == *somebody@example.jp* ]]
	grep -q -e '-- somebody@example.jp' "$W/args"
	grep -q '^To: somebody@example.jp' "$W/mbox"
	: >"$W/refuse"
	refused 8 mail test somebody@example.jp
	rm "$W/sendmail"
	refused 8 mail test somebody@example.jp
	refused 2 mail test 'a b'
	refused 2 mail test $'a@example.jp\nBcc: b@example.jp'
	refused 2 mail test
}

@test "preview shows each kind as customers read it, and as it is sent" {
	for kind in registered issued issued-notice activated locked \
	    suspended resumed released; do
		runs 0 mail preview $kind
		grep -q '^From: 秋田県信用組合 <akita-kenshin@otp-auth.net>$' \
		    "$W/out"
		grep -Pq '^Subject: .*[\x{3040}-\x{30ff}]' "$W/out"
		run -1 grep -q '=?' "$W/out"
		[ "$(wc -l <"$W/out")" -gt 5 ]
		runs 0 mail preview $kind --json
		jq -e --arg k $kind '.event == $k and
		    (.message | test("^From: =[?]UTF-8[?]B[?]"))' "$W/out"
	done
	refused 2 mail preview birthday
	[[ $err == *issued-notice* ]]
	refused 2 mail preview
}

@test "a template that was edited is used, and one that is wrong is told" {
	printf 'Subject: 別の件名\n\n@USER_ID@ 様\n' >"$W/mail/locked.ja.txt"
	runs 0 mail preview locked
	[[ $out == *"Subject: 別の件名"*"10000001 様"* ]]
	printf 'Subject: x\n\n@SECRET@\n' >"$W/mail/locked.ja.txt"
	runs 8 mail preview locked
	[[ $err == *SECRET* ]]
	configure "mail enabled = no"
	refused 9 mail preview locked
}

@test "mails leave in the order of what they tell, also within a second" {
	for user in a b c; do
		adm register $user --mail $user@example.jp
		echo 1234 | adm issue $user >/dev/null
		adm suspend $user --reason other
		adm unlock $user
		adm release $user --yes
	done >/dev/null
	adm mail list --json >"$W/out"
	for user in a b c; do
		kinds=$(jq -r --arg to $user@example.jp '.mails[] |
		    select(.to == $to).file | split("-")[2]' "$W/out")
		[ "$(paste -sd' ' <<<"$kinds")" = \
		    "registered issued suspended resumed released" ]
	done
}
