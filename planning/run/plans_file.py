"""The plans' file: which notebooks are rendered unattended, with what, in which languages and when."""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from difflib import get_close_matches
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any, Literal
from zoneinfo import available_timezones

from cronsim import CronSim, CronSimError
from pydantic import Field, ValidationError

from planning import policy
from planning.errors import Fault, PolicyError
from planning.policy.sections import Section
from planning.run import params
from planning.run.schedule import FIELDS, Schedule

EXAMPLE = "0 6 1 * *"
ANY_DAY = datetime(2000, 1, 1, tzinfo=UTC)
PLANS = "plan"
NOT_CRON = (CronSimError, AssertionError, TypeError, ValueError)
FIELD_OF = {"plan_id": "id", "data": "data", "lang": "languages", "relax": "relax", "in_folder": "each", "save_to": "id"}
"""Parameters of a notebook that stand in a field of their own here."""


class When(Section):
    """A cron expression and the time zone in which it is read."""

    cron: str
    time_zone: str


class Entry(Section):
    """One plan of the file. `id` names its folder among the published plans; `after` the plans it is made from or waits for.

    `retry_after` = minutes of rest before each retry, `minutes` the limit of one attempt.
    """

    id: str
    notebook: str
    data: str = ""
    parameters: dict[str, Any] = Field(default_factory=dict)
    languages: tuple[Literal["zh", "en"], ...] = Field(("zh", "en"), min_length=1)
    schedule: When | None = None
    each: Literal["branch"] | None = None
    relax: bool = False
    retries: int = Field(0, ge=0, le=9, strict=True)
    retry_after: int = Field(1, ge=0, le=1440, strict=True)
    minutes: int = Field(60, ge=1, le=1440, strict=True)
    after: tuple[str, ...] = ()

    @property
    def when(self) -> Schedule | None:
        """When it is due; None means at every call."""
        return Schedule(self.schedule.cron, self.schedule.time_zone) if self.schedule else None

    @property
    def given(self) -> tuple[tuple[str, str], ...]:
        """Its parameters as `-p` takes them."""
        return tuple((name, _text(value)) for name, value in self.parameters.items())


def read_plans(path: Path) -> tuple[Entry, ...]:
    """The plans of a file, in its order. PolicyError names every fault: the plan, the field, and what to write instead."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise PolicyError(Fault("plans_missing", values={"file": path.name})) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(Fault("plans_not_toml", values={"file": path.name, "problem": str(error)})) from error
    rows = raw.pop(PLANS, [])
    faults = [_unknown(path.name, name, [PLANS]) for name in raw]
    if not (isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows)):
        raise PolicyError([*faults, Fault("plans_none", values={"file": path.name})])
    entries: list[Entry] = []
    for number, row in enumerate(rows, start=1):
        named = str(row.get("id") or f"#{number}")[: params.LONGEST_ID]
        try:
            entry = Entry.model_validate(row)
        except ValidationError as error:
            faults += [_wrong(named, one) for one in error.errors()]
        else:
            entries.append(entry)
            faults += _faults(entry)
    faults += _together(entries, [str(row.get("id")) for row in rows])
    if faults:
        raise PolicyError(faults)
    return tuple(entries)


def _wrong(plan: str, problem: Any) -> Fault:
    """What pydantic found, as a planner reads it."""
    place = [str(part) for part in problem["loc"]]
    if problem["type"] == "extra_forbidden":
        known = When.model_fields if place[0] == "schedule" else Entry.model_fields
        return _unknown(plan, place[-1], list(known))
    name = ".".join(place)
    if problem["type"] == "missing":
        return Fault("plans_field_missing", column=name, values={"plan": plan, "name": name})
    return Fault("plans_field_wrong", column=name, values={"plan": plan, "name": name, "value": str(problem["input"])[:80], "bound": policy.bound(problem)})


def _unknown(plan: str, name: str, known: Sequence[str]) -> Fault:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    values = {"plan": plan, "name": name[:80], "nearest": near[0] if near else "", "known": ", ".join(known)}
    return Fault("plans_field_unknown_near" if near else "plans_field_unknown", column=name, values=values)


def _faults(entry: Entry) -> Iterator[Fault]:
    """What is wrong with one plan beyond the types of its fields."""
    own: list[Fault] = []
    try:
        params.plan_id(entry.id)
    except PolicyError as error:
        own += error.faults
    own += [Fault("plans_own_field", column=name, values={"name": name, "field": FIELD_OF[name]}) for name in entry.parameters if name in FIELD_OF]
    try:
        params.parsed([pair for pair in entry.given if pair[0] not in FIELD_OF])
    except PolicyError as error:
        own += error.faults
    if own:
        yield Fault("plans_entry", values={"plan": entry.id[: params.LONGEST_ID]})
        yield from own
    if entry.schedule:
        yield from _when(entry.id, entry.schedule)


def _when(plan: str, when: When) -> Iterator[Fault]:
    said = {"plan": plan, "cron": when.cron[:80], "example": EXAMPLE}
    try:
        if len(when.cron.split()) != FIELDS:
            raise CronSimError
        if next(CronSim(when.cron, ANY_DAY), None) is None:
            yield Fault("plans_cron_never", column="cron", values=said)
    except NOT_CRON:
        yield Fault("plans_cron", column="cron", values=said)
    zones = available_timezones()
    if when.time_zone not in zones:
        near = get_close_matches(when.time_zone, sorted(zones), n=1, cutoff=0.6)
        values = {"plan": plan, "zone": when.time_zone[:80], "example": near[0] if near else "Asia/Shanghai"}
        yield Fault("plans_zone", column="time_zone", values=values)


def _together(entries: Sequence[Entry], named: Sequence[str]) -> Iterator[Fault]:
    """What is wrong between plans: one id twice, or a plan that waits for none there is, or for itself."""
    known = [entry.id for entry in entries]
    yield from (Fault("plans_id_twice", column="id", values={"plan": one}) for one in dict.fromkeys(known) if known.count(one) > 1)
    strangers = [(entry.id, other) for entry in entries for other in entry.after if other not in named]
    for plan, other in strangers:
        near = get_close_matches(other, known, n=1, cutoff=0.0)
        yield Fault("plans_after_unknown", column="after", values={"plan": plan, "name": other[:80], "nearest": near[0] if near else plan})
    try:
        TopologicalSorter({entry.id: entry.after for entry in entries}).prepare()
    except CycleError as error:
        yield Fault("plans_after_circle", column="after", values={"plans": ", ".join(error.args[1])})


def _text(value: Any) -> str:
    """A value of the file as the text after `-p`."""
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping | list | bool | int | float):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
