"""The certificate beside a plan: what it proves, and that nobody can make it prove more."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from planning.book.book import Book
from planning.catalogue.offer import offer
from planning.errors import Infeasible, Refused
from planning.judge import Facts, Verdict, gather, judge
from planning.optimise import certificate, year
from planning.optimise.certificate import limit_prices
from planning.optimise.model import build
from planning.optimise.problem import Problem, problem
from planning.optimise.solve import Effort, solve
from planning.optimise.tangents import follow_curves
from planning.plan.certified import certify, recertified
from planning.plan.judged import columns, plain
from planning.plan.make import make_plan
from planning.plan.plan import Plan
from planning.plan.summary import Certified
from planning.policy import Policy
from tests.optimise.books import drawn, policy

Raw = dict[str, Any]
RULES = policy(
    budget={"event_cny": 6_000.0, "concession_cny": 3_000.0, "transfer_share": 0.2},
    floors={"tier": {"gold": 0.3}},
    contact={"rule": "target"},
)


def certified(book: Book, rules: Policy) -> tuple[Plan, Facts, Verdict, Problem, Certified]:
    plan = make_plan(book, rules, "annual-2027", lambda *_: None).plan
    facts = gather(columns(book), plan.policy)
    verdict, problem_ = judge(plain(plan), facts), problem(offer(book, rules), rules)
    return plan, facts, verdict, problem_, certify(plan, problem_, facts, verdict)


@pytest.fixture(scope="module")
def made() -> tuple[Plan, Facts, Verdict, Problem, Certified]:
    return certified(drawn(1), RULES)


def again(made: tuple[Plan, Facts, Verdict, Problem, Certified], change: Callable[[Raw], object]) -> Certified:
    """What the certificate proves after a change."""
    plan, facts, verdict, _, found = made
    raw = json.loads(found.text)
    change(raw)
    return recertified(json.dumps(raw), plain(plan), facts, verdict)


def test_the_bound_lies_above_the_plan_and_near_the_linear_models(made: tuple[Plan, Facts, Verdict, Problem, Certified]) -> None:
    plan, _, _, _, found = made
    assert found.bound_cny is not None
    assert plan.totals.value_cny <= found.bound_cny
    assert found.gap == pytest.approx((found.bound_cny - plan.totals.value_cny) / plan.totals.value_cny, rel=1e-4)
    assert found.bound_cny >= plan.solve.objective


def test_the_file_alone_proves_the_same_bound(made: tuple[Plan, Facts, Verdict, Problem, Certified]) -> None:
    plan, facts, verdict, _, found = made
    assert recertified(found.text, plain(plan), facts, verdict) == found
    raw = json.loads(found.text)
    assert list(raw) == ["plan", "data_hash", "bound_cny", "prices"]
    assert (raw["plan"], raw["data_hash"], raw["bound_cny"]) == (plan.id, plan.data_hash, found.bound_cny)
    assert len(found.text.splitlines()) == len(raw["prices"]) + 7


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("certificate_bound_too_low", lambda raw: raw.update(bound_cny=raw["bound_cny"] - 0.01)),
        ("certificate_bound_too_low", lambda raw: raw["prices"].pop()),
        ("certificate_bound_too_low", lambda raw: raw["prices"][0].update(price=1e6)),
        ("certificate_no_limit", lambda raw: raw["prices"][0].update(price=-raw["prices"][0]["price"])),
        ("certificate_no_limit", lambda raw: raw["prices"][0].update(where=["nowhere"])),
        ("certificate_no_limit", lambda raw: raw["prices"][0].update(rule="no_rule")),
        ("certificate_of_other_plan", lambda raw: raw.update(plan="another")),
        ("certificate_of_other_plan", lambda raw: raw.update(data_hash="0" * 64)),
        ("certificate_unreadable", lambda raw: raw.pop("prices")),
        ("certificate_unreadable", lambda raw: raw["prices"].append(raw["prices"][0])),
        ("certificate_unreadable", lambda raw: raw["prices"][0].update(price="much")),
        ("certificate_unreadable", lambda raw: raw.update(bound_cny=float("inf"))),
    ],
)
def test_a_certificate_that_was_tampered_with_is_refused(
    made: tuple[Plan, Facts, Verdict, Problem, Certified], code: str, change: Callable[[Raw], object]
) -> None:
    with pytest.raises(Refused) as told:
        again(made, change)
    assert [fault.code for fault in told.value.faults] == [code]


def test_a_bound_stated_too_high_is_no_lie_and_what_the_prices_prove_is_told(made: tuple[Plan, Facts, Verdict, Problem, Certified]) -> None:
    raised = again(made, lambda raw: raw.update(bound_cny=raw["bound_cny"] + 1_000))
    assert raised.bound_cny == made[4].bound_cny


def test_text_that_is_no_json_is_refused(made: tuple[Plan, Facts, Verdict, Problem, Certified]) -> None:
    plan, facts, verdict, _, _ = made
    for text in ("", "{", "[]", "null", '{"prices": 3}'):
        with pytest.raises(Refused):
            recertified(text, plain(plan), facts, verdict)


def test_a_plan_worth_more_than_its_bound_is_refused(made: tuple[Plan, Facts, Verdict, Problem, Certified]) -> None:
    plan, facts, verdict, _, found = made
    richer = replace(verdict, totals={**verdict.totals, "value_cny": (found.bound_cny or 0.0) + 1.0})
    with pytest.raises(Refused) as told:
        recertified(found.text, plain(plan), facts, richer)
    assert [fault.code for fault in told.value.faults] == ["certificate_value_above"]


def test_what_cannot_be_certified_is_said_never_faked(made: tuple[Plan, Facts, Verdict, Problem, Certified], monkeypatch: pytest.MonkeyPatch) -> None:
    plan, facts, verdict, problem_, found = made
    careful = replace(plan, policy={**plan.policy, "value": {**plan.policy["value"], "risk_aversion": 0.5}})
    assert certify(careful, problem_, facts, verdict) == Certified(absent="risk_aversion")
    assert recertified(found.text, plain(careful), facts, verdict) == Certified(absent="risk_aversion")
    assert recertified(None, plain(plan), facts, verdict) == Certified(absent="not_made")
    monkeypatch.setattr(certificate, "RULES", (*certificate.RULES, lambda m: m.require([], ">=", 1, "never")))
    assert certify(plan, problem_, facts, verdict) == Certified(absent="not_solved")


def test_a_price_the_judge_knows_no_limit_for_is_left_out_and_the_bound_still_one(
    made: tuple[Plan, Facts, Verdict, Problem, Certified], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan, facts, verdict, problem_, found = made
    own = [(sessions.rule, sessions.where) for sessions in certificate.limit_prices(problem_) or () if sessions.rule == "within_event_budget"]
    assert own

    def further(m: Any) -> None:
        m.require([(cash, 1.0) for cash in m.cash.values()], "<=", 1_000.0, "a_rule_of_later_years", ("event",), "CNY")

    monkeypatch.setattr(certificate, "RULES", (*certificate.RULES, further))
    weaker = certify(plan, problem_, facts, verdict)
    assert weaker.bound_cny is not None
    assert found.bound_cny is not None
    assert weaker.bound_cny >= plan.totals.value_cny
    assert "a_rule_of_later_years" not in weaker.text


def test_an_explained_plan_carries_its_certificate_and_a_mere_comparison_none() -> None:
    told = make_plan(drawn(2), policy(solver={"gap": 0.01}), "annual-2027", lambda *_: None, explaining=True).certified
    assert told is not None
    assert told.text
    assert make_plan(drawn(2), policy(solver={"gap": 0.01}), "annual-2027", lambda *_: None).certified is None


@pytest.mark.parametrize("period", ["first_half", "second_half"])
def test_half_a_year_is_bounded_by_the_halfs_own_limits(period: str) -> None:
    rules = policy(
        period=period,
        budget={"event_cny": 4_000.0, "concession_cny": 2_000.0},
        phasing={"q1": [0.2, 0.3], "q2": [0.1, 0.3], "q3": [0.1, 0.3], "q4": [0.1, 0.4]},
        caps={"concession_share_of_contribution": 0.05, "gift_cny_client_year": 100.0},
        calendar={"must_hold": [{"event": "e0", "month": 5}, {"event": "e0", "month": 9}]},
    )
    proven = 0
    for seed in range(1, 6):
        book = drawn(seed, branches=2, clients=40, events=4)
        book.tables["events"]["months"] = [tuple(range(1, 13))] * 4
        try:
            plan, facts, verdict, problem_, found = certified(book, rules)
        except Infeasible:
            continue
        assert found.bound_cny is not None
        assert found.bound_cny >= plan.totals.value_cny
        linear = solve(build(follow_curves(problem_), year.RULES).lp, rules.solver, Effort(0.0, relaxed=True))
        assert found.bound_cny <= linear.objective * (1 + 1e-4)
        rows = limit_prices(problem_)
        assert rows is not None
        assert len(json.loads(found.text)["prices"]) == len(rows), "the judge states every limit that has a price"
        assert recertified(found.text, plain(plan), facts, verdict) == found
        proven += 1
    assert proven >= 2
