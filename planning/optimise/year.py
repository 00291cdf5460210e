"""The year's answer: solve, then whole guests, then what it is worth on the chords and on the curve."""

from dataclasses import dataclass, replace

from planning.errors import Fault, Infeasible, NotSolved
from planning.optimise.explain import conflicts
from planning.optimise.model import Model, build
from planning.optimise.problem import Problem
from planning.optimise.rules import LADDER_RULES, RULES, ladder_value, no_ladder_beats
from planning.optimise.solve import Effort, GapHeard, Outcome, solve, within

CENT = 0.01
FOR_ROUNDING = 0.8  # the part of the asked gap the year may use; the rest is left for whole guests


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
        outcome = replace(self.outcome, bound=first.outcome.bound)
        return replace(self, outcome=replace(outcome, status="optimal" if within(outcome.gap, asked_gap) else "feasible"))


def solve_year(problem: Problem, heard: GapHeard | None = None) -> Year:
    """The best year and its bound. Infeasible names the rules in conflict; NotSolved when the solver found no plan in time.

    Sessions and ladder are chosen with guests as means, then guests are made whole. Where that costs more than the asked
    gap leaves, all of it is solved again in whole numbers.
    """
    options = problem.policy.solver
    model = build(problem, (*RULES, no_ladder_beats(ladder_ceiling(problem))))
    found = _found(problem, solve(model.lp, options, Effort(options.gap * FOR_ROUNDING, heard=heard)))
    model.fix_decisions()
    whole = solve(model.lp, options, Effort(options.gap * (1 - FOR_ROUNDING) / 4))
    best = replace(whole, bound=found.bound, seconds=found.seconds + whole.seconds)
    if whole.status not in ("infeasible", "none") and within(best.gap, options.gap):
        return _year(model, best, found.objective)
    model.free_decisions()
    again = _found(problem, solve(model.lp, options, Effort(options.gap, heard=heard)))
    return _year(model, replace(again, bound=min(again.bound, found.bound), seconds=best.seconds + again.seconds), found.objective)


def ladder_ceiling(problem: Problem) -> float:
    """A bound on what all ladders together are worth, yuan: they are few, so it is nearly exact. Infinite where none was found."""
    alone = build(problem, LADDER_RULES)
    alone.set_objective(ladder_value(alone))
    told = solve(alone.lp, problem.policy.solver, Effort(problem.policy.solver.gap / 10))
    return told.bound + CENT if told.status in ("optimal", "feasible") else float("inf")


def _found(problem: Problem, outcome: Outcome) -> Outcome:
    if outcome.status == "infeasible":
        raise Infeasible(conflicts(problem))
    if outcome.status == "none":
        raise NotSolved(Fault("no_plan_in_time", values={"seconds": problem.policy.solver.seconds, "solver": outcome.solver}))
    return outcome


def _year(model: Model, outcome: Outcome, with_means: float) -> Year:
    told = replace(outcome, status="optimal" if within(outcome.gap, model.problem.policy.solver.gap) else "feasible")
    levels = {(c, kind): level for (c, kind, level), step in model.steps.items() if step.value() > 0.5}
    sessions = tuple(round(variable.value()) for variable in model.sessions)
    guests = tuple(round(variable.value()) for variable in model.seats)
    return Year(sessions, guests, levels, told, with_means - outcome.objective)
