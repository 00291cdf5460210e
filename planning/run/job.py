"""One attempt at a plan, as it is handed to whoever does the work: this machine's threads, or another machine that shares the folder."""

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planning import errors
from planning.errors import Fault, PlanningError, RunFailed
from planning.run import branches, render
from planning.run.blocks import CLUSTER
from planning.run.registered import registered


@dataclass(frozen=True)
class Job:
    """What is to be rendered, and the folder its paths are seen from; `pages`: a branch notebook's, for every branch or for the one it names."""

    order: render.Order
    start: str
    pages: bool = False
    only: str = ""


@dataclass(frozen=True)
class Ended:
    """How an attempt ended: the exit code, the kind of error with its faults, and of a published plan what the summary tells."""

    code: int
    seconds: float
    plan: str = ""
    kind: str = ""
    faults: tuple[Fault, ...] = ()
    status: str = ""
    gap: float = 0.0
    relaxed: int = 0
    registered: bool = True

    @property
    def error(self) -> PlanningError | None:
        """The error it ended with, as it was."""
        if not self.kind:
            return None
        made: PlanningError = getattr(errors, self.kind)(self.faults)
        return made


def work(job: Job) -> Ended:
    """Render the job's plan and enter it in the register; a planner's error is part of what comes back."""
    began = time.monotonic()
    if "distributed" in sys.modules:
        os.environ.pop(CLUSTER, None)  # a plan that holds a worker must not wait for another one's place
    try:
        _go_to(job.start)
        done = registered(job.order, lambda: _rendered(job))
    except PlanningError as error:
        return failed(error, time.monotonic() - began)
    solve = done.published.record.get("solve") or {}
    told = {"status": str(solve.get("status", "")), "gap": float(solve.get("gap", 0.0)), "relaxed": len(done.published.record.get("relaxed", []))}
    return Ended(0, time.monotonic() - began, done.published.folder.name, registered=done.registered, **told)  # type: ignore[arg-type]


def failed(error: PlanningError, seconds: float) -> Ended:
    """The end of an attempt by an error."""
    return Ended(error.exit_code, seconds, kind=type(error).__name__, faults=error.faults)


def _rendered(job: Job) -> render.Published:
    return branches.render(job.order, job.only, _unwatched) if job.pages else render.render(job.order, _unwatched)


def _go_to(start: str) -> None:
    """A worker that was started elsewhere works from the folder the plans' paths are seen from."""
    if Path.cwd() == Path(start):
        return
    try:
        os.chdir(start)
    except OSError as error:
        raise RunFailed(Fault("start_not_there", values={"folder": Path(start).name})) from error


def _unwatched(_stage: str, _details: Mapping[str, Any]) -> None:
    """Plans that run side by side tell one line each, when they are done."""
