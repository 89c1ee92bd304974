# inside.bash: what a system test does inside its private copy of the machine
# (scripts/world).  Sourced; PATH has otpadm, $module is the PAM module.
set -euo pipefail
export LC_ALL=C.UTF-8
T=$KEEP
password='Kome-1kg'
start_password=4649

die() { printf '%s\n' "$*" >&2; exit 1; }

touch -d '1 second ago' "$T/began"

# Install what the build staged, and start a log.
cp -a "$STAGE/." /
prefix=$(cat "$STAGE.prefix")
export PATH=$prefix/sbin:$prefix/bin:/usr/sbin:/usr/bin:/sbin:/bin
module=$(cat "$STAGE.module")
: >"$T/syslog"
chmod 666 "$T/syslog"
socat -u UNIX-RECV:/dev/log,mode=666 "OPEN:$T/syslog,append" 3>&- &
for _ in $(seq 100); do [ -S /dev/log ] && break; sleep 0.02; done
[ -S /dev/log ] || die "no /dev/log"

# site [LINE ...]: a fresh installation with these lines in its configuration
site() {
	local conf=$prefix_sysconf/akita-otp/akita-otp.conf
	mkdir -p "${conf%/*}"
	printf '%s\n' "[service]" "lang = en" "$@" >"$conf"
	chmod 644 "$conf"
	otpadm init >/dev/null
}
prefix_sysconf=$(cat "$STAGE.sysconfdir")

# customer NAME: a login account with the password
customer() {
	useradd -m -N -s /bin/bash "$1"
	echo "$1:$password" | chpasswd
}

# issue NAME [OPTION ...]: a token; sets $secret (base32)
issue() {
	local name=$1 json
	shift
	json=$(printf '%s\n' "$start_password" |
	    otpadm --json issue "$name" "$@")
	secret=$(jq -r .otpauth_uri <<<"$json")
	secret=${secret#*secret=}
	secret=${secret%%&*}
	counter=0
}

# code [OFFSET]: what the phone shows OFFSET minutes from now
code() {
	oathtool --totp -s 60 -d 6 -b "$secret" --now \
	    "@$(($(date +%s) + 60 * ${1:-0}))" 2>/dev/null ||
	oathtool --totp -s 60 -d 6 -b "$secret" --now \
	    "$(date -u -d "${1:-0} minute" '+%Y-%m-%d %H:%M:%S UTC')"
}

# hotp: the next code of a HOTP token
hotp() {
	hotp_code=$(oathtool --hotp -d 6 -c "$counter" -b "$secret")
	counter=$((counter + 1))
}

# enrol NAME: a HOTP token in use (codes without waiting for the clock)
enrol() {
	issue "$1" --type hotp
	hotp
	printf '%s\n%s\n' "$start_password" "$hotp_code" |
	    otpadm activate "$1" >/dev/null
}

# wrong: six digits that no counter near has
wrong() {
	local near n=${1:-271828}
	near=" $(oathtool --hotp -d 6 -c "$((counter > 0 ? counter - 1 : 0))" \
	    -w 30 -b "$secret" | tr '\n' ' ') "
	while :; do
		wrong_code=$(printf '%06d' "$n")
		case $near in *" $wrong_code "*) n=$((n + 1)) ;; *) return ;; esac
	done
}

account() { otpadm --json show "$1"; }
field() { account "$1" | jq -r ".$2"; }

# stack SERVICE LINE ...: its file in /etc/pam.d
stack() {
	local service=$1
	shift
	printf '%s\n' "$@" >"/etc/pam.d/$service"
}
otp_stack() {
	stack "$1" "auth [success=1 default=ignore] pam_unix.so nodelay" \
	    "auth requisite $module decoy" "auth required $module" \
	    "account required pam_unix.so" "account required $module" \
	    "session required pam_unix.so"
}

# sshd METHODS [LINE ...]: a server on 127.0.0.1:22
sshd_up() {
	local methods=$1
	shift
	[ -e "$T/hk" ] || ssh-keygen -q -t ed25519 -N '' -f "$T/hk"
	printf '%s\n' "Port 22" "ListenAddress 127.0.0.1" "HostKey $T/hk" \
	    "PidFile $T/sshd.pid" "UsePAM yes" "PasswordAuthentication yes" \
	    "KbdInteractiveAuthentication yes" \
	    "AuthenticationMethods $methods" "StrictModes no" "UseDNS no" \
	    "LogLevel VERBOSE" "MaxStartups 1000" "ExposeAuthInfo yes" "$@" \
	    >"$T/sshd_config"
	/usr/sbin/sshd -f "$T/sshd_config" -E "$T/sshd.log"
	for _ in $(seq 100); do
		[ -s "$T/sshd.pid" ] && return
		sleep 0.02
	done
	die "sshd does not start: $(cat "$T/sshd.log")"
}
sshd_down() { kill "$(cat "$T/sshd.pid")"; rm -f "$T/sshd.pid"; }

# ssh_try METHOD USER PASSWORD CODE [PASSWORD2]: log in; prompts seen in
# $T/prompts; what the session says on stdout.  Exit status as ssh's.
ssh_try() {
	local method=$1 user=$2
	cat >"$T/ask" <<EOT
#!/bin/sh
printf '%s\n' "\$1" >>$T/prompts
case \$1 in
*assword*first*time*) echo '${5:-}' ;;
*[Oo]ne-time*) echo '$4' ;;
*assword*) echo '$3' ;;
*) echo odd ;;
esac
EOT
	chmod 755 "$T/ask"
	: >"$T/prompts"
	SSH_ASKPASS=$T/ask SSH_ASKPASS_REQUIRE=force timeout -k 1 20 \
	    ssh -F none -o StrictHostKeyChecking=no \
	    -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
	    -o PreferredAuthentications="$method" \
	    -o NumberOfPasswordPrompts=1 -o IdentityFile="$T/id" \
	    -o IdentitiesOnly=yes "$user@127.0.0.1" id -un </dev/null
}
yes() { "$@" || die "refused: $*"; }
no() { if "$@"; then die "let in: $*"; fi; }

# as USER CMD...: with the user's own rights, no PAM involved
as() {
	local who=$1
	shift
	setpriv --reuid "$who" --regid users --clear-groups "$@"
}

# log_has PATTERN: the system's log has a line
log_has() {
	for _ in $(seq 50); do
		tr '<' '\n' <"$T/syslog" | grep -Eq "$1" && return
		sleep 0.02
	done
	tr '<' '\n' <"$T/syslog" >&2
	die "not in the log: $1"
}
# secrets_nowhere WORD...: none of these in any log written to since we began
secrets_nowhere() {
	local word logs
	mapfile -t logs < <(find "$T/syslog" "$T/sshd.log" /var/log -type f \
	    -newer "$T/began" -size +0)
	for word in "$@"; do
		if grep -Fl -- "$word" "${logs[@]}"; then
			die "found in a log: a secret"
		fi
	done
}
