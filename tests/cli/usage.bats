#!/usr/bin/env bats
# Usage, help and the manual page say the same; wrong usage is 2 and touches
# nothing.

bats_require_minimum_version 1.5.0
load helper.bash

setup() {
	world
}

teardown() {
	unworld
}

# The commands that `otpadm help` lists, one a line.
commands() {
	"$OTPADM" --lang en help |
	sed -n '/^Commands:$/,/^$/s/^  \([a-z-]*\( [a-z]\{1,\}\)\{0,1\}\)  .*/\1/p'
}

# The options that `otpadm COMMAND --help` lists for the command itself.
help_options() {
	# shellcheck disable=SC2086 # two words for "config check"
	"$OTPADM" --lang en $1 --help |
	sed -n '/^With every command:$/q; s/^  --\([a-z-]*\).*/\1/p' | sort
}

# The same as the manual page has it.
manual_options() {
	awk -v wanted="$1" '
	/^\.It Cm / {
		s = $0
		sub(/^\.It Cm /, "", s)
		sub(/ (Fl|Ar|Op) .*/, "", s)
		inside = s == wanted
	}
	/^\.Ss/ { inside = 0 }
	inside && /^\.It Fl -/ { sub(/^-/, "", $3); print $3 }
	' "$AKITA_SRC/man/otpadm.8" | sort
}

@test "every command explains itself, in both languages" {
	[ "$(commands | wc -l)" -ge 22 ]
	commands | while read -r command; do
		for lang in en ja; do
			# shellcheck disable=SC2086
			"$OTPADM" --lang $lang $command --help >"$W/help"
			head -n 1 "$W/help" | grep -q "otpadm $command"
		done
	done
}

@test "help COMMAND is COMMAND --help" {
	[ "$("$OTPADM" help issue)" = "$("$OTPADM" issue --help)" ]
	[ "$("$OTPADM" help config check)" = \
	    "$("$OTPADM" config check --help)" ]
	run -2 "$OTPADM" help nothing
}

@test "manual page and help list the same commands" {
	commands | sort >"$W/help"
	sed -n '/^\.Ss Commands/,/^\.Ss Questions/p' \
	    "$AKITA_SRC/man/otpadm.8" |
	awk '/^\.Bl/ { depth++ } /^\.El/ { depth-- }
	depth == 1 && /^\.It Cm / {
		sub(/^\.It Cm /, ""); sub(/ (Fl|Ar|Op) .*/, ""); print
	}' | sort >"$W/manual"
	diff "$W/help" "$W/manual"
}

@test "manual page and help list the same options of each command" {
	commands | while read -r command; do
		echo "$command"
		diff <(help_options "$command") <(manual_options "$command")
	done
}

@test "manual page names every exit status" {
	sed -n '/^\.Sh EXIT STATUS/,/^\.Sh EXAMPLES/s/^\.It //p' \
	    "$AKITA_SRC/man/otpadm.8" >"$W/codes"
	diff "$W/codes" <(seq 0 10)
}

@test "manual page is good mdoc" {
	command -v mandoc >/dev/null || skip "mandoc is not installed"
	run -0 mandoc -T lint -W warning "$AKITA_SRC/man/otpadm.8"
	[ -z "$output" ]
}

@test "the version is printed" {
	run -0 "$OTPADM" --version
	[[ $output == "otpadm (akita-otp) "[0-9]* ]]
}

@test "an unknown command, option or argument too many is wrong usage" {
	adm init >/dev/null
	refused 2 </dev/null
	refused 2 nothing
	refused 2 config
	refused 2 config nothing
	refused 2 show
	refused 2 show a b
	refused 2 list a
	refused 2 show --unknown a
	refused 2 show --mail a@example.jp a
	refused 2 --mail a@example.jp show a
	refused 2 show -x a
	refused 2 register a
	refused 2 suspend a
	refused 2 import file
}

@test "an option given twice, or without its value, is wrong usage" {
	adm init >/dev/null
	refused 2 show --json --json a
	refused 2 --json show --json a
	refused 2 --lang ja show --lang en a
	refused 2 register --mail a@example.jp --mail b@example.jp a
	refused 2 register a --mail
	refused 2 show --json=yes a
}

@test "a value out of its range is wrong usage" {
	adm init >/dev/null
	for bad in --digits=5 --digits=9 --digits=six --period=14 \
	    --period=121 --period= --algorithm=MD5 --type=motp --qr=sixel; do
		refused 2 issue "$bad" a </dev/null
	done
	refused 2 recovery --count 0 a
	refused 2 recovery --count 33 a
	refused 2 recovery --count 1x a
	refused 2 suspend --reason boredom a
	refused 2 list --state unknown
	refused 2 --lang fr show a
	refused 2 import --format xml --out "$W/o" file
	refused 2 issue --type hotp --period 60 a </dev/null
}

@test "global options stand before or after the command, values behind = too" {
	adm init >/dev/null
	adm register --mail=a@example.jp a
	"$OTPADM" show a --config "$CONF" --json --lang=ja >"$W/one"
	"$OTPADM" --json "--config=$CONF" --lang ja show a >"$W/two"
	cmp "$W/one" "$W/two"
	jq -e . "$W/one"
}

@test "behind -- everything is a word" {
	adm init >/dev/null
	adm register --mail a@example.jp -- --odd
	[ "$(adm show --json -- --odd | jq -r .user)" = --odd ]
}

@test "account names, names, codes and addresses that are none are refused" {
	adm init >/dev/null
	long=$(printf '%065d' 0)
	for user in '' "$long" $'a\nb' $'a\tb' $'a\xff'; do
		refused 2 register --mail a@example.jp "$user"
	done
	for mail in '' a a@ @b 'a b@example.jp' $'a@example.jp\nBcc: b@c.d' \
	    'a@example.jp,b@example.jp' '<a@example.jp>' '-a@example.jp' \
	    "$(printf '%0255d' 0)@example.jp" $'a@ex\xc3\xa4mple.jp'; do
		refused 2 register --mail "$mail" u
	done
	refused 2 register --mail a@example.jp --branch 'a b' u
	refused 2 register --mail a@example.jp --form $'1\n2' u
	refused 2 register --mail a@example.jp --name $'1\e[31m2' u
	refused 4 show u
}

@test "an account may have a Japanese name" {
	adm init >/dev/null
	adm register --mail a@example.jp --name '秋田　太郎' 秋田太郎
	[ "$(adm show --json 秋田太郎 | jq -r .user,.name)" = \
	    $'秋田太郎\n秋田　太郎' ]
}
