#!/usr/bin/env bats
# Japanese: by option, configuration and locale; the manual's terms; alignment.

bats_require_minimum_version 1.5.0
load helper.bash

setup() {
	world
	adm init >/dev/null
}

teardown() {
	unworld
}

@test "the language is that of --lang, then the configuration, then the locale" {
	adm register a --mail a@example.jp
	label() { adm show a --json "$@" | jq -r .state_label; }
	[ "$(label)" = "application received" ]
	[ "$(label --lang ja)" = 申込受付済 ]
	[ "$(LANG=C LC_ALL=C label --lang ja)" = 申込受付済 ]
	[ "$(LC_ALL=ja_JP.UTF-8 label)" = 申込受付済 ]
	[ "$(LC_ALL=ja_JP.eucJP label)" = 申込受付済 ]
	[ "$(LC_ALL=ja_JP.UTF-8 label --lang en)" = "application received" ]
	configure "service lang = ja"
	[ "$(label)" = 申込受付済 ]
	[ "$(label --lang en)" = "application received" ]
	configure "service lang = en"
	[ "$(LC_ALL=ja_JP.UTF-8 label)" = "application received" ]
}

@test "the states have exactly the contract's labels" {
	label() { adm show "$1" --json --lang ja | jq -r .state_label; }
	adm register a --mail a@example.jp
	[ "$(label a)" = 申込受付済 ]
	issued a
	[ "$(label a)" = 利用開始待ち ]
	printf '1234\n%s\n' "$(code "$KEY")" | adm activate a
	[ "$(label a)" = サービス利用中 ]
	fail_codes a "$KEY" 10
	[ "$(label a)" = ロック中 ]
	adm suspend a --reason locked
	[ "$(label a)" = 利用停止中 ]
	adm release a
	[ "$(label a)" = 解除済 ]
}

# A column starts at the same width in each line.
@test "columns are aligned where characters are two wide" {
	adm register a --mail a@example.jp --name '秋田　太郎' --branch 012
	adm register bbbb --mail a@example.jp --name 'Taro' --branch 1
	adm register ccc --mail a@example.jp --name 'ｱｷﾀ' --branch 22
	for lang in ja en; do
		adm list --lang $lang >"$W/list"
		# In front of each user ID stands the same width.
		while read -r line; do
			printf '%s' "${line%%1000000*}" | wc -L
		done < <(tail -n +2 "$W/list") >"$W/widths"
		[ "$(sort -u "$W/widths" | wc -l)" -eq 1 ]
		# Behind each name: the number of wrong codes, flush right.
		sed -n '2,$s/0  -$/|/p' "$W/list" | while read -r line; do
			printf '%s' "${line%|*}" | wc -L
		done >"$W/widths"
		[ "$(wc -l <"$W/widths")" -eq 3 ]
		[ "$(sort -u "$W/widths" | wc -l)" -eq 1 ]
	done
	adm show a --lang ja >"$W/show"
	sed -n 's/\(a@example\.jp\|秋田　太郎\|012\)$/|/p' "$W/show" |
	while read -r line; do
		printf '%s' "${line%|*}" | wc -L
	done >"$W/widths"
	[ "$(wc -l <"$W/widths")" -eq 3 ]
	[ "$(sort -u "$W/widths" | wc -l)" -eq 1 ]
}

@test "every sentence of the way to the first login is Japanese" {
	export LC_ALL=ja_JP.UTF-8
	adm register a --mail a@example.jp --name '秋田　太郎' >"$W/all"
	echo 1234 | adm issue a | grep -v '^  [A-Z2-7 ]*$' >>"$W/all"
	KEY=$(echo 1234 | adm issue a --json | secret)
	printf '1234\n%s\n' "$(code "$KEY")" | adm activate a >>"$W/all"
	code "$KEY" 60 | adm verify a >>"$W/all"
	adm suspend a --reason lost >>"$W/all"
	adm unlock a --found >>"$W/all"
	adm show a >>"$W/all"
	adm release a >>"$W/all"
	# English is only what is the same in both: data and commands.
	sed -E 's/otpadm activate a|a@example\.jp|AKITA|SHA1|totp|QR|ID//g' \
	    "$W/all" >"$W/rest"
	run -1 grep -E '[A-Za-z]{2,}' "$W/rest"
}

@test "output is UTF-8 under any locale" {
	adm register a --mail a@example.jp --name '秋田　太郎'
	for locale in C POSIX C.UTF-8 ja_JP.eucJP nonsense; do
		LC_ALL=$locale adm show a >"$W/$locale"
		grep -q '秋田　太郎' "$W/$locale"
	done
}
