#!/usr/bin/python3
"""Makes two models that have one id.

usage: collide.py ONE TWO < MODEL

The first tensor of MODEL is f32 and has a few hundred values. ONE and TWO are MODEL
with two of these changed to numbers that the hash decides; TWO also has two others
traded for each other.

XXH3 takes a long input in stripes of 64 bytes, sixteen a block. Stripe s has eight
lanes of 64 bits; lane i, together with the eight bytes of a fixed secret from 8 (s + i)
on, changes two of eight sums:
    sum[i ^ 1] += lane
    sum[i] += low(lane ^ secret) * high(lane ^ secret)        (halves of 32 bits)
If the low half of a lane is equal to that of its secret, the product is 0, and the high half
goes into sum[i ^ 1] alone. So two such lanes in one column of a block can trade their
high halves, and all sums, and so the hash, do not change.
"""
import itertools
import math
import struct
import sys

import restate
from restate import make

# The start of XXH3's secret, from its specification.
SECRET = bytes.fromhex(
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f"
    "cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c"
    "3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8"
    "a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364"
    "eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e"
    "2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e")
STRIPES, LANES = 16, 8


def main():
    record = restate.read(sys.stdin.buffer.read())
    tensor = record["tensors"][0]
    start = 6 + sum(len(t.row(0)) for t in record["tensors"])  # of its values in the stream
    values = list(struct.unpack(f"<{len(tensor.bytes) // 4}f", tensor.bytes))

    def lanes():
        """Lanes of the second block: their columns, the places and low halves of their values."""
        for stripe, lane in itertools.product(range(STRIPES), range(LANES)):
            place, rest = divmod(64 * (STRIPES + stripe) + 8 * lane - start, 4)
            low, = struct.unpack_from("<f", SECRET, 8 * (stripe + lane))
            # Weights that a model may have, so that it can be trained on.
            if rest == 0 and place >= 0 and place + 1 < len(values) and 1e-20 < abs(low) < 1:
                yield lane, place, low

    pairs = ((a, b) for a, b in itertools.combinations(lanes(), 2)
             if a[0] == b[0] and not math.isclose(values[a[1] + 1], values[b[1] + 1]))
    (_, p, low_p), (_, q, low_q) = next(pairs)
    values[p], values[q] = low_p, low_q
    for path in sys.argv[1:]:
        record["tensors"][0] = make.Tensor(tensor.name, "f32", tensor.dims, values)
        with open(path, "wb") as f:
            f.write(make.record(**record))
        values[p + 1], values[q + 1] = values[q + 1], values[p + 1]


if __name__ == "__main__":
    main()
