"""Rules of the event year, E1 to E8. Letters as in the model: z sessions, x attendances, n clients."""

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction

from planning.judge import period
from planning.judge.answer import Answer, Slot
from planning.judge.checks import Line, at_least, at_most
from planning.judge.clients import Segment
from planning.judge.events import past_month
from planning.judge.exact import ZERO, exact
from planning.judge.facts import Facts

ONE = Fraction(1)


def guests_fit_the_room(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(E1)  Σ_g x[g,e,h,m] ≤ max_guests[e]·z[e,h,m]      for every slot (e,h,m) with sessions or guests"""
    for slot in answer.slots:
        limit = facts.events[slot[0]].max_guests * answer.sessions.get(slot, ZERO)
        yield at_most(_place(slot), answer.guests.get(slot, ZERO), limit, "guests")


def enough_guests(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(E2)  Σ_g x[g,e,h,m] ≥ min_guests[e]·z[e,h,m]      for every slot (e,h,m) with sessions"""
    for slot in answer.slots:
        if slot in answer.sessions:
            limit = facts.events[slot[0]].min_guests * answer.sessions[slot]
            yield at_least(_place(slot), answer.guests.get(slot, ZERO), limit, "guests")


def once_is_enough(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(E3)  Σ_{h,m} x[g,e,h,m] ≤ max_per_client[e]·n[g,e]      for every segment g and event e it is eligible for and booked on"""
    for (segment, code), seats in sorted(answer.seats.items()):
        event = facts.events[code]
        if segment in event.eligible:
            yield at_most((*segment, code), seats, event.max_per_client * event.eligible[segment], "attendances")


def not_too_often(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(E4)  Σ_{e,h} x[g,e,h,m] ≤ attendances_client_month·n[g]      for every segment g and month m with guests"""
    often = exact(facts.policy["caps"]["attendances_client_month"])
    for (segment, month), guests in sorted(answer.monthly.items()):
        yield at_most((*segment, str(month)), guests, often * facts.clients[segment], "attendances")


def sessions_within_the_year(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(E5)  min_sessions[e] ≤ Σ_m z[e,h,m] ≤ max_sessions[e]      for every event e and host h

    The least holds only where h has eligible clients and e an open month."""
    held: defaultdict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for (code, host, _), sessions in answer.sessions.items():
        held[code, host] += sessions
    for place, sessions in sorted(held.items()):
        yield at_most(place, sessions, Fraction(facts.events[place[0]].max_sessions), "sessions")
    for place in sorted(facts.reach):
        event = facts.events[place[0]]
        if event.min_sessions > 0 and event.open_months:
            yield at_least(place, held.get(place, ZERO), Fraction(event.min_sessions), "sessions")


def club_every_month(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(E6)  Σ z[e,h,m] over events and hosts with an eligible client of r ≥ 1      for every region r with segments and month m, where asked

    Months past and months blacked out are not asked for."""
    months = club_months(facts)
    open_to: defaultdict[tuple[str, int], Fraction] = defaultdict(Fraction)
    for (code, host, month), sessions in answer.sessions.items():
        for region in facts.reach.get((code, host), ()):
            open_to[region, month] += sessions
    for region in sorted({facts.regions[branch] for branch in facts.branch_clients}):
        for month in months:
            yield at_least((region, str(month)), open_to[region, month], ONE, "sessions")


def club_months(facts: Facts) -> tuple[int, ...]:
    """The months of the period, neither past nor blacked out, in which every region has a session; none where that is not asked."""
    calendar = facts.policy["calendar"]
    return tuple(month for month in months_ahead(facts) if month not in calendar["blackout"]) if calendar["club_every_month"] else ()


def months_ahead(facts: Facts) -> tuple[int, ...]:
    """The months of the period that are not past."""
    return tuple(month for month in sorted(period.months(facts.policy)) if month > past_month(facts.policy))


def must_hold(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(E7)  Σ_h z[e,h,m] ≥ 1      for every entry (e,m) of must_hold in the period that is not past"""
    own = months_ahead(facts)
    for entry in (entry for entry in facts.policy["calendar"]["must_hold"] if int(entry["month"]) in own):
        held = (sessions for (code, _, month), sessions in answer.sessions.items() if (code, month) == (entry["event"], entry["month"]))
        yield at_least((entry["event"], str(entry["month"])), sum(held, ZERO), ONE, "sessions")


def gifts_within_cap(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(E8)  Σ_{e,h,m} gift[e]·x[g,e,h,m] ≤ gift_cny_client_year·part of the year·n[g]      for every segment g that is given gifts"""
    cap = exact(facts.policy["caps"]["gift_cny_client_year"]) * facts.part
    given: defaultdict[Segment, Fraction] = defaultdict(Fraction)
    for (segment, code), seats in answer.seats.items():
        if facts.events[code].gift > 0:
            given[segment] += facts.events[code].gift * seats
    for segment, gifts in sorted(given.items()):
        yield at_most(segment, gifts, cap * facts.clients[segment], "CNY")


def _place(slot: Slot) -> tuple[str, ...]:
    return (slot[0], slot[1], str(slot[2]))
