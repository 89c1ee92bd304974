#!/usr/bin/env bats
# What is on a screen of 80 columns when a command has ended.

bats_require_minimum_version 1.5.0
load helper.bash

setup() {
	world "service lang = ja"
	adm init >/dev/null
	for tool in tmux zbarimg; do
		command -v $tool >/dev/null || skip "$tool is not installed"
	done
	export LC_ALL=C.UTF-8
	socket=akita-screen-$$
}

teardown() {
	if tmux -L "$socket" has-session 2>/dev/null; then
		tmux -L "$socket" kill-server
	fi
	unworld
}

# screen ROWS: a shell on a terminal of so many rows.
screen() {
	printf '%s\n' "PS1='\$ '" "adm() { '$OTPADM' --config '$CONF' \"\$@\"; }" \
	    >"$W/rc"
	tmux -u -L "$socket" -f /dev/null new-session -d -x 80 -y "$1" \
	    "env ENV='$W/rc' sh -i"
}

seen() {
	tmux -L "$socket" capture-pane -N -e -p "$@"
}

plain() {
	seen | sed 's/\x1b\[[0-9;]*m//g; s/ *$//' | sed '/^$/d'
}

# until_seen TEXT: the last line that is not empty has it.
until_seen() {
	for _ in {1..100}; do
		plain | tail -n 1 | grep -qF -- "$1" && return
		sleep 0.05
	done
	plain
	return 1
}

# type_password: twice, at the two prompts.
type_password() {
	until_seen お客様がお決めになる
	tmux -L "$socket" send-keys 4649 Enter
	until_seen もう一度
	tmux -L "$socket" send-keys 4649 Enter
}

@test "after issue the QR code is whole on a terminal of 80 by 24" {
	screen 24
	until_seen '$'
	tmux -L "$socket" send-keys 'adm issue hanako' Enter
	type_password
	until_seen '$'
	# The prompt is the last of the rows, and what is above is readable.
	for _ in {1..100}; do
		[ -z "$(plain | tail -n 1 | tr -d '$ ')" ] && break
		sleep 0.05
	done
	seen >"$W/seen"
	for background in dark light; do
		"$AKITA_SRC/tests/data/term2pgm" $background "$W/seen" \
		    >"$W/seen.pgm"
		zbarimg --nodbus -q --raw -S'*.disable' -Sqrcode.enable \
		    "$W/seen.pgm" >"$W/uri"
		grep -q '^otpauth://totp/Akita-Kenshin:hanako?' "$W/uri"
	done
}

@test "the activation password is not on the screen" {
	screen 50
	until_seen '$'
	tmux -L "$socket" send-keys 'adm issue hanako' Enter
	type_password
	until_seen '$'
	plain >"$W/seen"
	grep -q 利用開始待ち "$W/seen"
	run ! grep -F 4649 "$W/seen"
}

# fits: nothing on the screen goes on in the next line.
fits() {
	tmux -L "$socket" capture-pane -p >"$W/lines"
	tmux -L "$socket" capture-pane -p -J | sed 's/ *$//' >"$W/joined"
	diff "$W/lines" "$W/joined"
}

@test "forms and lists fit 80 columns, names of any length in whole" {
	long_name=仙北　花子エリザベートアレクサンドラ
	long_user=a-very-long-login-name-of-somebody
	active taro
	adm register hanako --mail a@example.jp --branch 001 --name '秋田　花子'
	adm register "$long_user" --mail a@example.jp --branch 001 \
	    --name "$long_name"
	screen 50
	until_seen '$'
	for command in list 'show taro'; do
		tmux -L "$socket" send-keys "clear; adm $command; echo END" Enter
		until_seen '$'
		for _ in {1..100}; do
			plain | grep -qx END && break
			sleep 0.05
		done
		plain >"$W/seen"
		grep -qx END "$W/seen"
		fits
		[ "$command" != list ] || cp "$W/seen" "$W/list"
	done
	grep -q サービス利用中 "$W/list"
	# In whole: the pieces of a column, one below the other.
	[ "$(awk -v n="$long_user" 'index(n, $1) { printf "%s", $1 }' \
	    "$W/list")" = "$long_user" ]
	[ "$(tr -d ' \n' <"$W/list" | grep -c "仙北")" = 1 ]
	grep -q サンドラ "$W/list"
	# On no terminal, a line is an account.
	[ "$(adm list | wc -l)" -eq 4 ]
	adm list | grep -q "$long_user .*$long_name"
}

@test "helps, doctor and mistakes speak the configured language" {
	[[ $(adm help) == *使い方*申込を受け付ける* ]]
	[[ $(adm issue --help) == *機種変更* ]]
	refused 2 issue
	[[ $err == *アカウント名* ]]
	refused 2 isue
	[[ $err == *コマンドはありません* ]]
	[[ $(adm config check) == *問題はありません* ]]
	run adm doctor
	[[ $output == *監査記録* ]]
	[[ $(adm --lang en help) == *"take an application"* ]]
	[[ $("$OTPADM" --config "$W/none" help) == *"take an application"* ]]
}

@test "the help of every command fits 80 columns in both languages" {
	adm --lang en help | sed -n '/^Commands/,/^$/s/^  \([^ ]* \{0,1\}[^ ]*\)  .*/\1/p' \
	    >"$W/commands"
	[ "$(wc -l <"$W/commands")" -ge 20 ]
	while read -r command; do
		for lang in ja en; do
			# shellcheck disable=SC2086 # "mail list" is two words
			adm --lang $lang help $command >"$W/help"
			[ "$(wc -L <"$W/help")" -le 80 ] || {
				cat "$W/help"
				false
			}
		done
	done <"$W/commands"
}
