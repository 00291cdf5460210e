"""The plan where clients answer otherwise than expected: its range, what it leans on, and what knowing better is worth."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from planning.catalogue.doubts import JUDGED, SHARED, Doubt, Key
from planning.catalogue.offer import Offer
from planning.errors import Infeasible, NotSolved
from planning.optimise.outcomes import Outcomes, Yuan, chosen, doubted, drawn, in_world, outcomes, rests_on, step_key, worst_tenth
from planning.optimise.problem import Problem
from planning.optimise.year import Year, solve_year
from planning.plan.compose import Choice, totals, uplift_by_response
from planning.plan.frontier import LOOSER
from planning.plan.groups import parts
from planning.plan.lines import hours_lines
from planning.plan.uncertainty import Bar, End, Largest, Lean, Risks, SourceLine, Spread

DRAWS = 2_000  # that the range is told by
BARS = 20
LEANS = 8  # coefficients told
MEASURED = 3  # of them, for which the year is solved again, twice each
LARGEST = 5
TIGHT = 0.9  # of the managers' hours
TENTH = 1.2815515655446004  # standard errors: one case in ten lies further off on either side
WEIGHTS = {-TENTH: 0.3, 0.0: 0.4, TENTH: 0.3}  # Swanson's rule: three cases that stand for a bell curve
SOURCES = ("trial", "history", JUDGED)


def risks(offer: Offer, problem: Problem, choice: Choice) -> Risks:
    """The plan as it stands in DRAWS draws, and weak and strong in each coefficient. Nothing is solved again."""
    answers = uplift_by_response(problem, choice.placed)
    cash = totals(problem, choice).event_cny
    found = outcomes(problem, answers, choice.levels, drawn(problem, DRAWS))
    sure = outcomes(problem, answers, choice.levels, {})
    net, added = found.added - found.concession_cost - cash, found.added
    leans = _leans(offer, problem, choice, answers)
    hours = hours_lines(offer, problem, choice)
    return Risks(
        draws=len(net),
        added=_spread(float(sure.added[0]), added),
        net=_spread(_net(sure, cash), net),
        bars=_bars(net),
        paying_back=float((net > 0).mean()),
        worst_tenth_cny=worst_tenth(net) if len(net) >= 10 else float(net.mean()),
        over_budget=float((found.concession_cost > problem.concession_room(cash) + 0.005).mean()),
        concession_high_cny=float(np.quantile(found.concession_cost, 0.9)),
        leans=leans[:LEANS],
        not_shown=len(leans[LEANS:]),
        sources=_sources(problem, rests_on(problem, answers, choice.levels)),
        largest=_largest(problem, choice),
        hours_tight=sum(line.visits + line.events > TIGHT * line.hours for line in hours),
        branches=len(hours),
    )


def knowing_better(found: Risks, problem: Problem, planned: tuple[Year, Choice], told: Callable[[], None] = lambda: None) -> Risks:
    """The same with the MEASURED largest leans solved again, weak and strong: what planning anew would win, and what knowing is worth.

    The year is solved again twice for each, to LOOSER times the asked gap; `told` is called before each of them. Knowing a
    coefficient is worth Σ weight · (best value there − the plan's value there), cases and weights by Swanson's rule.
    """
    asked = min(problem.policy.solver.gap * LOOSER, 0.5)
    looser = replace(problem, policy=problem.policy.with_parameters({"gap": asked}))
    measured, leans = 0, []
    for lean in found.leans:
        if lean.table != JUDGED and measured < MEASURED:
            told()
            lean, measured = _measured(looser, planned, lean), measured + 1
        leans.append(lean)
    return replace(found, leans=tuple(leans))


def _measured(problem: Problem, planned: tuple[Year, Choice], lean: Lean) -> Lean:
    key: Key = (lean.table, lean.tier, lean.kind, lean.name)
    doubt = Doubt(lean.error, lean.source)
    won = {z: _won(problem, planned, {key: doubt.at(z)}) for z in WEIGHTS}
    least, most = (sum(WEIGHTS[z] * won[z][end] for z in WEIGHTS) for end in (0, 1))
    ends = [replace(end, won_least_cny=won[z][0], won_most_cny=won[z][1]) for end, z in ((lean.weak, -TENTH), (lean.strong, TENTH))]
    return replace(lean, weak=ends[0], strong=ends[1], least_cny=least, most_cny=most)


def _won(problem: Problem, planned: tuple[Year, Choice], times: Mapping[Key, float]) -> tuple[float, float]:
    """What the best plan of that world is worth more than this plan there: found at least, and at most, yuan."""
    year, choice = planned
    if set(times.values()) == {1.0} and problem.policy.value.risk_aversion == 0:
        return 0.0, max(year.outcome.bound - year.outcome.objective, 0.0)
    world = in_world(problem, times)
    own = totals(world, choice).value_cny
    try:
        best = solve_year(world, like=year).outcome
    except (Infeasible, NotSolved):
        return 0.0, float("inf")
    return max(best.objective - own, 0.0), max(best.bound - own, 0.0)


def _spread(expected: float, amounts: Yuan) -> Spread:
    return Spread(expected, *(float(amount) for amount in np.quantile(amounts, (0.1, 0.5, 0.9))))


def _net(sure: Outcomes, cash: float) -> float:
    return float(sure.added[0] - sure.concession_cost[0]) - cash


def _bars(net: Yuan) -> tuple[Bar, ...]:
    """The draws in BARS bars of equal width; the furthest half per cent on either side stand in the outer bars."""
    low, high = (float(amount) for amount in np.quantile(net, (0.005, 0.995)))
    if high - low < 1:
        return ()
    counts, edges = np.histogram(np.clip(net, low, high), bins=BARS, range=(low, high))
    return tuple(Bar(float(start), float(end), float(count) / len(net)) for count, start, end in zip(counts, edges, edges[1:], strict=False))


def _leans(offer: Offer, problem: Problem, choice: Choice, answers: list[float]) -> tuple[Lean, ...]:
    """Every coefficient the plan rests on, and what was judged together, largest swing first; none that few clients stand behind."""
    resting = rests_on(problem, answers, choice.levels)
    few = _few(problem, choice)
    doubts = {key: doubt for key, doubt in doubted(problem) if resting.get(key, 0.0)}
    leans = [
        Lean(key[0], key[1], offer.tier_names[key[1]], key[2], key[3], doubt.source, doubt.error, resting[key], *_ends(problem, choice, resting, {key: doubt}))
        for key, doubt in doubts.items()
        if not {key, (key[0], key[1])} & few
    ]
    judged = {key: Doubt(doubt.error * SHARED**0.5, doubt.source) for key, doubt in doubts.items() if doubt.source == JUDGED}
    if len(judged) > 1:
        together = sum(resting[key] for key in judged)
        leans.append(Lean(JUDGED, "", ("", ""), "", "", JUDGED, 0.0, together, *_ends(problem, choice, resting, judged)))
    return tuple(sorted(leans, key=lambda lean: (-lean.swing_cny, lean.table, lean.tier, lean.kind, lean.name)))


def _ends(problem: Problem, choice: Choice, resting: Mapping[Key, float], doubts: Mapping[Key, Doubt]) -> tuple[End, End]:
    """The plan's change in net outcome where these coefficients are weak, and where they are strong, all together."""
    steps = [(step_key(problem.cells[c], kind), chosen(problem.cells[c], kind, level)) for (c, kind), level in choice.levels.items() if level]

    def end(z: float) -> End:
        times = {key: doubt.at(z) for key, doubt in doubts.items()}
        added = sum(resting[key] * (by - 1) for key, by in times.items())
        dearer = sum(step.cost_if(times[key]) - step.cost_cny for key, step in steps if key in times)
        whole = sum(resting[key] for key in times) or 1.0
        return End(1 + added / whole, added - dearer)

    return end(-TENTH), end(TENTH)


def _few(problem: Problem, choice: Choice) -> set[tuple[str, ...]]:
    """What too few clients stand behind to be told: responses of a tier with few clients of a kind, concessions with a step granted to few."""
    least = problem.policy.privacy.min_cell
    clients: dict[tuple[str, str], int] = {}
    for segment in problem.segments:
        clients[segment.tier, segment.kind] = clients.get((segment.tier, segment.kind), 0) + segment.clients
    granted = ((problem.cells[c], chosen(problem.cells[c], kind, level)) for (c, kind), level in choice.levels.items() if level)
    return {
        *(("responses", tier) for (tier, _), count in clients.items() if count < least),
        *(step_key(cell, step.concession) for cell, step in granted if step.qualifying < least),
    }


def _sources(problem: Problem, resting: Mapping[Key, float]) -> tuple[SourceLine, ...]:
    added = dict.fromkeys(SOURCES, 0.0)
    for key, amount in resting.items():
        if key in problem.doubts:
            added[problem.doubts[key].source] += amount
    whole = sum(added.values()) or 1.0
    return tuple(SourceLine(source, amount, amount / whole) for source, amount in added.items() if amount)


def _largest(problem: Problem, choice: Choice) -> Largest:
    found = sorted(parts(problem, choice).values(), key=lambda part: -(part.uplift + part.gain))
    first = found[:LARGEST]
    added, held = sum(part.uplift + part.gain for part in found), sum(max(part.contribution, 0.0) for part in found)
    return Largest(
        len(first), len(found), sum(part.clients for part in first),
        sum(part.uplift + part.gain for part in first) / (added or 1.0), sum(max(part.contribution, 0.0) for part in first) / (held or 1.0),
    )  # fmt: skip
