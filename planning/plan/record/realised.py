"""What came of it, as far as the tables tell: what was booked, and what clients who were invited did against those held back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import expm1, fsum, sqrt

import pandas as pd

from planning.book.book import Book
from planning.book.rows import rows
from planning.catalogue.responses import coefficients
from planning.plan.record.experiments import Experiment, experiments, growth
from planning.plan.summary import Names
from planning.policy import Policy

Coefficients = Mapping[tuple[str, str, str], tuple[float, float]]
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

    `expected` is what the plan's responses say of clients of these tiers who come as often as these did, less what they say of the control group.
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

    def few(self, min_cell: int) -> bool:
        """Whether one of its groups, those who came or those who stayed away is fewer clients than may be shown."""
        return self.fewest < min_cell or any(0 < count < min_cell for count in (self.treated.attended, self.treated.clients - self.treated.attended))

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


def trials(book: Book, policy: Policy, told: Book) -> tuple[Trial, ...]:
    """Every event and window whose clients were invited or held back by lot, as `told` tells it of clients of `book`; in the order of their dates."""
    known = coefficients(book.tables["responses"])
    found = (trial_of(one, known) for one in experiments(book, policy, told))
    return tuple(sorted(found, key=lambda trial: (trial.first_on, trial.event, trial.window)))


def expected(one: Experiment, known: Coefficients) -> float:
    """What the coefficients expect the invited to grow more than those held back, as a share of contribution, each arm by its own touches at all events."""
    treated, control = (_answer(one, arm, known) for arm in (True, False))
    return treated - control


def trial_of(one: Experiment, known: Coefficients) -> Trial:
    """An experiment told: what was measured, with its error, and what was expected."""
    first, last = one.days
    arms = _arm(one.of(True)), _arm(one.of(False))
    return Trial(one.event.event, one.event.names, one.window, first.isoformat(), last.isoformat(), *arms, expected(one, known))


def _arm(own: pd.DataFrame) -> Arm:
    return Arm(len(own), int((own["came"] > 0).sum()), float(own["before"].sum()), *growth(own))


def _answer(one: Experiment, treated: bool, known: Coefficients) -> float:
    """Σ v·a·(1 − e^(−λ·A/n)) / Σ v over the tiers and kinds of an arm and the families it came to; where no response is stated nothing is added."""
    arm = one.of(treated)
    return fsum(_answers(arm, one.touches, known)) / float(arm["before"].sum())


def _answers(arm: pd.DataFrame, touches: pd.DataFrame, known: Coefficients) -> Iterator[float]:
    for (tier, kind), own in arm.groupby(["tier", "kind"], sort=True):
        came, before = touches.loc[own["client"]].sum(), max(float(own["before"].sum()), 0.0)
        for family in touches.columns:
            share, rate = known.get((str(tier), str(kind), str(family)), (0.0, 0.0))
            yield -before * share * expm1(-rate * float(came[family]) / len(own))


def _amount(value: float) -> float:
    return 0.0 if pd.isna(value) else float(value)
