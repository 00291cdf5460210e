"""Ties: which of the plans that are worth the same is taken, so that another solver takes the same one.

Plans tie where their values differ by less than a yuan. Of those the one that spends least is taken; of those that spend
the same to a yuan, the one with the least sum of fixed weights over sessions, guests and levels in the order of their codes.
Settling takes three searches to the very end, in whole numbers and on the curves themselves, so only small years are
settled; of any other it is said that they are not.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import gcd
from random import Random

from planning.optimise.model import Model, Term, build, value
from planning.optimise.problem import Problem, Response
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, Outcome, solve
from planning.optimise.year import Year, large, year_of

TIE_CNY = 1.0
NODES = 400  # of each search
MOST_POINTS = 2_000  # touches a year can land on, over all responses
WEIGHTS = 10_000  # drawn from so many, two plans seldom weigh the same (isolation lemma of Mulmuley, Vazirani and Vazirani, 1987)
FINEST = 100  # parts of a touch that weights are read to


def settled(problem: Problem, year: Year) -> Year | None:
    """The year that the tie rule takes among those worth as much as the best, its bound that of `year` or better. None where it could not be settled."""
    if large(problem):
        return None
    exact = _on_the_curves(problem)
    if exact is None:
        return None
    model = build(exact, RULES)
    model.whole_guests()
    worth, money = value(model), _money(model)
    best = _searched(model)
    if best is None:
        return None
    model.require(worth, ">=", best.objective - TIE_CNY, "as_good")
    for purpose, within in ((money, TIE_CNY), (_weights(model), None)):
        model.set_objective([(variable, -amount) for variable, amount in purpose])
        if _searched(model) is None:
            return None
        if within is not None:
            model.require(purpose, "<=", _amount(purpose) + within, "as_cheap")
    valued = _valued(model, worth)
    if valued is None:
        return None
    found = year_of(model, replace(best, objective=valued.objective), year.outcome.objective + year.rounding_loss_cny)
    taken = replace(found, rounding_loss_cny=max(found.rounding_loss_cny, 0.0))
    taken = taken.against(min(year.outcome.bound, max(best.bound, taken.outcome.objective)), problem.policy.solver.gap)
    return taken if taken.outcome.status == "optimal" else None


def _searched(model: Model) -> Outcome | None:
    """The model's optimum, proven; None where the search was ended before."""
    found = solve(model.lp, model.problem.policy.solver, Effort(0.0, nodes=NODES))
    return found if found.status == "optimal" else None


def _valued(model: Model, worth: Sequence[Term]) -> Outcome | None:
    """What the plan found is worth: what was left open below the tie is made the most of."""
    for variable in (*model.sessions, *model.seats, *model.steps.values()):
        variable.lowBound = variable.upBound = round(variable.value() or 0.0)
    model.set_objective(worth)
    return _searched(model)


def _on_the_curves(problem: Problem) -> Problem | None:
    """The problem with a tangent at every touch that whole guests can land on; None where those are too many."""
    points = [_reachable(problem, response) for response in problem.responses]
    if sum(len(own) for own in points) > MOST_POINTS:
        return None
    return replace(problem, responses=tuple(replace(response, points=own) for response, own in zip(problem.responses, points, strict=True)))


def _reachable(problem: Problem, response: Response) -> tuple[float, ...]:
    step = gcd(*(round(FINEST * problem.event(problem.seats[i]).touch_weight) for i in response.seats)) / FINEST
    count = min(round(response.most_touches / step), MOST_POINTS + 1) if step else 0
    return tuple(step * number for number in range(count + 1))


def _money(m: Model) -> list[Term]:
    """E + Σ C·y."""
    return [*((cash, 1.0) for cash in m.cash.values()), *m.concession_cost]


def _weights(m: Model) -> list[Term]:
    """Σ weight·(Z, X, y), the weights whole numbers drawn once for all in the order of slots, seats and cells."""
    draw = Random(0)
    variables = (*m.sessions, *m.seats, *m.steps.values())
    return [(variable, float(draw.randint(1, WEIGHTS))) for variable in variables]


def _amount(terms: Sequence[Term]) -> float:
    return sum(amount * (variable.value() or 0.0) for variable, amount in terms)
