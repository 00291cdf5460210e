"""Open months and who is eligible."""

import pytest

from planning.book.segments import approachable, classify
from planning.catalogue.events import eligible, event_types, open_months
from tests.optimise.books import DAY, book, policy

CLIENTS = {
    "plain": {"kind": "personal", "sex": "female", "interests": ("art",), "risk_level": 3.0},
    "official": {"kind": "personal", "sex": "female", "interests": ("art",), "risk_level": 3.0, "public_official": True},
    "man": {"kind": "personal", "sex": "male", "interests": ("golf",), "risk_level": 1.0},
    "unknown": {"kind": "personal"},
    "firm": {"kind": "corporate", "state_owned_contact": True},
    "silent": {"kind": "personal", "sex": "female", "consent": False},
    "out": {"kind": "personal", "sex": "female", "opt_out": True},
}
EVENT = {
    "event": "e", "family": "f", "name_zh": "活动", "name_en": "Event", "host": "branch", "fixed_cost_cny": 1.0, "guest_cost_cny": 1.0, "min_guests": 1, "max_guests": 9,
    "months": (1, 2, 6), "max_sessions": 1, "max_per_client": 1.0, "tiers": ("gold",), "kinds": ("personal", "corporate"), "owner": "o",
}  # fmt: skip


def counted(**event: object) -> int:
    bank = book(
        branches=[{"branch": "b", "region": "r", "name_zh": "支行", "name_en": "Branch"}],
        tiers=[{"region": "*", "tier": "gold", "rank": 1, "name_zh": "金卡", "name_en": "Gold", "min_assets_cny": 1.0, "as_of": DAY}],
        clients=[
            {"client": name, "branch": "b", "consent": True, "deposit_avg_cny": 10.0, "contribution_cny": 1.0, **client} for name, client in CLIENTS.items()
        ],
        events=[{**EVENT, **event}],
    )
    return sum(eligible(approachable(classify(bank, policy())), bank.tables["events"]).values())


@pytest.mark.parametrize(
    ("event", "count"),
    [
        ({}, 5),
        ({"kinds": ("personal",)}, 4),
        ({"sex": "female"}, 2),
        ({"interests": ("art", "golf")}, 3),
        ({"risk_level": 2.0}, 2),
        ({"gift_cny": 50.0}, 3),
        ({"tiers": ("private",)}, 0),
    ],
)
def test_who_may_be_invited(event: dict[str, object], count: int) -> None:
    assert counted(**event) == count


@pytest.mark.parametrize(
    ("notice", "blackout", "months"),
    [(0, [], (1, 2, 6)), (2, [], (1, 2, 6)), (3, [], (2, 6)), (8, [], (6,)), (0, [2], (1, 6))],
)
def test_a_month_is_open_when_clients_can_still_be_told(notice: int, blackout: list[int], months: tuple[int, ...]) -> None:
    rules = policy(calendar={"approved_on": "2027-01-15", "blackout": blackout})
    assert open_months((6, 2, 1), notice, rules) == months


def test_half_a_week_of_notice_counts() -> None:
    bank = book(events=[{**EVENT, "notice_weeks": 2.5}])
    (event,) = event_types(bank.tables["events"], policy(calendar={"approved_on": "2027-01-15"}))
    assert event.months == (2, 6)


def test_an_event_types_standard_cost_is_a_seat_in_a_full_room() -> None:
    bank = book(events=[{**EVENT, "fixed_cost_cny": 900.0, "guest_cost_cny": 50.0, "partner_share": 0.4}])
    (event,) = event_types(bank.tables["events"], policy())
    assert event.standard_cost_cny == 150.0
    assert event.bank_share == 0.6
