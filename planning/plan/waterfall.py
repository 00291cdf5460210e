"""From last year's plan to this one: what each family of events, each concession and the costs add to what is left after spending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from planning.catalogue.offer import PastLine
from planning.optimise.problem import Problem
from planning.plan.baselines import nothing
from planning.plan.compose import Choice, chosen_steps, totals, touches_by_response, uplift_by_response
from planning.plan.last_year import last_year
from planning.plan.pictured import Fall, Waterfall


@dataclass
class _Brought:
    """What is brought under one name, and the clients behind it."""

    added: float = 0.0
    clients: int = 0


def waterfall(problem: Problem, past: Sequence[PastLine], choice: Choice) -> Waterfall:
    """The steps from last year's plan, done again this year, to this one; from nothing where this year has no place for any of it.

    Uplift is added by family and gain by concession, so the steps sum without a rest. What fewer than min_cell clients stand
    behind, in both plans, is told together with the next smallest.
    """
    before, _ = last_year(problem, tuple(past))
    known = bool(before.placed.sessions) or any(before.levels.values())
    start = before if known else nothing(problem)
    net = [_left(problem, one) for one in (start, choice)]
    falls = []
    for kind, brought in (("family", _by_family), ("concession", _by_concession)):
        falls += _falls(kind, brought(problem, start), brought(problem, choice), problem.policy.privacy.min_cell)
    sums = [totals(problem, one) for one in (start, choice)]
    falls.append(Fall("event_cost", "", sums[0].event_cny - sums[1].event_cny))
    falls.append(Fall("concession_cost", "", sums[0].concession_cny - sums[1].concession_cny))
    return Waterfall("last_year" if known else "nothing", net[0], net[1], tuple(falls))


def _left(problem: Problem, choice: Choice) -> float:
    sums = totals(problem, choice)
    return sums.uplift_cny + sums.gain_cny - sums.event_cny - sums.concession_cny


def _falls(kind: str, before: Mapping[str, _Brought], after: Mapping[str, _Brought], min_cell: int) -> list[Fall]:
    names = sorted({*before, *after})
    empty = _Brought()
    clients = {name: max(one.get(name, empty).clients for one in (before, after)) for name in names}
    few = _few(clients, min_cell)
    changes = {name: after.get(name, empty).added - before.get(name, empty).added for name in names}
    told = sorted((Fall(kind, name, changes[name]) for name in names if name not in few), key=lambda fall: (-fall.change_cny, fall.code))
    return [*told, *([Fall(kind, "", fsum(changes[name] for name in few))] if few else [])]


def _few(clients: Mapping[str, int], min_cell: int) -> set[str]:
    """The names told together: those with too few clients, and as many more as keep them from being subtracted out."""
    few = {name for name, count in clients.items() if count < min_cell}
    others = sorted((name for name in clients if name not in few), key=lambda name: (clients[name], name))
    while few and others and (len(few) < 2 or sum(clients[name] for name in few) < min_cell):
        few.add(others.pop(0))
    return few


def _by_family(problem: Problem, choice: Choice) -> dict[str, _Brought]:
    found: dict[str, _Brought] = {}
    touches = touches_by_response(problem, choice.placed)
    for response, touched, uplift in zip(problem.responses, touches, uplift_by_response(problem, choice.placed), strict=True):
        if touched > 0:
            brought = found.setdefault(response.family, _Brought())
            brought.added += uplift
            brought.clients += problem.segments[response.segment].clients
    return found


def _by_concession(problem: Problem, choice: Choice) -> dict[str, _Brought]:
    found: dict[str, _Brought] = {}
    for step in chosen_steps(problem, choice).values():
        if step.level:
            brought = found.setdefault(step.concession, _Brought())
            brought.added += step.gain_cny
            brought.clients += step.qualifying
    return found
