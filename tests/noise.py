#!/usr/bin/env python3
"""Compares fl-noise with whole numbers and fractions: tests/noise.py BIN [SEED]

Random updates of every magnitude are clipped. The results must be multiples of the step
whose norm is at most C, in whole numbers; and each value must be the nearest multiple to the
old value, scaled by a factor that is computed here from the exact norm. Sums of magnitudes are
tested in the same way, with noise that is so small that it is nearly always 0.

Noise is drawn on updates and sums of zeros: its standard deviation must be z C within 5 %, and
its chi-square that of the discrete distribution, at the significance 1e-6. For a sum that is
not zero, the noise is the difference from that sum.

Prints what was compared; exits 1 at a mismatch, 77 if a Python module is missing."""

import json
import math
import os
import random
import struct
import subprocess
import sys
from fractions import Fraction
from statistics import NormalDist

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "data", "vectors"))
try:
    import make
except ImportError as missing:
    print("needs Python's module", missing.name)
    sys.exit(77)

RECORDS = 2000  # for each norm
NORMS = [(0.3, 20), (1.0, 20), (1e-3, 23), (1e12, 12), (1e-12, 20), (0.7, 10)]
DTYPES = {"f64": (1.7e308, "<d"), "f32": (3e38, "<f"), "f16": (6e4, "<e")}
TOOLS = {}


def run(tool, *words, stdin=None):
    return subprocess.run([os.path.join(TOOLS["bin"], tool), *words], input=stdin,
                          stdout=subprocess.PIPE, check=True).stdout


def read(records):
    """The values of each record, all tensors together, and its metadata."""
    for line in run("fl-dump", "--json", "--values", stdin=records).splitlines():
        record = json.loads(line)
        values = []
        for tensor in record["tensors"]:
            values += stored(tensor["values"], tensor["dtype"])
        yield values, record["meta"]


def step_of(clip, grid):
    return Fraction(2) ** (math.frexp(clip)[1] - 1 - grid)


def stored(values, dtype):
    """The values as a float type holds them."""
    most, pack = DTYPES[dtype]
    return [struct.unpack(pack, struct.pack(pack, max(-most, min(most, v))))[0] for v in values]


def some_values(r, n, norm):
    """Values of a random kind, often of about the norm."""
    kind = r.randrange(7)
    if kind == 0:
        return [r.uniform(-1, 1) * 2.2e-308 for _ in range(n)]
    if kind == 1:
        values = [0.0] * n
        values[r.randrange(n)] = r.choice([3e38, -1e300, 1.0, 5e-324, -0.0])
        return values
    if kind == 2:
        return [math.ldexp(r.uniform(-1, 1), r.randint(-100, 100)) for _ in range(n)]
    if kind == 3:
        return [r.uniform(-1, 1) * 1e300 for _ in range(n)]
    scale = norm * 2.0 ** r.randint(-3, 3) / math.sqrt(n)
    if kind == 4:
        return [scale] * n
    return [r.uniform(-1, 1) * scale for _ in range(n)]


def root(x):
    """The root of a Fraction, to 60 bits or more."""
    shift = max(0, 140 - x.numerator.bit_length() + x.denominator.bit_length())
    shift += shift % 2
    return Fraction(math.isqrt((x.numerator << shift) // x.denominator), 2 ** (shift // 2))


def check_clip(before, after, clip, grid):
    """Returns whether `after` is `before`, clipped."""
    g = step_of(clip, grid)
    steps = [Fraction(v) / g for v in after]
    exact = [Fraction(v) / g for v in before]
    most = Fraction(clip) / g
    if any(k.denominator != 1 for k in steps) or sum(k * k for k in steps) > most * most:
        return False
    within = most - root(Fraction(len(before), 4))
    norm = root(sum(x * x for x in exact))
    if norm < within * (1 - Fraction(1, 10**9)):
        return all(k == round(x) for k, x in zip(steps, exact))
    factor = min(1, within / norm)
    return all(abs(k - x * factor) <= Fraction(1, 2) + Fraction(1, 10**6)
               for k, x in zip(steps, exact))


def clip_updates(r):
    """Clips random updates; returns how many, and how many were wrong."""
    wrong = 0
    for clip, grid in NORMS:
        updates, stream = [], []
        while len(updates) < RECORDS:
            n = 1 + r.randrange(1 << r.randrange(6))
            dtype = r.choice(list(DTYPES))
            values = stored(some_values(r, n, clip), dtype)
            first = r.randrange(n + 1)
            updates.append(values)
            stream.append(make.record([make.Tensor("a", dtype, [first], values[:first]),
                                       make.Tensor("b", dtype, [n - first], values[first:])],
                                      {"round": len(updates)}, make.UPDATE))
        out = run("fl-noise", "-C", repr(clip), "--grid", str(grid), stdin=b"".join(stream))
        clipped = list(read(out))
        wrong += len(clipped) != len(updates)
        for i, (values, meta) in enumerate(clipped):
            good = check_clip(updates[i], values, clip, grid)
            good &= float(meta["clip"]) == clip and meta["round"] == i + 1
            if not good and wrong < 9:
                print("clip", clip, grid, updates[i], values)
            wrong += not good
    return len(NORMS) * RECORDS, wrong


def chi_square(counts, expected):
    return sum((c - e) ** 2 / e for c, e in zip(counts, expected))


def noise_of(kind, clip, grid, z, n, values=None, mechanism="gaussian"):
    """The steps of noise on n values, and sigma as the record says."""
    before = [0.0] * n if values is None else values
    state = make.CLIPPED if kind == make.SUM else make.RAW
    meta = {"clip": repr(clip), "grid": grid, "of": "update"} if kind == make.SUM else {}
    norm = ["--mechanism", "laplace", "--clip-l1"] if mechanism == "laplace" else ["-C"]
    record = make.record([make.Tensor("w", "f64", [n], before)], meta, kind, state)
    out = run("fl-noise", *norm, repr(clip), "--grid", str(grid), "-z", repr(z), "--adjacency",
              "replace", stdin=record)
    (after, meta), = read(out)
    g = step_of(clip, grid)
    steps = [(Fraction(a) - Fraction(b)) / g for a, b in zip(after, before)]
    assert all(k.denominator == 1 for k in steps)
    return [int(k) for k in steps], int(meta["noise"]), g


def check_large(steps, sigma):
    """Standard deviation and chi-square, for a sigma of many steps; 20 degrees of freedom."""
    n = len(steps)
    deviation = math.sqrt(sum(k * k for k in steps) / n)
    edges = [NormalDist(0, sigma).inv_cdf(i / 21) for i in range(1, 21)]
    counts = [0] * 21
    for k in steps:
        counts[sum(k > edge for edge in edges)] += 1
    return abs(deviation / sigma - 1) < 0.05 and chi_square(counts, [n / 21] * 21) < 65.42


def check_small(steps, mass):
    """Chi-square against masses of 0, 1, -1, 2, -2 ...; the threshold is that of 20 degrees of
    freedom at most, of which there are fewer."""
    n, total = len(steps), sum(mass(abs(k)) for k in range(-200, 201))
    expected, counts, rest = [], [], n
    for size in range(200):
        for k in sorted({size, -size}):
            e = n * mass(size) / total
            if e >= 5:
                expected.append(e)
                counts.append(steps.count(k))
    expected.append(max(n - sum(expected), 1))
    counts.append(n - sum(counts))
    return len(counts) <= 21 and chi_square(counts, expected) < 65.42


def draw_noise(r):
    n, wrong = 100000, []
    for kind, clip, grid, z in [(make.UPDATE, 1.0, 20, 2.0), (make.SUM, 0.3, 20, 1.1),
                                (make.SUM, 0.8, 10, 6.923), (make.UPDATE, 1e-3, 14, 100.0)]:
        steps, sigma, g = noise_of(kind, clip, grid, z, n)
        ok = check_large(steps, sigma) and sigma == math.ceil(Fraction(z) * Fraction(clip) / g)
        wrong += [] if ok else [("large", clip, grid, z)]
    for z, sigma in [(1 / 1024, 1), (2 / 1024, 2)]:
        steps, found, g = noise_of(make.UPDATE, 1.0, 10, z, 40000)
        ok = found == sigma and check_small(steps, lambda k: math.exp(-k * k / (2 * sigma**2)))
        wrong += [] if ok else [("small", z)]
    steps, scale, g = noise_of(make.PARAMS, 1.0, 10, 1 / 1024, 40000, mechanism="laplace")
    ok = scale == 1 and check_small(steps, lambda k: math.exp(-k))
    wrong += [] if ok else [("laplace",)]
    g = step_of(0.3, 20)
    values = [float(g * r.randint(-10**9, 10**9)) for _ in range(n)]
    steps, sigma, g = noise_of(make.SUM, 0.3, 20, 1.1, n, values)
    wrong += [] if check_large(steps, sigma) else [("on a sum",)]
    return wrong


def add_up(r):
    """The sum of clipped updates, to the last bit; returns how many there were."""
    n, d, clip, grid = 10000, 20, 0.3, 20
    updates = [make.record([make.Tensor("w", "f32", [d], stored(some_values(r, d, clip), "f32"))],
                           {"round": 1}, make.UPDATE) for _ in range(n)]
    clipped = run("fl-noise", "-C", repr(clip), stdin=b"".join(updates))
    want = [0] * d
    for values, _ in read(clipped):
        for i, v in enumerate(values):
            want[i] += Fraction(v)
    (found, meta), = read(run("fl-aggregate", "--sum", stdin=clipped))
    return n, [Fraction(v) for v in found] == want and float(meta.get("clip", 0)) == clip


def main():
    TOOLS["bin"] = sys.argv[1]
    r = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    n, wrong = clip_updates(r)
    print(n, "updates clipped,", wrong, "wrong")
    noisy = draw_noise(r)
    print("noise:", noisy or "right")
    added, equal = add_up(r)
    print(added, "clipped updates added up,", "right" if equal else "wrong")
    sys.exit(1 if wrong or noisy or not equal else 0)


main()
