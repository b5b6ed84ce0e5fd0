"""The maximum-likelihood fit of a logistic regression on the pooled rows of hospitals, in plain
Python, which the coefficients that fl-dump printed are compared with.

usage: newton.py COEFFICIENTS PATIENTS...
COEFFICIENTS is the table of fl-dump --coefficients, PATIENTS are CSV files without a header line,
whose columns are those of examples/clinic/study. A missing number is the mean of its column, and a
missing level the share of each level, over all rows that have one."""
import csv
import math
import sys

COLUMNS = 'age sex cp trestbps chol fbs restecg thalach exang oldpeak slope ca thal'.split()
REFERENCE = {'sex': 0, 'cp': 4, 'fbs': 0, 'restecg': 0, 'exang': 0, 'slope': 1, 'thal': 3}


def read(paths):
    rows = []
    for path in paths:
        with open(path, newline='') as f:
            rows += list(csv.reader(f))
    value = [[None if v in ('', '?') else float(v) for v in row[:-1]] for row in rows]
    return value, [float(row[-1] == 'yes') for row in rows]


def design(value):
    """Columns by name, in which what is missing is the mean."""
    x = {'': [1.0] * len(value)}
    for j, name in enumerate(COLUMNS):
        column = [row[j] for row in value]
        if name not in REFERENCE:
            x[name] = column
            continue
        for level in sorted(set(column) - {None, REFERENCE[name]}):
            x['%s=%g' % (name, level)] = [None if v is None else float(v == level)
                                          for v in column]
    for name, column in x.items():
        have = [v for v in column if v is not None]
        mean = math.fsum(have) / len(have)
        x[name] = [mean if v is None else v for v in column]
    return x


def solve(a, b):
    """a x = b by elimination with the largest pivot."""
    n = len(b)
    a = [row[:] + [v] for row, v in zip(a, b)]
    for k in range(n):
        pivot = max(range(k, n), key=lambda i: abs(a[i][k]))
        a[k], a[pivot] = a[pivot], a[k]
        for i in range(k + 1, n):
            f = a[i][k] / a[k][k]
            for j in range(k, n + 1):
                a[i][j] -= f * a[k][j]
    x = [0.0] * n
    for k in reversed(range(n)):
        x[k] = (a[k][n] - sum(a[k][j] * x[j] for j in range(k + 1, n))) / a[k][k]
    return x


def newton(x, y):
    n, d = len(y), len(x)
    rows = list(zip(*x))
    w = [0.0] * d
    for _ in range(30):
        p = [1 / (1 + math.exp(-sum(a * b for a, b in zip(row, w)))) for row in rows]
        slope = [math.fsum((y[i] - p[i]) * x[j][i] for i in range(n)) for j in range(d)]
        curve = [[math.fsum(p[i] * (1 - p[i]) * x[j][i] * x[k][i] for i in range(n))
                  for k in range(d)] for j in range(d)]
        step = solve(curve, slope)
        w = [a + b for a, b in zip(w, step)]
        if max(abs(s / (1e-300 + abs(v))) for s, v in zip(step, w)) < 1e-10:
            return w
    sys.exit('no convergence')


table = sys.argv[1]
value, y = read(sys.argv[2:])
x = design(value)
fit = dict(zip(x, newton(list(x.values()), y)))
with open(table) as f:
    title, *lines = [line.rstrip('\n').split('\t') for line in f]
found = {}
for line in lines:
    row = dict(zip(title, line))
    name = '' if row['feature'] == '(intercept)' else row['feature']
    found[name] = float(row['original']), row['odds-ratio']
assert found.keys() == fit.keys(), (sorted(found), sorted(fit))
for name, want in fit.items():
    weight, odds = found[name]
    assert abs(weight - want) <= 5e-5 * max(abs(want), 0.01), (name, weight, want)
    if name:
        assert abs(float(odds) - math.exp(want)) <= 5e-5 * math.exp(want), (name, odds, want)
print(len(y), 'rows,', len(fit), 'coefficients agree to four digits')
