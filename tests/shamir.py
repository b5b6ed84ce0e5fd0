#!/usr/bin/python3
"""Compares shared secrets with polynomials over the integers modulo L.

usage: shamir.py TWIN    where TWIN is tests/twin/mask-core.c, compiled"""

import random
import subprocess
import sys

L = 2**252 + 27742317777372353535851937790883648493


def text(number):
    return number.to_bytes(32, "little").hex()


def number(hexadecimal):
    return int.from_bytes(bytes.fromhex(hexadecimal), "little")


def interpolate(points, at):
    """The value of the polynomial through the points."""
    total = 0
    for x, y in points:
        for other, _ in points:
            if other != x:
                y = y * (at - other) * pow(x - other, -1, L) % L
        total += y
    return total % L


def call(program, requests):
    out = subprocess.run([program], input="\n".join(requests) + "\n", capture_output=True,
                         text=True, check=True).stdout.splitlines()
    if len(out) != len(requests):
        sys.exit("expected %d answers, found %d" % (len(requests), len(out)))
    return [line.split() for line in out]


def cases(draw):
    """A secret, how many open it, and the places of its shares."""
    yield 0, 1, [1]
    yield L - 1, 2, [1, 2**32 - 1]
    yield 1, 3, [2**32 - 1, 2**32 - 2, 2**32 - 3, 1, 2]
    for n in (3, 5, 19, 32, 120):
        for most in (n, 1000, 2**32 - 1):
            for t in {1, 2, 2 * n // 3 + 1, n}:
                yield draw.randrange(L), t, draw.sample(range(1, most + 1), n)


def split_is_right(secret, t, places, shares, draw):
    """All shares lie on one polynomial, of a degree below t, that is the secret at 0."""
    points = list(zip(places, map(number, shares)))
    draw.shuffle(points)
    some, others = points[:t], points[t:]
    return all(y < L for _, y in points) and interpolate(some, 0) == secret and \
        all(interpolate(some, x) == y for x, y in others[:10])


def main():
    program, draw = sys.argv[1], random.Random(1)
    all_cases = list(cases(draw))
    split = call(program, ["split %s %d %s" % (text(s), t, " ".join(map(str, x)))
                           for s, t, x in all_cases])
    wrong = [c for c, shares in zip(all_cases, split)
             if len(shares) != len(c[2]) or not split_is_right(*c, shares, draw)]
    # any points open what the polynomial through them is at 0
    points = [[(x, draw.randrange(L)) for x in c[2]] for c in all_cases]
    joined = call(program, ["join " + " ".join("%d %s" % (x, text(y)) for x, y in p)
                            for p in points])
    wrong += [p for p, found in zip(points, joined) if found != [text(interpolate(p, 0))]]
    bad = ["join 1 %s 2 %s" % (text(5), text(v)) for v in (L, L + 1, 2**255, 2**256 - 1)]
    bad += ["join 3 %s 3 %s" % (text(5), text(6)), "join 0 %s" % text(5)]
    wrong += [b for b, found in zip(bad, call(program, bad)) if found != ["refused"]]
    for case in wrong:
        print("not the same:", case)
    print("%d cases, %d not the same" % (2 * len(all_cases) + len(bad), len(wrong)))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
