#!/usr/bin/env bats
# Questions: lines of standard input, or prompts on a terminal.

bats_require_minimum_version 1.5.0
load helper.bash

setup() {
	world
	adm init >/dev/null
}

teardown() {
	unworld
}

# dialogue STATUS ARGUMENTS...: otpadm on a terminal of its own, driven by the
# expect commands on standard input; its screen is in $screen.
dialogue() {
	local want=$1 got=0
	shift
	command -v expect >/dev/null || skip "expect is not installed"
	{
		cat <<-'END'
		set timeout 10
		log_user 1
		proc see {text} {
			expect {
				-ex $text { }
				timeout { puts "NOT SEEN: $text"; exit 99 }
				eof { puts "NOT SEEN: $text"; exit 98 }
			}
		}
		spawn -noecho {*}$argv
		END
		cat
		cat <<-'END'
		expect {
			eof { }
			timeout { puts "NO END"; exit 97 }
		}
		set result [wait]
		if {[llength $result] > 4} { exit 90 }
		exit [lindex $result 3]
		END
	} >"$W/dialogue.exp"
	expect -f "$W/dialogue.exp" -- "$OTPADM" --config "$CONF" --lang en \
	    "$@" >"$W/screen" </dev/null || got=$?
	screen=$(tr -d '\r' <"$W/screen")
	[ "$got" -eq "$want" ] || {
		echo "ended with $got, not $want; the screen was:"
		echo "$screen"
		return 1
	}
}

@test "answers are lines of standard input, and no prompt is shown" {
	runs 0 issue a <<<1234
	[ -z "$err" ]
	[[ $out != *assword* ]]
	key=$(grep -E '^  ([A-Z2-7]{4} ){7}' "$W/out" | tr -d ' ')
	runs 0 activate a < <(printf '1234\r\n%s' "$(code "$key")")
	[ -z "$err" ]
	runs 0 release a </dev/null
}

@test "a missing line is wrong usage, and nothing is changed" {
	refused 2 issue a </dev/null
	refused 4 show a
	issued a
	before=$(adm show a --json)
	refused 2 activate a </dev/null
	refused 2 activate a <<<1234
	refused 2 verify a </dev/null
	printf '1234\n%s\n' "$(code "$KEY")" | adm activate a
	before=$(adm show a --json)
	refused 2 resync a < <(code "$KEY" 60)
	[ "$(adm show a --json)" = "$before" ]
}

@test "an activation password that is none is wrong usage at issue" {
	for bad in '' 123 123456789 abcd 12a4 $'12\xff4' \
	    "$(printf '%0600d' 0)"; do
		refused 2 issue a <<<"$bad"
	done
	printf '12\00034\n' | refused 2 issue a
	refused 4 show a
}

@test "only the lines that are asked for are read" {
	printf '1234\nrest\n' >"$W/in"
	{
		adm issue a >/dev/null
		read -r rest
	} <"$W/in"
	[ "$rest" = rest ]
}

@test "the state is looked at before anything is asked" {
	adm register a --mail a@example.jp
	refused 3 activate a </dev/null
	refused 3 resync a </dev/null
	active b
	refused 3 issue b </dev/null
	refused 4 verify nobody </dev/null
	: >"$W/exists.png"
	refused 5 issue a --qr-file "$W/exists.png" </dev/null
	refused 3 issue a --app authy </dev/null
}

@test "the state is looked at again when all answers are there" {
	issued a
	mkfifo "$W/fifo"
	for command in "activate a" "issue a"; do
		adm suspend a --reason request >/dev/null
		adm unlock a >/dev/null
		# shellcheck disable=SC2086
		adm $command <"$W/fifo" >"$W/out" 2>"$W/err" &
		pid=$!
		exec 8>"$W/fifo"
		sleep 0.3
		if [ "$command" = "issue a" ]; then
			printf '1234\n%s\n' "$(code "$KEY")" |
			    adm activate a >/dev/null
		else
			adm suspend a --reason lost >/dev/null
		fi
		printf '1234\n%s\n' "$(code "$KEY")" >&8
		exec 8>&-
		got=0
		wait $pid || got=$?
		[ "$got" -eq 3 ]
		[ -s "$W/err" ]
		[ ! -s "$W/out" ]
		if [ "$command" = "activate a" ]; then
			adm unlock a --found >/dev/null
		fi
	done
	[ "$(state a)" = active ]
}

@test "on a terminal the activation password is asked for twice, unseen" {
	dialogue 0 issue a --qr none <<-'END'
	see "Activation password, chosen by the customer (4 to 8 digits): "
	send "73519\r"
	see "Activation password, once more: "
	send "73519\r"
	END
	[[ $screen != *73519* ]]
	[[ $screen == *"Service ID  AKITA"* ]]
	key=$(grep -E '^  ([A-Z2-7]{4} ){7}' <<<"$screen" | tr -d ' ')
	dialogue 0 activate a <<-END
	see "Activation password: "
	send "73519\r"
	see "One-time password: "
	send "$(code "$key")\r"
	END
	[[ $screen != *73519* ]]
	[ "$(state a)" = active ]
}

@test "two entries that differ, or are no password, are asked for again" {
	dialogue 0 issue a --qr none <<-'END'
	see "digits): "
	send "1234\r"
	see "once more: "
	send "1235\r"
	see "differ"
	see "digits): "
	send "12\r"
	see "4 to 8 digits; once more"
	see "digits): "
	send "1234\r"
	see "once more: "
	send "1234\r"
	END
	[ "$(state a)" = issued ]
}

@test "after three times it gives up, and nothing is changed" {
	dialogue 2 issue a <<-'END'
	see "digits): "
	send "1\r"
	see "digits): "
	send "2\r"
	see "digits): "
	send "3\r"
	see "nothing was changed"
	END
	refused 4 show a
}

@test "prompts go to the terminal also where output goes elsewhere" {
	command -v expect >/dev/null || skip "expect is not installed"
	cat >"$W/run" <<-END
	#!/bin/sh
	exec "$OTPADM" --config "$CONF" --lang en --json issue a >"$W/json"
	END
	chmod +x "$W/run"
	expect -c "
	set timeout 10
	spawn -noecho $W/run
	expect {digits): }
	send 1234\r
	expect {once more: }
	send 1234\r
	expect eof
	exit [lindex [wait] 3]"
	jq -e '.state == "issued"' "$W/json"
}

@test "the QR code is drawn on a terminal, and fits 80 columns" {
	dialogue 0 issue a <<-'END'
	see "digits): "
	send "1234\r"
	see "once more: "
	send "1234\r"
	END
	[[ $screen == *▀* ]]
	[[ $screen == *$'\e['* ]]
	widest=$(sed 's/\x1b\[[0-9;]*[a-zA-Z]//g' <<<"$screen" | wc -L)
	[ "$widest" -le 80 ]
}

@test "what destroys a token or a service is asked about, unless --yes" {
	issued a
	dialogue 3 issue a <<-'END'
	see "destroyed"
	see "(yes/no): "
	send "no\r"
	see "not confirmed"
	END
	[ "$(adm show a --json | jq .generation)" = 1 ]
	dialogue 0 issue a --qr none <<-'END'
	see "(yes/no): "
	send "yes\r"
	see "digits): "
	send "1234\r"
	see "once more: "
	send "1234\r"
	END
	[ "$(adm show a --json | jq .generation)" = 2 ]
	dialogue 3 release a <<-'END'
	see "(yes/no): "
	send "\r"
	END
	[ "$(state a)" = issued ]
	dialogue 0 release a --yes </dev/null
	[ "$(state a)" = released ]
}

@test "the end of input at a prompt changes nothing" {
	dialogue 2 issue a <<-'END'
	see "digits): "
	send "\004"
	END
	refused 4 show a
}

@test "an interrupt at a prompt restores the terminal and changes nothing" {
	command -v expect >/dev/null || skip "expect is not installed"
	cat >"$W/run" <<-END
	#!/bin/sh
	trap : INT
	"$OTPADM" --config "$CONF" --lang en issue a --qr-file "$W/a.png"
	echo "status \$?"
	stty -a
	END
	chmod +x "$W/run"
	expect -c "
	set timeout 10
	spawn -noecho $W/run
	expect {digits): }
	send \003
	expect eof" >"$W/screen"
	grep -q 'status 130' "$W/screen"
	grep -Eq '(^|[^-])echo([^a-z]|$)' "$W/screen"
	run -1 grep -Eq -e '-echo([^a-z]|$)' "$W/screen"
	[ ! -e "$W/a.png" ]
	refused 4 show a
}

@test "a stop at a prompt shows the terminal again and asks again" {
	command -v expect >/dev/null || skip "expect is not installed"
	expect -c "
	set timeout 10
	spawn -noecho bash --norc --noprofile
	send \"PS1='ready> '\r\"
	expect {'ready> '}
	expect {ready> }
	send \"'$OTPADM' --config '$CONF' --lang en issue a --qr none\r\"
	expect {digits): }
	send \032
	expect {ready> }
	send \"stty -a | grep -o -e '-echo ' ; echo looked\r\"
	expect {looked}
	expect {ready> }
	send \"fg\r\"
	expect {digits): }
	send 1234\r
	expect {once more: }
	send 1234\r
	expect {ready> }
	send \"exit\r\"
	expect eof" >"$W/screen"
	[ "$(state a)" = issued ]
	# Only the command itself holds the words, not an answer to it.
	[ "$(grep -c -e '^-echo' "$W/screen")" -eq 0 ]
}

@test "prompts are Japanese where that is asked for" {
	command -v expect >/dev/null || skip "expect is not installed"
	LANG=C LC_ALL=C expect -c "
	set timeout 10
	spawn -noecho $OTPADM --config $CONF --lang ja issue a --qr none
	expect {: }
	send 1234\r
	expect {: }
	send 1234\r
	expect eof" >"$W/screen"
	grep -q '利用開始パスワード（お客様がお決めになる数字4〜8桁）: ' "$W/screen"
	grep -q 'サービスID' "$W/screen"
}
