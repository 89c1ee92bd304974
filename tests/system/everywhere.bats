# shellcheck shell=bash disable=SC2016,SC2154
# everywhere.bats: where logins meet sshd's clock and root's rules, two lines of
# ours around pam_unix, and the installed helper called by anybody in any way.

setup_file() {
	load outside
	world_setup_file sshd ssh-keygen pamtester python3 setpriv
}

setup() {
	load outside
}

root_by_key() {
	site; customer hanako; otp_stack sshd
	echo "root:$password" | chpasswd
	enrol root
	ssh-keygen -q -t ed25519 -N '' -f "$T/id"
	home=$(getent passwd root | cut -d: -f6)
	mkdir -p "$home/.ssh"
	cp "$T/id.pub" "$home/.ssh/authorized_keys"
	sshd_up "publickey keyboard-interactive" "PermitRootLogin prohibit-password"
	for _ in 1 2 3; do
		hotp
		no ssh_try keyboard-interactive root "$password" "$hotp_code"
	done
	[ "$(field root state)" = active ]
	yes ssh_try publickey root - -
	otpadm suspend root --reason lost >/dev/null
	no ssh_try publickey root - -
	otpadm unlock root --found >/dev/null
	sshd_down
	sshd_up "publickey,keyboard-interactive" "PermitRootLogin yes"
	hotp
	yes ssh_try publickey,keyboard-interactive root "$password" "$hotp_code"
}
@test "root with prohibit-password: a key opens, password and code do not" {
	in_world root_by_key
}

# hold: lock all of the database's lock file, until $T/go vanishes
hold() {
	local lock
	lock=$(sed -n 's/^database *= *gdbm://p' "$prefix_sysconf/akita-otp/akita-otp.conf").lock
	: >"$T/go"
	python3 - "$lock" "$T/go" "$T/held" <<'EOT' 3>&- &
import fcntl, os, sys, time
f = open(sys.argv[1], "r+")
fcntl.lockf(f, fcntl.LOCK_EX)
open(sys.argv[3], "w")
while os.path.exists(sys.argv[2]):
    time.sleep(0.05)
EOT
	until [ -e "$T/held" ]; do sleep 0.05; done
}

thrown_out() {
	mkdir -p "$T/db"
	chmod 700 "$T/db"
	site "[storage]" "database = gdbm:$T/db/tokens.gdbm" "lock_timeout_ms = 15000"
	customer hanako; enrol hanako; otp_stack sshd
	sshd_up keyboard-interactive "LoginGraceTime 3"
	hold
	(sleep 6; rm "$T/go") 3>&- &
	hotp
	start=$SECONDS
	no ssh_try keyboard-interactive hanako "$password" "$hotp_code"
	[ $((SECONDS - start)) -lt 15 ] || die "it was held for $((SECONDS - start)) s"
	grep -qi 'one-time' "$T/prompts"
	for _ in $(seq 50); do
		pgrep -f 'sshd: hanako' >/dev/null || break
		sleep 0.1
	done
	if pgrep -f 'sshd: hanako'; then die "a process of the login is left"; fi
	# the code may be spent, but nothing is counted, and the next one opens
	[ "$(field hanako failures)" = 0 ]
	if grep -q 'session opened' "$T/syslog"; then die "it was let in"; fi
	hotp
	yes ssh_try keyboard-interactive hanako "$password" "$hotp_code"
	no ssh_try keyboard-interactive hanako "$password" "$hotp_code"
}
@test "LoginGraceTime runs out in the commit: nobody is let in, nothing is lost" {
	in_world hold thrown_out
}

# answer LINE ...: pamtester with answers that arrive one by one
answer() {
	{ for line; do echo "$line"; sleep 0.4; done; } |
	    pamtester akita-test hanako authenticate
}

two_lines() {
	site; customer hanako; enrol hanako
	stack akita-test "auth required $module prompt=First:" \
	    "auth required pam_unix.so nodelay" "auth required $module prompt=Second:"
	hotp; a=$hotp_code; hotp; b=$hotp_code
	no answer "$a" "$password" "$a"
	yes answer "$b" "$password" "$(hotp; echo "$hotp_code")"
	hotp; hotp; a=$hotp_code; hotp; b=$hotp_code
	no answer "$a" wrong "$b"
	wrong
	hotp; b=$hotp_code
	no answer "$wrong_code" "$password" "$b"
	hotp; a=$hotp_code; hotp; b=$hotp_code
	yes answer "$a" "$password" "$b"
	no answer "$a" "$password" "$b"
}
@test "one line before and one after pam_unix: two codes and the password, each once" {
	in_world answer two_lines
}

any_call() {
	site; customer hanako; customer taro; enrol hanako; enrol taro
	helper=$(find "$STAGE" -name akita-otp-helper -type f)
	helper=${helper#"$STAGE"}
	[ -u "$helper" ]
	otpadm list >"$T/before"
	: >"$T/syslog"
	setpriv --reuid hanako --regid users --clear-groups \
	    python3 - "$helper" <<'EOT'
import os, random, resource, signal, socket, sys
helper = sys.argv[1]
random.seed(20261122)
words = [b"", b"-", b"--help", b"auth", b"taro", b"nullok", b"/etc/shadow",
    b"A" * 5000, b"%n%s", b"\xff\xfe", b"--config=/tmp/x"]
names = [b"LD_PRELOAD=/tmp/x.so", b"PATH=/tmp", b"LANG=ja_JP.UTF-8", b"IFS=x",
    b"MALLOC_PERTURB_=1", b"OPENSSL_CONF=/tmp/x", b"GCONV_PATH=/tmp", b"=",
    b"A" * 3000 + b"=b", b"NOTIFY_SOCKET=/tmp/x"]
def bytes_of(n):
    return bytes(random.randrange(256) for _ in range(n))
for i in range(300):
    argv = [b"x"] + random.choices(words, k=random.choice([0, 0, 0, 1, 3]))
    envp = dict(e.split(b"=", 1) for e in random.choices(names, k=random.choice([0, 0, 1, 4])))
    ours, theirs = socket.socketpair(socket.AF_UNIX, random.choice(
        [socket.SOCK_SEQPACKET, socket.SOCK_SEQPACKET, socket.SOCK_STREAM, socket.SOCK_DGRAM]))
    for _ in range(random.choice([0, 1, 1, 2])):
        ours.send(bytes_of(random.choice([1, 4, 40, 900, 5000])))
    theirs_fd = theirs.fileno()
    stdin = random.choice([theirs.fileno()] * 4 + [os.open("/dev/null", os.O_RDWR),
        os.open("/dev/urandom", os.O_RDONLY), None])
    closed = random.choice([(), (0,), (1,), (2,), (0, 1, 2), (1, 2)])
    limit = random.choice([None, None, 3, 5, 20])
    pid = os.fork()
    if pid == 0:
        ours.close()
        if stdin is not None:
            os.dup2(stdin, 0)
            if random.random() < 0.5:
                os.dup2(stdin, 1)
        for fd in range(3, 3 + random.choice([0, 0, 200])):
            try:
                os.dup2(2, fd, inheritable=True)
            except OSError:
                pass
        for fd in closed:
            try:
                os.close(fd)
            except OSError:
                pass
        if limit is not None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
        try:
            os.execve(helper, argv, envp)
        finally:
            os._exit(99)
    theirs.close()
    if ours.type != socket.SOCK_DGRAM and random.random() < 0.7:
        ours.shutdown(socket.SHUT_WR)
    else:
        ours.close()
    _, status = os.waitpid(pid, 0)
    # its own watchdog may end it
    assert os.WIFEXITED(status) or os.WTERMSIG(status) == signal.SIGALRM, \
        "call %d: signal %d" % (i, os.WTERMSIG(status))
    assert status != 0, "call %d: it says that all is well" % i
    if stdin not in (None, theirs_fd):
        os.close(stdin)
    ours.close()
EOT
	otpadm list >"$T/after"
	cmp "$T/before" "$T/after"
	if grep -a 'result=accepted' "$T/syslog"; then die "a verdict came out"; fi
	hotp
	yes pamtester "$(stack akita-test "auth required $module"; echo akita-test)" taro authenticate <<<"$hotp_code"
}
@test "the helper, called 300 times with odd arguments, environments, input and descriptors" {
	in_world any_call
}
