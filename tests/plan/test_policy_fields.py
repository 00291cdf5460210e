"""Every field of the policy does something: it changes the optimiser's problem and what the second judge finds, each by itself."""

from collections.abc import Mapping
from typing import Any

import pytest

from planning.book.book import Book, book_of
from planning.catalogue.offer import offer
from planning.judge import gather, judge
from planning.optimise import solve as solving
from planning.optimise.model import build
from planning.optimise.problem import problem
from planning.optimise.rules import RULES
from planning.plan.judged import columns, plain
from planning.plan.make import make_plan
from planning.plan.plan import Plan
from planning.policy import Policy, parameters
from tests.optimise.books import DAY, drawn, policy, table

CHANGED: Mapping[str, Any] = {
    "year": 2028, "period": "first_half", "data_date": "2026-10-01",
    "event_cny": 900.0, "event_ratio": 0.001, "concession_cny": 100.0, "concession_ratio": 0.0001, "transfer_share": 0.5,
    "q1": [0.1, 0.9], "q2": [0.1, 0.9], "q3": [0.1, 0.9], "q4": [0.1, 0.9],
    "floors_tier": {"gold": 0.3}, "branch_cny_per_client": 20.0,
    "caps_tier": {"gold": 0.6}, "branch_share": 0.7, "gift_cny_guest": 79.99, "gift_cny_client_year": 40.0, "attendances_client_month": 0.5, "concession_share_of_contribution": 0.1,
    "approved_on": "2027-11-20", "club_every_month": True, "must_hold": [{"event": "e0", "month": 5}], "blackout": list(range(1, 13)),
    "rule": "target", "cost_per_hour_short": 50.0,
    "horizon_years": 1, "discount": 0.5, "effect_kept": 0.1, "objective": "gross",
    "holdout_share": 0.4, "assign": "national", "region_shares": {"gold": 0.5, "private": 0.2}, "downgrade_after_months": 6,
    "risk_aversion": 0.5,
    "frozen_sessions": [{"host": "centre", "event": "e0", "month": 6, "sessions": 2}], "frozen_through_month": 11,
    "ftp_deposit_pct": 1.7, "ftp_loan_pct": 2.1, "expected_loss": False, "bank_type": "state",
}  # fmt: skip
# What neither problem nor rules depend on, and where its effect is held.
ELSEWHERE = {
    "min_cell": "tests/report/test_privacy.py",
    "survey_interests": "tests/judge/test_survey_interests.py",
    "album_size": "tests/catalogue/test_album.py",
    "stale_after_days": "tests/catalogue/test_library.py",
    "by": "tests/plan/test_refined.py", "age_bands": "tests/book/test_parts.py", "least_clients": "tests/book/test_parts.py",
    "frozen_ladder": "below",
    "solver_name": "below", "gap": "below", "seconds": "below", "threads": "below", "seed": "below",
}  # fmt: skip
ONLY_WITH = {"cost_per_hour_short": {"rule": "target"}}


@pytest.fixture(scope="module")
def book() -> Book:
    """A small book with a standard of a region's own, a ceiling of another kind of bank, few hours, gifts, notice of a week, and clients who were all in the highest tier."""
    base = drawn(4, branches=2, clients=30, events=4)
    own = {"region": "r0", "tier": "gold", "rank": 1, "name_zh": "gold", "name_en": "gold", "min_assets_cny": 3_000_000.0, "as_of": DAY}
    ceiling = {"product": "deposit_premium", "bank_type": "state", "cap_bp": 4.0, "as_of": DAY, "source": "made up"}
    tiers, caps = (rows.to_dict("records") for rows in (base.tables["tiers"], base.tables["caps"]))
    more = {
        "tiers": table("tiers", [*tiers, own, {**own, "tier": "private", "rank": 2, "min_assets_cny": 6_000_000.0}]),
        "caps": table("caps", [*caps, ceiling]),
    }
    events = base.tables["events"].assign(months=[tuple(range(1, 13))] * 4, notice_weeks=1.0, gift_cny=80.0)
    clients = base.tables["clients"].assign(tier_last="private")
    return book_of({**base.tables, **more, "clients": clients, "events": events, "managers": base.tables["managers"].assign(hours_year=100.0)})


def rules(**given: Any) -> Policy:
    return policy(contact={"rule": "target"}, calendar={"approved_on": "2027-03-07"}).with_parameters({"rule": "target", **given})


@pytest.fixture(scope="module")
def plan(book: Book) -> Plan:
    return make_plan(book, rules(), "plan", lambda *_: None).plan


def modelled(book: Book, asked: Policy) -> str:
    """The optimiser's problem, spelt out."""
    return repr(build(problem(offer(book, asked), asked), RULES).lp)


def found(book: Book, plan: Plan, asked: Policy) -> tuple[object, object]:
    """What the judge finds in the plan's rows under another policy."""
    rows = {name: part for name, part in plain(plan).items() if name not in ("policy", "totals", "solve", "segments")}
    verdict = judge(rows, gather(columns(book), asked.model_dump(mode="json")))
    return verdict.checks, verdict.totals


def test_every_field_is_here_or_elsewhere() -> None:
    names = {parameter.name for parameter in parameters()}
    assert names == CHANGED.keys() | ELSEWHERE.keys()
    assert not CHANGED.keys() & ELSEWHERE.keys()


@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_field_changes_the_problem_and_what_the_judge_finds(name: str, book: Book, plan: Plan) -> None:
    before = rules() if name != "rule" else rules(rule="required")
    after = before.with_parameters({name: CHANGED[name]})
    assert modelled(book, after) != modelled(book, before)
    assert found(book, plan, after) != found(book, plan, before)


def test_a_locked_level_changes_the_problem_and_what_the_judge_finds(book: Book, plan: Plan) -> None:
    cells = {cell.key: cell for cell in offer(book, rules()).cells}
    offered = ((row, step.level) for row in plan.ladder for step in cells[row.region, row.tier, row.kind].steps[row.concession])
    line, level = next((row, level) for row, level in offered if level != row.level)
    after = rules(frozen_ladder=[{"region": line.region, "tier": line.tier, "kind": line.kind, "concession": line.concession, "level": level}])
    assert modelled(book, after) != modelled(book, rules())
    assert found(book, plan, after) != found(book, plan, rules())


def test_the_solver_is_told_what_the_policy_asks(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    told: dict[str, Any] = {}

    class Listening(solving._Highs):
        def __init__(self, **settings: Any) -> None:
            told.update(settings)
            super().__init__(**settings)

    monkeypatch.setattr(solving, "_Highs", Listening)
    asked = rules(gap=0.02, seconds=33, seed=5)
    lp = build(problem(offer(book, asked), asked), RULES).lp
    outcome = solving.solve(lp, asked.solver, solving.Effort(asked.solver.gap))
    assert (told["gapRel"], told["timeLimit"], told["random_seed"], told["threads"]) == (0.02, 33, 5, 1)
    assert outcome.solver.startswith("HiGHS")
    assert solving.solve(lp, asked.with_parameters({"solver_name": "cbc"}).solver, solving.Effort(0.02)).solver.startswith("CBC")
