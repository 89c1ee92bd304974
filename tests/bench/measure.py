"""The measurements.  Each returns rows for report.py."""
import os
import re
import subprocess
import time

from houses import ACCOUNTS, GoogleAuthenticator, House, Oath, otp, user

CHUNK = 40              # rounds between two handings-out of codes
SUCCESS, REFUSED = 0, 7
OATH_UNKNOWN = 10       # pam_oath: PAM_USER_UNKNOWN


def middle(values, part=0.5):
    values = sorted(values)
    return values[int(len(values) * part)] if values else float('nan')


class Bench:
    def __init__(self, build, work):
        self.build, self.work = build, work
        self.otpadm = os.path.join(build, 'otpadm')
        self.program = os.path.join(build, 'tests/bench/bench')
        self.pam = os.path.join(work, 'pam')
        os.mkdir(self.pam)
        modules = os.path.join(build, 'pam/.libs/pam_akita_otp.so')
        self.module = modules + ' config=%s'
        self.service('permit', 'pam_permit.so')
        self.service('nullsync', os.path.join(
            build, 'tests/bench/.libs/pam_nullsync.so') + ' ' +
            os.path.join(work, 'nullsync'))
        self.oath_ok = False

    def service(self, name, line):
        with open(os.path.join(self.pam, name), 'w') as f:
            f.write('auth required %s\n' % line)

    def house(self, name, size, hotp=False):
        house = House(self, name, size, hotp)
        self.service(name, self.module % house.conf)
        return house

    def time(self, command, answers=''):
        """Wall and CPU seconds, KiB of memory, of a command that succeeds."""
        done = subprocess.run([self.program, 'time', *command],
                              input=answers, text=True,
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE)
        wall, cpu, rss, status = done.stderr.split('\n')[-2].split('\t')
        if status != '0':
            raise SystemExit('%s: %s' % (command, done.stderr))
        return float(wall) / 1e6, float(cpu) / 1e6, int(rss)

    def logins(self, lines):
        self.n_files = getattr(self, 'n_files', 0) + 1
        path = os.path.join(self.work, 'logins.%d' % (self.n_files % 64))
        with open(path, 'w') as f:
            f.write('\n'.join(lines) + '\n')
        return path

    def plan(self, cases, n):
        """cases: (label, service, warm, result, function of n to lines)."""
        path = os.path.join(self.work, 'cases')
        with open(path, 'w') as f:
            for label, service, warm, result, lines in cases:
                f.write('%s %s %d %d %s\n' % (label, service, warm, result,
                        self.logins(lines(n))))
        return path

    def run(self, how, cases, n):
        """label: [(microseconds, as expected, KiB)] of n logins each."""
        expected = {case[0]: case[3] for case in cases}
        out = {case[0]: [] for case in cases}
        done = subprocess.run([self.program, how, self.pam, str(n),
                               self.plan(cases, n)], text=True, check=True,
                              stdout=subprocess.PIPE)
        for line in done.stdout.splitlines():
            label, us, rc, rss = line.split('\t')
            out[label].append((float(us), int(rc) == expected[label],
                               int(rss)))
        return out


def fixed(pattern, code):
    """Lines for refusals, users in turn."""
    return lambda n: ['%s %s' % (pattern % (i % ACCOUNTS), code)
                      for i in range(n)]


def cases_of(houses, ga, oaths):
    cases = []
    for house in houses:
        n = house.size
        cases.append(('akita/right/%d/warm' % n, house.name, 1, SUCCESS,
                      house.codes.lines))
        if n in (1000, houses[-1].size):
            cases += [('akita/wrong/%d/warm' % n, house.name, 1, REFUSED,
                       fixed('t%d', '000000')),
                      ('akita/unknown/%d/warm' % n, house.name, 1, REFUSED,
                       fixed('x%d', '000000'))]
        if n == 1000:
            cases.append(('akita/right/%d/cold' % n, house.name, 0, SUCCESS,
                          house.codes.lines))
    some = fixed('t%d', '000000')
    cases += [('nullsync/right/-/warm', 'nullsync', 1, SUCCESS, some),
              ('nullsync/right/-/cold', 'nullsync', 0, SUCCESS, some),
              ('permit/right/-/warm', 'permit', 1, SUCCESS, some)]
    if ga:
        right = ga.codes.lines
        cases += [('google/right/-/warm', 'google', 1, SUCCESS, right),
                  ('google/right/-/cold', 'google', 0, SUCCESS, right),
                  ('google/wrong/-/warm', 'google', 1, REFUSED,
                   lambda n: ['t%d 000000' % (600 + i) for i in range(n)]),
                  ('google/unknown/-/warm', 'google', 1, REFUSED,
                   fixed('x%d', '000000'))]
    for size, oath in oaths:
        name = 'oath%d' % size
        cases += [('oath/right/%d/warm' % size, name, 1, SUCCESS,
                   oath.codes.lines),
                  ('oath/wrong/%d/warm' % size, name, 1, REFUSED, some),
                  ('oath/unknown/%d/warm' % size, name, 1, OATH_UNKNOWN,
                   fixed('x%d', '000000'))]
    return cases


def logins(bench, houses, ga, oaths, rounds):
    """One login after another, interleaved; fresh and same process."""
    rows = []
    cases = cases_of(houses, ga, oaths)
    fresh = {case[0]: [] for case in cases}
    for start in range(0, rounds, CHUNK):
        part = bench.run('one', cases, min(CHUNK, rounds - start))
        for label, values in part.items():
            fresh[label] += values
    same = bench.run('same', [case for case in cases
                              if case[0].endswith('/warm')], 20)
    for label, values in fresh.items():
        us = [value[0] for value in values]
        rows.append({
            'case': label, 'n': len(us), 'median': middle(us),
            'quarter': middle(us, 0.25),
            'p99': middle(us, 0.99),
            'odd': sum(not value[1] for value in values),
            'rss': middle([value[2] for value in values]),
            # The first one of a process still finds everything out.
            'same': middle([v[0] for v in same.get(label, [])][1:]),
        })
    return rows


TRACED = 'write,pwrite64,writev,pwritev,fsync,fdatasync,sync_file_range'


def trace(bench, case):
    """System calls, syncs and bytes written to files, of one login."""
    out = os.path.join(bench.work, 'trace')
    subprocess.run(['strace', '-f', '-y', '-qq', '-o', out, bench.program,
                    'one', bench.pam, '1', bench.plan([case], 1)],
                   check=True, stdout=subprocess.DEVNULL)
    calls = syncs = size = 0
    inside = False
    with open(out) as f:
        for line in f:
            if 'write(-1, "' in line:
                inside = 'write(-1, "<"' in line
            elif inside:
                calls += 1
                call = re.match(r'\d+ +(\w+)\(\d+(<[^>]*>)?.* = (\d+)', line)
                if call is None or call[1] not in TRACED.split(','):
                    continue
                if call[1] in ('fsync', 'fdatasync'):
                    syncs += 1
                elif 'socket' not in (call[2] or ''):
                    size += int(call[3])
    return calls, syncs, size


def instructions(bench, case):
    done = subprocess.run(['valgrind', '--tool=callgrind',
                           '--callgrind-out-file=/dev/null',
                           '--toggle-collect=pam_sm_authenticate',
                           bench.program, 'one', bench.pam, '1',
                           bench.plan([case], 1)],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True)
    counts = re.findall(r'Collected : (\d+)', done.stderr)
    return max(map(int, counts)) if counts else 0


def costs(bench, houses, ga, oaths, has_valgrind):
    rows = []
    for case in cases_of(houses, ga, oaths):
        if case[0].startswith('oath') and '/100000/' in case[0]:
            continue
        calls, syncs, size = trace(bench, case)
        rows.append({'case': case[0], 'calls': calls, 'syncs': syncs,
                     'bytes': size, 'instructions':
                     instructions(bench, case) if has_valgrind else 0})
    return rows


def load(bench, house, ga, processes, seconds):
    """Many processes at once.  What was used must not be good again."""
    rows = []
    contestants = [('akita', house.name, house.codes)]
    if ga:
        contestants.append(('google', 'google-hotp', ga.codes))
    for n in processes:
        for name, service, codes in contestants:
            lines = codes.each(int(400 * seconds))
            done = subprocess.run(
                [bench.program, 'load', bench.pam, str(seconds), str(n),
                 service, bench.logins(lines)], check=True, text=True,
                stdout=subprocess.PIPE)
            first, counts = done.stdout.splitlines()
            _, took, yes, no, median, p99 = map(float, first.split('\t'))
            last = codes.used(n, [int(c) for c in counts.split('\t')])
            again = bench.run('same', [('again', service, 1, SUCCESS,
                              lambda k: last)], len(last))
            rows.append({'who': name, 'processes': n, 'rate': yes / took,
                         'refused': int(no), 'median': median / 1e3,
                         'p99': p99 / 1e3, 'replayed':
                         sum(value[1] for value in again['again'])})
    return rows


def oath_load(bench, oath, processes):
    rows = []
    for n in processes:
        lines = oath.codes.lines(ACCOUNTS)
        done = subprocess.run(
            [bench.program, 'load', bench.pam, '20', str(n), 'oath1000',
             bench.logins(lines)], check=True, text=True,
            stdout=subprocess.PIPE)
        _, took, yes, no, median, p99 = map(
            float, done.stdout.splitlines()[0].split('\t'))
        rows.append({'who': 'oath', 'processes': n, 'rate': yes / took,
                     'refused': int(no), 'median': median / 1e3,
                     'p99': p99 / 1e3, 'replayed': 0})
    return rows


def administration(bench, houses, rounds):
    """Commands by number of accounts, interleaved."""
    times = {}
    for i in range(rounds):
        for house in houses:
            name = user(ACCOUNTS + 1 + i)
            code = otp(house.issued[name], int(time.time()) // 30)
            steps = [
                ('register', ['register', 'new%d' % i, '--mail',
                              'a@example.org'], ''),
                ('activate', ['activate', name], '1234\n%s\n' % code),
                ('suspend', ['suspend', name, '--reason', 'request'], ''),
                ('unlock', ['unlock', name], ''),
            ]
            for what, words, answers in steps:
                took = bench.time([bench.otpadm, '--config', house.conf,
                                   *words], answers)
                times.setdefault((what, house.size), []).append(took)
    return [{'what': what, 'size': size, 'median': middle(w[0] for w in t),
             'p99': middle((w[0] for w in t), 0.99),
             'cpu': middle(w[1] for w in t)}
            for (what, size), t in times.items()]


def issue(bench, house, rounds):
    """A token with its QR code on paper: the peer does not sync."""
    times = {'otpadm issue --qr utf8': [], 'google-authenticator + fsync': []}
    file = os.path.join(bench.work, 'ga-new')
    for i in range(rounds):
        times['otpadm issue --qr utf8'].append(bench.time(
            [bench.otpadm, '--config', house.conf, 'issue', '--mail',
             'a@example.org', '--qr', 'utf8', 'paper%d' % i], '1234\n')[0])
        wall = bench.time(['google-authenticator', '-t', '-d', '-f', '-r',
                           '3', '-R', '30', '-w', '3', '-Q', 'UTF8', '-s',
                           file], '-1\n')[0]    # -1: no code to try
        start = time.perf_counter()
        for path in (file, bench.work):
            fd = os.open(path, os.O_RDONLY)
            os.fsync(fd)
            os.close(fd)
        times['google-authenticator + fsync'].append(
            wall + time.perf_counter() - start)
        os.unlink(file)
    return [{'what': what, 'median': middle(t), 'p99': middle(t, 0.99)}
            for what, t in times.items()]


def bulk(bench, houses):
    rows = []
    for house in houses:
        if house.size < 1000:
            continue
        wall, cpu, rss = bench.time([bench.otpadm, '--config', house.conf,
                                     '--json', 'list'])
        rows.append({'size': house.size, 'import': house.cost,
                     'list': (wall, cpu, rss)})
    return rows


def peers(bench):
    """The peers that are installed."""
    ga = GoogleAuthenticator(bench, False)
    bench.service('google', ga.line())
    ga_hotp = GoogleAuthenticator(bench, True)
    bench.service('google-hotp', ga_hotp.line())
    return ga, ga_hotp


def oath(bench, size):
    made = Oath(bench, size)
    bench.service('oath%d' % size, made.line())
    return size, made
