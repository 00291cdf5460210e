"""How clients answer to events, and where the plan stands on each curve."""

from math import fsum

from planning.catalogue.doubts import Doubt
from planning.catalogue.offer import Offer
from planning.optimise.outcomes import response_key
from planning.optimise.problem import Problem
from planning.plan.compose import Choice, touches_by_response
from planning.plan.pictured import ResponseCurve

SHOWN = 8  # curves, those that add most
BEYOND = 1.5  # times the most touches a client of any of them: how far the curves are told
POINTS = 13
SURE = Doubt(0.0, "")

Key = tuple[str, str, str]  # tier, kind, family


def response_curves(offer: Offer, problem: Problem, choice: Choice) -> tuple[ResponseCurve, ...]:
    """The SHOWN tiers, kinds and families that add most to the plan, most first; none that fewer than min_cell clients stand behind.

    A curve sums those of its segments, with the plan's attendances all made more or fewer in the same proportion:
    U(s) = Σ_g U_g(s · A_g), so that it passes through the plan's own uplift at s = 1.
    """
    touches = touches_by_response(problem, choice.placed)
    groups: dict[Key, list[int]] = {}
    for r, response in enumerate(problem.responses):
        segment = problem.segments[response.segment]
        groups.setdefault((segment.tier, segment.kind, response.family), []).append(r)
    least = problem.policy.privacy.min_cell
    found = {key: own for key, own in groups.items() if _clients(problem, own) >= least and any(touches[r] > 0 for r in own)}
    most = sorted(found, key=lambda key: (-_uplift(problem, found[key], touches, 1.0), key))[:SHOWN]
    end = BEYOND * max((_mean(problem, found[key], touches) for key in most), default=0.0)
    return tuple(_curve(offer, problem, found[key], touches, end) for key in most)


def _curve(offer: Offer, problem: Problem, own: list[int], touches: list[float], end: float) -> ResponseCurve:
    first = problem.responses[own[0]]
    segment = problem.segments[first.segment]
    doubt = problem.doubts.get(response_key(problem, first), SURE)
    held = fsum(problem.segments[problem.responses[r].segment].clients * problem.segments[problem.responses[r].segment].mean_contribution_cny for r in own)
    mean, added = _mean(problem, own, touches), _uplift(problem, own, touches, 1.0)
    places = [end * place / (POINTS - 1) for place in range(POINTS)]
    points = tuple((place, _uplift(problem, own, touches, place / mean) / held) for place in places)
    return ResponseCurve(
        segment.tier, offer.tier_names[segment.tier], segment.kind, first.family, doubt.source, doubt.error, points, (mean, added / held), added
    )  # fmt: skip


def _clients(problem: Problem, own: list[int]) -> int:
    return sum(problem.segments[problem.responses[r].segment].clients for r in own)


def _mean(problem: Problem, own: list[int], touches: list[float]) -> float:
    return fsum(touches[r] for r in own) / _clients(problem, own)


def _uplift(problem: Problem, own: list[int], touches: list[float], times: float) -> float:
    return fsum(problem.responses[r].curve.at(times * touches[r]) for r in own)
