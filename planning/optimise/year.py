"""The year's answer: solved over the curves' tangents, made whole, and valued on the curves themselves.

A tangent never lies below its curve, so the bound of the model is a bound of the curves; tangents are added where the
plan lands until line and curve agree there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from planning.errors import Fault, Infeasible, NotSolved
from planning.optimise.explain import conflicts
from planning.optimise.model import Model, build
from planning.optimise.problem import Problem, Response
from planning.optimise.rules import LADDER_RULES, RULES, ladder_value, no_ladder_beats
from planning.optimise.solve import Effort, GapHeard, Outcome, clock, solve, within

CENT = 0.01
FOR_SEARCH = 0.75  # the part of the asked gap the search may use; the rest is left for whole guests and the curve
FOR_START = 0.3  # of the asked gap, how closely the plan to start from is chosen
ROUNDS = 3  # of tangents, first without whole numbers, then with
SPREAD = (0.8, 0.9, 1.0, 1.1, 1.25)  # tangents around the touches of a plan, as whole numbers will shift it


@dataclass(frozen=True)
class Year:
    """Whole yearly numbers: sessions a slot, guests a seat, the chosen level of each (cell, concession). Yuan."""

    sessions: tuple[int, ...]
    guests: tuple[int, ...]
    levels: dict[tuple[int, str], int]
    outcome: Outcome
    rounding_loss_cny: float

    def against(self, first: "Year", asked_gap: float) -> "Year":
        """The same year, its gap stated against the bound of `first`."""
        return replace(self, outcome=told(replace(self.outcome, bound=first.outcome.bound), asked_gap))


def solve_year(problem: Problem, heard: GapHeard | None = None) -> Year:
    """The best year and its bound. Infeasible names the rules in conflict; NotSolved when the solver found no plan in time.

    Sessions and ladder are chosen with guests as means, then guests are made whole. Where that misses the asked gap, all
    of it is solved again in whole numbers, with tangents where the plan lay.
    """
    began, asked, ceiling = clock(), problem.policy.solver.gap, ladder_ceiling(problem)
    followed = follow_curves(problem, ceiling)
    best = _rounded(followed, ceiling, heard)
    for _ in range(ROUNDS - 1):
        if within(best.outcome.gap, asked):
            break
        followed = near(followed, touches_of(followed, best.guests), (1.0,))
        try:
            again = _in_whole_numbers(followed, ceiling, heard)
        except NotSolved:
            break  # no time left: the plan found so far stands, with its gap
        bound = min(best.outcome.bound, again.outcome.bound)
        best = max(best, again, key=lambda year: year.outcome.objective)
        best = replace(best, outcome=told(replace(best.outcome, bound=bound), asked))
    return replace(best, outcome=replace(best.outcome, seconds=clock() - began))


def follow_curves(problem: Problem, ceiling: float) -> Problem:
    """The problem with tangents where its plan without whole numbers lies."""
    for spread in ((1.0,),) * (ROUNDS - 1) + (SPREAD,):
        model = build(problem, (*RULES, no_ladder_beats(ceiling)))
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


def ladder_ceiling(problem: Problem) -> float:
    """A bound on what all ladders together are worth, yuan: they are few, so it is nearly exact. Infinite where none was found."""
    alone = build(problem, LADDER_RULES)
    alone.set_objective(ladder_value(alone))
    told = solve(alone.lp, problem.policy.solver, Effort(problem.policy.solver.gap / 10))
    return told.bound + CENT if told.status in ("optimal", "feasible") else float("inf")


def good_start(problem: Problem, ceiling: float) -> dict[str, float] | None:
    """A plan to start from: the ladder chosen while sessions are means, then whole sessions under that ladder. None where there is none."""
    options, effort = problem.policy.solver, Effort(problem.policy.solver.gap * FOR_START)
    ladder, events = (build(problem, (*RULES, no_ladder_beats(ceiling))) for _ in range(2))
    ladder.sessions_as_means()
    if solve(ladder.lp, options, effort).status in ("infeasible", "none"):
        return None
    events.hold_ladder(ladder)
    return None if solve(events.lp, options, effort).status in ("infeasible", "none") else events.values()


def told(outcome: Outcome, asked: float) -> Outcome:
    """The outcome with its status as the gap says."""
    return replace(outcome, status="optimal" if within(outcome.gap, asked) else "feasible")


def _rounded(problem: Problem, ceiling: float, heard: GapHeard | None) -> Year:
    options = problem.policy.solver
    start = good_start(problem, ceiling)
    model = build(problem, (*RULES, no_ladder_beats(ceiling)))
    found = _found(problem, solve(model.lp, options, Effort(options.gap * FOR_SEARCH, heard=heard, start=start)))
    model.fix_decisions()
    whole = solve(model.lp, options, Effort(options.gap * (1 - FOR_SEARCH) / 4))
    if whole.status in ("infeasible", "none"):
        return _in_whole_numbers(problem, ceiling, heard)
    return _year(model, replace(whole, bound=found.bound), found.objective)


def _in_whole_numbers(problem: Problem, ceiling: float, heard: GapHeard | None) -> Year:
    model = build(problem, (*RULES, no_ladder_beats(ceiling)))
    model.whole_guests()
    found = _found(problem, solve(model.lp, problem.policy.solver, Effort(problem.policy.solver.gap * FOR_SEARCH, heard=heard)))
    return _year(model, found, found.objective)


def _found(problem: Problem, outcome: Outcome) -> Outcome:
    if outcome.status == "infeasible":
        raise Infeasible(conflicts(problem))
    if outcome.status == "none":
        raise NotSolved(Fault("no_plan_in_time", values={"seconds": problem.policy.solver.seconds, "solver": outcome.solver}))
    return outcome


def _year(model: Model, outcome: Outcome, with_means: float) -> Year:
    problem = model.problem
    levels = {(c, kind): level for (c, kind, level), step in model.steps.items() if step.value() > 0.5}
    sessions = tuple(round(variable.value()) for variable in model.sessions)
    guests = tuple(round(variable.value()) for variable in model.seats)
    above = sum(response.above_curve(at) for response, at in zip(problem.responses, touches_of(problem, guests), strict=True))
    on_curve = replace(outcome, objective=outcome.objective - above)
    return Year(sessions, guests, levels, told(on_curve, problem.policy.solver.gap), with_means - outcome.objective)
