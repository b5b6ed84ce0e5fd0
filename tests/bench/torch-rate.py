#!/usr/bin/python3
"""torch-rate.py BATCH: examples a second of torch, one thread, training the
2NN (784-200-200-10) by plain SGD on random data, best of five; then the BLAS
that it loaded."""

import os
import sys
import time

# Torch's own count of threads does not reach OpenBLAS, which is slower with two.
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
sys.path.pop(0)
import torch

torch.set_num_threads(1)
batch, n = int(sys.argv[1]), 6000
x, y = torch.rand(n, 784), torch.randint(0, 10, (n,))
model = torch.nn.Sequential(torch.nn.Linear(784, 200), torch.nn.ReLU(),
                            torch.nn.Linear(200, 200), torch.nn.ReLU(),
                            torch.nn.Linear(200, 10))
optimizer = torch.optim.SGD(model.parameters(), lr=.1)
loss = torch.nn.CrossEntropyLoss()
best = 0
for epoch in range(5):
    order = torch.randperm(n)
    start = time.perf_counter()
    for i in range(0, n, batch):
        rows = order[i:i + batch]
        optimizer.zero_grad()
        loss(model(x[rows]), y[rows]).backward()
        optimizer.step()
    best = max(best, n / (time.perf_counter() - start))
loaded = {line.split()[-1].rsplit("/", 1)[-1] for line in open("/proc/self/maps")
          if "blas" in line or "mkl" in line}
# libblas.so.3 stands for another library; where none is loaded beside it, it is
# the reference BLAS.
blas = sorted(name for name in loaded if "openblas" in name or "mkl" in name) or sorted(loaded)
print(f"{best:.0f} {blas[0].split('.so')[0] if blas else 'built-in'}")
