#!/usr/bin/python3
"""Writes the test vectors of the format, version 1.

usage: make.py [FOLDER]

FOLDER (this file's own by default) gets good/NAME.flp, which every reader
must take, and bad/NAME.flp, which every reader must refuse, each with
bad/NAME.txt beside it: the exit status, and a part of the message. A bad
vector has the one fault it is named for; its checksums and its id are right
otherwise, so that this fault is what is found. This is a writer of its own,
from fl(5): it shares no code with the library.
"""
import hashlib
import os
import struct
import sys
import zlib
from fractions import Fraction

import xxhash

MAGIC = b"\x89FLP\r\n\x1a\n"
PARAMS, UPDATE, SUM, PARTIAL, DATA, STATS, COHORT, STATE, MASKED, KEY, SHARE = range(1, 12)
RAW, CLIPPED, NOISED, HIDDEN, PUBLIC = range(5)  # HIDDEN: masked
DENSE, ZLIB, QUANTIZED, SPARSE, MODULAR = range(1, 6)


JOINED = (RAW, CLIPPED, NOISED, PUBLIC)
STATES = {  # the privacy states that a kind may have
    "params": JOINED, "update": JOINED, "sum": JOINED, "partial": JOINED, "data": (RAW,),
    "stats": JOINED, "cohort": (RAW,), "state": JOINED, "masked": (HIDDEN,), "key": (RAW,),
    "share": (RAW,)}


def bf16(v):
    return struct.pack("<f", v)[2:]


def grid(v):
    """A value in units of 2^-64, ties to even."""
    return round(Fraction(v) * 2**64)


def exact(v):
    """A sum in units of 2^-64."""
    return grid(v).to_bytes(16, "little", signed=True)


DTYPES = {  # name: code, one value to bytes
    "f64": (1, "<d"), "f32": (2, "<f"), "f16": (3, "<e"), "bf16": (4, bf16),
    "i8": (5, "<b"), "i16": (6, "<h"), "i32": (7, "<i"), "i64": (8, "<q"),
    "u8": (9, "<B"), "u16": (10, "<H"), "u32": (11, "<I"), "u64": (12, "<Q"),
    "sum-f64": (0x11, exact), "sum-f32": (0x12, exact),
    "sum-f16": (0x13, exact), "sum-bf16": (0x14, exact),
}


def pad(data, byte=0):
    return data + bytes([byte]) * (-len(data) % 64)


def xxh64(data):
    return struct.pack("<Q", xxhash.xxh3_64_intdigest(data))


def chunk(values, stream=None, claim=None):
    """A chunk of the zlib encoding."""
    stream = zlib.compress(values, 9) if stream is None else stream
    return struct.pack("<II", len(values) if claim is None else claim, len(stream)) + stream


def ring(values, bits, claim=None, length=None):
    """A chunk of the encoding modular; claim and length are what is wrong in its lengths."""
    packed = b"".join(v.to_bytes(bits // 8, "little") for v in values)[:length]
    return struct.pack("<II", 8 * len(values) if claim is None else claim, len(packed)) + packed


def chunks(*parts, end=bytes(8), sum_of=None, padding=0):
    """Chunks, their end, their checksum, padding."""
    body = b"".join(parts) + end
    return pad(body + xxh64(body if sum_of is None else sum_of), padding)


class Tensor:
    def __init__(self, name, dtype, dims, values, encoding=DENSE, payload=None, code=None,
                 rank=None):
        self.name = name if isinstance(name, bytes) else name.encode()
        self.code, pack = DTYPES[dtype]
        self.code = self.code if code is None else code
        self.dims = dims
        self.rank = len(dims) if rank is None else rank
        self.encoding = encoding
        if isinstance(values, bytes):
            self.bytes = values
        elif isinstance(pack, str):
            self.bytes = b"".join(struct.pack(pack, v) for v in values)
        else:
            self.bytes = b"".join(pack(v) for v in values)
        if payload is not None:
            self.payload = payload
        elif encoding == ZLIB:
            self.payload = chunks(chunk(self.bytes)) if self.bytes else chunks()
        else:
            self.payload = pad(self.bytes)

    def row(self, encoding):
        return (bytes([self.code, encoding, self.rank, len(self.name)]) + self.name +
                b"".join(struct.pack("<Q", d) for d in self.dims))


def lines(meta):
    """Metadata from a dict, or as it is."""
    if isinstance(meta, bytes):
        return meta
    return b"".join(f"{k}={meta[k]}\n".encode() for k in sorted(meta))


def merged(meta, footer):
    both = (meta + footer).splitlines(keepends=True)
    return b"".join(sorted(both, key=lambda line: line.split(b"=")[0]))


def header(kind, privacy, meta, tensors, magic=MAGIC, version=1, flags=None, reserved=0, length=None,
           meta_n=None, count=None, table_n=None, padding=0, checksum=None, more=b""):
    table = b"".join(t.row(t.encoding) for t in tensors)
    used = 32 + len(meta) + len(table) + 8
    n = (used + 63) // 64 * 64 + len(more)
    if flags is None:
        flags = 4 if any(t.encoding == MODULAR for t in tensors) else 0
    fixed = magic + bytes([version, kind, privacy, reserved]) + struct.pack(
        "<IIIII", flags, n if length is None else length,
        len(meta) if meta_n is None else meta_n,
        len(tensors) if count is None else count,
        len(table) if table_n is None else table_n)
    body = fixed + meta + table
    body += bytes([padding]) * (n - 8 - len(more) - len(body)) + more
    return body + (xxh64(body) if checksum is None else checksum)


def canonical(kind, privacy, tensors, meta, flags=0):
    """The bytes that name a record; meta: header and footer merged."""
    meaning = flags >> 8 & 0xff
    head = bytes([kind + 128, privacy, meaning] if meaning else [kind, privacy])
    table = b"".join(t.row(0) for t in tensors)
    return (head + struct.pack("<I", len(tensors)) + table +
            b"".join(t.bytes for t in tensors) + struct.pack("<I", len(meta)) + meta)


def identity(kind, privacy, tensors, meta, flags=0):
    # XXH3's own canonical form: big-endian
    return xxhash.xxh3_128_digest(canonical(kind, privacy, tensors, meta, flags))


def digest(kind, privacy, tensors, meta, flags=0):
    """What names a model, in hexadecimal."""
    return hashlib.blake2b(canonical(kind, privacy, tensors, meta, flags),
                           digest_size=32).hexdigest()


def tail(before, footer, ident, size=None, footer_n=None, length=None, padding=0, checksum=None):
    n = (8 + len(footer) + 32 + 63) // 64 * 64
    body = struct.pack("<II", n if size is None else size,
                       len(footer) if footer_n is None else footer_n) + footer
    body += bytes([padding]) * (n - 32 - len(body))
    body += struct.pack("<Q", before + n if length is None else length) + ident
    return body + (xxh64(body) if checksum is None else checksum)


def record(tensors=(), meta={}, kind=PARAMS, privacy=RAW, footer={}, ident=None, head={}, end={}):
    """A record; `head` and `end` hold what is wrong in its header and tail."""
    meta, footer = lines(meta), lines(footer)
    body = header(kind, privacy, meta, tensors, **head)
    body += b"".join(t.payload for t in tensors)
    if ident is None:
        ident = identity(kind, privacy, tensors, merged(meta, footer), head.get("flags", 0))
    return body + tail(len(body), footer, ident, **end)


def three(**more):
    """The smallest model: 192 bytes."""
    return record([Tensor("values", "f64", [3], [0.2, 0.4, 0.6])], **more)


def one(*args, **more):
    """A record of one tensor."""
    return record([Tensor(*args, **more)])


def packed(payload, values=(1, 2, 3), dtype="f32", dims=None):
    """A record of one zlib tensor whose payload is given."""
    return one("x", dtype, [len(values)] if dims is None else dims, values, ZLIB, payload)


def modular(values, bits, *parts, meta=None, dims=None, dtype="u64", **more):
    """A masked record of one tensor; by default its values are in one chunk."""
    payload = chunks(*(parts or [ring(values, bits)]))
    return record([Tensor("w", dtype, [len(values)] if dims is None else dims, values, MODULAR,
                          payload)],
                  {"bits": bits} if meta is None else meta, MASKED, HIDDEN, **more)


def masked():
    """What fl-mask apply makes; the signature is none."""
    values = [[0x123456, 0, 0xffffff, 7, 0x800000, 1], [42, 0xfedcba]]
    return record([
        Tensor("0.weight", "u64", [2, 3], values[0], MODULAR, chunks(ring(values[0], 24))),
        Tensor("0.bias", "u64", [2], values[1], MODULAR, chunks(ring(values[1], 24)))],
        {"base": BASE, "bits": 24, "client": "Biscoe", "clip": 1, "grid": 16, "of": "update",
         "roster": BASE[::-1], "round": 4, "session": "penguins", "signature": "5a" * 64,
         "state": "clipped", "weighting": "uniform"}, MASKED, HIDDEN)


def roster():
    return record([Tensor(":clients", "u8", [23], b"Biscoe\nDream\nTorgersen\n"),
                   Tensor("sign", "u8", [3, 32], [i % 251 for i in range(96)]),
                   Tensor("mask", "u8", [3, 32], [i % 241 for i in range(96, 192)])],
                  {"session": "penguins", "verb": "roster"}, KEY)


def model():
    names = b"bill_length_mm\nbody_mass_g\n"
    return record([
        Tensor("0.weight", "f32", [2, 2], [0.5, -0.25, 1, 2]),
        Tensor("0.bias", "f32", [2], [0.125, -1]),
        Tensor("2.weight", "f32", [3, 2], [1, 0, 0, 1, -1, -1]),
        Tensor("2.bias", "f32", [3], [0, 0.1, -0.1]),
        Tensor(":features", "u8", [len(names)], names),
        Tensor(":classes", "u8", [24], b"Adelie\nChinstrap\nGentoo\n"),
        Tensor(":center", "f64", [2], [43.9219, 4201.75]),
        Tensor(":scale", "f64", [2], [5.4596, 801.95]),
    ], {"arch": "dense 2 relu dense 3", "loss": "softmax", "round": 0})


ROWS = [[39.1, 3750], [46.5, 3500], [46.1, 4500], [50, 5700]]


def digits(value, n, places):
    """A sum of f32 values, or of their squares, as n digits of 2^(32 k - places)."""
    whole = value * 2**places
    assert whole.denominator == 1
    whole = whole.numerator
    return [whole >> 32 * k & 0xffffffff for k in range(n - 1)] + [whole >> 32 * (n - 1)]


def data():
    return record([
        Tensor("x", "f32", [4, 2], [v for row in ROWS for v in row]),
        Tensor("y", "u32", [4], [0, 1, 2, 2]),
        Tensor("group", "u32", [4], [1, 0, 0, 0]),
        Tensor(":features", "u8", [27], b"bill_length_mm\nbody_mass_g\n"),
        Tensor(":classes", "u8", [24], b"Adelie\nChinstrap\nGentoo\n"),
        Tensor(":groups", "u8", [17], b"Biscoe\nTorgersen\n"),
    ], {"client": "Biscoe"}, DATA)


def schema():
    """Data with a schema: a column of numbers, a column of levels, classes."""
    def text(name, *lines):
        joined = "".join(line + "\n" for line in lines).encode()
        return Tensor(name, "u8", [len(joined)], joined)

    return record([
        Tensor("x", "f32", [3, 3], [3750, 0, 1, 3500, 1, 0, 4500, 0, 0]),
        Tensor("y", "u32", [3], [0, 1, 1]),
        text(":features", "body_mass_g", "sex=female", "sex=male"),
        text(":classes", "0", "1"),
        text(":schema", "x\tnumber\tbody_mass_g", "x\tlevel\tsex\tfemale",
             "x\tlevel\tsex\tmale", "y\tclass\tspecies\t0", "y\tclass\tspecies\t1"),
    ], {}, DATA)


def gaps():
    return record([
        Tensor("x", "f32", [2, 3], [39.1, 0, 1, 0, 0, 0]),
        Tensor("missing", "u8", [2, 3], [0, 0, 0, 1, 1, 1]),
        Tensor(":features", "u8", [35], b"bill_length_mm\nsex=female\nsex=male\n"),
    ], {}, DATA)


def stats():
    columns = [[Fraction(*struct.unpack("<f", struct.pack("<f", v))) for v in column]
               for column in zip(*ROWS)]
    sums = [d for c in columns for d in digits(sum(c), 11, 160)]
    squares = [d for c in columns for d in digits(sum(v * v for v in c), 20, 320)]
    return record([
        Tensor("count", "u64", [2], [4, 4]),
        Tensor("sum", "i64", [2, 11], sums),
        Tensor("sumsq", "i64", [2, 20], squares),
        Tensor("class", "u64", [3], [1, 1, 2]),
        Tensor(":features", "u8", [27], b"bill_length_mm\nbody_mass_g\n"),
        Tensor(":classes", "u8", [24], b"Adelie\nChinstrap\nGentoo\n"),
    ], {"client": "Biscoe", "examples": 4}, STATS)


BASE = "00112233445566778899aabbccddeeff" * 2


def chacha20(key, n):
    """n bytes of the key stream: 20 rounds, nonce 0, counter from 0 (Bernstein 2008)."""
    def turn(x, bits):
        return (x << bits | x >> 32 - bits) & 0xffffffff
    out = b""
    for counter in range((n + 63) // 64):
        start = list(struct.unpack("<16I", b"expand 32-byte k" + key +
                                   struct.pack("<QQ", counter, 0)))
        s = start[:]
        for _ in range(10):
            for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                               (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
                for to, by, bits in ((a, b, 16), (c, d, 12), (a, b, 8), (c, d, 7)):
                    s[to] = (s[to] + s[by]) & 0xffffffff
                    other = d if to == a else b
                    s[other] = turn(s[other] ^ s[to], bits)
        out += struct.pack("<16I", *((x + y) & 0xffffffff for x, y in zip(s, start)))
    return out[:n]


def parents(idents):
    """The words of a set of ids."""
    words = [0] * 1024
    for ident in idents:
        drawn = chacha20(hashlib.blake2b(ident, digest_size=32).digest(), 2048)
        words = [(x + y) % 2**16 for x, y in zip(words, struct.unpack("<1024H", drawn))]
    return words


def round_of_updates():
    """Updates of one model, a partial of them, and their mean."""
    rows = [(5, [0.75, -1.5, 1.5 * 2**-64, -2**-65]), (123, [-0.1, 2**40, -2.5 * 2**-64, 0.1])]
    meta = {"base": BASE, "round": 4}
    count = Tensor("n", "u32", [1], [7])
    updates, idents, weights = [], [], [weight for weight, _ in rows]
    for i, (weight, values) in enumerate(rows):
        tensors = [Tensor("w", "f64", [4], values), count]
        said = {"client": f"site {i}", "examples": weight, "steps": i, **meta}
        idents.append(identity(UPDATE, RAW, tensors, lines(said)))
        updates.append(record(tensors, said, UPDATE))
    sums = [sum(w * grid(values[i]) for w, values in rows) for i in range(4)]
    words = parents(idents)
    meta.update({"clients": 2, "examples": sum(weights), "steps": 1, "weighting": "examples"})
    partial = record([Tensor("w", "sum-f64", [4], [Fraction(t, 2**64) for t in sums]), count,
                      Tensor(":parents", "u16", [1024], words)],
                     {"of": "update", "rule": "mean", "weight": sum(weights), **meta}, PARTIAL)
    digest = hashlib.blake2b(struct.pack("<1024H", *words), digest_size=16).hexdigest()
    mean = record([Tensor("w", "f64", [4], [float(Fraction(t, 2**64 * sum(weights))) for t in sums]),
                   count], meta, UPDATE, footer={"parents": digest})
    return b"".join(updates), partial, mean


def good():
    yield "params", three()
    yield "model", model()
    yield "data", data()
    yield "data-missing", gaps()
    yield "stats", stats()
    yield "schema", schema()
    yield "update", record([Tensor("w", "f32", [2], [0.5, -1])], {
        "base": BASE, "client": "Biscoe", "examples": 123, "round": 4, "steps": 65}, UPDATE)
    yield "update-clipped", record([Tensor("w", "f32", [2], [0.5, -1])], {"base": BASE}, UPDATE,
                                   CLIPPED)
    updates, partial, mean = round_of_updates()
    yield "records-updates", updates
    yield "partial", partial
    yield "footer-mean", mean
    yield "cohort", record([Tensor(":clients", "u8", [17], b"Biscoe\nTorgersen\n")], {
        "population": 3, "round": 2, "scheme": "fixed", "seed": "public", "size": 2}, COHORT)
    yield "sum", record([Tensor("w", "f32", [2], [0.5, -1])], {"clients": 2, "of": "update"}, SUM,
                        NOISED)
    yield "kinds", b"".join(record(kind=kind, privacy=privacy) for kind, privacy in (
        (STATE, RAW), (MASKED, HIDDEN), (KEY, RAW), (SHARE, RAW), (UPDATE, NOISED)))
    for code, (kind, states) in enumerate(STATES.items(), 1):
        if len(states) > 1:
            yield f"states-{kind}", b"".join(record(kind=code, privacy=s) for s in states)
    yield "dtypes-float", record([
        Tensor("f64", "f64", [7], [0, -0.0, 1, 5e-324, 2.2250738585072014e-308,
                                   1.7976931348623157e308, -0.1]),
        Tensor("f32", "f32", [7], [0, -0.0, 1, 2.0**-149, 2.0**-126, 3.4028234663852886e38, -0.1]),
        Tensor("f16", "f16", [7], [0, -0.0, 1, 2.0**-24, 2.0**-14, 65504, -0.1]),
        Tensor("bf16", "bf16", [7], [0, -0.0, 1, 2.0**-133, 2.0**-126, 3.3895313892515355e38, -0.5]),
    ])
    yield "dtypes-int", record(
        [Tensor(f"i{b}", f"i{b}", [4], [0, -1, -(1 << b - 1), (1 << b - 1) - 1])
         for b in (8, 16, 32, 64)] +
        [Tensor(f"u{b}", f"u{b}", [3], [0, 1, (1 << b) - 1]) for b in (8, 16, 32, 64)])
    yield "dtypes-sum", record(
        [Tensor(name, name, [3], [0, 1.5, -2.0**63]) for name in
         ("sum-f64", "sum-f32", "sum-f16", "sum-bf16")] +
        [Tensor(":parents", "u16", [1024], parents([]))],
        {"clients": 1024, "of": "params", "rule": "sum", "weight": 1024, "weighting": "uniform"},
        PARTIAL)
    yield "no-tensors", record()
    yield "scalar", record([Tensor("s", "f32", [], [2.5]), Tensor("t", "i64", [], [-7])])
    yield "rank-8", one("r", "u16", [2, 1, 1, 2, 1, 1, 1, 2], range(8))
    yield "dims-zero", record([Tensor("none", "f32", [0], []), Tensor("one", "f32", [1], [1]),
                               Tensor("rows", "f64", [3, 0, 2], []), Tensor("z", "u8", [0], [], ZLIB),
                               Tensor("large", "u64", [1 << 59, 0], [])])
    yield "block-full", one("x", "f32", [16], range(16))
    yield "header-full", record([Tensor("x" * 12, "u8", [5], range(5))])
    yield "name-255", one("\u00e9" * 127 + "x", "u8", [1], [1])
    yield "name-utf8", one("\u5c64 0/\U0001f9ee \u00a0", "u8", [1], [1])
    yield "metadata", record(meta={
        "a": "1", "a-b": "=", "a.b": "x=y", "a0": "\u00e4\u00f6\u00fc \u20ac \U0001f427",
        "k" * 64: "a key of 64 bytes", "round": 0})
    yield "footer", three(meta={"client": "Biscoe", "round": 1}, footer={"examples": 10, "steps": 3})
    yield "footer-full", three(footer=b"examples=10\nparents=abc\n")
    yield "footer-long", three(footer={"parents": ",".join([BASE] * 3)})
    for bit in (16, 31):
        yield f"flag-{bit}", three(head={"flags": 1 << bit})
    yield "flags-ignorable", three(head={"flags": 0xffff0000})
    yield "zlib", packed(None)
    yield "zlib-chunks", packed(chunks(
        chunk(struct.pack("<fB", 1, 0)), chunk(b"\0\0\x40\0"), chunk(b"\0\x40\x40")))
    yield "zlib-stored", packed(chunks(chunk(b"", zlib.compress(struct.pack("<3f", 1, 2, 3), 0), 12)))
    yield "zlib-mixed", record([
        Tensor("a", "u8", [300], [7] * 300, ZLIB), Tensor("b", "f64", [2], [1, 2]),
        Tensor("c", "i32", [2, 3], range(-3, 3), ZLIB)])
    for bits in (16, 24, 32, 48, 64):
        yield f"modular-{bits}", modular([0, 1, 2**bits - 1, 2**(bits - 1), 0xf00d], bits)
    yield "modular-chunks", modular([1, 2, 3, 4, 5], 24, ring([1], 24), ring([2, 3, 4], 24),
                                    ring([5], 24))
    yield "modular-none", modular([], 16, b"")
    yield "modular-dense", record([Tensor("w", "u64", [2], [1, 2])], {"bits": 16}, MASKED, HIDDEN)
    yield "modular-mixed", record([
        Tensor("a", "u64", [2], [1, 2], MODULAR, chunks(ring([1, 2], 16))),
        Tensor("b", "u8", [2], [1, 2]), Tensor("c", "u64", [1], [3], ZLIB),
        Tensor("d", "u64", [1], [4], MODULAR, chunks(ring([4], 16)))], {"bits": "0016"}, STATE)
    yield "bits-without-modular", three(meta={"bits": "seven"})
    yield "masked", masked()
    yield "key", roster()
    yield "records-2", three() + three(meta={"round": 1})
    yield "records-mixed", packed(None) + record() + three()


def flip(data, at, bits=1):
    at = at % len(data)
    return data[:at] + bytes([data[at] ^ bits]) + data[at + 1:]


def bad_header():
    w = [Tensor("w", "f32", [3], [1, 2, 3])]
    magic = "expected an .flp record"
    yield "magic", three(head={"magic": b"\x89FLQ\r\n\x1a\n"}), magic
    yield "magic-7-bit", three(head={"magic": b"\x09FLP\r\n\x1a\n"}), magic
    yield "magic-text", b"sepal_length,species\n" + b"5.1,setosa\n" * 4, magic
    yield "text-mode-lf", three().replace(b"\r\n", b"\n"), "the file was moved as text"
    yield "text-mode-crlf", three().replace(b"\n", b"\r\n"), "the file was moved as text"
    yield "version-0", three(head={"version": 0}), "expected version 1, found 0"
    yield "version-2", three(head={"version": 2}), "expected version 1, found 2"
    yield "kind-0", three(kind=0), "unknown kind 0"
    yield "kind-12", three(kind=12), "unknown kind 12"
    yield "privacy-5", three(privacy=5), "unknown privacy state 5"
    yield "privacy-255", three(privacy=255), "unknown privacy state 255"
    for code, (kind, states) in enumerate(STATES.items(), 1):
        for state, word in enumerate(("raw", "clipped", "noised", "masked", "public")):
            if state not in states:
                yield f"state-{kind}-{word}", record(kind=code, privacy=state), \
                    f"header: expected a privacy state that kind {kind} may have, found {word}"
    for bit, code, word in ((0, QUANTIZED, "quantized"), (1, SPARSE, "sparse")):
        needs = f"header: needs the encoding {word}, which this version does not read"
        yield f"flag-{bit}", three(head={"flags": 1 << bit}), needs
        yield f"flag-{bit}-{word}", record([Tensor("w", "u8", [1], [1], code)],
                                           head={"flags": 1 << bit}), needs
    yield "flag-2", three(head={"flags": 4}), "header: flag 2: no tensor has the encoding modular"
    yield "modular-flag-missing", modular([1], 16, head={"flags": 0}), \
        "header: flag 2: not set, but a tensor has the encoding modular"
    for bit in (3, 7):
        yield f"flag-{bit}", three(head={"flags": 1 << bit}), \
            f"header: flag {bit}: needs an encoding that this version does not know"
    for bit in (8, 15):
        yield f"flag-{bit}", three(head={"flags": 1 << bit}), \
            f"header: flag {bit} changes what the record means, and this version does not know how"
    length = "header: expected a length of 64 to 16777216 in steps of 64, found "
    yield "header-length-0", three(head={"length": 0}), length + "0"
    yield "header-length-unaligned", three(head={"length": 65}), length + "65"
    yield "header-length-huge", three(head={"length": (16 << 20) + 64}), length + "16777280"
    yield "header-length-max", three(head={"length": 0xffffffc0}), length + "4294967232"
    yield "header-length-short", record(w, {"round": 1, "rule": "mean"}, head={"length": 64}), \
        "header: checksum does not match"
    yield "header-length-beyond", three(head={"length": 16 << 20}), "header: cut off at byte 192"
    yield "header-long", three(head={"more": bytes(64)}), "expected a length of 64 for its parts"
    yield "header-checksum", three(head={"checksum": bytes(8)}), "header: checksum does not match"
    yield "header-flip", flip(three(), 40), "header: checksum does not match"
    yield "header-reserved", three(head={"reserved": 1}), "header: padding is not zero"
    yield "header-padding", three(head={"padding": 1}), "header: padding is not zero"
    yield "header-meta-short", record(w, {"round": 1}, head={"meta_n": 4, "table_n": 20}), \
        "expected a line key=value"
    yield "header-meta-beyond", three(head={"meta_n": 100}), "for its parts, found 64"
    yield "header-meta-huge", three(head={"meta_n": (1 << 20) + 1}), \
        "expected at most 1048576 bytes of metadata, found 1048577"
    yield "header-table-huge", three(head={"table_n": 0xffffffff}), "for its parts, found 64"
    yield "header-table-short", three(head={"table_n": 17}), "tensor 0: does not fit its table"
    yield "header-table-3", record(head={"table_n": 3}), \
        "tensor 0: does not fit its table"
    yield "header-table-none", three(head={"table_n": 0, "count": 0}), "header: padding is not zero"
    yield "header-count-more", three(head={"count": 2}), "expected 2 tensors, found 1"
    yield "header-count-fewer", three(head={"count": 0}), "expected 0 tensors, found 1"
    yield "header-count-huge", three(head={"count": 0xffffffff}), "expected 4294967295 tensors"


def bad_metadata():
    def meta(text):
        return three(meta=text)
    line, key = "expected a line key=value", "expected a key of 1 to 64 characters"
    yield "meta-no-newline", meta(b"round=1"), line
    yield "meta-no-equals", meta(b"round\n"), line
    yield "meta-empty-line", meta(b"\n"), line
    yield "meta-no-key", meta(b"=1\n"), key
    yield "meta-key-upper", meta(b"Round=1\n"), key
    yield "meta-key-space", meta(b"a b=1\n"), key
    yield "meta-key-underscore", meta(b"a_b=1\n"), key
    yield "meta-key-nul", meta(b"a\0=1\n"), key
    yield "meta-key-65", meta(b"k" * 65 + b"=1\n"), key
    yield "meta-value-empty", meta(b"round=\n"), "round: expected printable UTF-8"
    text = "a: expected printable UTF-8"
    yield "meta-value-nul", meta(b"a=\0\n"), text
    yield "meta-value-escape", meta(b"a=\x1b[31m\n"), text
    yield "meta-value-cr", meta(b"a=1\r\n"), text
    yield "meta-value-delete", meta(b"a=\x7f\n"), text
    yield "meta-value-c1", meta("a=\u009b\n".encode()), text
    yield "meta-utf8-bare", meta(b"a=\x80\n"), text
    yield "meta-utf8-cut", meta(b"a=\xe2\x82\n"), text
    yield "meta-utf8-overlong", meta(b"a=\xc0\xaf\n"), text
    yield "meta-utf8-overlong-3", meta(b"a=\xe0\x80\xaf\n"), text
    yield "meta-utf8-surrogate", meta(b"a=\xed\xa0\x80\n"), text
    yield "meta-utf8-beyond", meta(b"a=\xf4\x90\x80\x80\n"), text
    yield "meta-utf8-ff", meta(b"a=\xff\n"), text
    yield "meta-latin-1", meta(b"a=caf\xe9 x\n"), text
    order = "expected sorted keys"
    yield "meta-unsorted", meta(b"round=1\nclient=a\n"), order
    yield "meta-unsorted-prefix", meta(b"ab=1\na=1\n"), order
    yield "meta-twice", meta(b"round=1\nround=1\n"), order
    yield "footer-no-newline", three(footer=b"steps=1"), "footer: metadata: byte 0: " + line
    yield "footer-key", three(footer=b"STEPS=1\n"), "footer: metadata: " + key
    yield "footer-value", three(footer=b"a=\x1b\n"), "footer: metadata: " + text
    yield "footer-unsorted", three(footer=b"b=1\na=1\n"), "footer: metadata: " + order
    yield "footer-twice", three(footer=b"a=1\na=1\n"), "footer: metadata: " + order
    yield "footer-repeats-header", three(meta={"a": 1, "b": 1}, footer={"b": 1}), \
        "footer: b: found in the header too"


def bad_tensors():
    name = "expected a name of 1 to 255 bytes of printable UTF-8"
    yield "name-empty", one("", "u8", [1], [1]), name
    yield "name-nul", one("a\0b", "u8", [1], [1]), name
    yield "name-newline", one("a\nb", "u8", [1], [1]), name
    yield "name-escape", one("\x1b[2J", "u8", [1], [1]), name
    yield "name-utf8", one(b"caf\xe9", "u8", [1], [1]), name
    yield "name-twice", record([Tensor(n, "u8", [1], [1]) for n in "aba"]), \
        "tensor a: found twice"
    for code in (0, 13, 16, 0x15, 0x1b, 255):
        yield f"dtype-{code}", one("w", "u8", [1], [1], code=code), f"tensor w: unknown dtype {code}"
    encoding = "tensor 0: expected encoding dense, zlib or modular, found "
    for code, word in ((0, "unknown"), (QUANTIZED, "quantized"), (SPARSE, "sparse"),
                       (6, "unknown"), (255, "unknown")):
        yield f"encoding-{code}", one("w", "u8", [1], [1], code), f"{encoding}{word} ({code})"
    yield "rank-9", one("w", "u8", [1] * 9, [1]), "expected at most 8 dimensions, found 9"
    yield "rank-255", one("w", "u8", [1], [1], rank=255), "expected at most 8 dimensions, found 255"
    yield "rank-beyond", one("w", "u8", [1], [1], rank=2), "tensor 0: does not fit its table"
    over = "tensor w: the dimensions overflow"
    yield "dims-overflow", one("w", "u8", [1 << 32, 1 << 32], []), over
    yield "dims-overflow-wrap", one("w", "u8", [1 << 63, 2, 3], []), over
    yield "dims-overflow-bytes", one("w", "f64", [1 << 61], []), over
    yield "dims-overflow-padding", one("w", "u8", [(1 << 63) - 1], []), over
    yield "dims-overflow-one", one("w", "u8", [(1 << 64) - 1], []), over
    yield "dims-overflow-zero", one("w", "u8", [1 << 62, 1 << 62, 0], []), over
    yield "dims-overflow-zero-first", one("w", "u8", [0, 1 << 62, 1 << 62], []), over
    yield "sizes-overflow", record([Tensor(n, "u8", [1 << 62], []) for n in "abc"]), \
        "the sizes of the tensors overflow"
    yield "values-huge", one("w", "u8", [1 << 60], []), "tensor w: values: cut off at byte 128"
    yield "values-huge-f64", one("w", "f64", [1 << 29, 1 << 29], [1] * 8), \
        "tensor w: values: cut off at byte 192"
    nan = float("nan")
    for dtype, value in (("f64", nan), ("f64", -float("inf")), ("f32", nan), ("f32", float("inf")),
                         ("f16", nan), ("f16", float("inf")), ("bf16", nan),
                         ("bf16", -float("inf"))):
        word = "nan" if value != value else "infinity"
        yield f"{word}-{dtype}", record([
            Tensor("w", dtype, [4], [1, 2, value, 4]), Tensor("v", "f32", [1], [1])]), \
            "tensor w: value 2 is not finite"
    yield "nan-payload", one("w", "f32", [2], struct.pack("<fI", 1, 0x7f800001)), \
        "tensor w: value 1 is not finite"
    yield "nan-zlib", packed(None, (1, nan, 3)), "tensor x: value 1 is not finite"
    yield "nan-second", three() + one("w", "f32", [1], [nan]), "record 2: tensor w: value 0 is not"


def bad_values():
    damaged = "values are damaged: expected id "
    yield "value-flip", flip(three(), 70), damaged
    yield "value-flip-int", flip(one("w", "u8", [64], range(64)), 64), damaged
    yield "value-order", one("w", "u8", [2], [1, 2], payload=pad(b"\2\1")), damaged
    yield "value-padding", one("w", "u8", [3], [1, 2, 3], payload=pad(b"\1\2\3", 1)), \
        "tensor w: padding is not zero"
    yield "value-padding-last", flip(one("w", "u8", [3], [1, 2, 3]), 127), \
        "tensor w: padding is not zero"
    ident = identity(PARAMS, RAW, [Tensor("values", "f64", [3], [0.2, 0.4, 0.6])], b"")
    yield "id", three(ident=bytes(16)), damaged
    yield "id-order", three(ident=ident[::-1]), damaged
    yield "id-kind", three(kind=UPDATE, ident=ident), damaged
    yield "id-privacy", three(privacy=NOISED, ident=ident), damaged
    yield "id-metadata", three(meta={"round": 1}, ident=ident), damaged
    yield "id-footer", three(footer={"steps": 1}, ident=ident), damaged
    yield "id-dtype", record([Tensor("values", "i64", [3], struct.pack("<3d", 0.2, 0.4, 0.6))],
                             ident=ident), damaged
    yield "id-name", record([Tensor("other", "f64", [3], [0.2, 0.4, 0.6])], ident=ident), damaged
    yield "id-dims", record([Tensor("values", "f64", [3, 1], [0.2, 0.4, 0.6])], ident=ident), damaged


def bad_zlib():
    values = struct.pack("<3f", 1, 2, 3)
    stream = zlib.compress(values, 9)
    whole = chunks(chunk(values))
    inflate = "tensor x: chunk does not inflate to its "
    yield "zlib-stream", packed(chunks(chunk(values, flip(stream, 2, 6)))), inflate
    yield "zlib-stream-header", packed(chunks(chunk(values, flip(stream, 0)))), inflate
    yield "zlib-stream-adler", packed(chunks(chunk(values, flip(stream, -1)))), inflate
    yield "zlib-stream-cut", packed(chunks(chunk(values, stream[:-1]))), inflate
    yield "zlib-stream-behind", packed(chunks(chunk(values, stream + b"\0"))), inflate
    yield "zlib-stream-twice", packed(chunks(chunk(values, stream + stream))), inflate
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    yield "zlib-stream-raw", packed(chunks(chunk(values, raw.compress(values) + raw.flush()))), \
        inflate
    gzip = zlib.compressobj(9, zlib.DEFLATED, 31)
    yield "zlib-stream-gzip", packed(chunks(chunk(values, gzip.compress(values) + gzip.flush()))), \
        inflate
    known = zlib.compressobj(9, zdict=values)
    yield "zlib-dictionary", packed(chunks(chunk(values, known.compress(values) + known.flush()))), \
        inflate
    yield "zlib-chunk-short", packed(chunks(chunk(values, claim=13))), inflate + "13"
    yield "zlib-chunk-long", packed(chunks(chunk(values, claim=11))), inflate + "11"
    limit = "expected at most 1048576 in 2097152"
    yield "zlib-chunk-values-0", packed(chunks(chunk(values), chunk(b"", claim=0))), limit
    yield "zlib-chunk-stream-0", packed(chunks(chunk(values, b""))), limit
    yield "zlib-chunk-huge", packed(chunks(chunk(values, claim=(1 << 20) + 1))), limit
    yield "zlib-chunk-max", packed(chunks(chunk(values, claim=0xffffffff))), limit
    yield "zlib-stream-huge", packed(chunks(struct.pack("<II", 12, (2 << 20) + 1) + stream)), limit
    yield "zlib-stream-beyond", packed(chunks(struct.pack("<II", 12, 2 << 20) + stream)), \
        "tensor x: cut off at byte"
    fewer = "tensor x: fewer values than the dimensions say"
    yield "zlib-fewer", packed(chunks(chunk(values[:8])), dims=[3]), fewer
    yield "zlib-none", packed(chunks(), dims=[3]), fewer
    yield "zlib-dims-huge", packed(chunks(chunk(values)), dims=[1 << 58]), fewer
    more = "tensor x: more values than the dimensions say"
    yield "zlib-more", packed(chunks(chunk(values + b"\0")), dims=[3]), more
    yield "zlib-more-chunks", packed(chunks(chunk(values), chunk(b"\0")), dims=[3]), more
    yield "zlib-more-empty", packed(chunks(chunk(b"\0")), (), dims=[0]), more
    yield "zlib-bomb", packed(chunks(chunk(values + bytes(500000))), dims=[3]), more
    yield "zlib-checksum", packed(chunks(chunk(values), sum_of=b"")), \
        "tensor x: checksum of the encoded values does not match"
    yield "zlib-checksum-same-values", packed(chunks(
        chunk(values), sum_of=chunk(values, zlib.compress(values, 0)) + bytes(8))), \
        "tensor x: checksum of the encoded values does not match"
    yield "zlib-padding", packed(chunks(chunk(values), padding=1)), "tensor x: padding is not zero"
    start, cut = packed(whole), "tensor x: cut off at byte "
    for name, at in (("none", 0), ("lengths", 5), ("stream", 10), ("end", 8 + len(stream) + 3),
                     ("checksum", 8 + len(stream) + 12), ("padding", len(whole) - 1)):
        yield f"zlib-cut-{name}", start[:64 + at], f"{cut}{64 + at}"
    yield "zlib-as-dense", one("x", "u8", [64], bytes(64), ZLIB, bytes(64)), fewer


def bad_modular():
    bits = "tensor w: metadata: bits: "
    yield "modular-bits-missing", modular([1], 16, meta={}), bits + "missing in the header"
    yield "modular-bits-footer", modular([1], 16, meta={}, footer={"bits": 16}), \
        bits + "missing in the header"
    for name, found in (("0", 0), ("8", 8), ("20", 20), ("40", 40), ("160", 160),
                        ("wrapped", 2**64 + 16)):
        yield f"modular-bits-{name}", modular([1, 2], 16, meta={"bits": found}), bits + "expected "
    yield "modular-bits-text", modular([1], 16, meta={"bits": "16 "}), bits + "expected "
    yield "modular-dtype", modular([1], 16, dtype="i64"), \
        "tensor w: encoding modular: expected dtype u64, found i64"
    yield "modular-cut-value", modular([1, 2], 24, ring([1, 2], 24, claim=15)), \
        "tensor w: chunk of 15 bytes cuts a value"
    yield "modular-cut-chunk", modular([1, 2], 24, ring([1, 2], 24, length=5)), \
        "tensor w: chunk: expected 6 bytes for 2 values of 24 bits, found 5"
    yield "modular-other-bits", modular([1, 2], 24, ring([1, 2], 16)), \
        "tensor w: chunk: expected 6 bytes for 2 values of 24 bits, found 4"
    yield "modular-fewer", modular([1, 2], 24, ring([1], 24)), "tensor w: fewer values than"
    yield "modular-more", modular([1], 24, ring([1, 2], 24)), "tensor w: more values than"
    yield "modular-value", modular([1, 2], 24, ring([1, 3], 24)), "values are damaged: expected id "
    yield "modular-nothing", modular([], 24, ring([0], 24)), "tensor w: more values than"
    yield "modular-bits-none", modular([], 24, b"", meta={}), bits + "missing in the header"


def bad_tail():
    fit = "tail: lengths do not fit"
    yield "tail-size-0", three(end={"size": 0}), fit
    yield "tail-size-more", three(end={"size": 128}), fit
    yield "tail-size-unaligned", three(end={"size": 65}), fit
    yield "tail-footer-more", three(end={"footer_n": 25}), fit
    yield "tail-footer-huge", three(end={"footer_n": (1 << 20) + 1, "size": (1 << 20) + 64}), fit
    yield "tail-footer-max", three(end={"footer_n": 0xffffffff}), fit
    yield "tail-footer-beyond", three(end={"footer_n": 1 << 20, "size": (1 << 20) + 64}), \
        "tail: cut off at byte 192"
    yield "tail-checksum", three(end={"checksum": bytes(8)}), "tail: checksum does not match"
    yield "tail-flip", flip(three(), -20), "tail: checksum does not match"
    yield "tail-padding", three(end={"padding": 1}), "tail: padding is not zero"
    yield "tail-footer-fewer", three(footer=b"a=1\nb=1\n", end={"footer_n": 4}), \
        "tail: padding is not zero"
    yield "tail-length", three(end={"length": 128}), \
        "tail: expected a record of 128 bytes, found 192"
    yield "tail-length-0", three(end={"length": 0}), "tail: expected a record of 0 bytes"
    yield "tail-length-second", three() + three(end={"length": 384}), \
        "record 2: tail: expected a record of 384 bytes, found 192"
    yield "tail-missing", three()[:-64] + three(), fit + ": the tail is damaged, or another"


def bad_stream():
    yield "cut-header-1", three()[:1], "header: cut off at byte 1: expected at least 64 bytes"
    yield "cut-header-63", three()[:63], "header: cut off at byte 63"
    yield "cut-header-block", model()[:64], "header: cut off at byte 64"
    yield "cut-header-inside", model()[:100], "header: cut off at byte 100"
    yield "cut-values-none", three()[:64], "tensor values: values: cut off at byte 64"
    yield "cut-values", three()[:77], "tensor values: values: cut off at byte 77"
    yield "cut-padding", three()[:100], "tensor values: padding: cut off at byte 100"
    yield "cut-padding-last", three()[:127], "tensor values: padding: cut off at byte 127"
    two = record([Tensor("a", "u8", [64], bytes(64)), Tensor("b", "u8", [64], b"b" * 64)])
    yield "cut-tensors", two[:192], "tensor b: values: cut off at byte 192"
    yield "cut-tail-none", three()[:128], "tail: cut off at byte 128"
    yield "cut-tail", three()[:191], "tail: cut off at byte 191"
    long = three(footer={"parents": ",".join([BASE] * 3)})
    yield "cut-tail-block", long[:192], "tail: cut off at byte 192"
    yield "cut-second", (three() + three())[:200], "record 2: header: cut off at byte 200"
    yield "behind-byte", three() + b"\0", "record 2: header: expected an .flp record"
    yield "behind-newline", three() + b"\n", "record 2: header: expected an .flp record"
    yield "behind-magic", three() + MAGIC, "record 2: header: cut off at byte 200"
    yield "behind-block", three() + bytes(64), "record 2: header: expected an .flp record"
    yield "before-byte", b"\0" + three(), "header: expected an .flp record"
    yield "before-bom", b"\xef\xbb\xbf" + three(), "header: expected an .flp record"
    yield "missing-byte", three()[:80] + three()[81:], "tensor values: padding is not zero"
    yield "missing-block", two[:128] + two[192:], "tail: cut off at byte 256"
    yield "missing-header", three()[64:], "header: expected an .flp record"
    yield "swapped-blocks", two[:128] + two[192:256] + two[128:192] + two[256:], \
        "values are damaged"
    yield "twice-block", two[:192] + two[128:], "tail: lengths do not fit"


def bad():
    for group in (bad_header, bad_metadata, bad_tensors, bad_values, bad_zlib, bad_modular,
                  bad_tail, bad_stream):
        yield from group()


def write(path, content):
    partial = path.endswith(("/partial.flp", "/dtypes-sum.flp"))
    most = 4096 if partial else 1024  # a set of ids takes 2048
    assert len(content) <= most or path.endswith(".txt"), f"{path}: {len(content)} bytes"
    assert not os.path.exists(path), path
    with open(path, "wb") as f:
        f.write(content)


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
    for folder in ("good", "bad"):
        folder = os.path.join(root, folder)
        os.makedirs(folder, exist_ok=True)
        for old in os.listdir(folder):
            os.remove(os.path.join(folder, old))
    for name, content in good():
        write(f"{root}/good/{name}.flp", content)
    for name, content, message in bad():
        write(f"{root}/bad/{name}.flp", content)
        write(f"{root}/bad/{name}.txt", f"3\n{message}\n".encode())


if __name__ == "__main__":
    main()
