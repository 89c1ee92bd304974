#!/usr/bin/env bats
# What the commands do and print.

bats_require_minimum_version 1.5.0
load helper.bash

setup() {
	world
	adm init >/dev/null
}

teardown() {
	unworld
}

keys='["user","user_id","service_id","state","state_label","reason","branch",
"form","name","mail","device_mail","generation","failures","failures_limit",
"token","waiting_token","recovery_codes_left","registered_at","issued_at",
"expires_at","activated_at","locked_at","suspended_at","released_at"]'

# has_keys FILE [MORE]: the object has the contract's members, in its order.
has_keys() {
	jq -e --argjson k "$keys" --argjson more "${2:-[]}" \
	    'keys_unsorted == $k + $more' "$1"
}

rfc3339='^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$'

@test "init makes what the configuration names, and refuses to do it again" {
	[ "$(stat -c %a "$W/master.key")" = 600 ]
	[ "$(stat -c %a "$W/db")" = 700 ]
	[ "$(stat -c %a "$W/db/tokens.gdbm")" = 600 ]
	[ "$(stat -c %a "$W/log/audit.log")" = 600 ]
	cp -a "$W/db" "$W/db.before"
	cp "$W/master.key" "$W/key.before"
	refused 5 init
	diff -r "$W/db" "$W/db.before"
	cmp "$W/master.key" "$W/key.before"
	for left in master.key db/tokens.gdbm; do
		mv "$W/db" "$W/gone"
		mv "$W/master.key" "$W/gone.key"
		mkdir -m 700 "$W/db"
		: >"$W/$left"
		refused 5 init
		[ -e "$W/$left" ] && [ ! -s "$W/$left" ]
		rm -rf "$W/db" "$W/master.key"
		mv "$W/gone" "$W/db"
		mv "$W/gone.key" "$W/master.key"
	done
}

@test "register keeps what the form says" {
	runs 0 register taro --mail taro@example.jp --name '秋田　太郎' \
	    --branch 012 --form 27-0630 --json
	has_keys "$W/out"
	jq -e '.user == "taro" and .state == "registered" and
	    .name == "秋田　太郎" and .branch == "012" and
	    .form == "27-0630" and .mail == "taro@example.jp" and
	    .device_mail == null and .token == null and .generation == 0 and
	    .failures_limit == 10 and .service_id == "AKITA" and
	    (.user_id | test("^[0-9]+$")) and .issued_at == null' "$W/out"
	jq -e --arg t "$rfc3339" '.registered_at | test($t)' "$W/out"
}

@test "a form serves once in its branch" {
	adm register a --mail a@example.jp --branch 1 --form 7
	refused 3 register b --mail b@example.jp --branch 1 --form 7
	[[ $err == *" 7 "*" a "* ]]
	adm register b --mail b@example.jp --branch 2 --form 7
	refused 3 register b --mail b@example.jp --branch 2 --form 8
	adm release a --yes
	refused 3 register a --mail a@example.jp --branch 1 --form 7
}

@test "one form at many counters at once is one application" {
	for i in {1..12}; do
		adm register "u$i" --mail a@example.jp --branch 1 --form 7 \
		    >"$W/took.$i" 2>"$W/why.$i" &
	done
	wait
	[ "$(cat "$W"/took.* | grep -c Account)" -eq 1 ]
	[ "$(adm list --json | wc -l)" -eq 1 ]
	[ "$(grep -l 'serves once' "$W"/why.* | wc -l)" -eq 11 ]
}

@test "require_form and require_registration are kept to" {
	configure "policy require_form = yes" \
	    "policy require_registration = yes"
	refused 3 register a --mail a@example.jp
	adm register a --mail a@example.jp --form 1
	refused 3 issue b --form 2 </dev/null
	refused 3 issue a </dev/null
	echo 1234 | adm issue a --form 3
	refused 3 suspend a --reason lost
	adm suspend a --reason lost --form 4
}

@test "issue prints what the customer needs, once" {
	runs 0 issue a --mail phone@example.jp <<<1234
	[[ $out == *"Service ID  AKITA"* ]]
	[[ $out == *"User ID     "[0-9]* ]]
	[[ $out == *"Expires "* ]]
	grep -Eq '^  ([A-Z2-7]{4} ){7}[A-Z2-7]{4}$' "$W/out"
	key=$(grep -E '^  ([A-Z2-7]{4} ){7}' "$W/out" | tr -d ' ')
	[ "$(adm show a --json | jq -r .device_mail)" = phone@example.jp ]
	adm show a >"$W/shown"
	adm show a --json >>"$W/shown"
	adm list --json >>"$W/shown"
	run -1 grep -F "$key" "$W/shown"
	printf '1234\n%s\n' "$(code "$key")" | adm activate a
}

@test "issue --json adds the URI with every parameter written out" {
	runs 0 issue a --json <<<1234
	has_keys "$W/out" '["otpauth_uri"]'
	jq -e '.state == "issued" and .generation == 1 and
	    .token == {type: "totp", algorithm: "SHA1", digits: 6, period: 60,
	    drift_steps: 0, last_used_at: null}' "$W/out"
	jq -e '.otpauth_uri | test("^otpauth://totp/Akita-Kenshin:a[?]secret=" +
	    "[A-Z2-7]{32}&issuer=Akita-Kenshin&algorithm=SHA1&digits=6" +
	    "&period=60$")' "$W/out"
	jq -e '((.expires_at | fromdate) - (.issued_at | fromdate)) ==
	    14 * 86400' "$W/out"
}

@test "options of issue stand in place of the configuration" {
	configure "token digits = 8" "token period = 30" \
	    "token algorithm = SHA256"
	runs 0 issue a --json <<<1234
	jq -e '.token.digits == 8 and .token.period == 30 and
	    .token.algorithm == "SHA256"' "$W/out"
	runs 0 issue a --json --digits 7 --period 120 --algorithm sha512 <<<1234
	jq -e '.token.digits == 7 and .token.period == 120 and
	    .token.algorithm == "SHA512" and .generation == 2' "$W/out"
	key=$(secret <"$W/out")
	[ "${#key}" -eq 103 ]
	printf '1234\n%s\n' "$(oathtool --totp=sha512 -b -d 7 -s 120 "$key")" |
	    adm activate a
}

@test "a token by counter: URI, start of use, each code once, in order" {
	runs 0 issue a --type hotp --json <<<1234
	jq -e '.token.type == "hotp" and .token.period == null' "$W/out"
	[[ $(jq -r .otpauth_uri "$W/out") == otpauth://hotp/*"&counter=0" ]]
	key=$(secret <"$W/out")
	hotp() { oathtool --hotp -b -c "$1" "$key"; }
	printf '1234\n%s\n' "$(hotp 0)" | adm activate a
	hotp 0 >"$W/zero"
	runs 1 verify a --json <"$W/zero"
	[ "$(jq -r .reason "$W/out")" = replay ]
	hotp 4 | adm verify a
	hotp 2 | runs 1 verify a
	hotp 14 | adm verify a
	hotp 25 | runs 1 verify a
	printf '%s\n%s\n' "$(hotp 300)" "$(hotp 301)" | adm resync a
	hotp 302 | adm verify a
}

@test "the label of the QR code is as configured" {
	configure "service label = %i / %u" "service issuer = 秋田:県信"
	runs 0 issue a --json <<<1234
	uri=$(jq -r .otpauth_uri "$W/out")
	[[ $uri == otpauth://totp/%E7%A7%8B%E7%94%B0-%E7%9C%8C%E4%BF%A1:* ]]
	[[ $uri == *":$(jq -r .user_id "$W/out")%20%2F%20a?"* ]]
}

@test "activate starts use, and counts wrong answers each by its kind" {
	issued a
	refused 1 activate a < <(printf '0000\n%s\n' "$(code "$KEY")")
	[[ $err == *"tries left: 4"* ]]
	refused 1 activate a < <(printf '1234\n%s\n' "$(wrong_code "$KEY")")
	[[ $err == *"tries left: 9"* ]]
	[ "$(adm show a --json | jq .failures)" = 1 ]
	# No activation password at all is no try.
	refused 1 activate a < <(printf 'abc\n%s\n' "$(code "$KEY")")
	refused 1 activate a < <(printf '\n%s\n' "$(code "$KEY")")
	# The right one in between began the count anew.
	refused 1 activate a < <(printf '0000\n%s\n' "$(code "$KEY")")
	[[ $err == *"tries left: 4"* ]]
	runs 0 activate a --json < <(printf '1234\n%s\n' "$(code "$KEY")")
	has_keys "$W/out"
	jq -e --arg t "$rfc3339" '.state == "active" and .failures == 0 and
	    .expires_at == null and (.activated_at | test($t)) and
	    (.token.last_used_at | test($t))' "$W/out"
}

@test "five wrong activation passwords burn the issue" {
	issued a
	for left in 4 3 2 1; do
		refused 1 activate a < <(printf '0000\n%s\n' "$(code "$KEY")")
		[[ $err == *"tries left: $left"* ]]
	done
	refused 1 activate a < <(printf '0000\n%s\n' "$(code "$KEY")")
	[[ $err == *void* ]]
	[ "$(adm show a --json | jq -c '[.state, .reason, .token]')" = \
	    '["registered","burnt",null]' ]
}

@test "full-width digits are read as digits, everywhere" {
	wide() { sed 'y/0123456789/０１２３４５６７８９/'; }
	KEY=$(echo １２３４ | adm issue a --json | secret)
	printf '１２３４\n%s\n' "$(code "$KEY" | wide)" | adm activate a
	code "$KEY" 60 | wide | sed 's/^.../& /' | adm verify a
}

@test "without activation passwords the code alone starts use" {
	configure "policy activation_password = off"
	KEY=$(adm issue a --json </dev/null | secret)
	code "$KEY" | adm activate a
	[ "$(state a)" = active ]
}

@test "why a start of use failed is said: period, algorithm, digits, clock" {
	issued a
	try() { runs 1 activate a --lang en < <(printf '1234\n%s\n' "$1"); }
	try "$(oathtool --totp -b -s 30 "$KEY")"
	[[ $err == *"ignores the 60-second period"*"--period 30"* ]]
	try "$(oathtool --totp=sha256 -b -s 60 "$KEY")"
	[[ $err == *"ignores the algorithm SHA1 and uses SHA256"* ]]
	try "$(oathtool --totp -b -d 8 -s 60 "$KEY")"
	[[ $err == *"shows 8"* ]]
	try "$(code "$KEY" 1800)"
	[[ $err == *"clock is about 30 minutes fast"* ]]
	try "$(code "$KEY" -1200)"
	[[ $err == *"clock is about 20 minutes slow"* ]]
	[ "$(state a)" = issued ]
	[ "$(adm show a --json | jq .failures)" = 5 ]
	runs 1 activate a --lang ja \
	    < <(printf '1234\n%s\n' "$(oathtool --totp -b -s 30 "$KEY")")
	[[ $err == *"このアプリは60秒の更新間隔に対応せず、30秒"* ]]
}

@test "a code of the token in use, while its replacement waits, is named" {
	active a
	old=$KEY
	issued a --replace
	runs 1 activate a < <(printf '1234\n%s\n' "$(code "$old" 60)")
	[[ $err == *"token still in use"* ]]
}

@test "a change of phone: the old token works until the new one is activated" {
	active a
	old=$KEY
	issued a --replace
	adm show a --json | jq -e '.state == "active" and .generation == 1 and
	    .waiting_token.issued_at != null and
	    .waiting_token.expires_at != null'
	code "$old" 60 | adm verify a
	printf '1234\n%s\n' "$(code "$KEY")" | adm activate a
	adm show a --json | jq -e '.state == "active" and .generation == 2 and
	    .waiting_token == null'
	code "$KEY" 60 | adm verify a
	code "$old" 60 | runs 1 verify a
}

@test "verify gives its verdict and reason in every state" {
	verdict() {
		local want=$1 status=$2
		shift 2
		runs "$status" verify a --json
		jq -e --arg r "$want" '. == {user: "a", verdict:
		    (if $r == "ok" then "accepted" else "rejected" end),
		    reason: $r}' "$W/out"
	}
	refused 4 verify a <<<123456
	adm register a --mail a@example.jp
	verdict not_active 1 <<<123456
	issued a
	code "$KEY" | verdict not_active 1
	printf '1234\n%s\n' "$(code "$KEY")" | adm activate a
	code "$KEY" | verdict replay 1
	for answer in '' 12345 1234567 abcdef $'\b' INCORRECT 12345x \
	    "$(printf '%0600d' 0)"; do
		verdict malformed 1 <<<"$answer"
	done
	[ "$(adm show a --json | jq .failures)" = 0 ]
	wrong_code "$KEY" | verdict wrong 1
	[ "$(adm show a --json | jq .failures)" = 1 ]
	code "$KEY" 60 | verdict ok 0
	[ "$(adm show a --json | jq .failures)" = 0 ]
	fail_codes a "$KEY" 10
	wrong_code "$KEY" | verdict locked 1
	adm suspend a --reason lost
	wrong_code "$KEY" | verdict suspended 1
}

@test "ten wrong codes lock, and the right one as the eleventh is refused" {
	active a
	fail_codes a "$KEY" 9
	code "$KEY" 60 | adm verify a
	fail_codes a "$KEY" 9
	[ "$(state a)" = active ]
	fail_codes a "$KEY" 1
	adm show a --json | jq -e --arg t "$rfc3339" '.state == "locked" and
	    .reason == "failures" and .failures == 10 and
	    (.locked_at | test($t))'
	code "$KEY" 60 | runs 1 verify a
	refused 3 unlock a
	[[ $err == *suspend* ]]
	refused 3 unlock a --lang ja
	[[ $err == *"一旦"*"利用停止"* ]]
}

@test "resync finds a drifted clock by two consecutive codes" {
	active a
	printf '%s\n%s\n' "$(code "$KEY" 1200)" "$(code "$KEY" 1320)" |
	    refused 1 resync a
	[ "$(adm show a --json | jq .failures)" = 0 ]
	configure "token max_drift = 60"
	printf '%s\n%s\n' "$(code "$KEY" 1200)" "$(code "$KEY" 1260)" |
	    runs 0 resync a --json
	has_keys "$W/out"
	jq -e '.token.drift_steps >= 19 and .token.drift_steps <= 22' "$W/out"
	# Both are spent.
	code "$KEY" 1260 | runs 1 verify a --json
	[ "$(jq -r .reason "$W/out")" = replay ]
	code "$KEY" 1320 | adm verify a
}

@test "recovery codes open once each, and new ones end the old" {
	active a
	runs 0 recovery a --json --count 3
	has_keys "$W/out" '["codes"]'
	jq -e '(.codes | length) == 3 and .recovery_codes_left == 3 and
	    (.codes | all(test("^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$")))' \
	    "$W/out"
	mapfile -t codes < <(jq -r '.codes[]' "$W/out")
	echo "${codes[0]}" | adm verify a
	echo "${codes[0]}" | runs 1 verify a
	echo "${codes[1],,}" | tr -d - | adm verify a
	[ "$(adm show a --json | jq .recovery_codes_left)" = 1 ]
	runs 0 recovery a
	[ "$(grep -Ec '^  [0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$' "$W/out")" \
	    -eq 10 ]
	echo "${codes[2]}" | runs 1 verify a
	[ "$(adm show a --json | jq .recovery_codes_left)" = 10 ]
}

@test "suspend, unlock and release print the account" {
	active a
	runs 0 suspend a --reason lost --note 'by telephone' --json
	has_keys "$W/out"
	jq -e --arg t "$rfc3339" '.state == "suspended" and .reason == "lost"
	    and (.suspended_at | test($t))' "$W/out"
	runs 0 unlock a --found --json
	has_keys "$W/out"
	jq -e '.state == "active" and .reason == null and
	    .suspended_at == null' "$W/out"
	runs 0 suspend a --reason stolen --json
	jq -e '.token == null' "$W/out"
	runs 0 release a --reason 'account closed' --json
	has_keys "$W/out"
	jq -e --arg t "$rfc3339" '.state == "released" and .token == null and
	    (.released_at | test($t))' "$W/out"
}

@test "list shows all accounts, and those that are asked for" {
	adm register a --mail a@example.jp --branch 1 --name Alice
	adm register b --mail b@example.jp --branch 2 --name 秋田
	issued c
	active d
	runs 0 list --json
	[ "$(wc -l <"$W/out")" -eq 4 ]
	while read -r line; do
		has_keys <(echo "$line")
	done <"$W/out"
	users() { adm list --json "$@" | jq -r .user | sort | tr '\n' ' '; }
	[ "$(users --state registered)" = "a b " ]
	[ "$(users --state issued)" = "c " ]
	[ "$(users --branch 2)" = "b " ]
	[ "$(users --search ALI)" = "a " ]
	[ "$(users --search 秋)" = "b " ]
	[ "$(users --search "$(adm show d --json | jq -r .user_id)")" = "d " ]
	[ "$(users --state active --branch 1)" = "" ]
	runs 0 list
	[ "$(wc -l <"$W/out")" -eq 5 ]
}

@test "what is changed has a record in the audit log, with who and why" {
	active a
	adm suspend a --reason lost --form 9 --note 'by telephone'
	jq -s -e 'map(.event) == ["init", "issue", "activate", "suspend"]' \
	    "$W/log/audit.log"
	jq -s -e '.[3] | .account == "a" and .from == "active" and
	    .to == "suspended" and .reason == "lost" and .form == "9" and
	    .note == "by telephone" and .actor.user != null' \
	    "$W/log/audit.log"
	fail_codes a "$KEY" 2
	[ "$(wc -l <"$W/log/audit.log")" -eq 4 ]
}

@test "verify-db and doctor find a healthy installation healthy" {
	active a
	adm register b --mail b@example.jp
	runs 0 verify-db --json
	jq -e '.accounts == 2 and .damaged == 0 and .missing == 0 and
	    .findings == []' "$W/out"
	runs 0 verify-db
	runs 0 doctor --json
	jq -e '.good and ([.checks[] | select(.result == "broken")] == [])' \
	    "$W/out"
	runs 0 doctor
	grep -q '^database: good' "$W/out"
	runs 0 repair --json
	jq -e '.accounts == 2' "$W/out"
	[ "$(state a)" = active ]
}
