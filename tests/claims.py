#!/usr/bin/env python3
"""Gives every tool inputs that claim more than they have: tests/claims.py VECTORS

VECTORS is the folder of make.py, which writes the records. Every tool runs in
300 MB of memory, reads a file and a pipe, and must report that the input is bad
(exit status 3), whatever the input claims. Prints the number of runs; exits 1
if a tool did not."""

import gzip
import os
import struct
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])
import make  # noqa: E402
from make import DATA, DENSE, PARAMS, PARTIAL, STATS, UPDATE, ZLIB, Tensor  # noqa: E402

MEMORY = 300000  # KiB
MODEL = {"arch": "dense 1", "loss": "mse", "round": 0}
MEAN = {"of": "update", "rule": "mean", "clients": 1, "weight": 1, "weighting": "uniform"}
FIRST = make.pad(struct.pack("<f", 1))

# Of each kind, what is read by which tools; {} is the input.
DATA_TOOLS = ["fl-train -m m.flp", "fl-eval -m m.flp", "fl-stats", "fl-split -p iid -n 1 -o out",
              "fl-init -a 'dense 1000' -i {}", "fl-import --scale {} t.csv"]
MODEL_TOOLS = ["fl-train -m {} d.flp", "fl-eval -m {} d.flp", "fl-step -m {} u.flp"]
SUM_TOOLS = ["fl-aggregate", "fl-aggregate --rule median", "fl-aggregate --sum", "fl-step -m m.flp"]
STATS_TOOLS = ["fl-aggregate --sum", "fl-init -a 'dense 1' -i d.flp -S {}", "fl-export -f csv"]
ALL_TOOLS = ["fl-dump", "fl-dump --json", "fl-cmp {} m.flp", "fl-cmp m.flp {}", "fl-export",
             "fl-put out.flp"]


def begun(tensors, meta, kind, values=b""):
    """A record that ends after these values."""
    return make.header(kind, make.RAW, make.lines(meta), tensors) + values


def records():
    """Pairs of a record and the tools that read its kind."""
    def t(name, dtype, dims, encoding=DENSE):
        return Tensor(name, dtype, dims, b"", encoding)

    x = Tensor("x", "f32", [1, 1], [1])
    for n in 2**31, 2**45:
        for encoding in DENSE, ZLIB:
            for more in b"", bytes(640), make.chunk(bytes(2**20)):
                yield begun([t("x", "f32", [n, 1], encoding)], {}, DATA, more), DATA_TOOLS
        yield begun([t("x", "u8", [1, n])], {}, DATA, more), DATA_TOOLS
        yield begun([x, t("y", "u32", [n])], {}, DATA, FIRST + more), DATA_TOOLS
        yield begun([x, t(":features", "u8", [n])], {}, DATA, FIRST), DATA_TOOLS
        for encoding in DENSE, ZLIB:
            layer = [t("0.weight", "f32", [1, n], encoding), t("0.bias", "f32", [1])]
            yield begun(layer, MODEL, PARAMS, more), MODEL_TOOLS
            yield begun(layer, {"examples": 1}, UPDATE, more), SUM_TOOLS
            yield begun([t("w", "sum-f32", [n], encoding), t(":parents", "u16", [1024])], MEAN,
                        PARTIAL, more), SUM_TOOLS
        yield begun([t(s, "u64", [n]) for s in ("count", "sum", "sumsq")], {}, STATS, more), \
            STATS_TOOLS
    big = struct.pack("<II", 2**31, 2**31)
    yield begun([t("w", "f32", [2**30], ZLIB)], {"examples": 1}, UPDATE, big), SUM_TOOLS
    for claim in {"length": 2**24}, {"length": 2**32 - 64}, {"count": 2**18}, {"table_n": 2**24}, \
            {"meta_n": 2**20}:
        yield make.header(UPDATE, make.RAW, b"", [], **claim), SUM_TOOLS
    yield make.header(UPDATE, make.RAW, b"", []) + struct.pack("<II", 2**32 - 64, 2**20) + \
        bytes(56), SUM_TOOLS


def idx(kind, dims, values=b""):
    return bytes([0, 0, kind, len(dims)]) + b"".join(struct.pack(">I", d) for d in dims) + values


def files():
    """Pairs of another input and the call that reads it."""
    for n in 2**20, 2**24, 2**32 - 1:  # columns that no row and no name backs
        yield make.record([Tensor("x", "f32", [0, n], b"")], {}, DATA), \
            "fl-init -a 'dense 1000' -i {}"
    for dims in [2**32 - 1, 2**20], [2**32 - 1], [1, 2**20], [2**20, 2**31, 2**31]:
        for values in b"", bytes(100):
            for pack in bytes, gzip.compress, lambda b: gzip.compress(b)[:-9]:
                yield pack(idx(8, dims, values)), "fl-import -f idx"
                yield pack(idx(8, dims[:1], values)), "fl-import -f idx -y {} x.idx"
                yield pack(idx(11, dims[:1], values)), "fl-import -f idx -g {} x.idx"
    yield idx(8, [2**32 - 1]), "fl-import -f idx -y labels.gz {}"
    for index in 2**20 + 1, 2**32 - 1, 2**64 - 1, 2**70:
        yield b"1 %d:1\n" % index, "fl-import -f libsvm"
        yield b"1 %d:1\n" % index, "fl-import -f libsvm --width 1048576"
    yield b"1 1048576:1\n" * 1000, "fl-import -f libsvm"
    yield b"," * (15 << 20) + b"\n", "fl-import -f csv"


def run(call):
    return subprocess.run(["bash", "-c", "ulimit -v %d; timeout 60 %s" % (MEMORY, call)],
                          stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def prepare():
    """The other files that the calls read."""
    w = [Tensor("0.weight", "f32", [1, 1], [1]), Tensor("0.bias", "f32", [1], [0])]
    made = {
        "m.flp": make.record(w, MODEL),
        "u.flp": make.record(w, {"examples": 1}, UPDATE),
        "d.flp": make.record([Tensor("x", "f32", [2, 1], [1, 2]),
                              Tensor("y", "f32", [2], [1, 2])], {}, DATA),
        "t.csv": b"a\n1\n",
        "x.idx": idx(8, [2**20], bytes(2**20)),
        "labels.gz": gzip.compress(idx(8, [2**32 - 1], bytes(100 << 20)), 1),
    }
    for name in made:
        with open(name, "wb") as f:
            f.write(made[name])


def main():
    prepare()
    runs = wrong = 0
    inputs = [(data, tools + ALL_TOOLS) for data, tools in records()]
    inputs += [(data, [call]) for data, call in files()]
    for data, tools in inputs:
        with open("input", "wb") as f:
            f.write(data)
        for tool in tools:
            calls = [tool.replace("{}", "input")] if "{}" in tool else \
                [tool + " < input", "cat input | " + tool]
            if "{}" not in tool and not tool.startswith("fl-put"):
                calls[0] = tool + " input"
            for call in calls:
                done = run(call)
                runs += 1
                if done.returncode != 3:
                    wrong += 1
                    if wrong < 10:
                        print("%s: expected status 3, found %d: %r... %r" %
                              (call, done.returncode, data[:99], done.stderr[-99:]))
    os.remove("labels.gz")
    print("%d runs, %d failed" % (runs, wrong))
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main())
