# shellcheck shell=bash disable=SC2016,SC2154
# doctor.bats: what `otpadm doctor --pam` says of stacks in the real /etc/pam.d
# of a private copy of this machine, and that it says true.

setup_file() {
	load outside
	world_setup_file sshd ssh-keygen pamtester
}

setup() {
	load outside
}

# says STATUS PATTERN [SERVICE]: how the doctor ends, and what it must say
says() {
	local got=0
	otpadm doctor --pam "${3:-akita}" >"$T/said" 2>/dev/null || got=$?
	[ "$got" -eq "$1" ] || die "ended with $got, not $1: $(cat "$T/said")"
	grep -q -- "$2" "$T/said" || die "no '$2' in: $(cat "$T/said")"
}

# example FILE SERVICE: a shipped stack, the module by its path
example() {
	sed "s|pam_akita_otp.so|$module|" "$STAGE.src/pam.d/$1" \
	    >"/etc/pam.d/$2"
}

examples() {
	for file in "$STAGE.src"/pam.d/*; do
		example "${file##*/}" akita
		case ${file##*/} in
		sshd-code-for-group)
			says 0 "auth lines: warning: .*whom /etc/pam.d/akita:13 chooses"
			;;
		su) says 0 "auth lines: good: .*root already, by /etc/pam.d/akita:4" ;;
		*) says 0 "auth lines: good: no login succeeds" ;;
		esac
		says 0 "account lines: good: suspended accounts are refused"
		says 0 "module: good: $module"
	done
	# as an administrator may spoil it
	example sshd-password-code akita
	sed -i 's/ decoy//; s/success=1/success=2/' /etc/pam.d/akita
	echo "auth required pam_permit.so" >>/etc/pam.d/akita
	says 9 "auth lines: BROKEN: .*/etc/pam.d/akita:12 (\[success=2 default=ignore\] pam_unix.so) jumps over /etc/pam.d/akita:13"
	example login akita
	sed -i "s|^auth.*required.*$module$|& nullok|; 1i @include common-auth" /etc/pam.d/akita
	says 9 "/etc/pam.d/akita:11 says nullok"
	# as a distribution may: the line in common-auth, behind its jumps
	sed -i "s/success=1/success=2/; /pam_permit/i auth required $module" /etc/pam.d/common-auth
	stack akita "@include common-auth" "account required $module"
	says 9 "/etc/pam.d/common-auth:[0-9]* (\[success=2 default=ignore\] pam_unix.so nullok) jumps over /etc/pam.d/common-auth:"
}
@test "the shipped stacks are good; spoilt ones are told by their line" {
	in_world says example examples
}

places() {
	stack other "auth required $module" "account required $module"
	says 0 "no login succeeds" no-such-service
	mkdir -p /usr/lib/pam.d
	stack sub "auth sufficient pam_unix.so"
	mv /etc/pam.d/sub /usr/lib/pam.d/sub
	stack akita "auth include sub" "auth required $module" "account required $module"
	says 9 "/usr/lib/pam.d/sub:1 (sufficient pam_unix.so) ends the stack before /etc/pam.d/akita:2"
	stack akita "auth required pam_akita_otp_gone.so" "auth required /nowhere/pam_akita_otp.so"
	says 9 "module: BROKEN: /nowhere/pam_akita_otp.so is not where"
	stack akita "auth required $T/pam_akita_otp.so" "account required $T/pam_akita_otp.so"
	cp "$module" "$T/pam_akita_otp.so"
	chmod 666 "$T/pam_akita_otp.so"
	says 9 "module: BROKEN: .*pam_akita_otp.so"
	chmod 644 "$T/pam_akita_otp.so"
	says 0 "module: good"
	echo rubbish >"$T/pam_akita_otp.so"
	says 9 "cannot be loaded"
	stack akita "@include gone"
	says 9 "nobody can log in: /etc/pam.d/akita:1 includes gone"
	if otpadm doctor --pam ../pam.d/akita; then die "a path was taken"; fi
	# in both languages, as JSON, and by anybody
	stack akita "auth sufficient pam_unix.so" "auth required $module"
	useradd -M -N hanako
	setpriv --reuid hanako --regid users --clear-groups \
	    "$(command -v otpadm)" --json doctor --pam akita >"$T/json" && die "it is not good"
	jq -e '.good == false and .checks[0].check == "pam-auth" and
	    .checks[0].result == "broken" and
	    (.checks[0].message | test("/etc/pam.d/akita:1 .*ends the stack"))' "$T/json"
	jq -e '.checks[1] | .check == "pam-account" and .result == "good"' "$T/json"
	otpadm --lang ja doctor --pam akita >"$T/said" 2>/dev/null && die "it is not good"
	grep -q 'ワンタイムパスワードなしでログインできます：/etc/pam.d/akita:1' "$T/said"
}
@test "other, /usr/lib/pam.d, missing and unsafe modules; JSON, Japanese, any user" {
	in_world says places
}

# sshd_says STATUS PATTERN LINE ...: with these lines in sshd_config
sshd_says() {
	local status=$1 pattern=$2
	shift 2
	printf '%s\n' "HostKey $T/hk" "$@" >/etc/ssh/sshd_config
	says "$status" "$pattern" sshd
}

sshd_options() {
	example sshd-password-code sshd
	ssh-keygen -q -t ed25519 -N '' -f "$T/hk"
	for asked in yes no; do
		# where sshd cannot be asked, its files are read
		[ $asked = yes ] || mv /usr/sbin/sshd /usr/sbin/sshd.gone
		sshd_says 0 "sshd's methods: good" "UsePAM yes" "PasswordAuthentication no" \
		    "KbdInteractiveAuthentication yes" "AuthenticationMethods keyboard-interactive"
		sshd_says 9 "sshd: BROKEN: .*UsePAM yes" "UsePAM no"
		sshd_says 9 "sshd: BROKEN: .*KbdInteractiveAuthentication yes" "UsePAM yes" \
		    "ChallengeResponseAuthentication no"
		sshd_says 0 "sshd's methods: warning: a public key alone" "UsePAM yes"
		sshd_says 0 "warning: sshd offers the method password" "UsePAM yes" "PubkeyAuthentication no"
		sshd_says 0 "warning: AuthenticationMethods publickey keyboard" "UsePAM yes" \
		    "AuthenticationMethods publickey keyboard-interactive"
		mkdir -p /etc/ssh/sshd_config.d
		echo "UsePAM no" >/etc/ssh/sshd_config.d/first.conf
		sshd_says 9 "sshd: BROKEN: .*UsePAM yes" "Include /etc/ssh/sshd_config.d/*.conf" "UsePAM yes"
		rm /etc/ssh/sshd_config.d/first.conf
	done
}
@test "sshd's own options are looked at" {
	in_world says example sshd_says sshd_options
}

helper() {
	site; customer hanako; enrol hanako
	file=$(find "$STAGE" -name akita-otp-helper -type f)
	file=${file#"$STAGE"}
	otpadm doctor >"$T/said"
	grep -q "^helper: good: $file$" "$T/said"
	chmod 755 "$file"
	otpadm doctor >"$T/said"
	grep -q '^helper: warning: .*chmod 4755' "$T/said"
	chmod 4777 "$file"
	if otpadm doctor >"$T/said"; then die "others may write it"; fi
	grep -q '^helper: BROKEN: ' "$T/said"
	rm "$file"
	otpadm doctor >"$T/said"
	grep -q '^helper: warning: ' "$T/said"
}
@test "the helper is there, root's, setuid, and nobody else's to write" {
	in_world helper
}

expired_password() {
	site; customer hanako; enrol hanako; example sshd-publickey-code sshd
	ssh-keygen -q -t ed25519 -N '' -f "$T/id"
	mkdir -p /home/hanako/.ssh
	cp "$T/id.pub" /home/hanako/.ssh/authorized_keys
	chown -R hanako /home/hanako/.ssh
	sshd_up publickey "ForceCommand echo in"
	yes ssh_try publickey hanako - -
	otpadm suspend hanako --reason lost >/dev/null
	no ssh_try publickey hanako - -
	chage -d 0 hanako
	no ssh_try publickey hanako - -
	printf '%s\n' "UsePAM yes" "HostKey $T/hk" >/etc/ssh/sshd_config
	says 0 "account lines: good" sshd
	no pamtester sshd hanako acct_mgmt
	# in the other order the answer is not ours: first change the password
	sed -i "\\|^account.*$module|d" /etc/pam.d/sshd
	echo "account required $module" >>/etc/pam.d/sshd
	says 9 "account lines: BROKEN: .*common-account:[0-9]* .*can pass over /etc/pam.d/sshd:" sshd
	no pamtester sshd hanako acct_mgmt >"$T/out" 2>&1
	grep -q 'new one required' "$T/out"
}
@test "a suspended account stays out also where its password is to be changed" {
	in_world says example expired_password
}
