"""What if: other budgets, floors or caution, answered at once from the year without whole numbers.

Every figure is the saved plan's own, moved by what the relaxed year moves by; it is an estimate, never a plan. What no plan can
exceed at the asked levers is a bound, and holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from planning.book.book import Book
from planning.catalogue.offer import offer
from planning.errors import Infeasible
from planning.optimise.problem import budget_limits, problem
from planning.optimise.relaxation import Levers, Means, Relaxation
from planning.plan.compose import totals
from planning.plan.plan import Plan
from planning.plan.scenarios import choice_of
from planning.plan.study import Names
from planning.policy import Policy, changes

WIDEST = 2.0  # times today's budgets: as far as the levers go
LEAST_STEP = 0.02  # of a ladder's deepest level: a mean depth that moves less counts as unmoved


@dataclass(frozen=True)
class Moved:
    """A figure of the saved plan, and how the asked levers move it. `code` = value, event, concession or a family of events."""

    code: str
    saved: float
    change: float

    @property
    def estimate(self) -> float:
        return self.saved + self.change


@dataclass(frozen=True)
class MovedStep:
    """A ladder line whose mean depth moves: basis points or a share of the fee."""

    region_names: Names
    tier_names: Names
    kind: str
    concession: str
    moved: Moved


@dataclass(frozen=True)
class Answer:
    """What the levers change. Yuan, sessions.

    Value is measured at the caution asked for, the saved plan's too. No plan at these levers is worth more than `ceiling_cny`; at
    the saved plan's own levers that ceiling lies `above` (a share) over the saved plan. `limits_cny` = what events and concessions
    may cost, their ratios to contribution counted. `possible` is False where no plan keeps every rule: then the rest is empty.
    """

    possible: bool
    limits_cny: tuple[float, float]
    objective: str  # net | gross | careful
    ceiling_cny: float = 0.0
    above: float = 0.0
    figures: tuple[Moved, ...] = ()
    families: tuple[Moved, ...] = ()
    ladder: tuple[MovedStep, ...] = ()


class WhatIf:
    """A saved plan and its year without whole numbers, to be asked again and again.

    `start` = the levers of the saved plan; `tiers` = (code, names) of every tier, lowest first. Raises KeyError where the plan is
    of other data than the book.
    """

    def __init__(self, book: Book, policy: Policy, plan: Plan) -> None:
        self._offer = offer(book, policy)
        self._problem = problem(self._offer, policy)
        self._policy, self._plan = policy, plan
        self._choice = choice_of(self._problem, plan)
        budget = policy.budget
        self.start = Levers(budget.event_cny, budget.concession_cny, dict(policy.floors.tier), policy.value.risk_aversion)
        self.tiers = tuple((tier, self._offer.tier_names[tier]) for tier in self._problem.tiers)
        self._relaxation = Relaxation(self._problem, self._limits(Levers(WIDEST * budget.event_cny, WIDEST * budget.concession_cny, {}, 0.0)))
        self._base = self._means(self.start)
        self._expected, self._careful = (self._worth(aversion) for aversion in (0.0, 1.0))

    def ask(self, levers: Levers) -> Answer:
        """What the levers would change; budgets up to WIDEST times the saved plan's."""
        limits = self._limits(levers)
        objective = "careful" if levers.risk_aversion > 0 else self._policy.value.objective
        try:
            found = self._means(levers)
        except Infeasible:
            return Answer(False, limits, objective)
        saved = self._plan.totals.value_cny
        above = max(self._base.value_cny - saved, 0.0) / max(abs(saved), 1.0)
        figures = self._figures(found, levers.risk_aversion)
        return Answer(True, limits, objective, found.value_cny, above, figures, self._families(found), self._ladder(found))

    def as_policy(self, levers: Levers, against: Policy) -> dict[str, object]:
        """The saved plan's policy at these levers, as the fields in which it differs from another policy: a scenario beside that one."""
        floors = {tier: share for tier, share in levers.floors.items() if share > 0 or tier in self.start.floors}
        at = {"event_cny": levers.event_cny, "concession_cny": levers.concession_cny, "floors_tier": floors, "risk_aversion": levers.risk_aversion}
        return dict(changes(against, self._policy.with_parameters(at)))

    def _limits(self, levers: Levers) -> tuple[float, float]:
        budget = self._policy.budget.model_copy(update={"event_cny": levers.event_cny, "concession_cny": levers.concession_cny})
        return budget_limits(self._offer, self._policy.model_copy(update={"budget": budget}))

    def _means(self, levers: Levers) -> Means:
        return self._relaxation.at(Levers(*self._limits(levers), levers.floors, levers.risk_aversion))

    def _worth(self, aversion: float) -> float:
        """The saved plan at a caution, yuan: linear in it."""
        careful = self._policy.value.model_copy(update={"risk_aversion": aversion})
        return totals(replace(self._problem, policy=self._policy.model_copy(update={"value": careful})), self._choice).value_cny

    def _figures(self, found: Means, aversion: float) -> tuple[Moved, ...]:
        saved, base = self._plan.totals, self._base
        worth = (1 - aversion) * self._expected + aversion * self._careful
        return (
            Moved("value", worth, found.value_cny - (base.value_cny - saved.value_cny) - worth),
            _moved("event", saved.event_cny, found.event_cny - base.event_cny),
            _moved("concession", saved.concession_cny, found.concession_cny - base.concession_cny),
        )

    def _families(self, found: Means) -> tuple[Moved, ...]:
        held: dict[str, float] = {}
        for (s, _), count in self._choice.placed.sessions.items():
            family = self._problem.slots[s].event.family
            held[family] = held.get(family, 0.0) + count
        was, now = (self._by_family(means) for means in (self._base, found))
        return tuple(_moved(family, held.get(family, 0.0), now[family] - was[family]) for family in sorted(now))

    def _by_family(self, means: Means) -> Mapping[str, float]:
        held: dict[str, float] = {}
        for slot, count in zip(self._problem.slots, means.sessions, strict=True):
            held[slot.event.family] = held.get(slot.event.family, 0.0) + count
        return held

    def _ladder(self, found: Means) -> tuple[MovedStep, ...]:
        lines = []
        for (c, concession), depth in found.depths.items():
            cell = self._problem.cells[c]
            depths = {step.level: step.depth for step in cell.steps[concession]}
            moved = _moved(concession, depths[self._choice.levels[c, concession]], depth - self._base.depths[c, concession], max(depths.values()))
            if abs(moved.change) > LEAST_STEP * max(depths.values()):
                names = self._offer.region_names[cell.region], self._offer.tier_names[cell.tier]
                lines.append((abs(moved.change) / max(depths.values()), MovedStep(*names, cell.kind, concession, moved)))
        return tuple(line for _, line in sorted(lines, key=lambda one: -one[0]))


def _moved(code: str, saved: float, change: float, most: float = float("inf")) -> Moved:
    """A figure that cannot fall below nought or rise above `most`."""
    return Moved(code, saved, min(max(saved + change, 0.0), most) - saved)
