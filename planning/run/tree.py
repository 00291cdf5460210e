"""The processes of a run: found wherever they hang, and ended together, so that none outlives its run.

A process belongs to a run when it descends from the run's worker, or carries the run's folder in its surroundings as every process
does that a run starts; so a solver is found whose kernel was killed. The same on Linux, macOS and Windows.
"""

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from planning.run.channel import RUN_FOLDER

PATIENCE_SECONDS, SOON_SECONDS = 4.0, 0.05


def end(folder: Path, worker: int | None = None) -> None:
    """End every process of the run in `folder` but the caller: the worker's descendants, and whatever else the run started."""
    gives_up = time.monotonic() + PATIENCE_SECONDS
    while found := tuple(_of(folder, worker)):
        for process in found:
            with suppress(psutil.Error):
                process.kill()
        if time.monotonic() > gives_up:
            return
        time.sleep(SOON_SECONDS)  # not until they are fetched: one whose parent is gone may wait long for that


def _of(folder: Path, worker: int | None) -> Iterator[psutil.Process]:
    ours = {os.getpid()}
    if worker is not None:
        with suppress(psutil.Error):
            for process in (root := psutil.Process(worker), *root.children(recursive=True)):
                if process.pid not in ours and _runs(process):
                    ours.add(process.pid)
                    yield process
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if process.pid not in ours and process.environ().get(RUN_FOLDER) == str(folder) and _runs(process):
                yield process


def _runs(process: psutil.Process) -> bool:
    """Whether a process is more than an entry that nobody has fetched yet."""
    with suppress(psutil.Error):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


def lives(process: int) -> bool:
    """Whether a process of this machine is there."""
    return bool(psutil.pid_exists(process))
