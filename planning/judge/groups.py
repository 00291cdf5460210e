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
    weight: Fraction
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
        """Σ before·a·(1 − e^(−λ·ω·A/n)) over the tiers and kinds of the invited, yuan."""
        found: defaultdict[tuple[str | None, str], list[str]] = defaultdict(list)
        for client in self.arm(True):
            found[persons[client].tier, persons[client].kind].append(client)
        told = 0.0
        for (tier, kind), own in sorted(found.items(), key=str):
            share, rate = responses.get((str(tier), kind, self.family), (ZERO, ZERO))
            touches = self.weight * sum(self.came[client] for client in own) / len(own)
            told -= float(max(self.sums(own)[0], ZERO) * share) * expm1(-float(rate * touches))
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


def error_of(groups: Iterable[Group]) -> float:
    """Standard error of all that was measured, yuan: √Σ over clients of the square of all each adds."""
    adds: defaultdict[str, float] = defaultdict(float)
    for group in groups:
        for client, error in group.errors():
            adds[client] += error
    return sqrt(sum(error**2 for error in adds.values()))


def groups_of(invited: Iterable[Row], told: Tables, persons: Mapping[str, Person], kinds: Mapping[str, tuple[str, Fraction]]) -> list[Group]:
    """The groups of every event and window. `kinds` = family and weight of an event; invitations count in the windows they are dated in."""
    outcomes: defaultdict[str, list[tuple[str, Row]]] = defaultdict(list)
    for row in rows(told, "outcomes"):
        outcomes[row["client"]].append((str(row["window"]), row))
    names = {window for own in outcomes.values() for window, _ in own}
    found: dict[tuple[str, str], Group] = {}
    for row in invited:
        for window, outcome in outcomes.get(row["client"], ()) if row["client"] in persons else ():
            if not _counts(row["date"], window, len(names)):
                continue
            group = found.setdefault((row["event"], window), Group(*kinds[row["event"]]))
            group.came[row["client"]] += flag(row["attended"])
            group.invited[row["client"]] |= row["arm"] == "treat"
            group.amounts[row["client"]] = exact(outcome["contribution_before_cny"]), exact(outcome["contribution_after_cny"])
    return [found[key] for key in sorted(found)]


def _counts(day: date, window: str, windows: int) -> bool:
    days = days_of(window)
    return windows == 1 if days is None else days[0] <= day <= days[1]


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
