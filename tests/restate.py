#!/usr/bin/python3
"""Gives a record of dense tensors another privacy state and other metadata.

usage: restate.py STATE [KEY=VALUE]... < RECORD > RECORD

STATE is raw, clipped, noised, masked or public. A key gets its value in the footer, in place
of the one it had; without a value it is removed. Everything else stays. This is for tests of
how tools treat a state and the metadata of a record.
"""
import os
import struct
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../data/vectors")
import make  # noqa: E402


def read(data):
    """A record of dense tensors as the arguments of make.record."""
    names = {code: name for name, (code, _) in make.DTYPES.items()}
    at, meta_n, count = struct.unpack_from("<III", data, 16)
    table, tensors = 32 + meta_n, []
    for _ in range(count):
        code, encoding, rank, name_n = data[table:table + 4]
        assert encoding == make.DENSE
        name = data[table + 4:table + 4 + name_n]
        dims = struct.unpack_from(f"<{rank}Q", data, table + 4 + name_n)
        table += 4 + name_n + 8 * rank
        n = len(make.Tensor("", names[code], [1], [0]).bytes)
        for d in dims:
            n *= d
        tensors.append(make.Tensor(name, names[code], dims, data[at:at + n]))
        at += len(tensors[-1].payload)
    footer_n, = struct.unpack_from("<I", data, at + 4)
    return {"tensors": tensors, "meta": data[32:32 + meta_n], "kind": data[9],
            "privacy": data[10], "footer": data[at + 8:at + 8 + footer_n]}


def main():
    record = read(sys.stdin.buffer.read())
    record["privacy"] = ("raw", "clipped", "noised", "masked", "public").index(sys.argv[1])
    words = [word.encode() for word in sys.argv[2:]]
    keys = {word.split(b"=")[0] for word in words}
    for part, more in ("meta", []), ("footer", words):
        lines = [line for line in record[part].splitlines() if line.split(b"=")[0] not in keys]
        lines += [word for word in more if not word.endswith(b"=")]
        lines.sort(key=lambda line: line.split(b"=")[0])
        record[part] = b"".join(line + b"\n" for line in lines)
    sys.stdout.buffer.write(make.record(**record))


if __name__ == "__main__":
    main()
