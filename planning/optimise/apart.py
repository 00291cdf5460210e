"""Years nearly as good as the best, and as different from it and from each other as can be.

A year's money stands on lines: an event family for a tier of a region, a concession for a ladder cell. Two years are apart
by the share of their money that stands on other lines: ½ Σ |a/A − b/B|. To be far from others is not convex; the sum of the
distances is raised step by step along its slope, without whole numbers, from several beginnings. In whole numbers the year
then leans in the farthest direction: it is worth `value + lean · money along it`, with the lean at which the year without
whole numbers is just good enough; a lean that makes the whole year too poor is made weaker. The distance that is told is the true one.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

from planning.errors import NotSolved
from planning.optimise.duals import multipliers
from planning.optimise.goal import Goal, attained, goal_rules
from planning.optimise.model import Model, Term, build, value
from planning.optimise.placement import TIGHTENED, Placed, place
from planning.optimise.problem import Problem
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, solve
from planning.optimise.year import Year, large, made_whole

Line = tuple[str, ...]  # ("event", family, tier, region) or ("concession", concession, tier, region, kind)
Money = Mapping[Line, float]  # yuan on each line
STEPS = 4  # along the slope
RESERVE = 0.2  # of what the year may be worth less: kept for whole numbers
STRENGTHS = (1.0, 0.8, 0.6, 0.4, 0.2)  # of the lean, until the whole year is good enough
GAP, NODES = 0.002, 60  # of the search for it
LEAST_PRICE = 1e-3  # of value, in money along the way: less is taken for the solver's last digits
TINY = 1e-6


@dataclass(frozen=True)
class Lean:
    """A direction, yuan of value that a yuan along it is worth, and the solved year without whole numbers that came farthest."""

    way: Money
    worth: float
    linear: Model


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


def farthest(problem: Problem, worth: tuple[float, float], others: Sequence[Money]) -> tuple[Year, Placed] | None:
    """A year in months as far from `others` as was found; `worth` = (of the best year, at least of this one) on the curves.

    None where there is none in time.
    """
    best, least = worth
    lean = _lean(problem, least + RESERVE * (best - least), others)
    if lean is None:
        return None
    for tightened in (0.0, *TIGHTENED):
        year = _leaning(replace(problem, tightened=tightened), lean, least)
        if year is None:
            return None
        try:
            return year, place(problem, year, evenly=False)
        except NotSolved:
            continue
    return None


def _lean(problem: Problem, least_value_cny: float, others: Sequence[Money]) -> Lean | None:
    """The direction in which a year without whole numbers came farthest from the nearest of the others."""
    model = build(problem, (*RULES, *goal_rules(Goal("value", least_value_cny))))
    terms = _line_terms(model)
    best, way = -1.0, None
    for beginning in _beginnings(terms, others):
        direction = beginning
        for _ in range(STEPS):
            if not _solved_along(model, terms, direction):
                return None
            money = {line: sum(variable.value() * cost for variable, cost in own) for line, own in terms.items()}
            nearest = min(apart(money, other) for other in others)
            if nearest <= best:
                break
            best, way = nearest, direction
            direction = {line: sum(_sign(amount - other.get(line, 0.0)) for other in others) for line, amount in money.items()}
    if way is None or not _solved_along(model, terms, way):
        return None
    prices = zip(model.rows, multipliers(model, problem.policy.solver.name), strict=True)
    price = next(abs(one) for row, one in prices if row.rule == "goal_reached")
    return Lean(way, 1 / max(price, LEAST_PRICE), model)


def _solved_along(model: Model, terms: Mapping[Line, Sequence[Term]], direction: Money) -> bool:
    model.set_objective(_along(terms, direction))
    return solve(model.lp, model.problem.policy.solver, Effort(0.0, relaxed=True)).status == "optimal"


def _leaning(problem: Problem, lean: Lean, least: float) -> Year | None:
    """The year in whole numbers that leans as strongly as it may; in a large one ladder and sessions stay beside those of the linear year."""
    for strength in STRENGTHS:
        weaker = replace(lean, worth=lean.worth * strength)
        model = build(problem, RULES)
        if large(problem):
            _stay_beside(model, weaker)
        _prefer(model, weaker)
        if solve(model.lp, problem.policy.solver, Effort(GAP, nodes=NODES)).status not in ("optimal", "feasible"):
            return None
        year = made_whole(model)
        if year is not None and attained(problem, "value", year) >= least:
            return year
    return None


def _stay_beside(model: Model, lean: Lean) -> None:
    ladder = build(model.problem, RULES)
    ladder.hold_events(lean.linear)
    _prefer(ladder, lean)
    if solve(ladder.lp, model.problem.policy.solver, Effort(GAP / 4)).status in ("optimal", "feasible"):
        model.hold_ladder(ladder)
    for own, mean in zip(model.sessions, lean.linear.sessions, strict=True):
        own.lowBound, own.upBound = floor(mean.value() + TINY), ceil(mean.value() - TINY)


def _prefer(model: Model, lean: Lean) -> None:
    """Value + lean · money along the way."""
    terms: dict[str, Term] = {}
    for variable, amount in (*value(model), *((v, lean.worth * along) for v, along in _along(_line_terms(model), lean.way))):
        terms[variable.name] = variable, amount + (terms[variable.name][1] if variable.name in terms else 0.0)
    model.set_objective(terms.values())


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
