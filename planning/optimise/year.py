"""The year's answer: solved over the curves' tangents, made whole, and valued on the curves themselves.

A tangent never lies below its curve, so the bound of the model is a bound of the curves; tangents are added where the
plan lands until line and curve agree there.
"""

from dataclasses import dataclass, replace
from math import inf

from planning.errors import Fault, Infeasible, NotSolved
from planning.optimise.blockwise import MANY_SLOTS, join_blocks
from planning.optimise.model import Model, build, expected
from planning.optimise.outcomes import caution
from planning.optimise.problem import Problem
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, GapHeard, Outcome, clock, solve, within
from planning.optimise.tangents import follow_curves, near, touches_of

MOST_WHOLE = 40  # slots of a year that is searched as a whole from the beginning
FOR_SEARCH = 0.75  # the part of the asked gap the search may use; the rest is left for whole guests and the curve
FOR_GUESTS = 0.06  # of the asked gap, how closely whole guests are chosen
FURTHER_ROUNDS = 4  # each with tangents where the plan of the one before lies
JOINED_ROUNDS = 2  # of a year joined from blocks, the second with tangents where the first plan lies


@dataclass(frozen=True)
class Year:
    """Whole yearly numbers: sessions a slot, guests a seat, the chosen level of each (cell, concession). Yuan."""

    sessions: tuple[int, ...]
    guests: tuple[int, ...]
    levels: dict[tuple[int, str], int]
    outcome: Outcome
    rounding_loss_cny: float

    def against(self, bound: float, asked_gap: float) -> "Year":
        """The same year, its gap stated against another bound."""
        return replace(self, outcome=told(replace(self.outcome, bound=bound), asked_gap))


def solve_year(problem: Problem, heard: GapHeard | None = None, like: Year | None = None) -> Year:
    """The best year and its bound. Infeasible where no year keeps all rules (`explain` says which); NotSolved when none was found in time.

    A large year is joined from its blocks; where that misses the asked gap, and for a small year, sessions and ladder are
    searched together with guests as means, and guests made whole. Where that misses it too, all is solved again in whole
    numbers, with tangents where the plan lay. `like` = the year of a problem with the same slots, worth trying.
    """
    began = clock()
    followed = follow_curves(problem)
    best = _joined(followed, like, heard) if large(problem) else _searched(followed, None, heard)
    best = _closer(followed, best, heard)
    return replace(best, outcome=replace(best.outcome, seconds=clock() - began))


def large(problem: Problem) -> bool:
    """Whether cutting the year into blocks pays."""
    return sum(slot.most_sessions > 0 for slot in problem.slots) > MOST_WHOLE


def vast(problem: Problem) -> bool:
    """Whether a year takes minutes to solve, so that it is not solved again for every question."""
    return len(problem.slots) > MANY_SLOTS


def told(outcome: Outcome, asked: float) -> Outcome:
    """The outcome with its status as the gap says."""
    return replace(outcome, status="optimal" if within(outcome.gap, asked) else "feasible")


def _joined(problem: Problem, like: Year | None, heard: GapHeard | None) -> Year:
    asked = problem.policy.solver.gap
    best, bound, start = None, inf, None
    for _ in range(JOINED_ROUNDS):
        known = best or like
        joined = join_blocks(problem, known.sessions if known else None)
        bound = min(bound, joined.bound)
        if joined.model is None:
            break
        start = joined.model
        whole = made_whole(start)
        best = max((year for year in (best, whole) if year), key=_worth, default=None)
        if best is None:
            break
        best = best.against(bound, asked)
        if within(best.outcome.gap, asked):
            return best
        problem = near(problem, touches_of(problem, best.guests), (1.0,))
    try:
        searched = _searched(start.problem if start else problem, start, heard)  # a plan to begin with must have a value for every column
    except NotSolved:
        if best is None:
            raise
        return best.against(bound, asked)
    return max((year for year in (best, searched) if year), key=_worth).against(min(bound, searched.outcome.bound), asked)


def _worth(year: Year) -> float:
    return year.outcome.objective


def _searched(problem: Problem, start: Model | None, heard: GapHeard | None) -> Year:
    options, model = problem.policy.solver, build(problem, RULES)
    effort = Effort(options.gap * FOR_SEARCH, heard=heard, start=start.values() if start else None)
    found = _found(problem, solve(model.lp, options, effort))
    whole = made_whole(model)
    return whole.against(found.bound, options.gap) if whole else _in_whole_numbers(problem, heard)


def _closer(problem: Problem, best: Year, heard: GapHeard | None) -> Year:
    asked, latest = problem.policy.solver.gap, best
    for _ in range(FURTHER_ROUNDS):
        if within(best.outcome.gap, asked):
            break
        problem = near(problem, touches_of(problem, latest.guests), (1.0,))
        try:
            again = latest = _in_whole_numbers(problem, heard)
        except NotSolved:
            break  # no time left: the plan found so far stands, with its gap
        bound = min(best.outcome.bound, again.outcome.bound)
        best = max(best, again, key=_worth).against(bound, asked)
    return best


def made_whole(model: Model) -> Year | None:
    """The solved model's sessions and ladder with guests in whole numbers; None where there are none that fit."""
    means, options = model.worth(), model.problem.policy.solver
    model.fix_decisions()
    whole = solve(model.lp, options, Effort(options.gap * FOR_GUESTS))
    return None if whole.status in ("infeasible", "none") else year_of(model, whole, means)


def _in_whole_numbers(problem: Problem, heard: GapHeard | None) -> Year:
    model = build(problem, RULES)
    model.whole_guests()
    found = _found(problem, solve(model.lp, problem.policy.solver, Effort(problem.policy.solver.gap * FOR_SEARCH, heard=heard)))
    return year_of(model, found, found.objective)


def _found(problem: Problem, outcome: Outcome) -> Outcome:
    if outcome.status == "infeasible":
        raise Infeasible(Fault("conflict_unexplained"))
    if outcome.status == "none":
        raise NotSolved(Fault("no_plan_in_time", values={"seconds": problem.policy.solver.seconds, "solver": outcome.solver}))
    return outcome


def year_of(model: Model, outcome: Outcome, with_means: float) -> Year:
    """The year of a solved model whose guests are whole, valued on the curves."""
    problem = model.problem
    levels = {(c, kind): level for (c, kind, level), step in model.steps.items() if step.value() > 0.5}
    sessions = tuple(round(variable.value()) for variable in model.sessions)
    guests = tuple(round(variable.value()) for variable in model.seats)
    curves = [response.curve.at(at) for response, at in zip(problem.responses, touches_of(problem, guests), strict=True)]
    mean = outcome.objective if model.tail is None else sum(amount * variable.value() for variable, amount in expected(model))
    mean += sum(curves) - _on_pieces(model) + _hours_not_short(model)
    careful = caution(problem, curves, levels)
    on_curve = replace(outcome, objective=mean - careful)
    return Year(sessions, guests, levels, told(on_curve, problem.policy.solver.gap), with_means - outcome.objective)


def _on_pieces(model: Model) -> float:
    """Σ slope·u as solved, yuan: within its gap a search may leave part of a piece unused."""
    pieces = (
        (u, piece.slope) for own, response in zip(model.pieces, model.problem.responses, strict=True) for u, piece in zip(own, response.pieces, strict=True)
    )
    return float(sum(slope * u.value() for u, slope in pieces))


def _hours_not_short(model: Model) -> float:
    """The price of hours a search within its gap counts as short though they are there, yuan."""
    rows = (row for row in model.rows if row.rule == "visits_kept" and model.short)
    loose = (min(max(-row.constraint.value(), 0.0), model.short[row.where[0]].value()) for row in rows)
    return model.problem.policy.contact.cost_per_hour_short * float(sum(loose))
