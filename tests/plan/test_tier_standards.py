"""A plan by each tier standard is made and passes the second judge."""

from pathlib import Path
from typing import Any

import pytest

from planning.book.book import Book
from planning.book.intake import read_book
from planning.catalogue.offer import offer
from planning.judge import gather, judge
from planning.plan.judged import columns, plain
from planning.plan.make import make_plan
from planning.policy import Policy, read
from tests.optimise.books import drawn, policy
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


def test_whoever_just_meets_a_threshold_is_in_for_book_and_judge_alike() -> None:
    """Contributions that are round in decimals, and a hair less in doubles."""
    bank, rules = drawn(3), policy()
    clients, tiers = bank.tables["clients"], bank.tables["tiers"]
    clients[["loan_avg_cny", "fee_income_cny", "cost_to_serve_cny", "deposit_rate_pct"]] = [0.0, 0.0, 0.0, 1.5]
    clients["deposit_avg_cny"] = [1e6 * (1 + place % 9) for place in range(len(clients))]
    tiers["min_assets_cny"], tiers["min_contribution_cny"] = float("nan"), [8_000.0, 40_000.0]
    judged = gather(columns(bank), rules.model_dump(mode="json")).clients
    assert {segment.key: segment.clients for segment in offer(bank, rules).segments} == judged
    assert sum(judged.values()) == offer(bank, rules).approachable  # nobody brings less than the lowest asks


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS, ids=str)
def test_a_plan_of_the_sample_bank_by_every_standard_verifies(way: dict[str, Any], small_bank: Path) -> None:
    """Without the sample's floors and caps for tiers and its visits, which another standard may make impossible."""
    eased = {"floors_tier": {}, "caps_tier": {}, "branch_cny_per_client": 0.0, "rule": "target", "gap": 0.02}
    rules = read(small_bank / "policy.toml")
    verified(read_book(small_bank, rules), rules.with_parameters({**eased, **way}))
