"""Why the plan is as it is: what easing a rule brings, what the next money brings, what was left out, and where ladders stop."""

from collections.abc import Callable

from planning.catalogue.concessions import Step
from planning.catalogue.offer import Offer
from planning.errors import NotSolved
from planning.optimise.easing import Change, Eased, change, differing, easing, holding, with_more
from planning.optimise.goal import cash_of
from planning.optimise.problem import Problem
from planning.optimise.year import Year, vast
from planning.plan.lines import place_names
from planning.plan.summary import Displaced, EasedLine, Explained, LadderStop, MoreMoney, NotHeld

Told = Callable[[], None]

STEPS = (100_000.0, 10_000.0, 1_000.0, 100.0, 10.0)  # of further money: the largest that is a tenth of the budget at most
MOST_EVENTS = 3  # that are tried although the plan does without them
MOST_DISPLACED = 3
ROUND_OFF = 0.005  # yuan


def explained(offer: Offer, problem: Problem, year: Year, told: Told = lambda: None) -> Explained:
    """Every reason, in finished numbers. The year is solved again once a budget and once for each of MOST_EVENTS events left out (of none in a vast year).

    `told` is called before each of these.
    """
    left_out = _left_out(problem, year)
    tried = [one for event in left_out[: 0 if vast(problem) else MOST_EVENTS] if (one := _not_held(offer, problem, year, event, told))]
    return Explained(
        eased=eased_lines(easing(problem, year)),
        more_money=tuple(found for budget in ("event", "concession") if (found := _more_money(problem, year, budget, told))),
        not_held=tuple(tried),
        not_tried=len(left_out) - len(tried),
        stops=ladder_stops(offer, problem, year),
    )


def eased_lines(eased: tuple[Eased, ...]) -> tuple[EasedLine, ...]:
    """One line a rule and unit: its dearest place, and at how many places it costs something."""
    lines: dict[tuple[str, str], list[Eased]] = {}
    for one in eased:
        lines.setdefault((one.rule, one.unit), []).append(one)
    return tuple(EasedLine(rule, own[0].where, unit, own[0].worth_cny, len(own)) for (rule, unit), own in lines.items())


def step_of(budget_cny: float) -> float:
    """A round amount, at most a tenth of the budget (10 yuan at least)."""
    return next((step for step in STEPS if step <= budget_cny / 10), STEPS[-1])


def _more_money(problem: Problem, year: Year, budget: str, told: Told) -> MoreMoney | None:
    """What more money brings; None where that was not found in time."""
    told()
    step = step_of(problem.event_limit_cny if budget == "event" else problem.concession_limit_cny)
    try:
        more = with_more(problem, year, event_cny=step) if budget == "event" else with_more(problem, year, concession_cny=step)
    except NotSolved:
        return None
    return MoreMoney(budget, step, *_amounts(more))


def _left_out(problem: Problem, year: Year) -> list[str]:
    held = {problem.slots[s].event.event for s, count in enumerate(year.sessions) if count}
    return sorted({slot.event.event for slot in problem.slots if slot.most_sessions} - held)


def _not_held(offer: Offer, problem: Problem, year: Year, event: str, told: Told) -> NotHeld | None:
    """What holding an event would cost; None where that was not found in time."""
    told()
    names = next(one.names for one in offer.events if one.event == event)
    try:
        other = holding(problem, year, event)
    except NotSolved:
        return None
    if other is None:
        return NotHeld(event, names, None, None, None, ())
    found = change(year, other)
    return NotHeld(event, names, -found.likely_cny, max(-found.most_cny, 0.0), max(-found.least_cny, 0.0), _displaced(offer, problem, year, (other, event)))


def _displaced(offer: Offer, problem: Problem, year: Year, forced: tuple[Year, str]) -> tuple[Displaced, ...]:
    """What gives way to the event: the largest falls in sessions, by the bank's cash for an average session."""
    other, event = forced
    fallen: dict[tuple[str, str], tuple[float, int]] = {}
    for s, difference in differing(year.sessions, other.sessions):
        slot = problem.slots[s]
        if slot.event.event != event:
            cash, sessions = fallen.get((slot.event.event, slot.host), (0.0, 0))
            fallen[slot.event.event, slot.host] = cash + difference * slot.event.fixed_cost_cny * slot.event.bank_share, sessions + difference
    largest = sorted((amount, key, sessions) for key, (amount, sessions) in fallen.items() if sessions < 0)[:MOST_DISPLACED]
    named = {one.event: one.names for one in offer.events}
    return tuple(Displaced(named[code], place_names(offer, host), -sessions) for _, (code, host), sessions in largest)


def ladder_stops(offer: Offer, problem: Problem, year: Year) -> tuple[LadderStop, ...]:
    """Why each ladder cell goes no further than its level, one line for equal tier, concession and reason; none for too few clients."""
    lines: dict[tuple[str, str, str], list[tuple[float, float]]] = {}
    for (c, concession), level in sorted(year.levels.items()):
        cell = problem.cells[c]
        if any(0 < step.qualifying < problem.policy.privacy.min_cell for step in cell.steps[concession]):
            continue
        reason, gain, cost = stop_of(problem, year, (c, concession), level)
        lines.setdefault((cell.tier, concession, reason), []).append((gain, cost))
    order = {tier: rank for rank, tier in enumerate(offer.tiers)}
    return tuple(
        LadderStop(tier, offer.tier_names[tier], concession, reason, len(own), sum(gain for gain, _ in own), sum(cost for _, cost in own))
        for (tier, concession, reason), own in sorted(lines.items(), key=lambda line: (-order[line[0][0]], line[0][1:]))
    )


def stop_of(problem: Problem, year: Year, where: tuple[int, str], level: int) -> tuple[str, float, float]:
    """(reason, further gain, further cost) of the next level of a cell's concession, yuan; the first of the reasons that holds.

    no_base: nobody qualifies · last: no further level may be offered · not_worth_it: costs more than it brings ·
    higher_tier: the tier above stands no higher (K2) · bearable: the client group's limit (K3) · budget: the money is granted
    elsewhere (B2) · tier_cap (B4) · small: worth it, but less than the proven gap · careful: too uncertain, or as elsewhere ·
    elsewhere: another rule, or worth less than what it would displace.
    """
    c, concession = where
    cell = problem.cells[c]
    steps = {step.level: step for step in cell.steps[concession]}
    further = [number for number in steps if number > level]
    if not further:
        return ("last" if any(step.base_cny > 0 for step in steps.values()) else "no_base"), 0.0, 0.0
    now, after = steps[level], steps[min(further)]
    gain, cost = after.gain_cny - now.gain_cny, after.cost_cny - now.cost_cny
    if after.base_cny <= 0:
        return "no_base", gain, cost
    return _reason(problem, year, where, (after, gain, cost)), gain, cost


def _reason(problem: Problem, year: Year, where: tuple[int, str], step: tuple[Step, float, float]) -> str:
    (c, concession), (after, gain, cost) = where, step
    cell = problem.cells[c]
    worth = gain - cost if problem.net else gain
    granted = sum(_cost(problem, year, other) for other in range(len(problem.cells)))
    above = [other for other, one in enumerate(problem.cells) if (one.region, one.kind) == (cell.region, cell.kind)]
    higher = [other for other in above if problem.tiers.index(problem.cells[other].tier) > problem.tiers.index(cell.tier)]
    tests = {
        "not_worth_it": worth <= ROUND_OFF,
        "higher_tier": any(_depth(problem, year, other, concession) < after.depth for other in higher),
        "bearable": _cost(problem, year, c) + cost > _bearable(problem, c) + ROUND_OFF,
        "budget": granted + cost > problem.concession_room(cash_of(problem, year)) + ROUND_OFF,
        "tier_cap": cell.tier in problem.policy.caps.tier,
        "small": worth <= year.outcome.bound - year.outcome.objective,
        "careful": problem.policy.value.risk_aversion > 0,
    }
    return next((reason for reason, holds in tests.items() if holds), "elsewhere")


def _cost(problem: Problem, year: Year, c: int) -> float:
    steps = problem.cells[c].steps.items()
    return sum(step.cost_cny for concession, own in steps for step in own if step.level == year.levels[c, concession])


def _depth(problem: Problem, year: Year, c: int, concession: str) -> float:
    return next((step.depth for step in problem.cells[c].steps.get(concession, ()) if step.level == year.levels[c, concession]), 0.0)


def _amounts(found: Change) -> tuple[float, float, float]:
    return found.likely_cny, found.least_cny, found.most_cny


def _bearable(problem: Problem, c: int) -> float:
    policy = problem.policy
    return policy.caps.concession_share_of_contribution * policy.part_of_year * problem.cells[c].contribution_cny
