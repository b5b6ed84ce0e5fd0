"""Predictions of a model of one layer, in plain Python: fl-predict's rows are compared with
these.

usage: predict.py WEIGHT BIAS CENTER SCALE CLASSES ROWS PREDICTED
The first four are what fl-export -t prints of the tensors, CLASSES is one name a line, ROWS is
fl-export -f csv of the data, of which as many columns as the model has inputs are taken, and
PREDICTED is the table that fl-predict printed."""
import csv
import math
import sys

weight, bias, center, scale, classes, rows, predicted = sys.argv[1:]


def numbers(path):
    with open(path) as f:
        return [float(word) for word in f.read().split()]


def predict(x):
    z = [(float(v) - c) / s for v, c, s in zip(x, center, scale)]
    d = len(center)
    logit = [sum(weight[j * d + i] * z[i] for i in range(d)) + bias[j]
             for j in range(len(bias))]
    if len(logit) == 1:
        p = 1 / (1 + math.exp(-logit[0]))
        return [1 - p, p]
    top = max(logit)
    terms = [math.exp(v - top) for v in logit]
    return [t / sum(terms) for t in terms]


weight, bias, center, scale = map(numbers, (weight, bias, center, scale))
names = open(classes).read().split('\n')[:-1]
with open(rows, newline='') as f:
    data = list(csv.reader(f))[1:]
with open(predicted) as f:
    lines = [line.rstrip('\n').split('\t') for line in f]
assert lines[0] == ['row', 'class'] + ['p:' + name for name in names], lines[0]
assert len(lines) == len(data) + 1, (len(lines), len(data))
for n, (row, line) in enumerate(zip(data, lines[1:]), 1):
    p = predict(row)
    assert int(line[0]) == n, line
    assert line[1] == names[p.index(max(p))], (n, line, p)
    for mine, theirs in zip(p, line[2:]):
        assert abs(mine - float(theirs)) < 2e-6 * max(1, mine), (n, line, p)
print(len(data), 'rows agree')
