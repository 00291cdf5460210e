"""One notebook run in a process of its own, by stock Papermill.

Started by the runner inside the run's folder, with `job.json` there. The runner holds the other end of standard input:
when it closes, because the runner is done or was killed, this process ends, and the kernel with it.
"""

import json
import os
import sys
from pathlib import Path
from threading import Thread

import papermill

GONE = 71


def _end_with_the_runner() -> None:
    os.read(sys.stdin.fileno(), 1)
    os._exit(GONE)


def main() -> None:
    """Run `asked.ipynb` into `executed.ipynb` as job.json says; Papermill's own error ends the process with code 1."""
    Thread(target=_end_with_the_runner, daemon=True).start()
    job = json.loads(Path("job.json").read_text(encoding="utf-8"))
    papermill.execute_notebook(
        "asked.ipynb",
        "executed.ipynb",
        parameters=job["parameters"],
        cwd=job["start"],
        kernel_name="python3",
        progress_bar=False,
        execution_timeout=job["seconds"],
        shutdown_kernel="immediate",
    )


if __name__ == "__main__":
    main()
