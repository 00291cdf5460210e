"""Guests moved between months: no segment too often, rooms and seats as before."""

from collections.abc import Mapping
from random import Random

from planning.catalogue.offer import offer
from planning.optimise.placement import Placed, monthly_rules_kept
from planning.optimise.problem import Problem, month_limit, problem
from planning.optimise.reseat import reseated
from tests.optimise.books import drawn, policy

Counts = dict[tuple[int, int], int]
LIMIT = {"attendances_client_month": 0.5}


def small(seed: int) -> Problem:
    rules = policy(caps=LIMIT)
    return problem(offer(drawn(seed, branches=2, clients=40, events=4), rules), rules)


def crowded(p: Problem, draw: Random) -> tuple[Counts, Counts]:
    """Sessions in every open month, and guests dealt at random within the rooms."""
    held = {(s, month): 1 for s, slot in enumerate(p.slots) if slot.most_sessions for month in slot.event.months}
    guests: Counts = {}
    for s, month in held:
        seats = [i for i in p.seats_of_slot[s] for _ in range(2)]
        for i in draw.sample(seats, min(len(seats), p.slots[s].event.max_guests)):
            guests[i, month] = guests.get((i, month), 0) + 1
    return held, guests


def too_often(p: Problem, guests: Mapping[tuple[int, int], int]) -> int:
    coming: Counts = {}
    for (i, month), count in guests.items():
        key = p.seats[i].segment, month
        coming[key] = coming.get(key, 0) + count
    return sum(max(count - month_limit(p.segments[g].clients, p.policy), 0) for (g, _), count in coming.items())


def summed(guests: Mapping[tuple[int, int], int], p: Problem) -> tuple[dict[int, int], Counts]:
    by_seat: dict[int, int] = {}
    by_room: Counts = {}
    for (i, month), count in guests.items():
        by_seat[i] = by_seat.get(i, 0) + count
        by_room[p.seats[i].slot, month] = by_room.get((p.seats[i].slot, month), 0) + count
    return by_seat, by_room


def test_seats_keep_their_guests_rooms_hold_and_fewer_come_too_often() -> None:
    mended = 0
    for seed in range(40):
        p = small(seed)
        held, guests = crowded(p, Random(seed))
        after = reseated(p, held, guests)
        assert summed(after, p)[0] == summed(guests, p)[0]
        for (s, month), count in summed(after, p)[1].items():
            event, before = p.slots[s].event, summed(guests, p)[1].get((s, month), 0)
            assert min(event.min_guests * held[s, month], before) <= count <= event.max_guests * held[s, month]
        assert too_often(p, after) <= too_often(p, guests)
        mended += too_often(p, after) < too_often(p, guests)
    assert mended >= 10


def test_one_guest_too_many_changes_places_with_another_segment() -> None:
    p = small(3)
    s = next(s for s, slot in enumerate(p.slots) if len({p.seats[i].segment for i in p.seats_of_slot[s]}) >= 2 and len(slot.event.months) >= 2)
    one, other = p.seats_of_slot[s][:2]
    first, second = p.slots[s].event.months[:2]
    limit = month_limit(p.segments[p.seats[one].segment].clients, p.policy)
    guests = {(one, first): limit + 1, (other, second): 1}
    after = reseated(p, {(s, first): 1, (s, second): 1}, guests)
    assert too_often(p, guests) == 1
    assert too_often(p, after) == 0
    assert monthly_rules_kept(p, Placed({(s, first): 1, (s, second): 1}, after))
