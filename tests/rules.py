#!/usr/bin/env python3
"""Compares the robust rules with numpy: tests/rules.py BIN [SEED]

Random records go through BIN/fl-aggregate --rule median and trimmed:F, as files or
through a pipe, in random order (tests/ways.py). The median must be numpy's to the bit in the dtypes that
numpy's f64 holds with room to spare, and within one rounding in f64; the trimmed mean
that of the sorted values, by fractions.Fraction, rounded once. Exits 1 at a mismatch, 77
where a Python module is missing."""

import os
import random
import subprocess
import sys
from fractions import Fraction

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "data", "vectors"))
try:
    import numpy
    import make
except ImportError as missing:
    print("needs Python's module", missing.name)
    sys.exit(77)
import exact
import ways

CASES = 150


def main():
    tools, r, failed = sys.argv[1], random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1), 0
    for case in range(CASES):
        dtype = r.choice(list(exact.FORMATS))
        n, d = r.choice([1, 2, 3, 4, 5, 8, 17, 64, 67]), r.choice([1, 7, 40])
        m = r.randint(0, d)
        encodings = r.choice([[make.DENSE, make.ZLIB], [make.ZLIB]])
        cut = r.randrange((n + 1) // 2)
        rows = [[exact.value(r, dtype, r.choice([0, 4, -8])) for _ in range(d)] for _ in range(n)]
        rule = r.choice(["median", "trimmed:%d" % cut])
        if rule != "median":  # what is added up has bounds
            rows = [[x if abs(x) < 2**59 else Fraction(0) for x in row] for row in rows]
        records = [make.record([make.Tensor("v", dtype, [m], [float(x) for x in row[:m]],
                                            r.choice(encodings)),
                                make.Tensor("n", "u8", [3], [1, 2, 3]),
                                make.Tensor("w", dtype, [d - m], [float(x) for x in row[m:]],
                                            r.choice(encodings))],
                               {"client": "c%d" % k}, make.UPDATE)
                   for k, row in enumerate(rows)]
        result = ways.aggregate(tools, r, ["--rule", rule], records)
        text = subprocess.run([os.path.join(tools, "fl-export"), "-f", "txt"], input=result,
                              stdout=subprocess.PIPE, check=True).stdout.decode().split()
        columns = [sorted(column) for column in zip(*rows)]
        if rule == "median":
            half = numpy.median(numpy.array([[float(x) for x in row] for row in rows]), axis=0)
            want = [exact.to_format(Fraction(float(x)), dtype) for x in half]
        else:
            want = [exact.to_format(Fraction(sum(round(x * 2**64) for x in c[cut:n - cut]),
                                             2**64 * (n - 2 * cut)), dtype) for c in columns]
        found = [exact.to_format(Fraction(float(x)), dtype) for x in text[:m] + text[m + 3:]]
        if found != want:
            failed += 1
            if failed < 10:
                print("case %d: %s of %d %s: expected %s, found %s" %
                      (case, rule, n, dtype, want[:3], found[:3]), file=sys.stderr)
    print("%d cases, %d failures" % (CASES, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
