"""The kernel of an unattended run: IPython's own, by the very Python that runs the plan, ended with all it started once its worker is gone.

On Linux and macOS it watches its worker itself and ends its whole group, a solver in a process of its own among them; IPython's
watch, which is left to Windows, would end the kernel alone.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path
from threading import Thread

from ipykernel.kernelspec import get_kernel_dict

NAME, MODULE = "python3", "planning.run.kernel"
PARENT = "JPY_PARENT_PID"
LOOKS_SECONDS = 0.2


def put(folder: Path) -> Path:
    """Describe this kernel to Jupyter below `folder`; the path under which Jupyter then finds it, before any other of its name."""
    place = folder / "kernels" / NAME
    place.mkdir(parents=True)
    told = {**get_kernel_dict(), "argv": [sys.executable, "-P", "-m", MODULE, "-f", "{connection_file}"]}
    (place / "kernel.json").write_text(json.dumps(told), encoding="utf-8")
    return folder


def end_with_the_worker() -> None:
    """End this kernel's group of processes as soon as the worker that started it is gone."""
    worker = int(os.environ.pop(PARENT, "0"))
    if worker:
        Thread(target=_watch, args=(worker,), daemon=True).start()


def _watch(worker: int) -> None:
    while os.getppid() == worker:
        time.sleep(LOOKS_SECONDS)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def main() -> None:
    """Start the kernel."""
    if os.name == "posix" and os.getpgrp() == os.getpid():
        end_with_the_worker()
    from ipykernel import kernelapp  # only now: it reads when it is loaded whom to watch

    kernelapp.launch_new_instance()


if __name__ == "__main__":
    main()
