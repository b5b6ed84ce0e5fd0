#!/usr/bin/env python3
"""Compares the exact mean with rational arithmetic: tests/exact.py PROGRAM

PROGRAM is the built tests/twin/exact-mean.c. Random cases from a fixed seed;
the right answers come from fractions.Fraction, rounded here once to the grid
of 2^-64 and once to the result's format. Prints the number of cases; exits 1
at a mismatch."""

import random
import struct
import subprocess
import sys
from fractions import Fraction

# name: (bits of precision, exponent of the least normal number, greatest exponent)
FORMATS = {
    "f64": (53, -1022, 1023),
    "f32": (24, -126, 127),
    "f16": (11, -14, 15),
    "bf16": (8, -126, 127),
}
CASES = 30000


def exponent(x):
    """floor(log2 |x|) of a Fraction that is not 0."""
    e = abs(x.numerator).bit_length() - x.denominator.bit_length()
    return e if abs(x) >= Fraction(2) ** e else e - 1


def to_format(x, name):
    """The Fraction x rounded to a format, as a Fraction; None where it is too large."""
    precision, least, greatest = FORMATS[name]
    if x == 0:
        return x
    unit = Fraction(2) ** (max(exponent(x), least) - precision + 1)
    y = round(x / unit) * unit  # round() sends ties to even
    return None if y != 0 and exponent(y) > greatest else y


def mean(terms, out):
    """The mean of (weight, Fraction) in a format, as a double; None where it is refused."""
    total = 0
    for w, x in terms:
        product = w * round(x * 2**64)
        if abs(x) >= 2**63 or not -2**127 <= product < 2**127:
            return None
        total += product
    total = Fraction(total, sum(w for w, x in terms))
    if not -2**127 <= total < 2**127:
        return None
    y = to_format(total / 2**64, out)
    if y is None:
        return None
    return -0.0 if y == 0 and total < 0 else float(y)


def value(r, name, scale):
    """A number of a format, near 2^scale or of a special kind, as a Fraction."""
    precision, least, greatest = FORMATS[name]
    kind = r.randrange(12)
    if kind == 0:
        return Fraction(0)
    if kind == 1:  # subnormal
        return Fraction(r.getrandbits(precision - 1)) * Fraction(2) ** (least - precision + 1)
    few = r.choice([1, 2, 3, precision, precision, precision, precision])
    m = r.getrandbits(few) | 1 << few - 1
    e = max(least, min(greatest, r.randint(-70, 64) if kind == 2 else scale - r.randrange(4)))
    return (-1) ** r.randrange(2) * m * Fraction(2) ** (e - few + 1)


def weight(r, top):
    return r.choice([1, 1 << top, r.randint(1, 1 << top), r.randint(1, 1 << r.randint(0, top))])


def near_tie(r):
    """Terms in f64 whose mean is next to the middle between two numbers of a
    narrower format."""
    out = r.choice(["f32", "f16", "bf16"])
    precision = FORMATS[out][0]
    middle = (r.getrandbits(precision) << 1 | 1 | 2 << precision - 1) * \
        Fraction(2) ** (r.randint(-36, 10) - precision)
    if out == "f16" and r.randrange(2):  # between subnormals
        middle = (2 * r.randrange(1023) + 1) * Fraction(2) ** -25
    w = r.randint(1, 2 ** r.choice([1, 4, 12, 20, 26, 28, 30, 30, 34, 45]))
    terms = [(w, middle)] * r.choice([0, 1, 1, 2, 60])
    total = sum(w * x for w, x in terms) + middle
    step = r.randint(-2, 2) * Fraction(2) ** r.choice([-64, -64, -33, -32, -31])
    if r.randrange(4) == 0:  # the sum is a double, the middle times the weight is not
        step = Fraction(float(total)) - total
    terms.append((1, Fraction(float(middle + step))))
    return "f64", out, terms


def anything(r):
    """Terms of all kinds."""
    name, out = r.choice(list(FORMATS)), r.choice(list(FORMATS))
    scale = r.choice([0, -8, -24, -32, -40, -63, -64, -66, 10, 15, 18, 19, 20, 30, 62])
    top = r.choice([0, 0, 1, 3, 10, 20, 21, 30, 31, 32, 33, 45, 53])
    n = r.choice([1, 2, 2, 3, 4, 7, 20])
    terms = [(weight(r, top), value(r, name, scale)) for _ in range(n)]
    if r.randrange(4) == 0:  # all but cancel
        terms += [(w, -x) for w, x in terms]
        terms.append((weight(r, top), value(r, name, scale - r.randrange(64))))
    if r.randrange(3) == 0:  # equal weights: ties
        terms = [(terms[0][0], x) for w, x in terms]
    return name, out, terms


def case(r):
    """One line for the program, and its answer."""
    name, out, terms = near_tie(r) if r.randrange(3) == 0 else anything(r)
    r.shuffle(terms)
    text = " ".join("%d:%s" % (w, float(x).hex()) for w, x in terms)
    return "%s %s %s" % (name, out, text), mean(terms, out)


def main():
    r = random.Random(1)
    cases = [case(r) for _ in range(CASES)]
    run = subprocess.run([sys.argv[1]], input="\n".join(line for line, _ in cases) + "\n",
                         stdout=subprocess.PIPE, universal_newlines=True, check=True)
    answers = run.stdout.splitlines()
    wrong = int(len(answers) != len(cases))
    refused = 0
    for (line, want), got in zip(cases, answers):
        refused += want is None
        if want is None:
            ok = got.startswith("refused: ") and "fit" in got
        else:
            ok = not got.startswith("refused") and \
                struct.pack("<d", float.fromhex(got)) == struct.pack("<d", want)
        if not ok:
            wrong += 1
            if wrong < 10:
                print("%s: expected %s, found %s" %
                      (line, "refused" if want is None else want.hex(), got), file=sys.stderr)
    print("%d cases, %d of them refused, %d failed" % (len(cases), refused, wrong))
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
