"""Refined segments all the way: the plan changes where it must, passes the second judge, and totals stay those of the whole."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planning.book.book import Book
from planning.catalogue.offer import offer
from planning.errors import DataFaults, Infeasible
from planning.judge import bound as judge_bound
from planning.judge import gather, judge, read_certificate
from planning.optimise.placement import plan_months
from planning.optimise.problem import problem
from planning.plan.certified import certify
from planning.plan.compose import Choice, compose
from planning.plan.groups import parts
from planning.plan.hand_made import HandMade, read_hand_made
from planning.plan.judged import columns, plain
from planning.plan.make import make_plan
from planning.plan.plan import Plan, Solve
from planning.plan.scenarios import choice_of
from planning.plan.score import score
from planning.plan.summary import RuleLine, Summary
from planning.policy import Policy
from planning.report.cards.rules import rules as rules_card
from planning.report.cards.wording import place
from planning.report.i18n import sentence
from planning.report.template import template
from planning.run.workbook import workbook
from tests.optimise.books import DAY, book, drawn, policy
from tests.optimise.instances import POLICIES, Shape, instance

WIDER = Shape(clients=(20, 40))
MIXED = [["sex"], ["interest"], ["risk_level", "sex"], ["interest", "sex"]]


def event(code: str, guests: int, **fields: Any) -> dict[str, Any]:
    return {
        "event": code, "family": "health", "name_zh": code, "name_en": code, "host": "branch", "fixed_cost_cny": 100.0, "guest_cost_cny": 10.0,
        "min_guests": 1, "max_guests": guests, "months": (3, 4, 5), "min_sessions": 0, "max_sessions": 1, "max_per_client": 1.0, "tiers": ("gold",),
        "kinds": ("personal",), "interests": (), "gift_cny": 0.0, "partner_share": 0.0, "touch_weight": 1.0, "notice_weeks": 0.0, "owner": "centre",
        **fields,
    }  # fmt: skip


def two_tastes(events: Sequence[dict[str, Any]]) -> Book:
    """One branch: ten clients who like art and bring little, ten who like golf and bring much."""
    clients = [
        {"client": f"c{i:02d}", "branch": "b0", "kind": "personal", "deposit_avg_cny": 900_000.0, "deposit_rate_pct": 1.5,
         "contribution_cny": 2_000.0 if i < 10 else 30_000.0, "interests": ("art",) if i < 10 else ("golf",), "consent": True,
         "public_official": False, "state_owned_contact": False, "opt_out": False}
        for i in range(20)
    ]  # fmt: skip
    return book(
        branches=[{"branch": "b0", "region": "r0", "name_zh": "支行", "name_en": "Branch"}],
        tiers=[{"region": "*", "tier": "gold", "rank": 1, "name_zh": "金", "name_en": "gold", "min_assets_cny": 500_000.0, "as_of": DAY}],
        clients=clients,
        events=events,
        responses=[{"tier": "gold", "kind": "personal", "family": "health", "uplift_share": 0.2, "rate": 0.7, "accept_share": 0.5, "show_share": 0.6,
                    "source": "judgement", "as_of": DAY}],
        managers=[{"manager": "m0", "branch": "b0", "grade": 3, "hours_year": 540.0}],
    )  # fmt: skip


def made(bank: Book, asked: Policy) -> Plan:
    p = problem(offer(bank, asked), asked)
    year, placed = plan_months(p)
    told = year.outcome
    return compose(p, Choice(placed, year.levels), ("plan", bank.data_hash), Solve(told.status, told.solver, told.objective, told.bound, told.gap, 0.0))  # type: ignore[arg-type]


def planned(bank: Book, *by: str) -> Plan:
    return made(bank, policy(segments={"by": ["tier", "kind", *by]}))


def test_refining_sends_the_seats_to_those_who_answer_most() -> None:
    """Ten seats for twenty clients: all of one segment are alike, of its parts golfers bring fifteen times as much."""
    bank = two_tastes([event("dinner", 10)])
    alike, apart = planned(bank), planned(bank, "interest")
    assert [row.part for row in alike.attendances] == [""]
    assert [(row.part, row.attendances) for row in apart.attendances] == [("interest=golf", 10.0)]
    assert apart.totals.event_cny == alike.totals.event_cny


def test_where_all_may_come_refining_never_lowers_the_value() -> None:
    """Guests in proportion to parts are worth what they were: Σ n_p·v_p·(1 − e^(−λA/n)) = n·v·(1 − e^(−λA/n)). Only eligibility and whole guests can cost."""
    for guests in (4, 10, 20):
        bank = two_tastes([event("dinner", guests)])
        assert planned(bank, "interest").totals.value_cny >= planned(bank).totals.value_cny - 0.01


def test_an_event_for_some_touches_their_part_alone() -> None:
    """Unrefined, golfers' touches count as spread over all twenty; refined, over the ten who come: the answer saturates sooner and rests on what they bring."""
    bank = two_tastes([event("golf_day", 20, interests=("golf",))])
    alike, apart = planned(bank), planned(bank, "interest")
    assert sum(row.attendances for row in alike.attendances) == sum(row.attendances for row in apart.attendances) == 10
    assert {row.part for row in apart.attendances} == {"interest=golf"}
    assert apart.totals.uplift_cny > alike.totals.uplift_cny


@pytest.mark.parametrize("books", [range(3), pytest.param(range(3, 40), marks=pytest.mark.slow)], ids=str)
@pytest.mark.parametrize("by", MIXED, ids=" ".join)
def test_random_refined_years_pass_the_second_judge(by: list[str], books: range) -> None:
    refined = 0
    for seed in (POLICIES * drawn_book for drawn_book in books):
        one = instance(seed + MIXED.index(by), WIDER)
        rules = one.policy.with_parameters({"by": ["tier", "kind", *by], "least_clients": 2, "rule": "target"})
        try:
            plan = made(one.book, rules)
        except Infeasible:
            continue
        refined += sum(bool(segment.part) for segment in plan.segments)
        verdict = judge(plain(plan), gather(one.tables, rules.model_dump(mode="json")))
        assert [(seed, check.rule, check.where, float(check.excess)) for check in verdict.broken] == []
    assert refined


@pytest.fixture(scope="module")
def bank() -> Book:
    return drawn(4, branches=2, clients=80, events=3)


def rules(*by: str, **fields: Any) -> Policy:
    return policy(contact={"rule": "target"}, solver={"gap": 0.01}, segments={"by": ["tier", "kind", *by], **fields})


@pytest.fixture(scope="module")
def told(bank: Book) -> Summary:
    return make_plan(bank, rules("sex"), "plan", lambda *_: None)


def test_the_bound_of_a_refined_plan_is_certified_by_its_parts(bank: Book, told: Summary) -> None:
    facts = gather(columns(bank), told.plan.policy)
    found = certify(told.plan, problem(offer(bank, rules("sex")), rules("sex")), facts, judge(plain(told.plan), facts))
    prices = json.loads(found.text)["prices"]
    assert any("sex=female" in price["where"] for price in prices)
    assert found.bound_cny >= told.plan.totals.value_cny
    without = judge_bound((price for price in read_certificate(json.loads(found.text)).prices if price.rule != "touches_answer"), facts)
    assert without.cny > found.bound_cny


def test_totals_of_refined_groups_are_those_of_the_plan(bank: Book, told: Summary) -> None:
    whole = make_plan(bank, rules(), "plan", lambda *_: None)
    for lines, others in ((told.tiers, whole.tiers), (told.branches, whole.branches)):
        assert [(line.code, line.clients) for line in lines] == [(line.code, line.clients) for line in others]
        assert sum(line.event_cny for line in lines) == pytest.approx(told.plan.totals.event_cny, abs=0.01)
        assert sum(line.uplift_cny for line in lines) == pytest.approx(told.plan.totals.uplift_cny, abs=0.01)
        assert [line.contribution_cny for line in lines] == pytest.approx([line.contribution_cny for line in others])
    by_cell = {row.key[:3]: row.contribution_cny for row in whole.plan.segments}
    for cell, amount in by_cell.items():
        assert round(sum(row.contribution_cny for row in told.plan.segments if row.key[:3] == cell), 2) == amount


def test_plan_json_names_parts_only_where_there_are_any(told: Summary) -> None:
    text = told.plan.to_json()
    assert Plan.from_json(text) == replace(told.plan, policy=json.loads(text)["policy"])
    for row in (*json.loads(text)["segments"], *json.loads(text)["attendances"]):
        assert row.get("part", "none") != ""


def test_refining_that_merges_all_parts_changes_nothing_but_the_policy() -> None:
    """Parts that cannot have a thousand clients are merged away: the plan is that of by = tier and kind, to the byte."""

    bank = drawn(2, clients=20)

    def text(asked: Policy) -> str:
        return replace(made(bank, asked), policy={}).to_json()

    assert text(rules("sex", "risk_level", least_clients=1000)) == text(rules())
    assert '"part"' not in text(rules())


@pytest.mark.parametrize(
    ("table", "put", "broken"),
    [
        ("attendances", "sex=male;age_band=0-29", "rows_are_known"),
        ("attendances", "", "rows_are_known"),
        ("segments", "", "rows_are_known"),
        ("segments", "other", "segments_say_who_counts"),
    ],
)
def test_a_part_that_is_tampered_with_is_found(bank: Book, told: Summary, table: str, put: str, broken: str) -> None:
    plan = json.loads(told.plan.to_json())
    row = next(row for row in plan[table] if row.get("part"))
    row["part"] = put
    verdict = judge(plan, gather(columns(bank), plan["policy"]))
    assert broken in {check.rule for check in verdict.broken}


def test_guests_moved_to_another_part_are_found(bank: Book, told: Summary) -> None:
    """The same guests told of the other part: too many of it come, or the uplift is another."""
    plan = json.loads(told.plan.to_json())
    swapped = {"sex=female": "sex=male", "sex=male": "sex=female"}
    row = next(row for row in plan["attendances"] if row.get("part") in swapped and row["attendances"])
    row["part"] = swapped[row["part"]]
    broken = {check.rule for check in judge(plan, gather(columns(bank), plan["policy"])).broken}
    assert broken & {"totals_add_up", "no_row_twice", "once_is_enough"}


def test_the_choice_of_a_refined_plan_is_read_back(bank: Book, told: Summary) -> None:
    asked = rules("sex")
    p = problem(offer(bank, asked), asked)
    again = compose(p, choice_of(p, told.plan), ("plan", bank.data_hash), told.plan.solve)
    assert again == replace(told.plan, policy=again.policy)
    assert {key[2:] for key in parts(p, choice_of(p, told.plan))} == {(segment.tier, segment.kind) for segment in p.segments}


def handed(folder: Path, plan: dict[str, Any], bank: Book) -> HandMade:
    (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
    return read_hand_made(folder / "plan.json", bank)


def test_a_refined_plan_made_by_hand_is_scored_part_by_part(tmp_path: Path, bank: Book, told: Summary) -> None:
    asked = rules("sex")
    scored = score(bank, asked, handed(tmp_path, json.loads(told.plan.to_json()), bank), told.plan)
    assert scored.breaches == ()
    assert scored.totals.value_cny == pytest.approx(told.plan.totals.value_cny, abs=1)
    unseated = score(bank, asked, replace(handed(tmp_path, json.loads(told.plan.to_json()), bank), attendances=()), told.plan)
    assert (unseated.seating, unseated.breaches) == ("best", ())
    assert unseated.totals.value_cny == pytest.approx(told.plan.totals.value_cny, rel=0.02)


def test_a_part_of_few_clients_shows_no_figures(told: Summary) -> None:
    """The page's rule at its tightest place: 8765 attendances of a part that is too small to be told of, or whose tier stands with a smaller one."""
    smallest = min(
        sum(one.clients for one in told.plan.segments if (one.branch, one.tier) == place) for place in {(one.branch, one.tier) for one in told.plan.segments}
    )
    part = next(segment for segment in told.plan.segments if segment.part)
    line = RuleLine("E4", "not_too_often", "binding", 1, 1, part.key, ("", ""), 8765.0, 8765.0, "attendances")

    def shown(min_cell: int) -> str:
        asked = {**told.plan.policy, "privacy": {"min_cell": min_cell}}
        return rules_card(replace(told, rules=(line,), plan=replace(told.plan, policy=asked))).zh

    assert smallest < part.clients
    assert "8,765" in shown(smallest)
    assert "8,765" not in shown(smallest + 1)
    assert "8,765" not in shown(part.clients + 1)


@pytest.mark.parametrize(
    ("by", "put", "code"),
    [(["sex"], "", "plan_part_missing"), (["sex"], "sex=males", "plan_part_unknown"), ([], "sex=male", "plan_part_none")],
    ids=["left out", "misspelt", "not refined"],
)
def test_guests_of_no_part_are_refused_in_words(tmp_path: Path, bank: Book, told: Summary, by: list[str], put: str, code: str) -> None:
    plan = json.loads(told.plan.to_json())
    for row in plan["attendances"]:
        row["part"] = put if row.get("part") else ""
    plan["attendances"] = list({tuple(row[name] for name in ("branch", "tier", "kind", "host", "event", "month")): row for row in plan["attendances"]}.values())
    with pytest.raises(DataFaults) as refused:
        score(bank, rules(*by), handed(tmp_path, plan, bank))
    assert {fault.code for fault in refused.value.faults} == {code}
    assert "sex=male" in sentence(refused.value.faults[0], "zh") or put in sentence(refused.value.faults[0], "zh")


def test_the_template_of_a_refined_plan_has_its_parts_and_is_read_back(tmp_path: Path, bank: Book, told: Summary) -> None:
    sheets = template(bank, offer(bank, rules("sex")), told.plan, "zh")
    assert sheets[1].headings[-1] == "客群细分"
    assert ("客群细分", "sex=female", "女", "") in sheets[-1].rows
    file = tmp_path / "mine.xlsx"
    file.write_bytes(workbook(sheets))
    assert {*read_hand_made(file, bank).attendances} == {*told.plan.attendances}
    plain_sheets = template(bank, offer(bank, rules()), None, "zh")
    assert "客群细分" not in plain_sheets[1].headings


def test_parts_are_told_in_both_languages() -> None:
    known = {"b0": ("一支行", "Branch one")}
    assert place(["b0", "sex=female;age_band=40-54;interest=unknown"], known, "zh") == "一支行 · 女、40-54 岁、未填兴趣"
    assert place(["b0", "occupation=pilot;interest=golf"], known, "en") == "Branch one · occupation: pilot, first interest: golf"
    assert place(["other"], known, "en") == "the other clients"


@pytest.mark.slow
def test_the_sample_bank_in_parts_passes_the_judge() -> None:
    """make_plan refuses a plan that the second judge does not pass."""
    from planning.book.intake import read_book
    from planning.policy import read

    folder = Path(__file__).parents[2] / "data" / "sample"
    asked = read(folder / "policy.toml").with_parameters({"by": ["tier", "kind", "sex", "age_band"]})
    summary = make_plan(read_book(folder, asked), asked, "sample", lambda *_: None)
    assert any(row.part for row in summary.plan.attendances)
    assert summary.segmented == sum(line.clients for line in summary.tiers)
