"""Tangents where plans lie: line and curve agree there, and the line never lies below the curve."""

from collections.abc import Sequence
from dataclasses import replace

from planning.optimise.model import build
from planning.optimise.problem import Problem, Response
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, solve

SPREAD = (0.8, 0.9, 1.0, 1.1, 1.25)  # tangents around the touches of a plan, as whole numbers will shift it
ROUNDS = ((1.0,), (1.0,), SPREAD)


def follow_curves(problem: Problem) -> Problem:
    """The problem with tangents where its plan without whole numbers lies."""
    for spread in ROUNDS:
        model = build(problem, RULES)
        if solve(model.lp, problem.policy.solver, Effort(0.0, relaxed=True)).status != "optimal":
            break
        problem = near(problem, touches_of(problem, [seat.value() for seat in model.seats]), spread)
    return problem


def touches_of(problem: Problem, guests: Sequence[float]) -> list[float]:
    """Weighted touches of each response."""
    return [sum(problem.event(problem.seats[i]).touch_weight * guests[i] for i in response.seats) for response in problem.responses]


def near(problem: Problem, touches: Sequence[float], spread: Sequence[float]) -> Problem:
    """The problem with further tangents at `spread` times the touches of each response."""

    def closer(response: Response, at: float) -> Response:
        return replace(response, points=tuple(sorted({*response.points, *(at * part for part in spread if at > 0)})))

    return replace(problem, responses=tuple(closer(response, at) for response, at in zip(problem.responses, touches, strict=True)))
