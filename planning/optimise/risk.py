"""The worst tenth of draws in the year model, where the policy is averse to risk (4-model.md, "Objective").

B[i] gathers what rests on uncertain coefficient i: tangents never lie below their curve and no multiplier is below 0, so
what bounds the careful value of the model bounds it on the curves too.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from planning.catalogue.doubts import Key
from planning.optimise.model import Model, Term
from planning.optimise.outcomes import Yuan, drawn, response_key, step_key, sure_cost

NOTHING = 1e-6  # yuan
Variable = Any  # PuLP publishes it untyped


def answers_summed(m: Model) -> None:
    """B[i] = Σ slope·u + Σ (G − (net only) the part of C that moves with it)·y over all that rests on i      for every uncertain coefficient i"""
    if m.tail is None:
        return
    terms: dict[Key, list[Term]] = {key: [(total, -1.0)] for key, total in m.tail.totals.items()}
    for r, response in enumerate(m.problem.responses):
        own = terms.get(response_key(m.problem, response), [])
        own += [(u, piece.slope) for u, piece in zip(m.pieces[r], response.pieces, strict=True)]
    for c, cell in enumerate(m.problem.cells):
        for y, step in m.granted([c]):
            moves = step.cost_cny - sure_cost(step) if m.problem.net else 0.0
            terms.get(step_key(cell, step.concession), []).append((y, step.gain_cny - moves))
    for key, own in terms.items():
        m.require(own, "==", 0, "answers_summed", key)


def worst_tenth(m: Model) -> None:
    """ξ[s] ≥ η − Σ_i m[i,s]·B[i] + Σ (net only) (C at m − what B counts of it)·y      for every draw s

    A cost bends where all old money is repriced; up to there B counts all that moves.
    """
    if m.tail is None:
        return
    times, bent = drawn(m.problem), list(_bends(m))
    for s, short in enumerate(m.tail.short):
        terms: list[Term] = [(m.tail.worst, 1.0), (short, -1.0), *((total, -float(times[key][s])) for key, total in m.tail.totals.items())]
        m.require([*terms, *((y, float(more[s])) for y, more in bent if more[s])], "<=", 0, "worst_tenth", (str(s),))


def _bends(m: Model) -> Iterator[tuple[Variable, Yuan]]:
    """The steps whose cost bends, with what each costs in each draw beyond what B counts of it, yuan."""
    times = drawn(m.problem)
    for c, cell in enumerate(m.problem.cells if m.problem.net else ()):
        for y, step in m.granted([c]):
            own = times.get(step_key(cell, step.concession))
            moves = step.cost_cny - sure_cost(step)
            if own is None or not moves:
                continue
            beyond = np.array([step.cost_if(answer) - sure_cost(step) - answer * moves for answer in own])
            if np.abs(beyond).max() > NOTHING:
                yield y, np.where(np.abs(beyond) > NOTHING, beyond, 0.0)
