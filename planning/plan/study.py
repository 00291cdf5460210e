"""What a study of plans says beside the plan itself, as finished numbers: scenarios, frontier, least budgets, methods, alternatives.

Money in yuan; shares 0..1; names in both languages are (Chinese, English).
"""

from dataclasses import dataclass

from planning.errors import Fault

Names = tuple[str, str]


@dataclass(frozen=True)
class FrontierPoint:
    """The best found with that much money, and what no plan with it can exceed. `share` = of the budgets of this plan."""

    share: float
    event_limit_cny: float
    concession_limit_cny: float
    event_cny: float
    concession_cny: float
    added_cny: float
    value_cny: float
    bound_cny: float
    feasible: bool = True  # False: no plan was found with that little

    @property
    def limit_cny(self) -> float:
        return self.event_limit_cny + self.concession_limit_cny


@dataclass(frozen=True)
class Frontier:
    """Value against budget, least budget first. `scaled` = which budgets: both, event or concession.

    `current` = place of this plan's own budgets; `last_year_cny` = what was spent last year on what is scaled, None where unknown.
    """

    scaled: str
    points: tuple[FrontierPoint, ...]
    current: int
    last_year_cny: float | None


@dataclass(frozen=True)
class Change:
    """Money placed differently: a family of events, a tier, a concession or a region, before and after, yuan of standard cost."""

    what: str  # family | tier | concession | region
    code: str
    names: Names
    before_cny: float
    after_cny: float

    @property
    def more_cny(self) -> float:
        return self.after_cny - self.before_cny


@dataclass(frozen=True)
class Alternative:
    """A plan nearly as good. `apart` = share of the money placed differently from this plan, `nearest` = from the likest of all others."""

    value_cny: float
    event_cny: float
    concession_cny: float
    added_cny: float
    sessions: int
    guests: float
    apart: float
    nearest: float
    changes: tuple[Change, ...]  # largest first


@dataclass(frozen=True)
class Difference:
    """One line that differs from the base. `what`: sessions (event × host), ladder (level of a cell) or guests (tier)."""

    what: str
    where: tuple[Names, ...]
    codes: tuple[str, ...]
    before: float
    after: float


@dataclass(frozen=True)
class ScenarioLine:
    """A named scenario beside the base. Where no plan was found, `faults` say why and the figures are 0.

    `proven_cny` = the part of the difference in value that both gaps together cannot explain, 0 where none is proven.
    `base_value_cny` = the same plan measured with the base's tables and policy, None where it does not fit them.
    `kept_value_cny` = the base plan measured with the scenario's, where these differ only in what is believed of clients; else None.
    """

    name: str
    names: Names
    overrides: tuple[str, ...]
    value_cny: float = 0.0
    bound_cny: float = 0.0
    event_cny: float = 0.0
    concession_cny: float = 0.0
    added_cny: float = 0.0
    reached: float = 0.0
    status: str = ""
    gap: float = 0.0
    binding: tuple[str, ...] = ()
    proven_cny: float = 0.0
    base_value_cny: float | None = None
    kept_value_cny: float | None = None
    differences: tuple[Difference, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def spend_cny(self) -> float:
        return self.event_cny + self.concession_cny

    @property
    def regret_cny(self) -> tuple[float, float] | None:
        """What keeping the base plan would forgo there: as found, and at most; None where more than beliefs differ, or no plan was found."""
        if self.kept_value_cny is None or not self.status:
            return None
        return max(self.value_cny - self.kept_value_cny, 0.0), max(self.bound_cny - self.kept_value_cny, 0.0)


@dataclass(frozen=True)
class LeastLine:
    """The least budget for a goal. Where it is out of reach, `reached` is the most there is and the money what that takes."""

    kind: str  # value | added | retention | reached
    goal: float  # yuan over the horizon, or clients
    attained: float
    most: float  # no plan attains more
    in_reach: bool
    event_cny: float
    concession_cny: float
    bound_cny: float  # no plan reaches the goal for less
    value_cny: float
    added_cny: float
    found: bool = True  # False: no plan whose months fit was found in time; the figures are 0

    @property
    def spend_cny(self) -> float:
        return self.event_cny + self.concession_cny


@dataclass(frozen=True)
class MethodLine:
    """A way to set the budget, and the best plan within it. `code`: affordable, last_year, share or objective."""

    code: str
    budget_cny: float
    event_cny: float
    concession_cny: float
    added_cny: float
    value_cny: float
    found: bool = True  # False: no plan was found with that budget


@dataclass(frozen=True)
class Study:
    """Everything beside the base plan."""

    scenarios: tuple[ScenarioLine, ...]
    frontier: Frontier
    least: tuple[LeastLine, ...]
    methods: tuple[MethodLine, ...]
    alternatives: tuple[Alternative, ...]
