"""What passes between a notebook's kernel and the runner: files in the run's folder."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planning import errors
from planning.errors import Fault, PlanningError

RUN_FOLDER = "PLANNING_RUN"
"""The environment variable that tells the desk's verbs in the kernel where the run's folder is."""

ERROR, PROGRESS, CHECKED = "error.json", "progress.jsonl", "checked.json"
PLAN, CERTIFICATE, CLIENTS, BRANCH = "plan.json", "certificate.json", "client_book.json", "branch.json"
BRANCHES, AT, MODEL = "branches.json", "at.json", "model_record.json"
MADE = (PLAN, CLIENTS, BRANCH, MODEL)
"""What a notebook may end with: a plan, the client book in figures, one branch's share of a plan, or the record of the model behind one."""
FORMER, RECORD = "former.json", "run.json"
PUBLISHED = "published"
"""The folder, in a run's, with what stands published under the plan's id: the plan, its record, and the version it was compared with."""


def hand_published(place: Path, folder: Path) -> None:
    """Copy what a notebook compares its plan with into the run's folder; a file that cannot be read arrives empty."""
    (folder / PUBLISHED).mkdir()
    for name in (PLAN, RECORD, FORMER):
        if (place / name).is_file():
            try:
                shutil.copyfile(place / name, folder / PUBLISHED / name)
            except OSError:
                (folder / PUBLISHED / name).touch()


def tell(folder: Path, stage: str, details: Mapping[str, Any]) -> None:
    """Append a stage of the work to the run's progress file, for the runner to show."""
    with (folder / PROGRESS).open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"stage": stage, **details}) + "\n")


def leave_error(folder: Path, error: PlanningError) -> None:
    """Put a verb's error where the runner finds it, so that it comes out of the run as it went in."""
    faults = [{**vars(fault), "values": dict(fault.values)} for fault in error.faults]
    text = json.dumps({"kind": type(error).__name__, "faults": faults}, ensure_ascii=False)
    (folder / ERROR).write_text(text, encoding="utf-8")


def raise_error(folder: Path) -> None:
    """Raise what `leave_error` left, if anything."""
    path = folder / ERROR
    if not path.is_file():
        return
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:  # the disk was full, or the kernel was killed over it: how the worker ended says more
        return
    kind = getattr(errors, told["kind"])
    raise kind([Fault(**{**fault, "rows": tuple(fault["rows"])}) for fault in told["faults"]])
