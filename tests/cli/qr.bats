#!/usr/bin/env bats
# Every QR code that is drawn can be read: pictures, and terminals as a camera
# sees them.
bats_require_minimum_version 1.5.0

ascii='otpauth://totp/Akita-Kenshin:alice?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Akita-Kenshin&algorithm=SHA1&digits=6&period=60'
japanese='otpauth://totp/%E7%A7%8B%E7%94%B0%E7%9C%8C%E4%BF%A1%E7%94%A8%E7%B5%84%E5%90%88:%E7%A7%8B%E7%94%B0%20%E5%A4%AA%E9%83%8E?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=%E7%A7%8B%E7%94%B0%E7%9C%8C%E4%BF%A1%E7%94%A8%E7%B5%84%E5%90%88&algorithm=SHA1&digits=6&period=60'
sha256='otpauth://totp/Akita-Kenshin:1000001?secret=KRUGS4ZANFZSAYJAORSXG5BAONSWG4TFOQQHO2LUNAQDGMRAMJ4X&issuer=Akita-Kenshin&algorithm=SHA256&digits=8&period=60'
sha512='otpauth://totp/Akita-Kenshin:1000002?secret=KRUGS4ZANFZSAYJAORSXG5BAONSWG4TFOQQHO2LUNAQDMNBAMJ4XIZLTEBUW4IDJOQWCA43PEBUXIIDJOMQGYZLOMFRGWZLEEBWG63THEBUW4ZDFMVSA&issuer=Akita-Kenshin&algorithm=SHA512&digits=6&period=60'
hotp='otpauth://hotp/Akita-Kenshin:%E9%AB%99%E6%A9%8B?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Akita-Kenshin&algorithm=SHA1&digits=6&counter=0'

setup() {
	draw="$AKITA_BUILD/tests/cli/draw_qr"
	term2pgm="$AKITA_SRC/tests/data/term2pgm"
	cd "$BATS_TEST_TMPDIR"
	# Nothing in it repeats, so no shorter code could hold it.
	longest=$(awk 'BEGIN { s = "otpauth://totp/"; x = 7
		while (length(s) < 400) {
			x = (x * 1103515245 + 12345) % 2147483648
			s = s sprintf("%c", 97 + int(x / 65536) % 26)
		}
		print s }')
	uris=("$ascii" "$japanese" "$sha256" "$sha512" "$hotp" "$longest")
}

teardown() {
	if [ -n "${socket-}" ]; then
		tmux -L "$socket" kill-server
	fi
}

need() {
	for tool; do
		command -v "$tool" >/dev/null || skip "$tool is not installed"
	done
}

read_qr() {
	zbarimg --nodbus -q --raw -S'*.disable' -Sqrcode.enable "$@"
}

# is_read STYLE BACKGROUND [OPTION]: all the URIs are.
is_read() {
	for uri in "${uris[@]}"; do
		"$draw" "$1" <<<"$uri" >drawn
		"$term2pgm" "$2" drawn >seen.pgm
		[ "$(read_qr ${3-} seen.pgm)" = "$uri" ]
	done
}

# The first argument's colour escapes removed: what is left on the screen.
without_colours() {
	sed 's/\x1b\[[0-9;]*m//g' "$1"
}

@test "UTF-8 half blocks are read on a dark terminal" {
	need zbarimg
	is_read utf8 dark
}

@test "UTF-8 half blocks are read on a light terminal" {
	need zbarimg
	is_read utf8 light
}

@test "ANSI colours are read on a dark terminal" {
	need zbarimg
	is_read ansi dark
}

@test "ANSI colours are read on a light terminal" {
	need zbarimg
	is_read ansi light
}

@test "ASCII is read on a light terminal, inverted on a dark one" {
	need zbarimg
	is_read ascii light
	is_read ascii dark -Stest-inverted=1
}

@test "the reader does not read what is not there" {
	need zbarimg
	"$draw" utf8 <<<"$ascii" | sed 's/[▀▄█]/ /g' >drawn
	"$term2pgm" dark drawn >seen.pgm
	run -4 read_qr seen.pgm
}

@test "PNG pictures are read" {
	need zbarimg
	for uri in "${uris[@]}"; do
		"$draw" png <<<"$uri" >qr.png
		[ "$(read_qr qr.png)" = "$uri" ]
		"$draw" paper <<<"$uri" >qr.png
		[ "$(read_qr qr.png)" = "$uri" ]
	done
}

@test "SVG pictures are read" {
	need zbarimg rsvg-convert
	for uri in "${uris[@]}"; do
		"$draw" svg <<<"$uri" >qr.svg
		rsvg-convert -o qr.png qr.svg
		[ "$(read_qr qr.png)" = "$uri" ]
	done
}

@test "UTF-8 drawings fit 80 columns and are as large as was said" {
	for uri in "${uris[@]}"; do
		read -r columns rows < <("$draw" size <<<"$uri")
		[ "$columns" -le 80 ]
		"$draw" utf8 <<<"$uri" >drawn
		[ "$(wc -l <drawn)" -eq "$rows" ]
		without_colours drawn | LC_ALL=C.UTF-8 awk '{
			gsub(/\342\226[\200\204\210]/, "x")
			print length($0) }' >widths
		[ "$(sort -u widths)" = "$columns" ]
	done
}

@test "a common key URI leaves a line of a terminal of 80 by 24" {
	[ "$("$draw" size <<<"$ascii")" = '45 23' ]
}

@test "every line ends in plain colours" {
	for style in utf8 ansi; do
		"$draw" $style <<<"$ascii" >drawn
		[ -z "$(grep -v $'\e\\[0m$' drawn)" ]
	done
}

@test "tmux of 80 columns shows what is read on both backgrounds" {
	need zbarimg tmux
	export LC_ALL=C.UTF-8
	n=0
	for uri in "${uris[@]}"; do
		n=$((n + 1))
		echo "$uri" >uri
		socket="akita-qr-$$-$n"
		tmux -u -L "$socket" -f /dev/null new-session -d -x 80 -y 50 \
		    "'$draw' utf8 <uri; tmux -L $socket wait-for -S drawn; sleep 20"
		timeout 10 tmux -L "$socket" wait-for drawn
		tmux -L "$socket" capture-pane -N -e -p >drawn
		tmux -L "$socket" kill-server
		socket=
		for background in dark light; do
			"$term2pgm" $background drawn >seen.pgm
			[ "$(read_qr seen.pgm)" = "$uri" ]
		done
	done
}

@test "a full disk is told for every kind of picture" {
	for style in utf8 ansi ascii png svg; do
		run -1 --separate-stderr bash -c \
		    "'$draw' $style <<<'$ascii' >/dev/full"
		[ "$stderr" = 'draw_qr: io' ]
	done
}

@test "a reader that takes a picture in small pieces gets all of it" {
	for style in png svg; do
		"$draw" $style <<<"$japanese" >whole
		"$draw" $style <<<"$japanese" | dd bs=7 status=none >pieces
		cmp whole pieces
	done
}
