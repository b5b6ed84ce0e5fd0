#!/usr/bin/env python3
"""Compares fl-aggregate with its policy: tests/permute.py BIN MIXTURES ORDERS [SEED]

Honest updates of a model and forged records of every kind, in files of one or several
records, go through BIN/fl-aggregate under options chosen at random, in ORDERS orders of the
files and, unless damage hides the records after it, of the records in a pipe. In every order
the result's bytes, the exit status, and the messages about each record in the report and on
standard error must be the same. A result must be that of the records that were taken. If the
caller says what records must be, all honest ones must be taken.

Prints the number of mixtures, and a command that makes a failed one again; exits 1 where
there is one, 77 if a Python module is missing. With MIXTURE (a number) after SEED only that
one is tried, and its files stay in the current folder."""

import os
import random
import re
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "data", "vectors"))
try:
    import make
except ImportError as missing:
    print("needs Python's module", missing.name)
    sys.exit(77)

ROUND = 4
# Why a run may end without a result: nothing that a single record decides.
ENDS = re.compile(": does not agree with |: expected (at least )?[0-9]+ clients, found |"
                  "inputs? (was|were) left out, so no result is written|"
                  ": all inputs were left out$|"
                  ": expected a record, found nothing$|: expected more than [0-9]+ records to "
                  "leave out|"
                  ": the sum (over all records is beyond 2\\^62|does not fit .*)$")
TITLES = ["place", "verdict", "reason", "client", "weight", "norm", "id"]


class Mixture:
    """Records, each with a word for what it is, in files, and options."""

    def __init__(self, tools, r, folder):
        self.tools, self.r, self.folder = tools, r, folder
        self.dtype = r.choice(["f32", "f32", "f64", "bf16"])
        self.encodings = r.choice([[make.DENSE], [make.DENSE, make.ZLIB], [make.ZLIB]])
        self.integers = r.randrange(3) == 0
        self.base = self.write_model()
        self.honest = r.random() < 0.4  # whether honest records must be taken
        names = HONEST_SAFE if self.honest else r.choice([list(FORGED), ALONE, AGAIN])
        if not self.integers:
            names = [name for name in names if name not in ("integer",)]
        self.clients = r.choice([1, 2, 3, 3, 4, 5] + [70] * (r.randrange(8) == 0))
        if self.honest:
            self.clients = max(self.clients, 3)
        self.records = [("honest", self.update(client="c%d" % k)) for k in range(self.clients)]
        for name in r.choices(names, k=r.choice([0, 1, 1, 2, 3, 5])):
            made = FORGED[name](self)
            self.records += [(name, one) for one in (made if isinstance(made, list) else [made])]
        self.options = self.honest_options() if self.honest else self.any_options()
        self.fill_files()

    def write_model(self):
        tensors = [make.Tensor(name, dtype, dims, [0.5] * count(dims) if name != "n" else [7])
                   for name, dtype, dims in self.shapes()]
        path = os.path.join(self.folder, "g0")
        with open(path, "wb") as f:
            f.write(make.record(tensors, {"arch": "dense 3", "round": ROUND}))
        text = run([os.path.join(self.tools, "fl-dump"), path]).stdout.decode()
        return [line.split()[1] for line in text.splitlines()
                if line.strip().startswith(("digest ", "id "))][0]

    def shapes(self):
        return ([("w", self.dtype, [2, 2]), ("b", self.dtype, [3])] +
                [("n", "i32", [1])] * self.integers)

    def tensors(self, shapes=None, value=None, **values):
        """Random values, or `value`, or those said by the tensor's name."""
        made = []
        for name, dtype, dims in shapes or self.shapes():
            n = count(dims)
            if dtype[0] in "iu":
                x = values.get(name, [7] * n)
            else:
                x = values.get(name, [self.r.choice([0, 1, -0.5, 3, 1e-3, 2**-20]) *
                                      self.r.uniform(-1, 1) if value is None else value
                                      for _ in range(n)])
            made.append(make.Tensor(name, dtype, dims, x, self.r.choice(self.encodings)))
        return made

    def meta(self, **said):
        meta = {"base": self.base, "client": "attacker", "examples": self.r.randint(1, 99),
                "round": ROUND, "site": "a", "steps": self.r.randint(1, 9)}
        meta.update(said)
        return {key: value for key, value in meta.items() if value is not None}

    def update(self, tensors=None, kind=make.UPDATE, privacy=make.RAW, footer=None, **said):
        meta, late = self.meta(**said), {}
        if footer is None and self.r.randrange(4) == 0:
            footer = ["examples", "steps"]
        for key in footer or []:
            if key in meta:
                late[key] = meta.pop(key)
        return make.record(tensors or self.tensors(), meta, kind, privacy, footer=late)

    def partial(self, clients, weight, value, **said):
        meta = {"clients": clients, "weight": weight, "of": "update", "rule": "mean",
                "weighting": "examples", "examples": weight, "client": None}
        meta.update(said)
        shapes = [(name, dtype if dtype[0] == "i" else "sum-" + dtype, dims)
                  for name, dtype, dims in self.shapes()]
        tensors = self.tensors(shapes, value)
        tensors.append(make.Tensor(":parents", "u16", [1024], [0] * 1024))
        return make.record(tensors, self.meta(**meta), make.PARTIAL)

    def honest_options(self):
        """Options under which every honest record must be taken."""
        r, options = self.r, ["--like", "g0", "--min-clients", "3"]
        options += r.choice([["-w", "examples"], ["-w", "examples"], ["-w", "uniform"],
                             ["--sum"], ["--rule", "median"], ["--rule", "trimmed:0"],
                             ["--rule", "trimmed:1"]])
        for more in (["--require", "raw"], ["--max-norm", "1000"], ["--max-examples", "1000"],
                     ["--where", "site=a"], ["--where", "round=%d" % ROUND],
                     ["--partial"] if "--rule" not in options else []):
            if r.randrange(4) == 0:
                options += more
        return options

    def any_options(self):
        r, options = self.r, []
        rule = r.choice([None, None, None, "--sum", "median", "trimmed:1", "trimmed:0"])
        if rule == "--sum":
            options.append(rule)
        elif rule:
            options += ["--rule", rule]
        else:
            options += r.choice([[], [], ["-w", "examples"], ["-w", "uniform"], ["-w", "auto"]])
        trusting = r.randrange(3) == 0
        if any(word in AGAIN for word, _ in self.records) and r.randrange(2):
            options.append("--unique")
        for more in (["--like", "g0"], ["--like", "g0"], ["--unique"], ["--single"], ["--strict"],
                     ["--trust-partials"] if trusting else [],
                     ["--trust-partials"] if trusting else [],
                     [] if trusting else ["--max-norm", r.choice(["1", "2", "1e30"])],
                     ["--partial"] if rule in (None, "--sum") else [],
                     ["--require", r.choice(["raw", "clipped", "noised"])],
                     ["--where", r.choice(["site=a", "round=4", "round=04", "client=c1",
                                           "steps=3"])],
                     ["--max-examples", r.choice(["1", "50", "1000", "9007199254740991"])]):
            if r.randrange(4) == 0 and (not more or more[0] not in options):
                options += more
        return options + r.choice([
            [], ["--min-clients", "0"], ["--min-clients", "0"], ["--min-clients", "3"],
            ["--expect", str(r.choice([1, 3, self.clients, self.clients, self.clients + 1]))]])

    def fill_files(self):
        """Puts the records into files. One that hides what follows it is the last of its file."""
        rest, files = self.r.sample(self.records, len(self.records)), []
        hiding = [one for one in rest if one[0] in HIDING]
        rest = [one for one in rest if one[0] not in HIDING]
        while rest:
            k = self.r.choice([1, 1, 1, 2, 4])
            files.append(rest[:k])
            rest = rest[k:]
        for one in hiding:
            if self.r.randrange(2) and files and files[-1][-1][0] not in HIDING:
                files[-1].append(one)
            else:
                files.append([one])
        self.files = files
        self.place = {}  # of a record, what it is
        for k, records in enumerate(files):
            name = "%c%d" % (self.r.choice("afz"), k)
            with open(os.path.join(self.folder, name), "wb") as f:
                f.write(b"".join(content for _, content in records))
            for i, (word, content) in enumerate(records):
                self.place[name + (": record %d" % (i + 1) if i else "")] = word, content
            files[k] = name, records

    def run(self, operands, stdin=b"", options=None):
        """What one order gives: an Outcome."""
        report = os.path.join(self.folder, "report")
        if os.path.exists(report):
            os.remove(report)
        command = ([os.path.join(self.tools, "fl-aggregate"), "--report", "report"] +
                   (self.options if options is None else options) + operands)
        return Outcome(run(command, cwd=self.folder, input=stdin), report)


def count(dims):
    n = 1
    for d in dims:
        n *= d
    return n


def run(command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


class Outcome:
    def __init__(self, process, report):
        self.code, self.out = process.returncode, process.stdout
        self.error = process.stderr.decode()
        self.rows = None
        if os.path.exists(report):
            with open(report) as f:
                lines = [line.rstrip("\n").split("\t") for line in f]
            self.rows = [dict(zip(TITLES, line)) for line in lines[1:]]
            self.titles = lines[0]

    def sorted_rows(self, pipe):
        """What must be the same in every order. Less may be known about a record that is
        left out in one way of reading than in another, and in a pipe records have other places."""
        return sorted([row["verdict"]] + ([] if pipe else [row["place"], row["reason"]]) +
                      [row[title] for title in TITLES[3:] if row["verdict"] != "left-out"]
                      for row in self.rows)

    def named(self):
        """The places that standard error says were left out."""
        places = []
        for line in self.error.splitlines():
            words = line.split(": ")
            if words[1].startswith("left out"):
                places.append(": ".join(words[2:4 if words[3].startswith("record ") else 3]))
        return sorted(places)


def damaged(m, content, first, last):
    """The record, one bit of a byte between two changed."""
    return make.flip(content, m.r.randrange(first, last), 1 << m.r.randrange(8))


def dense_damage(m):
    tensors = m.tensors(m.shapes())
    for t in tensors:
        t.encoding, t.payload = make.DENSE, make.pad(t.bytes)
    content = m.update(tensors)
    head = int.from_bytes(content[16:20], "little")
    return damaged(m, content, head, head + len(tensors[0].bytes))


def packed_damage(m):
    """A bit of the second half of a compressed stream, not of its length."""
    values = [m.r.uniform(-1, 1) for _ in range(4)]
    tensors = m.tensors(w=values)
    size = {"f32": 16, "f64": 32, "bf16": 8}[m.dtype]
    tensors[0] = make.Tensor("w", m.dtype, [2, 2], values, make.ZLIB)
    content = m.update(tensors)
    head = int.from_bytes(content[16:20], "little")
    stream = int.from_bytes(content[head + 4:head + 8], "little")
    assert int.from_bytes(content[head:head + 4], "little") == size
    return damaged(m, content, head + 8 + stream // 2, head + 8 + stream)


def head_damage(m):
    content = m.update()
    return damaged(m, content, 0, int.from_bytes(content[16:20], "little"))


def tail_damage(m):
    content = m.update()
    return damaged(m, content, len(content) - 64, len(content))


def anywhere(m):
    content = m.update()
    return damaged(m, content, 0, len(content))


def cut(m):
    content = m.update()
    return content[:m.r.randrange(1, len(content))]


def claim(m):
    """A header that claims more values than there are."""
    content = make.record([make.Tensor("w", "f32", [2**m.r.choice([30, 45, 58])], [1, 2, 3, 4],
                                       payload=make.pad(bytes(16)))], m.meta(), make.UPDATE)
    return content


def other_shapes(m, change):
    shapes = m.shapes()
    name, dtype, dims = shapes[0]
    if change == "dtype":
        shapes[0] = name, "f16", dims
    elif change == "shape":
        shapes[0] = name, dtype, m.r.choice([[4], [2, 3], [2, 2, 1], [0]])
    elif change == "name":
        shapes[0] = "v", dtype, dims
    elif change == "order":
        shapes.reverse()
    elif change == "fewer":
        shapes.pop()
    elif change == "more":
        shapes.append(("x", "f32", [1]))
    elif change == "sum":
        shapes[0] = name, "sum-" + dtype, dims
    else:
        assert change == "none", change
        return m.update([make.Tensor("z", "u8", [0], [])])
    return m.update(m.tensors(shapes))


def bound(m):
    """Values as large as they may be, so that sums pass 2^63 on their way."""
    weight = m.r.choice([1, 50, 2**20])
    return [m.update(m.tensors(value=sign * 2.0**59 / weight * m.r.uniform(1, 1.9)),
                     examples=weight, client="x%d" % m.r.randrange(99))
            for sign in m.r.choices([1, -1], k=m.r.choice([1, 8, 20]))]


def twice(m, times=2):
    return [m.update()] * times


FORGED = {
    "plain": lambda m: m.update(),
    "wrong base": lambda m: m.update(base=m.r.choice(["0" * 32, "0" * 64, "x"])),
    "no base": lambda m: m.update(base=None),
    "wrong round": lambda m: m.update(round=m.r.choice([3, 5, "04", "4.0", "+4", "x"])),
    "no round": lambda m: m.update(round=None),
    "no examples": lambda m: m.update(examples=None),
    "examples": lambda m: m.update(examples=m.r.choice(
        [0, -1, "007", " 7", "1e3", "x", 2**53, 2**53 + 1, 2**64, 10**30, 2**40 + 1])),
    "many examples": lambda m: m.update(examples=2**40),
    "steps": lambda m: m.update(steps=m.r.choice([-1, "x", 2**53 + 1, 2**53])),
    "clients": lambda m: m.update(clients=m.r.choice([0, 7, "x", 2**60])),
    "nan": lambda m: m.update(m.tensors(b=[0, m.r.choice([float("nan"), float("inf")]), 1])),
    "large": lambda m: m.update(m.tensors(value=m.r.choice([2.0**60, -1e30, 1e38]))),
    "norm": lambda m: m.update(m.tensors(value=m.r.choice([0.3, 0.5, 1, 500]))),
    "bound": bound,
    "values damaged": dense_damage,
    "packed damaged": packed_damage,
    "header damaged": head_damage,
    "tail damaged": tail_damage,
    "damaged": anywhere,
    "cut": cut,
    "claim": claim,
    "dtype": lambda m: other_shapes(m, "dtype"),
    "shape": lambda m: other_shapes(m, "shape"),
    "name": lambda m: other_shapes(m, "name"),
    "order": lambda m: other_shapes(m, "order"),
    "fewer": lambda m: other_shapes(m, "fewer"),
    "more": lambda m: other_shapes(m, "more"),
    "sum dtype": lambda m: other_shapes(m, "sum"),
    "none": lambda m: other_shapes(m, "none"),
    "params": lambda m: m.update(kind=make.PARAMS),
    "stats": lambda m: m.update(kind=make.STATS),
    "sum": lambda m: m.update(kind=make.SUM, of=m.r.choice([None, "update", "params"])),
    "data": lambda m: m.update(kind=make.DATA),
    "state": lambda m: m.update(kind=make.STATE),
    "masked": lambda m: m.update(kind=make.MASKED, privacy=make.HIDDEN),
    "masked update": lambda m: m.update(privacy=make.HIDDEN),
    "noised": lambda m: m.update(privacy=make.NOISED),
    "mechanism": lambda m: m.update(privacy=m.r.choice([make.RAW, make.PUBLIC]), mechanism="x"),
    "both": lambda m: m.update(privacy=make.NOISED, mechanism=m.r.choice("xy")),
    "clipped": lambda m: m.update(privacy=make.CLIPPED),
    "public": lambda m: m.update(privacy=make.PUBLIC),
    "no privacy": lambda m: m.update(privacy=9),
    "keys": lambda m: m.update(arch="conv", loss="mse", scaling="site", parents="x", zz="evil",
                               weighting="uniform", rule="sum", of="params", weight=9),
    "footer": lambda m: m.update(footer=["base", "client", "examples", "round"]),
    "other site": lambda m: m.update(site=m.r.choice(["b", "", None]) or None),
    "integer": lambda m: m.update(m.tensors(n=[8])),
    "partial": lambda m: m.partial(m.r.choice([1, 9, 10**9, 2**62]), m.r.choice([9, 10**9, 2**62]),
                                   m.r.choice([0, 1, 2.0**50])),
    "uniform partial": lambda m: m.partial(2, 2, 1, weighting="uniform", examples=None),
    "empty partial": lambda m: m.partial(0, 0, 0, weighting=None, examples=None),
    "bad partial": lambda m: m.partial(1, 1, 1, rule=m.r.choice([None, "sum"])),
    "twice": twice,
    "thrice": lambda m: twice(m, 3),
    "client twice": lambda m: [m.update(), m.update()],
    "honest client": lambda m: m.update(client="c0"),
    "honest copy": lambda m: m.records[0][1],
    "empty file": lambda m: b"",
    "text": lambda m: b"not a record\n",
}
# Records or clients that are there more than once.
AGAIN = ["twice", "thrice", "client twice", "honest client", "honest copy"]
# What follows these in a file or a pipe is not found.
HIDING = ["header damaged", "tail damaged", "damaged", "cut", "claim", "empty file", "text",
          "no privacy", "masked update"]
HIDING_IN_PIPE = ["packed damaged"]
# Bad by themselves, or no worse than an honest one, whatever the caller says.
ALONE = ["plain", "nan", "examples", "values damaged", "packed damaged", "header damaged",
         "tail damaged", "damaged", "cut", "claim", "sum dtype", "data", "state", "masked",
         "masked update", "noised", "mechanism", "no privacy", "norm", "bound", "large", "steps",
         "clients", "clipped", "public", "partial", "bad partial", "twice", "client twice",
         "honest copy", "other site", "empty file", "text", "footer"]
# Integers have no referee: they must be equal, and who is wrong can't be told. Neither has
# what a noised record says of its noise.
HONEST_SAFE = [name for name in FORGED if name not in ("integer", "both")]


def alone(m, outcome):
    """The result of just the records that were taken."""
    paths = []
    for row in outcome.rows:
        if row["verdict"] == "taken":
            paths.append("only-%d" % len(paths))
            with open(os.path.join(m.folder, paths[-1]), "wb") as f:
                f.write(m.place[row["place"]][1])
    return m.run(paths or ["/dev/null"])


def check_one(m, outcome):
    """Complaints about one outcome by itself."""
    if outcome.code not in (0, 3):
        yield "exit status %d" % outcome.code
    if outcome.code != 0 and outcome.out:
        yield "%d bytes in spite of an error" % len(outcome.out)
    if outcome.rows is None or outcome.titles != TITLES:
        yield "no report"
        return
    if "--strict" in m.options:
        return
    if outcome.code == 3 and not ENDS.search(outcome.error.splitlines()[-1]):
        yield "ended by one record: " + outcome.error.splitlines()[-1]
    if outcome.named() != sorted(row["place"] for row in outcome.rows
                                 if row["verdict"] == "left-out"):
        yield "standard error names others than the report"
    good = "taken" if outcome.code == 0 else "unused"
    if any(row["verdict"] not in (good, "left-out") for row in outcome.rows):
        yield "exit status %d, but the report has another verdict" % outcome.code
    if any(row["reason"].startswith(row["place"] + ": ") for row in outcome.rows):
        yield "a reason with the place in it"
    if any((row["reason"] == "-") != (row["verdict"] != "left-out") for row in outcome.rows):
        yield "a reason without a verdict, or the reverse"
    missing = [row for row in outcome.rows if row["verdict"] == "left-out" and
               not row["reason"].startswith("the same record")]
    counted = "--min-clients" in m.options or "--expect" in m.options
    if missing and not counted and outcome.code == 0:
        yield "a result without all inputs"


def check_honest(m, outcome):
    for row in outcome.rows if m.honest else []:
        if m.place[row["place"]][0] == "honest" and row["verdict"] != "taken":
            yield "honest record %s is %s" % (row["place"], row["verdict"])


def check_same(m, first, other, pipe):
    if other.code != first.code:
        yield "exit status %d, then %d" % (first.code, other.code)
    if other.out != first.out:
        yield "other bytes"
    if "--strict" in m.options:
        return
    if other.sorted_rows(pipe) != first.sorted_rows(pipe):
        yield "other rows"


def orders(m, n):
    """Operands, standard input, and whether all is in a pipe."""
    names = [name for name, _ in m.files]
    hides = any(word in HIDING + HIDING_IN_PIPE for word, _ in m.records)
    for k in range(n):
        if k % 3 == 2 and not hides and "--single" not in m.options:
            records = m.r.sample(m.records, len(m.records))
            yield [], b"".join(content for _, content in records), True
        else:
            yield (sorted(names) if k == 0 else sorted(names, reverse=True) if k == 1 else
                   m.r.sample(names, len(names))), b"", False


def check(m, n):
    """Complaints about a mixture, each with the operands of its order."""
    first, before = None, None
    for operands, stdin, pipe in orders(m, n):
        outcome = m.run(operands, stdin)
        complaints = list(check_one(m, outcome))
        if outcome.rows is not None and not pipe:
            complaints += check_honest(m, outcome)
        if first is None:
            first, before = outcome, operands
            if outcome.code == 0 and "--strict" not in m.options:
                complaints += check_same_result(m, outcome)
        else:
            complaints += check_same(m, first, outcome, pipe)
        for complaint in complaints:
            yield "%s: %s %s%s" % (complaint, " ".join(m.options), " ".join(operands) or "a pipe",
                                   "" if operands == before else "; before " + " ".join(before))


def check_same_result(m, outcome):
    other = alone(m, outcome)
    if other.code != 0 or other.out != outcome.out:
        yield "another result of what was taken alone"


def mixture(tools, seed, number, n, folder):
    m = Mixture(tools, random.Random("%s %s" % (seed, number)), folder)
    return m, list(check(m, n))


def main():
    words = sys.argv[1:]
    tools, mixtures, n = os.path.abspath(words[0]), int(words[1]), int(words[2])
    seed = words[3] if len(words) > 3 else "1"
    failed = 0
    for number in [int(words[4])] if len(words) > 4 else range(mixtures):
        if len(words) > 4:
            m, complaints = mixture(tools, seed, number, n, os.getcwd())
        else:
            with tempfile.TemporaryDirectory() as folder:
                m, complaints = mixture(tools, seed, number, n, folder)
        if complaints:
            failed += 1
            if failed < 10:
                print("again: permute.py %s %s %d %s %d" % (tools, mixtures, n, seed, number))
                print("  " + ", ".join("%s %s" % (place, word) for place, (word, _) in
                                       m.place.items() if word != "honest"))
                print("\n".join("  " + complaint for complaint in complaints[:3]))
    print("%d mixtures in %d orders, %d failures" % (mixtures, n, failed))
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
