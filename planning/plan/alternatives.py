"""Plans nearly as good as the best and as different as can be: what leadership may choose between."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from planning.catalogue.offer import Offer
from planning.judge import Facts
from planning.optimise.apart import Line, Money, apart, farthest, money_on_lines
from planning.optimise.placement import Placed
from planning.optimise.problem import Problem
from planning.optimise.solve import Outcome, relative_gap
from planning.optimise.tangents import near, touches_of
from planning.optimise.year import Year, told
from planning.plan.compose import Choice, compose, guests_by_seat
from planning.plan.judged import passed
from planning.plan.plan import Plan, Solve
from planning.plan.study import Alternative, Change

WITHIN = 0.01  # of the plan's value
WANTED = 3
LEAST_APART = 0.03  # of the money: plans nearer than this count as the same
NOTABLE = 0.01  # of all money: changes smaller than this are not told


@dataclass(frozen=True)
class Found:
    """An alternative with the plan itself."""

    line: Alternative
    plan: Plan


def alternatives(given: tuple[Offer, Problem, Facts], best: tuple[Plan, Choice], wanted: int = WANTED) -> tuple[Found, ...]:
    """Up to `wanted` plans worth at least 99 % of `best`, each judged, none nearer to another than 3 % of the money.

    Fewer where no further one that different was found.
    """
    offered, problem, facts = given
    plan, choice = best
    base = year_of_choice(problem, choice, plan.solve)
    followed = near(problem, touches_of(problem, base.guests), (0.8, 1.0, 1.25))
    worth = plan.totals.value_cny, plan.totals.value_cny - WITHIN * abs(plan.totals.value_cny)
    others: list[Money] = [money_on_lines(problem, base)]
    found: list[Found] = []
    while len(found) < wanted:
        another = farthest(followed, worth, others)
        if another is None:
            break
        money = money_on_lines(problem, another[0])
        nearest = min(apart(money, other) for other in others)
        if nearest < LEAST_APART:
            break
        other = _plan(problem, another, (plan, len(found) + 1))
        passed(other, facts)
        line = _line(offered, other, (others[0], money), nearest)
        others.append(money)
        found.append(Found(line, other))
    return tuple(found)


def year_of_choice(problem: Problem, choice: Choice, solve: Solve) -> Year:
    """The yearly numbers of a choice."""
    sessions = [0] * len(problem.slots)
    for (s, _), count in choice.placed.sessions.items():
        sessions[s] += count
    outcome = Outcome(solve.status, solve.solver, solve.objective, solve.bound, solve.seconds)
    return Year(tuple(sessions), tuple(guests_by_seat(problem, choice.placed)), dict(choice.levels), outcome, 0.0)


def _plan(problem: Problem, found: tuple[Year, Placed], base: tuple[Plan, int]) -> Plan:
    """The alternative as a plan; its bound is that of the best."""
    (year, placed), (best, number) = found, base
    unsaid = Solve("feasible", year.outcome.solver, 0.0, 0.0, 0.0, round(year.outcome.seconds, 3))
    plan = compose(problem, Choice(placed, year.levels), (f"{best.id}-{number}", best.data_hash), unsaid)
    return with_solve(plan, best.solve.bound, year, problem)


def with_solve(plan: Plan, bound: float, year: Year, problem: Problem) -> Plan:
    """The plan with its value told against a bound."""
    value, bound = plan.totals.value_cny, max(bound, plan.totals.value_cny)
    outcome = told(Outcome("feasible", year.outcome.solver, value, bound, 0.0), problem.policy.solver.gap)
    return replace(plan, solve=replace(plan.solve, status=outcome.status, objective=value, bound=bound, gap=relative_gap(value, bound)))  # type: ignore[arg-type]


def _line(offered: Offer, plan: Plan, money: tuple[Money, Money], nearest: float) -> Alternative:
    totals = plan.totals
    return Alternative(
        totals.value_cny, totals.event_cny, totals.concession_cny, totals.uplift_cny + totals.gain_cny,
        sum(row.sessions for row in plan.sessions), sum(row.attendances for row in plan.attendances),
        apart(*money), nearest, changes(offered, *money),
    )  # fmt: skip


def changes(offered: Offer, before: Money, after: Money) -> tuple[Change, ...]:
    """What stands differently by family, tier, concession and region, largest first; changes under 1 % of the money are left out."""
    least = NOTABLE * max(sum(before.values()), sum(after.values()))
    groups: tuple[tuple[str, Callable[[Line], str]], ...] = (
        ("family", lambda line: line[1] if line[0] == "event" else ""),
        ("tier", lambda line: line[2]),
        ("concession", lambda line: line[1] if line[0] == "concession" else ""),
        ("region", lambda line: line[3]),
    )
    named = {"tier": offered.tier_names, "region": offered.region_names}
    found = []
    for what, code_of in groups:
        was, now = _summed(before, code_of), _summed(after, code_of)
        for code in sorted({*was, *now} - {""}):
            names = named.get(what, {}).get(code, (code, code))
            found.append(Change(what, code, names, was.get(code, 0.0), now.get(code, 0.0)))
    return tuple(sorted((change for change in found if abs(change.more_cny) >= least), key=lambda change: -abs(change.more_cny)))


def _summed(money: Money, code_of: Callable[[Line], str]) -> Mapping[str, float]:
    summed: dict[str, float] = {}
    for line, amount in money.items():
        summed[code_of(line)] = summed.get(code_of(line), 0.0) + amount
    return summed
