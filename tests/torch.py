#!/usr/bin/python3
"""Trains the same models by fl's library and by torch and compares the
parameters after some steps.

usage: torch.py TWIN    where TWIN is tests/twin/learn-step.c, compiled

Exits 77, which means skipped, if torch can't be imported."""

import subprocess
import sys

# This file's own name must not be what `import torch` finds.
sys.path.pop(0)
try:
    import torch
except ImportError as why:
    print("skipped:", why)
    sys.exit(77)

TOLERANCE = 1e-4  # of the largest change of a parameter
LAYERS = {"relu": torch.nn.ReLU, "tanh": torch.nn.Tanh, "gelu": torch.nn.GELU,
          "sigmoid": torch.nn.Sigmoid}
LOSSES = {"mse": torch.nn.MSELoss, "binary": torch.nn.BCEWithLogitsLoss,
          "softmax": torch.nn.CrossEntropyLoss}
# Adam divides by a root plus epsilon: were it tiny, a gradient that is almost
# nothing would turn two roundings of it into two steps. It also shows where
# epsilon stands.
EPSILON = 1e-3
# kind, rate, momentum, nesterov, weight decay, clip norm
OPTIMIZERS = [("sgd", .1, 0, 0, 0, 0), ("sgd", .1, 0, 0, .1, 0), ("sgd", .1, 0, 0, 0, .3),
              ("sgd", .05, .9, 0, 0, 0), ("sgd", .05, .9, 1, .01, .5),
              ("adam", .01, 0, 0, 0, 0), ("adam", .01, 0, 0, .1, .5),
              ("adamw", .01, 0, 0, .1, 0)]
MODELS = [("dense 3", "softmax", 20), ("dense 1", "binary", 7), ("dense 1", "mse", 7),
          ("dense 40 relu dense 20 tanh dense 5", "softmax", 30),
          ("dense 9 gelu dense 8 sigmoid dense 1", "mse", 11)]
ROWS, STEPS = 57, 15


def sequential(arch, inputs):
    words, layers = arch.split(), []
    while words:
        word = words.pop(0)
        if word == "dense":
            outputs = int(words.pop(0))
            layers.append(torch.nn.Linear(inputs, outputs))
            inputs = outputs
        else:
            layers.append(LAYERS[word]())
    return torch.nn.Sequential(*layers)


def make_optimizer(params, kind, rate, momentum, nesterov, decay):
    if kind == "sgd":
        return torch.optim.SGD(params, lr=rate, momentum=momentum, nesterov=bool(nesterov),
                               weight_decay=decay)
    kinds = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
    return kinds[kind](params, lr=rate, weight_decay=decay, eps=EPSILON)


def flat(model):
    return torch.cat([p.detach().reshape(-1) for p in model.state_dict().values()])


def twin(program, arch, loss, batch, options, model, x, y):
    """The library's mean loss, batches and trained parameters."""
    values = torch.cat([flat(model), x.reshape(-1), y.reshape(-1).float()])
    text = '"%s" %s %d %d %d %d %s %g\n' % (arch, loss, *x.shape, batch, STEPS,
                                           " ".join(map(str, options)), EPSILON)
    text += "\n".join("%.9g" % v for v in values.tolist())
    lines = subprocess.run([program], input=text, capture_output=True, text=True,
                           check=True).stdout.splitlines()
    batches = [list(map(int, l.split()[1:])) for l in lines if l.startswith("batch")]
    return float(lines[0]), batches, torch.tensor([float(l) for l in lines[1 + STEPS:]])


def compare(program, arch, loss, inputs, batch, options):
    model, criterion = sequential(arch, inputs), LOSSES[loss]()
    x, outputs = torch.randn(ROWS, inputs), model[-1].out_features
    y = {"mse": torch.randn(ROWS, outputs), "binary": torch.randint(2, (ROWS, 1)).float(),
         "softmax": torch.randint(outputs, (ROWS,))}[loss]
    value, batches, ours = twin(program, arch, loss, batch, options, model, x, y)
    *rest, clip = options
    optimizer = make_optimizer(model.parameters(), *rest)
    start, losses = flat(model), []
    for rows in batches:
        optimizer.zero_grad()
        error = criterion(model(x[rows]), y[rows])
        error.backward()
        if clip:
            torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        optimizer.step()
        losses.append((error.item(), len(rows)))
    last = losses[-min(STEPS, -(-ROWS // batch) if batch else 1):]
    mean = sum(e * n for e, n in last) / sum(n for _, n in last)
    theirs = flat(model)
    apart = ((ours - theirs).abs().max() / (theirs - start).abs().max()).item()
    good = apart < TOLERANCE and abs(value - mean) < TOLERANCE * (1 + mean)
    if not good:
        print("not as torch: %s, %s, batch %d, %s: %g, loss %g for %g" %
              (arch, loss, batch, options, apart, value, mean))
    return good


def main():
    torch.manual_seed(1)
    torch.set_num_threads(1)
    results = [compare(sys.argv[1], *model, batch, options)
               for model in MODELS for batch in (10, 0) for options in OPTIMIZERS]
    print("%d trainings, %d not as torch" % (len(results), results.count(False)))
    return 1 if False in results else 0


sys.exit(main())
