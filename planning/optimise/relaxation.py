"""The year without whole numbers, held in the solver's memory: what other budgets, floors or caution change, in a fraction of a second.

The model is the year model whose sessions and ladder need not be whole, so its value is one that no plan can exceed. Budgets are
right-hand sides, floors coefficients of their rows, caution coefficients of the objective: each is changed in place and the solver
goes on from the last answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import inf

from planning.errors import Fault, Infeasible, NotSolved
from planning.optimise.model import Model, build, value
from planning.optimise.problem import Problem
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, solve
from planning.optimise.tangents import follow_curves

SOME_CAUTION = 0.5  # the worst tenth has rows only where some caution is asked for, so the model is built with it


@dataclass(frozen=True)
class Levers:
    """What is asked: both limits in yuan, the least share of spending of each tier, risk aversion 0..1."""

    event_cny: float
    concession_cny: float
    floors: Mapping[str, float]
    risk_aversion: float


@dataclass(frozen=True)
class Means:
    """A year that need not be whole: no plan is worth more than `value_cny`. Yuan; sessions by slot; mean depth by (cell, concession)."""

    value_cny: float
    event_cny: float
    concession_cny: float
    sessions: tuple[float, ...]
    depths: Mapping[tuple[int, str], float]


class Relaxation:
    """A problem's year without whole numbers. `most_cny` = the largest limits that will be asked for, yuan."""

    def __init__(self, problem: Problem, most_cny: tuple[float, float]) -> None:
        followed = follow_curves(problem)
        policy = problem.policy
        floors = policy.floors.model_copy(update={"tier": {tier: policy.floors.tier.get(tier, 0.0) for tier in problem.tiers}})
        careful = policy.value.model_copy(update={"risk_aversion": policy.value.risk_aversion or SOME_CAUTION})
        solver = policy.solver.model_copy(update={"name": "highs"})
        asked = policy.model_copy(update={"floors": floors, "value": careful, "solver": solver})
        self._model: Model = build(replace(followed, policy=asked, event_limit_cny=most_cny[0], concession_limit_cny=most_cny[1]), RULES)
        if solve(self._model.lp, solver, Effort(0.0, relaxed=True)).status == "none":
            raise NotSolved(Fault("no_plan_in_time", values={"seconds": solver.seconds, "solver": "HiGHS"}))
        self._solver = self._model.lp.solverModel
        self._solver.setOptionValue("output_flag", False)
        self._solver.setOptionValue("time_limit", inf)  # HiGHS counts the seconds of all its runs together

    def at(self, levers: Levers) -> Means:
        """The year at other levers. Infeasible where no plan, whole or not, keeps every rule there."""
        self._set_budgets(levers)
        self._set_floors(levers.floors)
        self._set_caution(levers.risk_aversion)
        self._solver.run()
        ended = self._solver.modelStatusToString(self._solver.getModelStatus())
        if ended in ("Infeasible", "Primal infeasible or unbounded"):
            raise Infeasible(Fault("conflict_unexplained"))
        if ended != "Optimal":
            raise NotSolved(Fault("no_plan_in_time", values={"seconds": self._model.problem.policy.solver.seconds, "solver": "HiGHS"}))
        return self._means()

    def _set_budgets(self, levers: Levers) -> None:
        share = self._model.problem.policy.budget.transfer_share
        event, concession = levers.event_cny, levers.concession_cny
        limits = {
            ("within_event_budget", ()): event + share * concession,
            ("within_concession_budget", ()): concession + share * event,
            ("within_concession_budget", ("event", "concession")): event + concession,
        }
        for row in self._model.rows:
            if (row.rule, row.where) in limits:
                self._solver.changeRowBounds(row.constraint.index, -inf, limits[row.rule, row.where])

    def _set_floors(self, floors: Mapping[str, float]) -> None:
        for row in self._model.rows:
            if row.rule != "tier_floor":
                continue
            share = floors.get(row.where[0], 0.0)
            for tier, spend in self._model.tier_spend.items():
                self._solver.changeCoeff(row.constraint.index, spend.index, (tier == row.where[0]) - share)

    def _set_caution(self, aversion: float) -> None:
        policy = self._model.problem.policy
        careful = policy.value.model_copy(update={"risk_aversion": aversion})
        self._model.problem = replace(self._model.problem, policy=policy.model_copy(update={"value": careful}))
        for variable, coefficient in value(self._model):
            self._solver.changeColCost(variable.index, -coefficient)  # the solver holds the negative, as a minimum

    def _means(self) -> Means:
        model, problem = self._model, self._model.problem
        found = self._solver.getSolution().col_value
        depths: dict[tuple[int, str], float] = {}
        for c, cell in enumerate(problem.cells):
            for concession, steps in cell.steps.items():
                depths[c, concession] = sum(step.depth * found[model.steps[c, concession, step.level].index] for step in steps)
        return Means(
            -self._solver.getInfo().objective_function_value,
            sum(found[cash.index] for cash in model.cash.values()),
            sum(cost * found[step.index] for step, cost in model.concession_cost),
            tuple(found[variable.index] for variable in model.sessions),
            depths,
        )
