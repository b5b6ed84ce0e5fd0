#!/usr/bin/env python3
"""One malicious client among honest ones: tests/forge.py [--clipped|--votes] BIN MODEL HONEST...

Forges updates of MODEL in many ways. Each is given to BIN/fl-aggregate before the honest
ones, then after them. If the caller says what updates must be (--like MODEL -w examples
--min-clients N), the report must say that each honest update was taken. If the caller does
not, either the run ends without a result, or the honest updates are taken too. For a few
forged records it is known whether they must be taken.

With --clipped the honest updates are those of fl-noise -C 1, and what the caller says is how
they are summed for noise; with --votes they are those of fl-noise -C 1 --adapt, and the caller
says --adapt too.

With no HONEST it only makes `nine`, a partial of zeros that claims nine clients, and `two`,
different updates of one client.

Prints each complaint and the number of records; exits 1 if there is a complaint, 77 if a
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
VOTE = make.Tensor("clip/below", "i32", [1], [2**20])
ASKED = {
    "": ["-w", "examples"],
    "--clipped": ["--sum", "--require", "clipped", "--where", "clip=1", "--where", "grid=20"],
}
ASKED["--votes"] = ASKED["--clipped"] + ["--adapt"]


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


    def clipped(self, votes):
        """As rows, of clipped updates. votes: whether honest ones carry a vote."""
        def update(more=(), own=None, voted=votes, privacy=make.CLIPPED, kind=make.UPDATE, **said):
            tensors = (own or self.tensors()) + [VOTE] * voted + list(more)
            said = dict({"clip": 1, "grid": 20, "examples": None, "steps": None}, **said)
            return self.update(tensors=tensors, privacy=privacy, kind=kind, **said)

        yield "an honest size", update(), "taken"
        yield "keys in the footer", update(footer=["clip", "grid"]), "taken"
        yield "numbers spelled otherwise", update(clip="1.0e0", grid="020"), "taken"
        yield "public", update(privacy=make.PUBLIC), "taken"
        yield "other keys", update(**{"clip.10": 1, "clip.next": 3, "cohort": "x", "loss": 9,
                                      "noise": 7, "noise.count": 1, "seed": 1}), "taken"
        yield "a sum of nobody", update(kind=make.SUM, of="update"), None
        for k in range(1, 10):
            yield "clip.%d" % k, update(**{"clip.%d" % k: 1}), "left-out"
            yield "clip.%d in the footer" % k, update(footer=["clip.%d" % k],
                                                      **{"clip.%d" % k: "x"}), "left-out"
        yield from self.ridden(update, votes)
        for name, said in (("no clip", {"clip": None}), ("no grid", {"grid": None}),
                           ("another clip", {"clip": 2}), ("another grid", {"grid": 19}),
                           ("clients", {"clients": 9, "rule": "sum"}), ("round", {"round": 5}),
                           ("a mechanism", {"mechanism": "x"})):
            yield name, update(**said), "left-out"
        for name, value in (("not on the lattice", 1e-9), ("of too great a norm", 1.0),
                            ("infinite", float("inf"))):
            yield "values " + name, update(own=self.tensors(value, value)), "left-out"
        yield "raw", update(privacy=make.RAW), "left-out"
        yield "noised", update(privacy=make.NOISED, mechanism="x"), "left-out"

    def ridden(self, update, votes):
        """Votes and other tensors after those of the model, or among them."""
        yield "a vote or none", update(voted=not votes), "left-out"
        yield "another vote", update([VOTE], voted=True), "left-out"
        weight, bias = self.tensors()
        yield "a vote among the others", update(own=[weight, VOTE, bias], voted=False), "left-out"
        for dtype, values in (("i32", [0]), ("i32", [2**20 + 1]), ("i32", []), ("i32", [2**20] * 2),
                              ("i64", [2**20]), ("u32", [2**20]), ("f32", [2**20])):
            vote = make.Tensor("clip/below", dtype, [len(values)], values)
            yield "a vote %s %s" % (dtype, values), update([vote], voted=False), "left-out"
        for name in ("control/w", "clip/x", "clip/", "clip/below2", "more"):
            for dtype in ("f32", "i32"):
                tensor = make.Tensor(name, dtype, [1], [0])
                yield "%s %s" % (dtype, name), update([tensor]), "left-out"
                yield "%s %s, a vote or none" % (dtype, name), update([tensor],
                                                                      voted=not votes), "left-out"


def run(command):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def report():
    with open("report") as f:
        rows = [line.split("\t")[:2] for line in f][1:]
    return dict(rows)


def check(how, tools, model, honest, name, verdict):
    """Complaints about the record in the file forged."""
    tool = os.path.join(tools, "fl-aggregate")
    asked = ["--like", model, "--min-clients", str(len(honest))] + ASKED[how]
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
    how = sys.argv.pop(1) if sys.argv[1] in ASKED else ""
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
    forger = Forger(base)
    for name, content, verdict in forger.clipped(how == "--votes") if how else forger.rows():
        with open("forged", "wb") as f:
            f.write(content)
        records += 1
        for complaint in check(how, tools, model, honest, name, verdict):
            complaints += 1
            print(complaint)
    print("%d forged records, %d complaints" % (records, complaints))
    return complaints > 0


if __name__ == "__main__":
    sys.exit(main())
