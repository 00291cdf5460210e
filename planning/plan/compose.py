"""From the optimiser's numbers to the plan: named rows, and totals scored on the response curve."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import fsum

from planning.book.segments import Segment
from planning.catalogue.concessions import Step
from planning.money import in_steps
from planning.optimise.outcomes import caution
from planning.optimise.placement import Placed, cash_by_month
from planning.optimise.problem import Problem
from planning.plan.plan import Attendances, LadderStep, Plan, Sessions, Solve, Totals

FEN = 2  # digits


@dataclass(frozen=True)
class Choice:
    """What was chosen, however it was found: sessions and guests in months, and the level of each (cell, concession)."""

    placed: Placed
    levels: Mapping[tuple[int, str], int]


def compose(problem: Problem, choice: Choice, name: tuple[str, str], solve: Solve) -> Plan:
    """The plan of a choice. `name` = (plan id, data hash)."""
    return Plan(
        id=name[0],
        year=problem.policy.year,
        state="draft",
        data_hash=name[1],
        policy=problem.policy.model_dump(mode="json"),
        solve=solve,
        segments=tuple(_segments(problem)),
        sessions=_sessions(problem, choice.placed),
        attendances=attendances(problem, choice.placed),
        ladder=_ladder(problem, choice),
        totals=totals(problem, choice),
    )


def totals(problem: Problem, choice: Choice) -> Totals:
    """What a choice costs and brings, yuan: the same yardstick for the optimum and for every other plan."""
    steps = chosen_steps(problem, choice).values()
    parts = (
        cash_by_month(problem, choice.placed).values(),
        (step.cost_cny for step in steps),
        uplift_by_response(problem, choice.placed),
        (step.gain_cny for step in steps),
    )
    event, concession, uplift, gain = (round(fsum(amounts), FEN) for amounts in parts)
    costs = event + concession if problem.net else 0.0
    worth = uplift + gain - costs - sum(short_hours(problem, choice.placed).values()) * _hour_price(problem)
    worth -= caution(problem, uplift_by_response(problem, choice.placed), choice.levels)
    return Totals(event, concession, uplift, gain, round(worth, FEN))


def in_fen(amounts: Sequence[float]) -> list[float]:
    """Each amount in yuan to the fen, so that they sum to their sum to the fen: the largest remainders are rounded up."""
    return [steps / 100 for steps in in_steps(amounts, 0.01, round(fsum(amounts) * 100))]


def chosen_steps(problem: Problem, choice: Choice) -> Mapping[tuple[int, str], Step]:
    """The chosen step of each (cell, concession)."""
    return {(c, kind): next(step for step in problem.cells[c].steps[kind] if step.level == level) for (c, kind), level in choice.levels.items()}


def guests_by_seat(problem: Problem, placed: Placed) -> list[int]:
    """Attendances of each seat over the year."""
    guests = [0] * len(problem.seats)
    for (i, _), count in placed.guests.items():
        guests[i] += count
    return guests


def uplift_by_response(problem: Problem, placed: Placed) -> list[float]:
    """Uplift of each response on its curve, yuan over the horizon."""
    touches = touches_by_response(problem, placed)
    return [response.curve.at(touched) for response, touched in zip(problem.responses, touches, strict=True)]


def touches_by_response(problem: Problem, placed: Placed) -> list[float]:
    """Weighted touches of each response over the year."""
    guests = guests_by_seat(problem, placed)
    return [sum(problem.event(problem.seats[i]).touch_weight * guests[i] for i in response.seats) for response in problem.responses]


def event_hours(problem: Problem, placed: Placed) -> dict[str, float]:
    """Managers' hours for sessions a branch holds and guests it brings."""
    hours = dict.fromkeys(problem.hours, 0.0)
    for (s, _), count in placed.sessions.items():
        slot = problem.slots[s]
        if slot.event.host_level == "branch":
            hours[slot.host] += slot.event.hours_session * count
    for (i, _), count in placed.guests.items():
        seat = problem.seats[i]
        hours[problem.segments[seat.segment].branch] += problem.event(seat).hours_guest * count
    return hours


def visit_hours(problem: Problem) -> dict[str, float]:
    """Hours the visit standard asks of each branch."""
    return {branch: sum(own.values()) for branch, own in visit_hours_by_tier(problem).items()}


def visit_hours_by_tier(problem: Problem) -> dict[str, dict[str, float]]:
    """The same for each of its tiers."""
    hours: dict[str, dict[str, float]] = {branch: {} for branch in problem.hours}
    for segment in problem.segments:
        own = hours[segment.branch]
        own[segment.tier] = own.get(segment.tier, 0.0) + segment.clients * problem.visit_hours.get(segment.tier, 0.0)
    return hours


def short_hours(problem: Problem, placed: Placed) -> dict[str, float]:
    """Hours of visits missed in each branch, where the visit standard is a target."""
    if problem.policy.contact.rule != "target":
        return {}
    events, visits = event_hours(problem, placed), visit_hours(problem)
    return {branch: max(visits[branch] + events[branch] - hours, 0.0) for branch, hours in problem.hours.items()}


def attendances(problem: Problem, placed: Placed) -> tuple[Attendances, ...]:
    """Named rows of the guests."""
    rows = []
    for (i, month), count in sorted(placed.guests.items()):
        seat = problem.seats[i]
        segment, slot = problem.segments[seat.segment], problem.slots[seat.slot]
        rows.append(Attendances(segment.branch, segment.tier, segment.kind, slot.host, slot.event.event, month, float(count), segment.part))
    return tuple(rows)


def _hour_price(problem: Problem) -> float:
    return problem.policy.contact.cost_per_hour_short


def _segments(problem: Problem) -> Iterator[Segment]:
    """The segments with money to the fen, the parts of one so that they sum to the whole to the fen."""
    for _, group in groupby(problem.segments, lambda segment: (segment.branch, segment.tier, segment.kind)):
        own = list(group)
        amounts = [segment.contribution_cny for segment in own]
        told = in_fen(amounts) if len(own) > 1 else [round(amounts[0], FEN)]
        yield from (replace(segment, contribution_cny=amount) for segment, amount in zip(own, told, strict=True))


def _sessions(problem: Problem, placed: Placed) -> tuple[Sessions, ...]:
    rows = ((problem.slots[s], month, count) for (s, month), count in placed.sessions.items())
    named = (Sessions(slot.host, slot.event.host_level, slot.event.event, month, count) for slot, month, count in rows)
    return tuple(sorted(named, key=lambda row: (row.host_level, row.host, row.event, row.month)))


def _ladder(problem: Problem, choice: Choice) -> tuple[LadderStep, ...]:
    chosen = [(problem.cells[c], step) for (c, _), step in sorted(chosen_steps(problem, choice).items())]
    gains, costs = in_fen([step.gain_cny for _, step in chosen]), in_fen([step.cost_cny for _, step in chosen])
    return tuple(
        LadderStep(cell.region, cell.tier, cell.kind, step.concession, step.level, step.depth, gain, cost)
        for (cell, step), gain, cost in zip(chosen, gains, costs, strict=True)
    )
