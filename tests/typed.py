"""typed.py [-k KEYS] [-s SECONDS] COMMAND...: runs a command on a terminal of its own, types
KEYS, in which \\t is the key of completion and \\x04 ends the input, SECONDS later, and prints
all that the terminal shows. Its exit status is that of the command."""

import argparse
import os
import pty
import sys
import time

options = argparse.ArgumentParser()
options.add_argument("-k", default="")
options.add_argument("-s", type=float, default=0)
options.add_argument("command", nargs=argparse.REMAINDER)
options = options.parse_args()

pid, terminal = pty.fork()
if pid == 0:
    os.execvp(options.command[0], options.command)
time.sleep(options.s)
os.write(terminal, options.k.encode().decode("unicode_escape").encode())
while True:
    try:
        shown = os.read(terminal, 4096)
    except OSError:  # the command has ended
        break
    if not shown:
        break
    sys.stdout.buffer.write(shown)
    sys.stdout.buffer.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
