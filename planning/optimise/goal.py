"""Years that serve another purpose than the greatest value: the least budget for a goal, and the most that can be had of it.

Letters as in `model`. Uplift stands under tangents, which never lie below the curve: the bound of the first solve is one
for the curves too, and a goal missed on the curves is asked for a little more until it is reached there.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import Literal, Protocol

from planning.errors import Fault, NotSolved
from planning.optimise.model import EACH, Model, Rule, Term, build, value
from planning.optimise.outcomes import caution
from planning.optimise.placement import TIGHTENED, Placed, place
from planning.optimise.problem import Problem
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, Outcome, clock, solve
from planning.optimise.tangents import near, touches_of
from planning.optimise.together import solve_with_months
from planning.optimise.year import Year, large, told
from planning.policy.sections import Solver

Kind = Literal["value", "added", "retention", "reached"]
Spend = Literal["both", "event", "concession"]
Lacking = Callable[[Problem, Year], float]  # how much a year falls short of the goal on the curves

ROUNDS, UNRAISED = 6, 2  # of solves with tangents where the plan lies; after so many a little more is asked for
FOLLOWED = (1.0,), (0.8, 0.9, 1.0, 1.1, 1.25)  # tangents around the touches of a plan without whole numbers
PUSHED = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8)  # of a goal: how much more is asked for where months do not fit
TINY = 1e-6  # of a goal


class Purpose(Protocol):
    """Builds the model that serves a purpose, with its goal raised by so much."""

    def __call__(self, problem: Problem, raised: float) -> Model: ...


@dataclass(frozen=True)
class Goal:
    """What a year must bring at least: value, contribution added, or retention gain in yuan over the horizon; or clients reached."""

    kind: Kind
    amount: float


@dataclass(frozen=True)
class Steered:
    """A year in months, and the bound of what it was steered for: no year does better."""

    year: Year
    placed: Placed
    bound: float


def least_budget(problem: Problem, goal: Goal, spend: Spend = "both") -> Steered | None:
    """The year that reaches the goal for the least money, whatever the budgets; its bound is the least any year could cost, yuan.

    `spend` = which of event cash and concession cost counts. None where no year reaches the goal. NotSolved when none was
    found in time.
    """

    def purpose(problem: Problem, raised: float) -> Model:
        model = build(problem, (*RULES, *goal_rules(Goal(goal.kind, goal.amount + raised))))
        model.set_objective([(variable, -amount) for variable, amount in spent(model, spend)])
        return model

    found = steered(without_budgets(problem), purpose, lambda p, year: goal.amount - attained(p, goal.kind, year), amount=goal.amount)
    return None if found is None else replace(found, bound=-found.bound)


def most_of(problem: Problem, kind: Kind) -> Steered | None:
    """The year that brings the most of what a goal asks for, whatever the budgets. None where the rules conflict without it."""

    def purpose(problem: Problem, raised: float) -> Model:  # noqa: ARG001  there is no goal to raise
        model = build(problem, (*RULES, *goal_rules(Goal(kind, 0.0))[1:]))
        model.set_objective(goal_terms(model, kind))
        return model

    return steered(without_budgets(problem), purpose, lambda *_: 0.0)


def goal_rules(goal: Goal) -> tuple[Rule, ...]:
    """The goal as a rule, and what it needs."""

    def goal_reached(m: Model) -> None:
        """(G1)  Σ value·(u, y, E) or Σ slope·u + Σ G·y or Σ retained·y or Σ R ≥ goal"""
        m.require(goal_terms(m, goal.kind), ">=", goal.amount, "goal_reached")

    return (goal_reached, reached_at_most_once) if goal.kind == "reached" else (goal_reached,)


def reached_at_most_once(m: Model) -> None:
    """(G2)  R[g] ≤ Σ X[g,e,h], and R[g] ≤ n[g] · (1 − holdout) as its bound      for every segment g

    So Σ R is at most Σ_g min(attendances, clients held in): as many as could come at least once if no one came twice.
    """
    for g, clients in enumerate(m.reached):
        seats = [(seat, -weight) for seat, weight in m.attendances(m.problem.seats_of_segment[g], EACH)]
        m.require([(clients, 1.0), *seats], "<=", 0, "reached_at_most_once", m.problem.segments[g].key)


def goal_terms(m: Model, kind: Kind) -> list[Term]:
    """What a goal counts, as terms."""
    if kind == "value":
        return value(m)
    if kind == "reached":
        return [(clients, 1.0) for clients in m.reached]
    granted = list(m.granted(range(len(m.problem.cells))))
    if kind == "retention":
        return [(y, step.kept_cny) for y, step in granted if step.kept_cny]
    answers = [(u, piece.slope) for own, response in zip(m.pieces, m.problem.responses, strict=True) for u, piece in zip(own, response.pieces, strict=True)]
    return [*answers, *((y, step.gain_cny) for y, step in granted if step.gain_cny)]


def spent(m: Model, spend: Spend) -> list[Term]:
    """E + Σ C·y, or one of them."""
    cash = [(one, 1.0) for one in m.cash.values()] if spend != "concession" else []
    return [*cash, *(m.concession_cost if spend != "event" else [])]


def without_budgets(problem: Problem) -> Problem:
    """The same year with budgets that no plan could use up."""
    events = sum(slot.most_sessions * (slot.event.fixed_cost_cny + slot.event.guest_cost_cny * slot.event.max_guests) for slot in problem.slots)
    steps = sum(max(step.cost_cny for step in steps) for cell in problem.cells for steps in cell.steps.values())
    return replace(problem, event_limit_cny=events + 1.0, concession_limit_cny=steps + 1.0)


def attained(problem: Problem, kind: Kind, year: Year) -> float:
    """What a year brings of what a goal counts, on the curves: yuan over the horizon, or clients."""
    if kind == "reached":
        held_in = 1 - problem.policy.evaluation.holdout_share
        own = zip(problem.segments, problem.seats_of_segment, strict=True)
        return sum(min(sum(year.guests[i] for i in seats), held_in * segment.clients) for segment, seats in own)
    steps = [step for (c, kind_), level in year.levels.items() for step in problem.cells[c].steps[kind_] if step.level == level]
    if kind == "retention":
        return sum(step.kept_cny for step in steps)
    touches = touches_of(problem, year.guests)
    answers = [response.curve.at(at) for response, at in zip(problem.responses, touches, strict=True)]
    added = sum(answers) + sum(step.gain_cny for step in steps)
    if kind == "added":
        return added
    costs = cash_of(problem, year) + sum(step.cost_cny for step in steps) if problem.net else 0.0
    certain = costs + sum(_short_hours(problem, year)) * problem.policy.contact.cost_per_hour_short
    return added - certain - caution(problem, answers, year.levels)


def cash_of(problem: Problem, year: Year) -> float:
    """The bank's event cash of a year, yuan."""
    held = zip(problem.slots, year.sessions, strict=True)
    coming = zip(problem.seats, year.guests, strict=True)
    fixed = sum(slot.event.fixed_cost_cny * slot.event.bank_share * count for slot, count in held)
    return fixed + sum(problem.event(seat).guest_cost_cny * problem.event(seat).bank_share * count for seat, count in coming)


def _short_hours(problem: Problem, year: Year) -> list[float]:
    if problem.policy.contact.rule != "target":
        return []
    needed = dict.fromkeys(problem.hours, 0.0)
    for segment in problem.segments:
        needed[segment.branch] += segment.clients * problem.visit_hours.get(segment.tier, 0.0)
    for slot, count in zip(problem.slots, year.sessions, strict=True):
        if slot.event.host_level == "branch":
            needed[slot.host] += slot.event.hours_session * count
    for seat, count in zip(problem.seats, year.guests, strict=True):
        needed[problem.segments[seat.segment].branch] += problem.event(seat).hours_guest * count
    return [max(needed[branch] - hours, 0.0) for branch, hours in problem.hours.items()]


def steered(problem: Problem, purpose: Purpose, lacking: Lacking, amount: float = 0.0) -> Steered | None:
    """The best year for a purpose, in months, the goal reached on the curves. None where no year serves it; NotSolved when none was found in time.

    Where the year's months do not fit, monthly rules are tightened, then more is asked for than the `amount` of the goal:
    a larger year is placed more easily; at last a small year is sought together with its months. The bound stays that of
    the first solve.
    """
    effort = Effort(problem.policy.solver.gap)
    problem = _followed(problem, purpose)
    bound, unplaced = None, None
    tries = [(tightened, 0.0) for tightened in (0.0, *TIGHTENED)] + [(TIGHTENED[0], amount * part) for part in PUSHED if amount > 0]
    for tightened, raised in tries:
        try:
            year, first = _reaching(replace(problem, tightened=tightened), (purpose, lacking), effort, raised)
        except NotSolved:
            if unplaced is None:
                raise
            break
        bound = first if bound is None else bound
        if year is None:
            break
        try:
            return Steered(year, place(problem, year, evenly=False), bound)
        except NotSolved as error:
            unplaced = error
    if unplaced is None or bound is None:
        return None
    if large(problem):
        raise unplaced
    with_months = _with_months(problem, (purpose, lacking), effort, unplaced)
    return None if with_months is None else Steered(*with_months, bound)


def _followed(problem: Problem, purpose: Purpose) -> Problem:
    """The problem with tangents where the purpose's plan without whole numbers lies."""
    for spread in FOLLOWED:
        model = purpose(problem, 0.0)
        if solve(model.lp, problem.policy.solver, Effort(0.0, relaxed=True)).status != "optimal":
            break
        problem = near(problem, touches_of(problem, [seat.value() for seat in model.seats]), spread)
    return problem


def _reaching(problem: Problem, served: tuple[Purpose, Lacking], effort: Effort, raised: float) -> tuple[Year | None, float]:
    """A whole year that lacks nothing, and the closest bound; None where there is none. NotSolved where more had to be asked for and led to none."""
    purpose, lacking = served
    bound, asked = inf, raised
    for attempt in range(ROUNDS):
        year, outcome = _whole(problem, partial(purpose, raised=raised), effort)
        bound = min(bound, outcome.bound) if not raised else bound
        if year is None and raised > asked:
            break
        if year is None:
            return None, bound
        short = lacking(problem, year)
        if short <= TINY * max(abs(outcome.objective), 1.0):
            return year, bound
        raised += short * (1 + TINY) if attempt >= UNRAISED else 0.0
        problem = near(problem, touches_of(problem, year.guests), (1.0,))
    raise _no_time(outcome, problem.policy.solver)


def _with_months(problem: Problem, served: tuple[Purpose, Lacking], effort: Effort, unplaced: NotSolved) -> tuple[Year, Placed] | None:
    """The same for a year sought together with its months. None where months admit none; `unplaced` where none was found."""
    purpose, lacking = served
    raised = 0.0
    for attempt in range(ROUNDS):
        model = purpose(problem, raised)
        months, found = solve_with_months(model, effort.gap)
        if found.status == "infeasible" and not raised:
            return None
        if found.status == "infeasible":
            break
        year = _year(model, found)
        short = lacking(problem, year)
        if short <= TINY * max(abs(found.objective), 1.0):
            return year, Placed(months.sessions(), months.guests())
        raised += short * (1 + TINY) if attempt >= UNRAISED else 0.0
        problem = near(problem, touches_of(problem, year.guests), (1.0,))
    raise unplaced


def _whole(problem: Problem, make: Callable[[Problem], Model], effort: Effort) -> tuple[Year | None, Outcome]:
    """All in whole numbers; in a large year guests are means first and made whole where that fits."""
    options, began = problem.policy.solver, clock()
    model = make(problem)
    if not large(problem):
        model.whole_guests()
    found = solve(model.lp, options, effort)
    if found.status == "none":
        raise _no_time(found, options)
    if found.status == "infeasible":
        return None, found
    model.fix_decisions()
    whole = solve(model.lp, options, Effort(options.gap / 4))
    if whole.status in ("infeasible", "none"):
        model = make(problem)
        model.whole_guests()
        whole = solve(model.lp, options, effort)
    if whole.status == "none":
        raise _no_time(whole, options)
    if whole.status == "infeasible":
        return None, found
    outcome = told(replace(whole, bound=found.bound, seconds=clock() - began), options.gap)
    return _year(model, outcome), outcome


def _no_time(stopped: Outcome, options: Solver) -> NotSolved:
    return NotSolved(Fault("no_plan_in_time", values={"seconds": options.seconds, "solver": stopped.solver}))


def _year(model: Model, outcome: Outcome) -> Year:
    levels = {(c, kind): level for (c, kind, level), step in model.steps.items() if step.value() > 0.5}
    sessions, guests = (tuple(round(variable.value()) for variable in some) for some in (model.sessions, model.seats))
    return Year(sessions, guests, levels, outcome, 0.0)
