#!/usr/bin/python3
"""The secure aggregation of Flower, SecAgg+, on the same number of clients, neighbours and values:
its own functions, in the order in which its client and its server call them, without messages. Seconds
are those of the processor.

flower.py version: the version of Flower.
flower.py client K T VALUES: seconds of a client with K neighbours for the agreements and masks;
    then for quantizing, for dealing shares that T open, and for the boxes that carry them.
flower.py server N K T GONE VALUES PART: seconds of a server that opens the sum of N clients of
    whom GONE dropped out. Each client takes it as long as another of its sort, so it opens one of
    PART of each sort, and the seconds are multiplied.

Exits 77, which says skipped, where the package flwr can't be imported. Of it only the modules of
secure aggregation are loaded, so none of the packages that its server and its simulations want."""

import importlib.metadata
import importlib.util
import os
import sys
import time
import types
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
sys.path.pop(0)
spec = importlib.util.find_spec("flwr")
if spec is None:
    print("skipped: no module flwr")
    sys.exit(77)
for name in ("flwr", "flwr.common"):
    package = types.ModuleType(name)
    package.__path__ = [os.path.join(os.path.dirname(spec.origin), *name.split(".")[1:])]
    sys.modules[name] = package
package.NDArrayInt = package.NDArrayFloat = Any
try:
    import numpy as np
    from flwr.common.secure_aggregation import ndarrays_arithmetic as vectors
    from flwr.common.secure_aggregation.crypto.shamir import combine_shares, create_shares
    from flwr.common.secure_aggregation.crypto.symmetric_encryption import (
        encrypt, generate_shared_key)
    from flwr.common.secure_aggregation.quantization import quantize
    from flwr.common.secure_aggregation.secaggplus_utils import (
        pseudo_rand_gen, share_keys_plaintext_concat)
    from flwr.supercore.primitives.asymmetric import (
        bytes_to_private_key, bytes_to_public_key, generate_key_pairs, private_key_to_bytes,
        public_key_to_bytes)
except ImportError as why:
    print("skipped:", why)
    sys.exit(77)

# What its server has where nothing is said.
CLIP, LEVELS, MODULUS = 8.0, 1 << 22, 1 << 32


def timed(call):
    begin = time.process_time()
    result = call()
    return time.process_time() - begin, result


def pair():
    secret, public = generate_key_pairs()
    return private_key_to_bytes(secret), public_key_to_bytes(public)


def masked(vector, keys, signs):
    """The vector with the masks of these keys."""
    shapes = vectors.get_parameters_shape(vector)
    for key, sign in zip(keys, signs):
        mask = pseudo_rand_gen(key, MODULUS, shapes)
        vector = (vectors.parameters_addition if sign > 0 else
                  vectors.parameters_subtraction)(vector, mask)
    return vector


def agreed(secret, publics):
    return [generate_shared_key(bytes_to_private_key(secret), bytes_to_public_key(p))
            for p in publics]


def client(k, t, values):
    update = [np.random.normal(0, .01, values)]
    secret, _ = pair()
    others = [pair()[1] for _ in range(k)]
    own = os.urandom(32)
    signs = [1] + [1 if i % 2 else -1 for i in range(k)]

    quantizing, vector = timed(lambda: quantize(update, CLIP, LEVELS))

    def mask():
        return vectors.parameters_mod(
            masked(vector, [own] + agreed(secret, others), signs), MODULUS)
    masking, _ = timed(mask)
    sharing, shares = timed(lambda: list(zip(create_shares(own, t, k + 1),
                                             create_shares(secret, t, k + 1))))

    def boxes():
        for i, (key, (b, s)) in enumerate(zip(agreed(secret, others), shares)):
            encrypt(key, share_keys_plaintext_concat(0, i, b, s))
    boxing, _ = timed(boxes)
    print(f"{masking:.6f} {quantizing:.6f} {sharing:.6f} {boxing:.6f}")


def server(n, k, t, gone, values, part):
    vector = [np.random.randint(0, MODULUS, values)]
    others = [pair()[1] for _ in range(k)]
    come = round(k * (n - gone) / n)  # shares of each that arrive; it joins all of them

    def stayed():
        nonlocal vector
        vector = masked(vector, [combine_shares(own)], [-1])

    def dropped():
        nonlocal vector
        vector = masked(vector, agreed(combine_shares(theirs), others), [1] * k)
    own = create_shares(os.urandom(32), t, k + 1)[:come]
    theirs = create_shares(pair()[0], t, k + 1)[:come]
    seconds = 0
    for count, call in ((n - gone, stayed), (gone, dropped)):
        turns = max(1, count // part)
        seconds += timed(lambda: [call() for _ in range(turns)])[0] * count / turns
    print(f"{seconds:.6f}")


if sys.argv[1] == "version":
    print(importlib.metadata.version("flwr"))
else:
    {"client": client, "server": server}[sys.argv[1]](*map(int, sys.argv[2:]))
