"""A plan by each tier standard is made and passes the second judge."""

from pathlib import Path
from typing import Any

import pytest

from planning.book.book import Book
from planning.book.intake import read_book
from planning.judge import gather, judge
from planning.plan.judged import columns, plain
from planning.plan.make import make_plan
from planning.policy import Policy, read
from tests.optimise.books import policy
from tests.optimise.tiered import SHARES, tiered

WAYS: tuple[dict[str, Any], ...] = (
    {"assign": "national"},
    {"assign": "contribution_top20", "downgrade_after_months": 6},
    {"assign": "region", "region_shares": SHARES},
)


def verified(bank: Book, rules: Policy) -> None:
    plan = make_plan(bank, rules, "standard", lambda *_: None).plan
    assert judge(plain(plan), gather(columns(bank), rules.model_dump(mode="json"))).passed
    assert plan.sessions
    assert plan.totals.value_cny > 0


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_plan_by_every_standard_verifies(way: dict[str, Any]) -> None:
    verified(tiered(11), policy(contact={"rule": "target"}, segments=way, solver={"gap": 0.01}))


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_plan_of_the_sample_bank_by_every_standard_verifies(way: dict[str, Any], small_bank: Path) -> None:
    """Without the sample's floors and caps for tiers and its visits, which another standard may make impossible."""
    eased = {"floors_tier": {}, "caps_tier": {}, "branch_cny_per_client": 0.0, "rule": "target", "gap": 0.02}
    rules = read(small_bank / "policy.toml")
    verified(read_book(small_bank, rules), rules.with_parameters({**eased, **way}))
