"""Outside facts: which is in force, where the plan takes it, and when it is stale."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from planning import policy as policies
from planning.book.intake import read_book
from planning.catalogue.library import Fact, library
from tests.optimise.books import book, policy

TODAY = date(2026, 11, 1)


def fact(name: str, value: str = "1", days: int = 1) -> dict[str, object]:
    return {"fact": name, "value": value, "as_of": TODAY - timedelta(days=days), "source": "s"}


def cap(bank: str, value: float, days: int) -> dict[str, object]:
    return {"product": "deposit_premium", "bank_type": bank, "cap_bp": value, "as_of": TODAY - timedelta(days=days), "source": "s"}


def told(*facts: dict[str, object], caps: tuple[dict[str, object], ...] = (), **given: object) -> tuple[Fact, ...]:
    return library(book(facts=facts, caps=caps), policy().with_parameters(given))


@pytest.mark.parametrize(("days", "stale"), [(365, False), (366, True)])
def test_a_fact_is_stale_when_older_than_the_policy_allows(days: int, stale: bool) -> None:
    (one,) = told(fact("show_up_share", days=days))
    assert (one.age_days, one.stale, one.used) == (days, stale, "reference")
    (one,) = told(fact("show_up_share", days=days), stale_after_days=1)
    assert one.stale


def test_only_the_latest_row_of_a_fact_is_in_force_and_can_be_stale() -> None:
    new, old = told(fact("x", days=900), fact("x", days=10))
    assert (new.state, new.stale, old.state, old.stale) == ("in_force", False, "superseded", False)


def test_transfer_prices_and_gift_caps_are_held_against_what_the_plan_takes() -> None:
    found = {one.fact: one for one in told(fact("ftp_deposit_pct", "2.30"), fact("ftp_loan_pct", "3.1"), fact("gift_cap_cny_guest", "about 100"))}
    assert {name: (one.used, one.planned_with, one.differs) for name, one in found.items()} == {
        "ftp_deposit_pct": ("transfer_price", "2.3", False),
        "ftp_loan_pct": ("transfer_price", "2.9", True),
        "gift_cap_cny_guest": ("gift_cap", "100", True),
    }


def test_a_holiday_of_another_year_is_told_apart() -> None:
    right, wrong = told(fact("holiday_a", "2027-02-06"), fact("holiday_b", "2026-02-17"))
    assert (right.state, wrong.state, wrong.used) == ("in_force", "other_year", "holiday")


def test_the_ceiling_in_force_is_the_banks_own_latest_and_a_fact_of_the_same_value_confirms_it() -> None:
    rows = (cap("*", 30.0, 10), cap("joint_stock", 20.0, 900), cap("joint_stock", 75.0, 2000), cap("state", 10.0, 5))
    states = {(one.note, one.value): (one.state, one.stale) for one in told(caps=rows)}
    assert states == {
        ("*", "30"): ("superseded", False), ("joint_stock", "20"): ("in_force", True),
        ("joint_stock", "75"): ("superseded", False), ("state", "10"): ("other_bank", False),
    }  # fmt: skip
    confirmed = next(one for one in told(fact("deposit_premium_ceiling_bp", "20", days=3), caps=rows) if one.table == "caps" and one.state == "in_force")
    assert (confirmed.age_days, confirmed.stale, confirmed.as_of) == (3, False, TODAY - timedelta(days=900))
    denied = [one for one in told(fact("deposit_premium_ceiling_bp", "15", days=3), caps=rows) if one.used == "rate_ceiling" and one.state == "in_force"]
    assert [(one.table, one.stale, one.differs) for one in denied] == [("caps", True, False), ("facts", False, True)]


def test_every_row_of_the_made_up_bank_is_there_whatever_the_order(small_bank: Path) -> None:
    rules = policies.read(small_bank / "policy.toml")
    bank = read_book(small_bank, rules)
    found = library(bank, rules)
    assert len(found) == len(bank.tables["facts"]) + len(bank.tables["caps"])
    assert not [one for one in found if one.stale or one.differs]
    turned = book(**{name: bank.tables[name].iloc[::-1].to_dict("records") for name in ("facts", "caps")})
    assert library(turned, rules) == found
