"""Which rules conflict when no plan keeps them all, and by how much the cheapest way out relieves them."""

from planning.errors import Fault
from planning.optimise.model import Model, Row, build
from planning.optimise.problem import Problem
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, solve

LOOSE_GAP = 0.01
NOTHING = 1e-4


def conflicts(problem: Problem) -> tuple[Fault, ...]:
    """The policy rules that cannot all hold: those that must give way at least (with the amount), then those they clash with.

    Least relief over policy rules, weighted so that a yuan, a session and an hour compare (`model.RELIEF`). The rules they
    clash with carry a price in the same problem without whole numbers. Guests count as means where those conflict already.
    """
    elastic = build(problem, RULES, relieving=True)
    relaxed = solve(elastic.lp, problem.policy.solver, Effort(LOOSE_GAP, relaxed=True))
    clashing = [row for row in elastic.rows if row.unit and abs(row.constraint.pi or 0.0) > NOTHING] if relaxed.status == "optimal" else []
    relieved = _least_relief(elastic)
    if not relieved:
        elastic.whole_guests()
        relieved = _least_relief(elastic)
    if not relieved:
        return (Fault("conflict_unexplained"),)
    named = {(row.rule, row.where) for row in relieved}
    return (*(_fault("conflict_relieve", row) for row in relieved), *(_fault("conflict_with", row) for row in clashing if (row.rule, row.where) not in named))


def _least_relief(elastic: Model) -> list[Row]:
    """The rows that give way; none where none has to, or none was found in time."""
    found = solve(elastic.lp, elastic.problem.policy.solver, Effort(LOOSE_GAP))
    if found.status in ("infeasible", "none"):
        return []
    return [row for row in elastic.rows if row.relief is not None and row.relief.value() > NOTHING]


def _fault(code: str, row: Row) -> Fault:
    amount = row.relief.value() if row.relief is not None and code == "conflict_relieve" else 0.0
    return Fault(code, values={"rule": row.rule, "where": " · ".join(row.where), "amount": amount, "unit": row.unit})
