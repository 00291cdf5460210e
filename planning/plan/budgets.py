"""Least budgets for goals, and the four ways to set a budget, each with the best plan it pays."""

from planning.errors import Infeasible, NotSolved
from planning.optimise.goal import Goal, Steered, attained, least_budget, most_of
from planning.optimise.problem import Problem
from planning.plan.compose import Choice, totals
from planning.plan.frontier import best_within, within
from planning.plan.plan import Totals
from planning.plan.study import LeastLine, MethodLine

Limits = tuple[float, float]  # events, concessions; yuan


def least_line(problem: Problem, goal: Goal) -> LeastLine:
    """The least budget for a goal; where it is out of reach, the most there is and what that takes."""
    in_reach, top = False, None
    try:
        found = least_budget(problem, goal)
        in_reach = found is not None
        if found is None:
            found = top = most_of(problem, goal.kind)
    except NotSolved:
        found = None
    if found is None:
        return LeastLine(goal.kind, goal.amount, 0.0, 0.0, False, 0.0, 0.0, 0.0, 0.0, 0.0, found=False)
    sums, got = _totals(problem, found), attained(problem, goal.kind, found.year)
    most = top.bound if top else got
    bound = found.bound if in_reach else 0.0
    return LeastLine(goal.kind, goal.amount, got, most, in_reach, sums.event_cny, sums.concession_cny, bound, sums.value_cny, sums.uplift_cny + sums.gain_cny)


def methods(problem: Problem, budgets: dict[str, Limits], least: LeastLine | None) -> tuple[MethodLine, ...]:
    """The best plan within the budget of each method, in the order given, and the objective-and-task method where its goal is in reach."""
    lines = [_method(problem, code, limits) for code, limits in budgets.items()]
    if least is not None and least.in_reach:
        lines.append(MethodLine("objective", least.spend_cny, least.event_cny, least.concession_cny, least.added_cny, least.value_cny))
    return tuple(lines)


def budgets_of(problem: Problem, base_cny: float, last_year: Limits | None, asked: tuple[float | None, float | None]) -> dict[str, Limits]:
    """Each method's two budgets. `asked` = (affordable amount, share of contribution); a single amount is parted as the policy parts its budgets.

    None = the policy's own: its amounts are what is affordable, its ratios the shares of last year's contribution.
    """
    policy, own = problem.policy.budget, (problem.event_limit_cny, problem.concession_limit_cny)
    affordable, share = asked
    base = max(base_cny, 0.0) * problem.policy.part_of_year
    found = {"affordable": (policy.event_cny, policy.concession_cny) if affordable is None else _parted(affordable, own)}
    if last_year is not None:
        found["last_year"] = last_year
    found["share"] = (policy.event_ratio * base, policy.concession_ratio * base) if share is None else _parted(share * base, own)
    return found


def _parted(amount: float, own: Limits) -> Limits:
    whole = sum(own)
    return (amount * own[0] / whole, amount * own[1] / whole) if whole else (amount, 0.0)


def _method(problem: Problem, code: str, limits: Limits) -> MethodLine:
    try:
        _, choice = best_within(within(problem, *limits))
    except (Infeasible, NotSolved):
        return MethodLine(code, sum(limits), 0.0, 0.0, 0.0, 0.0, found=False)
    sums = totals(problem, choice)
    return MethodLine(code, sum(limits), sums.event_cny, sums.concession_cny, sums.uplift_cny + sums.gain_cny, sums.value_cny)


def _totals(problem: Problem, found: Steered) -> Totals:
    return totals(problem, Choice(found.placed, found.year.levels))
