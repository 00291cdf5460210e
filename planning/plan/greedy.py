"""The greedy plan: always the session or ladder step that brings most per yuan next, until the budgets are used."""

import heapq
from collections.abc import Iterator

from planning.catalogue.concessions import Step
from planning.optimise.problem import Problem
from planning.plan.baselines import in_turn
from planning.plan.compose import Choice


def greedy_by_return(problem: Problem) -> Choice:
    """Rooms, eligibility and both budgets are kept, no other rule is looked at; what costs more than it brings is not taken."""
    return Choice(in_turn(problem, *_sessions(problem)), _levels(problem))


def _sessions(problem: Problem) -> tuple[list[int], list[int]]:
    """Sessions a slot and guests a seat. Returns only fall as touches add up, so a stale return is an upper bound: the best is looked at again."""
    sessions, guests, left = [0] * len(problem.slots), [0] * len(problem.seats), problem.event_limit_cny
    response_of = {i: r for r, response in enumerate(problem.responses) for i in response.seats}
    touches = [0.0] * len(problem.responses)

    def next_session(s: int) -> tuple[float, float, dict[int, int]]:
        return _best_session(problem, s, guests, (response_of, touches))

    waiting = [(-float("inf"), s) for s, slot in enumerate(problem.slots) if slot.most_sessions]
    while waiting:
        _, s = heapq.heappop(waiting)
        gain, cost, coming = next_session(s)
        if not coming or gain <= cost or cost > left or sessions[s] >= problem.slots[s].most_sessions:
            continue
        if waiting and -gain / max(cost, 1.0) > waiting[0][0]:
            heapq.heappush(waiting, (-gain / max(cost, 1.0), s))
            continue
        left -= cost
        sessions[s] += 1
        for i, count in coming.items():
            guests[i] += count
            if i in response_of:
                touches[response_of[i]] += count * problem.slots[s].event.touch_weight
        heapq.heappush(waiting, (-gain / max(cost, 1.0), s))
    return sessions, guests


def _best_session(problem: Problem, s: int, guests: list[int], answered: tuple[dict[int, int], list[float]]) -> tuple[float, float, dict[int, int]]:
    """(gain, the bank's cost, guests a seat) of one more session: the segments that answer most come first."""
    response_of, touches = answered
    slot, event = problem.slots[s], problem.slots[s].event

    def slope(i: int) -> float:
        return problem.responses[response_of[i]].curve.slope(touches[response_of[i]]) if i in response_of else 0.0

    room, gain = event.max_guests, 0.0
    coming: dict[int, int] = {}
    for i in sorted(problem.seats_of_slot[s], key=lambda i: (-slope(i), i)):
        count = min(room, problem.seats[i].most_a_session, problem.seats[i].most - guests[i])
        worth = slope(i) * event.touch_weight > event.guest_cost_cny * event.bank_share
        if count <= 0 or not (worth or sum(coming.values()) < event.min_guests):
            continue
        coming[i] = count
        room -= count
        if i in response_of:
            curve, at = problem.responses[response_of[i]].curve, touches[response_of[i]]
            gain += curve.at(at + count * slot.event.touch_weight) - curve.at(at)
    cost = (event.fixed_cost_cny + event.guest_cost_cny * sum(coming.values())) * event.bank_share
    return (gain, cost, coming) if sum(coming.values()) >= max(event.min_guests, 1) else (0.0, cost, {})


def _levels(problem: Problem) -> dict[tuple[int, str], int]:
    levels = {(c, concession): 0 for c, cell in enumerate(problem.cells) for concession in cell.steps}
    left = problem.concession_limit_cny
    while True:
        offered = [(gain / cost, where, level, cost) for where, level, gain, cost in _further(problem, levels) if gain > cost > 0 and cost <= left]
        if not offered:
            return levels
        _, where, level, cost = max(offered, key=lambda one: (one[0], one[1]))
        levels[where] = level
        left -= cost


def _further(problem: Problem, levels: dict[tuple[int, str], int]) -> Iterator[tuple[tuple[int, str], int, float, float]]:
    """Every higher level of every cell: (where, level, further gain, further cost)."""
    for (c, concession), level in levels.items():
        steps: dict[int, Step] = {step.level: step for step in problem.cells[c].steps[concession]}
        for number, step in steps.items():
            if number > level:
                yield (c, concession), number, step.gain_cny - steps[level].gain_cny, step.cost_cny - steps[level].cost_cny
