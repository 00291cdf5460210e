"""The nursery: a process that has loaded every library once and forks the workers and kernels of many notebooks from itself.

Started by `nursed.Nursery`, which holds the other end of standard input: when it closes, the nursery ends, and its children with it.
Nothing of a notebook runs here, so a child starts from libraries as they are just loaded, without a cell's or another plan's traces.
"""

import fcntl
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from threading import Thread
from typing import Any

from planning.run import nursed

BACKEND, INLINE = "MPLBACKEND", "module://matplotlib_inline.backend_inline"
OWNER = 0


@dataclass
class Place:
    """One request: the line to who asked, and the child once it is there. `life` is held open as long as the nursery lives."""

    line: socket.socket
    streams: Sequence[int]
    heard: bytes = b""
    pid: int = 0
    life: int = -1

    def tell(self, **words: Any) -> None:
        with suppress(OSError):
            self.line.sendall(json.dumps(words).encode() + b"\n")

    def awaited(self) -> bool:
        """Whether who asked is still there: one who has waited too long has found another way."""
        try:
            return bool(self.line.recv(1, socket.MSG_PEEK))
        except BlockingIOError:
            return True
        except OSError:
            return False

    def close(self) -> None:
        """Let go of all that is open for this request, in the nursery or in a child of another request."""
        self.line.close()
        for one in (*self.streams, self.life):
            with suppress(OSError):
                os.close(one)
        self.streams, self.life = (), -1


Request = Mapping[str, Any]


@dataclass
class Nursery:
    """Waits for requests, forks, tells how children ended, and ends those whose asker is gone."""

    desk: socket.socket
    asking: socket.socket
    places: dict[int, Place] = field(default_factory=dict)
    loaded_with: Mapping[str, str] = field(default_factory=lambda: nursed.read_on_loading(os.environ))

    def serve(self) -> Request | None:
        """Until the owner is gone, which gives None; a child comes out of here with what it is to do."""
        self.selector = selectors.DefaultSelector()
        self.wake, awake = os.pipe()
        for end in (self.wake, awake):
            os.set_blocking(end, False)
        self.awake = awake
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(awake, warn_on_full_buffer=False)
        for source in (OWNER, self.wake, self.desk.fileno()):
            self.selector.register(source, selectors.EVENT_READ)
        while True:
            for key, _ in self.selector.select():
                if key.fd == OWNER:
                    self._end()
                    return None
                if key.fd == self.wake:
                    os.read(self.wake, 4096)
                    self._bury()
                elif key.fd == self.desk.fileno():
                    self._open()
                elif (place := self.places.get(key.fd)) and (request := self._hear(place)):
                    return request

    def _open(self) -> None:
        _, given, _, _ = socket.recv_fds(self.desk, 16, 4)
        if len(given) != 4:
            for one in given:
                os.close(one)
            return
        place = Place(socket.socket(fileno=given[0]), given[1:])
        place.line.setblocking(False)
        self.places[given[0]] = place
        self.selector.register(given[0], selectors.EVENT_READ)

    def _hear(self, place: Place) -> Request | None:
        """The request, once it has come whole; who asked is gone when the line closes."""
        try:
            part = place.line.recv(65536)
        except BlockingIOError:
            return None
        except ConnectionError:
            part = b""
        if part:
            place.heard += part
            if not place.heard.endswith(b"\n") or place.pid:
                return None
            request = json.loads(place.heard)
            if nursed.read_on_loading(request["surroundings"]) == self.loaded_with and place.awaited():
                return self._fork(place, request)
            self._refuse(place)
        else:
            self._drop(place)
        return None

    def _fork(self, place: Place, request: Request) -> Request | None:
        try:
            tie, place.life = os.pipe()
        except OSError:
            self._refuse(place)
            return None
        nursery, pid = os.getpid(), _fork()
        if pid:
            for one in (tie, *place.streams):
                os.close(one)
            place.streams, place.pid = (), max(pid, 0)
            if pid < 0:
                self._refuse(place)
            return None
        self._leave(place, tie, request["asks"])
        _settle(request, nursery)
        place.tell(pid=os.getpid())
        place.close()
        return request

    def _refuse(self, place: Place) -> None:
        place.tell(refused=True)
        self._drop(place)

    def _leave(self, place: Place, tie: int, asks: bool) -> None:
        """In a child: nothing of the nursery's stays open, and it ends with the nursery."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        os.close(place.life)
        place.life = -1
        for target, stream in enumerate(place.streams):
            os.dup2(stream, target)
        for other in self.places.values():
            if other is not place:
                other.close()
        self.selector.close()
        self.desk.close()
        for end in (self.wake, self.awake):
            os.close(end)
        if asks:
            nursed.inherit(self.asking)
        else:
            self.asking.close()
        _end_with(tie)

    def _bury(self) -> None:
        """Tell of the children that have ended, and end what they started and left behind."""
        for place in list(self.places.values()):
            if place.pid and _ended(place.pid):  # asked anew for each: the one before may have taken others with it
                code = self._take(place)
                for other in [other for other in self.places.values() if not other.awaited()]:
                    self._drop(other)  # a worker's kernel is gone before the worker is told to be
                place.tell(exit=code)
                if place.line.fileno() in self.places:
                    self._drop(place)

    def _drop(self, place: Place) -> None:
        if place.pid:
            self._take(place)
        self.selector.unregister(place.line)
        del self.places[place.line.fileno()]
        place.close()

    @staticmethod
    def _take(place: Place) -> int:
        """End a child and its whole group, and take its exit code."""
        for target in (os.killpg, os.kill):  # it may not yet lead a group of its own
            with suppress(ProcessLookupError, PermissionError):
                target(place.pid, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(os.waitpid(place.pid, 0)[1])
        place.pid = 0
        return code

    def _end(self) -> None:
        for place in list(self.places.values()):
            self._drop(place)


def _ended(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _fork() -> int:
    """Fork; −1 where the system has no room for one more process."""
    sys.stdout.flush()
    sys.stderr.flush()
    with warnings.catch_warnings():  # later Pythons warn of threads; those that numpy and pyarrow keep are stopped by them before a fork
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            return os.fork()
        except OSError:
            return -1


def _end_with(tie: int) -> None:
    """End this process and all it starts as soon as the nursery is gone: the system sees to it on Linux, a thread elsewhere."""
    Thread(target=_wait_and_end, args=(tie,), daemon=True).start()
    if hasattr(fcntl, "F_SETSIG"):  # works also while a library computes and lets no thread run
        fcntl.fcntl(tie, fcntl.F_SETOWN, -os.getpgrp())
        fcntl.fcntl(tie, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(tie, fcntl.F_SETFL, fcntl.fcntl(tie, fcntl.F_GETFL) | os.O_ASYNC)


def _wait_and_end(tie: int) -> None:
    os.read(tie, 1)
    os.killpg(0, signal.SIGKILL)


def _settle(request: Request, nursery: int) -> None:
    """Make a child what a process started afresh would be: its folder, its surroundings, chance of its own."""
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update({**request["surroundings"], "JPY_PARENT_PID": str(nursery)})
    time.tzset()
    tempfile.tempdir = None
    sys.argv = [_file_of(request["module"]), *request["arguments"]]
    if "numpy" in sys.modules:  # Python's own chance is seeded anew by the fork
        sys.modules["numpy"].random.seed()


def _file_of(module: str) -> str:
    spec = find_spec(module)
    return str(spec.origin) if spec else module


def load(modules: Sequence[str]) -> None:
    """Load what the children need, as a kernel would have loaded it."""
    with _inline_backend():
        for name in modules:
            with suppress(ImportError):  # a child that needs it will say so
                importlib.import_module(name)
    gc.collect()
    gc.freeze()  # so that a child's first collection does not copy every page


@contextmanager
def _inline_backend() -> Iterator[None]:
    """matplotlib reads its backend as it is loaded, and a kernel sets this one before that."""
    if os.environ.get(BACKEND):
        yield
        return
    os.environ[BACKEND] = INLINE
    try:
        yield
    finally:
        del os.environ[BACKEND]


def become(request: Request) -> None:
    """Do in a child what it was forked for: the work of a module of ours, or a notebook's kernel."""
    module, arguments = request["module"], request["arguments"]
    if module not in nursed.OF_A_KERNEL:
        importlib.import_module(module).main()
        return
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=arguments, parent_handle=os.getppid())


def main() -> None:
    """Load, serve until the owner is gone; a child leaves here as any process does."""
    desk, asking, *modules = sys.argv[1:]
    nursery = Nursery(socket.socket(fileno=int(desk)), socket.socket(fileno=int(asking)))
    load(modules)
    if request := nursery.serve():
        become(request)


if __name__ == "__main__":
    main()
