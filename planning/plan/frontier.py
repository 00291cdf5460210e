"""Value against budget: the best plan at each of several budgets, with what no plan there can exceed."""

from collections.abc import Sequence
from dataclasses import replace

from planning.errors import Infeasible, NotSolved
from planning.optimise.placement import place, plan_months
from planning.optimise.problem import Problem
from planning.optimise.year import Year, solve_year
from planning.plan.compose import Choice, totals
from planning.plan.study import Frontier, FrontierPoint

SHARES = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.15, 1.3, 1.45, 1.6)
SLACK = 0.01  # yuan
LOOSER = 3.0  # times the asked gap: how closely the points beside a plan are proven
Found = tuple[FrontierPoint, Year | None]


def frontier(problem: Problem, last_year: tuple[float, float] | None, scaled: str = "both", shares: Sequence[float] = SHARES) -> Frontier:
    """The frontier at `shares` of the problem's budgets, today's (1.0) always among them.

    Solved from the largest budget down, each from the former's plan; a plan that fits the next budget too is the best there
    too. A plan for less money is a plan for more, and a bound for more is one for less, so both lines rise with the budget.
    """
    at = sorted({*shares, 1.0})
    found: list[Found] = []
    for share in reversed(at):
        found.append(_point(within(problem, *_scaled(problem, scaled, share)), share, found[-1] if found else None))
    points = rising([point for point, _ in reversed(found)])
    return Frontier(scaled, points, at.index(1.0), _of(scaled, last_year))


def frontier_through(problem: Problem, own: tuple[Year, Choice], last_year: tuple[float, float] | None) -> Frontier:
    """The frontier through a plan already found, at SHARES of both budgets, its neighbours proven to LOOSER times the asked gap.

    Solved from the plan outwards, each point from the one before it. Where less money happens to find more value, within the
    gap, the point says the plan's own value: that much it is worth at least.
    """
    looser = replace(problem, policy=problem.policy.with_parameters({"gap": min(problem.policy.solver.gap * LOOSER, 0.5)}))
    current: Found = _found(problem, 1.0, *own)
    below, above = [current], [current]
    for share in sorted((share for share in SHARES if share < 1), reverse=True):
        below.append(_point(within(looser, *_scaled(problem, "both", share)), share, below[-1]))
    for share in sorted(share for share in SHARES if share > 1):
        above.append(_point(within(looser, *_scaled(problem, "both", share)), share, above[-1]))
    less = [replace(point, value_cny=min(point.value_cny, current[0].value_cny)) for point, _ in reversed(below[1:])]
    points = [*less, *(point for point, _ in above)]
    return Frontier("both", rising(points), len(below) - 1, _of("both", last_year))


def within(problem: Problem, event_cny: float, concession_cny: float) -> Problem:
    """The same year with other budgets."""
    budget = problem.policy.budget.model_copy(update={"event_cny": event_cny, "concession_cny": concession_cny})
    return replace(problem, policy=problem.policy.model_copy(update={"budget": budget}), event_limit_cny=event_cny, concession_limit_cny=concession_cny)


def best_within(problem: Problem, like: Year | None = None) -> tuple[Year, Choice]:
    """The best year in months, sought from the plan `like`. Infeasible and NotSolved as solve_year and plan_months."""
    year = solve_year(problem, like=like)
    try:
        return year, Choice(place(problem, year, evenly=False), year.levels)
    except NotSolved:
        year, placed = plan_months(problem)
        return year, Choice(placed, year.levels)


def rising(points: Sequence[FrontierPoint]) -> tuple[FrontierPoint, ...]:
    """Points in the order of their budgets: each takes over the best plan for less money and the bound of more."""
    better: list[FrontierPoint] = []
    for point in points:
        former = better[-1] if better else None
        if former is not None and former.feasible and (not point.feasible or former.value_cny > point.value_cny):
            point = replace(
                point, event_cny=former.event_cny, concession_cny=former.concession_cny, added_cny=former.added_cny, value_cny=former.value_cny, feasible=True
            )
        better.append(point)
    bound = float("inf")
    for place_, point in reversed(list(enumerate(better))):
        bound = min(bound, point.bound_cny)
        better[place_] = replace(point, bound_cny=max(bound, point.value_cny))
    return tuple(better)


def _point(problem: Problem, share: float, former: Found | None) -> Found:
    limits = problem.event_limit_cny, problem.concession_limit_cny
    if former is not None and former[1] is not None and share < former[0].share and _fits(problem, former[0]):
        return replace(former[0], share=share, event_limit_cny=limits[0], concession_limit_cny=limits[1]), former[1]
    try:
        year, choice = best_within(problem, former[1] if former else None)
    except (Infeasible, NotSolved):
        known = former[0].bound_cny if former and share < former[0].share else float("inf")
        return FrontierPoint(share, *limits, 0.0, 0.0, 0.0, 0.0, known, feasible=False), None
    return _found(problem, share, year, choice)


def _found(problem: Problem, share: float, year: Year, choice: Choice) -> Found:
    limits, sums = (problem.event_limit_cny, problem.concession_limit_cny), totals(problem, choice)
    return FrontierPoint(share, *limits, sums.event_cny, sums.concession_cny, sums.uplift_cny + sums.gain_cny, sums.value_cny, year.outcome.bound), year


def _fits(problem: Problem, point: FrontierPoint) -> bool:
    return point.event_cny <= problem.event_limit_cny + SLACK / 10 and point.concession_cny <= problem.concession_limit_cny + SLACK / 10


def _scaled(problem: Problem, scaled: str, share: float) -> tuple[float, float]:
    event = share if scaled != "concession" else 1.0
    concession = share if scaled != "event" else 1.0
    return problem.event_limit_cny * event, problem.concession_limit_cny * concession


def _of(scaled: str, last_year: tuple[float, float] | None) -> float | None:
    if last_year is None:
        return None
    return {"both": sum(last_year), "event": last_year[0], "concession": last_year[1]}[scaled]
