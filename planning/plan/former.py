"""A former version of a plan, read from what was kept of it: wholly understood, or not at all."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from planning.errors import PolicyError
from planning.plan.plan import Plan
from planning.policy import checked

LONGEST_CODE = 100  # characters; the bank's own codes are short
MOST = 1e15  # of any figure
PACKAGES = {"planning": "planning", "python": "Python", "pulp": "PuLP", "highspy": "HiGHS"}  # what makes a plan, as a run's record and the page name it


@dataclass(frozen=True)
class MadeWith:
    """What a plan was made with: the check sum of each table, and the versions of the programs; empty where it is not known."""

    tables: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Former:
    """A former plan, its policy complete with the fields added since, and what it was made with."""

    plan: Plan
    made_with: MadeWith = field(default_factory=MadeWith)

    def to_json(self) -> str:
        """The text of former.json: plan.json with the tables' check sums and the versions beside it."""
        return json.dumps({**asdict(self.plan), **asdict(self.made_with)}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def read_former(text: str, record: str = "") -> Former | None:
    """The former plan in the text of a plan.json or former.json; None where it is none, or of a layout that is not understood.

    `record` = the text of the run.json beside a plan.json, which tells what it was made with; an unreadable one tells nothing.
    """
    try:
        plan = TypeAdapter(Plan).validate_json(text, strict=True)
        plan = replace(plan, policy=checked(plan.policy).model_dump(mode="json"))
        made_with = _made_with(text)
    except (ValidationError, PolicyError):
        return None
    months = [row.month for row in plan.sessions] + [row.month for row in plan.attendances]
    if not all(map(_sound, _rows(plan))) or not all(1 <= month <= 12 for month in months):
        return None
    return Former(plan, made_with if made_with.tables or not record else _recorded(record))


def _made_with(text: str) -> MadeWith:
    told = TypeAdapter(MadeWith).validate_json(text, strict=True)
    known = {**PACKAGES, **{name: name for name in PACKAGES.values()}}
    return MadeWith(told.tables, {known[name]: version for name, version in told.versions.items() if name in known})


def _recorded(record: str) -> MadeWith:
    try:
        return _made_with(record)
    except ValidationError:
        return MadeWith()


def _rows(plan: Plan) -> Iterator[Mapping[str, Any]]:
    yield {"id": plan.id, "data_hash": plan.data_hash, "year": plan.year}
    yield vars(plan.totals)
    for part in (plan.sessions, plan.attendances, plan.ladder):
        yield from map(vars, part)


def _sound(row: Mapping[str, Any]) -> bool:
    codes = (one for one in row.values() if isinstance(one, str))
    figures = (one for one in row.values() if isinstance(one, int | float))
    return all(len(code) <= LONGEST_CODE for code in codes) and all(-MOST <= figure <= MOST for figure in figures)
