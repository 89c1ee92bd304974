#!/usr/bin/env bats
# shellcheck disable=SC2154,SC2030,SC2031,SC2046 # bodies run after inside.bash
# login, su and sudo through a pseudo-terminal, pamtester, and callers without
# root.
load outside

setup_file() { world_setup_file expect login su sudo pamtester; }

driver() {
	cat >"$T/drive.exp" <<'EOT'
set timeout 10
set user [lindex $argv 0]
set password [lindex $argv 1]
set code [lindex $argv 2]
spawn -noecho {*}[lrange $argv 3 end]
expect {
	-re {login: ?$} {
		send "$user\r"
		exp_continue
	}
	-re {(assword|for [a-z]+): ?$} {
		if {[string match *One-time* $expect_out(buffer)]} {
			send "$code\r"
		} else {
			send "$password\r"
		}
		exp_continue
	}
	-re {incorrect|Sorry} {
		exec kill -9 [exp_pid]
		exit 8
	}
	-re {[$#] $} {
		send "id -un; exit\r"
		expect eof
	}
	timeout {
		exec kill -9 [exp_pid]
		exit 9
	}
	eof {}
}
exit [lindex [wait] 3]
EOT
	chmod 644 "$T/drive.exp"
}

real_login() {
	driver; site; customer hanako; enrol hanako; otp_stack login
	hotp
	yes expect "$T/drive.exp" hanako "$password" "$hotp_code" login hanako >"$T/out"
	tr '\r' '\n' <"$T/out" | grep -qx hanako
	grep -q 'One-time password: '"$hotp_code" "$T/out"
	no expect "$T/drive.exp" hanako "$password" "$hotp_code" login hanako
	[ "$(field hanako failures)" = 0 ]
	log_has 'event=login user=hanako service=login rhost=- result=accepted'
	log_has 'event=login user=hanako service=login .*result=rejected reason=replay'
}
@test "login(1): password and code open a session, once" {
	in_world driver real_login
}

real_su() {
	driver; site; customer hanako; customer taro; enrol hanako; otp_stack su
	hotp
	yes as taro expect "$T/drive.exp" hanako "$password" "$hotp_code" su hanako -c "id -un" >"$T/out"
	tr '\r' '\n' <"$T/out" | grep -qx hanako
	no as taro expect "$T/drive.exp" hanako "$password" "$hotp_code" su hanako -c "id -un"
	hotp
	no as taro expect "$T/drive.exp" hanako wrong "$hotp_code" su hanako -c "id -un"
	yes as taro expect "$T/drive.exp" hanako "$password" "$hotp_code" su hanako -c "id -un"
}
@test "su(1) started by an ordinary user" {
	in_world driver real_su
}

real_sudo() {
	site; customer hanako; enrol hanako; otp_stack sudo
	echo 'hanako ALL=(ALL) ALL' >/etc/sudoers.d/hanako
	chmod 440 /etc/sudoers.d/hanako
	hotp
	[ "$(printf '%s\n%s\n' "$password" "$hotp_code" | as hanako sudo -k -S id -un)" = root ]
	no sh -c "printf '%s\n%s\n' '$password' '$hotp_code' | setpriv --reuid hanako --regid users --clear-groups sudo -k -S id -un"
}
@test "sudo: password and code on standard input" {
	in_world real_sudo
}

tester() {
	site; customer hanako; enrol hanako
	stack akita-test "auth required $module" "account required $module"
	hotp
	yes pamtester akita-test hanako authenticate acct_mgmt <<<"$hotp_code"
	no pamtester akita-test hanako authenticate <<<"$hotp_code"
	no pamtester akita-test nobody-here authenticate <<<123456
}
@test "pamtester as root" {
	in_world tester
}

own_account() {
	site; customer hanako; customer taro; enrol hanako
	stack akita-test "auth required $module" "account required $module"
	hotp
	yes as hanako pamtester akita-test hanako authenticate acct_mgmt <<<"$hotp_code"
	no as hanako pamtester akita-test hanako authenticate <<<"$hotp_code"
	wrong
	no as hanako pamtester akita-test hanako authenticate <<<"$wrong_code"
	[ "$(field hanako failures)" = 1 ]
	hotp
	no as taro pamtester akita-test hanako authenticate <<<"$hotp_code"
	[ "$(field hanako failures)" = 1 ]
	yes as hanako pamtester akita-test hanako authenticate <<<"$hotp_code"
}
@test "an ordinary user proves its own account through the helper, and nobody else's" {
	in_world own_account
}
