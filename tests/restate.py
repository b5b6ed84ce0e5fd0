#!/usr/bin/python3
"""Gives a record of dense tensors another privacy state.

usage: restate.py STATE < RECORD > RECORD

STATE is raw, clipped, noised, masked or public. All else stays: for tests of what
becomes of a state that no tool gives yet.
"""
import os
import struct
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../data/vectors")
import make  # noqa: E402


def tensors(data, table, count, at):
    """The tensors of a record: `table` and `at` are where their rows and values begin."""
    names = {code: name for name, (code, _) in make.DTYPES.items()}
    for _ in range(count):
        code, _, rank, name_n = data[table:table + 4]
        name = data[table + 4:table + 4 + name_n]
        table += 4 + name_n
        dims = struct.unpack_from(f"<{rank}Q", data, table)
        table += 8 * rank
        n = len(make.Tensor("", names[code], [1], [0]).bytes)
        for d in dims:
            n *= d
        yield make.Tensor(name, names[code], dims, data[at:at + n])
        at += (n + 63) // 64 * 64


def main():
    data = sys.stdin.buffer.read()
    state = ("raw", "clipped", "noised", "masked", "public").index(sys.argv[1])
    length, meta_n, count = struct.unpack_from("<III", data, 16)
    all_tensors = list(tensors(data, 32 + meta_n, count, length))
    end = length + sum(len(t.payload) for t in all_tensors)
    footer_n, = struct.unpack_from("<I", data, end + 4)
    sys.stdout.buffer.write(make.record(all_tensors, data[32:32 + meta_n], data[9], state,
                                        data[end + 8:end + 8 + footer_n]))


if __name__ == "__main__":
    main()
