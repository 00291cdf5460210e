"""Years nearly as good as the best, and as different from it and from each other as can be.

A year's money stands on lines: an event family for a tier of a region, a concession for a ladder cell. Two years are apart
by the share of their money that stands on other lines: ½ Σ |a/A − b/B|. To be far from others is not convex; the sum of the
distances is raised step by step along its slope, without whole numbers, from several beginnings, and the farthest direction
is followed in whole numbers. The distance that is told is the true one.
"""

from collections.abc import Iterator, Mapping, Sequence

from planning.errors import NotSolved
from planning.optimise.goal import Goal, Steered, attained, goal_rules, steered
from planning.optimise.model import Model, Term, build
from planning.optimise.problem import Problem
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, solve
from planning.optimise.year import Year

Line = tuple[str, ...]  # ("event", family, tier, region) or ("concession", concession, tier, region, kind)
Money = Mapping[Line, float]  # yuan on each line
STEPS = 4  # along the slope
FAR_ENOUGH = 0.7  # of the way that is there without whole numbers: a year that far is taken
NODES = 60  # of the search for it


def money_on_lines(problem: Problem, year: Year) -> dict[Line, float]:
    """Standard cost after partners' shares of the events, and cost of the concessions, on each line with money."""
    money: dict[Line, float] = {}
    for i, guests in enumerate(year.guests):
        line, cost = _seat_line(problem, i)
        money[line] = money.get(line, 0.0) + cost * guests
    for (c, kind), level in year.levels.items():
        cell = problem.cells[c]
        step = next(step for step in cell.steps[kind] if step.level == level)
        money["concession", kind, cell.tier, cell.region, cell.kind] = step.cost_cny
    return {line: amount for line, amount in money.items() if amount > 0}


def apart(one: Money, other: Money) -> float:
    """½ Σ |a/A − b/B|: the share of the money that stands on other lines, 0 for the same shares, 1 for nothing in common."""
    total, of_other = sum(one.values()), sum(other.values())
    if not total or not of_other:
        return float(bool(total) != bool(of_other))
    return sum(abs(one.get(line, 0.0) / total - other.get(line, 0.0) / of_other) for line in {*one, *other}) / 2


def farthest(problem: Problem, least_value_cny: float, others: Sequence[Money]) -> Steered | None:
    """A year worth at least so much on the curves, as far from `others` as was found. None where there is none in time."""
    found = _way(problem, least_value_cny, others)
    if found is None:
        return None
    way, farthest_along = found
    base_along = sum(way.get(line, 0.0) * amount for line, amount in others[0].items())
    enough = base_along + FAR_ENOUGH * (farthest_along - base_along)

    def purpose(problem: Problem, raised: float) -> Model:
        model = _worth(problem, least_value_cny + raised)
        model.set_objective(_along(_line_terms(model), way))
        return model

    try:
        return steered(
            problem, purpose, lambda p, year: least_value_cny - attained(p, "value", year), Effort(problem.policy.solver.gap, nodes=NODES, target=enough)
        )
    except NotSolved:
        return None


def _worth(problem: Problem, least_value_cny: float) -> Model:
    return build(problem, (*RULES, *goal_rules(Goal("value", least_value_cny))))


def _way(problem: Problem, least_value_cny: float, others: Sequence[Money]) -> tuple[dict[Line, float], float] | None:
    """The direction in which a year without whole numbers came farthest from the nearest of the others, and how far along it that is."""
    model = _worth(problem, least_value_cny)
    terms = _line_terms(model)
    best = -1.0
    way: tuple[dict[Line, float], float] | None = None
    for beginning in _beginnings(terms, others):
        direction = beginning
        for _ in range(STEPS):
            model.set_objective(_along(terms, direction))
            if solve(model.lp, problem.policy.solver, Effort(0.0, relaxed=True)).status != "optimal":
                return way
            money = {line: sum(variable.value() * cost for variable, cost in own) for line, own in terms.items()}
            nearest = min(apart(money, other) for other in others)
            if nearest <= best:
                break
            best, way = nearest, (direction, model.worth())
            direction = {line: sum(_sign(amount - other.get(line, 0.0)) for other in others) for line, amount in money.items()}
    return way


def _beginnings(terms: Mapping[Line, Sequence[Term]], others: Sequence[Money]) -> Iterator[dict[Line, float]]:
    """Less where the others have most; then more for events than for concessions, and the reverse, on lines the others leave."""
    used = {line: sum(other.get(line, 0.0) / (sum(other.values()) or 1.0) for other in others) for line in terms}
    most = max(used.values(), default=0.0) or 1.0
    yield {line: -share / most for line, share in used.items()}
    for preferred in ("event", "concession"):
        yield {line: (1.0 if line[0] == preferred else 0.0) - share / most for line, share in used.items()}


def _line_terms(m: Model) -> dict[Line, list[Term]]:
    lines: dict[Line, list[Term]] = {}
    for i, seat in enumerate(m.seats):
        line, cost = _seat_line(m.problem, i)
        if cost:
            lines.setdefault(line, []).append((seat, cost))
    for c, cell in enumerate(m.problem.cells):
        for y, step in m.granted([c]):
            if step.cost_cny:
                lines.setdefault(("concession", step.concession, cell.tier, cell.region, cell.kind), []).append((y, step.cost_cny))
    return lines


def _along(terms: Mapping[Line, Sequence[Term]], direction: Mapping[Line, float]) -> list[Term]:
    return [(variable, cost * weight) for line, own in terms.items() if (weight := direction.get(line, 0.0)) for variable, cost in own]


def _seat_line(problem: Problem, i: int) -> tuple[Line, float]:
    seat = problem.seats[i]
    segment, event = problem.segments[seat.segment], problem.event(seat)
    return ("event", event.family, segment.tier, segment.region), event.standard_cost_cny * event.bank_share


def _sign(amount: float) -> float:
    return (amount > 1.0) - (amount < -1.0)
