"""A solver in a process of its own that ends with the process which wanted it, however that one ends.

On Linux the system sees to it: the solver holds one end of a line, and is killed as soon as the other end is closed, by whatever
cause. Elsewhere a small process stands between the two and does the same: this file, run by itself.
"""

import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from io import FileIO
from pathlib import Path
from threading import Thread
from typing import IO

if sys.platform == "linux":
    import fcntl

WAITS = ("/bin/sh", "-c", 'read -r go && exec "$@" < /dev/null', "sh")
"""Becomes another program once a line is read, and never where nobody is left to write it."""
WATCHES = (sys.executable, "-I", "-S", __file__)
UNSEEN = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # Windows would open a window for each

Solver = subprocess.Popen[bytes]


def run(command: Sequence[str], folder: Path, report: IO[bytes]) -> int:
    """The exit code of a solver that works in `folder` and writes to `report`; it is ended where an interrupt comes first."""
    started = _tied if sys.platform == "linux" else _watched
    solver, held = started(command, folder, report)
    try:
        return solver.wait()
    finally:
        held.close()
        solver.wait()


def _tied(command: Sequence[str], folder: Path, report: IO[bytes]) -> tuple[Solver, socket.socket]:
    """A solver that the system kills when what is given with it is closed."""
    tie, held = socket.socketpair()
    with tie:
        solver = subprocess.Popen([*WAITS, *command], cwd=folder, stdin=subprocess.PIPE, stdout=report, stderr=report, pass_fds=[tie.fileno()])
        for what, value in ((fcntl.F_SETOWN, solver.pid), (fcntl.F_SETSIG, signal.SIGKILL), (fcntl.F_SETFL, fcntl.FASYNC)):
            fcntl.fcntl(tie, what, value)
    _say_go(solver)
    return solver, held


def _say_go(solver: Solver) -> None:
    assert solver.stdin
    with suppress(BrokenPipeError), solver.stdin as line:
        line.write(b"\n")


def _watched(command: Sequence[str], folder: Path, report: IO[bytes]) -> tuple[Solver, IO[bytes]]:
    """A solver that the process between kills when what is given with it is closed."""
    solver = subprocess.Popen([*WATCHES, *command], cwd=folder, stdin=subprocess.PIPE, stdout=report, stderr=report, creationflags=UNSEEN)
    assert solver.stdin
    return solver, solver.stdin


def main() -> None:
    """Run the solver that the arguments name, and end it as soon as nobody holds standard input open any more."""
    solver = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, creationflags=UNSEEN)
    Thread(target=_end_when_let_go, args=(solver,), daemon=True).start()
    sys.exit(solver.wait())


def _end_when_let_go(solver: Solver) -> None:
    FileIO(sys.stdin.fileno(), closefd=False).read(1)  # without the lock that a buffer would hold when this process ends
    solver.kill()


if __name__ == "__main__":
    main()
