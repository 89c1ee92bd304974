"""A table in Markdown and a plot as SVG of what measure.py found."""
import os
import platform


class Result:
    def __init__(self):
        self.notes = []
        self.logins = self.costs = self.load = []
        self.admin = self.issue = self.bulk = []


def machine():
    """The machine, without its name."""
    model, memory = '?', '?'
    with open('/proc/cpuinfo') as f:
        for line in f:
            if line.startswith('model name'):
                model = line.split(':')[1].strip()
    with open('/proc/meminfo') as f:
        memory = '%d GiB' % (int(f.readline().split()[1]) >> 20)
    system = 'Linux'
    with open('/etc/os-release') as f:
        for line in f:
            if line.startswith('PRETTY_NAME='):
                system = line.split('=')[1].strip().strip('"')
    load = os.getloadavg()
    return ('%d CPUs (%s), %s, %s, kernel %s; load average %.1f at the end'
            % (os.cpu_count(), model, memory, system,
               platform.release().split('-')[0], load[1]))


def table(head, rows):
    lines = ['| ' + ' | '.join(head) + ' |',
             '|' + ' --- |' * len(head)]
    lines += ['| ' + ' | '.join(str(cell) for cell in row) + ' |'
              for row in rows]
    return '\n'.join(lines) + '\n'


def ms(us):
    return '-' if us != us else '%.3f' % (us / 1000)


def login_table(rows):
    floor = {row['case'].rsplit('/', 1)[1]: row['median'] for row in rows
             if row['case'].startswith('nullsync')}
    out = []
    for row in rows:
        who, what, size, how = row['case'].split('/')
        out.append((who, what, size, 'yes' if how == 'warm' else 'no',
                    row['n'], ms(row['quarter']), ms(row['median']),
                    ms(row['p99']),
                    '%.2f' % (row['median'] / floor[how]), ms(row['same']),
                    row['rss'], row['odd']))
    return table(('module', 'case', 'accounts', 'libcrypto used before', 'n',
                  'fresh process, lower quartile ms', 'median ms', 'p99 ms',
                  'median x nullsync',
                  'same process, median ms', 'max RSS KiB', 'unexpected'),
                 out)


class Goals:
    """(what, figure, must be at most, met)"""

    def __init__(self):
        self.rows = []

    def at_most(self, what, value, most):
        if value is not None:
            self.rows.append((what, '%.2f' % value, most,
                              'met' if value <= most else '**missed**'))

    def ratio(self, what, a, b, most):
        if a and b:
            self.at_most(what, a / b, most)


def login_goals(goals, result):
    m = {row['case']: row['median'] for row in result.logins}
    right = {int(k.split('/')[2]): v for k, v in m.items()
             if k.startswith('akita/right/') and k.endswith('/warm')}
    ratio = goals.ratio
    ratio('right code / nullsync, libcrypto used before', right.get(1000),
          m.get('nullsync/right/-/warm'), 1.5)
    ratio('right code, %d / 1000 accounts' % max(right), right[max(right)],
          right.get(1000), 1.2)
    ratio('right code / pam_google_authenticator, libcrypto not used before',
          m.get('akita/right/1000/cold'), m.get('google/right/-/cold'), 1.5)
    wrong, unknown = (m.get('akita/%s/1000/warm' % k)
                      for k in ('wrong', 'unknown'))
    if wrong and unknown:
        ratio('wrong code and unknown user, dearer / cheaper',
              max(wrong, unknown), min(wrong, unknown), 1.2)
        ratio('wrong code or unknown user / right code',
              max(wrong, unknown), right.get(1000), 1.0)


def other_goals(goals, result):
    ours = [row for row in result.costs if row['case'].startswith('akita')]
    if ours:
        goals.at_most('syncs of a login', max(r['syncs'] for r in ours), 1)
        goals.at_most('KiB passed to write calls by a login',
                      max(r['bytes'] for r in ours) / 1024, 8)
    many = {row['who']: row for row in result.load
            if row['processes'] == 64}
    if 'akita' in many:
        goals.at_most('64 processes: refusals', many['akita']['refused'], 0)
        goals.at_most('64 processes: codes good a second time',
                      many['akita']['replayed'], 0)
        goals.at_most('64 processes: p99, s', many['akita']['p99'] / 1e3, 0.5)
    if 'akita' in many and 'google' in many:
        goals.ratio('64 processes: logins/s of pam_google_authenticator / '
                    'ours', many['google']['rate'], many['akita']['rate'], 1)
    at_8 = [row['rate'] for row in result.load
            if row['who'] == 'akita' and row['processes'] == 8]
    if at_8:
        goals.at_most('8 processes: 5000 / our logins/s', 5000 / at_8[0], 1)
    small = {row['what']: row['median'] for row in result.admin
             if row['size'] == 1000}
    for row in result.admin:
        if row['size'] == 1000:
            continue
        if row['what'] == 'register':
            goals.at_most('register at %d accounts, s' % row['size'],
                          row['median'], 4)
        else:
            goals.ratio('%s at %d / 1000 accounts' % (row['what'],
                        row['size']), row['median'], small[row['what']], 2)
    for row in result.bulk:
        if row['size'] == 100000:
            goals.at_most('import of 100000 accounts, CPU s',
                          row['import'][1], 2)
    if len(result.issue) == 2:
        goals.ratio('issue with QR / google-authenticator with fsyncs',
                    result.issue[0]['median'], result.issue[1]['median'], 1.5)


def goals_of(result):
    goals = Goals()
    if result.logins:
        login_goals(goals, result)
    other_goals(goals, result)
    return goals.rows


def cost_table(rows):
    return table(('case', 'system calls', 'syncs', 'bytes written',
                  'instructions'),
                 [(row['case'], row['calls'], row['syncs'], row['bytes'],
                   row['instructions'] or '-') for row in rows])


def load_table(rows):
    return table(('module', 'processes', 'logins/s', 'refused', 'median ms',
                  'p99 ms', 'good a second time'),
                 [(row['who'], row['processes'], '%.0f' % row['rate'],
                   row['refused'], '%.2f' % row['median'],
                   '%.1f' % row['p99'], row['replayed']) for row in rows])


def text_of(result):
    parts = ['Machine: %s.\n' % machine()]
    parts += ['Note: %s.\n' % note for note in result.notes]
    if result.logins and result.logins[0]['n'] < 50:
        parts.append('Note: so few logins say little about time.\n')
    if result.logins:
        parts += ['### One login (in pam_authenticate)\n',
                  login_table(result.logins)]
    if result.costs:
        parts += ['### What a login does (one, traced)\n',
                  cost_table(result.costs)]
    if result.load:
        parts += ['### Many at once\n', load_table(result.load)]
    if result.issue:
        parts += ['### Issue\n', table(
            ('command', 'median ms', 'p99 ms'),
            [(row['what'], '%.1f' % (row['median'] * 1e3),
              '%.1f' % (row['p99'] * 1e3)) for row in result.issue])]
    if result.admin:
        parts += ['### Commands\n', table(
            ('command', 'accounts', 'median ms', 'p99 ms', 'CPU ms'),
            [(row['what'], row['size'], '%.1f' % (row['median'] * 1e3),
              '%.1f' % (row['p99'] * 1e3), '%.1f' % (row['cpu'] * 1e3))
             for row in result.admin])]
    if result.bulk:
        parts += ['### In bulk\n', table(
            ('accounts', 'import: wall s', 'CPU s', 'max RSS KiB',
             'list --json: wall s', 'CPU s', 'max RSS KiB'),
            [(row['size'], *('%.2f' % x for x in row['import'][:2]),
              row['import'][2], *('%.2f' % x for x in row['list'][:2]),
              row['list'][2]) for row in result.bulk])]
    rows = goals_of(result)
    if rows:
        parts += ['### Goals\n', table(
            ('what', 'figure', 'at most', ''), rows)]
    return '\n'.join(parts)


COLOURS = {'akita': '#1f5fa8', 'google': '#c1462f', 'oath': '#8a8a8a',
           'nullsync': '#4c9f50', 'permit': '#b0b0b0'}


def plot(result):
    """Bars: medians of right codes.  Logarithmic, as pam_oath asks for it."""
    import math
    bars = [(row['case'], row['median'] / 1000, row['p99'] / 1000)
            for row in result.logins if '/right/' in row['case']]
    left, width, line = 250, 460, 24
    low, high = 0.02, max([bar[2] for bar in bars] + [1])

    def x(value):
        return left + width * math.log(max(value, low) / low) / math.log(
            high / low)

    out = ['<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
           'font-family="sans-serif" font-size="12">' %
           (left + width + 60, line * len(bars) + 60),
           '<rect width="100%" height="100%" fill="#fff"/>',
           '<text x="10" y="20">Right code, fresh process: median (bar) and '
           'p99 (line), ms, logarithmic</text>']
    for i, (case, median, p99) in enumerate(bars):
        y = 34 + i * line
        who, _, size, how = case.split('/')
        name = who + ('' if size == '-' else ', %s accounts' % size)
        name += ', libcrypto new' if how == 'cold' else ''
        out += ['<text x="%d" y="%d" text-anchor="end">%s</text>' %
                (left - 8, y + 14, name),
                '<rect x="%d" y="%d" width="%.0f" height="14" fill="%s"/>' %
                (left, y + 3, x(median) - left, COLOURS[who]),
                '<line x1="%.0f" x2="%.0f" y1="%d" y2="%d" stroke="#333"/>' %
                (x(median), x(p99), y + 10, y + 10),
                '<text x="%.0f" y="%d">%.2f</text>' %
                (x(p99) + 4, y + 14, median)]
    return '\n'.join(out + ['</svg>']) + '\n'


def write(result, folder):
    with open(os.path.join(folder, 'results.md'), 'w') as f:
        f.write(text_of(result))
    if result.logins:
        with open(os.path.join(folder, 'results.svg'), 'w') as f:
            f.write(plot(result))
