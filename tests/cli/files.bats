#!/usr/bin/env bats
# Files that otpadm makes for people: exclusive, private, whole or not there.

bats_require_minimum_version 1.5.0
load helper.bash

setup() {
	world
	adm init >/dev/null
	mkdir "$W/out.d"
	f=$W/out.d
}

teardown() {
	chmod 755 "$W/out.d"
	unworld
}

need() {
	command -v "$1" >/dev/null || skip "$1 is not installed"
}

read_qr() {
	zbarimg --nodbus -q --raw -S'*.disable' -Sqrcode.enable "$1"
}

@test "the picture of the QR code holds the URI, as PNG and as SVG" {
	need zbarimg
	for kind in png svg; do
		runs 0 issue a --json --yes --qr-file "$f/a.$kind" <<<1234
		uri=$(jq -r .otpauth_uri "$W/out")
		[ "$(stat -c %a "$f/a.$kind")" = 600 ]
		[ "$(read_qr "$f/a.$kind")" = "$uri" ]
	done
}

@test "a file that exists, or a link, is left as it is" {
	echo mine >"$f/a.png"
	refused 5 issue a --qr-file "$f/a.png" <<<1234
	[ "$(cat "$f/a.png")" = mine ]
	ln -s "$f/nowhere" "$f/b.png"
	refused 5 issue a --qr-file "$f/b.png" <<<1234
	[ ! -e "$f/nowhere" ]
	echo mine >"$f/c.pdf"
	refused 5 issue a --sheet "$f/c.pdf" <<<1234
	refused 4 show a
}

@test "a file that cannot be made stops the issue before anything changes" {
	refused 2 issue a --qr-file "$f/a.jpg" <<<1234
	refused 2 issue a --sheet "$f/a.txt" <<<1234
	refused 2 issue a --qr-file "$f/none/a.png" <<<1234
	refused 2 issue a --qr-file .png <<<1234
	refused 4 show a
}

@test "a directory one may not write to stops it as well" {
	[ "$(id -u)" -ne 0 ] || skip "root may write everywhere"
	chmod 555 "$f"
	refused 6 issue a --qr-file "$f/a.png" <<<1234
	refused 4 show a
}

@test "a refused issue leaves no file behind" {
	active a
	refused 3 issue a --qr-file "$f/a.png" <<<1234
	refused 2 issue b --qr-file "$f/a.png" <<<12
	mv "$W/log" "$W/log.away"
	: >"$W/log"
	runs 8 issue b --qr-file "$f/a.png" <<<1234
	rm "$W/log"
	mv "$W/log.away" "$W/log"
	[ -z "$(ls "$f")" ]
	refused 4 show b
}

@test "a full disk stops the issue before anything changes" {
	[ "$(id -u)" -eq 0 ] || skip "needs root for a small file system"
	mkdir "$W/full"
	mount -t tmpfs -o size=4k tmpfs "$W/full" 2>/dev/null ||
	    skip "no file system can be mounted here"
	status=0
	refused 8 issue a --qr-file "$W/full/a.svg" <<<1234 || status=$?
	left=$(ls "$W/full")
	umount "$W/full"
	[ "$status" -eq 0 ]
	[ -z "$left" ]
	refused 4 show a
}

@test "the file belongs to the user behind sudo" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	chmod 755 "$W"
	echo 1234 | SUDO_UID=12345 SUDO_GID=54321 adm issue a \
	    --qr-file "$f/a.png" >/dev/null
	[ "$(stat -c '%u %g %a' "$f/a.png")" = "12345 54321 600" ]
	echo 1234 | SUDO_UID=-1 SUDO_GID=x adm issue b \
	    --qr-file "$f/b.png" >/dev/null
	[ "$(stat -c '%u' "$f/b.png")" = 0 ]
}

@test "QR codes in text: none unless asked, in each style" {
	runs 0 issue a <<<1234
	[[ $out != *▀* && $out != *'##'* ]]
	runs 0 issue a --qr utf8 <<<1234
	[[ $out == *▀* ]]
	runs 0 issue a --qr ansi <<<1234
	[[ $out == *$'\e['* && $out != *▀* ]]
	runs 0 issue a --qr ascii <<<1234
	[[ $out == *'##'* && $out != *$'\e['* ]]
	runs 0 issue a --qr none <<<1234
	[[ $out != *'##'* ]]
}

@test "with --json standard output holds the object and nothing else" {
	runs 0 issue a --json --qr utf8 <<<1234
	jq -e . "$W/out"
	[ "$(wc -l <"$W/out")" -eq 1 ]
	[[ $err == *▀* ]]
}

@test "output that cannot be written is said, and is no success" {
	[ -e /dev/full ] || skip "there is no /dev/full"
	got=0
	echo 1234 | adm issue a >/dev/full 2>"$W/err" || got=$?
	[ "$got" -eq 8 ]
	grep -q 'token was issued' "$W/err"
	[ "$(state a)" = issued ]
	got=0
	adm list --json >/dev/full 2>"$W/err" || got=$?
	[ "$got" -eq 8 ]
	got=0
	adm show a >/dev/full 2>"$W/err" || got=$?
	[ "$got" -eq 8 ]
}

@test "whatever is made is private under any umask" {
	umask 000
	mkdir -m 755 "$W/loose"
	echo 1234 | adm issue a --qr-file "$W/loose/a.svg" >/dev/null
	[ "$(stat -c %a "$W/loose/a.svg")" = 600 ]
}

# loaded ARGUMENTS...: $loaded is the libraries that a run of otpadm loads.
loaded() {
	rm -f "$W"/ld.*
	LD_DEBUG=files LD_DEBUG_OUTPUT=$W/ld adm "$@" >/dev/null <<<1234
	loaded=$(cat "$W"/ld.* |
	    sed -n 's/.*calling init: .*\/\(lib[a-z0-9]*\)[.-].*/\1/p')
}

@test "what draws pictures is loaded only when a picture is asked for" {
	loaded issue a
	[[ $loaded == *libcrypto* ]]
	for library in libpng libqrencode libjansson libsmartcols; do
		[[ $loaded != *$library* ]]
	done
	loaded issue a --qr utf8
	[[ $loaded == *libqrencode* && $loaded != *libpng* ]]
	loaded issue a --qr-file "$f/a.png"
	[[ $loaded == *libqrencode* && $loaded == *libpng* ]]
	loaded issue a --qr-file "$f/a.svg"
	[[ $loaded == *libqrencode* && $loaded != *libpng* ]]
	loaded show a --json
	[[ $loaded == *libjansson* && $loaded != *libsmartcols* ]]
	loaded list
	[[ $loaded == *libsmartcols* && $loaded != *libjansson* ]]
}
