#!/usr/bin/env python3
"""Compares sums of masked records with whole numbers: tests/modular.py BIN [SEED]

Random masked records, in rings of all widths, dense, packed and compressed, go through
BIN/fl-aggregate --sum in random order: as files, through a pipe (tests/ways.py), and grouped
at random into sums of sums. The result must be, byte for byte, the record that the writer of
data/vectors makes of their sum modulo 2^bits. Prints the number of cases; exits 1 at a
mismatch, 77 if a Python module is missing."""

import os
import random
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "data", "vectors"))
try:
    import make
except ImportError as missing:
    print("needs Python's module", missing.name)
    sys.exit(77)
import ways

CASES = 60


def tensor(name, dims, values, bits, encoding=make.MODULAR):
    payload = None
    if encoding == make.MODULAR:
        payload = make.chunks(make.ring(values, bits)) if values else make.chunks()
    return make.Tensor(name, "u64", dims, values, encoding, payload)


def names(lines):
    text = "".join(line + "\n" for line in lines).encode()
    return make.Tensor(":senders", "u8", [len(text)], text)


class Case:
    """The values of each client, by tensor, and what all records say."""

    def __init__(self, r):
        self.bits = r.choice([16, 24, 32, 48, 64])
        self.clients = ["site %d" % k for k in range(r.choice([1, 2, 3, 8, 70]))]
        self.dims = [r.choice([[1], [3], [2, 20], [0], [5, 0, 2], []])
                     for _ in range(r.randint(1, 3))]
        self.values = {c: [self.draw(r, d) for d in self.dims] for c in self.clients}
        self.meta = {"base": make.BASE, "bits": self.bits, "clip": "0.5", "grid": 16,
                     "of": "update", "roster": make.BASE, "round": 7, "session": "s",
                     "state": "clipped", "weighting": "uniform"}

    def draw(self, r, dims):
        n = 1
        for d in dims:
            n *= d
        most = 2**self.bits - 1
        return [r.choice([0, 1, most, most // 2, r.randint(0, most)]) for _ in range(n)]

    def tensors(self, values, encodings, r):
        return [tensor("t%d" % i, d, v, self.bits, r.choice(encodings))
                for i, (d, v) in enumerate(zip(self.dims, values))]

    def records(self, r):
        encodings = r.choice([[make.MODULAR], [make.MODULAR, make.DENSE, make.ZLIB]])
        return [make.record(self.tensors(self.values[c], encodings, r), {
            **self.meta, "client": c, "signature": "%0128x" % r.getrandbits(512)},
            make.MASKED, make.HIDDEN) for c in self.clients]

    def answer(self, r):
        total = [[sum(column) % 2**self.bits for column in zip(*rows)]
                 for rows in zip(*self.values.values())]
        return make.record(self.tensors(total, [make.MODULAR], r) + [names(sorted(self.clients))],
                           {**self.meta, "clients": len(self.clients)}, make.MASKED, make.HIDDEN)


def merge(tools, r, records):
    options = ["--sum", "--trust-partials"] + r.choice([[], ["--strict"], ["--unique"]])
    return ways.aggregate(tools, r, options, records)


def tree(tools, r, records, depth=0):
    """Sums of sums and of plain records, at random; a list."""
    if len(records) < 2 or depth == 3:
        return [merge(tools, r, records)] if r.randrange(2) else records
    cut = r.randint(1, len(records) - 1)
    out = tree(tools, r, records[:cut], depth + 1) + tree(tools, r, records[cut:], depth + 1)
    return [merge(tools, r, out)] if depth and r.randrange(2) else out


def main():
    r = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    failed = 0
    for number in range(CASES):
        case = Case(r)
        records, want = case.records(r), case.answer(r)
        for how in "at once", "grouped":
            parts = records if how == "at once" else tree(sys.argv[1], r, r.sample(
                records, len(records)))
            if merge(sys.argv[1], r, parts) != want:
                failed += 1
                print("case %d, %s: other bytes" % (number, how), file=sys.stderr)
    print("%d cases, %d failures" % (CASES, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
