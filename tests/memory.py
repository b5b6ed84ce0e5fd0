"""Looks for secrets in the memory of a tool, inside of gdb:

    gdb -batch -ex 'python KEYS = ["a.key"]; TEXTS = ["a passphrase"]; AT = "flp_roster_make"' \\
        -x tests/memory.py --args fl-mask ...

Prints "AT WHAT MAPPING" for each quarter of a secret key, or each text, that is found when the
tool reaches the function AT (NONE: it does not stop there), and the same with "end" when it is
about to exit. The files of the keys are read only then, so the tool may be keygen, which makes
them.

With COMMANDS = ["build/opt/secrets a.key a.state roster g.flp"] it looks for the halves of what
these commands print, lines of a name and hexadecimal digits, before the tool begins and when it
is about to exit."""
import struct
import subprocess

import gdb  # noqa: E402


def secrets():
    for path in KEYS:  # noqa: F821
        try:
            data = open(path, "rb").read()
        except FileNotFoundError:
            continue
        begin = struct.unpack_from("<I", data, 16)[0]
        for i in range(4):
            yield f"{path}:{i}", data[begin + 16 * i:begin + 16 * (i + 1)]
    for text in TEXTS:  # noqa: F821
        yield text, text.encode()
    yield from known.items()


def learn():
    for command in globals().get("COMMANDS", []):
        said = subprocess.run(command.split(), check=True, stdout=subprocess.PIPE).stdout
        for line in said.decode().splitlines():
            name, digits = line.split()
            for i in range(2):
                known[f"{name}:{i}:{digits[:8]}"] = bytes.fromhex(digits)[16 * i:16 * (i + 1)]


known = {}
learn()


def scan(when):
    pid = gdb.selected_inferior().pid
    print(when, "scanned", len(list(secrets())) if known else "-")
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb") as memory:
        for line in maps:
            words = line.split()
            begin, end = (int(word, 16) for word in words[0].split("-"))
            if "r" not in words[1] or line.rstrip().endswith(("[vvar]", "[vsyscall]")):
                continue
            try:
                memory.seek(begin)
                data = memory.read(end - begin)
            except OSError:
                continue
            for what, secret in secrets():
                if secret in data:
                    print(when, what, words[5] if len(words) > 5 else "anonymous")


gdb.execute("set breakpoint pending on")
gdb.execute("catch syscall exit_group")
gdb.execute("tbreak prctl")
gdb.execute("run")
# The tool forbids debuggers, which a user other than root could not do without.
if str(gdb.selected_frame().name()).endswith("prctl"):
    gdb.execute("return (int) 0")
if AT is not None:  # noqa: F821
    gdb.execute(f"tbreak {AT}")  # noqa: F821
    gdb.execute("continue")
    scan(AT)  # noqa: F821
gdb.execute("continue")
learn()
scan("end")
gdb.execute("kill")
