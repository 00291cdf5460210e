"""One notebook run in a process of its own, by Papermill: with its stock engine, or in a process forked by a nursery with ours.

Started by the runner inside the run's folder, with `job.json` there. The runner holds the other end of standard input:
when it closes, because the runner is done or was killed, this process ends, and the kernel with it.
"""

import json
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Thread

import papermill
from papermill.exceptions import PapermillExecutionError

from planning.errors import PlanningError
from planning.run import channel, engine

GONE = 71
PLACE = re.compile(r"Cell In\[\d+\], line \d+|File .+?:\d+, in [\w.<>]+")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def end_with_the_runner() -> None:
    """End this process, and its kernel, as soon as the runner is done or was killed."""
    Thread(target=_wait_and_end, daemon=True).start()


def _wait_and_end() -> None:
    os.read(sys.stdin.fileno(), 1)
    os._exit(GONE)


def main() -> None:
    """Run `asked.ipynb` into `executed.ipynb` as job.json says; a cell that breaks ends the process with code 1, told without its data."""
    end_with_the_runner()
    job = json.loads(Path("job.json").read_text(encoding="utf-8"))
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
        sys.exit(told(error.ename, error.exec_count, error.traceback))


def told(kind: str, cell: int, traceback: Sequence[str]) -> str:
    """The kind of an error and the places in the code it went through: its message may name clients, and a log must not."""
    lines = (line for part in traceback for line in COLOURS.sub("", part).splitlines())
    places = (place.group() for line in lines if (place := PLACE.match(line)))
    return "\n".join([f"{kind} in cell {cell}", *places])


if __name__ == "__main__":
    main()
