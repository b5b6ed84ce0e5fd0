#!/usr/bin/env python3
"""Compares fl-aggregate with rational arithmetic: tests/aggregate.py BIN [SEED]

Random records, of wildly different magnitudes and values that cancel, go
through BIN/fl-aggregate in random order: as files, through a pipe (tests/ways.py), and
grouped at random into trees of --partial, some of them of nothing. All results must be the same bytes, and
their values those of fractions.Fraction, rounded as tests/exact.py does.
Prints the number of cases; exits 1 at a mismatch.

tests/aggregate.py --write makes the records that standard input describes, one
a line, a star for the zlib encoding, a percent sign for modular (bits comes before it), text for
lines of names:
    FILE KIND[/PRIVACY] [KEY=VALUE]... [TENSOR:DTYPE[*]=VALUE,...]...

Exits 77 if a Python module is missing."""

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
import exact
import ways

CASES = 100


def write(lines):
    for line in lines:
        path, kind, *rest = line.split()
        kind, _, privacy = kind.partition("/")
        meta, tensors = {}, []
        for word in rest:
            left, _, right = word.partition("=")
            if ":" not in left:
                meta[left] = right
                continue
            name, _, dtype = left.rpartition(":")
            if dtype == "text":
                text = (right.replace(",", "\n") + "\n").encode()
                tensors.append(make.Tensor(name, "u8", [len(text)], text))
                continue
            number = float if "f" in dtype else int
            values = [number(v) for v in right.split(",") if v]
            encoding = {"*": make.ZLIB, "%": make.MODULAR}.get(dtype[-1], make.DENSE)
            payload = make.chunks(make.ring(values, int(meta["bits"]))) \
                if encoding == make.MODULAR else None
            tensors.append(make.Tensor(name, dtype.rstrip("*%"), [len(values)], values, encoding,
                                       payload))
        with open(path, "wb") as f:
            f.write(make.record(tensors, meta, getattr(make, kind.upper()),
                                getattr(make, (privacy or "raw").upper())))


class Case:
    """Records of one kind, and their results."""

    def __init__(self, r):
        self.add, self.examples = r.randrange(3) == 0, r.randrange(3) > 0
        self.kind = r.choice([make.PARAMS, make.UPDATE])
        self.encodings = r.choice([[make.DENSE, make.ZLIB], [make.ZLIB]])
        self.options = ["--sum"] if self.add else []
        if self.examples and not self.add and r.randrange(3) == 0:
            self.options, self.examples = ["-w", "uniform"], False
        clients = r.choice([1, 2, 3, 5, 8, 13, 70])
        self.weights = [exact.weight(r, r.choice([0, 3, 10])) for _ in range(clients)]
        self.tensors = [self.tensor(r, clients) for _ in range(r.randint(1, 3))]

    def tensor(self, r, clients):
        """dtype, and of each client the values."""
        dtype = r.choice(list(exact.FORMATS))
        columns = []
        for _ in range(r.choice([1, 3, 40])):
            # The sum and every sum of a part must fit: 70 2^10 2^40 < 2^63.
            scale = 8 if dtype == "f16" else r.choice([0, -8, -24, -40, -62, -66, 10, 18, 30, 40])
            column = [exact.value(r, dtype, scale) for _ in range(clients)]
            column = [x if abs(x) < 2**(10 if dtype == "f16" else 40) else Fraction(0)
                      for x in column]
            if r.randrange(3) == 0 and clients > 1:  # cancels, or all but cancels
                k = r.randrange(clients - 1)
                column[k], self.weights[k] = -column[k + 1], self.weights[k + 1]
            columns.append(column)
        return dtype, list(zip(*columns))

    def records(self, r):
        """The bytes of each client's record."""
        made = []
        for k, weight in enumerate(self.weights):
            meta = {"client": "c%d" % k, "round": 7, "steps": k}
            if self.examples or self.options:
                meta["examples"] = weight
            tensors = [make.Tensor("t%d" % i, dtype, [len(rows[k])], [float(x) for x in rows[k]],
                                   r.choice(self.encodings))
                       for i, (dtype, rows) in enumerate(self.tensors)]
            tensors.append(make.Tensor("n", "i16", [2], [k, -k] if self.add else [7, -7]))
            tensors.append(make.Tensor(":names", "u8", [4], b"a\nb\n"))
            made.append(make.record(tensors, meta, self.kind))
        return made

    def nothing(self):
        """A partial of no records, which must not change the result."""
        tensors = [make.Tensor("t%d" % i, "sum-" + dtype, [len(rows[0])], [0] * len(rows[0]))
                   for i, (dtype, rows) in enumerate(self.tensors)]
        tensors.append(make.Tensor("n", "i16", [2], [0, 0]))
        tensors.append(make.Tensor(":names", "u8", [4], bytes(4)))
        tensors.append(make.Tensor(":parents", "u16", [1024], [0] * 1024))
        meta = {"of": "update" if self.kind == make.UPDATE else "params", "round": 7,
                "rule": "sum" if self.add else "mean", "clients": 0, "weight": 0}
        return make.record(tensors, meta, make.PARTIAL)

    def answer(self):
        """Every value of the result, tensor after tensor, as (dtype, Fraction or int)."""
        n = len(self.weights)
        weights = self.weights if self.examples and not self.add else [1] * n
        for dtype, rows in self.tensors:
            for column in zip(*rows):
                total = sum(w * round(x * 2**64) for w, x in zip(weights, column))
                yield dtype, exact.to_format(
                    Fraction(total, 2**64 * (1 if self.add else sum(weights))), dtype)
        ends = n * (n - 1) // 2 if self.add else 7
        yield from [("i16", ends), ("i16", -ends)]


class Runner:
    def __init__(self, tools, r, case):
        self.tools, self.r, self.case = tools, r, case

    def merge(self, records, *options):
        options = (["--trust-partials"] + self.case.options + list(options) +
                   self.r.choice([[], ["--strict"]]))
        if self.r.randrange(4) == 0:
            records = records + [self.case.nothing()]
        return ways.aggregate(self.tools, self.r, options, records)

    def tree(self, records, depth=0):
        """Partials of partials and of plain records, at random; a list."""
        if len(records) < 2 or depth == 3:
            return [self.merge(records, "--partial")] if self.r.randrange(2) else records
        cut, out = self.r.randint(1, len(records) - 1), []
        for part in records[:cut], records[cut:]:
            out += self.tree(part, depth + 1)
        return [self.merge(out, "--partial")] if depth and self.r.randrange(2) else out


def check(tools, r, case):
    """Complaints about one case."""
    runner = Runner(tools, r, case)
    records = case.records(r)
    first = runner.merge(records)
    for _ in range(2):
        if runner.merge(records) != first:
            yield "another order: other bytes"
        if runner.merge(runner.tree(r.sample(records, len(records)))) != first:
            yield "another grouping: other bytes"
    found = subprocess.run([os.path.join(tools, "fl-export"), "-f", "txt"], input=first,
                           stdout=subprocess.PIPE, check=True).stdout.decode().split()
    wanted = list(case.answer())
    if len(found) != len(wanted):
        yield "expected %d values, found %d" % (len(wanted), len(found))
    for text, (dtype, want) in zip(found, wanted):
        if dtype in exact.FORMATS:
            same = exact.to_format(Fraction(float(text)), dtype) == want
        else:
            same = int(text) == want
        if not same:
            yield "%s: expected %s, found %s" % (dtype, want, text)


def main():
    if sys.argv[1] == "--write":
        return write(sys.stdin)
    r = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    failed = 0
    for number in range(CASES):
        for complaint in check(sys.argv[1], r, Case(r)):
            failed += 1
            if failed < 10:
                print("case %d: %s" % (number, complaint), file=sys.stderr)
    print("%d cases, %d failures" % (CASES, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
