"""What a year can hold at most whatever is chosen: seats of a segment, guests of a session, sessions of a host."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import floor
from typing import NamedTuple

from planning.judge.clients import Segment
from planning.judge.exact import exact
from planning.judge.facts import Facts
from planning.judge.rules_frozen import locked

Place = tuple[str, str]  # event, host


class Seat(NamedTuple):
    """A segment's attendances of one event type: where, most a year (E3), most at one session (E1, E3, E4); all whole."""

    host: str
    most: int
    at_once: int


@dataclass(frozen=True)
class Rooms:
    """Seats by (segment, event), where there can be any; by (event, host) months, guests that one session can have, and sessions."""

    seats: Mapping[tuple[Segment, str], Seat]
    months: Mapping[Place, frozenset[int]]
    guests: Mapping[Place, int]
    sessions: Mapping[Place, int]

    @cached_property
    def of_segment(self) -> Mapping[Segment, Mapping[str, Seat]]:
        """The seats of each segment by event."""
        own: defaultdict[Segment, dict[str, Seat]] = defaultdict(dict)
        for (segment, event), seat in self.seats.items():
            own[segment][event] = seat
        return own


def rooms(facts: Facts) -> Rooms:
    """The rooms of the bank's year."""
    seats: dict[tuple[Segment, str], Seat] = {}
    filled: defaultdict[Place, int] = defaultdict(int)
    months = _months(facts)
    for code, event in facts.events.items():
        for segment, eligible in () if event.forbidden else event.eligible.items():
            host, most = facts.host_of(segment, event.level), floor(event.max_per_client * eligible)
            if most > 0 and months[code, host]:
                seat = Seat(host, most, min(most, floor(event.max_guests), month_limit(facts, segment)))
                seats[segment, code] = seat
                filled[code, host] += seat.at_once
    guests: dict[Place, int] = {}
    sessions: dict[Place, int] = {}
    for place, own in months.items():
        event = facts.events[place[0]]
        guests[place] = min(floor(event.max_guests), filled[place])
        sessions[place] = event.max_sessions if own and not event.forbidden and event.min_guests <= filled[place] else 0
    return Rooms(seats, months, guests, sessions)


def _months(facts: Facts) -> dict[Place, frozenset[int]]:
    """The months in which each host may hold each event type: those open, and those in which a line of the policy locks it."""
    held: defaultdict[Place, set[int]] = defaultdict(set)
    for code, host, month in locked(facts):
        held[code, host].add(month)
    places = ((code, host) for code, event in facts.events.items() for host in sorted(facts.hosts[event.level]))
    return {place: facts.events[place[0]].open_months | held[place] for place in places}


def month_limit(facts: Facts, segment: Segment) -> int:
    """Whole attendances of a segment in one month (E4)."""
    return floor(exact(facts.policy["caps"]["attendances_client_month"]) * facts.clients[segment])
