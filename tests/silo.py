#!/usr/bin/python3
"""Removes the masks of a masked record of silo mode: tests/silo.py KEY ROSTER UPDATE MASKED.

Makes the masks of KEY's owner with openssl (X25519, AES-256-CTR) and hashlib (BLAKE2b), as
mask/kdf.h and mask/silo.h say, removes them from the masked record, and compares the result
with the update's values as steps of its lattice. Prints what differs and exits 1; exits 77 if a
program or module is missing."""

import hashlib
import json
import math
import os
import shutil
import struct
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
try:
    import restate
except ImportError as missing:
    print("needs Python's module", missing.name)
    sys.exit(77)
if shutil.which("openssl") is None:
    print("needs openssl")
    sys.exit(77)

PRIVATE = bytes.fromhex("302e020100300506032b656e04220420")  # DER before a key of X25519
PUBLIC = bytes.fromhex("302a300506032b656e032100")


def dump(path):
    out = subprocess.run(["fl-dump", "--json", "--values", path], check=True, capture_output=True)
    return json.loads(out.stdout, parse_int=str, parse_float=str)


def tensors(path):
    """The dense tensors of a record, by name, as bytes."""
    with open(path, "rb") as f:
        record = restate.read(f.read())
    return {t.name if isinstance(t.name, str) else t.name.decode(): t.payload
            for t in record["tensors"]}


def openssl(*args, data=b""):
    return subprocess.run(["openssl", *args], input=data, check=True, capture_output=True).stdout


def agree(secret, public, folder):
    own, other = os.path.join(folder, "own"), os.path.join(folder, "other")
    with open(own, "wb") as f:
        f.write(PRIVATE + secret)
    with open(other, "wb") as f:
        f.write(PUBLIC + public)
    return openssl("pkeyutl", "-derive", "-keyform", "DER", "-inkey", own, "-peerform", "DER",
                   "-peerkey", other)


def derive(secret, label, *fields):
    h = hashlib.blake2b(key=secret, digest_size=32)
    for field in (b"flmask1 " + label, *fields):
        h.update(struct.pack("<Q", len(field)) + field)
    return h.digest()


def stream(key, count, width):
    zeros = bytes(count * width)
    made = openssl("enc", "-aes-256-ctr", "-nopad", "-K", key.hex(), "-iv", "0" * 32, data=zeros)
    return [int.from_bytes(made[i * width:(i + 1) * width], "little") for i in range(count)]


def main():
    key, roster, update, masked = sys.argv[1:]
    meta = dump(masked)["meta"]
    values = [int(v) for t in dump(masked)["tensors"] for v in t["values"]]
    bits = int(meta["bits"])
    said = [f for k, v in meta.items() if k not in ("client", "signature") for f in (k, v)]
    terms = derive(b"", b"terms", struct.pack("<Q", len(dump(masked)["tensors"])),
                   *[f.encode() for f in said])
    members = tensors(roster)
    names = members[":clients"].decode().split("\n")[:-1]
    self = names.index(meta["client"])
    secret = tensors(key)["secret"][32:64]
    for i in range(len(names)):
        if i == self:
            continue
        keys = sorted(members["mask"][32 * p:32 * p + 32] for p in (self, i))
        with tempfile.TemporaryDirectory() as folder:
            shared = agree(secret, members["mask"][32 * i:32 * i + 32], folder)
        mask = derive(shared, b"silo", meta["session"].encode(), b"update",
                      struct.pack("<Q", int(meta["round"])), bytes.fromhex(meta["base"]),
                      *keys, bytes.fromhex(meta["roster"]), terms)
        sign = -1 if self > i else 1  # to take it off
        values = [(v + sign * m) % 2**bits
                  for v, m in zip(values, stream(mask, len(values), bits // 8))]
    step = 2.0 ** (math.floor(math.log2(float(meta["clip"]))) - int(meta["grid"]))
    want = [round(float(v) / step) % 2**bits for t in dump(update)["tensors"] for v in t["values"]]
    if values != want:
        print("expected", want[:4], "... found", values[:4])
        sys.exit(1)
    print(len(want), "values agree")


main()
