"""Whether a solver works on this machine: the smallest model that only whole numbers make hard, and its one right answer."""

from typing import Literal, get_args

import pulp

from planning.errors import NotSolved
from planning.optimise.solve import Effort, solve
from planning.policy.sections import Solver

Found = Literal["right", "wrong", "absent", "broke"]
Name = Literal["highs", "cbc"]
NAMES: tuple[Name, ...] = get_args(Name)
CODES: dict[str, Found] = {"solver_absent": "absent"}


def tried(name: Name) -> Found:
    """What a solver makes of: most x + y with 2x + 2y ≤ 5, x and y whole, which is 2."""
    lp = pulp.LpProblem("trial", pulp.LpMaximize)
    x, y = (pulp.LpVariable(letter, 0, 3, pulp.LpInteger) for letter in "xy")
    lp += x + y
    lp += 2 * x + 2 * y <= 5
    try:
        outcome = solve(lp, Solver(name=name, seconds=10, threads=1), Effort(gap=0.0))
    except NotSolved as error:
        return CODES.get(error.faults[0].code, "broke")
    except (pulp.PulpSolverError, OSError):
        return "broke"
    whole = round(float(x.value() or 0.0) + float(y.value() or 0.0), 6)
    return "right" if (outcome.status, whole) == ("optimal", 2.0) else "wrong"
