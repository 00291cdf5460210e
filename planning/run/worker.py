"""One notebook run in a process of its own, by Papermill: with its stock engine, or in a process forked by a nursery with ours.

Started by the runner inside the run's folder, with `job.json` there. The runner holds the other end of standard input:
when it closes, because the runner gave up or was killed, this process ends all the run started, the folder goes, and it ends itself.
"""

import atexit
import errno
import gc
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import Any

import papermill
from papermill.exceptions import PapermillExecutionError

from planning.errors import PlanningError
from planning.run import channel, engine, nursed, tree
from planning.run.channel import RUN_FOLDER

GONE, NO_ROOM = 71, 74
"""How this process ends when the runner is gone, and when its files could not be written."""
UNWRITTEN = frozenset({errno.ENOSPC, errno.EROFS, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
NUMBERED = re.compile(r"\[Errno (\d+)\]")
PLACE = re.compile(r"Cell In\[\d+\], line \d+|File .+?:\d+, in [\w.<>]+")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def end_with_the_runner() -> None:
    """End all the run started, and then this process, as soon as the runner gave up or was killed; and end soon when the work is done."""
    atexit.register(gc.freeze)  # see cli.start
    Thread(target=_wait_and_end, args=(Path(os.environ[RUN_FOLDER]),), daemon=True).start()


def _wait_and_end(folder: Path) -> None:
    with suppress(OSError):
        os.read(sys.stdin.fileno(), 1)
    try:
        nursed.end_children()
        tree.end(folder, os.getpid())
        os.chdir(folder.parent)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os._exit(GONE)


@contextmanager
def ended_plainly() -> Iterator[None]:
    """A file that could not be written, for want of room above all, ends this process with a code of its own."""
    try:
        yield
    except OSError as error:
        print(f"{type(error).__name__} {error.errno}", file=sys.stderr)  # noqa: T201  the run's log
        sys.exit(NO_ROOM)


def main() -> None:
    """Run `asked.ipynb` into `executed.ipynb` as job.json says; a cell that breaks ends the process with code 1, told without its data."""
    end_with_the_runner()
    job = json.loads(Path("job.json").read_text(encoding="utf-8"))
    with ended_plainly():
        _execute(job)


def _execute(job: Mapping[str, Any]) -> None:
    try:
        papermill.execute_notebook(
            "asked.ipynb",
            "executed.ipynb",
            parameters=job["parameters"],
            cwd=job["start"],
            kernel_name="python3",
            progress_bar=False,
            shutdown_kernel="immediate",
            **engine.within(job["seconds"]),
        )
    except PlanningError as error:
        channel.leave_error(Path(), error)
    except PapermillExecutionError as error:
        raise_unwritten(str(error.evalue))
        sys.exit(told(error.ename, error.exec_count, error.traceback))


def raise_unwritten(message: str) -> None:
    """Raise the OSError that a cell met where it says that a file could not be written."""
    numbered = NUMBERED.match(message)
    if numbered and int(numbered[1]) in UNWRITTEN:
        raise OSError(int(numbered[1]), "")


def told(kind: str, cell: int, traceback: Sequence[str]) -> str:
    """The kind of an error and the places in the code it went through: its message may name clients, and a log must not."""
    lines = (line for part in traceback for line in COLOURS.sub("", part).splitlines())
    places = (place.group() for line in lines if (place := PLACE.match(line)))
    return "\n".join([f"{kind} in cell {cell}", *places])


if __name__ == "__main__":
    main()
