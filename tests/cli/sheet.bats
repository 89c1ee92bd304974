#!/usr/bin/env bats
# The printed sheet: one page that is whole, readable and says nothing it must
# not; and the client that runs the program behind it.
bats_require_minimum_version 1.5.0

# Japanese is cut and folded by characters here.
export LC_ALL=C.UTF-8

setup() {
	sheet="$AKITA_BUILD/akita-otp-sheet"
	draw="$AKITA_BUILD/tests/cli/draw_sheet"
	[ -x "$sheet" ] || skip "built without the sheet"
	cd "$BATS_TEST_TMPDIR"
	key='JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP'
	uri='otpauth://totp/%E7%A7%8B%E7%94%B0%E7%9C%8C%E4%BF%A1%E7%94%A8%E7%B5%84%E5%90%88:t-akita?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=%E7%A7%8B%E7%94%B0%E7%9C%8C%E4%BF%A1%E7%94%A8%E7%B5%84%E5%90%88&algorithm=SHA1&digits=6&period=60'
	cat >ja <<END
akita-otp-sheet 1
lang=ja
service_name=秋田県信用組合
service_id=AKITA
user_id=1000001
user=t-akita
name=髙橋　﨑子
uri=$uri
key_groups=$key
issued=2026年11月22日
expires=2026年12月6日
contact=秋田県信用組合 本店営業部　電話 018-000-0000
issuer=秋田県信用組合
algorithm=SHA1
digits=6
period=60
max_failures=10
has_password=1
end
END
	sed 's/^lang=ja/lang=en/; s/^service_name=.*/service_name=Akita Credit Union/
	    s/^name=.*/name=Taro Akita/; s/^issuer=.*/issuer=Akita-Kenshin/
	    s/^issued=.*/issued=22 November 2026/
	    s/^expires=.*/expires=6 December 2026/
	    s/^contact=.*/contact=Head office, tel. 018-000-0000/' ja >en
}

need() {
	for tool; do
		command -v "$tool" >/dev/null || skip "$tool is not installed"
	done
}

need_font() {
	need fc-list
	[ -n "$(fc-list :lang=ja)" ] || skip "no Japanese font is installed"
}

# The text of a PDF without any white space, for words that were wrapped.
squeezed() {
	pdftotext -raw "$1" - | tr -d ' \n\f' | sed 's/　//g'
}

squeeze() {
	printf '%s' "$1" | sed 's/[ 　]//g'
}

# A program for the client, from standard input.
program() {
	cat >"$1"
	chmod +x "$1"
}

@test "the Japanese page is one A4 page with embedded subset fonts" {
	need pdffonts pdfinfo
	need_font
	"$sheet" <ja >ja.pdf
	pdfinfo ja.pdf >info
	grep -q '^Pages: *1$' info
	grep -q '^Page size: .*(A4)$' info
	pdffonts ja.pdf | tail -n +3 >fonts
	[ -s fonts ]
	[ -z "$(awk '$(NF - 4) != "yes" || $(NF - 3) != "yes"' fonts)" ]
	[ -z "$(grep 'Type 3' fonts)" ]
}

@test "the QR code of the page is read at 150 dots an inch" {
	need pdftoppm zbarimg
	need_font
	for lang in ja en; do
		"$sheet" <$lang >page.pdf
		pdftoppm -r 150 -png -singlefile page.pdf page
		[ "$(zbarimg --nodbus -q --raw page.png)" = "$uri" ]
	done
}

@test "the QR code is 40 mm or more" {
	need pdftoppm
	for text in "$uri" otpauth://totp/a; do
		sed "s,^uri=.*,uri=${text//&/\\&}," en >description
		"$sheet" <description >page.pdf
		pdftoppm -r 100 -gray -singlefile page.pdf page
		read -r width height < <(sed -n 2p page.pgm)
		# Nothing else on the page is quite black.
		tail -c $((width * height)) page.pgm |
		    od -An -v -tu1 -w"$width" |
		    awk '{ for (i = 1; i <= NF; i++) if ($i == 0) {
			if (!n++ || i < least) least = i
			if (i > most) most = i
		} }
		END { exit !((most - least + 1) * 25.4 / 100 >= 40) }'
	done
}

@test "the Japanese page says all it has to" {
	need pdftotext
	need_font
	"$sheet" <ja >ja.pdf
	squeezed ja.pdf >text
	for words in ワンタイムパスワードトークン発行のご案内 秋田県信用組合 \
	    髙橋﨑子様 サービスIDAKITA ユーザID1000001 ログイン名t-akita \
	    2026年11月22日 2026年12月6日 "$key" '桁数：6' '60秒' \
	    アプリのインストール 利用開始パスワード 利用停止 申込書 紛失 \
	    ご利用解除 10回以上連続 018-000-0000; do
		grep -qF -- "$(squeeze "$words")" text || {
			echo "missing: $words"
			false
		}
	done
}

@test "the English page says all it has to" {
	need pdftotext
	"$sheet" <en >en.pdf
	squeezed en.pdf >text
	for words in 'Your token for one-time passwords' 'Akita Credit Union' \
	    'To Taro Akita' AKITA 1000001 t-akita '22 November 2026' \
	    '6 December 2026' "$key" 'Digits: 6' '60 seconds' \
	    'Install the app' 'activation password' suspension \
	    'application form' lost release 'After 10 wrong' 018-000-0000; do
		grep -qF -- "$(squeeze "$words")" text || {
			echo "missing: $words"
			false
		}
	done
	run ! grep -P '[^\x00-\x7f•]' text
}

@test "without activation password, end and limit the page speaks of none" {
	need pdftotext
	sed '/^has_password=/d; /^expires=/d; /^max_failures=/d
	    /^name=/d; /^contact=/d; /^issued=/d' en >description
	"$sheet" <description >page.pdf
	squeezed page.pdf >text
	grep -qF Tot-akita text
	run ! grep -iE 'activationpassword|Startuseby|until|inarow|questions' text
}

@test "a token by counter has no period on its page" {
	need pdftotext
	sed 's/^period=60/period=0/' en >description
	"$sheet" <description >page.pdf
	squeezed page.pdf >text
	grep -qF HOTP text
	run ! grep -iF seconds text
}

@test "a replacement says that the old token goes on working" {
	need pdftotext
	sed 's/^end$/is_replacement=1\nend/' en >description
	"$sheet" <description >page.pdf
	squeezed page.pdf | grep -qF presenttokengoesonworking
}

@test "the longest names and key wrap; nothing is lost, cut or off the page" {
	need pdftotext pdfinfo pdftoppm zbarimg
	need_font
	service=$(printf '秋田県信用組合連合会%.0s' 1 2 3 4)
	name=$(printf '寿限無五劫の擦り切れ海砂利水魚%.0s' 1 2)
	contact=$(printf '本店営業部（東通）018-000-0000、%.0s' 1 2 3 4 5 6)
	user=$(printf 'w%.0s' {1..64})
	long=$(printf 'KRUG S4ZA NFZS AYJA ORSX G5BA %.0s' 1 2 3 4 5)
	sed "s/^service_name=.*/service_name=$service/; s/^name=.*/name=$name/
	    s/^contact=.*/contact=$contact/; s/^user=.*/user=$user/
	    s/^issuer=.*/issuer=${service:0:20}/
	    s/^key_groups=.*/key_groups=$long/" ja >description
	"$sheet" <description >page.pdf
	pdfinfo page.pdf | grep -q '^Pages: *1$'
	squeezed page.pdf >text
	for words in "$service" "${name}様" "$contact" "$user" "$long"; do
		grep -qF -- "$(squeeze "$words")" text
	done
	# Every word within 12 mm of each edge of the page.
	pdftotext -bbox page.pdf words.html
	# A hyphen put in where a name is broken would be taken for part of it:
	# pdftotext hides it, the width of the line does not.
	sed -n 's/.*xMin="\([0-9.]*\)".*xMax="\([0-9.]*\)".*>\(w*\)<.*/\1 \2 \3/p' words.html |
	    awk '{ w = ($2 - $1) / length($3); d = NR > 1 ? w - first : 0
		if (NR == 1) first = w
		if (d > 0.08 || d < -0.08) bad = 1 }
	    END { exit bad || NR < 2 }'
	pdftoppm -r 150 -png -singlefile page.pdf page
	[ "$(zbarimg --nodbus -q --raw page.png)" = "$uri" ]
}

@test "what does not fit one page is refused" {
	need_font
	contact=$(printf '本店営業部、%.0s' {1..50})
	sed "s/^contact=.*/contact=$contact/; s/^service_name=.*/service_name=$contact/
	    s/^user_id=.*/user_id=$contact/; s/^service_id=.*/service_id=$contact/
	    s/^user=.*/user=$contact/; s/^issuer=.*/issuer=$contact/" ja >description
	run -4 --separate-stderr "$sheet" <description
	[ -z "$output" ]
}

@test "a character that no font has is named, and nothing is written" {
	# A private one; then all of Japanese, with one font of the West.
	sed $'s/^name=.*/name=\xee\xbf\xbe/' ja >description
	run -3 --separate-stderr "$sheet" <description
	[ -z "$output" ]
	[ "$stderr" = $'\xee\xbf\xbe' ]
	mkdir fonts
	found=$(fc-list | sed -n 's/^\([^:]*DejaVuSans\.ttf\):.*/\1/p' | head -n 1)
	[ -n "$found" ] || skip "DejaVu Sans is not installed"
	cp "$found" fonts/
	printf '%s\n' '<?xml version="1.0"?>' '<fontconfig>' \
	    "<dir>$PWD/fonts</dir><cachedir>$PWD/cache</cachedir>" \
	    '</fontconfig>' >fonts.conf
	program western <<END
#!/bin/sh
FONTCONFIG_FILE='$PWD/fonts.conf' exec '$sheet'
END
	run -1 --separate-stderr "$draw" write "$PWD/western" <ja
	[ -z "$output" ]
	[[ $stderr == 'missing: No font on this machine has the character "'* ]]
	[[ $stderr == *'fonts-ipafont or fonts-noto-cjk' ]]
	run -0 "$draw" write "$PWD/western" <en
}

@test "a wrong description is refused by the entry's name, without a page" {
	refused() {
		run -2 --separate-stderr "$sheet" <description
		[ -z "$output" ]
		[ "$stderr" = "$1" ]
	}
	: >description; refused description
	sed '1d' ja >description; refused description
	sed '$d' ja >description; refused description
	printf '%s' "$(cat ja)" >description; refused description
	{ cat ja; echo; } >description; refused description
	sed 's/^lang=.*/lang/' ja >description; refused description
	sed 's/^lang=.*/lang=fr/' ja >description; refused lang
	sed 's/^issued=/activation_password=/' ja >description
	refused description
	sed 's/^user_id=.*/&\n&/' ja >description; refused user_id
	sed '/^uri=/d' ja >description; refused uri
	sed 's/^uri=.*/uri=/' ja >description; refused uri
	sed $'s/^name=.*/name=a\tb/' ja >description; refused name
	sed $'s/^name=.*/name=\xff/' ja >description; refused name
	sed "s/^name=.*/name=$(printf 'x%.0s' {1..1024})/" ja >description
	refused name
	sed 's/^digits=.*/digits=5/' ja >description; refused digits
	sed 's/^digits=.*/digits=9/' ja >description; refused digits
	sed 's/^digits=.*/digits=6x/' ja >description; refused digits
	sed 's/^period=.*/period=121/' ja >description; refused period
	sed 's/^has_password=.*/has_password=2/' ja >description
	refused has_password
	tr a '\000' <ja >description; refused description
	head -c 9000 /dev/zero | tr '\0' x >description; refused description
}

@test "a page that cannot be written is told" {
	run -5 --separate-stderr bash -c "'$sheet' <en >/dev/full"
	[ "$stderr" = 'No space left on device' ]
	run -1 --separate-stderr bash -c "'$draw' write '$sheet' <en >/dev/full"
	[ "$stderr" = 'io: The sheet cannot be written: No space left on device' ]
}

@test "the program can leave no core while it holds a description" {
	mkfifo pipe
	"$sheet" <pipe >page.pdf &
	pid=$!
	exec {to}>pipe
	head -n 5 en >&"$to"
	for _ in {1..100}; do
		limit=$(awk '/^Max core file size/ { print $5, $6 }' \
		    "/proc/$pid/limits")
		[ "$limit" != '0 0' ] || break
		sleep 0.05
	done
	tail -n +6 en >&"$to"
	exec {to}>&-
	wait "$pid"
	[ "$limit" = '0 0' ]
	[ -s page.pdf ]
}

@test "the client gives the program nothing but the description" {
	program spy <<END
#!/bin/sh
tr '\0' '\n' </proc/\$\$/environ >'$PWD/environ'
tr '\0' '\n' </proc/\$\$/cmdline >'$PWD/cmdline'
ls /proc/\$\$/fd >'$PWD/fds'
ulimit -c >'$PWD/core'
exec '$sheet'
END
	exec 7<ja
	SECRET=$key "$draw" write "$PWD/spy" <en >page.pdf
	exec 7<&-
	[ -s page.pdf ]
	[ "$(LC_ALL=C sort environ)" = "$(printf '%s\n' LC_ALL=C.UTF-8 \
	    PATH=/usr/bin:/bin)" ]
	run ! grep -F JBSW cmdline
	# The shell itself uses 10 and more.
	[ "$(awk '$1 < 10' fds | tr '\n' ' ')" = '0 1 2 ' ]
	[ "$(cat core)" = 0 ]
}

@test "the client works with its own standard error closed" {
	"$draw" write "$sheet" <en 2>&- >page.pdf
	head -c 5 page.pdf | grep -q '^%PDF-'
}

@test "the client says what went wrong with the program" {
	says() {
		run -1 --separate-stderr "$draw" write "$1" <en
		[ -z "$output" ]
		[ "$stderr" = "$2" ]
	}
	says "$PWD/none" "missing: $PWD/none is not installed: sheets cannot be made without it"
	: >plain
	says "$PWD/plain" "io: $PWD/plain cannot be started: look at its mode and its libraries"
	printf '#!/bin/sh\necho broken >&2; exit 1\n' | program fails
	says "$PWD/fails" "internal: $PWD/fails failed: broken"
	# shellcheck disable=SC2016
	printf '#!/bin/sh\nkill -9 $$\n' | program dies
	says "$PWD/dies" "internal: $PWD/dies was ended by signal 9"
	printf '#!/bin/sh\necho uri >&2; exit 2\n' | program refuses
	says "$PWD/refuses" 'usage: The entry "uri" of the sheet is missing, too long or no plain text'
	printf '#!/bin/sh\nexit 4\n' | program overflows
	run -1 --separate-stderr "$draw" write "$PWD/overflows" <en
	[[ $stderr == 'usage: The sheet does not fit one page: '* ]]
}

@test "printing hands the whole page to lp, and no name to its options" {
	program lp <<END
#!/bin/sh
cat >'$PWD/spooled'
echo "\$*" >'$PWD/options'
tr '\0' '\n' </proc/\$\$/environ >'$PWD/environ'
END
	PRINTER=counter SECRET=$key "$draw" print "$sheet" "$PWD/lp" <en
	head -c 5 spooled | grep -q '^%PDF-'
	tail -c 7 spooled | grep -q '%%EOF'
	[ "$(cat options)" = '-s -t akita-otp -o media=A4 -o sides=one-sided' ]
	grep -q '^PRINTER=counter$' environ
	run ! grep SECRET environ
}

@test "printing says what went wrong, and never prints half a page" {
	program lp <<END
#!/bin/sh
cat >'$PWD/spooled'
echo 'lp: Error - no default destination available.' >&2
exit 1
END
	run -1 --separate-stderr "$draw" print "$sheet" "$PWD/lp" <en
	[ "$stderr" = "io: $PWD/lp did not take the sheet: lp: Error - no default destination available." ]
	rm spooled
	run -1 --separate-stderr "$draw" print "$PWD/none" "$PWD/lp" <en
	[ ! -e spooled ]
	run -1 --separate-stderr "$draw" print "$sheet" no-such-lp <en
	[ "$stderr" = 'missing: The print command lp is not installed: install the package cups-client' ]
}
