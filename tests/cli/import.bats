#!/usr/bin/env bats
# import: accounts in bulk.

bats_require_minimum_version 1.5.0
load helper.bash

setup() {
	world
	adm init >/dev/null
	in=$W/in.csv
	list=$W/issued.csv
	failed=$W/failed.csv
}

teardown() {
	unworld
}

import() {
	local status=$1
	shift
	runs "$status" import --format csv "$in" --out "$list" "$@"
}

# column FILE NAME: a column of a CSV file without quoted commas.
column() {
	awk -F, -v name="$2" 'NR == 1 { for (i = 1; i <= NF; i++)
	    if ($i == name) n = i; next } { print $n }' "$1"
}

@test "rows are issued, with their secrets only in --out" {
	cat >"$in" <<-END
	user,name,mail,branch,form,activation_password
	a,秋田 太郎,a@example.jp,012,F1,1234
	b,,,,,５６７８
	END
	import 0
	grep -q "issued: 2, refused: 0" "$W/out"
	[ "$(stat -c %a "$list")" = 600 ]
	[ "$(head -n 1 "$list")" = user,user_id,expires_at,key,otpauth_uri ]
	[ "$(column "$list" user | tr '\n' ' ')" = "a b " ]
	adm show a --json | jq -e '.state == "issued" and
	    .name == "秋田 太郎" and .branch == "012" and .form == "F1" and
	    .mail == "a@example.jp" and .registered_at != null'
	adm show b --json | jq -e '.state == "issued" and
	    .registered_at == null and .mail == null'
	[ "$(adm show b --json | jq -r .user_id)" = \
	    "$(column "$list" user_id | tail -n 1)" ]
	key=$(column "$list" key | tail -n 1 | tr -d ' ')
	printf '5678\n%s\n' "$(code "$key")" | adm activate b
	run -1 grep -aF "$key" "$W/out" "$W/log/audit.log" "$W/db/tokens.gdbm"
	runs 0 verify-db
}

@test "each account has its audit record, and the import one after them" {
	adm register b --mail b@example.jp
	adm release b --yes
	cat >"$in" <<-END
	user,branch,form,activation_password
	a,012,F1,1234
	b,,,1234
	END
	import 0
	tail -n 3 "$W/log/audit.log" >"$W/records"
	jq -s -e '[.[] | [.event, .account, .from, .to, .form]] ==
	    [["issue", "a", "unregistered", "issued", "F1"],
	    ["issue", "b", "released", "issued", null],
	    ["import", null, null, null, null]] and
	    ([.[0, 1].user_id] == ["10000002", "10000003"])' "$W/records"
	adm suspend a --reason lost
	runs 0 doctor --json
	jq -e '.checks[] | select(.check == "audit") | .result == "good"' \
	    "$W/out"
	[ ! -e "$W/db/tokens.gdbm.batch" ]
}

@test "columns may be in any order, and lines end in CRLF after a mark" {
	printf '\xef\xbb\xbfactivation_password,user\r\n1234,a\r\n\r\n"12345","b ""x"""\r\n' >"$in"
	import 0 --json
	jq -e '. == {issued: 2, refused: 0}' "$W/out"
	[ "$(state 'b "x"')" = issued ]
}

@test "rows that cannot be issued are refused with line and reason" {
	active old
	cat >"$in" <<-END
	user,name,mail,branch,form,activation_password
	a,,,,,1234
	old,,,,,1234
	b,,,,,12
	c,,not an address,,,1234
	d,,,,
	a,,,,,1234
	$(printf '%065d' 0),,,,,1234
	e,"x"y,,,,1234
	f,,,,,1234
	END
	import 10 --failed "$failed"
	[ "$(column "$list" user | tr '\n' ' ')" = "a f " ]
	[ "$(stat -c %a "$failed")" = 600 ]
	[ "$(column "$failed" line | tr '\n' ' ')" = "3 4 5 6 7 8 9 " ]
	[ "$(column "$failed" reason | grep -c .)" -eq 7 ]
	run -1 grep -q activation_password "$failed"
	[ "$(state old)" = active ]
	refused 4 show b
	runs 0 verify-db
	rm "$list" "$failed"
	import 3 --failed "$failed"
	[ ! -e "$list" ]
	[ "$(column "$failed" line | wc -l)" -eq 9 ]
}

@test "without --failed the refused rows are told on standard error" {
	printf 'user,activation_password\na,1234\nb,x\n' >"$in"
	import 10
	[[ $err == *"line 3 (b)"* ]]
}

@test "a file that is none, or exists already, is refused" {
	printf 'user,activation_password\na,1234\n' >"$in"
	: >"$list"
	refused 5 import --format csv "$in" --out "$list"
	rm "$list"
	: >"$failed"
	refused 5 import --format csv "$in" --out "$list" --failed "$failed"
	[ ! -e "$list" ]
	refused 2 import --format csv "$W/none" --out "$list"
	refused 2 import --format csv "$W" --out "$list"
	for header in '' name 'user,colour' 'user,user' $'us\xe4er'; do
		printf '%s\na,1234\n' "$header" >"$in"
		refused 2 import --format csv "$in" --out "$list"
		[ ! -e "$list" ]
	done
	[ -z "$(adm list --json)" ]
}

@test "requirements of the policy hold for each row" {
	configure "policy require_registration = yes" \
	    "policy require_form = yes"
	cat >"$in" <<-END
	user,mail,form,activation_password
	a,a@example.jp,1,1234
	b,,2,1234
	c,c@example.jp,,1234
	END
	import 10 --failed "$failed"
	[ "$(column "$failed" line | tr '\n' ' ')" = "3 4 " ]
}

@test "a form serves once in its branch, in the file and before" {
	adm register old --mail o@example.jp --branch 1 --form F1
	cat >"$in" <<-END
	user,branch,form,activation_password
	a,1,F1,1234
	b,2,F1,1234
	c,2,F1,1234
	d,1,F2,12
	e,1,F2,1234
	f,1,,1234
	g,1,,1234
	END
	import 10 --failed "$failed"
	[ "$(column "$list" user | tr '\n' ' ')" = "b e f g " ]
	[ "$(column "$failed" line | tr '\n' ' ')" = "2 4 5 " ]
}

@test "junk does no harm" {
	for seed in 1 2 3 4 5 6; do
		{
			echo user,activation_password
			head -c 3000 "$OTPADM" | tail -c $((seed * 400))
			echo
			echo "u$seed,1234"
		} >"$in"
		rm -f "$list" "$failed"
		got=0
		adm import --format csv "$in" --out "$list" \
		    --failed "$failed" >/dev/null 2>&1 || got=$?
		[ "$got" -eq 10 ] || [ "$got" -eq 3 ]
	done
	runs 0 verify-db
}

@test "two thousand accounts are issued and listed, in order" {
	{
		echo user,activation_password
		seq -f 'u%05.0f,1234' 2000
	} >"$in"
	import 0
	[ "$(wc -l <"$list")" -eq 2001 ]
	adm list --json | jq -r .user_id >"$W/ids"
	[ "$(wc -l <"$W/ids")" -eq 2000 ]
	sort -n -u "$W/ids" | cmp - "$W/ids"
	key=$(awk -F, '$1 == "u01234" { gsub(/ /, "", $4); print $4 }' "$list")
	printf '1234\n%s\n' "$(code "$key")" | adm activate u01234
	# An account more, and a change of structure, after that.
	issued another
	runs 0 verify-db
}

@test "a progress bar is shown on a terminal only" {
	printf 'user,activation_password\na,1234\n' >"$in"
	import 0
	[ -z "$err" ]
	command -v script >/dev/null || skip "script is not installed"
	printf 'user,activation_password\nb,1234\n' >"$in"
	rm "$list"
	script -qec "'$OTPADM' --config '$CONF' import --format csv '$in' \
	    --out '$list'" /dev/null </dev/null >"$W/screen"
	grep -q '#\] *100%' "$W/screen"
}
