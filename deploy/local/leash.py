"""Run a program that the kernel kills when the process that started it dies.

Called as `python leash.py <pid of the parent> <program> <arguments>`. It is a program of its own,
because code between fork and exec is unsafe in a process that has threads.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Bind this process to its parent, then become the program."""
    parent, *command = sys.argv[1:]
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(parent):  # it died before the line above
        sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 (the point of it)


if __name__ == "__main__":
    main()
