#!/usr/bin/env bats
# What is handed to the customer: the installed otpadm writes and prints
# sheets, or refuses before anything is issued.
load outside

setup_file() { world_setup_file pdftotext pdftoppm zbarimg; }

# shellcheck disable=all  # bodies run in the private copy, see inside.bash

japanese() {
	site "service_id = AKITA" "service_name = 秋田県信用組合" \
	    "issuer = 秋田県信用組合" "contact = 本店営業部 018-000-0000"
	customer hanako
}

sheets() {
	japanese
	json=$(echo 4649 | otpadm --lang ja --json issue hanako \
	    --sheet "$T/sheet.pdf" --qr-file "$T/qr.png")
	uri=$(jq -r .otpauth_uri <<<"$json")
	[ "$(stat -c %a "$T/sheet.pdf")" = 600 ]
	pdftoppm -r 150 -png -singlefile "$T/sheet.pdf" "$T/sheet"
	[ "$(zbarimg --nodbus -q --raw "$T/sheet.png")" = "$uri" ]
	[ "$(zbarimg --nodbus -q --raw "$T/qr.png")" = "$uri" ]
	pdftotext -raw "$T/sheet.pdf" "$T/sheet.txt"
	grep -q 秋田県信用組合 "$T/sheet.txt"
	grep -qw "$(field hanako user_id)" "$T/sheet.txt"
	grep -qw hanako "$T/sheet.txt"
	key=${uri#*secret=}
	key=$(sed 's/&.*//; s/..../& /g; s/ $//' <<<"$key")
	grep -qF "$key" "$T/sheet.txt"
	no grep -F 4649 "$T/sheet.txt"
}

# lp DOES: a print command that keeps what it gets, then does that.
lp() {
	mkdir -p /usr/local/bin
	printf '%s\n' '#!/bin/sh' "cat >'$T/printed.pdf'" "$1" \
	    >/usr/local/bin/lp
	chmod 755 /usr/local/bin/lp
	rm -f /usr/bin/lp /bin/lp
}

printing() {
	japanese
	lp 'exit 0'
	json=$(echo 4649 | otpadm --json issue hanako --print)
	pdftoppm -r 150 -png -singlefile "$T/printed.pdf" "$T/printed"
	[ "$(zbarimg --nodbus -q --raw "$T/printed.png")" = \
	    "$(jq -r .otpauth_uri <<<"$json")" ]
}

no_paper() {
	japanese
	lp 'echo "out of paper" >&2; exit 1'
	rc=0
	echo 4649 | otpadm issue hanako --print --qr ascii \
	    >"$T/out" 2>"$T/err" || rc=$?
	[ "$rc" = 10 ]
	grep -q 'out of paper' "$T/err"
	grep -q '##' "$T/out"
	[ "$(field hanako state)" = issued ]
}

# refused_before: like that nothing is issued.
refused_before() {
	rc=0
	echo 4649 | otpadm issue hanako "$@" >"$T/out" 2>"$T/err" || rc=$?
	[ "$rc" != 0 ]
	[ ! -s "$T/out" ]
	[ -s "$T/err" ]
	rc=0
	account hanako >"$T/out" 2>&1 || rc=$?
	[ "$rc" = 4 ]
}

without() {
	japanese
	rm -f /usr/bin/lp /bin/lp /usr/local/bin/lp
	refused_before --print
	grep -q cups-client "$T/err"
	lp 'exit 0'
	rm "$prefix/libexec/akita-otp-sheet"
	refused_before --print
	refused_before --sheet "$T/sheet.pdf"
	grep -q akita-otp-sheet "$T/err"
	[ ! -e "$T/sheet.pdf" ]
	[ ! -e "$T/printed.pdf" ]
}

# run_there BODY: with what the bodies share
run_there() {
	[ -x "$AKITA_BUILD/akita-otp-sheet" ] || skip "built without the sheet"
	eval "whole_$1() {
		$(declare -f japanese lp refused_before "$1")
		$1
	}"
	in_world "whole_$1"
}

@test "issue --sheet makes the customer's page, without activation password" {
	run_there sheets
}

@test "issue --print hands the page to the print system" {
	run_there printing
}

@test "a printer that fails takes nothing back: issued, shown, exit 10" {
	run_there no_paper
}

@test "without lp or the sheet's program nothing is issued" {
	run_there without
}
