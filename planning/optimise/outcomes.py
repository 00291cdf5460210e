"""What a year brings where clients answer otherwise than expected: by draws of the uncertain coefficients, and in the worst tenth.

With ρ = risk_aversion the objective is (1 − ρ) · value + ρ · CVaR₁₀: the mean of the worst tenth of DRAWS draws. Event costs
and short hours are the same in every draw, so what caution takes off is ρ · (expected − worst tenth) of uplift + gain
(− concession cost, net).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from planning.catalogue.concessions import Cell, Step
from planning.catalogue.doubts import Doubt, Key, Multipliers, multipliers
from planning.optimise.problem import Problem, Response

DRAWS = 200  # that a careful plan is chosen by
WORST = DRAWS // 10
Levels = Mapping[tuple[int, str], int]
Yuan = npt.NDArray[np.float64]  # one amount a draw


@dataclass(frozen=True)
class Outcomes:
    """What is added (uplift and gain over the horizon) and what concessions cost, yuan in each draw."""

    added: Yuan
    concession_cost: Yuan


def doubted(problem: Problem) -> tuple[tuple[Key, Doubt], ...]:
    """The uncertain coefficients that something in this problem rests on."""
    used = {response_key(problem, response) for response in problem.responses}
    used |= {step_key(cell, step.concession) for cell, step in _steps(problem)}
    return tuple((key, doubt) for key, doubt in sorted(problem.doubts.items()) if key in used and doubt.error > 0)


def drawn(problem: Problem, draws: int = DRAWS) -> dict[Key, Yuan]:
    """What each uncertain coefficient is multiplied by in each draw."""
    doubts = doubted(problem)
    found: Multipliers = multipliers(doubts, problem.policy.solver.seed, draws)
    return {key: row for (key, _), row in zip(doubts, found, strict=True)}


def outcomes(problem: Problem, answers: Sequence[float], levels: Levels, times: Mapping[Key, Yuan]) -> Outcomes:
    """What a year brings and what its concessions cost where coefficients are `times` what is expected.

    `answers` = the expected uplift of each response, yuan.
    """
    draws = next(iter(times.values()), np.ones(1))
    added, cost = np.zeros_like(draws), np.zeros_like(draws)
    for key, amount in rests_on(problem, answers, levels).items():
        added += amount * times.get(key, 1.0)
    for (c, kind), level in levels.items():
        step = chosen(problem.cells[c], kind, level)
        own = times.get(step_key(problem.cells[c], kind))
        cost += step.cost_cny if own is None or not step.level else np.array([step.cost_if(answer) for answer in own])
    return Outcomes(added, cost)


def rests_on(problem: Problem, answers: Sequence[float], levels: Levels) -> dict[Key, float]:
    """Uplift and gain by the coefficient they rest on, yuan as expected."""
    found: dict[Key, float] = {}
    for response, uplift in zip(problem.responses, answers, strict=True):
        key = response_key(problem, response)
        found[key] = found.get(key, 0.0) + uplift
    for (c, kind), level in levels.items():
        key = step_key(problem.cells[c], kind)
        found[key] = found.get(key, 0.0) + chosen(problem.cells[c], kind, level).gain_cny
    return found


def caution(problem: Problem, answers: Sequence[float], levels: Levels) -> float:
    """What risk aversion takes off the value of a year, yuan: ρ · (expected − worst tenth). 0 without it, and where nothing is uncertain."""
    times = drawn(problem) if problem.policy.value.risk_aversion > 0 else {}
    if not times:
        return 0.0
    found, expected = outcomes(problem, answers, levels, times), outcomes(problem, answers, levels, {})
    ends, sure = (one.added - one.concession_cost if problem.net else one.added for one in (found, expected))
    return problem.policy.value.risk_aversion * (float(sure[0]) - worst_tenth(ends))


def worst_tenth(amounts: Yuan) -> float:
    """The mean of the smallest tenth of the amounts."""
    return float(np.sort(amounts)[: len(amounts) // 10].mean())


def response_key(problem: Problem, response: Response) -> Key:
    """The row of `responses` that a response rests on."""
    segment = problem.segments[response.segment]
    return "responses", segment.tier, segment.kind, response.family


def step_key(cell: Cell, concession: str) -> Key:
    """The row of `elasticities` that a cell's steps of a concession rest on."""
    return "elasticities", cell.tier, cell.kind, concession


def boxes(problem: Problem) -> dict[Key, tuple[float, float]]:
    """For each uncertain coefficient the least and the most that can rest on it (less the costs that move with it), yuan."""
    low = dict.fromkeys((key for key, _ in doubted(problem)), 0.0)
    high = dict(low)
    for response in problem.responses:
        key = response_key(problem, response)
        if key in high:
            high[key] += sum(piece.slope * piece.width for piece in response.pieces)
    for cell, step in _steps(problem):
        key = step_key(cell, step.concession)
        if key in high:
            high[key] += max(step.gain_cny, 0.0)
            low[key] += min(step.gain_cny, 0.0) - step.cost_cny
    return {key: (low[key], high[key]) for key in high}


def chosen(cell: Cell, concession: str, level: int) -> Step:
    """The step of that level."""
    return next(step for step in cell.steps[concession] if step.level == level)


def sure_cost(step: Step) -> float:
    """The part of a step's cost that is the same however clients answer."""
    return step.cost_if(0.0)


def in_world(problem: Problem, times: Mapping[Key, float]) -> Problem:
    """The same year where some coefficients are known to be `times` what is expected; about these no doubt is left."""

    def answered(response: Response) -> Response:
        by = times.get(response_key(problem, response), 1.0)
        return response if by == 1 else replace(response, curve=replace(response.curve, ceiling_cny=response.curve.ceiling_cny * by))

    left = {key: doubt for key, doubt in problem.doubts.items() if key not in times}
    cells = tuple(replace(cell, steps=_answered(cell, times)) for cell in problem.cells)
    return replace(problem, responses=tuple(answered(response) for response in problem.responses), cells=cells, doubts=left)


def _answered(cell: Cell, times: Mapping[Key, float]) -> dict[str, tuple[Step, ...]]:
    return {kind: tuple(_times(step, times.get(step_key(cell, kind), 1.0)) for step in steps) for kind, steps in cell.steps.items()}


def _times(step: Step, by: float) -> Step:
    if by == 1 or not step.level:
        return step
    return replace(step, gain_cny=step.gain_cny * by, kept_cny=step.kept_cny * by, cost_cny=step.cost_if(by), new_money_cny=step.new_money_cny * by)


def _steps(problem: Problem) -> Iterator[tuple[Cell, Step]]:
    for cell in problem.cells:
        yield from ((cell, step) for steps in cell.steps.values() for step in steps if step.level)
