#!/usr/bin/env python3
"""Compares sums of clipped updates with whole numbers: tests/lattice.py BIN [SEED]

Random updates on the lattice of a clip and a grid go through BIN/fl-aggregate --sum in random
order (tests/ways.py), by themselves and in random trees of --partial. Some have the greatest
norm that there may be, to the step. With them go updates that are a step beyond it or half a
step off the lattice, which must be left out. The sum must be that of the others' steps, to the
bit; the last case has 10,000 of them. Prints the number of cases; exits 1 at a mismatch, 77
where a Python module is missing."""

import math
import os
import random
import subprocess
import sys
from fractions import Fraction

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "data", "vectors"))
try:
    import make
except ImportError as missing:
    print("needs Python's module", missing.name)
    sys.exit(77)
import ways

CASES = 40
CLIPS = 1.0, 0.3, 1e-3, 0.8, 1e-12, 1e12, 77.7
VALUES = 12


def squares(n):
    """Whole numbers whose squares add up to n."""
    while n:
        root = math.isqrt(n)
        yield root
        n -= root * root


class Case:
    def __init__(self, r, clients):
        self.r, self.clip, self.grid = r, r.choice(CLIPS), r.randint(10, 23)
        self.exponent = math.frexp(self.clip)[1] - 1 - self.grid
        step = Fraction(2)**self.exponent
        self.most = math.floor((Fraction(self.clip) / step)**2)
        self.good = [self.steps() for _ in range(clients)]
        self.bad = []
        if clients < 100:
            self.bad = [[x + 0.5 for x in self.steps()], self.full(self.most + 1)]

    def full(self, n):
        """Steps whose squares add up to n."""
        steps = [root * self.r.choice([1, -1]) for root in squares(n)]
        assert len(steps) <= VALUES
        return self.r.sample(steps + [0] * (VALUES - len(steps)), VALUES)

    def steps(self):
        if self.r.randrange(4) == 0:
            return self.full(self.most)
        most = math.isqrt(self.most // VALUES)
        return [self.r.randint(-most, most) for _ in range(VALUES)]

    def record(self, steps, dtype):
        values = [math.ldexp(x, self.exponent) for x in steps]
        tensors = [make.Tensor("w", dtype, [4], values[:4]),
                   make.Tensor("b", dtype, [VALUES - 4], values[4:],
                               self.r.choice([make.DENSE, make.ZLIB]))]
        meta = {"clip": repr(self.clip), "grid": self.grid, "round": 7}
        return make.record(tensors, meta, make.UPDATE, make.CLIPPED)

    def records(self):
        return [self.record(steps, self.r.choice(["f32", "f64"])) for steps in self.good]

    def answer(self):
        return [math.ldexp(sum(column), self.exponent) for column in zip(*self.good)]


class Runner:
    def __init__(self, tools, r):
        self.tools, self.r = tools, r

    def merge(self, records, *options):
        return ways.aggregate(self.tools, self.r,
                              ["--sum", "--trust-partials"] + list(options), records)

    def tree(self, records, depth=0):
        """A partial of partials and of plain records, at random."""
        if len(records) > 1 and depth < 3:
            cut = self.r.randint(1, len(records) - 1)
            records = [self.tree(part, depth + 1 if self.r.randrange(3) else 3)
                       for part in (records[:cut], records[cut:])]
        return self.merge(records, "--partial")


def check(tools, r, case):
    runner, records = Runner(tools, r), case.records()
    first = runner.merge(records)
    if runner.merge([runner.tree(r.sample(records, len(records)))]) != first:
        yield "another grouping: other bytes"
    bad = [case.record(steps, "f64") for steps in case.bad]
    if bad and runner.merge(records + bad, "--expect", str(len(records))) != first:
        yield "with bad ones, which are left out: other bytes"
    found = subprocess.run([os.path.join(tools, "fl-export"), "-f", "txt"], input=first,
                           stdout=subprocess.PIPE, check=True).stdout.decode().split()
    if [float(text) for text in found] != case.answer():
        yield "clip %g grid %d: expected %s, found %s" % (
            case.clip, case.grid, case.answer(), found)


def main():
    r = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    failed = 0
    for number in range(CASES + 1):
        case = Case(r, r.choice([1, 2, 5, 30]) if number < CASES else 10000)
        for complaint in check(sys.argv[1], r, case):
            failed += 1
            print("case %d: %s" % (number, complaint), file=sys.stderr)
    print("%d cases, %d failures" % (CASES + 1, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
