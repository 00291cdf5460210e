"""A year spread sensibly over its months: small cases in which alternation is possible, and therefore seen."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from planning.catalogue.offer import offer
from planning.optimise import placement
from planning.optimise.placement import Placed, cash_by_month, monthly_rules_kept, place
from planning.optimise.problem import Problem, problem
from planning.optimise.solve import Outcome
from planning.optimise.year import Year
from tests.optimise.books import drawn, policy

ALL = tuple(range(1, 13))
FAMILIES = ("health", "health", "knowledge", "knowledge")


def one_branch(families: tuple[str, ...] = FAMILIES, months: tuple[int, ...] = ALL, **sections: Any) -> Problem:
    """One branch that may hold as many events as there are families given, each up to 12 times for up to 40 guests."""
    book, count = drawn(3, branches=1, clients=30, events=len(families)), len(families)
    events = book.tables["events"].assign(
        family=families, host="branch", months=[months] * count, min_guests=1, max_guests=40, max_sessions=12, max_per_client=12.0,
        interests=[()] * count, risk_level=float("nan"), gift_cny=0.0, partner_share=0.0, fixed_cost_cny=1_000.0, guest_cost_cny=0.0,
    )  # fmt: skip
    rules = policy(caps={"attendances_client_month": 12.0}, **sections)
    return problem(offer(replace(book, tables={**book.tables, "events": events}), rules), rules)


def held(one: Problem, sessions: tuple[int, ...], guests: int = 1) -> Year:
    """A year of so many sessions a slot, with `guests` of its first seat at each of them."""
    first = [min(seats) for seats in one.seats_of_slot]
    at = {i: guests * count for i, count in zip(first, sessions, strict=True)}
    told = Outcome("optimal", "", 0.0, 0.0, 0.0)
    return Year(sessions, tuple(at.get(i, 0) for i in range(len(one.seats))), {}, told, 0.0)


def months_of(placed: Placed, *slots: int) -> list[int]:
    return sorted(month for (s, month), count in placed.sessions.items() if s in slots for _ in range(count))


def in_a_row(months: list[int]) -> int:
    return sum(after - month <= 1 for month, after in pairwise(months))


@pytest.mark.parametrize("sessions", [(6, 6), (5, 3), (4, 2), (2, 6)])
def test_an_event_is_not_held_in_neighbouring_months_where_that_can_be_avoided(sessions: tuple[int, int]) -> None:
    one = one_branch(("health", "knowledge"))
    placed = place(one, held(one, sessions))
    assert [len(months_of(placed, s)) for s in (0, 1)] == list(sessions)
    assert [in_a_row(months_of(placed, s)) for s in (0, 1)] == [0, 0]


def test_families_alternate_from_month_to_month() -> None:
    """Two events of each family, three times each: one a month, the families in turn."""
    one = one_branch()
    placed = place(one, held(one, (3, 3, 3, 3)))
    assert sorted(month for _, month in placed.sessions) == list(ALL)
    assert in_a_row(months_of(placed, 0, 1)) == in_a_row(months_of(placed, 2, 3)) == 0


def test_sessions_keep_their_rules_first() -> None:
    """What must be held in neighbouring months is, and the quarters keep their shares; the rest alternates around it."""
    wanted = [{"event": "e0", "month": month} for month in (4, 5)]
    one = one_branch(("health", "knowledge"), calendar={"must_hold": wanted}, phasing={"q2": [0.0, 0.4], "q4": [0.3, 1.0]})
    placed = place(one, held(one, (4, 6)))
    months = months_of(placed, 0)
    assert {4, 5} <= set(months)
    assert in_a_row(months) == 1
    assert monthly_rules_kept(one, placed)


def test_money_is_spent_evenly() -> None:
    one = one_branch()
    cash = cash_by_month(one, place(one, held(one, (6, 6, 6, 6)))).values()
    assert max(cash) == min(cash) == 2_000.0


def test_other_clients_come_the_next_month_where_guests_are_sought_with_the_months(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four months in a row, and everyone twice: no two neighbouring months ask for more clients than there are."""
    one = one_branch(("health",), (3, 4, 5, 6))
    seat = one.seats[0]
    clients = round(seat.most / 12)
    monkeypatch.setattr(placement, "monthly_rules_kept", lambda *_: False)
    year = replace(held(one, (4,)), guests=(2 * clients, *[0] * (len(one.seats) - 1)))
    guests = place(one, year).guests
    assert sum(guests.values()) == 2 * clients
    assert all(guests.get((0, month), 0) + guests.get((0, month + 1), 0) <= clients for month in (3, 4, 5))


def test_columns_grow_with_the_sessions() -> None:
    """No more variables than a few a slot and month that is used."""
    one = one_branch()
    calendar = placement.Calendar(one, held(one, (6, 6, 6, 6)), whole_guests=False)
    for rule in placement.SPREAD:
        rule(calendar)
    assert len(calendar.price) <= 4 * len(calendar.z)
