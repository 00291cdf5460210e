"""Whether this machine is fit to plan: every check in one tuple, each a small function that ends in one finding."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from planning.run import doctor_jupyter, doctor_places, doctor_programs
from planning.run.finding import Finding


@dataclass(frozen=True)
class Machine:
    """What the checks look at: where plans are published, the environment, Python's version, and the pinned versions' file."""

    out: Path
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    python: tuple[int, int, int] = field(default_factory=lambda: sys.version_info[:3])
    pins: Path | None = None


CHECKS: tuple[Callable[[Machine], Finding], ...] = (
    lambda machine: doctor_programs.python(machine.python),
    lambda machine: doctor_programs.packages(machine.pins),
    lambda _: doctor_programs.highs(),
    lambda _: doctor_programs.cbc(),
    lambda _: doctor_programs.font(),
    lambda machine: doctor_programs.browser_for_pdf(machine.environment),
    lambda _: doctor_programs.time_zones(),
    lambda _: doctor_programs.fork(),
    lambda machine: doctor_programs.variables(machine.environment),
    lambda machine: doctor_places.writing(machine.out),
    lambda machine: doctor_places.links(machine.out),
    lambda machine: doctor_places.locks(machine.out),
    lambda machine: doctor_places.space(machine.out),
    lambda machine: doctor_places.register(machine.out),
    lambda machine: doctor_jupyter.settings(machine.environment),
    lambda _: doctor_jupyter.servers(),
)


def examined(machine: Machine) -> tuple[Finding, ...]:
    """One finding a check, in order."""
    return tuple(check(machine) for check in CHECKS)
