"""The register of runs around a published plan, as a record of the model tells it."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from planning.errors import RunFailed
from planning.plan.record import Register, Run
from planning.run import publish, registry
from planning.run.channel import RECORD

MOST = 500  # runs read, of this plan and of all


def register_around(folder: Path, plan: str) -> Register | None:
    """The register beside a plan's folder; None where no run was ever registered there. What is wrong with it is told in the register, never raised."""
    out = outputs_of(folder)
    if not (os.environ.get(registry.ADDRESS) or (out / publish.RUNS / registry.FILE).is_file()):
        return None
    try:
        own = tuple(_run(entry) for entry in registry.entries(out, plan, MOST))
        others = tuple(_run(entry) for entry in registry.entries(out, None, MOST) if entry.plan != plan)
    except RunFailed as error:
        return Register((), (), 0, tuple(fault.code for fault in error.faults))
    try:
        return Register(own, others, registry.verify_chain(out)) if own or others else None
    except RunFailed as error:
        return Register(own, others, 0, tuple(dict.fromkeys(fault.code for fault in error.faults)))


def outputs_of(folder: Path) -> Path:
    """The folder of published plans that a plan's folder stands in, also where the plan is a link to a finished run."""
    place = folder.resolve()
    return place.parents[2] if place.parent.parent.name == publish.RUNS else place.parent


def run_record(folder: Path) -> Mapping[str, Any] | None:
    """The record of the run that published a plan, parsed; None where the folder has none that can be read."""
    try:
        told = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) and {"finished", "files", "data_hash"} <= told.keys() else None


def _run(entry: registry.Entry) -> Run:
    return Run(entry.number, entry.plan, entry.told)
