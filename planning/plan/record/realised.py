"""What came of it, as far as the tables tell: what was booked, and what clients who were invited did against those held back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import expm1, sqrt

import pandas as pd

from planning.book.book import Book
from planning.book.rows import rows
from planning.book.segments import classify
from planning.catalogue.responses import coefficients
from planning.plan.summary import Names
from planning.policy import Policy

TREATED, CONTROL = "treat", "control"
PLANNED, OTHER = ("events", "concessions"), "other"


@dataclass(frozen=True)
class Booked:
    """The bookings of one line of the ledger within a period, yuan: events, concessions, or all others together; `last_on` = ISO date of the latest."""

    line: str
    bookings: int
    committed_cny: float
    actual_cny: float
    last_on: str


@dataclass(frozen=True)
class Arm:
    """Clients treated alike: how many, how many of them came, their contribution before, and by what share it grew, with its standard error."""

    clients: int
    attended: int
    before_cny: float
    growth: float
    error: float


@dataclass(frozen=True)
class Trial:
    """An event with a control group. Shares of contribution a year: `measured` = growth of the treated less that of the control group.

    `expected` is what today's responses say for clients of these tiers who come as often as these did.
    """

    event: str
    names: Names
    window: str
    first_on: str
    last_on: str
    treated: Arm
    control: Arm
    expected: float

    @property
    def measured(self) -> float:
        return self.treated.growth - self.control.growth

    @property
    def error(self) -> float:
        """Standard error of what was measured."""
        return sqrt(self.treated.error**2 + self.control.error**2)

    @property
    def fewest(self) -> int:
        """Clients in the smaller of its two groups."""
        return min(self.treated.clients, self.control.clients)

    @property
    def agrees(self) -> bool:
        """Whether what was expected lies within two standard errors of what was measured."""
        return abs(self.measured - self.expected) <= 2 * self.error


def booked(book: Book, year: int, months: tuple[int, ...]) -> tuple[Booked, ...]:
    """The bookings dated in those months of a year. Lines that no plan has are told together: their names may name people."""
    found: dict[str, list[tuple[str, float, float]]] = {}
    for row in rows(book.tables["ledger"]):
        if row.date.year == year and row.date.month in months:
            found.setdefault(row.line if row.line in PLANNED else OTHER, []).append((row.date.isoformat(), _amount(row.committed_cny), _amount(row.actual_cny)))
    return tuple(
        Booked(line, len(own), sum(committed for _, committed, _ in own), sum(actual for *_, actual in own), max(day for day, *_ in own))
        for line, own in sorted(found.items())
    )


def trials(book: Book, policy: Policy) -> tuple[Trial, ...]:
    """Every event and window whose clients were invited or held back by lot, with outcomes of both; in the order of their dates."""
    invited, outcomes = book.tables["invitations"], book.tables["outcomes"]
    if invited.empty or outcomes.empty:
        return ()
    known = classify(book, policy)[["client", "tier", "kind"]]
    joined = invited.merge(outcomes, on="client").merge(known, on="client")
    found = (
        _trial(book, str(event), str(window), own)
        for (event, window), own in joined.groupby(["event", "window"], sort=True)
        if {TREATED, CONTROL} <= set(own["arm"]) and (own.groupby("arm")["contribution_before_cny"].sum() > 0).all()
    )
    return tuple(sorted(found, key=lambda trial: (trial.first_on, trial.event, trial.window)))


def _trial(book: Book, event: str, window: str, own: pd.DataFrame) -> Trial:
    row = next(row for row in rows(book.tables["events"]) if row.event == event)
    days = sorted(own["date"])
    treated = own[own["arm"] == TREATED]
    weight = 1.0 if pd.isna(row.touch_weight) else float(row.touch_weight)
    expected = _expected(treated, (str(row.family), weight), coefficients(book.tables["responses"]))
    arms = _arm(treated), _arm(own[own["arm"] == CONTROL])
    return Trial(event, (row.name_zh, row.name_en), window, days[0].isoformat(), days[-1].isoformat(), *arms, expected)


def _arm(own: pd.DataFrame) -> Arm:
    """Growth as the ratio of sums, its error by linearisation: √(Σ (after − R·before)² / (n(n−1))) / mean before."""
    one = own.groupby("client").agg(before=("contribution_before_cny", "first"), after=("contribution_after_cny", "first"), came=("attended", "any"))
    n, before = len(one), float(one["before"].sum())
    ratio = float(one["after"].sum()) / before
    spread = float(((one["after"] - ratio * one["before"]) ** 2).sum())
    error = sqrt(spread / (n * (n - 1))) / (before / n) if n > 1 else float("inf")
    return Arm(n, int(one["came"].sum()), before, ratio - 1, error)


def _expected(treated: pd.DataFrame, of_event: tuple[str, float], known: Mapping[tuple[str, str, str], tuple[float, float]]) -> float:
    """Σ v·a·(1 − e^(−λ·ω·A/n)) over tiers and kinds, as a share of Σ v; a group that no response is stated for adds nothing."""
    return sum(_answers(treated, of_event, known)) / float(treated["contribution_before_cny"].sum())


def _answers(treated: pd.DataFrame, of_event: tuple[str, float], known: Mapping[tuple[str, str, str], tuple[float, float]]) -> Iterator[float]:
    family, weight = of_event
    for (tier, kind), own in treated.groupby(["tier", "kind"], sort=True):
        share, rate = known.get((str(tier), str(kind), family), (0.0, 0.0))
        touches = weight * float(own["attended"].sum()) / own["client"].nunique()
        yield -max(float(own["contribution_before_cny"].sum()), 0.0) * share * expm1(-rate * touches)


def _amount(value: float) -> float:
    return 0.0 if pd.isna(value) else float(value)
