"""The multipliers of the year's bound: what each limit is worth in the linear model, by rule and place."""

from collections.abc import Iterator
from dataclasses import dataclass

from planning.optimise.duals import multipliers
from planning.optimise.model import Model, build
from planning.optimise.problem import Problem
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, solve
from planning.optimise.tangents import follow_curves

DIGITS = 12  # significant, of a price


@dataclass(frozen=True)
class LimitPrice:
    """λ of one row, yuan a unit of its limit, at least 0: what easing it by one unit is worth. `width` = touches of the first piece, where it is in the row."""

    rule: str
    where: tuple[str, ...]
    sense: str
    price: float
    width: float | None = None


def limit_prices(problem: Problem) -> tuple[LimitPrice, ...] | None:
    """The price of every limit that has one, in the order of the rules; None where the linear model has no solution in time.

    Tangents lie where the linear model's own best year is, as the bound is its. Rows that are equalities define sums
    (cash, standard cost, one level a cell); they have no limit and need no price.
    """
    model = build(follow_curves(problem), RULES)
    options = problem.policy.solver
    if solve(model.lp, options, Effort(0.0, relaxed=True)).status != "optimal":
        return None
    found = _prices(model, multipliers(model, options.name))
    return tuple({(one.rule, one.where, one.sense): one for one in found}.values())


def _prices(model: Model, found: list[float]) -> Iterator[LimitPrice]:
    p = model.problem
    widths = {(*p.segments[response.segment].key, response.family): _rounded(response.pieces[0].width) for response in p.responses}
    for row, price in zip(model.rows, found, strict=True):
        if price and row.sense != "==":
            width = widths[row.where] if row.rule == "no_answer_without_session" else None
            yield LimitPrice(row.rule, row.where, row.sense, _rounded(abs(price)), width)


def _rounded(amount: float) -> float:
    return float(f"{amount:.{DIGITS}g}")
