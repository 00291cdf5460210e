"""Multipliers of a solved linear model, in one sign for every solver."""

import pulp

from planning.optimise.model import Model

SIGN = {"highs": -1.0, "cbc": 1.0}  # PuLP hands HiGHS a maximisation as the minimum of its negative, and CBC as it is


def multipliers(model: Model, solver: str) -> list[float]:
    """λ of each row of a maximisation solved without whole numbers: what its limit is worth a unit, yuan.

    λ ≥ 0 for `≤`, λ ≤ 0 for `≥`, either for `=`; the solver's last digits on the wrong side of 0 are cut off.
    """
    return [_lawful(row.constraint, SIGN[solver] * float(row.constraint.pi or 0.0)) for row in model.rows]


def _lawful(constraint: pulp.LpConstraint, found: float) -> float:
    if constraint.sense == pulp.LpConstraintLE:
        return max(found, 0.0)
    return min(found, 0.0) if constraint.sense == pulp.LpConstraintGE else found
