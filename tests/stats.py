#!/usr/bin/env python3
"""Compares statistics with rational arithmetic: tests/stats.py BIN [SEED]

Random columns of every magnitude, 1e-45 to 3e38, and some that cancel, are cut into
sites of random size. Their statistics are added in random order and grouping, through
files and pipes and trees of --partial. All sums must be equal (fl-cmp), and be the
Fraction's rounded to 17 digits; center and scale must be the doubles nearest to the
exact mean and deviation. Prints the number of columns; exits 1 at a mismatch."""

import decimal
import json
import math
import os
import random
import struct
import subprocess
import sys
from fractions import Fraction

CASES = 12
COLUMNS = 8
TOOLS = {}


def run(tool, *words, stdin=None):
    done = subprocess.run([os.path.join(TOOLS["bin"], tool), *words], input=stdin,
                          stdout=subprocess.PIPE, check=True)
    return done.stdout


def put(path, content):
    with open(path, "wb") as f:
        f.write(content)
    return path


def f32(v):
    return struct.unpack("<f", struct.pack("<f", v))[0]


def draw(r, kind):
    """One f32 of a column of a kind."""
    sign = r.choice((-1, 1))
    if kind == "any":
        while True:
            v = struct.unpack("<f", r.randbytes(4))[0]
            if math.isfinite(v):
                return v
    if kind == "tiny":
        return sign * f32(r.randrange(200) * 1.401298464324817e-45)
    if kind == "huge":
        return sign * f32(r.uniform(1e38, 3.4e38))
    if kind == "cancels":
        return sign * f32(r.choice((3e38, 1.0, 2.0**-140)))
    if kind == "level":
        return float(r.random() < .3)
    if kind == "constant":
        return f32(.1)
    if kind == "seconds":
        return f32(1.7e9 + r.randrange(10**7))
    return f32(sign * r.gauss(4000, 800) * 10.0**r.randrange(-3, 3))


KINDS = ["any", "tiny", "huge", "cancels", "level", "constant", "seconds", "usual"]


def decimal17(x):
    """A Fraction rounded to 17 digits, ties to even, as a Fraction."""
    with decimal.localcontext(decimal.Context(prec=17, rounding=decimal.ROUND_HALF_EVEN,
                                              Emin=-999, Emax=999)):
        return Fraction(decimal.Decimal(x.numerator) / decimal.Decimal(x.denominator))


def root(x):
    """The double nearest to the square root of a Fraction, which is not a tie."""
    if x == 0:
        return 0.0
    shift = max(0, 200 - x.numerator.bit_length() + x.denominator.bit_length())
    shift += shift % 2
    whole = (x.numerator << shift) // x.denominator
    low = math.isqrt(whole)
    exact = low * low == whole and whole * x.denominator == x.numerator << shift
    # A bit below stands for what is left, so that the one rounding is float's.
    return float(Fraction(2 * low + (not exact), 2) / 2**(shift // 2))


def text(v):
    return "%.9g" % v


def tensors(record):
    shown = json.loads(run("fl-dump", "--json", "--values", stdin=record), parse_float=str,
                       parse_int=str)
    return {t["name"]: t["values"] for t in shown["tensors"]}


def site(rows, number):
    lines = [",".join("c%d" % j for j in range(COLUMNS))]
    lines += [",".join(text(v) for v in row) for row in rows]
    data = run("fl-import", "-x", lines[0], stdin=("\n".join(lines) + "\n").encode())
    return put("site-%d" % number, run("fl-stats", stdin=data))


def grouped(r, paths):
    """Their sum by way of partials of random groups."""
    paths = r.sample(paths, len(paths))
    while len(paths) > 1 and r.random() < .7:
        n = r.randrange(1, len(paths) + 1)
        partial = run("fl-aggregate", "--trust-partials", "--sum", "--partial", *paths[:n])
        paths = paths[n:] + [put("partial-%d" % r.randrange(10**9), partial)]
    if r.random() < .5:
        return run("fl-aggregate", "--trust-partials", "--sum", *paths)
    return run("fl-aggregate", "--trust-partials", "--sum", stdin=b"".join(open(p, "rb").read() for p in paths))


def check(what, found, want):
    if found != want:
        print("%s: expected %s, found %s" % (what, want, found))
        sys.exit(1)


def case(r):
    kinds = r.sample(KINDS, COLUMNS)
    rows = [[draw(r, k) for k in kinds] for _ in range(r.randrange(3, 120))]
    cuts = sorted(r.sample(range(1, len(rows)), min(len(rows) - 1, r.randrange(6))))
    paths = [site(rows[a:b], i) for i, (a, b) in enumerate(zip([0] + cuts, cuts + [len(rows)]))]
    whole = site(rows, len(paths))
    total = put("total", run("fl-aggregate", "--trust-partials", "--sum", *paths))
    for _ in range(3):
        put("other", grouped(r, paths))
        run("fl-cmp", "total", "other")
    run("fl-cmp", "total", whole)
    found = tensors(open(total, "rb").read())
    model = tensors(run("fl-init", "-a", "dense 1", "-n", str(COLUMNS), "-S", "total"))
    for j, kind in enumerate(kinds):
        column = [Fraction(row[j]) for row in rows]
        n, s, q = len(column), sum(column), sum(v * v for v in column)
        check(kind + ": count", found["count"][j], str(n))
        check(kind + ": sum", Fraction(found["sum"][j]), decimal17(s))
        check(kind + ": sumsq", Fraction(found["sumsq"][j]), decimal17(q))
        check(kind + ": center", float(model[":center"][j]), float(s / n))
        variance = (n * q - s * s) / (n * (n - 1))
        check(kind + ": scale", float(model[":scale"][j]), root(variance) if variance else 1.0)


def main():
    TOOLS["bin"] = sys.argv[1]
    r = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    for _ in range(CASES):
        case(r)
    print(CASES * COLUMNS, "columns")


if __name__ == "__main__":
    main()
