"""Every call with which a run changes the output folder, counted; at the n-th the process is killed, or the disk refuses."""

import errno
import io
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Never

from planning.run import registry, swap

CHANGES = {"os.mkdir", "os.rename", "os.symlink", "os.remove", "os.rmdir", "shutil.rmtree"}
TAKES_AWAY = {"os.remove", "os.rmdir", "shutil.rmtree"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
FAULTS = {
    "killed": "SIGKILL at the point",
    "full": "no room from the point on, though files can be taken away",
    "read_only": "nothing can be changed from the point on",
    "broken": "the point alone fails",
}


@dataclass
class Points:
    """The n-th change below `out` meets a fault; `reached` tells whether there was an n-th, `what` which call it was."""

    out: Path
    at: int
    fault: str
    seen: int = 0
    what: str = ""

    def install(self) -> None:
        """Count in this process from now on; for a process that ends after it."""
        real_fsync, real_open, real_exchange, real_append = os.fsync, io.open, swap.exchanged, registry._append

        def fsync(handle: int) -> None:
            self.meet("fsync")
            real_fsync(handle)

        def opened(path: Any, mode: str = "r", *rest: Any, **named: Any) -> Any:
            file = real_open(path, mode, *rest, **named)
            return Written(file, self) if set(mode) & set("wxa") and self.ours(path) else file

        def exchanged(one: Path, other: Path) -> bool:
            self.meet("exchange")
            return real_exchange(one, other)

        def appended(*row: Any) -> None:
            self.meet("register row")
            real_append(*row)
            self.meet("registered row")

        os.fsync, io.open, swap.exchanged, registry._append = fsync, opened, exchanged, appended  # type: ignore[assignment]
        sys.addaudithook(self.hear)

    def hear(self, event: str, told: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(told[2], int) and told[2] & WRITING and self.ours(told[0]):
            self.meet("open")
        elif event in CHANGES and any(self.ours(one) for one in told):
            self.meet(event)

    def ours(self, path: Any) -> bool:
        return isinstance(path, str | os.PathLike) and os.fspath(path).startswith(str(self.out))

    def meet(self, what: str, before: Callable[[], object] = lambda: None) -> None:
        """One more change; the fault where its turn has come."""
        self.seen += 1
        if self.seen == self.at:
            self.what = what
        if self.seen == self.at and self.fault == "killed":
            before()
            kill()
        goes_on = self.fault in ("full", "read_only")
        if self.fault == "full" and what in TAKES_AWAY:
            return
        if self.fault != "killed" and (self.seen == self.at or (goes_on and self.seen > self.at)):
            before()
            number = {"full": errno.ENOSPC, "read_only": errno.EROFS, "broken": errno.EIO}[self.fault]
            raise OSError(number, os.strerror(number))


class Written:
    """A file that is written, of whose content only half is there when the fault comes."""

    def __init__(self, file: Any, points: Points) -> None:
        self.file, self.points = file, points

    def write(self, content: Any) -> int:
        def half() -> None:
            self.file.write(content[: len(content) // 2])
            self.file.flush()

        self.points.meet("write", half)
        return int(self.file.write(content))

    def __enter__(self) -> "Written":
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


def kill() -> Never:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError
