"""What the page says about risk, as finished numbers: the range of outcomes, what the plan leans on, what knowing better is worth.

Money in yuan over the horizon, spending of the year taken off where it says `net`; shares 0..1; names are (Chinese, English).
"""

from dataclasses import dataclass

Names = tuple[str, str]


@dataclass(frozen=True)
class Spread:
    """A figure as expected, and in the draws: one case in ten lies below `low_cny`, half below `middle_cny`, one in ten above `high_cny`."""

    expected_cny: float
    low_cny: float
    middle_cny: float
    high_cny: float


@dataclass(frozen=True)
class Bar:
    """The share of all draws whose net outcome lies between two amounts."""

    from_cny: float
    to_cny: float
    share: float


@dataclass(frozen=True)
class End:
    """One end of a coefficient: `times` what is expected, how the plan's net outcome changes, and what planning anew would win back.

    `won_least_cny` was found, more than `won_most_cny` is impossible; None where the year was not solved again.
    """

    times: float
    change_cny: float
    won_least_cny: float | None = None
    won_most_cny: float | None = None


@dataclass(frozen=True)
class Lean:
    """A coefficient the plan rests on, weak and strong: one case in ten is weaker, one in ten stronger.

    `table`: responses, elasticities, or judgement: all that was judged, too high or too low together.
    Knowing it beforehand is worth at least `least_cny` and at most `most_cny` a plan; None where that was not sought.
    """

    table: str
    tier: str
    tier_names: Names
    kind: str
    name: str
    source: str
    error: float
    added_cny: float
    weak: End
    strong: End
    least_cny: float | None = None
    most_cny: float | None = None

    @property
    def swing_cny(self) -> float:
        return abs(self.strong.change_cny - self.weak.change_cny)


@dataclass(frozen=True)
class SourceLine:
    """How much of what the plan adds rests on answers of one source: trial, history or judgement."""

    source: str
    added_cny: float
    share: float


@dataclass(frozen=True)
class Largest:
    """The few client groups (branch, tier, kind) that add most: their part of what is added, and of the contribution held."""

    groups: int
    of: int
    clients: int
    added_share: float
    contribution_share: float


@dataclass(frozen=True)
class Risks:
    """The plan under uncertain answers. `over_budget` = share of draws in which concessions cost more than was approved for them."""

    draws: int
    added: Spread
    net: Spread
    bars: tuple[Bar, ...]
    paying_back: float
    worst_tenth_cny: float  # mean net outcome of the worst tenth
    over_budget: float
    concession_high_cny: float  # one case in ten costs more
    leans: tuple[Lean, ...]  # largest swing first
    not_shown: int
    sources: tuple[SourceLine, ...]
    largest: Largest
    hours_tight: int  # branches whose managers need more than nine tenths of their hours
    branches: int

    @property
    def of_100(self) -> int:
        """Cases in a hundred that pay back, never rounded up."""
        return int(self.paying_back * 100 + 1e-9)

    @property
    def over_100(self) -> int:
        """Cases in a hundred in which concessions cost more than was approved."""
        return round(self.over_budget * 100)
