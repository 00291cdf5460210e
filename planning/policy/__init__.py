"""Everything a planner may set: typed, bounded, with its unit and its help in Chinese and English.

The same fields are the tables of `policy.toml`, the parameters of a notebook and the names after `-p`.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from planning.errors import Fault, PolicyError
from planning.policy import plain
from planning.policy.limits import SIGNS, limit, limits, wants_example
from planning.policy.sections import (
    PERIODS,
    Bank,
    Budget,
    Calendar,
    Caps,
    Contact,
    Evaluation,
    Floors,
    Frozen,
    Library,
    LockedSessions,
    MustHold,
    Phasing,
    Privacy,
    Products,
    Section,
    Segments,
    Solver,
    Value,
    says,
)


class Policy(Section):
    """One bank's rules for one year, or half of one. Frozen; `with_parameters` gives a changed copy."""

    year: int = says(..., "year", "计划年度", "Year of the plan", ge=1990, le=2100)
    period: Literal["year", "first_half", "second_half"] = says(
        "year", "choice", "计划期：全年（year）、上半年（first_half）或下半年（second_half）", "Period of the plan: the year, or one half of it"
    )
    data_date: date = says(..., "date", "数据截止日期", "Date of the data")
    budget: Budget
    phasing: Phasing = Phasing()
    floors: Floors = Floors()
    caps: Caps = Caps()
    calendar: Calendar = Calendar()
    frozen: Frozen = Frozen()
    contact: Contact = Contact()
    value: Value = Value()
    evaluation: Evaluation = Evaluation()
    privacy: Privacy = Privacy()
    segments: Segments = Segments()
    products: Products = Products()
    library: Library = Library()
    bank: Bank = Bank()
    solver: Solver = Solver()

    @property
    def months(self) -> tuple[int, ...]:
        """The months of the period."""
        return PERIODS[self.period]

    @property
    def part_of_year(self) -> float:
        """What the period is of a year: a year's hours, caps and contribution count so much."""
        return len(self.months) / 12

    @property
    def must_hold(self) -> tuple[MustHold, ...]:
        """The sessions that must still be held in the period; those of the other half belong to its plan, those of months past to what happened."""
        ahead = [month for month in self.months if month > self.frozen.through_month]
        return tuple(entry for entry in self.calendar.must_hold if entry.month in ahead)

    @property
    def locked_sessions(self) -> tuple[LockedSessions, ...]:
        """The locked sessions of the period; those of the other half belong to its plan."""
        return tuple(line for line in self.frozen.sessions if line.month in self.months)

    def with_parameters(self, given: Mapping[str, Any]) -> "Policy":
        """A copy with the named parameters replaced; `None` leaves a field as it is. PolicyError names what is wrong."""
        changed = self.model_dump(mode="json")
        for name, value in given.items():
            if value is None:
                continue
            parameter = find(name)
            target = changed if parameter.section == "" else changed[parameter.section]
            target[parameter.field] = value
        return checked(changed)


@dataclass(frozen=True)
class Parameter:
    """A field of the policy as a notebook or the command line names it."""

    name: str
    section: str
    field: str
    unit: str
    zh: str
    en: str
    annotation: Any
    default: Any


@cache
def parameters() -> tuple[Parameter, ...]:
    """Every parameter, in the order of policy.toml. A field name used in two sections carries its section: `floors_tier`; so do those of [frozen]."""
    leaves = list(_leaves())
    seen = [field for _, field, _ in leaves]
    return tuple(_parameter(section, field, info, seen.count(field) > 1) for section, field, info in leaves)


def changes(before: Policy, after: Policy) -> tuple[tuple[str, Any], ...]:
    """The parameters that differ, each with its later value; what the later policy leaves open cannot be told."""
    own, other = before.model_dump(mode="json"), after.model_dump(mode="json")
    pairs = ((one.name, *((some[one.section] if one.section else some)[one.field] for some in (own, other))) for one in parameters())
    return tuple((name, now) for name, was, now in pairs if was != now and now is not None)


def differing(before: Policy, after: Policy) -> tuple[tuple[str, str], ...]:
    """The parameters that differ, each with its later value as `-p` takes it."""
    return tuple((name, now if isinstance(now, str) else json.dumps(_plain(now))) for name, now in changes(before, after))


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value == int(value) else value


def find(name: str) -> Parameter:
    """The parameter of that name; PolicyError with the nearest name when there is none."""
    known = {parameter.name: parameter for parameter in parameters()}
    if name in known:
        return known[name]
    raise PolicyError(unknown_name(name, known))


def unknown_name(name: str, known: Mapping[str, Any] | list[str]) -> Fault:
    """The fault of a misspelt name, with the nearest known one when there is one near."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.5) if len(name) <= LONGEST_NAME else []
    code = "parameter_unknown_near" if near else "parameter_unknown"
    told = plain.shown(name)
    return Fault(code, column=told, values={"name": told, "nearest": near[0] if near else ""})


def parsed(name: str, text: str) -> Any:
    """The value that `text` (after `-p NAME`) stands for, by the field's own type. PolicyError when it is not one."""
    parameter = find(name)
    adapter: TypeAdapter[Any] = TypeAdapter(parameter.annotation)
    place = parameter.section, parameter.field
    try:
        value = plain.read(text)
        if not plain.is_plain(value, parameter.annotation):
            raise PolicyError(_fault({"type": "value_error"}, place, text))
        return adapter.dump_python(adapter.validate_python(value), mode="json")
    except plain.DoubledError as error:
        raise PolicyError(_fault({"type": "value_error"}, place, text)) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise PolicyError(_fault(first, (*place, *map(str, first["loc"])), text)) from error


def read(path: Path) -> Policy:
    """The policy in a TOML file. PolicyError for a missing file, bad TOML, an unknown, ill-typed or out-of-bounds field."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise PolicyError(Fault("policy_missing", values={"file": path.name})) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(Fault("policy_not_toml", values={"file": path.name, "problem": str(error)})) from error
    return checked(raw)


def checked(raw: Mapping[str, Any]) -> Policy:
    """A policy from plain values. PolicyError lists every field that is wrong."""
    try:
        return Policy.model_validate(raw)
    except ValidationError as error:
        faults = [_fault(one, tuple(str(part) for part in one["loc"]), one["input"]) for one in error.errors()]
        raise PolicyError(faults) from error


def _leaves() -> Iterator[tuple[str, str, Any]]:
    for name, info in Policy.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            yield from ((name, field, leaf) for field, leaf in kind.model_fields.items())
        else:
            yield "", name, info


def _parameter(section: str, field: str, info: Any, shared: bool) -> Parameter:
    extra = info.json_schema_extra
    annotation = (
        Annotated[(info.annotation, *info.metadata, Field(allow_inf_nan=False))]
        if info.annotation is float
        else Annotated[(info.annotation, *info.metadata)]
        if info.metadata
        else info.annotation
    )
    name = f"{section}_{field}" if shared or field == "name" or section == "frozen" else field
    return Parameter(name, section, field, extra["unit"], extra["zh"], extra["en"], annotation, info.default)


LONGEST_NAME = 80
OUT_OF_BOUNDS = {"greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number"}


def _fault(problem: Any, place: tuple[str, ...], value: Any) -> Fault:
    named = [part for part in place if part]
    dotted = ".".join(named)
    kind = problem["type"]
    inside = len(named) > 2
    if kind == "extra_forbidden" and not inside:
        siblings = list(Policy.model_fields) if len(named) == 1 else list(_section_fields(named[0]))
        return unknown_name(dotted if len(named) == 1 else named[-1], siblings)
    if kind == "missing" and not inside:
        return Fault("parameter_missing", column=dotted, values={"name": dotted})
    values = {"name": _given_name(named), "value": plain.shown(value), "bound": bound(problem), "example": _example(named)}
    code = "parameter_out_of_bounds" if kind in OUT_OF_BOUNDS else "parameter_not_a_choice" if kind == "literal_error" else "parameter_wrong_type"
    return Fault(code, column=values["name"], values=values)


def _given_name(place: list[str]) -> str:
    named = (parameter.name for parameter in parameters() if [part for part in (parameter.section, parameter.field) if part] == place[:2])
    return next(named, ".".join(place))


def _section_fields(section: str) -> Mapping[str, Any]:
    kind = Policy.model_fields[section].annotation if section in Policy.model_fields else None
    return kind.model_fields if isinstance(kind, type) and issubclass(kind, Section) else {}


def bound(problem: Any) -> str:
    """The bounds or choices a value breaks, as a planner reads them: `≥ 0`, `true / false`."""
    context = problem.get("ctx", {})
    if "expected" in context:
        return str(context["expected"]).replace("'", "").replace(" or ", " / ").replace(", ", " / ")
    return ", ".join(f"{SIGNS[key]} {limit(context[key])}" for key in SIGNS if key in context) or {"finite_number": "0, 1, 2 …"}.get(problem["type"], "")


def _example(place: list[str]) -> str:
    for parameter in parameters():
        if [part for part in (parameter.section, parameter.field) if part] == place[:2]:
            return _example_of(parameter)
    return ""


def _example_of(parameter: Parameter) -> str:
    return EXAMPLES.get(parameter.field) or str(parameter.default)


EXAMPLES = {
    "event_cny": "6000000", "concession_cny": "9000000", "year": "2027", "data_date": "2026-11-01", "approved_on": "2027-01-15",
    "q1": "[0.15, 0.35]", "q2": "[0.15, 0.35]", "q3": "[0.15, 0.35]", "q4": "[0.15, 0.45]", "tier": "{\"private\": 0.2}",
    "region_shares": "{\"private\": 0.02}",
    "must_hold": "[{\"event\": \"year_end_reception\", \"month\": 12}]", "blackout": "[2, 8]", "club_every_month": "true", "expected_loss": "true",
    "by": "[\"tier\", \"kind\", \"sex\"]", "age_bands": "[30, 40, 55, 65]",
    "sessions": "[{\"host\": \"B0001\", \"event\": \"medical_day\", \"month\": 3, \"sessions\": 1}]",
    "ladder": "[{\"region\": \"Binhai\", \"tier\": \"gold\", \"kind\": \"personal\", \"concession\": \"fee_waiver\", \"level\": 1}]",
}  # fmt: skip


def comment(parameter: Parameter) -> str:
    """What stands beside a parameter in a notebook's cell: help in both languages, unit, bounds or choices, and an example of a list or name."""
    example = [f"e.g. {_example_of(parameter)}"] if wants_example(parameter.annotation) else []
    return f"{parameter.zh} · {parameter.en} [{', '.join([parameter.unit, *limits(parameter.annotation), *example])}]"
