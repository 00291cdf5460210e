"""Whether any plan keeps all rules: first without whole numbers, then in whole sessions and guests, for a small year in months too."""

from planning.errors import NotSolved
from planning.optimise.impossible import impossible
from planning.optimise.model import build
from planning.optimise.problem import Problem
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, solve
from planning.optimise.together import solve_with_months
from planning.optimise.year import large

MOST_TRIES = 200  # questions one explanation may ask
NODES, NODES_OF_LARGE = 2_000, 200  # of one question


class Asking:
    """Answers whether a problem has a plan; counts its questions, and answers None for what it could not find out."""

    def __init__(self, most: int = MOST_TRIES) -> None:
        self.left = most
        self.unsure = False

    def without_whole_numbers(self, problem: Problem) -> bool:
        """Whether the rules hold together if sessions, guests and levels need not be whole: where they do not, no plan keeps them."""
        if impossible(problem):
            return False
        self.left -= 1
        model = build(problem, RULES)
        model.set_objective([])
        return solve(model.lp, problem.policy.solver, Effort(0.0, relaxed=True)).status != "infeasible"

    def has_plan(self, problem: Problem) -> bool | None:
        """Whether a plan in whole numbers keeps all rules; None where that was not found out."""
        if not self.without_whole_numbers(problem):
            return False
        answer = None if self.left <= 0 else _in_whole_numbers(problem) if large(problem) else _in_months(problem)
        self.unsure |= answer is None
        return answer


def _in_months(problem: Problem) -> bool | None:
    model = build(problem, RULES)
    model.set_objective([])
    try:
        return solve_with_months(model, 0.0, NODES)[1].status != "infeasible"
    except NotSolved:
        return None


def _in_whole_numbers(problem: Problem) -> bool | None:
    model, options = build(problem, RULES), problem.policy.solver
    model.set_objective([])
    with_means = solve(model.lp, options, Effort(0.0, nodes=NODES_OF_LARGE)).status
    if with_means in ("infeasible", "none"):
        return False if with_means == "infeasible" else None
    model.fix_decisions()
    if solve(model.lp, options, Effort(0.0, nodes=NODES_OF_LARGE)).status not in ("infeasible", "none"):
        return True
    model = build(problem, RULES)
    model.set_objective([])
    model.whole_guests()
    found = solve(model.lp, options, Effort(0.0, nodes=NODES_OF_LARGE)).status
    return None if found == "none" else found != "infeasible"
