#!/usr/bin/python3
"""Composes the same releases with fl's library and with dp_accounting, on privacy loss
distributions of the same interval, and compares epsilon.

usage: accountant.py TWIN    where TWIN is tests/twin/account-loss.c, compiled

Exits 77, which means skipped, if dp_accounting can't be imported."""

import subprocess
import sys

try:
    import dp_accounting as dp
    from dp_accounting.pld import pld_privacy_accountant
except ImportError as why:
    print("skipped:", why)
    sys.exit(77)

TOLERANCE = 1e-4
RELATIONS = {"add-remove": dp.NeighboringRelation.ADD_OR_REMOVE_ONE,
             "replace": dp.NeighboringRelation.REPLACE_ONE}
EVENTS = {"gaussian": dp.GaussianDpEvent, "laplace": dp.LaplaceDpEvent}
# adjacency, interval, delta, then mechanism, noise, rate, steps of each group
CASES = [("add-remove", h, delta, ("gaussian", z, q, steps))
         for h in (1e-3, 1e-4) for delta in (1e-5, 1e-8)
         for z, q, steps in ((.7, .01, 120), (1, .2, 50), (1.5, .04, 2250), (4, .5, 100),
                             (2, 1, 7), (1, .001, 3000))]
CASES += [("replace", 1e-3, delta, ("gaussian", z, q, steps)) for delta in (1e-5, 1e-8)
          for z, q, steps in ((1, .1, 10), (2, .01, 1000), (3, .5, 100), (2, 1, 3))]
CASES += [("add-remove", 1e-3, delta, ("laplace", z, q, steps)) for delta in (1e-5, 1e-9)
          for z, q, steps in ((1, 1, 3), (.5, .2, 3), (20, 1, 100), (2, .05, 500))]
CASES += [("add-remove", 1e-4, 1e-5, ("gaussian", 1, .01, 500), ("gaussian", 1.5, .02, 500),
           ("laplace", 50, 1, 10))]


def theirs(adjacency, interval, delta, *groups):
    accountant = pld_privacy_accountant.PLDAccountant(RELATIONS[adjacency], interval)
    for mechanism, noise, rate, steps in groups:
        event = EVENTS[mechanism](noise)
        if rate < 1:
            event = dp.PoissonSampledDpEvent(rate, event)
        accountant.compose(event, steps)
    return accountant.get_epsilon(delta)


def line(adjacency, interval, delta, *groups):
    return "%s %r %r " % (adjacency, interval, delta) + "; ".join(
        "%s z=%r q=%r T=%d" % group for group in groups)


def main():
    out = subprocess.run([sys.argv[1]], input="\n".join(line(*case) for case in CASES),
                         capture_output=True, text=True, check=True).stdout
    failed, worst = 0, 0
    for case, found in zip(CASES, map(float, out.split()), strict=True):
        want = theirs(*case)
        worst = max(worst, abs(found / want - 1))
        if not abs(found / want - 1) < TOLERANCE:
            print("%s: expected %.9g, found %.9g" % (line(*case), want, found))
            failed += 1
    print("%d accounts, %d not as dp_accounting; at most %.1g apart" % (len(CASES), failed, worst))
    return 1 if failed else 0


sys.exit(main())
