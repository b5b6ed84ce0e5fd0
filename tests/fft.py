#!/usr/bin/python3
"""Compares the library's Fourier transform with numpy's.

usage: fft.py TWIN    where TWIN is tests/twin/kernel-fft.c, compiled

Exits 77, which means skipped, if numpy can't be imported."""

import subprocess
import sys

try:
    import numpy
except ImportError as why:
    print("skipped:", why)
    sys.exit(77)

TOLERANCE = 2e-16  # of the root of the sum of squares, for each of log2(n) + 4 steps


def compare(program, x):
    text = "%d\n" % len(x) + "\n".join("%.17g %.17g" % (v.real, v.imag) for v in x)
    out = subprocess.run([program], input=text, capture_output=True, text=True, check=True).stdout
    ours = numpy.array([complex(*map(float, line.split())) for line in out.splitlines()])
    apart = numpy.abs(ours - numpy.fft.fft(x)).max() / numpy.sqrt((numpy.abs(x) ** 2).sum())
    good = apart <= TOLERANCE * (len(x).bit_length() + 3)
    if not good:
        print("not as numpy: length %d: %g" % (len(x), apart))
    return good


def main():
    draw = numpy.random.default_rng(1)
    inputs = [draw.normal(size=1 << k) + 1j * draw.normal(size=1 << k) for k in range(18)]
    inputs += [numpy.exp(-draw.exponential(20, 1 << k)) + 0j for k in range(18)]
    inputs += [numpy.eye(1, 64, k)[0] + 0j for k in range(64)]
    results = [compare(sys.argv[1], x) for x in inputs]
    print("%d transforms, %d not as numpy" % (len(results), results.count(False)))
    return 1 if False in results else 0


sys.exit(main())
