"""The file of scenarios: named changes of policy and tables, the goals of least budgets, how budgets are set, the frontier's points."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Any

from planning.errors import Fault, PlanningError, PolicyError
from planning.optimise.goal import Goal
from planning.plan.frontier import SHARES
from planning.plan.overrides import TableChange
from planning.plan.study import Names
from planning.policy import Policy

FIELDS = ("name", "title_zh", "title_en", "policy", "table")
TABLE_FIELDS = ("table", "where", "set", "factor")
PARTS = ("scenario", "goal", "frontier", "methods")
GOALS = ("value", "added", "retention", "reached", "coverage")
FEWEST = 10  # points of a frontier


@dataclass(frozen=True)
class Scenario:
    """A name, titles, and what it changes."""

    name: str
    names: Names
    policy: Mapping[str, Any]
    tables: tuple[TableChange, ...]


@dataclass(frozen=True)
class Asked:
    """What the file asks for. `share` = budget as a share of last year's contribution, `affordable_cny` = a given budget; None: as the policy has it."""

    file: str
    scenarios: tuple[Scenario, ...]
    goals: tuple[tuple[str, float], ...]  # kind and amount; coverage is a share of the clients who may be invited
    shares: tuple[float, ...] = SHARES
    scaled: str = "both"
    affordable_cny: float | None = None
    share: float | None = None


def read_scenarios(path: Path, rules: Policy) -> Asked:
    """What a file of scenarios asks for. PolicyError names the file, the scenario, the field and what to write instead."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise PolicyError(Fault("scenarios_missing", values={"file": path.name})) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise PolicyError(Fault("scenarios_not_toml", values={"file": path.name, "problem": str(error)})) from error
    reader = _Reader(path.name)
    reader.known(raw, PARTS, "")
    scenarios = tuple(reader.scenario(one, place) for place, one in enumerate(_listed(raw.get("scenario")), 1))
    reader.names_differ(scenarios)
    asked = _asked(reader, raw, scenarios)
    for scenario in scenarios:
        reader.caught(scenario.name, partial(rules.with_parameters, scenario.policy))
    if reader.faults:
        raise PolicyError(reader.faults)
    return asked


def in_scenario(file: str, name: str, error: PlanningError) -> list[Fault]:
    """The faults of an error with the file and the scenario they are in."""
    return [Fault("in_scenario", values={"file": file, "scenario": name}), *error.faults]


def goals_of(asked: Asked, clients: int) -> tuple[Goal, ...]:
    """The goals in yuan and clients; coverage is a share of so many clients."""
    return tuple(Goal("reached", amount * clients) if kind == "coverage" else Goal(kind, amount) for kind, amount in asked.goals)  # type: ignore[arg-type]


def _asked(reader: "_Reader", raw: Mapping[str, Any], scenarios: tuple[Scenario, ...]) -> Asked:
    goals = []
    for goal in _listed(raw.get("goal")):
        reader.known(goal, ("kind", "amount"), "goal")
        kind = reader.choice(goal.get("kind"), GOALS, "goal", "kind")
        goals.append((kind, reader.number(goal.get("amount"), "goal", "amount", most=1.0 if kind == "coverage" else None) or 0.0))
    frontier, methods = _table(raw.get("frontier")), _table(raw.get("methods"))
    reader.known(frontier, ("scaled", "least", "most", "points"), "frontier")
    reader.known(methods, ("affordable_cny", "share_of_contribution"), "methods")
    shares = _shares(reader, frontier)
    scaled = reader.choice(frontier.get("scaled", "both"), ("both", "event", "concession"), "frontier", "scaled")
    affordable, share = (
        reader.number(methods[name], "methods", name, most) if name in methods else None
        for name, most in (("affordable_cny", None), ("share_of_contribution", 1.0))
    )
    return Asked(reader.file, scenarios, tuple(goals), shares, scaled, affordable, share)


def _shares(reader: "_Reader", frontier: Mapping[str, Any]) -> tuple[float, ...]:
    if not {"least", "most", "points"} & set(frontier):
        return SHARES
    least, most, points = (reader.number(frontier.get(name, usual), "frontier", name) for name, usual in (("least", 0.4), ("most", 1.6), ("points", 11)))
    if least is None or most is None or points is None:
        return SHARES
    if not (least < most and points >= FEWEST and points == int(points)):
        reader.fault("scenario_frontier", "frontier", "points", value=f"{least:g} … {most:g}, {points:g}", example="least = 0.4, most = 1.6, points = 11")
        return SHARES
    return tuple(round(least + (most - least) * place / (int(points) - 1), 9) for place in range(int(points)))


class _Reader:
    """Reads the parts of a file and keeps every fault."""

    def __init__(self, file: str) -> None:
        self.file, self.faults = file, list[Fault]()

    def fault(self, code: str, scenario: str, field: str, **values: str | int | float) -> None:
        self.faults.append(Fault(code, column=field, values={"file": self.file, "scenario": scenario, "field": field, **values}))

    def known(self, raw: Mapping[str, Any], names: Iterable[str], scenario: str) -> None:
        for name in raw:
            if name not in names:
                near = get_close_matches(name, list(names), n=1, cutoff=0.5)
                self.fault("scenario_field_unknown", scenario, name, known=near[0] if near else ", ".join(names))

    def scenario(self, raw: Any, place: int) -> Scenario:
        raw = _table(raw)
        name = raw.get("name") if isinstance(raw.get("name"), str) else ""
        shown = name or str(place)
        if not name:
            self.fault("scenario_without_name", shown, "name")
        self.known(raw, FIELDS, shown)
        zh, en = (str(raw.get(field) or raw.get(other) or name) for field, other in (("title_zh", "title_en"), ("title_en", "title_zh")))
        tables = tuple(change for one in _listed(raw.get("table")) if (change := self.table(_table(one), shown)) is not None)
        return Scenario(str(name), (zh, en), _table(raw.get("policy")), tables)

    def table(self, raw: Mapping[str, Any], scenario: str) -> TableChange | None:
        self.known(raw, TABLE_FIELDS, scenario)
        put, times = _table(raw.get("set")), _table(raw.get("factor"))
        if not isinstance(raw.get("table"), str) or not (put or times):
            self.fault("scenario_table_bare", scenario, "table")
            return None
        factors = {name: self.number(value, scenario, f"factor.{name}") for name, value in times.items()}
        where = {name: tuple(value) if isinstance(value, list) else (value,) for name, value in _table(raw.get("where")).items()}
        return TableChange(str(raw["table"]), where, put, {name: value for name, value in factors.items() if value is not None})

    def names_differ(self, scenarios: Iterable[Scenario]) -> None:
        seen: set[str] = {"base"}
        for scenario in scenarios:
            if scenario.name in seen:
                self.fault("scenario_name_twice", scenario.name, "name")
            seen.add(scenario.name)

    def number(self, value: Any, scenario: str, field: str, most: float | None = None) -> float | None:
        good = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < float("inf") and (most is None or value <= most)
        if not good:
            self.fault("scenario_not_a_number", scenario, field, value=str(value), bound="≥ 0" if most is None else f"0 … {most:g}")
        return float(value) if good else None

    def choice(self, value: Any, choices: tuple[str, ...], scenario: str, field: str) -> str:
        if value not in choices:
            self.fault("scenario_not_a_choice", scenario, field, value=str(value), choices=", ".join(choices))
            return choices[0]
        return str(value)

    def caught(self, scenario: str, check: Callable[[], object]) -> None:
        try:
            check()
        except PolicyError as error:
            self.faults += in_scenario(self.file, scenario, error)


def _listed(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else [] if raw is None else [raw]


def _table(raw: Any) -> Mapping[str, Any]:
    return raw if isinstance(raw, Mapping) else {}
