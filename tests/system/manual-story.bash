# shellcheck shell=bash disable=SC2154 # sourced after inside.bash
# The service manual's procedure in its own order, in a private copy of the
# machine: each step's words (手引) and beside them what happened (実際), on
# descriptor 4.  Ends with an error as soon as anything is not as it should be.

src=$STAGE.src
key_of_words=$src/manual-words.ja.txt
user=t-akita
last=0
n_mails=0
: >"$T/steps"

say() { printf '# %s\n' "$@" >&4; }
indented() { while IFS= read -r line; do say "      $line"; done; }

# step NO: the manual's words
step() {
	local text
	text=$(awk -v RS= -F'\n' -v no="$1" \
	    '$1 == no { sub(/^[^\n]*\n/, ""); print }' "$key_of_words")
	[ -n "$text" ] || die "no words of $1"
	echo "$1" >>"$T/steps"
	say "" "$1"
	sed '1s/^/手引  /; 2,$s/^/      /' <<<"$text" |
	    while IFS= read -r line; do say "$line"; done
}
did() { say "実際  $*"; }

# adm STATUS ARGUMENTS...: otpadm, as staff type it; ends with STATUS
adm() {
	local want=$1 rc=0
	shift
	otpadm "$@" >"$T/out" 2>&1 || rc=$?
	{ printf '$ otpadm %s\n' "$*"; cat "$T/out"; } | indented
	[ "$rc" = "$want" ] || die "otpadm $* ended with $rc, not $want"
}
# shows WORD...: the last command said each of them
shows() {
	local word
	for word in "$@"; do
		grep -qF -- "$word" "$T/out" || die "not shown: $word"
	done
}

# terminal ANSWER,ANSWER... COMMAND...: at a terminal of 80 by 24, each prompt
# answered; what it showed is in $T/out
cat >"$T/terminal.exp" <<'EOT'
set timeout 20
set stty_init "rows 24 columns 80"
set answers [split [lindex $argv 0] ,]
spawn -noecho {*}[lrange $argv 1 end]
foreach answer $answers {
	expect {
		-re {: $} { send -- "$answer\r" }
		timeout {
			exec kill -9 [exp_pid]
			exit 9
		}
	}
}
expect eof
exit [lindex [wait] 3]
EOT
terminal() {
	expect "$T/terminal.exp" "$@" >"$T/raw" || die "terminal: $*"
	tr -d '\r' <"$T/raw" >"$T/out"
}
# screen FROM [TO]: lines of it, by what they hold
screen() {
	sed -n "/$1/,/${2:-$1}/{p; /${2:-$1}/q}" "$T/out" |
	    sed 's/ *$//' | indented
}

# mails [BODY]: flush, and show what has come into the mailbox since the last
# time; with BODY the lines of the bodies too
mails() {
	adm 0 mail flush
	python3 - "$box" "$n_mails" "${1:-}" >"$T/mails" <<'EOT'
import email.header, mailbox, sys
box = mailbox.mbox(sys.argv[1])
text = lambda h: str(email.header.make_header(email.header.decode_header(h)))
for message in list(box)[int(sys.argv[2]):]:
    print("メール  差出人：" + text(message["From"]))
    print("        宛先：" + text(message["To"]))
    print("        件名：" + text(message["Subject"]))
    assert message.get_all("From") and len(message.get_all("Subject")) == 1
    if sys.argv[3]:
        body = message.get_payload(decode=True).decode("utf-8")
        print("".join("          " + line + "\n" for line in
            body.splitlines()[:9]).rstrip("\n"))
EOT
	n_mails=$(grep -c '^From ' "$box")
	[ -s "$T/mails" ] || die "no mail came"
	indented <"$T/mails"
}
mailed() {
	local word
	for word in "$@"; do
		grep -qF -- "$word" "$T/mails" || die "not mailed: $word"
	done
}

# fresh: $code becomes one of the phone's that is good and was not used
fresh() {
	local now step
	now=$(($(date +%s) / 60))
	step=$((last >= now ? last + 1 : now))
	while [ "$step" -gt $((now + 1)) ]; do
		sleep 1
		now=$(($(date +%s) / 60))
	done
	last=$step
	code=$(phone "$step")
}
phone() {
	oathtool --totp -s 60 -d 6 -b "$secret" \
	    --now "$(date -u -d "@$(($1 * 60))" '+%Y-%m-%d %H:%M:%S UTC')"
}
not_shown() {	# $code becomes one that the phone shows at no time near
	local near step n=$1
	near=' '
	for step in -3 -2 -1 0 1 2 3; do
		near="$near$(phone $(($(date +%s) / 60 + step))) "
	done
	code=$(printf '%06d' "$n")
	while [[ $near = *" $code "* ]]; do
		n=$((n + 1))
		code=$(printf '%06d' "$n")
	done
}
scan() {	# the phone reads the QR code from the terminal
	"$src/term2pgm" dark "$T/out" >"$T/qr.pgm"
	uri=$(zbarimg --nodbus -q --raw -S'*.disable' -Sqrcode.enable \
	    "$T/qr.pgm")
	secret=${uri#*secret=}
	secret=${secret%%&*}
	echo "$secret" >>"$T/secrets"
}

# login USER CODE [ACTIVATION PASSWORD]: ssh, as a person sees it.  While
# $T/hold is there, the answer to the code prompt waits.
login() {
	local rc=0
	cat >"$T/ask" <<EOT
#!/bin/sh
prompt=\$(printf '%s' "\$1" | sed 's/^([^)]*) //')
case \$prompt in
*利用開始パスワード*) answer='${3:-}' shown='' ;;
*ワンタイムパスワード*)
	answer='$2' shown='$2'
	while [ -e '$T/hold' ]; do
		: >'$T/at-prompt'
		sleep 0.05
	done ;;
*) answer='$password' shown='' ;;
esac
printf '%s%s\n' "\$prompt" "\$shown" >>'$T/login'
printf '%s\n' "\$answer"
EOT
	chmod 755 "$T/ask"
	printf '$ ssh %s@127.0.0.1\n' "$1" >"$T/login"
	SSH_ASKPASS=$T/ask SSH_ASKPASS_REQUIRE=force timeout -k 1 30 \
	    ssh -F none -o StrictHostKeyChecking=no \
	    -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
	    -o PreferredAuthentications=keyboard-interactive \
	    -o NumberOfPasswordPrompts=1 "$1@127.0.0.1" \
	    'id -un; echo ログインしました' </dev/null \
	    >>"$T/login" 2>&1 || rc=$?
	return "$rc"
}
logs_in() {
	login "$@" || die "not let in: $(cat "$T/login")"
	indented <"$T/login"
	grep -qx "$1" "$T/login"
}
refused() {
	if login "$@"; then die "let in: $(cat "$T/login")"; fi
}

# issue_for USER FORM MAIL [OPTION ...]: トークン発行 at the terminal
issue_for() {
	local who=$1 form=$2 mail=$3
	shift 3
	terminal "$start_password,$start_password" otpadm issue "$who" \
	    --form "$form" --mail "$mail" "$@"
	if grep -qF "$start_password" "$T/out"; then
		die "the activation password is on the screen"
	fi
	scan
	last=0
}

# ---- the house: the Japanese example configuration, sshd, a mailbox ----

"$src/mail-system" up "$MAIL" >"$T/mail-system.log" 2>&1 ||
    die "$(cat "$T/mail-system.log")"
box=$MAIL/box/mbox
conf=$prefix_sysconf/akita-otp/akita-otp.conf
mkdir -p "${conf%/*}"
sed "/^from = /a sendmail = $MAIL/sendmail" "$src/akita-otp.ja.conf" >"$conf"
chmod 644 "$conf"
otpadm init >/dev/null
sed "s,pam_akita_otp.so,$module," "$src/pam.d/sshd-password-code" \
    >/etc/pam.d/sshd
customer "$user"
customer t-senshu
sshd_up keyboard-interactive

say "手引（「ワンタイムパスワード機能」設定方法について）と実際"
say "窓口の端末では otpadm、お客様の端末では ssh、メールは exim の郵便箱です。"

# ---- １ and ２: from the application to the use ----

step "１(1)"
did "窓口で申込を受け付けます（申込書番号、店舗、届出のアドレス）。"
adm 0 register "$user" --name '秋田　太郎' --branch 001 --form A-17 \
    --mail taro@example.jp
shows 申込受付済 '秋田　太郎'

step "１(2)"
did "届出のアドレスに通知が届きます。"
mails body
mailed ワンタイムパスワード申請お取扱い開始のご案内 taro@example.jp \
    '秋田　太郎 様'

step "１(3)"
did "お客様は通知を受けて窓口にお越しになります。設定前のログインは開きません。"
refused "$user" 123456
indented <"$T/login"
[ "$(field $user state)" = registered ]

step "２(1)"
did "照会の画面です。未登録の方と、申込を受け付けた方の登録状況が分かります。"
adm 4 show t-senshu
adm 0 show "$user"
shows 登録状況 申込受付済

step "２(2)"
did "窓口の端末（80桁×24行）でトークン発行を行います。"
indented <<<"$ otpadm issue $user --form B-21 --mail phone@example.jp"
issue_for "$user" B-21 phone@example.jp
first_id=$(field $user user_id)

step "２(3)"
did "お客様が利用開始パスワードを入力します（画面に出ません）。"
screen お客様がお決めになる
shows 数字4〜8桁

step "２(4)"
did "確認のため、もう一度入力します。"
screen もう一度
[ "$(field $user state)" = issued ]

step "２(5)"
did "送付先メールアドレス、サービスID、ユーザIDが画面に出ます。"
screen アカウント名 次の手続き
indented <<<"（ここにQRコードが表示されます）"
shows 'サービスID  ' 'ユーザID  ' "$first_id" AKITA 利用開始待ち
adm 0 show "$user"
shows 送付先メールアドレス phone@example.jp

step "２(6)"
did "登録したアドレスにサービスIDとユーザIDをお送りします（URLは載せません）。"
did "届出のアドレスには、発行のお知らせをお送りします。"
mails body
mailed phone@example.jp taro@example.jp サービスID：AKITA \
    "ユーザID：$first_id" トークン発行のお知らせ

step "２(7)"
did "スマートフォンで画面のQRコードを読み取ります（zbarimg）。"
indented <<<"${uri/secret=$secret/secret=…}"
[[ $uri = otpauth://totp/*:$user\?secret=*period=60* ]]

step "２(8)"
did "窓口の端末で利用開始を行います。"
fresh
indented <<<"$ otpadm activate $user"
terminal "$start_password,$code" otpadm activate "$user"

step "２(9)"
did "スマートフォンに表示されたワンタイムパスワード（$code）を入力します。"
screen 利用開始パスワード ワンタイムパスワード
shows "ワンタイムパスワード: $code"

step "２(10)"
did "利用開始が完了し、登録状況が表示されます。"
screen アカウント名 登録状況
shows サービス利用中

step "２(11)"
did "登録状況は「サービス利用中」、普段どおりログインできます。"
adm 0 show "$user" --lang ja
shows サービス利用中
fresh
logs_in "$user" "$code"
mails
mailed 利用開始のお知らせ
did "使用済みのワンタイムパスワードでは、もう開きません。"
refused "$user" "$code"
indented <"$T/login"

say "" "２(8)〜(11)　ログインの中での利用開始（別のお客様）"
adm 0 register t-senshu --name '仙北　花子' --branch 001 --form A-18 \
    --mail hanako@example.jp
issue_for t-senshu B-22 hanako@example.jp
did "初めてのログインで、続けて利用開始パスワードをお尋ねします。"
fresh
logs_in t-senshu "$code" "$start_password"
grep -q '利用開始パスワード（初回のみ・数字4〜8桁）' "$T/login"
[ "$(field t-senshu state)" = active ]
mails
mailed hanako@example.jp 利用開始のお知らせ

# ---- ３: the notices ----

step "３(1)"
did "ログインの途中（ワンタイムパスワードの入力待ち）で、窓口が利用停止にします。"
fresh
: >"$T/hold"
(refused t-senshu "$code") 4>&- &
waiting=$!
for _ in $(seq 200); do [ -e "$T/at-prompt" ] && break; sleep 0.05; done
[ -e "$T/at-prompt" ]
adm 0 suspend t-senshu --reason lost --form C-4
shows 利用停止中 紛失
rm "$T/hold"
wait "$waiting" || die "the open prompt let in"
indented <"$T/login"
log_has 'event=login user=t-senshu .*result=rejected reason=suspended'
did "新しいログインも開きません。"
refused t-senshu "$code"
mails
mailed 利用停止のお知らせ
did "見つからないので、新しいトークンを発行し、ログインの中で利用開始します。"
old=$secret
id=$(field t-senshu user_id)
issue_for t-senshu B-23 hanako@example.jp --yes
[ "$secret" != "$old" ]
[ "$(field t-senshu user_id)" = "$id" ]
fresh
logs_in t-senshu "$code" "$start_password"

step "３(2)"
did "異なるワンタイムパスワードを10回続けて入力します。"
for n in 1 2 3 4 5 6 7 8 9 10; do
	[ "$(field t-senshu state)" = active ] || die "locked too early"
	not_shown "$((n * 7919))"
	refused t-senshu "$code"
	indented <<<"$n回目：$code 拒否"
done
[ "$(field t-senshu state)" = locked ]
fresh
did "11回目は、正しいワンタイムパスワード（$code）でも開きません。"
refused t-senshu "$code"
log_has 'event=login user=t-senshu .*result=rejected reason=locked'
mails body
mailed ロックのお知らせ
did "利用停止の手続きなしには再開できません。"
adm 3 unlock t-senshu --form C-5
shows '一旦、利用停止の手続きが必要です'
did "一旦利用停止にして、再開します。"
adm 0 suspend t-senshu --reason locked --form C-5
shows 利用停止中
adm 0 unlock t-senshu --form C-6
shows サービス利用中
logs_in t-senshu "$code"
mails
mailed 利用停止のお知らせ 再開のお知らせ
grep -o '利用停止の\|再開の' "$T/mails" | tr -d '\n' | grep -qx 利用停止の再開の ||
    die "the mails came in another order than what they tell"

step "３(3)"
did "窓口でご利用解除を行います。"
terminal はい otpadm release t-senshu --form D-2
screen ご利用解除を 登録状況
shows 解除済
fresh_for_released=$(phone $(($(date +%s) / 60 + 1)))
refused t-senshu "$fresh_for_released"
indented <"$T/login"
mails
mailed ご利用解除のお知らせ
did "あらためて申し込むと、別のユーザIDになります。"
adm 0 register t-senshu --name '仙北　花子' --branch 001 --form A-30 \
    --mail hanako@example.jp
new_id=$(field t-senshu user_id)
[ "$new_id" != "$id" ]
[ "$new_id" != "$first_id" ]
indented <<<"以前のユーザID $id、新しいユーザID $new_id"
issue_for t-senshu B-24 hanako@example.jp
fresh
terminal "$start_password,$code" otpadm activate t-senshu
fresh
logs_in t-senshu "$code"
mails

step "３(4)"
did "届いたメールの差出人です。"
did "鍵、利用開始パスワード、リンクは、どのメールにもありません。"
python3 - "$box" "$start_password" "$T/secrets" >"$T/out" <<'EOT'
import collections, email.utils, mailbox, sys
senders = collections.Counter()
words = ["otpauth", "http", sys.argv[2]] + open(sys.argv[3]).read().split()
for message in mailbox.mbox(sys.argv[1]):
    senders[email.utils.parseaddr(message["From"])[1]] += 1
    senders[message["Return-path"].strip("<>")] += 0
    body = message.get_payload(decode=True).decode("utf-8")
    for word in words:
        assert word not in body, "a mail says " + word
    assert "@otp-auth.net" in message["Message-ID"]
for sender, n in senders.items():
    print("%s　%d通" % (sender, n))
EOT
indented <"$T/out"
[ "$(wc -l <"$T/out")" = 1 ]
shows akita-kenshin@otp-auth.net

# ---- every step of the manual, in its order; nothing secret in the logs ----

grep -E '^[１２３]\(' "$key_of_words" | diff - "$T/steps"
while read -r secret; do
	secrets_nowhere "$secret" "$start_password"
done <"$T/secrets"
otpadm verify-db >/dev/null
say "" "手引の手順1〜11とご留意事項1〜4は、すべて手引のとおりでした。"
