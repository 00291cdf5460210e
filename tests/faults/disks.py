"""A disk that is small or read-only: a real one in memory where this machine may mount one, else its refusals put in by hand."""

import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults.points import Points

KB = 1024


@dataclass(frozen=True)
class Disk:
    """A folder on a disk of its own, and whether the disk is real."""

    folder: Path
    real: bool

    def with_room(self, kilobytes: int) -> Callable[[], None]:
        """Leave so much room; what a process that writes there has to do first."""
        ballast = self.folder / "ballast"
        ballast.unlink(missing_ok=True)
        if not self.real:
            return lambda: _limit(kilobytes * KB)
        free = shutil.disk_usage(self.folder).free
        ballast.write_bytes(bytes(max(free - kilobytes * KB, 0)))
        return lambda: None

    def read_only(self) -> Callable[[], None]:
        """Let nothing be changed from now on; what a process that writes there has to do first."""
        if not self.real:
            return Points(self.folder, 1, "read_only").install
        subprocess.run(["mount", "-o", "remount,ro", str(self.folder)], check=True)
        return lambda: None

    def writable(self) -> None:
        if self.real:
            subprocess.run(["mount", "-o", "remount,rw", str(self.folder)], check=True)


def _limit(most: int) -> None:
    """Files may grow so far in this process and no further."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


@contextmanager
def disk(folder: Path, kilobytes: int = 512) -> Iterator[Disk]:
    """A disk of that size at `folder`."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", str(folder)]
    real = os.geteuid() == 0 and shutil.which("mount") is not None and subprocess.run(command, capture_output=True, check=False).returncode == 0
    try:
        yield Disk(folder, real)
    finally:
        if real:
            subprocess.run(["umount", "-l", str(folder)], check=True)
