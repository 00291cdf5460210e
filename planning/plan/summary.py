"""Everything the page says about a plan, as finished numbers: the report only words and draws them.

Money in yuan; shares 0..1; names in both languages are (Chinese, English).
"""

from dataclasses import dataclass

from planning.plan.pictured import ResponseCurve, Waterfall
from planning.plan.plan import Plan
from planning.plan.study import Alternative, Frontier
from planning.plan.uncertainty import Risks
from planning.policy.sections import PERIODS

Names = tuple[str, str]


@dataclass(frozen=True)
class Budget:
    """One of the two budgets: what was asked, what the ratio allows, which of them limits, what the plan uses."""

    amount_cny: float
    ratio: float
    ratio_cny: float
    limit_cny: float
    limited_by: str  # amount | ratio
    used_cny: float


@dataclass(frozen=True)
class GroupLine:
    """One tier, region or branch. `event_cny` is the group's part of the cash, by seats; `hidden` = fewer clients than may be shown."""

    code: str
    names: Names
    clients: int
    contribution_cny: float
    event_cny: float
    concession_cny: float
    uplift_cny: float  # response to events, over the horizon
    gain_cny: float  # response to concessions, over the horizon
    reached: float  # attendances
    floor: float | None = None  # of standard cost, tiers only
    cap: float | None = None
    share: float | None = None  # its share of standard cost
    hidden: bool = False
    qualifying: int = 0  # clients who qualify for a granted concession
    about: bool = False  # concession_cny and gain_cny are shared out of several lines together

    def few_qualify(self, min_cell: int) -> bool:
        """Whether what concessions cost and bring here is of few clients."""
        return 0 < self.qualifying < min_cell

    @property
    def spend_cny(self) -> float:
        return self.event_cny + self.concession_cny

    @property
    def added_cny(self) -> float:
        return self.uplift_cny + self.gain_cny


@dataclass(frozen=True)
class SessionLine:
    """Sessions of one event at one host in one month, with guests, cash and the last day to tell clients."""

    event: str
    names: Names
    family: str
    host_level: str
    host_names: Names
    month: int
    sessions: int
    guests: float
    cash_cny: float
    notice_by: str  # ISO date of the latest invitation for a session on the month's last day
    host: str = ""


@dataclass(frozen=True)
class QuarterLine:
    quarter: int
    cash_cny: float
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class LadderLine:
    """One granted step (level > 0) or, with level 0, a cell that gets nothing. Rates in percent."""

    region: str
    region_names: Names
    tier: str
    tier_names: Names
    kind: str
    concession: str
    level: int
    depth: float  # basis points; a share for fee waivers
    cost_cny: float
    gain_cny: float
    base_cny: float  # deposits, loans or fees of the clients who qualify
    qualifying: int
    new_money_cny: float
    marginal_cost_pct: float | None  # of new deposits
    min_grade: int


@dataclass(frozen=True)
class BaselineLine:
    """A plan by a simple rule, scored with the same function. `broken` = (rule code, how many places)."""

    code: str  # this_plan | last_year | greedy_by_return | equal_split | by_assets | nothing
    value_cny: float
    event_cny: float
    concession_cny: float
    added_cny: float
    broken: tuple[tuple[str, int], ...]
    unplaced: int = 0  # lines of last year's plan that this year has no place for


@dataclass(frozen=True)
class RuleLine:
    """A rule at its tightest place. `state`: pass | binding | blocked. limit and value in `unit`; None where a rule has no single figure."""

    number: str  # E1 … R1
    code: str  # guests_fit_the_room …
    state: str
    places: int
    tight_places: int
    where: tuple[str, ...]  # codes that name the tightest place, for the planner
    where_names: Names  # the same place in words
    limit: float | None
    value: float | None
    unit: str  # CNY | guests | sessions | hours | share | attendances | level
    end: str = ""  # most | least: which end the limit is; "" where it is none, or value and limit are equal
    used: float | None = None  # value ÷ limit, of a least limit ÷ value: 1 on the limit; None where that says nothing


@dataclass(frozen=True)
class LeftOut:
    """An event type the plan does not use."""

    event: str
    names: Names
    family: str
    reason: str  # no_open_month | no_eligible_clients | not_worth_it | forbidden


@dataclass(frozen=True)
class Blocked:
    """What one bar of law or conduct keeps out: clients (each once), events, or ladder cells in which levels may not be granted; or the control group."""

    code: str  # a bar of catalogue.compliance, or holdout
    count: int
    what: str = "clients"  # clients | events | levels
    rule: str = ""  # L1 … L5, K4
    source: str = ""  # a code of words, or the source as the table of ceilings states it
    as_of: str = ""  # ISO date, or a year alone
    events: tuple[Names, ...] = ()  # that are forbidden, or that some of the clients may not have
    concession: str = ""  # whose levels
    levels: tuple[int, ...] = ()


@dataclass(frozen=True)
class HoursLine:
    """Managers' hours of one branch: needed by the visit standard, by events, and there. `by_tier` = (tier, hours of its visits)."""

    branch: str
    names: Names
    visits: float
    events: float
    hours: float
    by_tier: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Origin:
    """One table the plan was made from."""

    table: str
    rows: int
    as_of: str  # ISO date, or "" where the table carries none
    sha256: str  # first 12 hex digits
    borrowed: bool


@dataclass(frozen=True)
class EasedLine:
    """A rule that costs something: what one unit more of it brings at its dearest place, sessions and ladder held."""

    code: str
    where: tuple[str, ...]
    unit: str  # CNY | hours | attendances | sessions | point (a percentage point)
    worth_cny: float
    places: int


@dataclass(frozen=True)
class MoreMoney:
    """What a further amount on one budget brings, the year solved again: likely, and the range that the proven gaps leave."""

    budget: str  # event | concession
    step_cny: float
    likely_cny: float
    least_cny: float
    most_cny: float


@dataclass(frozen=True)
class Displaced:
    """Sessions that give way to an event."""

    names: Names
    host_names: Names
    sessions: int


@dataclass(frozen=True)
class NotHeld:
    """An event the plan does without, and what holding it once would cost the plan, yuan; None where no plan can hold it."""

    event: str
    names: Names
    likely_cny: float | None
    least_cny: float | None
    most_cny: float | None
    displaced: tuple[Displaced, ...]


@dataclass(frozen=True)
class LadderStop:
    """Why ladders of a tier and concession go no further: in how many regions and kinds, and what the next levels would bring and cost."""

    tier: str
    tier_names: Names
    concession: str
    reason: str  # as in plan.explained.stop_of
    cells: int
    gain_cny: float
    cost_cny: float


@dataclass(frozen=True)
class Explained:
    """Why the plan is as it is. `not_tried` = further events left out that were not tried, or not to an end in time."""

    eased: tuple[EasedLine, ...]
    more_money: tuple[MoreMoney, ...]
    not_held: tuple[NotHeld, ...]
    not_tried: int
    stops: tuple[LadderStop, ...]


@dataclass(frozen=True)
class Certified:
    """The bound that the second judge worked out from the prices in certificate.json alone, and how far the plan may lie below the best by it.

    `text` = certificate.json. Where there is none, `absent` says why: risk_aversion | not_solved | not_made.
    """

    bound_cny: float | None = None
    gap: float | None = None
    absent: str = ""
    text: str = ""


@dataclass(frozen=True)
class Summary:
    """The plan with all its derived numbers."""

    plan: Plan
    bank_names: Names
    sample: bool
    clients: int
    approachable: int
    segmented: int
    reached_clients: float  # expected clients who attend at least once, at most one an attendance
    base_contribution_cny: float
    last_year_event_cny: float | None
    last_year_concession_cny: float | None
    event_budget: Budget
    concession_budget: Budget
    tiers: tuple[GroupLine, ...]
    regions: tuple[GroupLine, ...]
    branches: tuple[GroupLine, ...]
    sessions: tuple[SessionLine, ...]
    quarters: tuple[QuarterLine, ...]
    ladder: tuple[LadderLine, ...]
    baselines: tuple[BaselineLine, ...]
    rules: tuple[RuleLine, ...]
    left_out: tuple[LeftOut, ...]
    blocked: tuple[Blocked, ...]
    hours: tuple[HoursLine, ...]
    origins: tuple[Origin, ...]
    rounding_loss_cny: float | None  # what whole guests cost against mean guests; None where only solving could tell
    verified_rules: int  # places checked by the second judge
    versions: tuple[tuple[str, str], ...]
    frontier: Frontier | None = None
    alternatives: tuple[Alternative, ...] = ()
    risks: Risks | None = None
    certified: Certified | None = None  # None where the plan is only a comparison
    ties_settled: bool = False  # whether the tie rule chose among the plans worth the same
    locked_sessions: int = 0  # of the plan's sessions, those that were locked before planning
    locked_levels: int = 0  # of the ladder's cells
    waterfall: Waterfall | None = None
    curves: tuple[ResponseCurve, ...] = ()

    @property
    def period(self) -> str:
        """year, first_half or second_half; a plan that does not say is for the year."""
        return str(self.plan.policy.get("period", "year"))

    @property
    def months(self) -> tuple[int, ...]:
        """The months of the period."""
        return PERIODS[self.period]

    @property
    def added_cny(self) -> float:
        return self.plan.totals.uplift_cny + self.plan.totals.gain_cny

    @property
    def spend_cny(self) -> float:
        return self.plan.totals.event_cny + self.plan.totals.concession_cny

    explained: Explained | None = None
