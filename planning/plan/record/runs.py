"""The register of runs as a record of the model tells it: how runs ended, which versions were published, and what another solver found."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from planning.errors import PolicyError
from planning.plan.plan import Plan
from planning.policy import changes, checked


@dataclass(frozen=True)
class Run:
    """One run as it was registered. `told` is its record: what was asked, how it was solved, how it ended."""

    number: int
    plan: str
    told: Mapping[str, Any]

    @property
    def exit(self) -> int:
        return int(self.told["exit"])

    @property
    def solve(self) -> Mapping[str, Any]:
        """What the solver said; empty where nothing was solved."""
        found: Mapping[str, Any] = self.told.get("solve") or {}
        return found

    @property
    def finished(self) -> str:
        """ISO time at which it ended."""
        return str(self.told["finished"])

    @property
    def seconds(self) -> float:
        return float(self.told["seconds"]["in_all"])


@dataclass(frozen=True)
class Register:
    """The runs of a folder of plans: those of this plan newest first, how many there are of all, and whether the chain of all holds.

    `faults` = codes of what is wrong with the chain; empty where it holds.
    """

    runs: tuple[Run, ...]
    others: tuple[Run, ...]
    chain: int
    faults: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[Run, ...]:
        """This plan's runs that did not end in a page."""
        return tuple(run for run in self.runs if run.exit)


@dataclass(frozen=True)
class Version:
    """A published version of the plan against the one before it: which parameters, and whether data and programs, are not as they were."""

    run: Run
    first: bool
    parameters: tuple[str, ...] = ()
    data: bool = False
    programs: bool = False


def versions(runs: tuple[Run, ...]) -> tuple[Version, ...]:
    """The published versions among a plan's runs, newest first."""
    solved = [run for run in sorted(runs, key=lambda run: run.number) if not run.exit and run.solve]
    made = [Version(run, True) for run in solved[:1]]
    for before, run in pairwise(solved):
        data, programs = (before.told.get(name) != run.told.get(name) for name in ("data_hash", "versions"))
        made.append(Version(run, False, _parameters(before, run), data, programs))
    return tuple(reversed(made))


def second_solver(register: Register, plan: Plan) -> tuple[Run, ...]:
    """Runs that solved the same data under the same policy with another solver, newest first."""
    asked = _but_solver(plan.policy)
    alike = (run for run in (*register.runs, *register.others) if not run.exit and run.solve and run.told["data_hash"] == plan.data_hash)
    other = [run for run in alike if _make(str(run.solve["solver"])) != _make(plan.solve.solver) and _but_solver(run.told["policy"]) == asked]
    return tuple(sorted(other, key=lambda run: -run.number))


def _parameters(before: Run, after: Run) -> tuple[str, ...]:
    """Names of the parameters that differ; a policy of an older layout tells none."""
    try:
        return tuple(name for name, _ in changes(checked(before.told["policy"]), checked(after.told["policy"])))
    except PolicyError:
        return ()


def _but_solver(policy: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in policy.items() if name != "solver"}


def _make(solver: str) -> str:
    return solver.split(" ")[0].casefold()
