"""Papermill's engine `planning`: the stock engine with kernels forked from a nursery, and limits for one cell and for the whole notebook.

`papermill --engine planning notebook.ipynb executed.ipynb` gives what stock Papermill gives. Where the system cannot fork, or the notebook
asks for another kernel than this Python's, its kernel is started as by the stock engine.
"""

import atexit
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, cast

import nbformat
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from nbclient.exceptions import CellTimeoutError
from papermill.engines import NBClientEngine, papermill_engines
from papermill.log import logger

from planning.errors import Fault, RunFailed
from planning.report.i18n import say, sentence
from planning.run import notebook as notebooks
from planning.run import nursed

OURS = "planning"
LEAST_SECONDS = 0.001  # none at all would mean no limit


class ForkedKernel(LocalProvisioner):
    """A kernel on this machine, forked where there is a nursery for it."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork the kernel that the command would start; start it where it cannot be forked."""
        child = _forked(cmd, kwargs)
        if child is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = cast("subprocess.Popen[bytes]", child)  # and is handled as one
        self.pid = self.pgid = child.pid
        self.cwd = kwargs.get("cwd")
        return self.connection_info


def _forked(command: list[str], given: dict[str, Any]) -> nursed.Child | None:
    nursery = nursed.standing()
    started = next((module for module in nursed.OF_A_KERNEL if module in command), None)
    if nursery is None or command[0] != sys.executable or started is None:
        return None
    arguments = tuple(command[command.index(started) + 1 :])
    job = nursed.Job(started, arguments, str(given.get("cwd") or Path.cwd()), given["env"])
    nowhere = os.open(os.devnull, os.O_RDONLY)
    try:
        return nursery.forked(job, (nowhere, 1, 2))
    finally:
        os.close(nowhere)


class ForkedKernels(AsyncKernelManager):
    """The stock manager of a kernel, which has it forked."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        if self.kernel_spec and "kernel_provisioner" not in self.kernel_spec.metadata:
            self.provisioner = ForkedKernel(kernel_spec=self.kernel_spec, parent=self)


class PlanningEngine(NBClientEngine):  # type: ignore[misc]
    """The stock engine with forked kernels."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: Any, kernel_name: str, execution_timeout: float | None = None, run_timeout: float | None = None, **given: Any
    ) -> Any:
        """Run the notebook: each cell within `execution_timeout` seconds, all of it within `run_timeout`. RunFailed for what takes longer."""
        if nursed.standing() is None:
            _open_for_this_process(notebooks.language(nb_man.nb))
        limits = Limits(nb_man.nb, execution_timeout, run_timeout)
        try:
            return super().execute_managed_notebook(nb_man, kernel_name, kernel_manager_class=ForkedKernels, timeout_func=limits.seconds, **given)
        except CellTimeoutError as error:
            raise limits.passed() from error


class Limits:
    """How long the next cell may take, and which limit it was that a cell has passed."""

    def __init__(self, notebook: nbformat.NotebookNode, cell: float | None, run: float | None) -> None:
        self._notebook, self._cell, self._run = notebook, cell, run
        self._began = time.monotonic()
        self._at: nbformat.NotebookNode | None = None
        self._runs_out = False

    def seconds(self, cell: nbformat.NotebookNode) -> float | None:
        """The seconds that this cell has, None for any time."""
        self._at = cell
        left = None if self._run is None else max(self._run - (time.monotonic() - self._began), LEAST_SECONDS)
        self._runs_out = left is not None and (self._cell is None or left < self._cell)
        return left if self._runs_out else self._cell

    def passed(self) -> RunFailed:
        """The error that says so, with its sentence as a note, in the notebook's language."""
        if self._runs_out:
            fault = Fault("run_too_long", values={"seconds": self._run or 0})
        else:
            fault = Fault("cell_too_long", values={"cell": notebooks.number_of(self._notebook, self._at), "seconds": self._cell or 0})
        error = RunFailed(fault)
        error.add_note(sentence(fault, notebooks.language(self._notebook)))
        return error


def _open_for_this_process(lang: str) -> None:
    if not nursed.possible():
        logger.warning(say("cli.engine_stock", lang))
        return
    atexit.register(nursed.open_for_good(os.environ).close)


def within(seconds: int) -> dict[str, Any]:
    """What a worker tells Papermill: the engine that its process allows, and the limit of the whole notebook."""
    if nursed.standing() is None:
        return {"execution_timeout": seconds}
    papermill_engines.register(OURS, PlanningEngine)
    return {"engine_name": OURS, "run_timeout": seconds}
