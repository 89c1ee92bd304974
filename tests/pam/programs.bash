# programs.bash: what the tests in programs.bats share, beside inside.bash.
# Sourced inside the private copy of the machine.
# shellcheck shell=bash disable=SC2154 # names of inside.bash

# example NAME SERVICE: a stack of etc/pam.d as it is shipped, but with this
# build's module, and without pam_unix's own pause after a wrong password
example() {
	sed -e "s|pam_akita_otp\\.so|$module|" \
	    -e 's|\(pam_unix\.so\)\(.*\)$|\1\2 nodelay|' \
	    "$STAGE.src/pam.d/$1" >"/etc/pam.d/$2"
	# A stack without sessions of others: these belong to the machine.
	sed -i '/^@include common-\(session\|password\)/d' "/etc/pam.d/$2"
}

failures() { field "$1" failures; }

# is_failures USER N
is_failures() {
	local n
	n=$(failures "$1")
	[ "$n" = "$2" ] || die "$1 has $n failures, not $2"
}

# fields TRY USER: password and code in one field, by the command
# `TRY USER FIELD`: right ones open; a wrong password and a wrong code do not
one_field() {
	local try=$1 user=$2
	hotp
	yes "$try" "$user" "$password$hotp_code"
	no "$try" "$user" "$password$hotp_code"
	is_failures "$user" 0
	hotp
	no "$try" "$user" "wrong$hotp_code"
	is_failures "$user" 0
	wrong
	no "$try" "$user" "$password$wrong_code"
	is_failures "$user" 1
	no "$try" "$user" "$password"
	is_failures "$user" 1
	no "$try" nobody-here "$password$wrong_code"
	hotp
	yes "$try" "$user" "$password$hotp_code"
	is_failures "$user" 0
	otpadm suspend "$user" --reason lost >/dev/null
	hotp
	no "$try" "$user" "$password$hotp_code"
}

# up COMMAND...: wait until COMMAND succeeds, two seconds at most
up() {
	local i
	for i in $(seq 100); do
		"$@" >/dev/null 2>&1 && return
		sleep 0.02
	done
	die "not up after $i tries: $*"
}
