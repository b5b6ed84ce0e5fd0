#!/usr/bin/python3
"""Compares degrees and thresholds with a search of every degree by exact binomials.

usage: finder.py TWIN    where TWIN is tests/twin/mask-core.c, compiled"""

import math
import random
import subprocess
import sys
from fractions import Fraction


def weights(n, marked, k):
    """In how many of all draws of k from n each count of marked ones is found."""
    least, most = max(0, marked + k - n), min(marked, k)
    w = math.comb(marked, least) * math.comb(n - marked, k - least)
    for x in range(least, most + 1):
        yield x, w
        w = w * (marked - x) * (k - x) // ((x + 1) * (n - marked - k + x + 1))


def exceeded(n, marked, k, chance):
    """The least count that is exceeded with at most the chance."""
    left, counts = math.comb(n, k), list(weights(n, marked, k))
    limit = left * chance
    for x, w in counts:
        left -= w
        if left <= limit:
            return x
    return counts[-1][0]


def reached(n, marked, k, chance):
    """The least count that is not exceeded with at least the chance."""
    limit, sum_ = math.comb(n, k) * chance, 0
    for x, w in weights(n, marked, k):
        sum_ += w
        if sum_ >= limit:
            return x
    return None


def threshold(n, corrupt, staying, gone, k, security, curious):
    """The threshold for k neighbours, or None."""
    chance = Fraction(1, 2**(security + 1))
    parted = Fraction(n * (n - k - 1) * math.perm(gone, k), 2 * math.perm(n, k))
    if parted >= chance:
        return None
    t1 = exceeded(n, corrupt, k, chance / n)
    t2 = reached(n, staying, k, Fraction(1, 2**20 * n))
    if not curious:
        t1 = math.ceil((t1 + k - Fraction(5, 4)) / 2)
    return max(t1 + 1, 2) if t1 < t2 else None


def find(n, corrupt, dropout, security, curious):
    if corrupt + (1 if curious else 2) * dropout > .9 + 1e-14:
        return "refused"
    bad, lost = (math.floor((share + 1e-14) * n) for share in (corrupt, dropout))
    staying = math.ceil((1 - dropout - 1e-14) * n)
    for k in range(2, n - 1, 2):
        t = threshold(n, bad, staying, bad + lost, k, security, curious)
        if t is not None:
            return "%d %d" % (k, t)
    return "refused"


def cases(draw):
    for n in (20, 21, 50, 99, 100, 333):
        for _ in range(40):
            yield (n, draw.choice((0, .05, .1, .2, .33, .45, round(draw.random() * .9, 3))),
                   draw.choice((0, .05, .1, .2, .33, round(draw.random() * .5, 3))),
                   draw.choice((1, 20, 40, 80, 128)), draw.randrange(2))
    for security in (40, 80):
        yield 100, .58, .1, security, 0
        for n in (1000, 10000):
            for curious in (0, 1):
                yield n, .1, .1, security, curious
                yield n, .05, .2, security, curious
    yield 1000, .3, .3, 40, 0
    yield 1000, .33, .33, 40, 1
    yield 100000, .2, .1, 80, 0
    yield 1000000, .1, .1, 80, 0
    yield 1000000, .1, .1, 40, 1


def main():
    rows = list(cases(random.Random(1)))
    asked = "".join("find %d %r %r %d %d\n" % row for row in rows)
    found = subprocess.run([sys.argv[1]], input=asked, capture_output=True, text=True,
                           check=True).stdout.splitlines()
    wrong = 0
    for row, ours in zip(rows, found):
        wanted = find(*row)
        if ours != wanted:
            print("not the same:", row, "found", ours, "expected", wanted)
            wrong += 1
    print("%d requests, %d not the same; %d are refused" %
          (len(rows), wrong, found.count("refused")))
    return 1 if wrong or len(found) != len(rows) else 0


if __name__ == "__main__":
    sys.exit(main())
