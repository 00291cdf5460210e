"""Plans by simple rules, on the same yardstick as the optimum: the same money for every client, money by assets, nothing.

Each rule says how the event budget is shared over segments and the concession budget over ladder cells. The money then
buys whole sessions and whole guests as a planner would by hand: evenly over the events a segment may attend, months in turn.
"""

from collections.abc import Mapping
from math import floor

from planning.book.segments import SegmentKey
from planning.catalogue.concessions import Cell
from planning.optimise.placement import Placed, spread
from planning.optimise.problem import Problem
from planning.plan.compose import Choice

PASSES = 4  # money freed by sessions that do not fill is shared again
TRIALS = 24  # halvings in the search for the largest plan the budget pays


def nothing(problem: Problem) -> Choice:
    """No events and no concessions."""
    return Choice(Placed({}, {}), {(c, kind): 0 for c, cell in enumerate(problem.cells) for kind in cell.steps})


def equal_split(problem: Problem) -> Choice:
    """The same event money for every client; one level of each concession for all, as high as its even part of the budget pays."""
    clients = sum(segment.clients for segment in problem.segments)
    shares = [segment.clients / clients for segment in problem.segments]
    return Choice(_events(problem, shares), _one_level_for_all(problem))


def by_assets(problem: Problem, assets: Mapping[SegmentKey, float]) -> Choice:
    """Event money and concession money in proportion to the assets of each segment."""
    total = sum(assets.values()) or 1.0
    shares = [assets.get(segment.key, 0.0) / total for segment in problem.segments]
    of_cell: dict[tuple[str, str, str], float] = {}
    for segment, share in zip(problem.segments, shares, strict=True):
        key = (segment.region, segment.tier, segment.kind)
        of_cell[key] = of_cell.get(key, 0.0) + share
    return Choice(_events(problem, shares), _levels_by_share(problem, of_cell))


def _one_level_for_all(problem: Problem) -> dict[tuple[int, str], int]:
    kinds = sorted({kind for cell in problem.cells for kind in cell.steps})
    levels: dict[tuple[int, str], int] = {}
    for kind in kinds:
        offered = sorted({step.level for cell in problem.cells for step in cell.steps.get(kind, ())})
        tried = [{(c, kind): _highest(cell, kind, level) for c, cell in enumerate(problem.cells) if kind in cell.steps} for level in offered]
        paid = [
            choice for choice in tried if sum(_cost(problem, c, kind, level) for (c, _), level in choice.items()) <= problem.concession_limit_cny / len(kinds)
        ]
        levels |= paid[-1] if paid else {}
    return levels


def _levels_by_share(problem: Problem, share: Mapping[tuple[str, str, str], float]) -> dict[tuple[int, str], int]:
    levels: dict[tuple[int, str], int] = {}
    for c, cell in enumerate(problem.cells):
        purse = problem.concession_limit_cny * share.get(cell.key, 0.0) / max(len(cell.steps), 1)
        for kind, steps in cell.steps.items():
            levels[c, kind] = max(step.level for step in steps if step.cost_cny <= purse)
    return levels


def _highest(cell: Cell, kind: str, level: int) -> int:
    return max(step.level for step in cell.steps[kind] if step.level <= level)


def _cost(problem: Problem, c: int, kind: str, level: int) -> float:
    return next(step.cost_cny for step in problem.cells[c].steps[kind] if step.level == level)


def _events(problem: Problem, shares: list[float]) -> Placed:
    low, high = 0.0, 2.0
    best = Placed({}, {})
    for _ in range(TRIALS):
        middle = (low + high) / 2
        bought = _bought(problem, [share * middle * problem.event_limit_cny for share in shares])
        if _cash(problem, *bought) <= problem.event_limit_cny:
            low, best = middle, in_turn(problem, *bought)
        else:
            high = middle
    return best


def _bought(problem: Problem, purses: list[float]) -> tuple[list[int], list[int]]:
    """Whole guests and sessions for each segment's purse, yuan; slots that cannot fill a session are given up."""
    open_slots = {s for s, slot in enumerate(problem.slots) if slot.most_sessions}
    guests, sessions = [0] * len(problem.seats), [0] * len(problem.slots)
    for _ in range(PASSES):
        guests = _guests(problem, purses, open_slots)
        sessions = [_fitting(problem, s, guests) if s in open_slots else 0 for s in range(len(problem.slots))]
        empty = {s for s in open_slots if sessions[s] == 0}
        if not empty:
            break
        open_slots -= empty
    _turn_away(problem, guests, sessions)
    return sessions, guests


def _guests(problem: Problem, purses: list[float], open_slots: set[int]) -> list[int]:
    guests = [0] * len(problem.seats)
    for g, purse in enumerate(purses):
        own = [i for i in problem.seats_of_segment[g] if problem.seats[i].slot in open_slots]
        for i in own:
            event = problem.event(problem.seats[i])
            guests[i] = min(problem.seats[i].most, floor(purse / len(own) / (event.standard_cost_cny * event.bank_share or 1.0)))
    return guests


def _fitting(problem: Problem, s: int, guests: list[int]) -> int:
    slot = problem.slots[s]
    coming = sum(guests[i] for i in problem.seats_of_slot[s])
    needed = -(-coming // slot.most_guests)
    return min(needed, coming // max(slot.event.min_guests, 1), slot.most_sessions)


def _turn_away(problem: Problem, guests: list[int], sessions: list[int]) -> None:
    for s, slot in enumerate(problem.slots):
        too_many = sum(guests[i] for i in problem.seats_of_slot[s]) - slot.event.max_guests * sessions[s]
        for i in reversed(problem.seats_of_slot[s]):
            away = min(max(too_many, 0), guests[i])
            guests[i] -= away
            too_many -= away


def _cash(problem: Problem, sessions: list[int], guests: list[int]) -> float:
    cash = sum(slot.event.fixed_cost_cny * slot.event.bank_share * count for slot, count in zip(problem.slots, sessions, strict=True))
    events = (problem.event(seat) for seat in problem.seats)
    return cash + sum(event.guest_cost_cny * event.bank_share * count for event, count in zip(events, guests, strict=True))


def in_turn(problem: Problem, sessions: list[int], guests: list[int]) -> Placed:
    """Sessions in the open months in turn, guests dealt over them."""
    held: dict[tuple[int, int], int] = {}
    seated: dict[tuple[int, int], int] = {}
    for s, slot in enumerate(problem.slots):
        months = slot.event.months
        for turn in range(sessions[s]):
            key = (s, months[(turn + s) % len(months)])
            held[key] = held.get(key, 0) + 1
        if sessions[s]:
            own = [(month, held[s, month]) for month in months if (s, month) in held]
            seated |= spread([(i, guests[i]) for i in problem.seats_of_slot[s] if guests[i]], own)
    return Placed(held, seated)
