#!/usr/bin/env bats
# The quick guide for branch staff shows what the screen shows: its sessions
# are typed in, one after the other, and compared.

bats_require_minimum_version 1.5.0
load helper.bash

guide=doc/quick-guide.ja.md

setup() {
	world "service lang = ja" "service service_id = AKITA"
	adm init >/dev/null
}

teardown() {
	unworld
}

# Days, keys and codes are others each time; spaces at the end do not show.
alike() {
	sed -E 's/[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2})?/DAY/g
	    s/^  ([A-Z2-7]{4} ?){8}$/  KEY/; s/ +$//'
}

# The lines of a session without what only a terminal shows: prompts with the
# answers, and the QR code.
printed() {
	sed -E '/^(利用開始パスワード.*|ワンタイムパスワード): /d
	    /続けますか？/d; /^（ここにQRコード/d'
}

# type_in COMMAND: as a person would, with the answers that it asks for.
type_in() {
	local answers=''
	case $1 in
	*' issue '*) answers=4649 ;;
	*' activate '*) answers=$(printf '4649\n%s' "$(code "$KEY")") ;;
	esac
	eval "adm ${1#sudo otpadm }" >"$W/got" 2>&1 <<<"$answers" || :
	if grep -qE '^  ([A-Z2-7]{4} ?){8}$' "$W/got"; then
		KEY=$(grep -E '^  ([A-Z2-7]{4} ?){8}$' "$W/got" | tr -d ' ')
	fi
}

# shows: the lines of $W/want stand in $W/got, one after the other; others in
# between only where it says so.
shows() {
	awk -v want="$W/want" '
	BEGIN {
		while ((getline line <want) > 0)
			if (line == "（略）")
				gap[n + 1] = 1
			else
				w[++n] = line
		i = 1
	}
	$0 == w[i] && i <= n { i++; next }
	!gap[i] { print "not in the guide: " $0; bad = 1 }
	END {
		for (; i <= n; i++) {
			print "not on the screen: " w[i]
			bad = 1
		}
		exit bad
	}' "$W/got.alike"
}

# check_screen: the screen of $command, which was collected, is what shows.
check_screen() {
	[ -n "$command" ] || return 0
	type_in "$command"
	printed <"$W/screen" | alike >"$W/want"
	alike <"$W/got" >"$W/got.alike"
	shows || {
		echo "the screen of: $command"
		return 1
	}
	screens=$((screens + 1))
	command=
}

@test "every screen of the quick guide is what otpadm shows, in its order" {
	command='' screens=0 inside=false
	while IFS= read -r line; do
		case $line in
		'```')
			check_screen
			$inside && inside=false || inside=true ;;
		'<!-- lock '*)
			line=${line#<!-- lock }
			fail_codes "${line% -->}" "$KEY" 10 ;;
		'$ sudo otpadm '*)
			check_screen
			command=${line#\$ }
			: >"$W/screen" ;;
		*)
			! $inside || printf '%s\n' "$line" >>"$W/screen" ;;
		esac
	done <"$AKITA_SRC/$guide"
	[ "$screens" -ge 10 ]
}

@test "every sentence the quick guide explains is one of otpadm's" {
	sed -n '/^## 3/,$s/^| \([^|`「]*[。、]\{1,\}\)[^|]* |.*/\1/p' \
	    "$AKITA_SRC/$guide" >"$W/said"
	[ "$(wc -l <"$W/said")" -ge 5 ]
	while IFS= read -r sentence; do
		sentence=${sentence%%。*}
		# Numbers are put in; the rest stands in the words.
		pattern=$(sed -E 's/[0-9]+/%([0-9][$])?s/g; s/、$//' \
		    <<<"$sentence")
		grep -qE "$pattern" "$AKITA_SRC/po/ja.po" || {
			echo "not a sentence of otpadm: $sentence"
			false
		}
	done <"$W/said"
}

@test "every command and option in the quick guide exists" {
	grep -oE '`[a-z]+( --[a-z-]+( [a-z]+)?)?`' "$AKITA_SRC/$guide" |
	    tr -d '`' | sort -u >"$W/named"
	[ "$(wc -l <"$W/named")" -ge 8 ]
	while read -r name option rest; do
		case $name in clear|otpadm) continue ;; esac
		adm help "$name" >"$W/help"
		[ -z "$option" ] || grep -q -- "$option" "$W/help"
		: "$rest"
	done <"$W/named"
}

@test "the quick guide fits two pages" {
	# A page of A4 at 9 points holds 75 lines of 52 kana; an empty line is
	# half of one, a row of a table a little more.
	lines=$(LC_ALL=C awk '/^<!--|^```/ { next }
	    /^$/ { n += 0.5; next }
	    { w = length($0); g = gsub(/[\300-\377][\200-\277]+/, "")
	    w = length($0) + 2 * g
	    n += (int((w - 1) / 104) + 1) * (/^\|/ ? 1.2 : 1) }
	    END { print int(n + 1) }' "$AKITA_SRC/$guide")
	echo "$lines lines"
	[ "$lines" -le 150 ]
}
