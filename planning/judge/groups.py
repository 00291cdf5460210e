"""Groups of clients invited or held back by lot, counted again from the tables: how their contribution grew, as measured and as expected."""

import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import expm1, sqrt
from typing import Any, NamedTuple
from unicodedata import normalize

from planning.judge.clients import Segment
from planning.judge.exact import ZERO, exact
from planning.judge.tables import Row, Tables, flag, rows

MONTHS = {
    **{f"H{n}": (6 * n - 5, 6 * n) for n in (1, 2)},
    **{f"Q{n}": (3 * n - 2, 3 * n) for n in (1, 2, 3, 4)},
    **{f"M{n}": (n, n) for n in range(1, 13)},
    "": (1, 12),
}
CHINESE = (("一", "1"), ("二", "2"), ("三", "3"), ("四", "4"), ("上半年", "H1"), ("下半年", "H2"))
Responses = Mapping[tuple[str, str, str], tuple[Fraction, Fraction]]


class Person(NamedTuple):
    """A client of the plan's book: tier and kind, and the segment where the plan counts the client."""

    tier: str | None
    kind: str
    segment: Segment | None


@dataclass
class Group:
    """The clients of an event and window: how often they came, whether invited, and contribution before and after, yuan a year."""

    family: str
    touches: Mapping[str, Mapping[str, Fraction]]  # client → family → weighted touches in the window, at whatever event
    came: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    invited: defaultdict[str, bool] = field(default_factory=lambda: defaultdict(bool))
    amounts: dict[str, tuple[Fraction, Fraction]] = field(default_factory=dict)

    def arm(self, invited: bool) -> list[str]:
        """Its clients who were invited, or who were held back."""
        return sorted(client for client in self.amounts if self.invited[client] == invited)

    def sums(self, clients: Iterable[str]) -> tuple[Fraction, Fraction]:
        """Contribution before and after of some of its clients."""
        before, after = ZERO, ZERO
        for client in clients:
            before, after = before + self.amounts[client][0], after + self.amounts[client][1]
        return before, after

    def tells(self, least: int) -> bool:
        """Whether both arms, those who came and those who stayed away are enough to be told, and both arms have contribution."""
        treated, control = self.arm(True), self.arm(False)
        came = sum(self.came[client] > 0 for client in treated)
        enough = min(len(treated), len(control)) >= max(least, 2) and not any(0 < count < least for count in (came, len(treated) - came))
        return enough and self.sums(treated)[0] > 0 and self.sums(control)[0] > 0

    def measured(self) -> float:
        """Σ before of the invited · (their growth less that of those held back), yuan."""
        before, after = self.sums(self.arm(True))
        held, held_after = self.sums(self.arm(False))
        return float(after - before * held_after / held)

    def expected(self, persons: Mapping[str, Person], responses: Responses) -> float:
        """Σ before of the invited · (growth the responses expect of them less that of those held back), yuan, each arm by its touches at all events."""
        invited, held = self.arm(True), self.arm(False)
        before, held_before = self.sums(invited)[0], self.sums(held)[0]
        return self._answer(invited, persons, responses) - float(before / held_before) * self._answer(held, persons, responses)

    def _answer(self, arm: list[str], persons: Mapping[str, Person], responses: Responses) -> float:
        """Σ before·a·(1 − e^(−λ·A/n)) over tiers, kinds and families, yuan."""
        alike: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for client in arm:
            alike[str(persons[client].tier), persons[client].kind].append(client)
        told = 0.0
        for (tier, kind), own in sorted(alike.items()):
            came: defaultdict[str, Fraction] = defaultdict(Fraction)
            for client in own:
                for family, weight in self.touches.get(client, {}).items():
                    came[family] += weight
            for family, weight in sorted(came.items()):
                share, rate = responses.get((tier, kind, family), (ZERO, ZERO))
                told -= float(max(self.sums(own)[0], ZERO) * share) * expm1(-float(rate * weight / len(own)))
        return told

    def errors(self) -> Iterator[tuple[str, float]]:
        """What each client adds to the error of what was measured, yuan: ±√(n/(n−1))·(after − R·before)·Σ before of the invited / Σ before of its arm."""
        invited = self.sums(self.arm(True))[0]
        for treated, sign in ((True, 1.0), (False, -1.0)):
            own = self.arm(treated)
            before, after = self.sums(own)
            for client in own:
                one, then = self.amounts[client]
                yield client, sign * sqrt(len(own) / (len(own) - 1)) * float((then - one * after / before) * invited / before)


def error_of(groups: Iterable[Group], weights: Mapping[str, float]) -> float:
    """Standard error of the weighted sum of all that was measured, yuan: √Σ over clients of the square of all each adds. `weights` by family."""
    adds: defaultdict[str, float] = defaultdict(float)
    for group in groups:
        for client, error in group.errors():
            adds[client] += weights[group.family] * error
    return sqrt(sum(error**2 for error in adds.values()))


def groups_of(invited: Iterable[Row], told: Tables, persons: Mapping[str, Person], kinds: Mapping[str, tuple[str, Fraction]]) -> dict[tuple[str, str], Group]:
    """The groups by event and window. `kinds` = family and weight of an event; invitations count in the windows they are dated in."""
    outcomes: defaultdict[str, list[tuple[str, Row]]] = defaultdict(list)
    for row in rows(told, "outcomes"):
        outcomes[row["client"]].append((str(row["window"]), row))
    names = {window for own in outcomes.values() for window, _ in own}
    touches: defaultdict[str, defaultdict[str, defaultdict[str, Fraction]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(Fraction)))
    found: dict[tuple[str, str], Group] = {}
    for row in invited:
        client, (family, weight) = row["client"], kinds[row["event"]]
        for window, outcome in outcomes.get(client, ()) if client in persons else ():
            if not _counts(row["date"], window, len(names)):
                continue
            group = found.setdefault((row["event"], window), Group(family, touches[window]))
            group.came[client] += flag(row["attended"])
            group.invited[client] |= row["arm"] == "treat"
            group.amounts[client] = exact(outcome["contribution_before_cny"]), exact(outcome["contribution_after_cny"])
            touches[window][client][family] += weight * flag(row["attended"])
    return {key: found[key] for key in sorted(found)}


def _counts(day: date, window: str, windows: int) -> bool:
    return covers(window, day) and (windows == 1 or days_of(window) is not None)


def covers(window: str, day: date) -> bool:
    """Whether a day lies in a window; one that tells no days has all of them."""
    days = days_of(window)
    return days is None or days[0] <= day <= days[1]


def days_of(window: Any) -> tuple[date, date] | None:
    """First and last day of a window: a year, or a half (H1), quarter (Q1) or month (03) of it, in figures or in Chinese; None where it is none of these."""
    text = "".join(normalize("NFKC", str(window)).upper().split())
    for word, figure in CHINESE:
        text = text.replace(word, figure)
    year, rest = text[:4], text[4:].removeprefix("年")
    for form in (r"[-_/.]?([HQ]\d)", r"第?(\d)季度"):
        if found := re.fullmatch(form, rest):
            rest = found[1] if found[1][0] in "HQ" else f"Q{found[1]}"
    if found := re.fullmatch(r"(?:[-_/.](\d{1,2})|(\d{1,2})月)", rest if text[4:5] in ("年", "-", "_", "/", ".") else ""):
        rest = f"M{int(found[1] or found[2])}"
    if not re.fullmatch(r"\d{4}", year) or year == "0000" or rest not in MONTHS:
        return None
    first, last = MONTHS[rest]
    return date(int(year), first, 1), date(int(year), last, monthrange(int(year), last)[1])
