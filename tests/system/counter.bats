#!/usr/bin/env bats
# shellcheck disable=SC2154,SC2030,SC2031 # bodies run after inside.bash
# What the counter does beside the manual's procedure: a change of phone, mail
# systems in trouble, and what people may write into names and addresses.
load outside

setup_file() {
	world_setup_file /usr/sbin/sshd ssh python3
	[ -z "$AKITA_NO_WORLD" ] || return 0
	export AKITA_MAIL=$BATS_FILE_TMPDIR/mail AKITA_NO_MAIL
	mkdir "$AKITA_MAIL"
	chmod 755 "$AKITA_MAIL"
	AKITA_NO_MAIL=$("$AKITA_SRC/tests/system/mail-system" fetch \
	    "$AKITA_MAIL") && AKITA_NO_MAIL=
	cp "$AKITA_SRC/tests/system/mail-system" "$AKITA_STAGE.src/"
	echo "MAIL='$AKITA_MAIL'" >>"$AKITA_STAGE.src/inside.bash"
}

change_of_phone() {
	site; customer hanako; enrol hanako; otp_stack sshd
	sshd_up keyboard-interactive
	hotp
	yes ssh_try keyboard-interactive hanako "$password" "$hotp_code"
	old=$secret old_counter=$counter
	issue hanako --replace --type hotp
	new=$secret
	[ "$new" != "$old" ]
	hotp
	no ssh_try keyboard-interactive hanako "$password" "$hotp_code"
	log_has 'event=login user=hanako .*result=rejected reason=not_active'
	[ "$(field hanako failures)" = 0 ]
	secret=$old counter=$old_counter
	hotp
	[ "$(yes ssh_try keyboard-interactive hanako "$password" \
	    "$hotp_code")" = hanako ]
	secret=$new counter=0
	hotp
	printf '%s\n%s\n' "$start_password" "$hotp_code" |
	    otpadm activate hanako >/dev/null
	[ "$(field hanako waiting_token)" = null ]
	[ "$(field hanako generation)" = 2 ]
	secret=$old counter=$((old_counter + 1))
	hotp
	no ssh_try keyboard-interactive hanako "$password" "$hotp_code"
	secret=$new counter=1
	hotp
	yes ssh_try keyboard-interactive hanako "$password" "$hotp_code"
}
@test "change of phone: the old token opens ssh until the new one is activated, never after" {
	in_world change_of_phone
}

# What waits: how many mails, how often tried, and in how many seconds the
# first is due.
waiting() {
	"${clock[@]}" otpadm --json mail list | jq -r '.mails |
	    [length, .[0].attempts, (.[0].due_at | fromdate)] | join(" ")'
}
no_mail_system() {
	trap 'echo "line $LINENO: $BASH_COMMAND" >&2' ERR
	site "[mail]" "enabled = yes" "from = otp@example.jp" \
	    "sendmail = $T/sendmail"
	customer hanako; otp_stack sshd
	sshd_up keyboard-interactive
	otpadm register hanako --mail h@example.jp >/dev/null
	enrol hanako
	for i in 1 2 3 4 5 6 7 8 9 10; do
		wrong "$((i * 31))"
		no ssh_try keyboard-interactive hanako "$password" "$wrong_code"
	done
	[ "$(field hanako state)" = locked ]
	printf '#!/bin/sh\nexit 75\n' >"$T/sendmail"
	chmod 755 "$T/sendmail"
	otpadm suspend hanako --reason locked >/dev/null
	otpadm unlock hanako >/dev/null
	hotp
	yes ssh_try keyboard-interactive hanako "$password" "$hotp_code"
	otpadm mail list >"$T/list"
	[ "$(grep -c h@example.jp "$T/list")" = 6 ] || die "$(cat "$T/list")"

	# Tried again after growing pauses, and kept.
	lib=/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1
	[ -e "$lib" ] || die "libfaketime is not installed"
	at=$(($(date +%s) + 10))
	for pause in 60 300 900 3600 14400 43200 86400 86400; do
		clock=(env LD_PRELOAD="$lib" FAKETIME_DONT_FAKE_MONOTONIC=1
		    NO_FAKE_STAT=1 TZ=UTC
		    FAKETIME="@$(date -u -d "@$at" '+%Y-%m-%d %H:%M:%S')")
		rc=0
		"${clock[@]}" otpadm mail flush >"$T/out" 2>"$T/err" || rc=$?
		[ "$rc" = 10 ] || die "flush ended with $rc: $(cat "$T/err")"
		grep -q "$T/sendmail did not take the mail" "$T/err"
		tries=$((${tries:-0} + 1))
		read -r n tried due < <(waiting)
		[ "$n $tried" = "6 $tries" ] || die "$n mails, $tried tries"
		[ $((due - at)) -ge "$pause" ] &&
		    [ $((due - at)) -le $((pause + 20)) ] ||
		    die "after $tries tries: due in $((due - at)) seconds"
		"${clock[@]}" otpadm --json mail flush >"$T/out"
		jq -e '. == {sent: 0, failed: 0, waiting: 6}' "$T/out" >/dev/null
		at=$((due + 1))
	done
	rm "$T/sendmail"
	rc=0
	otpadm mail flush --all >/dev/null 2>"$T/err" || rc=$?
	[ "$rc" = 10 ]
	grep -q "$T/sendmail cannot be started" "$T/err"
	printf '%s\n' '#!/bin/sh' "echo mail >>$T/sent" "cat >>$T/sent" \
	    >"$T/sendmail"
	chmod 755 "$T/sendmail"
	otpadm mail flush --all >/dev/null
	[ "$(grep -c '^mail$' "$T/sent")" = 6 ]
	[ "$(otpadm --json mail list)" = '{"mails": []}' ] ||
	    otpadm --json mail list | jq -e '.mails == []' >/dev/null
}
@test "a mail system that is missing or refuses holds up no change and no login, and loses no mail" {
	in_world waiting no_mail_system
}

mailbox() {
	python3 - "$MAIL/box/mbox" "$@" <<'EOT'
import mailbox, sys
messages = list(mailbox.mbox(sys.argv[1]))
if sys.argv[2] == "headers":	# the names of the headers of the last one
    print(" ".join(sorted(k.lower() for k in messages[-1].keys())))
elif sys.argv[2] == "count":
    print(len(messages))
else:				# its recipient, sender's name, and first line
    import email.header
    last = messages[-1]
    text = lambda h: str(email.header.make_header(
        email.header.decode_header(h)))
    print(last["Envelope-to"], "|", text(last["To"]), "|",
        text(last["From"]), "|",
        last.get_payload(decode=True).decode("utf-8").splitlines()[0])
EOT
}
# taken ADDRESS NAME: an application that is taken; its mail has the headers
# that any has, and says just that
taken() {
	n=$((${n:-0} + 1))
	otpadm register "u$n" --mail "$1" --name "$2" >/dev/null ||
	    die "refused: $1 $2"
	otpadm mail flush >/dev/null
	[ "$(mailbox count)" = "$n" ] || die "not one mail: $1 $2"
	[ "$(mailbox headers)" = "$headers" ] ||
	    die "other headers: $1 $2: $(mailbox headers)"
	[ "$(mailbox text)" = "$1 | $1 | $from | Dear $2," ] ||
	    die "another text: $1 $2: $(mailbox text)"
}
# not_taken ADDRESS NAME: refused as wrong usage, with a sentence, and nothing
# is left of it
not_taken() {
	local rc=0
	otpadm register nobody --mail "$1" --name "$2" >"$T/out" 2>"$T/err" ||
	    rc=$?
	[ "$rc" = 2 ] || die "ended with $rc: $1 $2"
	[ ! -s "$T/out" ]
	[ "$(wc -l <"$T/err")" = 1 ] || die "said: $(cat "$T/err")"
	grep -q '^otpadm: .' "$T/err"
	no otpadm show nobody 2>/dev/null
	[ "$(otpadm --json mail list | jq '.mails | length')" = 0 ]
}

words() {
	trap 'echo "line $LINENO: $BASH_COMMAND" >&2' ERR
	"$STAGE.src/mail-system" up "$MAIL" >/dev/null 2>&1
	from='秋田 "花" <信> =?UTF-8?Q?x?= <otp@example.jp>'
	site 'service_name = 秋田 "花" <信> =?UTF-8?Q?x?=' \
	    "[mail]" "enabled = yes" "from = otp@example.jp" \
	    "sendmail = $MAIL/sendmail"
	otpadm mail test somebody@example.jp >/dev/null
	headers=$(mailbox headers)
	[[ " $headers " = *" from "*" subject to "* ]]
	[[ " $headers " != *cc* ]]
	rm "$MAIL/box/mbox"

	long=$(printf '%10000s' '' | tr ' ' x)
	taken plain@example.jp '秋田　太郎'
	taken o\'neil+otp@example.jp 'Seán Ó Néill'
	taken a..b.@example.jp '-f'
	taken 'a=b?c@example.jp' '=?UTF-8?B?QmNjOiBh?='
	taken 'a@example.jp' 'Taro <taro@example.jp>'
	taken 'a@example.jp' 'Bcc: taro@example.jp'
	taken 'a@example.jp' '@USER_ID@ @SECRET@'
	taken 'a@example.jp' '.'
	taken 'a@example.jp' 'From here to there'

	for name in $'a\r\nBcc: x@example.jp' $'a\nBcc: x@example.jp' \
	    $'a\rb' $'a\tb' $'a\eb' $'S\xe9an' $'\xc0\x80' "$long"; do
		not_taken a@example.jp "$name"
	done
	for address in $'a@example.jp\r\nBcc: x@example.jp' \
	    $'a@example.jp\nBcc: x@example.jp' $'a@example.jp\r' \
	    $'a\n@example.jp' 'a <a@example.jp>' '<a@example.jp>' \
	    'a@example.jp, b@example.jp' 'a@example.jp b@example.jp' \
	    -f@example.jp '|sh@example.jp' /etc/passwd@example.jp \
	    '=?UTF-8?B?QmNj?=@example.jp' 'a=?b@example.jp' \
	    '太郎@example.jp' $'\xe9@example.jp' 'a@例え.jp' a@ @b a '' \
	    "$long@example.jp" "a@$long.jp"; do
		not_taken "$address" Taro
	done

	# NUL comes in files only.
	printf 'user,mail,activation_password\nnul,a\0@example.jp,1234\n' \
	    >"$T/nul.csv"
	rc=0
	otpadm import --format csv "$T/nul.csv" --out "$T/out.csv" \
	    --failed "$T/failed.csv" >/dev/null 2>&1 || rc=$?
	[ "$rc" != 0 ]
	no otpadm show nul 2>/dev/null
	[ "$(mailbox count)" = "$n" ]
}
@test "names and addresses of any kind make one mail with its own headers, or are refused" {
	[ -z "$AKITA_NO_MAIL" ] || skip "$AKITA_NO_MAIL"
	in_world mailbox taken not_taken words
}

units() {
	dir=$(dirname "$(find "$STAGE" -name akita-otp-mail.timer)")
	cp "$dir"/akita-otp-mail.* /etc/systemd/system/
	systemd-analyze verify --man=no /etc/systemd/system/akita-otp-mail.* \
	    2>"$T/said" || die "$(cat "$T/said")"
	no grep akita "$T/said"
	grep -q "^ExecStart=$prefix/sbin/otpadm mail flush$" \
	    /etc/systemd/system/akita-otp-mail.service
}
@test "systemd takes the timer and the service as they are installed" {
	command -v systemd-analyze >/dev/null || skip "no systemd-analyze"
	in_world units
}
