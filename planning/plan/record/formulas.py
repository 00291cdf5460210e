"""The model in its own words: letters, rules and objective, read from the code that states them, so that a record of it cannot drift from it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from planning.catalogue.responses import Curve, horizon_factor
from planning.judge import RULES as JUDGED
from planning.optimise import model
from planning.optimise.rules import RULES

NUMBER = re.compile(r"\(([A-Z]\d[^)]*|strengthened)\) +(.*)", re.DOTALL)
ROW = re.compile(r"^(?P<symbol>\S.*?) {2,}(?P<variable>\S.*?) {2,}(?P<meaning>\S.*)$")


@dataclass(frozen=True)
class Letter:
    """A variable of the model: its symbol, its name in the code, and what it means."""

    symbol: str
    variable: str
    meaning: str

    @property
    def code(self) -> str:
        """The name without what it runs over."""
        return re.split(r"\W", self.variable)[0]


@dataclass(frozen=True)
class Formula:
    """A rule by its number and code, as the optimiser states it for the year and as the second judge states it; empty where one of them does not.

    Where a statement says for what it holds, that stands on a line of its own.
    """

    number: str
    code: str
    year: str
    judged: str


def letters() -> tuple[Letter, ...]:
    """The variables of the year model, from its own table of symbols."""
    found = (ROW.match(line) for line in (model.__doc__ or "").splitlines())
    return tuple(Letter(**row.groupdict()) for row in found if row and row["symbol"] != "symbol")


def formulas() -> tuple[Formula, ...]:
    """Every rule of the second judge in its order, each beside the row of the optimiser that bears its name; then the optimiser's further rows."""
    own = {rule.__name__: rule for rule in RULES}
    told = {rule.__name__ for _, rule in JUDGED}
    judged = [Formula(number, rule.__name__, _told(own.get(rule.__name__)), _told(rule)) for number, rule in JUDGED]
    return (*judged, *(Formula(_number(rule), name, _told(rule), "") for name, rule in own.items() if name not in told))


def worth() -> tuple[tuple[str, str], ...]:
    """What the model makes as large as it can, part by part: (code of the part, its formula)."""
    parts: tuple[tuple[str, Callable[..., Any]], ...] = (("value", model.value), ("expected", model.expected), ("curve", Curve), ("horizon", horizon_factor))
    return tuple((code, _first(stated)) for code, stated in parts)


def _told(rule: Callable[..., Any] | None) -> str:
    """A rule's formula without its number; a number that says more than one (E4, summed) stays."""
    if rule is None:
        return ""
    text = _first(rule)
    found = NUMBER.match(text)
    return found[2] if found and re.fullmatch(r"[A-Z]\d", found[1]) else text


def _number(rule: Callable[..., Any]) -> str:
    found = NUMBER.match(_first(rule))
    return found[1].split(",")[0] if found and found[1] != "strengthened" else ""


def _first(stated: Callable[..., Any]) -> str:
    """The first paragraph of a docstring; what a wide gap sets apart begins a line."""
    whole = re.sub(r"\s*\n\s*", " ", (stated.__doc__ or "").strip().split("\n\n")[0])
    return re.sub(r" {3,}", "\n", whole)
