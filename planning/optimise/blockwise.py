"""A good year of a large bank: sessions as the blocks would hold them, joined under the shared rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from planning.optimise.decompose import Blocks, cut, priced
from planning.optimise.duals import multipliers
from planning.optimise.model import Model, build
from planning.optimise.problem import Problem
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, solve

DEARER, CHEAPER = 1.05, 0.95  # cash at the second prices, as the first have too many or too few sessions
PROOF, SKETCH = 0.1, 0.5  # of the asked gap: how closely blocks are solved for the bound, and for further sessions
JOINED = 0.3  # of the asked gap: how closely the joined year is solved
ENOUGH, MANY_SLOTS = 0.75, 400  # of the asked gap: among that many slots a joined year that near to the bound is good enough
TINY = 1e-6

Sessions = Sequence[float]


@dataclass(frozen=True)
class Joined:
    """A year under all rules with guests as means, its model solved, and what bounds every year, yuan. `model` None = none was found."""

    model: Model | None
    bound: float


def join_blocks(problem: Problem, like: Sessions | None = None) -> Joined:
    """Cut the year, price what is shared, solve each block, and choose among what the blocks would do.

    `like` = sessions of another year to choose from too.
    """
    options, asked = problem.policy.solver, problem.policy.solver.gap
    linear = build(problem, RULES)
    if solve(linear.lp, options, Effort(0.0, relaxed=True)).status != "optimal":
        return Joined(None, float("inf"))
    means = [session.value() for session in linear.sessions]
    first, second = _wishes(linear, means)
    ladder = _ladder_beside(linear)
    if ladder is None or not first.sessions:
        return Joined(None, first.bound)
    wished = [wish for wish in (first.sessions, second.sessions, like) if wish]
    target = first.bound / (1 + asked * ENOUGH) if len(problem.slots) > MANY_SLOTS else None
    for wider in ((), ([floor(mean + TINY) for mean in means], [ceil(mean - TINY) for mean in means])):
        model = build(problem, RULES)
        model.hold_ladder(ladder)
        _between(model, [*wished, *wider], means)
        told = solve(model.lp, options, Effort(asked * JOINED, target=target))
        if told.status in ("optimal", "feasible"):
            return Joined(model, first.bound)
    return Joined(None, first.bound)


def _wishes(linear: Model, means: Sessions) -> tuple[Blocks, Blocks]:
    """What the blocks would hold at the linear model's prices, and at dearer or cheaper cash."""
    asked, pieces = linear.problem.policy.solver.gap, cut(linear)
    prices = multipliers(linear, linear.problem.policy.solver.name)
    first = priced(linear, pieces, prices, asked * PROOF)
    if not first.sessions:
        return first, Blocks(float("inf"), ())
    scale = DEARER if _fixed_cash(linear, first.sessions) > _fixed_cash(linear, means) else CHEAPER
    other = [price * scale if row.rule == "event_cash" else price for price, row in zip(prices, linear.rows, strict=True)]
    return first, priced(linear, pieces, other, asked * SKETCH)


def _fixed_cash(model: Model, sessions: Sessions) -> float:
    return sum(slot.event.fixed_cost_cny * slot.event.bank_share * count for slot, count in zip(model.problem.slots, sessions, strict=True))


def _ladder_beside(linear: Model) -> Model | None:
    """The best ladder beside the linear model's events."""
    model = build(linear.problem, RULES)
    model.hold_events(linear)
    told = solve(model.lp, linear.problem.policy.solver, Effort(linear.problem.policy.solver.gap / 10))
    return model if told.status in ("optimal", "feasible") else None


def _between(model: Model, wished: Sequence[Sessions], means: Sessions) -> None:
    """Sessions between the least and the most that was wished for; what several blocks share may move by one around its mean."""
    for s, (slot, session) in enumerate(zip(model.problem.slots, model.sessions, strict=True)):
        low, high = min(round(wish[s]) for wish in wished), max(round(wish[s]) for wish in wished)
        if slot.event.host_level != "branch":
            low, high = min(low, floor(means[s] + TINY) - 1), max(high, ceil(means[s] - TINY) + 1)
        session.lowBound, session.upBound = max(low, 0), min(high, slot.most_sessions)
