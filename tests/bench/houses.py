"""What is measured: databases of ours with accounts in use, and the peers'."""
import base64
import csv
import hashlib
import hmac
import os
import shutil
import struct
import subprocess
import time

PERIOD = 30
ACCOUNTS = 128          # in use, of those that a house has
PEERS = 1024            # users of pam_google_authenticator

CONF = """[token]
period = {period}
[storage]
database = gdbm:{dir}/db/tokens.gdbm
key_file = {dir}/master.key
[audit]
file = {dir}/log/audit.log
"""


def otp(key, counter):
    mac = hmac.new(key, struct.pack('>Q', counter), hashlib.sha1).digest()
    at = mac[19] & 15
    value = struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff
    return '%06d' % (value % 1000000)


def user(i):
    return 't%d' % i


def base32(text):
    text = text.replace(' ', '')
    return base64.b32decode(text + '=' * (-len(text) % 8))


class Totp:
    """Codes of accounts in use, each given out once and good for a while."""

    def __init__(self, keys, period=PERIOD, done=None):
        self.keys, self.period = keys, period
        self.done = done or {name: 0 for name in keys}

    def lines(self, n):
        """n lines of user and code; waits for later codes if it must."""
        lines = []
        while True:
            now = int(time.time()) // self.period
            for step in (now, now + 1):
                for name in self.keys:
                    if len(lines) < n and self.done[name] < step:
                        lines.append('%s %s' % (name,
                                     otp(self.keys[name], step)))
                        self.done[name] = step
            if len(lines) == n:
                return lines
            # What was taken already may not be good any more.
            lines = []
            time.sleep(1)


class Hotp:
    """Codes by counter; used says what was really used of those taken."""

    def __init__(self, keys, first=0, miss_moves=False):
        self.keys = keys
        self.miss_moves = miss_moves    # as pam_google_authenticator's
        self.names = list(keys)
        self.next = {name: first for name in keys}
        self.turn = 0

    def lines(self, n):
        """n codes that are all going to be used."""
        lines = []
        for _ in range(n):
            name = self.names[self.turn % len(self.names)]
            lines.append('%s %s' % (name, otp(self.keys[name],
                                              self.next[name])))
            self.next[name] += 1
            self.turn += 1
        return lines

    def each(self, rounds):
        """Codes of every account, which of them are used said later."""
        return ['%s %s' % (name, otp(self.keys[name], self.next[name] + k))
                for k in range(rounds) for name in self.names]

    def used(self, processes, counts):
        """Process i did counts[i] of lines i, i + processes, ..."""
        last = []
        for i, count in enumerate(counts):
            for k in range(i, i + count * processes, processes):
                self.next[self.names[k % len(self.names)]] += 1
        for name in self.names:
            if self.next[name] > 0:
                last.append('%s %s' % (name, otp(self.keys[name],
                            self.next[name] - 1)))
                self.next[name] += self.miss_moves
        return last


class House:
    """A database of ours with `size` accounts."""

    def __init__(self, bench, name, size, hotp=False):
        self.bench, self.size, self.name = bench, size, name
        self.dir = os.path.join(bench.work, name)
        self.conf = os.path.join(self.dir, 'conf')
        os.mkdir(self.dir, 0o755)
        with open(self.conf, 'w') as f:
            f.write(CONF.format(dir=self.dir, period=PERIOD))
        self.otpadm('init')
        in_use = min(size, ACCOUNTS)
        self.issued = {}        # not in use yet
        self.cost = None
        self.fill(in_use if hotp or size == 1 else 0)
        keys = self.issue_hotp(in_use) if hotp or size == 1 else {
            user(i): self.issued.pop(user(i)) for i in range(in_use)}
        self.codes = self.activate(keys, hotp or size == 1)

    def otpadm(self, *words, answers=(), check=True):
        done = subprocess.run(
            [self.bench.otpadm, '--lang', 'en', '--config', self.conf, *words],
            input=''.join(a + '\n' for a in answers), text=True,
            capture_output=True)
        if check and done.returncode != 0:
            raise SystemExit('otpadm %s: %s' % (' '.join(words), done.stderr))
        return done

    def fill(self, first):
        """Accounts from user number first on, by import."""
        rows, out = self.dir + '/in.csv', self.dir + '/out.csv'
        if first == self.size:
            return
        with open(rows, 'w') as f:
            f.write('user,mail,activation_password\n')
            for i in range(first, self.size):
                f.write('%s,%s@example.org,1234\n' % (user(i), user(i)))
        self.cost = self.bench.time([
            self.bench.otpadm, '--config', self.conf, 'import', '--format',
            'csv', rows, '--out', out])
        with open(out) as f:
            for i, row in enumerate(csv.DictReader(f)):
                if i < 1000:
                    self.issued[row['user']] = base32(row['key'])
        os.unlink(rows)
        os.unlink(out)

    def issue_hotp(self, n):
        keys = {}
        for i in range(n):
            done = self.otpadm('--json', 'issue', '--type', 'hotp', '--mail',
                               'a@example.org', user(i), answers=('1234',))
            secret = done.stdout.split('secret=')[1].split('&')[0]
            keys[user(i)] = base32(secret)
        return keys

    def activate(self, keys, hotp):
        done = {}
        for name, key in keys.items():
            step = 0 if hotp else int(time.time()) // PERIOD - 1
            self.otpadm('activate', name, answers=('1234', otp(key, step)))
            done[name] = step
        return Hotp(keys, 1) if hotp else Totp(keys, done=done)

    def remove(self):
        shutil.rmtree(self.dir)


class GoogleAuthenticator:
    def __init__(self, bench, hotp):
        self.dir = os.path.join(bench.work, 'ga-hotp' if hotp else 'ga')
        os.mkdir(self.dir, 0o700)
        keys = {}
        for i in range(ACCOUNTS if hotp else PEERS):
            keys[user(i)] = os.urandom(20)
            with open(os.path.join(self.dir, user(i)), 'w') as f:
                os.fchmod(f.fileno(), 0o600)
                f.write(base64.b32encode(keys[user(i)]).decode() + '\n')
                f.write('" HOTP_COUNTER 1\n" WINDOW_SIZE 3\n' if hotp else
                        '" RATE_LIMIT 3 30\n" WINDOW_SIZE 3\n'
                        '" DISALLOW_REUSE\n" TOTP_AUTH\n')
        self.codes = Hotp(keys, 1, True) if hotp else Totp(keys, 30)

    def line(self):
        return ('pam_google_authenticator.so user=root secret=%s/${USER}'
                % self.dir)


class Oath:
    def __init__(self, bench, size):
        self.file = os.path.join(bench.work, 'oath-%d' % size)
        keys = {}
        with open(self.file, 'w') as f:
            os.fchmod(f.fileno(), 0o600)
            for i in range(size):
                key = os.urandom(20)
                if i < ACCOUNTS:
                    keys[user(i)] = key
                f.write('HOTP\t%s\t-\t%s\n' % (user(i), key.hex()))
        self.codes = Hotp(keys, 0)

    def line(self):
        return 'pam_oath.so usersfile=%s window=10' % self.file
