"""What can go wrong, told as faults: a code, where it is, and the values a sentence needs.

Lower layers carry codes only; `planning.report.i18n` turns a fault into a sentence in Chinese or English.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

Value = str | int | float


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: `code` names its sentence, `rows` are row numbers as the file shows them (heading = row 1)."""

    code: str
    table: str = ""
    column: str = ""
    rows: tuple[int, ...] = ()
    count: int = 0
    values: Mapping[str, Value] = field(default_factory=dict)


class PlanningError(Exception):
    """An error a planner can act on. `exit_code` is what the command line returns."""

    exit_code = 1

    def __init__(self, faults: Fault | Sequence[Fault]) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__("; ".join(_plain(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[type["PlanningError"], tuple[tuple[Fault, ...]]]:
        """An error that crosses to another process or machine arrives with its faults, not with the text made of them."""
        return type(self), (self.faults,)


class DataFaults(PlanningError):
    """The tables are not fit to plan with."""

    exit_code = 2


class PolicyError(PlanningError):
    """A parameter is unknown, of the wrong type or out of its bounds."""

    exit_code = 2


class Infeasible(PlanningError):
    """No plan keeps all rules; the faults name the rules that conflict and by how much."""

    exit_code = 3


class Refused(PlanningError):
    """The second judge does not pass the plan; the faults name rule and amount."""

    exit_code = 4


class NotSolved(PlanningError):
    """The solver ended without a plan, though none was proven impossible."""


class RunFailed(PlanningError):
    """A run broke off; the last good plan stands."""


class Busy(PlanningError):
    """Another run holds this plan."""

    exit_code = 75


def _plain(fault: Fault) -> str:
    where = ".".join(part for part in (fault.table, fault.column) if part)
    values = " ".join(f"{key}={value}" for key, value in fault.values.items())
    return " ".join(part for part in (fault.code, where, values) if part)
