"""The year's answer: solve, then whole guests, then what it is worth on the chords and on the curve."""

from dataclasses import dataclass

from planning.errors import Fault, Infeasible, NotSolved
from planning.optimise.explain import conflicts
from planning.optimise.model import Model, build
from planning.optimise.problem import Problem
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, GapHeard, Outcome, relative_gap, solve

FOR_ROUNDING = 0.6  # the part of the asked gap the year may use; the rest is left for whole guests


@dataclass(frozen=True)
class Year:
    """Whole yearly numbers: sessions a slot, guests a seat, the chosen level of each (cell, concession). Yuan."""

    sessions: tuple[int, ...]
    guests: tuple[int, ...]
    levels: dict[tuple[int, str], int]
    outcome: Outcome
    rounding_loss_cny: float


def solve_year(problem: Problem, heard: GapHeard | None = None) -> Year:
    """The best year and its bound. Infeasible names the rules in conflict; NotSolved when the solver found no plan in time."""
    options = problem.policy.solver
    model = build(problem, RULES)
    found = solve(model.lp, options, Effort(options.gap * FOR_ROUNDING, heard=heard))
    if found.status == "infeasible":
        raise Infeasible(conflicts(problem))
    if found.status == "none":
        raise NotSolved(Fault("no_plan_in_time", values={"seconds": options.seconds, "solver": found.solver}))
    return _whole_guests(model, found)


def _whole_guests(model: Model, found: Outcome) -> Year:
    """Sessions and ladder stay as found; guests become whole at the least loss, all rules of the year kept."""
    options = model.problem.policy.solver
    model.fix_decisions()
    whole = solve(model.lp, options, Effort(options.gap * (1 - FOR_ROUNDING) / 4))
    if whole.status in ("infeasible", "none"):
        raise NotSolved(Fault("no_whole_guests", values={"seconds": options.seconds, "solver": whole.solver}))
    levels = {(c, kind): level for (c, kind, level), step in model.steps.items() if step.value() > 0.5}
    final = Outcome("optimal" if relative_gap(whole.objective, found.bound) <= options.gap else "feasible", found.solver, whole.objective, found.bound, found.seconds + whole.seconds)
    sessions = tuple(round(variable.value()) for variable in model.sessions)
    guests = tuple(round(variable.value()) for variable in model.seats)
    return Year(sessions, guests, levels, final, found.objective - whole.objective)
