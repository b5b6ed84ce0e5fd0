#!/usr/bin/env python3
"""The noise of releases: tests/released.py BIN STD SUM RELEASE [SUM RELEASE]...

Each RELEASE is SUM plus discrete Gaussian noise of standard deviation STD. Checks that the
difference has that deviation within 5 %, that it is a whole number of the lattice's steps, and
that it has that distribution: chi-square over 41 bins of equal probability must be below 97.65,
which fails with a probability of 1e-6. With more than 2^10 steps to a deviation, a bin's
probability under the discrete Gaussian is that under the continuous one to 1e-6.

Prints each complaint and the deviations found; exits 1 if there is a complaint."""

import math
import statistics
import subprocess
import sys

BINS = 41
LIMIT = 97.65  # chi-square with 40 degrees of freedom, at 1e-6


def values(tool, path):
    text = subprocess.run([tool + "/fl-export", "-f", "txt", path], check=True,
                          capture_output=True, text=True).stdout
    return [float(word) for word in text.split()]


def meta(tool, path):
    text = subprocess.run([tool + "/fl-dump", path], check=True, capture_output=True,
                          text=True).stdout
    return {line.split()[0]: line.split()[1] for line in text.splitlines() if line.startswith("  ")}


def complaint(tool, std, before, after):
    said = meta(tool, after)
    step = 2.0 ** (math.floor(math.log2(float(said["clip"]))) - int(said["grid"]))
    noise = [b - a for a, b in zip(values(tool, before), values(tool, after), strict=True)]
    if any(x / step != round(x / step) for x in noise):
        return "not a whole number of steps"
    found = math.sqrt(math.fsum(x * x for x in noise) / len(noise))
    print(f"deviation {found / std:.4f} of {std:g}, {len(noise)} values")
    if abs(found / std - 1) > 0.05:
        return f"deviation {found:g}, expected {std:g}"
    normal = statistics.NormalDist(0, std)
    edges = [normal.inv_cdf(i / BINS) for i in range(1, BINS)]
    count = [0] * BINS
    for x in noise:
        count[sum(x > edge for edge in edges)] += 1
    expected = len(noise) / BINS
    chi = sum((n - expected) ** 2 / expected for n in count)
    return f"chi-square {chi:.2f}, expected below {LIMIT}" if chi >= LIMIT else None


def main():
    tool, std, files = sys.argv[1], float(sys.argv[2]), sys.argv[3:]
    bad = 0
    for before, after in zip(files[::2], files[1::2], strict=True):
        wrong = complaint(tool, std, before, after)
        if wrong:
            print(f"{after}: {wrong}")
            bad = 1
    sys.exit(bad)


main()
