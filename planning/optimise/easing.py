"""What a rule costs: the value of easing it by one unit, and the year solved again with more money or another event."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from planning.errors import Infeasible
from planning.optimise.duals import multipliers
from planning.optimise.model import Row, build
from planning.optimise.problem import Problem
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, solve
from planning.optimise.tangents import SPREAD, near, touches_of
from planning.optimise.year import Year, solve_year
from planning.policy.sections import MustHold

SHARES_OF_COST = ("tier_floor", "tier_cap", "branch_cap")  # limits that are a share of all standard cost
POINT = 0.01  # a percentage point
WORTH_TELLING = 0.01  # yuan a unit: less is the solver's last digits


@dataclass(frozen=True)
class Eased:
    """A policy rule at one place: what easing it by one `unit` brings, yuan of the objective. A share is eased by a percentage point."""

    rule: str
    where: tuple[str, ...]
    unit: str  # CNY | hours | attendances | sessions | point
    worth_cny: float


@dataclass(frozen=True)
class Change:
    """What a changed problem's best year brings against this one's: the bounds' difference, and the range that both gaps leave. Yuan."""

    likely_cny: float
    least_cny: float
    most_cny: float


def easing(problem: Problem, year: Year) -> tuple[Eased, ...]:
    """The multipliers of the policy rules in the linear model with the year's sessions and ladder held, dearest first."""
    model = build(near(problem, touches_of(problem, year.guests), SPREAD), RULES)
    for session, count in zip(model.sessions, year.sessions, strict=True):
        session.lowBound = session.upBound = count
    for (c, concession, level), step in model.steps.items():
        step.lowBound = step.upBound = float(year.levels[c, concession] == level)
    options = problem.policy.solver
    if solve(model.lp, options, Effort(0.0, relaxed=True)).status != "optimal":
        return ()
    spent = {"standard": sum(total.value() for total in model.tier_spend.values()), "cash": sum(cash.value() for cash in model.cash.values())}
    rows = zip(model.rows, multipliers(model, options.name), strict=True)
    eased = [_eased(row, abs(price), spent) for row, price in rows if row.unit]
    return tuple(sorted((one for one in eased if one.worth_cny > WORTH_TELLING), key=lambda one: (-one.worth_cny, one.rule, one.where)))


def _eased(row: Row, price: float, spent: dict[str, float]) -> Eased:
    if row.rule in SHARES_OF_COST:
        return Eased(row.rule, row.where, "point", price * POINT * spent["standard"])
    if row.rule == "spend_phased":
        return Eased(row.rule, row.where, "point", price * POINT * spent["cash"])
    return Eased(row.rule, row.where, row.unit, price)


def with_more(problem: Problem, year: Year, event_cny: float = 0.0, concession_cny: float = 0.0) -> Change:
    """What so much more on either limit brings: the year is solved again. More money never brings less."""
    richer = replace(
        problem, event_limit_cny=max(problem.event_limit_cny + event_cny, 0.0), concession_limit_cny=max(problem.concession_limit_cny + concession_cny, 0.0)
    )
    found = change(year, solve_year(richer, like=year))
    return replace(found, least_cny=max(found.least_cny, 0.0)) if min(event_cny, concession_cny) >= 0 else found


def holding(problem: Problem, year: Year, event: str) -> Year | None:
    """The best year that holds an event at least once; None where no year does. NotSolved when none was found in time."""
    open_months = (month for slot in problem.slots if slot.event.event == event and slot.most_sessions for month in slot.event.months)
    month = next((month for month in open_months if month in problem.months), None)
    if month is None:
        return None
    calendar = problem.policy.calendar
    wanted = calendar.model_copy(update={"must_hold": (*calendar.must_hold, MustHold(event=event, month=month))})
    try:
        return solve_year(replace(problem, policy=problem.policy.model_copy(update={"calendar": wanted})), like=year)
    except Infeasible:
        return None


def change(before: Year, after: Year) -> Change:
    """From one year to another: bound against bound, and [worse of after − bound of before, bound of after − before]."""
    old, new = before.outcome, after.outcome
    return Change(new.bound - old.bound, new.objective - old.bound, new.bound - old.objective)


def differing(before: Sequence[int], after: Sequence[int]) -> list[tuple[int, int]]:
    """(index, difference) wherever two sequences of counts differ."""
    return [(index, new - old) for index, (old, new) in enumerate(zip(before, after, strict=True)) if new != old]
