"""What law and conduct forbid can be entered, is blocked, and is listed as blocked; the judge finds the same from the tables alone."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planning.book.book import Book
from planning.book.intake import examine
from planning.catalogue.compliance import BARS, FORBIDDING, Block, forbidden_notes
from planning.catalogue.offer import Offer, offer
from planning.errors import Infeasible
from planning.judge import Facts, gather
from planning.optimise.impossible import impossible
from planning.optimise.problem import problem
from planning.plan.hand_made import HandMade, Level
from planning.plan.judged import columns
from planning.plan.lines import blocked_lines
from planning.plan.make import make_plan
from planning.plan.score import score
from planning.policy import Policy
from planning.report.i18n import LANGS, say, sentence, words
from planning.run.told import sentences
from tests.book.small_bank import POLICY, TABLES, changed, write
from tests.optimise.books import DAY, book, drawn, policy

EVENT = {
    "family": "f", "name_zh": "活动", "name_en": "Event", "host": "branch", "fixed_cost_cny": 1.0, "guest_cost_cny": 1.0, "min_guests": 1, "max_guests": 9,
    "months": (1, 2, 6), "max_sessions": 1, "max_per_client": 1.0, "tiers": ("gold",), "kinds": ("personal", "corporate"), "owner": "o",
}  # fmt: skip
PRACTICES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "a gift for a deposit": ({"benefit": "gift", "trigger": "deposit"}, ["deposit_linked"]),
    "points for a deposit": ({"benefit": "points", "trigger": "deposit"}, ["deposit_linked"]),
    "a rebate of expenses for a deposit": ({"benefit": "expense_rebate", "trigger": "deposit"}, ["deposit_linked"]),
    "cash for a deposit": ({"benefit": "cash", "trigger": "deposit"}, ["deposit_linked", "cash_back"]),
    "something unwritten for a deposit": ({"trigger": "deposit"}, ["deposit_linked"]),
    "a priced gift called none": ({"benefit": "none", "trigger": "deposit", "gift_cny": 10.0}, ["deposit_linked"]),
    "cash for coming": ({"benefit": "cash", "trigger": "attendance"}, ["cash_back"]),
    "a gift above the cap": ({"gift_cny": 100.01}, ["gift_over_cap"]),
    "a gift at the cap": ({"gift_cny": 100.0, "benefit": "gift", "trigger": "attendance"}, []),
    "a lecture for depositors": ({"benefit": "none", "trigger": "deposit"}, []),
    "points for a purchase": ({"benefit": "points", "trigger": "purchase"}, []),
    "a dinner": ({"benefit": "meal"}, []),
    "nothing": ({}, []),
}
CLIENTS: dict[str, dict[str, Any]] = {
    "plain": {"risk_level": 3.0},
    "official": {"risk_level": 3.0, "public_official": True},
    "contact": {"risk_level": 1.0, "kind": "corporate", "state_owned_contact": True},
    "careful": {"risk_level": 1.0},
    "unknown": {},
    "silent": {"consent": False, "public_official": True},
    "out": {"opt_out": True, "risk_level": 1.0},
}


def bank(*events: dict[str, Any], **more: Any) -> Book:
    return book(
        branches=[{"branch": "b", "region": "r", "name_zh": "支行", "name_en": "Branch"}],
        tiers=[{"region": "*", "tier": "gold", "rank": 1, "name_zh": "金卡", "name_en": "Gold", "min_assets_cny": 1.0, "as_of": DAY}],
        clients=[
            {"client": name, "branch": "b", "kind": "personal", "consent": True, "deposit_avg_cny": 10.0, "deposit_rate_pct": 1.0, **client}
            for name, client in CLIENTS.items()
        ],
        events=[{"event": f"e{i}", **EVENT, **event} for i, event in enumerate(events)],
        managers=[{"manager": "m", "branch": "b", "grade": 2, "hours_year": 500.0}],
        **more,
    )


def found(offered: Offer, *bars: str) -> list[tuple[str, tuple[str, ...], int]]:
    return [(block.bar, block.where, block.count) for block in offered.blocks if block.bar in bars and block.count]


@pytest.mark.parametrize("practice", PRACTICES)
def test_a_forbidden_practice_is_blocked_and_shown_as_blocked_and_the_judge_agrees(practice: str) -> None:
    columns_, bars = PRACTICES[practice]
    of, rules = bank(columns_), policy()
    offered = offer(of, rules)
    assert [block.bar for block in offered.blocks if block.what == "events"] == bars
    assert bool(offered.eligible) == (not bars)
    assert bool(problem(offered, rules).slots) == (not bars)
    assert {BARS[bar][0] for bar in bars} == set(judged(of, rules).events["e0"].forbidden)
    lines = [line for line in blocked_lines(offered, problem(offered, rules)) if line.what == "events"]
    assert [(line.code, line.rule, line.count, line.events) for line in lines] == [(bar, BARS[bar][0], 1, (("活动", "Event"),)) for bar in bars]
    assert all(line.source and line.as_of for line in lines)


def test_clients_kept_out_are_counted_once_for_the_bank_and_by_event() -> None:
    offered = offer(bank({"gift_cny": 50.0}, {"benefit": "travel"}, {"risk_level": 2.0}, {"benefit": "meal"}, {"risk_level": 4.0, "tiers": ()}), policy())
    officials = [(("e0", "gold", "corporate"), 1), (("e0", "gold", "personal"), 1), (("e1", "gold", "corporate"), 1), (("e1", "gold", "personal"), 1)]
    assert found(offered, "official") == [("official", (), 2), *(("official", *one) for one in officials)]
    assert found(offered, "unsuitable") == [
        ("unsuitable", ("e2", "gold", "corporate"), 1), ("unsuitable", ("e2", "gold", "personal"), 2), ("unsuitable", (), 3),
    ]  # fmt: skip
    assert found(offered, "no_consent", "opted_out") == [("no_consent", (), 1), ("opted_out", (), 1)]


def levels(depths: list[float], grades: list[int]) -> list[dict[str, Any]]:
    rungs = enumerate(zip([0.0, *depths], [1, *grades], strict=True))
    return [{"concession": "deposit_premium", "level": level, "depth": depth, "min_grade": grade} for level, (depth, grade) in rungs]


def test_levels_are_blocked_by_the_ceiling_in_force_and_by_authority() -> None:
    older = {"product": "deposit_premium", "bank_type": "*", "cap_bp": 5.0, "as_of": DAY.replace(year=2020), "source": "older"}
    of = bank(
        concessions=levels([10.0, 20.0, 30.0], [1, 3, 1]),
        elasticities=[{"tier": "gold", "kind": "personal", "concession": "deposit_premium", "growth_per_unit": 0.1, "old_money_share": 0.0, "source": "trial"}],
        caps=[older, {**older, "cap_bp": 25.0, "as_of": DAY, "source": "self-discipline, circular 7"}],
    )
    rules = policy()
    offered = offer(of, rules)
    assert [block for block in offered.blocks if block.what == "levels"] == [
        Block("K4", "authority", "levels", ("deposit_premium", "2"), 1, "grades", rules.data_date.isoformat()),
        Block("L3", "ceiling", "levels", ("deposit_premium", "3"), 1, "self-discipline, circular 7", DAY.isoformat()),
    ]
    assert not_offered(judged(of, rules)) == {("deposit_premium", 2), ("deposit_premium", 3)}


@pytest.mark.parametrize("seed", range(12))
def test_the_judge_finds_the_same_blocks_in_drawn_books(seed: int) -> None:
    of = drawn(seed, clients=40, events=4)
    events = of.tables["events"].assign(benefit=["gift", "travel", None, "cash"], trigger=["deposit", None, None, None], risk_level=[None, 3.0, 2.0, 1.0])
    of = replace(of, tables={**of.tables, "events": events, "caps": of.tables["caps"].assign(cap_bp=8.0)})
    rules = policy(caps={"gift_cny_guest": 79.0})
    offered, facts = offer(of, rules), judged(of, rules)
    assert {event for event, one in facts.events.items() if one.forbidden} == set(offered.forbidden)
    allowed = {key: count for key, count in offered.eligible.items() if key[1] not in offered.forbidden}
    assert {(segment, code): n for code, one in facts.events.items() if not one.forbidden for segment, n in one.eligible.items()} == allowed
    known = {(cell.key, step.concession, step.level) for cell in offered.cells for steps in cell.steps.values() for step in steps}
    barred = {(cell.key, concession, level) for cell in offered.cells for concession, level, _ in cell.barred}
    assert not known & barred
    assert barred == {(*place, level) for place, ladder in facts.offers.items() for level, step in ladder.items() if not step.offered}


def test_a_must_hold_and_a_locked_line_of_a_forbidden_event_are_told_clearly() -> None:
    of = bank({"benefit": "gift", "trigger": "deposit"})
    asked = {"calendar": {"must_hold": [{"event": "e0", "month": 2}]}, "frozen": {"sessions": [{"host": "b", "event": "e0", "month": 2, "sessions": 1}]}}
    rules = policy(**asked)
    faults = impossible(problem(offer(of, rules), rules))
    assert [fault.code for fault in faults] == ["impossible_must_hold_forbidden", "impossible_lock_forbidden"]
    for lang, clause in (("zh", "与存款挂钩"), ("en", "hangs on a deposit")):
        assert all(clause in told for told in sentences(Infeasible(faults), lang)[1:])


def test_a_plan_is_made_around_a_forbidden_event_which_the_page_lists() -> None:
    of = drawn(1)
    held = make_plan(of, policy(), "plan", lambda *_: None)
    code = held.plan.sessions[0].event
    events = of.tables["events"].assign(benefit=["cash" if event == code else None for event in of.tables["events"]["event"]])
    barred = replace(of, tables={**of.tables, "events": events})
    made = make_plan(barred, policy(), "plan", lambda *_: None)
    assert code not in {row.event for row in made.plan.sessions}
    assert [(line.event, line.reason) for line in made.left_out if line.reason == "forbidden"] == [(code, "forbidden")]
    assert [line.count for line in made.blocked if line.code == "cash_back"] == [1]
    assert made.plan.totals.value_cny <= held.plan.solve.bound + 0.01
    levels_ = tuple(Level(row.region, row.tier, row.kind, row.concession, row.level) for row in held.plan.ladder)
    for guests in (held.plan.attendances, ()):
        scored = score(barred, policy(), HandMade(held.plan.sessions, guests, levels_, (), (), ()), made.plan)
        told = {one.where for one in scored.breaches if one.number == "L1"}
        assert {where[3] for where in told} == {code}
        assert len(told) == sum(row.event == code for row in held.plan.sessions)


def test_the_check_tells_each_forbidden_practice_as_a_note_and_refuses_nothing(tmp_path: Path) -> None:
    tables = changed("events", "owner,gift_cny", "owner,gift_cny,给予来宾的利益,给予条件", changed("events", "centre,80", "centre,180,返现,存款"))
    reading = examine(write(tmp_path, changed("events", "centre,0", "centre,0,,", tables)), POLICY)
    assert reading.faults == []
    notes = forbidden_notes(reading.frames["events"], POLICY)
    assert [(note.code, note.column, note.rows) for note in notes] == [(f"event_{bar}", column, (2,)) for bar, column in FORBIDDING.items()]
    for lang in LANGS:
        assert all("art_evening" in sentence(note, lang) for note in notes)
    assert forbidden_notes(examine(write(tmp_path / "plain", TABLES), POLICY).frames["events"], POLICY) == []
    assert forbidden_notes(None, POLICY) == []


def test_every_bar_and_every_source_is_worded_in_both_languages() -> None:
    for bar, (_, source, _) in BARS.items():
        for lang in LANGS:
            assert say(f"compliance.bar.{bar}", lang)
            assert f"compliance.source.{source}" in words() or bar == "ceiling"


def judged(of: Book, rules: Policy) -> Facts:
    return gather(columns(of), rules.model_dump(mode="json"))


def not_offered(facts: Facts) -> set[tuple[str, int]]:
    personal = ((place, ladder) for place, ladder in facts.offers.items() if place[0][2] == "personal")
    return {(concession, level) for (_, concession), ladder in personal for level, step in ladder.items() if not step.offered}
