"""Last year's plan done again this year: the same sessions, guests and levels, under this year's clients and calendar."""

from planning.catalogue.offer import PastLine
from planning.optimise.placement import Placed
from planning.optimise.problem import CENTRE, Problem
from planning.plan.compose import Choice


def last_year(problem: Problem, past: tuple[PastLine, ...]) -> tuple[Choice, int]:
    """(choice, number of lines this year has no place for).

    A session keeps its host, and its month or the nearest that is open; its guests fall on the segments by the places they
    may take. A ladder cell without a line grants nothing; a level that may not be offered falls to the next lower one.
    """
    placed = Placed({}, {})
    levels = {(c, concession): 0 for c, cell in enumerate(problem.cells) for concession in cell.steps}
    slots = {slot.key: s for s, slot in enumerate(problem.slots)}
    done = [_granted(problem, line, levels) if line.concession else _held(problem, line, slots, placed) for line in past]
    return Choice(placed, levels), done.count(False)


def _held(problem: Problem, line: PastLine, slots: dict[tuple[str, str], int], placed: Placed) -> bool:
    s = next((slots[key] for host in (line.branch, line.region, CENTRE) if (key := (line.event, host)) in slots), None)
    if s is None or not line.sessions:
        return False
    months = problem.slots[s].event.months
    month = min(months, key=lambda open_month: (abs(open_month - (line.month or months[0])), open_month))
    placed.sessions[s, month] = placed.sessions.get((s, month), 0) + line.sessions
    for i, guests in _by_places(problem, s, line.attendances).items():
        placed.guests[i, month] = placed.guests.get((i, month), 0) + guests
    return True


def _by_places(problem: Problem, s: int, guests: int) -> dict[int, int]:
    """Guests on the slot's seats in proportion to the places each may take, by largest remainders."""
    places = {i: problem.seats[i].most for i in problem.seats_of_slot[s]}
    total = sum(places.values())
    if not total:
        return {}
    coming = min(guests, total)
    whole = {i: coming * most // total for i, most in places.items()}
    left = coming - sum(whole.values())
    for i in sorted(places, key=lambda i: (-(coming * places[i] % total), i))[:left]:
        whole[i] += 1
    return {i: count for i, count in whole.items() if count}


def _granted(problem: Problem, line: PastLine, levels: dict[tuple[int, str], int]) -> bool:
    asked = (line.region, line.tier, line.kind)
    cells = [c for c, cell in enumerate(problem.cells) if all(not wanted or wanted == own for wanted, own in zip(asked, cell.key, strict=True))]
    found = [c for c in cells if line.concession in problem.cells[c].steps]
    for c in found:
        levels[c, line.concession] = max(step.level for step in problem.cells[c].steps[line.concession] if step.level <= line.level)
    return bool(found)
