"""A plan as the judge reads it: rows that name something the bank does not have are set aside, the rest summed up."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from planning.judge.clients import Cell, Segment
from planning.judge.exact import ZERO, stated
from planning.judge.facts import Facts
from planning.judge.offers import Step

Slot = tuple[str, str, int]  # event, host, month
Sums = defaultdict[Any, Fraction]

TABLES = ("segments", "sessions", "attendances", "ladder")
KEYS = {
    "segments": ("branch", "tier", "kind", "part"),
    "sessions": ("host_level", "host", "event", "month"),
    "attendances": ("branch", "tier", "kind", "part", "host", "event", "month"),
    "ladder": ("region", "tier", "kind", "concession"),
}


class Booked(NamedTuple):
    """One row of attendances."""

    segment: Segment
    slot: Slot
    guests: Fraction


class Chosen(NamedTuple):
    """One row of the ladder; `step` is what the bank's tables make of it, None where they have no such level."""

    cell: Cell
    concession: str
    level: int
    row: Mapping[str, Any]
    step: Step | None

    @property
    def where(self) -> tuple[str, ...]:
        return (*self.cell, self.concession)


@dataclass
class Answer:
    """The plan, and the sums the rules ask for. Money in yuan; `cash` after partners' shares, `standard` before."""

    plan: Mapping[str, Any]
    known: dict[str, list[Mapping[str, Any]]]
    unknown: dict[str, list[tuple[str, ...]]]
    booked: list[Booked] = field(default_factory=list)
    chosen: list[Chosen] = field(default_factory=list)
    sessions: Sums = field(default_factory=lambda: defaultdict(Fraction))  # by slot
    guests: Sums = field(default_factory=lambda: defaultdict(Fraction))  # by slot
    seats: Sums = field(default_factory=lambda: defaultdict(Fraction))  # by (segment, event)
    monthly: Sums = field(default_factory=lambda: defaultdict(Fraction))  # by (segment, month)
    cash: Sums = field(default_factory=lambda: defaultdict(Fraction))  # by month
    standard: Sums = field(default_factory=lambda: defaultdict(Fraction))  # by segment

    @property
    def slots(self) -> list[Slot]:
        """Every slot with sessions or guests."""
        return sorted(self.sessions.keys() | self.guests.keys())

    @property
    def event_cny(self) -> Fraction:
        return sum(self.cash.values(), ZERO)

    @property
    def concession_cny(self) -> Fraction:
        return sum((step.cost for step in self.steps()), ZERO)

    def steps(self) -> Iterator[Step]:
        """The steps chosen, as far as the bank's tables have them."""
        return (one.step for one in self.chosen if one.step is not None)


def read_answer(plan: Mapping[str, Any], facts: Facts) -> Answer:
    """The plan summed up by slot, segment, event and month."""
    answer = Answer(plan, {}, {})
    for table in TABLES:
        given: Sequence[Mapping[str, Any]] = plan.get(table) or ()
        answer.known[table] = [row for row in given if _is_known(table, row, facts)]
        answer.unknown[table] = [codes(table, row) for row in given if not _is_known(table, row, facts)]
    for row in answer.known["sessions"]:
        answer.sessions[row["event"], row["host"], int(row["month"])] += stated(row["sessions"]) or ZERO
    for row in answer.known["attendances"]:
        slot = (row["event"], row["host"], int(row["month"]))
        answer.booked.append(Booked(segment_of(row), slot, stated(row["attendances"]) or ZERO))
    for row in answer.known["ladder"]:
        cell = (row["region"], row["tier"], row["kind"])
        answer.chosen.append(Chosen(cell, row["concession"], row["level"], row, facts.offers[cell, row["concession"]].get(row["level"])))
    _add_up(answer, facts)
    return answer


def codes(table: str, row: Mapping[str, Any]) -> tuple[str, ...]:
    """What names a row of a table of the plan."""
    return tuple(str(row.get(key)) for key in KEYS[table] if key != "part" or row.get(key))


def segment_of(row: Mapping[str, Any]) -> Segment:
    """The segment a row names, a part of it where the row names one."""
    whole = (row.get("branch"), row.get("tier"), row.get("kind"))
    return (*whole, row["part"]) if row.get("part") else whole  # type: ignore[return-value]  # a code left out is in no table


def _add_up(answer: Answer, facts: Facts) -> None:
    for segment, slot, guests in answer.booked:
        answer.guests[slot] += guests
        answer.seats[segment, slot[0]] += guests
        answer.monthly[segment, slot[2]] += guests
    for (segment, code), guests in answer.seats.items():
        answer.standard[segment] += facts.events[code].standard * guests
    for slot in answer.slots:
        event = facts.events[slot[0]]
        answer.cash[slot[2]] += event.cost(answer.sessions.get(slot, ZERO), answer.guests.get(slot, ZERO)) * (1 - event.partner_share)


def _is_known(table: str, row: Mapping[str, Any], facts: Facts) -> bool:
    """Whether everything a row names is in the bank's tables."""
    if table == "ladder":
        return ((row.get("region"), row.get("tier"), row.get("kind")), row.get("concession")) in facts.offers
    if table != "sessions" and segment_of(row) not in facts.clients:
        return False
    if table == "segments":
        return True
    event = facts.events.get(str(row.get("event")))
    if event is None or row.get("month") not in range(1, 13) or row.get("host") not in facts.hosts[event.level]:
        return False
    return table != "sessions" or row.get("host_level") == event.level
