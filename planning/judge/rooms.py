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

Place = tuple[str, str]  # event, host


class Seat(NamedTuple):
    """A segment's attendances of one event type: where, most a year (E3), most at one session (E1, E3, E4); all whole."""

    host: str
    most: int
    at_once: int


@dataclass(frozen=True)
class Rooms:
    """Seats by (segment, event), where there can be any; guests that one session can have, and sessions, by (event, host)."""

    seats: Mapping[tuple[Segment, str], Seat]
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
    for code, event in facts.events.items():
        for segment, eligible in event.eligible.items() if event.open_months else ():
            most = floor(event.max_per_client * eligible)
            if most > 0:
                host = facts.host_of(segment, event.level)
                seat = Seat(host, most, min(most, floor(event.max_guests), month_limit(facts, segment)))
                seats[segment, code] = seat
                filled[code, host] += seat.at_once
    guests: dict[Place, int] = {}
    sessions: dict[Place, int] = {}
    for code, event in facts.events.items():
        for host in sorted(facts.hosts[event.level]):
            guests[code, host] = min(floor(event.max_guests), filled[code, host])
            sessions[code, host] = event.max_sessions if event.open_months and event.min_guests <= filled[code, host] else 0
    return Rooms(seats, guests, sessions)


def month_limit(facts: Facts, segment: Segment) -> int:
    """Whole attendances of a segment in one month (E4)."""
    return floor(exact(facts.policy["caps"]["attendances_client_month"]) * facts.clients[segment])
