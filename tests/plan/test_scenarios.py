"""Scenarios: changes right or refused in a sentence, conflicts told beside the others, differences that add up."""

from pathlib import Path

import pytest

from planning.book.book import Book
from planning.catalogue.offer import offer
from planning.errors import DataFaults, PlanningError, PolicyError
from planning.optimise.problem import problem
from planning.plan.compose import totals
from planning.plan.make import make_plan
from planning.plan.overrides import TableChange, changed
from planning.plan.scenario_file import Asked, read_scenarios
from planning.plan.scenarios import choice_of, differences, study
from planning.plan.study import ScenarioLine, Study
from planning.plan.summary import Summary
from planning.report.i18n import LANGS
from planning.run.told import sentences
from tests.optimise.books import drawn, policy

RULES = policy(budget={"event_cny": 9_000.0, "concession_cny": 4_000.0}, solver={"gap": 1e-3})
FILE = """
[[scenario]]
name = "more"
title_zh = "增加预算"
title_en = "More money"
policy = { event_cny = 14_000 }

[[scenario]]
name = "dear"
title_en = "Dear events"
[[scenario.table]]
table = "events"
where = { family = "health" }
factor = { guest_cost_cny = 1.5 }
[[scenario.table]]
table = "events"
where = { event = ["e1", "e2"] }
set = { max_sessions = 1, months = [3, 4] }

[[scenario]]
name = "impossible"
policy = { branch_cny_per_client = 5_000 }

[[goal]]
kind = "coverage"
amount = 0.3
"""


def asked(text: str, folder: Path) -> Asked:
    (folder / "ours.toml").write_text(text, encoding="utf-8")
    return read_scenarios(folder / "ours.toml", RULES)


@pytest.fixture(scope="module")
def book() -> Book:
    return drawn(4)


@pytest.fixture(scope="module")
def base(book: Book) -> Summary:
    return make_plan(book, RULES, "base", lambda *_: None)


@pytest.fixture(scope="module")
def made(book: Book, base: Summary, tmp_path_factory: pytest.TempPathFactory) -> Study:
    return study(book, RULES, base, asked(FILE, tmp_path_factory.mktemp("scenarios")), lambda *_: None)


def line(made: Study, name: str) -> ScenarioLine:
    return next(one for one in made.scenarios if one.name == name)


def test_more_money_is_worth_more_and_what_is_proven_is_beyond_both_gaps(made: Study, base: Summary) -> None:
    more = line(made, "more")
    assert more.names == ("增加预算", "More money")
    assert more.event_cny > base.plan.totals.event_cny
    assert more.value_cny >= base.plan.totals.value_cny
    assert more.base_value_cny == pytest.approx(more.value_cny)
    assert more.proven_cny == pytest.approx(max(more.value_cny - base.plan.solve.bound, 0.0))
    assert "event_cny = 14,000" in more.overrides


def test_dearer_events_change_the_tables_the_plan_is_made_from_and_nothing_else(book: Book, made: Study) -> None:
    dear = line(made, "dear")
    assert dear.names == ("Dear events", "Dear events")
    assert dear.status == "optimal"
    assert dear.base_value_cny is not None
    assert dear.base_value_cny >= dear.value_cny
    assert book.hashes == drawn(4).hashes


def test_differences_are_those_of_the_plans(book: Book, base: Summary, made: Study) -> None:
    more = make_plan(book, RULES.with_parameters({"event_cny": 14_000}), "more", lambda *_: None)
    told = differences(base, more)
    assert told == line(made, "more").differences
    sessions = sum(one.after - one.before for one in told if one.what == "sessions")
    assert sessions == sum(row.sessions for row in more.plan.sessions) - sum(row.sessions for row in base.plan.sessions)
    assert differences(base, base) == ()


def test_a_scenario_that_cannot_be_is_told_with_its_conflicts_beside_the_others(made: Study) -> None:
    told = line(made, "impossible")
    assert (told.status, told.value_cny) == ("", 0.0)
    assert [(fault.code, fault.values.get("rule")) for fault in told.faults] == [("conflict_alone", None), ("conflict_lower", "branch_floor")]
    assert line(made, "more").status == "optimal"


def test_the_budget_methods_stand_side_by_side(made: Study, base: Summary) -> None:
    ways = {one.code: one for one in made.methods}
    assert set(ways) == {"affordable", "share", "objective"}  # this book has no last year
    assert ways["affordable"].value_cny == pytest.approx(base.plan.totals.value_cny, rel=3e-3)
    assert ways["objective"].budget_cny == pytest.approx(made.least[0].spend_cny)
    assert made.least[0].attained >= 0.3 * base.segmented - 1e-6


def test_a_plan_read_into_the_problem_is_the_plan(book: Book, base: Summary) -> None:
    p = problem(offer(book, RULES), RULES)
    assert totals(p, choice_of(p, base.plan)) == base.plan.totals


FILE_MISTAKES = {
    'scenario = [{ name = "a", polcy = { event_cny = 5 } }]': "polcy",
    'scenario = [{ name = "a", policy = { evnt_cny = 5 } }]': "event_cny",
    'scenario = [{ name = "a", policy = { event_cny = -5 } }]': "event_cny",
    'scenario = [{ name = "a" }, { name = "a" }]': "a",
    'scenario = [{ title_en = "x" }]': "name",
    'scenario = [{ name = "a", table = [{ table = "events" }] }]': "set",
    'scenario = [{ name = "a", table = [{ table = "events", factor = { guest_cost_cny = "twice" } }] }]': "twice",
    'goal = [{ kind = "joy", amount = 3 }]': "joy",
    'goal = [{ kind = "coverage", amount = 30 }]': "30",
    "frontier = { least = 0.5, most = 0.4, points = 12 }": "points",
    "frontier = { points = 3 }": "points",
    "scenario = [": "ours.toml",
}


@pytest.mark.parametrize("text", FILE_MISTAKES)
def test_a_mistake_in_the_file_is_told_with_file_and_remedy_in_both_languages(text: str, tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as refused:
        asked(text, tmp_path)
    _worded(refused.value, "ours.toml", FILE_MISTAKES[text])


def test_todays_budgets_are_one_point_of_the_frontier_and_not_two(tmp_path: Path) -> None:
    shares = asked("frontier = { least = 0.61, most = 1.15, points = 37 }", tmp_path).shares
    assert [share for share in shares if abs(share - 1) < 0.001] == [1.0]


TABLE_MISTAKES = {
    "table unknown": (TableChange("evnts", {}, {"guest_cost_cny": 5}, {}), "events"),
    "column unknown": (TableChange("events", {}, {"guest_kost_cny": 5}, {}), "guest_cost_cny"),
    "column of where unknown": (TableChange("events", {"evnt": ("e1",)}, {"guest_cost_cny": 5}, {}), "evnt"),
    "no such row": (TableChange("events", {"event": ("gala",)}, {"guest_cost_cny": 5}, {}), "gala"),
    "negative": (TableChange("events", {"event": ("e1",)}, {"guest_cost_cny": -5}, {}), "-5"),
    "no number": (TableChange("events", {"event": ("e1",)}, {"guest_cost_cny": "much"}, {}), "much"),
    "no month": (TableChange("events", {"event": ("e1",)}, {"months": [13]}, {}), "13"),
    "words multiplied": (TableChange("events", {}, {}, {"family": 2.0}), "family"),
    "share above one": (TableChange("responses", {}, {}, {"uplift_share": 50.0}), "uplift_share"),
    "unknown reference": (TableChange("clients", {"client": ("c001",)}, {"branch": "b9"}, {}), "b9"),
    "room smaller than its guests": (TableChange("events", {"event": ("e1",)}, {"min_guests": 900}, {}), "events"),
}


@pytest.mark.parametrize("mistake", TABLE_MISTAKES)
def test_a_change_the_tables_do_not_bear_is_refused_in_a_sentence(book: Book, mistake: str) -> None:
    change, word = TABLE_MISTAKES[mistake]
    with pytest.raises(DataFaults) as refused:
        changed(book, RULES, [change])
    _worded(refused.value, word)


def _worded(error: PlanningError, *words: str) -> None:
    assert error.exit_code == 2
    for lang in LANGS:
        told = "\n".join(sentences(error, lang))
        for word in words:
            assert word in told
        assert "{" not in told
        assert ", :" not in told


def test_a_scenario_that_names_an_unknown_tier_is_refused(book: Book, base: Summary, tmp_path: Path) -> None:
    text = 'scenario = [{ name = "odd", policy = { floors_tier = { platinum = 0.1 } } }]'
    with pytest.raises(DataFaults) as refused:
        study(book, RULES, base, asked(text, tmp_path), lambda *_: None)
    _worded(refused.value, "ours.toml", "odd", "platinum")


def test_a_faulty_table_names_file_and_scenario(book: Book, base: Summary, tmp_path: Path) -> None:
    text = '[[scenario]]\nname = "odd"\n[[scenario.table]]\ntable = "events"\nset = { guest_cost_cny = -1 }'
    with pytest.raises(DataFaults) as refused:
        study(book, RULES, base, asked(text, tmp_path), lambda *_: None)
    _worded(refused.value, "ours.toml", "odd", "-1")
