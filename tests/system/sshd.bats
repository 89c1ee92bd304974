#!/usr/bin/env bats
# shellcheck disable=SC2154,SC2030,SC2031,SC2046 # bodies run after inside.bash
# A real sshd, and every method of authentication that the contract speaks of.
load outside

setup_file() { world_setup_file /usr/sbin/sshd ssh; }

password_and_code() {
	site; customer hanako; enrol hanako; otp_stack sshd
	sshd_up keyboard-interactive
	hotp; used=$hotp_code
	[ "$(yes ssh_try keyboard-interactive hanako "$password" "$used")" = hanako ]
	diff <(sed 's/^([^)]*) //' "$T/prompts") - <<'EOT'
Password: 
One-time password: 
EOT
	no ssh_try keyboard-interactive hanako "$password" "$used"
	[ "$(field hanako failures)" = 0 ]
	wrong
	no ssh_try keyboard-interactive hanako "$password" "$wrong_code"
	[ "$(field hanako failures)" = 1 ]
	hotp
	yes ssh_try keyboard-interactive hanako "$password" "$hotp_code"
	[ "$(field hanako failures)" = 0 ]
	log_has 'event=login user=hanako service=sshd rhost=127.0.0.1 result=accepted reason=ok failures=0'
	log_has 'event=login user=hanako .*result=rejected reason=replay'
	log_has 'event=login user=hanako .*result=rejected reason=wrong failures=1'
	secrets_nowhere "$used" "$secret" "$wrong_code" "$start_password"
}
@test "keyboard-interactive: password and code open, a used or wrong code does not" {
	in_world password_and_code
}

wrong_password() {
	site; customer hanako; enrol hanako; otp_stack sshd
	sshd_up keyboard-interactive
	hotp
	no ssh_try keyboard-interactive hanako wrong "$hotp_code"
	sed 's/^([^)]*) //' "$T/prompts" >"$T/known"
	[ "$(field hanako failures)" = 0 ]
	wrong
	no ssh_try keyboard-interactive hanako wrong "$wrong_code"
	[ "$(field hanako failures)" = 0 ]
	no ssh_try keyboard-interactive nobody-here wrong "$wrong_code"
	sed 's/^([^)]*) //' "$T/prompts" | diff "$T/known" -
	yes ssh_try keyboard-interactive hanako "$password" "$hotp_code"
	log_has 'event=login user=\? service=sshd .*result=rejected'
	secrets_nowhere nobody-here-secret "$hotp_code"
}
@test "a wrong password asks for the code too, counts nothing and burns no code" {
	in_world wrong_password
}

ten_wrong() {
	site; customer hanako; enrol hanako; otp_stack sshd
	sshd_up keyboard-interactive
	for i in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(field hanako state)" = active ]
		wrong "$((i * 31))"
		no ssh_try keyboard-interactive hanako "$password" "$wrong_code"
	done
	[ "$(field hanako state)" = locked ]
	hotp
	no ssh_try keyboard-interactive hanako "$password" "$hotp_code"
	otpadm suspend hanako --reason locked >/dev/null
	otpadm unlock hanako >/dev/null
	yes ssh_try keyboard-interactive hanako "$password" "$hotp_code"
}
@test "ten wrong codes lock, the right one as the eleventh is refused" {
	in_world ten_wrong
}

at_once() {
	site; customer hanako; enrol hanako
	stack sshd "auth required $module" "account required pam_permit.so" \
	    "session required pam_permit.so"
	sshd_up keyboard-interactive
	hotp
	mkdir "$T/r"
	for i in $(seq 8); do
		( cp "$T/ask" "$T/ask$i" 2>/dev/null || :
		  T2=$T; T=$T/w$i; mkdir -p "$T"; chmod 755 "$T"
		  ssh_try keyboard-interactive hanako - "$hotp_code" \
		    >"$T2/r/$i" 2>/dev/null || : ) &
	done
	wait $(jobs -p | tail -n 8)
	[ "$(cat "$T"/r/* | grep -c hanako)" = 1 ]
}
@test "one code from eight ssh clients at once opens one session" {
	in_world at_once
}

keys() {
	site; customer hanako; enrol hanako
	ssh-keygen -q -t ed25519 -N '' -f "$T/id"
	mkdir -p /home/hanako/.ssh
	cp "$T/id.pub" /home/hanako/.ssh/authorized_keys
	chown -R hanako /home/hanako/.ssh
	otp_stack sshd
	sshd_up publickey
	[ "$(yes ssh_try publickey hanako - -)" = hanako ]
	otpadm suspend hanako --reason lost >/dev/null
	no ssh_try publickey hanako - - 2>"$T/err"
	log_has 'event=account user=hanako .*result=rejected reason=suspended'
	otpadm unlock hanako --found >/dev/null
	yes ssh_try publickey hanako - -
	for i in 1 2 3 4 5 6 7 8 9 10; do
		wrong "$((i * 37))"
		otpadm verify hanako <<<"$wrong_code" >/dev/null || :
	done
	[ "$(field hanako state)" = locked ]
	yes ssh_try publickey hanako - -
	stack sshd "auth required $module" "account required pam_unix.so" \
	    "account required $module account_locked=deny" \
	    "session required pam_permit.so"
	no ssh_try publickey hanako - -
}
@test "publickey: a suspended account is refused in the account stage, a locked one by account_locked" {
	in_world keys
}

key_and_code() {
	site; customer hanako; enrol hanako
	ssh-keygen -q -t ed25519 -N '' -f "$T/id"
	mkdir -p /home/hanako/.ssh
	cp "$T/id.pub" /home/hanako/.ssh/authorized_keys
	chown -R hanako /home/hanako/.ssh
	stack sshd "auth required $module" "account required pam_unix.so" \
	    "account required $module" "session required pam_permit.so"
	sshd_up publickey,keyboard-interactive
	hotp
	yes ssh_try publickey,keyboard-interactive hanako - "$hotp_code"
	no ssh_try publickey,keyboard-interactive hanako - "$hotp_code"
	hotp
	no ssh_try keyboard-interactive hanako - "$hotp_code"
	yes ssh_try publickey,keyboard-interactive hanako - "$hotp_code"
}
@test "publickey,keyboard-interactive: the key first, then the code" {
	in_world key_and_code
}

method_password() {
	site; customer hanako; enrol hanako; otp_stack sshd
	sshd_up password
	hotp
	no ssh_try password hanako "$password" "$hotp_code"
	no ssh_try password hanako "$hotp_code" "$hotp_code"
	[ "$(field hanako failures)" = 0 ]
	sshd_down
	stack sshd "auth required $module echo=off" \
	    "account required pam_unix.so" "session required pam_permit.so"
	sshd_up password
	yes ssh_try password hanako "$hotp_code" -
}
@test "method password answers hidden prompts only: the Unix password never reaches the counter" {
	in_world method_password
}

start_in_login() {
	site; customer hanako; otp_stack sshd
	otpadm register hanako --mail h@example.jp >/dev/null
	issue hanako
	sshd_up keyboard-interactive
	no ssh_try keyboard-interactive hanako "$password" 000000 "$start_password"
	if grep -q first "$T/prompts"; then die "a wrong code showed that a token waits"; fi
	c=$(code)
	no ssh_try keyboard-interactive hanako "$password" "$c" 9999
	grep -q 'Activation password (first time' "$T/prompts"
	[ "$(field hanako state)" = issued ]
	yes ssh_try keyboard-interactive hanako "$password" "$c" "$start_password"
	[ "$(field hanako state)" = active ]
	no ssh_try keyboard-interactive hanako "$password" "$c" "$start_password"
	yes ssh_try keyboard-interactive hanako "$password" "$(code 1)" "$start_password"
	secrets_nowhere "$c" "$start_password" "$secret"
}
@test "start of use inside an ssh login" {
	in_world start_in_login
}

unknown_users() {
	site; customer hanako; customer taro; enrol hanako
	stack sshd "auth required $module" "account required pam_permit.so" \
	    "session required pam_permit.so"
	sshd_up keyboard-interactive
	for who in hanako taro nobody-here; do
		no ssh_try keyboard-interactive "$who" - 123456
		sed 's/^([^)]*) //' "$T/prompts" >"$T/prompts.$who"
	done
	cmp "$T/prompts.hanako" "$T/prompts.taro"
	cmp "$T/prompts.hanako" "$T/prompts.nobody-here"
}
@test "unknown, unregistered and active users see the same prompt" {
	in_world unknown_users
}

grace_time() {
	site; customer hanako; enrol hanako; otp_stack sshd
	sshd_up keyboard-interactive "LoginGraceTime 2"
	(sleep 6 | SSH_ASKPASS=/bin/false timeout 15 ssh -F none \
	    -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
	    -o PreferredAuthentications=keyboard-interactive \
	    hanako@127.0.0.1 id </dev/null >/dev/null 2>&1) || :
	sshd_down; sshd_up keyboard-interactive
	hotp
	yes ssh_try keyboard-interactive hanako "$password" "$hotp_code"
}
@test "a client that is thrown out at the prompt leaves no lock behind" {
	in_world grace_time
}
