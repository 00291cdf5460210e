"""What is committed: locked sessions and levels stay as they are, and months past are what happened."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from planning.judge import period
from planning.judge.answer import Answer, Slot
from planning.judge.checks import Line, exactly
from planning.judge.events import past_month
from planning.judge.exact import ZERO, exact
from planning.judge.facts import Facts


def frozen(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(R1)  z[e,h,m] = locked sessions, level of y = locked level, z = 0 elsewhere in months past      for every locked line, every slot in a month past"""
    committed = locked(facts)
    for slot, sessions in sorted(committed.items()):
        yield _equal(slot, answer.sessions.get(slot, ZERO), sessions, "sessions")
    for slot in answer.slots:
        if slot[2] <= past_month(facts.policy) and slot not in committed:
            yield _equal(slot, answer.sessions.get(slot, ZERO), ZERO, "sessions")
    levels: dict[tuple[str, ...], int] = {one.where: one.level for one in answer.chosen}
    for line in _lines(facts, "ladder"):
        where = (line["region"], line["tier"], line["kind"], line["concession"])
        yield _equal(where, Fraction(levels.get(where, 0)), exact(line["level"]), "level")


def locked(facts: Facts) -> Mapping[Slot, Fraction]:
    """Sessions of each locked slot of the period; of two lines for one slot the last."""
    lines = (line for line in _lines(facts, "sessions") if int(line["month"]) in period.months(facts.policy))
    return {(line["event"], line["host"], int(line["month"])): exact(line["sessions"]) for line in lines}


def _lines(facts: Facts, name: str) -> list[Mapping[str, Any]]:
    return list((facts.policy.get("frozen") or {}).get(name) or ())


def _equal(where: tuple[str | int, ...], value: Fraction, limit: Fraction, unit: str) -> Line:
    return exactly(tuple(str(part) for part in where), value, limit, unit)
