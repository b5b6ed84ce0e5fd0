"""Runs fl-aggregate on records that reach it in a way chosen at random."""

import os
import resource
import subprocess
import tempfile


def few_descriptors():
    resource.setrlimit(resource.RLIMIT_NOFILE, (20, 20))


def write(folder, name, records):
    path = os.path.join(folder, name)
    with open(path, "wb") as f:
        f.write(b"".join(records))
    return path


def aggregate(tools, r, options, records):
    """The output of fl-aggregate for the records, in random order. None, some or all of them
    are on standard input, which is a pipe or a file; the rest are in files of one or three
    records. Sometimes there are hardly any descriptors."""
    records = r.sample(records, len(records))
    n = r.choice([0, len(records), r.randint(0, len(records))])
    with tempfile.TemporaryDirectory() as folder:
        paths, rest = [], records[n:]
        while rest:
            k = r.choice([1, 1, 1, 3])
            paths.append(write(folder, "%d.flp" % len(paths), rest[:k]))
            rest = rest[k:]
        if n:
            paths.insert(r.randint(0, len(paths)), "-")
        call = {"stdout": subprocess.PIPE, "check": True,
                "preexec_fn": r.choice([None, None, few_descriptors])}
        command = [os.path.join(tools, "fl-aggregate")] + options + paths
        if r.randrange(2):
            return subprocess.run(command, input=b"".join(records[:n]), **call).stdout
        with open(write(folder, "stdin", records[:n]), "rb") as stdin:
            return subprocess.run(command, stdin=stdin, **call).stdout
