#!/usr/bin/env bats
# The stacks of etc/pam.d under the programs they are for, the helper, and
# isolate: real logins, with right and wrong passwords.
load ../system/outside

setup_file() {
	world_setup_file expect ssh sudo su pamtester
	[ -n "$AKITA_NO_WORLD" ] ||
	    cp "$AKITA_SRC/tests/pam/programs.bash" \
	    "$AKITA_SRC/etc/fail2ban/akita-otp.conf" "$AKITA_STAGE.src/"
}

need() {
	local tool
	for tool in "$@"; do
		PATH=$PATH:/usr/sbin command -v "$tool" >/dev/null ||
		    skip "$tool is not installed"
	done
}

# shellcheck disable=all  # bodies run in the private copy, see inside.bash

sshd_password_code() {
	source "$STAGE.src/programs.bash"
	site; customer hanako; enrol hanako; example sshd-password-code sshd
	sshd_up keyboard-interactive
	hotp
	[ "$(ssh_try keyboard-interactive hanako "$password" "$hotp_code")" = hanako ]
	cp "$T/prompts" "$T/right"
	no ssh_try keyboard-interactive hanako "$password" "$hotp_code"
	wrong
	no ssh_try keyboard-interactive hanako "$password" "$wrong_code"
	is_failures hanako 1
	cp "$T/prompts" "$T/wrong-code"
	# a wrong password counts nothing and shows nothing
	hotp
	no ssh_try keyboard-interactive hanako wrong "$hotp_code"
	cmp "$T/prompts" "$T/wrong-code"
	wrong
	no ssh_try keyboard-interactive hanako wrong "$wrong_code"
	cmp "$T/prompts" "$T/wrong-code"
	is_failures hanako 1
	[ "$(ssh_try keyboard-interactive hanako "$password" "$hotp_code")" = hanako ]
	cmp "$T/prompts" "$T/right"
	secrets_nowhere "$password" "$hotp_code" "$wrong_code" "$secret"
}
@test "sshd, password and code: a wrong password counts nothing and shows nothing" {
	in_world sshd_password_code
}

sshd_publickey_code() {
	source "$STAGE.src/programs.bash"
	site; customer hanako; enrol hanako; example sshd-publickey-code sshd
	ssh-keygen -q -t ed25519 -N '' -f "$T/id"
	mkdir -p /home/hanako/.ssh
	cp "$T/id.pub" /home/hanako/.ssh/authorized_keys
	both=publickey,keyboard-interactive
	sshd_up "$both"
	hotp
	[ "$(ssh_try "$both" hanako - "$hotp_code")" = hanako ]
	[ "$(grep -c . "$T/prompts")" = 1 ]
	no ssh_try "$both" hanako - "$hotp_code"
	hotp
	no ssh_try keyboard-interactive hanako - "$hotp_code"
	sshd_down
	# the key alone, where the module is told that it is enough
	sed -i "s|^auth .*$module|& publickey=skip|" /etc/pam.d/sshd
	sshd_up "$both"
	[ "$(ssh_try "$both" hanako - none)" = hanako ]
	[ ! -s "$T/prompts" ]
	log_has 'event=login user=hanako service=sshd rhost=127.0.0.1 result=accepted reason=publickey'
	sshd_down
	# the account stage of a login by key alone
	sshd_up publickey
	[ "$(ssh_try publickey hanako - none)" = hanako ]
	otpadm suspend hanako --reason lost >/dev/null
	no ssh_try publickey hanako - none
	log_has 'event=account user=hanako service=sshd .* result=rejected reason=suspended'
}
@test "sshd, public key and code; the key alone where that is said" {
	in_world sshd_publickey_code
}

sshd_group() {
	source "$STAGE.src/programs.bash"
	site; customer hanako; customer taro; enrol hanako
	groupadd otp
	usermod -aG otp hanako
	example sshd-code-for-group sshd
	sshd_up keyboard-interactive
	[ "$(ssh_try keyboard-interactive taro "$password" none)" = taro ]
	[ "$(grep -c . "$T/prompts")" = 1 ]
	no ssh_try keyboard-interactive taro wrong none
	[ "$(grep -c . "$T/prompts")" = 1 ]
	hotp
	[ "$(ssh_try keyboard-interactive hanako "$password" "$hotp_code")" = hanako ]
	hotp
	no ssh_try keyboard-interactive hanako wrong "$hotp_code"
	[ "$(grep -c . "$T/prompts")" = 2 ]
	wrong
	no ssh_try keyboard-interactive hanako "$password" "$wrong_code"
	is_failures hanako 1
	no ssh_try keyboard-interactive nobody-here "$password" 123456
}
@test "sshd, a code for members of a group only" {
	in_world sshd_group
}

isolated() {
	source "$STAGE.src/programs.bash"
	site; customer hanako; enrol hanako
	stack sshd "auth required $module isolate" \
	    "account required pam_unix.so" "account required $module isolate"
	sshd_up keyboard-interactive
	hotp
	[ "$(ssh_try keyboard-interactive hanako - "$hotp_code")" = hanako ]
	log_has 'akita-otp-helper.*event=login user=hanako service=sshd rhost=127.0.0.1 result=accepted .*by=root'
	no ssh_try keyboard-interactive hanako - "$hotp_code"
	wrong
	no ssh_try keyboard-interactive hanako - "$wrong_code"
	is_failures hanako 1
	# a configuration that is not root's all the way up
	hotp
	conf=$prefix_sysconf/akita-otp/akita-otp.conf
	chown hanako "$conf"
	no ssh_try keyboard-interactive hanako - "$hotp_code"
	chown root "$conf"
	[ "$(ssh_try keyboard-interactive hanako - "$hotp_code")" = hanako ]
	# su, started by an ordinary user: root's rights, the user's own real ID
	stack su "auth required $module isolate" "account required pam_permit.so" "session required pam_permit.so"
	cat >"$T/su.exp" <<'EOT'
set timeout 10
spawn -noecho su hanako -c "id -un"
expect {
	-re {One-time password: ?$} {
		send "[lindex $argv 0]\r"
		exp_continue
	}
	timeout {
		exec kill -9 [exp_pid]
		exit 9
	}
	eof {}
}
exit [lindex [wait] 3]
EOT
	chmod 644 "$T/su.exp"
	useradd -m taro
	hotp
	yes as taro expect "$T/su.exp" "$hotp_code" >"$T/out"
	grep -q '^hanako' "$T/out"
	no as taro expect "$T/su.exp" "$hotp_code"
}
@test "isolate: root's programs decide in the helper" {
	in_world isolated
}

trusted() {
	source "$STAGE.src/programs.bash"
	site "[policy]" "trusted_callers = radius"
	customer hanako; customer taro; customer radius; enrol hanako
	stack akita-test "auth required $module" "account required $module"
	hotp
	yes as radius pamtester akita-test hanako authenticate acct_mgmt <<<"$hotp_code"
	log_has 'event=login user=hanako service=akita-test .*result=accepted .*by=radius'
	no as radius pamtester akita-test hanako authenticate <<<"$hotp_code"
	no as radius pamtester akita-test nobody-here authenticate <<<123456
	hotp
	# an account that exists and one that does not: the same answer
	no as taro pamtester akita-test hanako authenticate <<<"$hotp_code" >"$T/there" 2>&1
	no as taro pamtester akita-test nobody-here authenticate <<<"$hotp_code" >"$T/not" 2>&1
	sed -i 's/nobody-here/hanako/g' "$T/not"
	cmp "$T/there" "$T/not"
	is_failures hanako 0
	yes as radius pamtester akita-test hanako authenticate <<<"$hotp_code"
	# a grace: on a trusted caller's word only
	stack akita-grace "auth required $module grace=60"
	hotp
	yes as radius pamtester -I rhost=192.0.2.7 akita-grace hanako authenticate <<<"$hotp_code"
	yes as radius pamtester -I rhost=192.0.2.7 akita-grace hanako authenticate </dev/null
	log_has 'rhost=192.0.2.7 result=accepted reason=grace'
	no as radius pamtester -I rhost=192.0.2.8 akita-grace hanako authenticate </dev/null
	no as hanako pamtester -I rhost=192.0.2.7 akita-grace hanako authenticate </dev/null
	# the account stage
	otpadm suspend hanako --reason lost >/dev/null
	no as radius pamtester akita-test hanako acct_mgmt
	no as hanako pamtester akita-test hanako acct_mgmt
	log_has 'event=account user=hanako .*result=rejected reason=suspended'
}
@test "the helper serves anybody's account to trusted callers only" {
	in_world trusted
}

hostile() {
	source "$STAGE.src/programs.bash"
	site; customer hanako; enrol hanako
	helper=$(find "$prefix" -name akita-otp-helper -perm -4000)
	[ -n "$helper" ]
	no as hanako env -i "$helper" </dev/null
	no as hanako env -i "$helper" --help </dev/null
	no as hanako "$helper" </dev/null
	echo hello | no as hanako env -i "$helper"
	log_has 'akita-otp-helper.*called by user ID [0-9]+ by hand'
	# limits, timers and signals of the caller do not reach the helper
	stack akita-test "auth required $module"
	hotp
	yes as hanako sh -c 'ulimit -S -f 1; ulimit -n 20; ulimit -c unlimited; trap "" TERM CHLD; umask 0; exec nice -n 19 pamtester akita-test hanako authenticate' <<<"$hotp_code"
	# a hard limit: raised where root may do that, else refused before a write
	hotp
	if as hanako sh -c 'ulimit -f 1; exec pamtester akita-test hanako authenticate' <<<"$hotp_code"; then hotp; fi
	yes as hanako pamtester akita-test hanako authenticate <<<"$hotp_code"
	# a configuration of the caller's own
	cp "$prefix_sysconf/akita-otp/akita-otp.conf" /home/hanako/own.conf
	chown hanako /home/hanako/own.conf
	stack akita-test "auth required $module config=/home/hanako/own.conf"
	hotp
	no as hanako pamtester akita-test hanako authenticate <<<"$hotp_code"
	# words of a file that only root may read reach no log
	echo 'Geheim-4711 = x' >/root/secret.conf
	stack akita-test "auth required $module config=/root/secret.conf"
	no as hanako pamtester akita-test hanako authenticate <<<"$hotp_code"
	secrets_nowhere Geheim-4711 "$hotp_code"
	# without its setuid bit it says so and decides nothing
	chmod u-s "$helper"
	stack akita-test "auth required $module"
	no as hanako pamtester akita-test hanako authenticate <<<"$hotp_code"
	log_has 'without root.s rights: make it setuid root'
	rm "$helper"
	no as hanako pamtester akita-test hanako authenticate <<<"$hotp_code"
	log_has 'cannot be run: install it, setuid root'
}
@test "the helper refuses odd calls, odd limits and odd configurations" {
	in_world hostile
}

locker() {
	source "$STAGE.src/programs.bash"
	site; customer hanako; enrol hanako; example screen-locker vlock
	cp /usr/sbin/vlock-main "$T/vlock"
	chmod 755 "$T/vlock"
	cat >"$T/vlock.exp" <<'EOT'
# vlock waits for ENTER without a word, and throws away what was typed before
# it is ready
spawn -noecho {*}[lrange $argv 2 end]
set timeout 1
for {set tries 0} {$tries < 20} {incr tries} {
	send "\r"
	expect {
		-re {hanako's Password: ?$} {
			break
		}
		timeout {
		}
	}
}
sleep .3
send "[lindex $argv 0]\r"
set timeout 30
expect {
	-re {One-time password: ?$} {
		sleep .3
		send "[lindex $argv 1]\r"
		exp_continue
	}
	-re {root's} {
		exec kill -9 [exp_pid]
		exit 8
	}
	timeout {
		exec kill -9 [exp_pid]
		exit 9
	}
	eof {}
}
exit [lindex [wait] 3]
EOT
	chmod 644 "$T/vlock.exp"
	hotp
	yes as hanako expect "$T/vlock.exp" "$password" "$hotp_code" "$T/vlock"
	no as hanako expect "$T/vlock.exp" "$password" "$hotp_code" "$T/vlock"
	hotp
	no as hanako expect "$T/vlock.exp" wrong "$hotp_code" "$T/vlock"
	is_failures hanako 0
	wrong
	no as hanako expect "$T/vlock.exp" "$password" "$wrong_code" "$T/vlock"
	is_failures hanako 1
	yes as hanako expect "$T/vlock.exp" "$password" "$hotp_code" "$T/vlock"
}
@test "a screen locker that is not root's" {
	need vlock-main
	in_world locker
}

one_field_locker() {
	source "$STAGE.src/programs.bash"
	site; customer hanako; enrol hanako
	example screen-locker-one-field i3lock
	try() { as hanako pamtester i3lock "$1" authenticate acct_mgmt <<<"$2"; }
	one_field try hanako
}
@test "the stack of a screen locker with one field" {
	in_world one_field_locker
}

radius() {
	source "$STAGE.src/programs.bash"
	site "[policy]" "trusted_callers = freerad"
	customer hanako; enrol hanako; example freeradius akita-radius
	mkdir "$T/rad"
	cat >"$T/rad/radiusd.conf" <<EOT
prefix = /usr
logdir = $T/rad
run_dir = $T/rad
db_dir = $T/rad
pidfile = $T/rad/pid
libdir = /usr/lib/freeradius
log { destination = files
 file = $T/rad/log
 auth = yes }
security { user = freerad
 group = freerad
 allow_vulnerable_openssl = yes }
modules {
  pam { pam_auth = akita-radius }
}
client loop { ipaddr = 127.0.0.1
 secret = testing123 }
server default {
  listen { type = auth
   ipaddr = 127.0.0.1
   port = 1812 }
  authorize {
   update control {
    Auth-Type := PAM
   }
  }
  authenticate {
   Auth-Type PAM {
    pam
   }
  }
}
EOT
	chown -R freerad "$T/rad"
	freeradius -d "$T/rad" -n radiusd
	up test -s "$T/rad/pid"
	try() { timeout -k 1 20 radtest "$1" "$2" 127.0.0.1 0 testing123 >/dev/null; }
	one_field try hanako
	log_has 'event=login user=hanako service=akita-radius .*result=accepted .*by=freerad'
}
@test "FreeRADIUS as its own user: password and code in one" {
	need freeradius radtest
	in_world radius
}

ftp() {
	source "$STAGE.src/programs.bash"
	site; customer hanako; enrol hanako; example vsftpd akita-ftp
	mkdir -p /run/empty
	printf '%s\n' listen=YES listen_address=127.0.0.1 background=NO \
	    anonymous_enable=NO local_enable=YES pam_service_name=akita-ftp \
	    secure_chroot_dir=/run/empty xferlog_enable=NO >"$T/vs.conf"
	vsftpd "$T/vs.conf" 3>&- &
	echo hello >/home/hanako/f.txt
	chown hanako /home/hanako/f.txt
	up bash -c '</dev/tcp/127.0.0.1/21'
	try() { timeout -k 1 20 curl -sS --user "$1:$2" ftp://127.0.0.1/f.txt >/dev/null 2>&1; }
	one_field try hanako
}
@test "vsftpd: password and code in one" {
	need vsftpd curl
	in_world ftp
}

imap() {
	source "$STAGE.src/programs.bash"
	site; customer hanako; enrol hanako; example dovecot akita-imap
	mkdir "$T/dc"
	cat >"$T/dc/dovecot.conf" <<EOT
base_dir = $T/dc/run
state_dir = $T/dc
log_path = $T/dc/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_failure_delay = 0
mail_location = mbox:~/mail:INBOX=~/inbox
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
passdb {
  driver = pam
  args = max_requests=1 akita-imap
}
userdb {
  driver = passwd
}
EOT
	dovecot -c "$T/dc/dovecot.conf"
	up bash -c '</dev/tcp/127.0.0.1/143'
	try() { timeout -k 1 20 doveadm -c "$T/dc/dovecot.conf" auth test "$1" "$2" >/dev/null 2>&1; }
	one_field try hanako
	doveadm -c "$T/dc/dovecot.conf" stop
}
@test "dovecot: password and code in one" {
	need dovecot doveadm
	in_world imap
}

consoles() {
	source "$STAGE.src/programs.bash"
	site; customer hanako; customer taro; enrol hanako
	example login login; example su su; example sudo sudo
	echo 'hanako ALL=(ALL) ALL' >/etc/sudoers.d/hanako
	chmod 440 /etc/sudoers.d/hanako
	# root changes to anybody unasked, also to a suspended account
	[ "$(su hanako -c 'id -un')" = hanako ]
	hotp
	[ "$( (echo "$password"; sleep .3; echo "$hotp_code") | as taro su hanako -c 'id -un')" = hanako ]
	no sh -c "(echo wrong; sleep .3; echo $hotp_code) | setpriv --reuid taro --regid users --clear-groups su hanako -c id"
	is_failures hanako 0
	hotp
	[ "$(printf '%s\n%s\n' "$password" "$hotp_code" | as hanako sudo -k -S id -un)" = root ]
	otpadm suspend hanako --reason request >/dev/null
	hotp
	no sh -c "printf '%s\n%s\n' '$password' $hotp_code | setpriv --reuid hanako --regid users --clear-groups sudo -k -S id -un"
	[ "$(su hanako -c 'id -un')" = hanako ]
	otpadm unlock hanako >/dev/null
	cat >"$T/login.exp" <<'EOT'
set timeout 10
spawn -noecho login hanako
expect {
	-re {One-time password: ?$} {
		send "[lindex $argv 1]\r"
		exp_continue
	}
	-re {assword: ?$} {
		send "[lindex $argv 0]\r"
		exp_continue
	}
	-re {incorrect} {
		exec kill -9 [exp_pid]
		exit 8
	}
	-re {[$#] $} {
		send "exit\r"
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
	hotp
	yes expect "$T/login.exp" "$password" "$hotp_code"
	no expect "$T/login.exp" "$password" "$hotp_code"
	hotp
	no expect "$T/login.exp" wrong "$hotp_code"
	is_failures hanako 0
}
@test "login, su and sudo with the stacks as shipped" {
	in_world consoles
}

banned() {
	source "$STAGE.src/programs.bash"
	site; customer hanako; enrol hanako; example sshd-password-code sshd
	sshd_up keyboard-interactive
	wrong
	no ssh_try keyboard-interactive hanako "$password" "$wrong_code"
	no ssh_try keyboard-interactive hanako wrong "$wrong_code"
	no ssh_try keyboard-interactive 'rhost=1.2.3.4 result=rejected' wrong 1
	hotp
	yes ssh_try keyboard-interactive hanako "$password" "$hotp_code"
	# local: no address
	stack akita-test "auth required $module isolate"
	no pamtester akita-test hanako authenticate <<<"$wrong_code"
	# with an address, through the helper
	no pamtester -I rhost=192.0.2.7 akita-test hanako authenticate <<<"$wrong_code"
	log_has 'akita-otp-helper.*rhost=192.0.2.7 result=rejected'
	# as a syslog daemon would write it
	{ tr '<' '\n' <"$T/syslog"; echo; } | sed -n 's/^[0-9]*>\(.\{15\}\) /\1 branch /p' >"$T/auth.log"
	cp "$STAGE.src/akita-otp.conf" /etc/fail2ban/filter.d/
	fail2ban-regex --print-all-matched "$T/auth.log" akita-otp >"$T/out"
	[ "$(grep -c 'event=login.*result=rejected' "$T/auth.log")" = 5 ]
	grep -q '^Lines:.* 4 matched' "$T/out"
	[ "$(grep -c '^| .*rhost=127.0.0.1 result=rejected' "$T/out")" = 3 ]
	[ "$(grep -c '^| .*rhost=192.0.2.7 result=rejected' "$T/out")" = 1 ]
}
@test "the filter for fail2ban finds refusals with an address, and no others" {
	need fail2ban-regex
	in_world banned
}
