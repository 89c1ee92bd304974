# shellcheck shell=bash
# What the tests of otpadm share: a private configuration, answers, codes.

: "${AKITA_SRC:=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}"
: "${AKITA_BUILD:=$AKITA_SRC}"
OTPADM=$AKITA_BUILD/otpadm
FAKETIME_LIB=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1

# A directory whose every parent is trusted, with a configuration in it.
# $1: more lines, as "section key = value", one each.
world() {
	umask 022
	unset LC_ALL LC_MESSAGES LANGUAGE SUDO_UID SUDO_GID SUDO_USER
	export LANG=C.UTF-8 TZ=UTC
	W=$(mktemp -d "${TMPDIR:-/tmp}/akita-cli.XXXXXX")
	CONF=$W/akita-otp.conf
	configure "$@"
}

unworld() {
	rm -rf "$W"
}

# configure ["section key = value"]...: (re)write the configuration.
configure() {
	printf '%s\n' "storage database = gdbm:$W/db/tokens.gdbm" \
	    "storage key_file = $W/master.key" \
	    "audit file = $W/log/audit.log" "$@" |
	awk '{ s = $1; sub(/^[^ ]+ /, ""); t[s] = t[s] $0 "\n" }
	END { for (s in t) printf "[%s]\n%s", s, t[s] }' >"$CONF"
}

adm() {
	"$OTPADM" --config "$CONF" "$@"
}

# at WHEN ARGUMENTS...: otpadm while the clock says WHEN ("+15d").
at() {
	local when=$1
	shift
	env LD_PRELOAD="$FAKETIME_LIB" FAKETIME="$when" \
	    FAKETIME_DONT_FAKE_MONOTONIC=1 FAKETIME_CACHE_DURATION=86400 \
	    "$OTPADM" --config "$CONF" "$@"
}

need_faketime() {
	[ -e "$FAKETIME_LIB" ] || skip "libfaketime is not installed"
	case $(ldd "$OTPADM") in *libasan*) skip "not with AddressSanitizer" ;;
	esac
}

# code KEY [SECONDS]: the code of a token by the configured defaults, now or
# some seconds from now.
code() {
	oathtool --totp -b -s 60 --now "${2:-+0} seconds" "$1"
}

# secret: of the URI in the JSON on standard input.
secret() {
	jq -r .otpauth_uri | sed 's/.*[?&]secret=\([A-Z2-7]*\).*/\1/'
}

# issued USER [ARGUMENTS...]: issue with password 1234; $KEY is its key.
issued() {
	KEY=$(echo 1234 | adm issue --json "$@" | secret)
	[ -n "$KEY" ]
}

# active USER: issued and activated; the current code is spent.
active() {
	issued "$1"
	printf '1234\n%s\n' "$(code "$KEY")" | adm activate "$1" >/dev/null
}

# wrong_code KEY: one that is none of those around now.
wrong_code() {
	local try
	for try in 000000 111111 222222 333333 444444 555555; do
		case " $(code "$1" -60) $(code "$1") $(code "$1" 60) " in
		*" $try "*) ;;
		*) echo "$try"; return ;;
		esac
	done
}

# fail_codes USER KEY N: N wrong codes in a row.
fail_codes() {
	local i
	for ((i = 0; i < $3; i++)); do
		wrong_code "$2" | adm verify "$1" >/dev/null &&
		    return 1
	done
	return 0
}

state() {
	adm show --json "$1" | jq -r .state
}

# runs STATUS ARGUMENTS...: otpadm ends with STATUS; its standard output is in
# $out, its standard error in $err.  Standard input is passed on.
runs() {
	local want=$1 got=0
	shift
	adm "$@" >"$W/out" 2>"$W/err" || got=$?
	out=$(cat "$W/out")
	err=$(cat "$W/err")
	[ "$got" -eq "$want" ] || {
		echo "otpadm $*: ended with $got, not $want"
		echo "out: $out"
		echo "err: $err"
		return 1
	}
}

# refused STATUS ARGUMENTS...: as runs, with nothing on standard output and a
# sentence on standard error.
refused() {
	runs "$@" || return 1
	[ ! -s "$W/out" ] || { echo "printed: $out"; return 1; }
	[ -n "$err" ] || { echo "said nothing"; return 1; }
}
