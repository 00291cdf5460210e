"""How far the record meets what is asked of a model: line by line met, in part or not, and where on the page it stands.

What only people can do is never met here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from planning.plan.record.record import ModelRecord

State = Literal["met", "part", "not"]
WEAK = 0.5  # share of the plan's effect that rests on judgement, from which its assumptions count as met in part
TESTED = 0.5  # share of attendances with a control group, from which outcomes count as met


@dataclass(frozen=True)
class Standing:
    """One line asked for: its area and code, how far it is met, why (a code), and the part of the page that shows it."""

    area: str
    code: str
    state: State
    why: str
    part: str


Found = tuple[State, str]


def standings(record: ModelRecord) -> tuple[Standing, ...]:
    """Every line, in the order of the headings."""
    return tuple(Standing(area, code, *find(record), part) for area, code, part, find in LINES)


def _always(state: State) -> Callable[[ModelRecord], Found]:
    return lambda _: (state, "always")


def _data(record: ModelRecord) -> Found:
    if record.summary.sample or any(origin.borrowed for origin in record.summary.origins):
        return "part", "borrowed"
    return ("part", "own") if record.evidence.reconciles else ("not", "apart")


def _assumptions(record: ModelRecord) -> Found:
    return ("part", "judged") if record.judged_share >= WEAK else ("met", "measured")


def _use(record: ModelRecord) -> Found:
    return ("not", "no_run") if record.run is None else ("part", "run")


def _process(record: ModelRecord) -> Found:
    if record.unchanged is False:
        return "not", "altered"
    return ("part", "no_run") if record.unchanged is None else ("met", "unchanged")


def _bound(record: ModelRecord) -> Found:
    certified = record.summary.certified
    return ("met", "proven") if certified and certified.bound_cny is not None else ("part", "unproven")


def _benchmark(record: ModelRecord) -> Found:
    return ("met", "second") if record.second else ("part", "rules_alone")


def _outcomes(record: ModelRecord) -> Found:
    found = record.realised
    if found.backtest is not None and found.booked and not found.backtest.few_came:
        return ("met", "measured") if found.backtest.tested_share >= TESTED else ("part", "untested")
    if found.any:
        return "part", "some"
    return ("part", "before") if found.trials_before or found.booked_before else ("not", "none")


def _monitoring(record: ModelRecord) -> Found:
    if record.register is None:
        return "not", "none"
    return ("part", "broken") if record.register.faults else ("part", "chained")


def _changes(record: ModelRecord) -> Found:
    return ("part", "listed") if record.versions else ("part", "former") if record.causes else ("not", "none")


LINES: tuple[tuple[str, str, str, Callable[[ModelRecord], Found]], ...] = (
    ("overview", "materiality", "purpose", _always("part")),
    ("development", "purpose", "purpose", _always("met")),
    ("development", "theory", "model", _always("met")),
    ("development", "assumptions", "assumptions", _assumptions),
    ("development", "data", "data", _data),
    ("development", "testing", "validation", _always("part")),
    ("development", "uncertainty", "risks", _always("met")),
    ("development", "use", "monitoring", _use),
    ("validation", "independence", "checklist", _always("not")),
    ("validation", "soundness", "model", _always("part")),
    ("validation", "process", "validation", _process),
    ("validation", "bound", "validation", _bound),
    ("validation", "benchmark", "validation", _benchmark),
    ("validation", "outcomes", "outcomes", _outcomes),
    ("validation", "monitoring", "monitoring", _monitoring),
    ("governance", "roles", "checklist", _always("part")),
    ("governance", "policies", "checklist", _always("not")),
    ("governance", "inventory", "checklist", _always("not")),
    ("governance", "documentation", "footer", _always("met")),
    ("governance", "changes", "monitoring", _changes),
    ("governance", "audit", "checklist", _always("not")),
    ("vendor", "vendor", "footer", _always("part")),
    ("china", "lifecycle", "checklist", _always("not")),
    ("china", "quality", "data", _data),
    ("china", "outsourcing", "checklist", _always("not")),
    ("china", "retirement", "monitoring", _always("not")),
)
