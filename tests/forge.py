#!/usr/bin/env python3
"""One malicious client among honest ones: tests/forge.py BIN MODEL HONEST...

Forges updates of MODEL in many ways. Each is given to BIN/fl-aggregate before the honest
ones, then after them. Where the caller says what updates must be (--like MODEL -w examples
--min-clients N), the report must say of each honest update that it was taken. Where the
caller says nothing, the run ends without a result, or they are taken too. Of a few forged
records it is known whether they must be taken.

With no HONEST it only makes `nine`, a partial of zeros that claims nine clients, and `two`,
different updates of one client.

Prints each complaint and the number of records; exits 1 where there is a complaint, 77 where a
Python module is missing."""

import os
import subprocess
import sys

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "data", "vectors"))
try:
    import make
except ImportError as missing:
    print("needs Python's module", missing.name)
    sys.exit(77)

WEIGHT, BIAS = ("0.weight", [3, 4]), ("0.bias", [3])


class Forger:
    def __init__(self, base):
        self.base = base

    def meta(self, **said):
        meta = {"base": self.base, "client": "attacker", "examples": 50, "round": 0, "steps": 30}
        meta.update(said)
        return {key: value for key, value in meta.items() if value is not None}

    def tensors(self, w=0.0, b=0.0, prefix="", rows=(WEIGHT, BIAS)):
        made = []
        for (name, dims), values in zip(rows, (w, b)):
            n = dims[0] * (dims[1] if len(dims) > 1 else 1)
            values = values if isinstance(values, list) else [values] * n
            made.append(make.Tensor(name, prefix + "f32", dims, values))
        return made

    def update(self, w=0.0, b=0.0, kind=make.UPDATE, privacy=make.RAW, tensors=None, footer=None,
               **said):
        meta = self.meta(**said)
        late = {key: meta.pop(key) for key in footer or []}
        return make.record(tensors or self.tensors(w, b), meta, kind, privacy, footer=late)

    def partial(self, clients, weight, w=0.0, **said):
        words = make.Tensor(":parents", "u16", [1024], [0] * 1024)
        meta = dict(clients=clients, weight=weight, of="update", rule="mean", client=None,
                    weighting="examples", examples=weight)
        meta.update(said)
        return make.record(self.tensors(w * weight, 0, "sum-") + [words], self.meta(**meta),
                           make.PARTIAL)

    def rows(self):
        """Words for a record, its bytes, and the verdict if it is known."""
        update, partial = self.update, self.partial
        yield "an honest size", update(), "taken"
        yield "an honest size, packed", update(tensors=[
            make.Tensor(*WEIGHT[:1], "f32", WEIGHT[1], [0.0] * 12, make.ZLIB),
            make.Tensor(*BIAS[:1], "f32", BIAS[1], [0.0] * 3, make.ZLIB)]), "taken"
        yield "counts in the footer", update(footer=["examples", "steps"]), "taken"
        yield "other zeros", update([-0.0, 1e-45] * 6), "taken"
        yield from self.values()
        yield from self.counts()
        yield from self.origins()
        yield from self.states()
        yield from self.shapes()
        yield "the same record three times", update(9.0) * 3, None
        yield "three of one client", b"".join(update(9.0, zz=i) for i in range(3)), None
        yield "as much metadata as there may be", update(zz="x" * (2**20 - 150)), "taken"
        yield "keys of other records", update(
            arch="dense 9", loss="mse", scaling="site", parents="x", zz="evil", clients=7,
            weighting="uniform", rule="sum", of="params", weight=2**60), "taken"
        for clients, weight, w in ((0, 0, 0), (1, 50, -5.0), (1, 2**53, -5.0), (9, 9, 0),
                                   (10**9, 10**9, -5.0), (2**62, 2**62, 0)):
            yield "a partial of %d" % clients, partial(clients, weight, w), "left-out"
        yield "a partial, not weighted", partial(1, 1, 2.0**59, weighting="uniform"), "left-out"
        yield "half a record", update()[:200], "left-out"
        yield "no record", b"", None
        yield "text", b"0.1 0.2 0.3\n", "left-out"
        yield "one bit", make.flip(update(1.0), -200), "left-out"

    def values(self):
        large = 2.0**60 / 50
        for name, value, verdict in (
                ("large", 1e3, "taken"), ("as large as may be", large * 0.999, "taken"),
                ("too large", large * 1.001, "left-out"), ("far too large", 1e30, "left-out"),
                ("not a number", float("nan"), "left-out"),
                ("infinite", float("inf"), "left-out")):
            yield "values " + name, self.update(value, value), verdict
        yield "one value not a number", self.update([0.0] * 11 + [float("nan")]), "left-out"

    def counts(self):
        for value in (0, -1, 2**53, 2**53 + 1, 2**40 + 1, 10**30, "x", " 7", "1e3", "50.0", None):
            yield "examples %s" % value, self.update(-1.0, examples=value), "left-out"
        yield "examples 2^40", self.update(-1.0, examples=2**40), "taken"
        yield "examples 007", self.update(examples="007"), "taken"
        yield "round 00", self.update(round="00"), "taken"
        for key in ("steps", "clients"):
            for value in (-1, 2**53 + 1, "x"):
                yield "%s %s" % (key, value), self.update(**{key: value}), "left-out"
        yield "steps that add up to too many", b"".join(
            self.update(steps=2**53, client="x%d" % i) for i in range(600)), None

    def origins(self):
        for base in ("0" * 32, "0" * 64, "x", None):
            yield "base %s" % base, self.update(base=base), "left-out"
        for value in (5, "+0", "x", None):
            yield "round %s" % value, self.update(round=value), "left-out"
        yield "no origin", self.update(base=None, round=None), "left-out"

    def states(self):
        yield "clipped", self.update(privacy=make.CLIPPED), "taken"
        yield "public", self.update(privacy=make.PUBLIC), "taken"
        yield "noised, not how", self.update(privacy=make.NOISED), "left-out"
        yield "raw, but how it was noised", self.update(mechanism="x"), "left-out"
        yield "public, but how it was noised", self.update(privacy=make.PUBLIC,
                                                           mechanism="x"), "left-out"
        yield "noised", self.update(privacy=make.NOISED, mechanism="x"), None
        yield "masked", self.update(privacy=make.HIDDEN), "left-out"
        yield "of no state", self.update(privacy=9), "left-out"

    def shapes(self):
        for name, rows in (
                ("in another order", (BIAS, WEIGHT)), ("fewer", (WEIGHT,)),
                ("of another name", (("1.weight", [3, 4]), BIAS)),
                ("turned", (("0.weight", [4, 3]), BIAS)), ("flat", (("0.weight", [12]), BIAS)),
                ("empty", (("0.weight", [0, 4]), BIAS))):
            yield "tensors " + name, self.update(tensors=self.tensors(rows=rows)), "left-out"
        yield "one tensor more", self.update(tensors=self.tensors() + [
            make.Tensor("more", "f32", [1], [0])]), "left-out"
        yield "one integer more", self.update(tensors=self.tensors() + [
            make.Tensor("n", "i64", [1], [7])]), "left-out"
        yield "names more", self.update(tensors=self.tensors() + [
            make.Tensor(":names", "u8", [2], b"a\n")]), "left-out"
        yield "other type", self.update(tensors=[
            make.Tensor("0.weight", "f64", [3, 4], [0] * 12), self.tensors()[1]]), "left-out"
        for kind in ("params", "sum", "data", "stats", "state", "cohort", "key", "share"):
            privacy = make.RAW
            yield "kind " + kind, self.update(kind=getattr(make, kind.upper()), privacy=privacy,
                                              of="update"), "left-out"
        yield "kind masked", self.update(kind=make.MASKED, privacy=make.HIDDEN), "left-out"


def run(command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def report():
    with open("report") as f:
        rows = [line.split("\t")[:2] for line in f][1:]
    return dict(rows)


def check(tools, model, honest, name, verdict):
    """Complaints about the record in the file forged."""
    tool = os.path.join(tools, "fl-aggregate")
    asked = ["--like", model, "-w", "examples", "--min-clients", str(len(honest))]
    for operands in (["forged"] + honest, honest + ["forged"]):
        for options in (asked, []):
            if os.path.exists("report"):
                os.remove("report")
            process = run([tool, "--report", "report"] + options + operands)
            said = report()
            taken = all(said.get(path) == "taken" for path in honest)
            if process.returncode not in (0, 3) or (options and process.returncode != 0):
                yield "%s: exit status %d: %s" % (name, process.returncode,
                                                  process.stderr.decode().strip()[-200:])
            if (options or process.returncode == 0) and not taken:
                yield "%s: honest updates are not taken" % name
            if options and verdict and set(v for place, v in said.items() if
                                           place.startswith("forged")) != {verdict}:
                yield "%s: expected it to be %s, found %s" % (name, verdict, said.get("forged"))


def main():
    tools, model, honest = sys.argv[1], sys.argv[2], sys.argv[3:]
    text = run([os.path.join(tools, "fl-dump"), model]).stdout.decode()
    base = [line.split()[1] for line in text.splitlines()
            if line.strip().startswith(("digest ", "id "))][0]
    if not honest:
        with open("nine", "wb") as f:
            f.write(Forger(base).partial(9, 9))
        with open("two", "wb") as f:
            f.write(b"".join(Forger(base).update(9.0, zz=i) for i in range(2)))
        return 0
    records, complaints = 0, 0
    for name, content, verdict in Forger(base).rows():
        with open("forged", "wb") as f:
            f.write(content)
        records += 1
        for complaint in check(tools, model, honest, name, verdict):
            complaints += 1
            print(complaint)
    print("%d forged records, %d complaints" % (records, complaints))
    return complaints > 0


if __name__ == "__main__":
    sys.exit(main())
