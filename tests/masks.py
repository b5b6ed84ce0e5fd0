#!/usr/bin/python3
"""Compares masks with `openssl enc -aes-256-ctr`, the neighbours in a graph with a shuffle by
`openssl enc -chacha20`, keys with hashlib's BLAKE2b, and shared secrets with `openssl pkeyutl`.

usage: masks.py TWIN    where TWIN is tests/twin/mask-core.c, compiled

Exits 77, which means skipped, if openssl is not installed."""

import hashlib
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile


def cipher(name, key, at, n):
    """Bytes at to at + n of the stream of a key, from its beginning."""
    return subprocess.run(["openssl", "enc", "-" + name, "-K", key.hex(), "-iv", "0" * 32],
                          input=bytes(at + n), capture_output=True, check=True).stdout[at:]


def mask(key, subtract, bits, first, n):
    size = bits // 8
    stream = cipher("aes-256-ctr", key, first * size, n * size)
    values = [int.from_bytes(stream[i:i + size], "little") for i in range(0, n * size, size)]
    return [-v % 2**bits if subtract else v for v in values]


class Ring:
    """Clients in the order that a seed gives."""

    def __init__(self, seed, n):
        words = struct.unpack("<%dI" % (n + n // 8 + 64),
                              cipher("chacha20", seed, 0, 4 * (n + n // 8 + 64)))
        word = iter(words)
        self.at = list(range(n))
        for i in range(n - 1, 0, -1):
            j = next(x for x in word if x < 2**32 - 2**32 % (i + 1)) % (i + 1)
            self.at[i], self.at[j] = self.at[j], self.at[i]

    def neighbours(self, k, client):
        n, place = len(self.at), self.at.index(client)
        away = [d for d in range(-(k // 2), k // 2 + 1) if d] if k < n - 1 else range(1, n)
        return sorted(self.at[(place + d) % n] for d in away)


def kdf(secret, label, fields):
    text = b"".join(struct.pack("<Q", len(f)) + f for f in [b"flmask1 " + label.encode()] + fields)
    return hashlib.blake2b(text, digest_size=32, key=secret or b"").hexdigest()


def agree(secret, public):
    """X25519 by openssl, whose keys are wrapped in DER."""
    with tempfile.TemporaryDirectory() as folder:
        own, other = os.path.join(folder, "own"), os.path.join(folder, "other")
        with open(own, "wb") as f:
            f.write(bytes.fromhex("302e020100300506032b656e04220420") + secret)
        with open(other, "wb") as f:
            f.write(bytes.fromhex("302a300506032b656e032100") + public)
        return subprocess.run(["openssl", "pkeyutl", "-derive", "-inkey", own, "-keyform", "DER",
                               "-peerkey", other, "-peerform", "DER"],
                              capture_output=True, check=True).stdout.hex()


def requests(draw):
    """Pairs of a request and what is expected."""
    for bits in (16, 24, 32, 48, 64):
        for first, n in ((0, 1), (0, 20000), (12345, 999), (7, 4097)):
            key, subtract = draw.randbytes(32), draw.randrange(2)
            yield ("mask %s %d %d %d %d" % (key.hex(), subtract, bits, first, n),
                   " ".join(map(str, mask(key, subtract, bits, first, n))))
    for n, k in ((2, 1), (3, 2), (5, 2), (19, 18), (21, 4), (100, 32), (1000, 120), (400000, 156)):
        seed = draw.randbytes(32)
        ring = Ring(seed, n)
        for client in {0, n - 1, n // 2, draw.randrange(n)}:
            yield ("graph %s %d %d %d" % (seed.hex(), n, k, client),
                   " ".join(map(str, ring.neighbours(k, client))))
    for count in range(6):
        secret = draw.randbytes(32) if count % 2 else None
        fields = [draw.randbytes(draw.choice((1, 8, 32, 119, 128, 1000))) for _ in range(count)]
        yield ("kdf %s label %s" % (secret.hex() if secret else "-",
                                    " ".join(f.hex() for f in fields)),
               kdf(secret, "label", fields))
    for _ in range(8):
        secret, public = draw.randbytes(32), draw.randbytes(32)
        yield "agree %s %s" % (secret.hex(), public.hex()), agree(secret, public)


def main():
    if shutil.which("openssl") is None:
        print("skipped: no openssl")
        return 77
    asked, wanted = zip(*requests(random.Random(1)))
    found = subprocess.run([sys.argv[1]], input="\n".join(asked) + "\n", capture_output=True,
                           text=True, check=True).stdout.splitlines()
    wrong = [a for a, f, w in zip(asked, found, wanted) if f.strip() != w]
    for request in wrong:
        print("not the same:", request)
    print("%d requests, %d not the same" % (len(asked), len(wrong)))
    return 1 if wrong or len(found) != len(asked) else 0


if __name__ == "__main__":
    sys.exit(main())
