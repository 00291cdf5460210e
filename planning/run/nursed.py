"""Processes forked by a nursery, for whoever runs notebooks: one nursery for all the notebooks of a call, each in a fresh process.

Where there is no nursery, or it is gone, `forked` gives None and the caller starts the process itself: slower, with the same result.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from typing import IO
from weakref import WeakSet

from planning.run import kernel

OF_A_KERNEL = ("ipykernel_launcher", kernel.MODULE)
KERNELS = (
    "ipykernel.kernelapp", "planning.desk",  # by name: the desk stands above
    # what these load only when a table is checked and a page set in type
    "pandera.backends.pandas.register", "pandera.strategies.pandas_strategies", "pyarrow.pandas_compat", "matplotlib.font_manager",
    "matplotlib.style", "fontTools.cffLib", "fontTools.ttLib.tables.otTables", "fontTools.ttLib.tables.C_F_F_", "fontTools.ttLib.tables._c_m_a_p",
)  # fmt: skip
WORKERS = ("planning.run.worker", "planning.run.each")
LOADING_SECONDS, ENDING_SECONDS, SOON_SECONDS = 120, 2, 0.02
GONE = -9

NEEDED = ((os, "fork"), (os, "waitid"), (os, "killpg"), (socket, "AF_UNIX"), (socket, "send_fds"))
UNSAFE = ("darwin",)  # its own libraries do not outlive a fork

READ_ON_LOADING = (
    "PYTHON", "LD_", "DYLD_", "LC_", "LANG", "MALLOC_", "OMP_", "GOMP_", "KMP_", "OPENBLAS_", "GOTO_", "MKL_", "BLIS_", "NUMEXPR_", "NUMBA_",
    "NPY_", "ARROW_", "MPL", "XDG_", "HOME",
)  # fmt: skip
"""Beginnings of the names of what libraries read in the environment as they are loaded: a child must want it as its nursery had it."""


def possible() -> bool:
    """Whether this system can fork a process that has libraries loaded."""
    return sys.platform not in UNSAFE and all(hasattr(where, name) for where, name in NEEDED)


def read_on_loading(surroundings: Mapping[str, str]) -> dict[str, str]:
    """The part of the environment that libraries read only once."""
    return {name: value for name, value in surroundings.items() if name.startswith(READ_ON_LOADING)}


@dataclass(frozen=True)
class Job:
    """What a child is for: a module of ours, or a kernel; where, and in what surroundings; whether it may ask for children itself."""

    module: str
    arguments: tuple[str, ...]
    folder: str
    surroundings: Mapping[str, str]
    asks: bool = False


_children: "WeakSet[Child]" = WeakSet()


def end_children() -> None:
    """End every child of this process with all it started, and wait a little until they are gone; for a process about to end itself."""
    gives_up = time.monotonic() + ENDING_SECONDS
    left = [child.pid for child in list(_children) if child.born and child.returncode is None]
    while left and time.monotonic() < gives_up:
        left = [pid for pid in left if _killed(pid)]
        time.sleep(SOON_SECONDS)


def _killed(group: int) -> bool:
    """Whether there was still something of a group to kill."""
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return False
    return True


class Child:
    """A forked process, handled as `subprocess.Popen` handles its own. It ends when this object is let go."""

    stdout = stderr = None

    def __init__(self, line: socket.socket, stdin: IO[bytes] | None = None) -> None:
        self._line, self._heard = line, b""
        self.stdin, self.pid = stdin, 0
        self.returncode: int | None = None
        self._listen(LOADING_SECONDS)
        self.born = self.pid > 0
        _children.add(self)

    def poll(self) -> int | None:
        """The exit code, None while the process runs."""
        self._listen(0)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, once there is one. TimeoutExpired when there is none in time."""
        ends = None if timeout is None else time.monotonic() + timeout
        while self.returncode is None:
            left = None if ends is None else ends - time.monotonic()
            if left is not None and left <= 0:
                raise subprocess.TimeoutExpired([str(self.pid)], timeout or 0)
            self._listen(left)
        return self.returncode

    def send_signal(self, signum: int) -> None:
        """Send the process a signal, if it still runs."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signum)

    def terminate(self) -> None:
        """Ask the process to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the process and what it started."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)

    def _listen(self, seconds: float | None) -> None:
        """Take in what the nursery tells within so many seconds; a line that is closed means it is gone."""
        if self.returncode is not None:
            return
        self._line.settimeout(seconds)
        try:
            part = self._line.recv(4096)
        except (BlockingIOError, TimeoutError):
            return
        except OSError:
            part = b""
        self._heard += part
        *told, self._heard = self._heard.split(b"\n")
        for words in map(json.loads, told):
            self.pid = words.get("pid", self.pid)
            self.returncode = words.get("exit", self.returncode)
        if not part and self.returncode is None:
            if self.pid:
                with suppress(ProcessLookupError):
                    os.killpg(self.pid, signal.SIGKILL)
            self.returncode = GONE
        if self.returncode is not None:
            self._line.close()


class Nursery:
    """A nursery as those see it who ask it for children."""

    def __init__(self, asking: socket.socket, process: "subprocess.Popen[bytes] | None" = None) -> None:
        self._asking, self._process = asking, process

    @classmethod
    def started(cls, surroundings: Mapping[str, str], modules: tuple[str, ...]) -> "Nursery":
        """A nursery that loads these modules; it can be asked at once, and answers when it has them."""
        asking, desk = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        with desk:
            ends = (desk.fileno(), asking.fileno())
            command = [sys.executable, "-P", "-m", "planning.run.nursery", *map(str, ends), *modules]
            nowhere = subprocess.DEVNULL
            process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere, env=dict(surroundings), pass_fds=ends, start_new_session=True
            )
        return cls(asking, process)

    @property
    def pid(self) -> int:
        """Its process, 0 where another process started it."""
        return self._process.pid if self._process else 0

    def forked(self, job: Job, streams: tuple[int, int, int], stdin: IO[bytes] | None = None) -> Child | None:
        """A child with these standard streams, None where the nursery cannot give one."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._asking.sendmsg([b"child"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", [theirs.fileno(), *streams]))])
                ours.sendall(json.dumps(asdict(job)).encode() + b"\n")
            except OSError:
                ours.close()
                return None
        child = Child(ours, stdin)
        if not child.born:
            ours.close()
        return child if child.born else None

    def close(self) -> None:
        """End the nursery and every child it has."""
        self._asking.close()
        if self._process and self._process.stdin:
            self._process.stdin.close()
            try:
                self._process.wait(ENDING_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


_standing: list[Nursery] = []


def standing() -> Nursery | None:
    """The nursery of this process, if there is one."""
    return _standing[-1] if _standing else None


def inherit(asking: socket.socket) -> None:
    """In a child: its nursery is the one it came from."""
    _standing[:] = [Nursery(asking)]


def open_for_good(surroundings: Mapping[str, str]) -> Nursery:
    """A nursery for the kernels of this process, until it ends."""
    _standing.append(Nursery.started(surroundings, KERNELS))
    return _standing[-1]


@contextmanager
def shared() -> Iterator[bool]:
    """One nursery for all the notebooks run inside the block, also in threads; False where this system has none and each starts afresh."""
    if standing() or not possible():
        yield standing() is not None
        return
    try:
        nursery = Nursery.started({**os.environ, "PYTHONUTF8": "1"}, (*WORKERS, *KERNELS))
    except OSError:
        yield False
        return
    _standing.append(nursery)
    try:
        yield True
    finally:
        _standing.remove(nursery)
        nursery.close()


def worker(module: str, folder: str, surroundings: Mapping[str, str], log: int) -> Child | None:
    """A worker of a run, forked: its standard input is a pipe whose other end is the child's `stdin`. None where there is no nursery."""
    nursery = standing()
    if nursery is None:
        return None
    reading, writing = os.pipe()
    try:
        stdin = os.fdopen(writing, "wb")
        child = nursery.forked(Job(module, (), folder, surroundings, asks=True), (reading, log, log), stdin)
    finally:
        os.close(reading)
    if child is None:
        stdin.close()
    return child
