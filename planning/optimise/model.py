"""The year model: how many sessions each host holds, who attends, and which concessions are granted.

symbol    variable              meaning
Z[e,h]    sessions[slot]        sessions of event type e at host h over the year, whole
X[g,e,h]  seats[seat]           attendances of segment g at them over the year
u[g,f,s]  pieces[response, s]   weighted touches on straight piece s of the response, 0 ≤ u ≤ width
y[c,κ,l]  steps[cell, κ, l]     1 if ladder cell c = (region, tier, kind) gets level l of concession κ
w[b]      short[branch]         hours of visits missed in branch b (contact rule `target` only)
T[t]      tier_spend[tier]      standard cost of a tier
R[g]      reached[g]            clients of a segment who come at least once; only where a goal asks for them
E[M]      cash[months]          the bank's cash for events that can be held in just the months M; E = Σ_M E[M]
B[i]      tail.totals[key]      what rests on uncertain coefficient i, as expected; like η and ξ only with risk aversion
η, ξ[s]   tail.worst, .short    the best of the worst tenth of draws, and how far draw s falls short of it

Months do not enter: every rule of the month model implies its row here, so the bound of this model bounds the year
with months too (4-model.md, "Solving it fast"). Money in yuan.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from operator import attrgetter

import pulp

from planning.catalogue.concessions import Step
from planning.catalogue.doubts import Key
from planning.catalogue.events import EventType
from planning.optimise.outcomes import DRAWS, WORST, boxes, drawn
from planning.optimise.problem import Problem, Slot

Term = tuple[pulp.LpVariable, float]
Weight = Callable[[EventType], float]  # what one attendance weighs in a row

# What a unit of each kind of relief counts, in yuan, so that a yuan, a session and an hour compare.
RELIEF = {"CNY": 1.0, "sessions": 20_000.0, "hours": 300.0, "attendances": 500.0}


@dataclass(frozen=True)
class Row:
    """One row of a rule: which rule, for what, and the slack variable where it may be relieved.

    Rule, place and sense together name a row, whatever its number: a plan's certificate does so.
    """

    rule: str
    where: tuple[str, ...]
    unit: str
    constraint: pulp.LpConstraint
    relief: pulp.LpVariable | None = None

    @property
    def sense(self) -> str:
        """<=, >= or ==."""
        return {pulp.LpConstraintLE: "<=", pulp.LpConstraintGE: ">=", pulp.LpConstraintEQ: "=="}[self.constraint.sense]


@dataclass(frozen=True)
class Tail:
    """The variables of the worst tenth of draws: B by coefficient, η and ξ a draw."""

    totals: Mapping[Key, pulp.LpVariable]
    worst: pulp.LpVariable
    short: tuple[pulp.LpVariable, ...]


@dataclass
class Model:
    """The variables and rows of one problem. With `relieving`, policy rules may be broken at a price."""

    problem: Problem
    relieving: bool = False
    rows: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        p = self.problem
        self.lp = pulp.LpProblem("year", pulp.LpMinimize if self.relieving else pulp.LpMaximize)
        self.sessions = [pulp.LpVariable(f"Z{s}", 0, slot.most_sessions, pulp.LpInteger) for s, slot in enumerate(p.slots)]
        self.seats = [pulp.LpVariable(f"X{i}", 0, seat.most) for i, seat in enumerate(p.seats)]
        self.pieces = [[pulp.LpVariable(f"u{r}_{s}", 0, piece.width) for s, piece in enumerate(response.pieces)] for r, response in enumerate(p.responses)]
        self.steps = {
            (c, kind, step.level): pulp.LpVariable(f"y{c}_{kind}_{step.level}", 0, 1, pulp.LpInteger)
            for c, cell in enumerate(p.cells)
            for kind, steps in cell.steps.items()
            for step in steps
        }
        self.tier_spend = {tier: pulp.LpVariable(f"T{t}", 0, most_standard_cost(p)) for t, tier in enumerate(p.tiers)}
        target = p.policy.contact.rule == "target"
        self.short = {branch: pulp.LpVariable(f"w{b}", 0) for b, branch in enumerate(p.hours)} if target else {}
        most_cash = None if self.relieving else 2 * (p.event_limit_cny + p.concession_limit_cny) + 1  # a box that never binds
        self.cash = {months: pulp.LpVariable(f"E{i}", 0, most_cash) for i, months in enumerate(sorted({slot.event.months for slot in p.slots}))}

    def require(self, terms: Iterable[Term], sense: str, limit: float, rule: str, where: tuple[str, ...] = (), unit: str = "") -> None:
        """Add one row `Σ coefficient·variable sense limit`. A `unit` makes it a policy row, which may be relieved."""
        merged: dict[pulp.LpVariable, float] = {}
        for variable, coefficient in terms:
            merged[variable] = merged.get(variable, 0.0) + coefficient
        relief = None
        if self.relieving and unit:
            relief = pulp.LpVariable(f"relief{len(self.rows)}", 0)
            merged[relief] = -1.0 if sense == "<=" else 1.0
        senses = {"<=": pulp.LpConstraintLE, ">=": pulp.LpConstraintGE, "==": pulp.LpConstraintEQ}
        constraint = pulp.LpConstraint(pulp.LpAffineExpression(list(merged.items())), senses[sense], f"r{len(self.rows)}", limit)
        self.lp.addConstraint(constraint)
        self.rows.append(Row(rule, where, unit, constraint, relief))

    def set_objective(self, terms: Iterable[Term]) -> None:
        """What is made as large (relieving: as small) as can be: Σ coefficient·variable, each variable once."""
        self.lp.setObjective(pulp.LpAffineExpression(list(terms)))

    def fix_decisions(self) -> None:
        """Hold sessions and ladder as solved; guests become whole numbers."""
        for variable in (*self.sessions, *self.steps.values()):
            variable.lowBound = variable.upBound = round(variable.value())
        self.whole_guests()

    def sessions_as_means(self) -> None:
        """Sessions need not be whole: what is left to choose is the ladder."""
        for session in self.sessions:
            session.cat = pulp.LpContinuous

    def hold_events(self, like: "Model") -> None:
        """Hold sessions and guests as another model of the same problem has them, whole or not: what is left to choose is the ladder."""
        self.sessions_as_means()
        for own, other in zip((*self.sessions, *self.seats), (*like.sessions, *like.seats), strict=True):
            own.lowBound = own.upBound = other.value()

    def hold_ladder(self, like: "Model") -> None:
        """Hold the ladder as another model of the same problem has it."""
        for key, step in self.steps.items():
            step.lowBound = step.upBound = round(like.steps[key].value())

    def worth(self) -> float:
        """The objective as solved, yuan."""
        return float(pulp.value(self.lp.objective) or 0.0)

    def values(self) -> dict[str, float]:
        """Every variable's value by name."""
        return {variable.name: variable.value() for variable in self.lp.variables()}

    def whole_guests(self) -> None:
        """Guests in whole numbers."""
        for seat in self.seats:
            seat.cat = pulp.LpInteger

    def granted(self, cells: Iterable[int]) -> Iterator[tuple[pulp.LpVariable, Step]]:
        """The variables y of those cells with the step each stands for."""
        for c in cells:
            for kind, steps in self.problem.cells[c].steps.items():
                yield from ((self.steps[c, kind, step.level], step) for step in steps)

    @cached_property
    def concession_cost(self) -> list[Term]:
        """Σ C·y."""
        return [(y, step.cost_cny) for y, step in self.granted(range(len(self.problem.cells))) if step.cost_cny]

    @cached_property
    def reached(self) -> list[pulp.LpVariable]:
        """R[g]: clients of segment g who come at least once, on expectation; at most those who are not held out."""
        held_in = 1 - self.problem.policy.evaluation.holdout_share
        return [pulp.LpVariable(f"R{g}", 0, held_in * segment.clients) for g, segment in enumerate(self.problem.segments)]

    @cached_property
    def tail(self) -> Tail | None:
        """B, η and ξ in boxes that never bind; None without risk aversion, and where nothing is uncertain."""
        around = boxes(self.problem) if self.problem.policy.value.risk_aversion > 0 else {}
        if not around:
            return None
        totals = {key: pulp.LpVariable(f"B{i}", *box) for i, (key, box) in enumerate(around.items())}
        times = drawn(self.problem)
        far = sum(float(times[key].max() + 1) * (high - low) for key, (low, high) in around.items()) + 1
        short = tuple(pulp.LpVariable(f"xi{s}", 0, 2 * far) for s in range(DRAWS))
        return Tail(totals, pulp.LpVariable("eta", -far, far), short)

    def cash_of(self, slots: Iterable[int]) -> list[Term]:
        """Cash of those slots: (fixed·Z + guest·X)·(1 − partner share)."""
        p = self.problem
        terms: list[Term] = []
        for s in slots:
            event = p.slots[s].event
            terms.append((self.sessions[s], event.fixed_cost_cny * event.bank_share))
            terms += [(self.seats[i], event.guest_cost_cny * event.bank_share) for i in p.seats_of_slot[s]]
        return terms

    def attendances(self, seats: Iterable[int], weight: Weight) -> list[Term]:
        """Σ weight(event) · X over those seats."""
        return [(self.seats[i], amount) for i in seats if (amount := weight(self.problem.event(self.problem.seats[i])))]


EACH: Weight = lambda _: 1.0  # noqa: E731  a weight like the others, read beside them
GIFT: Weight = attrgetter("gift_cny")
STANDARD_COST: Weight = attrgetter("standard_cost_cny")
TOUCH: Weight = attrgetter("touch_weight")
GUEST_HOURS: Weight = attrgetter("hours_guest")


def build(problem: Problem, rules: "Iterable[Rule]", relieving: bool = False) -> Model:
    """The model of a problem under `rules` (optimise/rules.py), with its objective."""
    model = Model(problem, relieving)
    for rule in rules:
        rule(model)
    model.set_objective(relief_needed(model) if relieving else value(model))
    return model


Rule = Callable[[Model], None]


def value(m: Model) -> list[Term]:
    """(1 − ρ) · expected + ρ · CVaR₁₀ = expected + ρ·(η − Σ_s ξ[s]/WORST − Σ_i B[i]); the last part only with risk aversion ρ > 0."""
    aversion = m.problem.policy.value.risk_aversion
    if m.tail is None:
        return expected(m)
    careful = [(m.tail.worst, aversion), *((short, -aversion / WORST) for short in m.tail.short), *((total, -aversion) for total in m.tail.totals.values())]
    return [*expected(m), *careful]


def expected(m: Model) -> list[Term]:
    """Σ slope·u + Σ G·y − (net only) [event cash + Σ C·y] − price of short hours."""
    p = m.problem
    terms = [(u, piece.slope) for r, response in enumerate(p.responses) for u, piece in zip(m.pieces[r], response.pieces, strict=True)]
    terms += [(y, step.gain_cny) for y, step in m.granted(range(len(p.cells))) if step.gain_cny]
    terms += [(w, -p.policy.contact.cost_per_hour_short) for w in m.short.values()]
    if p.net:
        terms += [*((cash, -1.0) for cash in m.cash.values()), *((y, -cost) for y, cost in m.concession_cost)]
    merged: dict[pulp.LpVariable, float] = {}
    for variable, coefficient in terms:
        merged[variable] = merged.get(variable, 0.0) + coefficient
    return list(merged.items())


def most_standard_cost(p: Problem) -> float:
    """No tier's standard cost can be more: every seat taken, the dearest step of every ladder."""
    seats = sum(p.event(seat).standard_cost_cny * seat.most for seat in p.seats)
    return seats + sum(max(step.cost_cny for step in steps) for cell in p.cells for steps in cell.steps.values())


def relief_needed(m: Model) -> list[Term]:
    """Σ weight · relief: the least of it says which rules must give way, and by how much."""
    return [(row.relief, RELIEF[row.unit]) for row in m.rows if row.relief is not None]


def slot_names(slot: Slot) -> tuple[str, str]:
    """Where a slot's rows are, for messages."""
    return slot.event.event, slot.host
