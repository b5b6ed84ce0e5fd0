#!/usr/bin/env python3
"""Compares the one spelling of equal numbers with exact arithmetic: tests/plain.py PROGRAM

PROGRAM is the built tests/twin/number-plain.c. Random spellings from a fixed seed; the
right answers come from Python's integers, and by decimal.Decimal the two texts of a case must
be equal. Prints the number of cases; exits 1 at a mismatch."""

import random
import re
import subprocess
import sys
from decimal import Context, MAX_EMAX, MIN_EMIN

CASES = 30000
NUMBER = re.compile(r"(?:\+(?!-))?(-?)(?:(\d+)\.?(\d*)|\.(\d+))(?:[eE]([+-]?\d+))?", re.ASCII)
EXACT = Context(prec=2000, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])
SHORT = ["", "-", "+", ".", "+-1", "-+1", "--1", "1e", "e1", "1e+", "1.e1", ".e1", "1..", "nan",
         "inf", "-inf", "0x10", " 1", "1 ", "1,5", "1_0", "1e1.5", "1f", "\xe9", "+.5", "-.0",
         "+0", "-0", "00", "0e99999999999999999999999", "1e999999999999999999",
         "0.1e1000000000000000000", "1e1000000000000000000", "10e999999999999999999",
         "0.1e10000000000000000000", "1e-1000000000000000000", "1.5e-999999999999999998",
         "1.5e-999999999999999999", "1e9223372036854775808", "1e18446744073709551616",
         "1e18446744073709551617", "1e0000000000000000000000001", "1e-400", "1e999999999999",
         "12345678901234567", "12345678901234568", "1" * 40, "1" * 41, "1" + 39 * "0",
         "-1" + 39 * "0", "1e39", "1e40", "-1e38", "-1e39", "1e-38", "1e-39", "-1e-37", "-1e-38"]


def plain(text):
    """The answer for a text."""
    m = NUMBER.fullmatch(text)
    if m is None:
        return "text"
    minus, whole, fraction, alone, power = m.groups()
    fraction = fraction or alone or ""
    digits = ((whole or "") + fraction).strip("0")
    if not digits:
        return "0"
    zeros = len((whole or "") + fraction) - len(((whole or "") + fraction).rstrip("0"))
    power = int(power or 0) - len(fraction) + zeros
    if abs(power) >= 10**18:
        return "refused"
    if power >= 0:
        long = power > 99
        form = digits + "0" * (0 if long else power)
    else:
        long = power < -2000
        padded = digits.rjust(1 - (0 if long else power), "0")
        form = padded[:len(padded) + power] + "." + padded[power:] if not long else ""
    if long or len(minus + form) > 40:
        form = "%se%d" % (digits, power)
    return minus + form


def spelling(r):
    """A number as somebody may write it."""
    if r.randrange(8) == 0:
        return r.choice(SHORT)
    digits = "".join(r.choice("0123456789" if r.randrange(2) else "01")
                     for _ in range(r.choice([1, 1, 2, 3, 5, 17, 20, 38, 40, 41, 300])))
    digits = "0" * r.choice([0, 0, 0, 1, 3, 50]) + digits + "0" * r.choice([0, 0, 1, 2, 50])
    at = r.randrange(len(digits) + 1)
    text = digits[:at] + r.choice(["", "."]) + digits[at:]
    if r.randrange(2):
        top = r.choice([3, 9, 40, 45, 300, 10**9, 10**18, 10**18 + 99, 10**25])
        text += r.choice("eE") + r.choice(["", "+", "-"]) + \
            "0" * r.choice([0, 0, 2, 30]) + str(r.randrange(max(0, top - 99), top + 99))
    text = r.choice(["", "", "+", "-"]) + text
    if r.randrange(20) == 0:  # and one that is not
        at = r.randrange(len(text))
        text = text[:at] + r.choice("+-.eEx \t0") + text[at:]
    return text


def agrees(question, answer):
    """Whether decimal finds them equal, where it can hold them."""
    if answer in ("text", "refused"):
        return True
    a, b = EXACT.create_decimal(question), EXACT.create_decimal(answer)
    return not a.is_finite() or not b.is_finite() or a == b


def main():
    r = random.Random(1)
    cases = SHORT + [spelling(r) for _ in range(CASES)]
    run = subprocess.run([sys.argv[1]], input="\n".join(cases) + "\n", encoding="utf-8",
                         stdout=subprocess.PIPE, check=True)
    answers = run.stdout.splitlines()
    wrong = int(len(answers) != len(cases))
    for text, got in zip(cases, answers):
        if got != plain(text) or not agrees(text, got) or plain(got) not in (got, "text"):
            wrong += 1
            if wrong < 10:
                print("%r: expected %s, found %s" % (text, plain(text), got), file=sys.stderr)
    print("%d cases, %d failed" % (len(cases), wrong))
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
