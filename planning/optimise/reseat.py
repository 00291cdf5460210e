"""Guests moved between the months of the same sessions until no segment comes too often in any month (E4).

Dealing whole guests over months leaves a segment a guest or two above its monthly limit here and there. A guest moves to
another month in which the same host holds the same event, alone where rooms allow it, else in exchange for a guest of another segment.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planning.optimise.problem import Problem, month_limit

Held = Mapping[tuple[int, int], int]  # sessions by (slot, month)


@dataclass
class Seating:
    """Guests by (seat, month), with what they sum up to by (slot, month) and by (segment, month)."""

    problem: Problem
    held: Held
    guests: dict[tuple[int, int], int]

    def __post_init__(self) -> None:
        self.in_room: dict[tuple[int, int], int] = dict.fromkeys(self.held, 0)
        self.coming: dict[tuple[int, int], int] = {}
        for (i, month), count in self.guests.items():
            self._count(i, month, count)

    def move(self, i: int, month: int, to: int) -> None:
        """One guest of a seat from one month to another."""
        for at, one in ((month, -1), (to, 1)):
            self.guests[i, at] = self.guests.get((i, at), 0) + one
            self._count(i, at, one)

    def room_left(self, s: int, month: int) -> int:
        """Guests that still fit."""
        return self.problem.slots[s].event.max_guests * self.held[s, month] - self.in_room[s, month]

    def may_leave(self, s: int, month: int) -> bool:
        """Whether enough guests stay when one leaves."""
        return self.in_room[s, month] > self.problem.slots[s].event.min_guests * self.held[s, month]

    def over(self, g: int, month: int) -> int:
        """Guests above the segment's monthly limit; below 0 where more may come."""
        return self.coming.get((g, month), 0) - month_limit(self.problem.segments[g].clients, self.problem.policy)

    def _count(self, i: int, month: int, count: int) -> None:
        seat = self.problem.seats[i]
        self.in_room[seat.slot, month] += count
        self.coming[seat.segment, month] = self.coming.get((seat.segment, month), 0) + count


def reseated(problem: Problem, held: Held, guests: Mapping[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    """The same guests a seat, with as few above a monthly limit (E4) as single moves and exchanges can reach."""
    seating = Seating(problem, held, dict(guests))
    for g, month in sorted(seating.coming):
        while seating.over(g, month) > 0 and _one_fewer(seating, g, month):
            continue
    return {key: count for key, count in seating.guests.items() if count}


def _one_fewer(seating: Seating, g: int, month: int) -> bool:
    for i, other_month in _elsewhere(seating, g, month):
        s = seating.problem.seats[i].slot
        if seating.room_left(s, other_month) > 0 and seating.may_leave(s, month):
            seating.move(i, month, other_month)
            return True
        for j in seating.problem.seats_of_slot[s]:
            other = seating.problem.seats[j].segment
            if other != g and seating.guests.get((j, other_month), 0) and seating.over(other, month) < 0:
                seating.move(i, month, other_month)
                seating.move(j, other_month, month)
                return True
    return False


def _elsewhere(seating: Seating, g: int, month: int) -> Iterator[tuple[int, int]]:
    """(seat, month) to which a guest of the segment in this month could go without coming too often there."""
    for i in seating.problem.seats_of_segment[g]:
        if not seating.guests.get((i, month), 0):
            continue
        s = seating.problem.seats[i].slot
        for to in seating.problem.slots[s].event.months:
            if to != month and (s, to) in seating.held and seating.over(g, to) < 0:
                yield i, to
