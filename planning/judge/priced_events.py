"""Rows of the event year that a price can stand on: E1 to E8, N1 and the answers. Each follows from the rules of the months.

Letters: Z sessions and X attendances over the year, A touches of a family, λ = `row.signed`. KeyError, and nothing counted,
where there is no such place.
"""

from collections.abc import Iterable
from fractions import Fraction

from planning.judge.clients import Segment
from planning.judge.exact import ZERO, exact
from planning.judge.priced import First, Price, Priced
from planning.judge.rooms import Place, month_limit
from planning.judge.rules_contact import visits_due
from planning.judge.rules_events import club_months, months_ahead


def guests_fit_the_room(p: Priced, row: Price) -> None:
    """(E1)  Σ_g X[g,e] ≤ min(max_guests[e], seats its clients can fill at once) · Z[e,h]      for every event and host"""
    place = _place(p, row)
    p.at_slot[place] += row.signed
    p.sessions[place] -= row.signed * p.rooms.guests[place]


def enough_guests(p: Priced, row: Price) -> None:
    """(E2)  Σ_g X[g,e] ≥ min_guests[e] · Z[e,h]      for every event and host"""
    place = _place(p, row)
    p.at_slot[place] += row.signed
    p.sessions[place] -= row.signed * p.facts.events[place[0]].min_guests


def once_is_enough(p: Priced, row: Price) -> None:
    """(E1, E3, E4)  X[g,e] ≤ min(⌊max_per_client·n[g,e]⌋, max_guests[e], ⌊attendances_client_month·n[g]⌋) · Z[e,h]      for every seat (g,e,h)"""
    *codes, event = row.where
    segment = tuple(codes)
    seat = p.rooms.seats[segment, event]
    p.guests[segment, event] += row.signed
    p.sessions[event, seat.host] -= row.signed * seat.at_once


def not_too_often(p: Priced, row: Price) -> None:
    """(E4, summed)  Σ X over events held only in months M ≤ ⌊attendances_client_month·n[g]⌋ · |M|      for every segment and set M of months"""
    codes = 4 if row.where[:4] in p.facts.clients else 3
    segment, months = row.where[:codes], _months(row.where[codes:])
    p.limit(row.signed, Fraction(month_limit(p.facts, segment) * len(months)))
    for code, seat in p.rooms.of_segment[segment].items():
        if p.rooms.months[code, seat.host] <= months:
            p.guests[segment, code] += row.signed


def sessions_within_the_year(p: Priced, row: Price) -> None:
    """(E5)  Z[e,h] ≥ min_sessions[e]      for every event with an open month, and host with a client for it"""
    place = _place(p, row)
    event = p.facts.events[place[0]]
    _holds(place in p.facts.reach and bool(event.open_months), row)
    p.limit(row.signed, Fraction(event.min_sessions))
    p.sessions[place] += row.signed


def club_every_month(p: Priced, row: Price) -> None:
    """(E6, summed)  Σ Z over events that can be held in M, at hosts with a client of r ≥ |M|      for every region, M = one month or all months of the club"""
    region, asked = row.where[0], frozenset(club_months(p.facts))
    months = _months(row.where[1:]) or asked
    _holds(months <= asked and region in {p.facts.regions[branch] for branch in p.facts.branch_clients}, row)
    p.limit(row.signed, Fraction(len(months)))
    for place, regions in p.facts.reach.items():
        if region in regions and months & p.rooms.months[place]:
            p.sessions[place] += row.signed


def must_hold(p: Priced, row: Price) -> None:
    """(E7, summed)  Σ_h Z[e,h] ≥ |M|      for every e that must be held in months ahead, M = one of them or all"""
    event, *one = row.where
    asked, own = p.facts.policy["calendar"]["must_hold"], months_ahead(p.facts)
    months = {entry["month"] for entry in asked if entry["event"] == event and entry["month"] in own}
    _holds(_months(one) <= months, row)
    p.limit(row.signed, Fraction(len(one) or len(months)))
    for host in p.facts.hosts[p.facts.events[event].level]:
        p.sessions[event, host] += row.signed


def gifts_within_cap(p: Priced, row: Price) -> None:
    """(E8)  Σ_e gift[e]·X[g,e] ≤ gift_cny_client_year, its part for the period, · n[g]      for every segment"""
    segment = row.where
    p.limit(row.signed, exact(p.facts.policy["caps"]["gift_cny_client_year"]) * p.facts.part * p.facts.clients[segment], half_fens=1)
    p.gifts[segment] += row.signed


def touches_answer(p: Priced, row: Price) -> None:
    """A[g,f] ≤ Σ_{e∈f} touch[e]·X[g,e]      for every segment and family"""
    *codes, family = row.where
    p.touches[_known(p, codes), family] += row.signed


def no_answer_without_session(p: Priced, row: Price) -> None:
    """min(A[g,f], width) ≤ width · Σ_{e∈f} Z[e,h]      for every segment and family, and any width > 0: no touch without a session"""
    *codes, family = row.where
    segment = _known(p, codes)
    _holds(row.width > 0, row)
    p.first[segment, family] = First(row.signed, row.width)
    for code, seat in p.rooms.of_segment[segment].items():
        if p.facts.events[code].family == family:
            p.sessions[code, seat.host] -= row.signed * row.width


def visits_kept(p: Priced, row: Price) -> None:
    """(N1)  hours_session·Z of its own + Σ hours_guest·X of its clients ≤ managers' hours − visits due (+ hours short)      for every branch

    Hours short have their own price with contact rule `target`; a higher one on the row would have them without end, and is cut to it.
    """
    (branch,) = row.where
    _holds(branch in p.facts.regions, row)
    contact = p.facts.policy["contact"]
    price = min(row.signed, exact(contact["cost_per_hour_short"])) if contact["rule"] == "target" else row.signed
    p.limit(price, p.facts.manager_hours.get(branch, ZERO) - visits_due(p.facts)[branch])
    p.hours[branch] += price


def _holds(condition: bool, row: Price) -> None:
    if not condition:
        raise KeyError(row.rule, row.where)


def _place(p: Priced, row: Price) -> Place:
    event, host = row.where
    _holds((event, host) in p.rooms.guests, row)
    return event, host


def _known(p: Priced, codes: Iterable[str]) -> Segment:
    segment = tuple(codes)
    if segment not in p.facts.clients:
        raise KeyError(segment)
    return segment


def _months(codes: Iterable[str]) -> frozenset[int]:
    return frozenset(int(code) for code in codes)
