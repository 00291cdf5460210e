"""Solving: the solver is told what to prove, and what it proved is told truly.

Status, termination, values and the solver's own report are four things: PuLP calls a plan "Optimal" when only time ran out.
"""

import re
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from math import isfinite
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import highspy
import pulp

from planning.errors import Fault, NotSolved
from planning.optimise import guarded
from planning.policy.sections import Solver

GapHeard = Callable[[float], None]
MODEL, FOUND, REPORT = "model.mps", "found.sol", "cbc.log"
SEARCHES_OF_ITS_OWN = ("mip_heuristic_run_rens", "mip_heuristic_run_rins", "mip_heuristic_run_root_reduced_cost")


clock = time.perf_counter  # the one clock below run: seconds a solve takes


@dataclass(frozen=True)
class Outcome:
    """What the solver proved: `optimal` = gap ≤ the asked one, `none` = it stopped without a plan and without proof."""

    status: Literal["optimal", "feasible", "infeasible", "none"]
    solver: str
    objective: float
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        return relative_gap(self.objective, self.bound)


def relative_gap(objective: float, bound: float) -> float:
    """|bound − objective| / max(|objective|, 1): how far a better plan could lie at most."""
    return abs(bound - objective) / max(abs(objective), 1.0)


@dataclass(frozen=True)
class Effort:
    """How far to go: the relative gap, whether whole numbers are dropped (an LP, with duals in `pi`), the most nodes to search.

    `target` = an objective that is good enough to stop at (HiGHS).
    `start` = a plan to begin with, by variable name; with it no other is sought but by branching (HiGHS; CBC begins afresh).
    """

    gap: float
    relaxed: bool = False
    nodes: int | None = None
    heard: GapHeard | None = None
    start: Mapping[str, float] | None = None
    target: float | None = None


def solve(lp: pulp.LpProblem, options: Solver, effort: Effort) -> Outcome:
    """Solve within `options.seconds`, as far as `effort` says."""
    began = clock()
    run = _highs if options.name == "highs" else _cbc
    status, objective, bound = run(lp, options, effort)
    if status == "feasible" and within(relative_gap(objective, bound), effort.gap):
        status = "optimal"
    return Outcome(status, solver_name(options.name), objective, bound, clock() - began)


def within(gap: float, asked: float) -> bool:
    """Whether a gap is the asked one or less; the last digits of a sum of doubles do not count."""
    return gap <= asked + 1e-9


@cache
def solver_name(name: str) -> str:
    """The solver and its version as a page states it."""
    return f"HiGHS {version('highspy')}" if name == "highs" else f"CBC (PuLP {version('pulp')})"


# A process keeps the threads of its first solve and refuses a solve with another number until they are let go: by one at a time.
LETTING_GO = Lock()


def _refused(lp: pulp.LpProblem) -> bool:
    return bool(lp.solverModel.getModelStatus() == highspy.HighsModelStatus.kNotset)


Told = tuple[Literal["optimal", "feasible", "infeasible", "none"], float, float]


class _Unheard(highspy.Highs):
    """HiGHS told to be silent before it greets, which it does as soon as it is made."""

    def enableCallbacks(self) -> None:  # noqa: N802  its name
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]


class _Highs(pulp.HiGHS):  # type: ignore[misc]  # PuLP publishes it untyped
    """PuLP's HiGHS, silent and with a plan to start from.

    It knows no name for a search ended by its node limit; the values are filled in by then.
    """

    start: Mapping[str, float] | None = None

    def createAndConfigureSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802  PuLP's name
        native = lp.solverModel = _Unheard()  # type: ignore[no-untyped-call]
        if self.callbackTuple:
            native.setCallback(*self.callbackTuple)
        for kind in self.callbacksToActivate or ():
            native.startCallback(kind)
        limits = {"output_flag": False, "mip_rel_gap": self.gapRel, "mip_abs_gap": self.gapAbs, "threads": self.threads, "time_limit": float(self.timeLimit)}
        for name, value in {**limits, **self.optionsDict}.items():
            native.setOptionValue(name, value)

    def callSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802  PuLP's name
        if self.start is not None:
            known = highspy.HighsSolution()
            known.col_value = [self.start[variable.name] for variable in sorted(lp.variables(), key=lambda variable: variable.index)]
            lp.solverModel.setSolution(known)
        lp.solverModel.run()
        if _refused(lp):
            with LETTING_GO:
                lp.solverModel.run()
                if _refused(lp):
                    lp.solverModel.resetGlobalScheduler(True)
                    lp.solverModel.run()

    def findSolutionValues(self, lp: pulp.LpProblem) -> tuple[int, int]:  # noqa: N802  PuLP's name
        try:
            told: tuple[int, int] = super().findSolutionValues(lp)
        except KeyError:
            return pulp.LpStatusNotSolved, pulp.LpSolutionIntegerFeasible
        return told


def _highs(lp: pulp.LpProblem, options: Solver, effort: Effort) -> Told:
    settings: dict[str, Any] = {} if effort.nodes is None else {"mip_max_nodes": effort.nodes}
    heard = effort.heard
    if heard is not None:
        progress = highspy.cb.HighsCallbackType.kCallbackMipLogging
        settings |= {"callbackTuple": (lambda *event: heard(float(event[2].mip_gap)), None), "callbacksToActivate": [progress]}
    if effort.target is not None:
        settings["objective_target"] = -effort.target if lp.sense == pulp.LpMaximize else effort.target
    if effort.start is not None:
        settings |= dict.fromkeys(SEARCHES_OF_ITS_OWN, False)
    solver = _Highs(
        mip=not effort.relaxed,
        msg=False,
        gapRel=effort.gap,
        gapAbs=0.0,
        threads=options.threads,
        timeLimit=options.seconds,
        random_seed=options.seed,
        **settings,
    )
    solver.start = effort.start
    lp.solve(solver)
    native = lp.solverModel
    ended, info = native.getModelStatus(), native.getInfo()
    if ended == highspy.HighsModelStatus.kNotset:
        raise NotSolved(Fault("solver_not_started", values={"solver": "HiGHS"}))
    if ended in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return "infeasible", 0.0, 0.0
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return "none", 0.0, 0.0
    sign = -1.0 if lp.sense == pulp.LpMaximize else 1.0
    objective = sign * info.objective_function_value
    whole = not effort.relaxed and any(v.cat == pulp.LpInteger for v in lp.variables())
    bound = sign * info.mip_dual_bound if whole else objective
    if ended == highspy.HighsModelStatus.kOptimal:
        return "optimal", objective, bound
    return ("feasible", objective, bound) if whole and isfinite(bound) else ("none", 0.0, 0.0)  # of a plan alone nothing is proven


def _cbc(lp: pulp.LpProblem, options: Solver, effort: Effort) -> Told:
    """CBC's word. Its reduction of whole-number models loses plans and proves bounds below them, so it is left out; without it CBC
    dies on models it sees to be impossible, which its reduction then has to say as well."""
    gap = effort.gap
    if not pulp.PULP_CBC_CMD().available():
        raise NotSolved(Fault("solver_absent", values={"solver": "CBC"}))
    try:
        report = _run_cbc(lp, options, effort, ("preprocess off",))
    except pulp.PulpSolverError as died:
        try:
            _run_cbc(lp, options, effort, ())
        except pulp.PulpSolverError:
            lp.status = pulp.LpStatusNotSolved
        if lp.status != pulp.LpStatusInfeasible:
            raise NotSolved(Fault("solver_broke", values={"solver": "CBC"})) from died
        report = ""
    if lp.status == pulp.LpStatusInfeasible:
        return "infeasible", 0.0, 0.0
    if lp.sol_status == pulp.LpSolutionNoSolutionFound:
        return "none", 0.0, 0.0
    objective = float(pulp.value(lp.objective) or 0.0)  # PuLP has no value for an objective without terms
    told = re.findall(r"^(?:Upper|Lower) bound:\s+(-?[\d.e+]+)", report, re.MULTILINE)
    if told:
        return "feasible", objective, float(told[-1])
    allowed = gap * abs(objective) if lp.sense == pulp.LpMaximize else -gap * abs(objective)
    return ("optimal" if lp.sol_status == pulp.LpSolutionOptimal else "none"), objective, objective + (0.0 if effort.relaxed else allowed)


class _Cbc(pulp.PULP_CBC_CMD):  # type: ignore[misc]  # PuLP publishes it untyped
    """PuLP's CBC, in a process that ends with this one. It works in a folder of its own, whose path may be any."""

    folder = Path()

    def solve_CBC(self, lp: pulp.LpProblem, use_mps: bool = True) -> int:  # noqa: N802, ARG002  PuLP's names
        found = self.folder / FOUND
        named = lp.writeMPS(str(self.folder / MODEL), rename=1)[:3]
        asked = [f"sec {self.timeLimit}", *self.options, *self.getOptions(), "solve" if self.mip else "initialSolve", "printingOptions all"]
        most = ["-max"] if lp.sense == pulp.LpMaximize else []
        command = [self.path, MODEL, *most, *" ".join(f"-{one}" for one in asked).split(), "-solution", FOUND]
        with (self.folder / REPORT).open("wb") as report:
            code = guarded.run(command, self.folder, report)
        if code or not found.exists():
            raise pulp.PulpSolverError(f"CBC {code}")
        status, values, reduced, prices, slacks, ended = self.readsol_MPS(str(found), lp, *named)
        lp.assignVarsVals(values)
        lp.assignVarsDj(reduced)
        lp.assignConsPi(prices)
        lp.assignConsSlack(slacks, activity=True)
        lp.assignStatus(status, ended)
        return int(status)


def _run_cbc(lp: pulp.LpProblem, options: Solver, effort: Effort, more: tuple[str, ...]) -> str:
    """Solve once; what CBC reports. PulpSolverError where it dies."""
    with tempfile.TemporaryDirectory() as folder:
        asked = [f"randomSeed {options.seed}", f"randomCbcSeed {options.seed}", *more]
        asked += [] if effort.nodes is None else [f"maxNodes {effort.nodes}"]
        threads = options.threads if options.threads > 1 else None  # told of one, it makes a second, which now and then waits ten seconds for nothing
        limits = {"gapRel": effort.gap, "timeLimit": options.seconds, "threads": threads}
        solver = _Cbc(mip=not effort.relaxed, msg=False, options=asked, **limits)
        solver.folder = Path(folder)
        lp.solve(solver)
        return (solver.folder / REPORT).read_text(encoding="utf-8", errors="replace")
