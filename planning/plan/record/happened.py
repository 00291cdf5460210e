"""Attendances that took place and attendances that were planned, and what the plan's own responses make of either."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import fsum

import pandas as pd

from planning.book.book import Book
from planning.book.segments import KEY, SegmentKey, classify, segment_key
from planning.catalogue.responses import Curve, coefficients, horizon_factor
from planning.plan.plan import Attendances, Plan
from planning.plan.record.experiments import EventKind, Experiment
from planning.policy import Policy

Touches = Mapping[tuple[SegmentKey, str], float]  # by segment and family


@dataclass(frozen=True)
class Came:
    """One attendance of one client: `segment` None where the plan does not count the client; `tested` where the session had a control group."""

    client: str
    event: EventKind
    month: int
    segment: SegmentKey | None
    tested: bool


class Answers:
    """U(A) = μ·n·v·a·(1 − e^(−λA/n)) of every segment and family, from the plan's segments and the responses of its book."""

    def __init__(self, book: Book, policy: Policy, plan: Plan) -> None:
        self.mu = horizon_factor(policy.value)
        self._segments = {segment.key: segment for segment in plan.segments}
        self._known = coefficients(book.tables["responses"])

    def uplift_cny(self, touches: Touches) -> dict[str, float]:
        """The uplift of each family, yuan over the horizon."""
        found: dict[str, list[float]] = {}
        for (key, family), weight in touches.items():
            found.setdefault(family, []).append(self._one(key, family, weight))
        return {family: fsum(amounts) for family, amounts in found.items()}

    def _one(self, key: SegmentKey, family: str, weight: float) -> float:
        segment = self._segments[key]
        share, rate = self._known.get((segment.tier, segment.kind, family), (0.0, 0.0))
        return Curve(self.mu * segment.clients * segment.mean_contribution_cny * share, rate, segment.clients).at(weight)


def in_period(told: Book, year: int, months: Iterable[int], inside: bool = True) -> Book:
    """The same book with the invitations dated in those months of the year alone, or with all but those."""
    own, invited = set(months), told.tables["invitations"]
    kept = [(day.year == year and day.month in own) == inside for day in invited["date"]]
    return replace(told, tables={**told.tables, "invitations": invited[pd.Series(kept, index=invited.index, dtype=bool)]})


def attendances(book: Book, policy: Policy, plan: Plan, told: Book, tests: Iterable[Experiment], kinds: Mapping[str, EventKind]) -> tuple[Came, ...]:
    """Who came to what in the plan's period, as `told` tells it, by the segments of the plan."""
    invited = in_period(told, plan.year, policy.months).tables["invitations"]
    came = invited[invited["attended"].astype(bool)]
    known = {segment.key for segment in plan.segments}
    people = classify(book, policy)
    keys = (segment_key(key) for key in people[KEY].itertuples(index=False))
    segments = {client: key for client, approachable, key in zip(people["client"], people["approachable"], keys, strict=True) if approachable and key in known}
    tried: dict[tuple[str, str], list[Experiment]] = {}
    for one in tests:
        for client in one.people["client"]:
            tried.setdefault((client, one.event.event), []).append(one)
    return tuple(
        Came(client, kinds[event], day.month, segments.get(client), any(one.covers(day) for one in tried.get((client, event), ())))
        for client, event, day in zip(came["client"], came["event"], came["date"], strict=True)
    )


def touches_of(came: Iterable[Came]) -> Touches:
    """Weighted touches that took place, of clients the plan counts."""
    found: dict[tuple[SegmentKey, str], float] = {}
    for one in came:
        if one.segment is not None:
            key = one.segment, one.event.family
            found[key] = found.get(key, 0.0) + one.event.weight
    return found


def planned_touches(lines: Iterable[Attendances], kinds: Mapping[str, EventKind]) -> Touches:
    """Weighted touches that the plan's lines foresee."""
    found: dict[tuple[SegmentKey, str], float] = {}
    for line in lines:
        key = line.segment, kinds[line.event].family
        found[key] = found.get(key, 0.0) + kinds[line.event].weight * line.attendances
    return found
