"""When no plan keeps all rules: told with every way out, or planned with the rules of the least relief relaxed, on request."""

from collections.abc import Callable, Sequence
from math import ceil

from planning.errors import Fault, Infeasible, NotSolved
from planning.optimise.explain import conflicts, told
from planning.optimise.feasible import Asking
from planning.optimise.impossible import impossible
from planning.optimise.placement import Placed, plan_months
from planning.optimise.problem import Problem
from planning.optimise.relief import Eased, least_relief, with_all
from planning.optimise.settings import settings
from planning.optimise.year import Year
from planning.plan.plan import Relaxed

FURTHER = (1.0, 1.05, 1.2)  # times the least relief
Told = Callable[[str, dict[str, float]], None]


def planned(problem: Problem, relax: bool, progress: Told) -> tuple[Problem, tuple[Relaxed, ...], tuple[Year, Placed]]:
    """The problem solved, what was relaxed for it, and its best year in months: nothing is relaxed where all rules can be kept.

    Infeasible tells every conflict with its ways out; with `relax` only where no setting of the policy is a way out.
    """
    try:
        if faults := impossible(problem):
            raise Infeasible(faults)
        return problem, (), _solved(problem, progress)
    except Infeasible as error:
        progress("easing", {})
        relaxed = least_relief(problem, settings(problem, in_policy=True), Asking()) if relax else ()
        if not relaxed:
            raise Infeasible((*_explained(problem, error), *([Fault("relax_not_by_policy")] if relax else []))) from None
    return _eased(problem, relaxed, progress)


def _eased(problem: Problem, relaxed: Sequence[Eased], progress: Told) -> tuple[Problem, tuple[Relaxed, ...], tuple[Year, Placed]]:
    """The plan of the relaxed rules; where they leave so little room that none is found in time, they are eased a little more."""
    for further in FURTHER:
        eased = tuple((one, one.after(ceil(one.reaching(value) * further))) for one, value in relaxed)
        try:
            there = with_all(problem, eased)
            return there, tuple(Relaxed(one.rule, one.where, one.end, one.unit, one.asked, value) for one, value in eased), _solved(there, progress)
        except NotSolved:
            if further == FURTHER[-1]:
                raise
    raise AssertionError


def _solved(problem: Problem, progress: Told) -> tuple[Year, Placed]:
    progress("solving", {})
    return plan_months(problem, lambda gap: progress("solving", {"gap": gap}), lambda: progress("placing", {}))


def _explained(problem: Problem, error: Infeasible) -> tuple[Fault, ...]:
    """What is impossible by itself as it stands; else the conflicts, or what the search for months said where none is found."""
    alone = all(fault.code.startswith("impossible_") for fault in error.faults)
    found = () if alone else conflicts(problem)
    return told(found) if found else error.faults
