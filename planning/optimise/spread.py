"""How a year is spread sensibly over its months: soft rules, each at a small price, after the monthly rules.

No plan is refused for them; where they cannot all be met the cheapest excess is taken. Prices are in sessions too many in a month.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

from planning.optimise.calendar import Calendar

IN_A_ROW = 0.5  # price of a session of an event beside another of it at the same host
SAME_FAMILY = 0.25  # price of a session of a family beside another of it at the same host
COME_AGAIN = 0.5  # price of a whole segment that comes to an event in two neighbouring months


def evenly_held(c: Calendar) -> None:
    """Σ_s z[s,m] ≤ even part of the host's sessions, z[s,m] ≤ even part of the slot's      for every host, slot and month"""
    for slots in _by_host(c).values():
        even = sum(c.year.sessions[s] for s in slots) / len(c.months)
        for month in c.months:
            c.at_most([(z, 1.0) for z in c.within(slots, [month])], even, 1.0)
    for s in c.held:
        months = c.problem.slots[s].event.months
        for month in months if c.year.sessions[s] > 1 else ():
            c.at_most([(c.z[s, month], 1.0)], c.year.sessions[s] / len(months), 1.0)


def evenly_paid(c: Calendar) -> None:
    """cash of the month ≤ E / months; excess in shares of an even month, at a price of a session a host      for every month"""
    months = c.months
    for month in months if c.total_cash > 0 else ():
        spent = [(v, amount / c.total_cash * len(months)) for s in c.held for v, amount in c.cash(s, month)]
        c.at_most(spent, 1.0, float(len(_by_host(c))))


def not_twice_in_a_row(c: Calendar) -> None:
    """z[s,m] + z[s,m+1] ≤ 1      for every slot held more than once and neighbouring months in which it may be held"""
    for s in c.held:
        for pair in _neighbours(c.problem.slots[s].event.months) if c.year.sessions[s] > 1 else ():
            c.at_most([(z, 1.0) for z in c.within([s], pair)], 1.0, IN_A_ROW)


def families_alternate(c: Calendar) -> None:
    """Σ_{s∈f} z[s,m] + z[s,m+1] ≤ max(1, even part of two months)      for every host of several families, f of several slots, neighbouring months"""
    for slots in _by_host(c).values():
        families: dict[str, list[int]] = {}
        for s in slots:
            families.setdefault(c.problem.slots[s].event.family, []).append(s)
        for own in families.values() if len(families) > 1 else ():
            even = 2 * sum(c.year.sessions[s] for s in own) / len(c.months)
            for pair in _neighbours(c.months) if len(own) > 1 else ():
                c.at_most([(z, 1.0) for z in c.within(own, pair)], max(even, 1.0), SAME_FAMILY)


def others_come_next(c: Calendar) -> None:
    """x[i,m] + x[i,m+1] ≤ clients eligible      for every seat in which some must come more than once, and neighbouring months

    Guests who are means are dealt evenly, which keeps every such sum as small as it can be.
    """
    for i, seat in enumerate(c.problem.seats if c.whole_guests else ()):
        event = c.problem.event(seat)
        clients = seat.most / event.max_per_client
        for pair in _neighbours(event.months) if c.year.guests[i] > clients else ():
            c.at_most([(v, part / clients) for month in pair for v, part in c.coming(i, month)], 1.0, COME_AGAIN)


SPREAD: tuple[Callable[[Calendar], None], ...] = (evenly_held, evenly_paid, not_twice_in_a_row, families_alternate, others_come_next)


def _by_host(c: Calendar) -> dict[str, list[int]]:
    hosts: dict[str, list[int]] = {}
    for s in c.held:
        hosts.setdefault(c.problem.slots[s].host, []).append(s)
    return hosts


def _neighbours(months: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    return ((month, after) for month, after in pairwise(months) if after == month + 1)
