#!/usr/bin/python3
"""Compares training and evaluation through the tools with the same in numpy.

usage: penguins.py CSV    with the tools on PATH, in a folder to write to

Reads the penguins by itself, standardises them, trains full batches by
gradient descent in f64 from what fl-init made, and compares parameters and
measures. Exits 77, which means skipped, if numpy can't be imported."""

import csv
import itertools
import json
import math
import subprocess
import sys

try:
    import numpy as np
except ImportError as why:
    print("skipped:", why)
    sys.exit(77)

TOLERANCE = 1e-4  # of the largest change of a parameter, and of a measure
COLUMNS = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]
NET = "dense 8 tanh dense 7 relu dense 6 gelu dense 5 sigmoid dense 3"
# architecture, label, features, rate, epochs
CASES = [("dense 3", "species", COLUMNS, .5, 100), ("dense 1", "sex", COLUMNS, .5, 100),
         ("dense 1", "body_mass_g", COLUMNS[:3], .1, 40), (NET, "species", COLUMNS, .3, 40),
         ("gelu dense 1", "body_mass_g", COLUMNS[:3], .02, 40)]
erf = np.vectorize(math.erf)


def normal(x):
    return (1 + erf(x / math.sqrt(2))) / 2


# y = f(x), and f'(x)
FUNCTIONS = {
    "relu": (lambda x: np.maximum(x, 0), lambda x: (x > 0) * 1.),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), lambda x: np.exp(-x) / (1 + np.exp(-x)) ** 2),
    "gelu": (lambda x: x * normal(x),
             lambda x: normal(x) + x * np.exp(-x * x / 2) / math.sqrt(2 * math.pi)),
}


def run(*words, stdin=None):
    return subprocess.run(words, input=stdin, stdout=subprocess.PIPE, check=True).stdout


def write(path, content):
    with open(path, "wb") as f:
        f.write(content)


def tensors(path):
    record = json.loads(run("fl-dump", "--json", "--values", path))
    return {t["name"]: np.array(t["values"]).reshape(t["dims"]) for t in record["tensors"]}


def layers(arch):
    words = arch.split()
    return [w for w in words if not w.isdigit()]


def forward(arch, params, x):
    """The input of every layer, and the output."""
    values = [x]
    for i, kind in enumerate(layers(arch)):
        v = values[-1]
        values.append(v @ params["%d.weight" % i].T + params["%d.bias" % i]
                      if kind == "dense" else FUNCTIONS[kind][0](v))
    return values


def outcome(y, z):
    """Losses of the rows, and the gradient of their mean by the outputs z."""
    if y.dtype == float:
        return (z[:, 0] - y) ** 2, 2 * (z - y[:, None]) / len(y)
    logits = np.hstack([np.zeros_like(z), z]) if z.shape[1] == 1 else z
    p = np.exp(logits - logits.max(1, keepdims=True))
    p /= p.sum(1, keepdims=True)
    grad = (p - np.eye(p.shape[1])[y]) / len(y)
    return -np.log(p[np.arange(len(y)), y]), grad[:, -z.shape[1]:]


def descend(arch, params, x, y, rate, epochs):
    params = {k: v.copy() for k, v in params.items()}
    for _ in range(epochs):
        values = forward(arch, params, x)
        delta = outcome(y, values[-1])[1]
        for i, kind in reversed(list(enumerate(layers(arch)))):
            if kind != "dense":
                delta = delta * FUNCTIONS[kind][1](values[i])
                continue
            weight, bias = "%d.weight" % i, "%d.bias" % i
            below = delta @ params[weight]
            params[weight] -= rate * delta.T @ values[i]
            params[bias] -= rate * delta.sum(0)
            delta = below
    return params


def measures(arch, params, x, y):
    z = forward(arch, params, x)[-1]
    found = {"rows": len(y), "loss": outcome(y, z)[0].mean()}
    if y.dtype == float:
        errors = z[:, 0] - y
        found.update(mae=abs(errors).mean(), r2=1 - (errors ** 2).sum() / ((y - y.mean()) ** 2).sum())
        return found
    best = (z[:, 0] >= 0) * 1 if z.shape[1] == 1 else z.argmax(1)
    found["accuracy"] = (best == y).mean()
    confidence = np.exp(-outcome(best, z)[0])
    place = np.ceil(confidence * 15)
    found["ece"] = sum(abs(((best == y) - confidence)[place == b].sum()) for b in range(16)) / len(y)
    if z.shape[1] == 1:
        pairs = [(p > n) + (p == n) / 2 for p, n in itertools.product(z[y == 1, 0], z[y == 0, 0])]
        found["auc"] = sum(pairs) / len(pairs)
    return found


def data(path, label, columns):
    """Rows without a gap as arrays x, y and island."""
    with open(path, newline="") as f:
        rows = [r for r in csv.DictReader(f) if "" not in [r[c] for c in columns + [label]]
                and "NA" not in [r[c] for c in columns + [label]]]
    x = np.array([[float(r[c]) for c in columns] for r in rows])
    names = sorted({r[label] for r in rows})
    number = label == "body_mass_g"
    y = np.array([float(r[label]) if number else names.index(r[label]) for r in rows])
    return x, y if number else y.astype(int), np.array([r["island"] for r in rows])


def prepare(path, arch, label, columns):
    """The files all.flp and g0.flp, and the same in numpy."""
    target = ["--target", "number"] if label == "body_mass_g" else []
    write("all.flp", run("fl-import", "-y", label, *target, "-x", ",".join(columns),
                         "-g", "island", "--missing", "drop", path))
    write("stats.flp", run("fl-stats", "all.flp"))
    write("g0.flp", run("fl-init", "-a", arch, "-i", "all.flp", "-S", "stats.flp", "-s", "7"))
    x, y, island = data(path, label, columns)
    x = (x - x.mean(0)) / x.std(0, ddof=1)
    params = {k: v for k, v in tensors("g0.flp").items() if k[0] != ":"}
    return x, y, island, params


def apart(what, start, ours, theirs):
    """Whether parameters differ by too much; says so."""
    change = max(abs(theirs[k] - start[k]).max() for k in start)
    off = max(abs(theirs[k] - ours[k]).max() for k in start) / change
    if not off < TOLERANCE:
        print("not as numpy: %s: parameters off by %g of their change" % (what, off))
    return not off < TOLERANCE


def check_training(path, arch, label, columns, rate, epochs):
    x, y, _, start = prepare(path, arch, label, columns)
    write("new.flp", run("fl-train", "-m", "g0.flp", "-B", "0", "-l", str(rate), "-E", str(epochs),
                         "all.flp"))
    theirs = descend(arch, start, x, y, rate, epochs)
    what = "%s of %s" % (arch, label)
    bad = apart(what, start, tensors("new.flp"), theirs)
    ours = json.loads(run("fl-eval", "--json", "-m", "new.flp", "all.flp"))
    for name, value in measures(arch, theirs, x, y).items():
        if not abs(ours[name] - value) <= TOLERANCE * max(1, abs(value)):
            print("not as numpy: %s: %s %g, found %g" % (what, name, value, ours[name]))
            bad = True
    return bad


def check_rounds(path):
    """Three rounds on three islands, at a rate that falls from round to round."""
    arch = "dense 3"
    x, y, island, start = prepare(path, arch, "species", COLUMNS)
    run("fl-split", "-p", "group", "-o", "sites", "all.flp")
    theirs = start
    for r in range(3):
        rate = .5 / (1 + .5 * r)
        updates = run("fl-train", "-u", "-m", "g%d.flp" % r, "-B", "0", "-l", ".5", "-E", "10",
                      "--schedule", "inverse:.5", *("sites/client-%s.flp" % i for i in sorted(set(island))))
        write("g%d.flp" % (r + 1), run("fl-step", "-m", "g%d.flp" % r,
                                       stdin=run("fl-aggregate", "--expect", "3", stdin=updates)))
        sites = [(np.mean(island == i), descend(arch, theirs, x[island == i], y[island == i], rate, 10))
                 for i in set(island)]
        theirs = {k: sum(w * p[k] for w, p in sites) for k in theirs}
    return apart("three rounds", start, tensors("g3.flp"), theirs)


def main():
    results = [check_training(sys.argv[1], *case) for case in CASES] + [check_rounds(sys.argv[1])]
    print("%d models, %d not as numpy" % (len(results), sum(results)))
    return 1 if any(results) else 0


if __name__ == "__main__":
    sys.exit(main())
