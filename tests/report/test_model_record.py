"""The model record's page: honest where nothing is known, every letter and rule worded, links that lead somewhere, few people never seen."""

import inspect
import re
from dataclasses import replace
from html import unescape

import pytest

from planning import policy
from planning.book.contracts import CONTRACTS
from planning.optimise.rules import RULES
from planning.plan.record import LINES, ModelRecord, Range, Realised, Register, Side, standings
from planning.plan.record.evidence import RANGED, Completeness
from planning.report import cards as annual
from planning.report.cards import Card
from planning.report.cards import record as cards
from planning.report.cards.record.assumptions import ASSUMED
from planning.report.i18n import words
from tests.report.assembled import put_together
from tests.report.example import summary
from tests.report.record_example import compared, line, record, run, trial

PARTS = (cards.headline, cards.purpose, cards.assumptions, cards.data, cards.model, cards.outcomes, cards.validation, cards.monitoring, cards.checklist)
PEOPLE = (
    "data",
    "use",
    "changes",
    "quality",
    "independence",
    "policies",
    "inventory",
    "audit",
    "lifecycle",
    "outsourcing",
    "retirement",
    "roles",
    "materiality",
    "soundness",
    "testing",
    "vendor",
)


def record_cards() -> list[Card]:
    """The cards of the page in its order, the annual page's risks among them."""
    given = record()
    shown = [part(given) for part in PARTS]
    return [*shown[:5], annual.risks(given.summary), *shown[5:]]


def visible(html: str) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)))


def bare(**changed: object) -> ModelRecord:
    """A record of a plan that stands alone: no run, no register, nothing booked or tried."""
    nothing = {"run": None, "unchanged": None, "register": None, "versions": (), "second": (), "causes": None, "realised": Realised((), (), (), ())}
    return record(**{**nothing, **changed})


def state(of: ModelRecord, code: str) -> tuple[str, str]:
    return next((line.state, line.why) for line in standings(of) if line.code == code)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("given", [record(), bare()], ids=["full", "bare"])
def test_every_part_is_worded_in_both_languages_and_every_link_leads_to_a_part(given: ModelRecord, lang: str) -> None:
    page = put_together([part(given) for part in PARTS], lang)
    assert "{" not in visible(re.sub(r"<(code|style).*?</\1>", "", page, flags=re.DOTALL))
    targets = set(re.findall(r'href="#([\w-]+)"', page)) - {"risks"}  # the risks' part is the annual page's own card
    assert {"purpose", "model", "checklist", "footer"} <= targets
    assert targets <= set(re.findall(r' id="([\w-]+)"', page))


def test_each_rule_of_the_optimiser_stands_on_the_page_with_its_formula() -> None:
    page = visible(cards.model(record()).zh)
    for code in (rule.__name__ for rule in RULES):
        found = next(one for one in record().formulas if one.code == code)
        assert found.year
    assert "Σ_g X[g,e,h] ≥ min_guests[e] · Z[e,h]" in page
    assert "CVaR10" in page
    assert "每格只有一档让利" in page


@pytest.mark.parametrize("place", sorted({place for _, places in ASSUMED for place in places}))
def test_every_assumption_is_set_where_the_page_says(place: str) -> None:
    table, dot, column = place.partition(".")
    assert CONTRACTS[table].column(column) if dot else policy.find(place)


@pytest.mark.parametrize("code", PEOPLE)
def test_what_only_people_can_do_is_never_met(code: str) -> None:
    assert state(record(), code)[0] != "met"
    assert state(bare(), code)[0] != "met"


@pytest.mark.parametrize("code", [line[1] for line in LINES])
def test_whatever_a_line_may_say_is_worded_and_nothing_else_is(code: str) -> None:
    find = next(line[3] for line in LINES if line[1] == code)
    said = set(re.findall(r'(?:"(?:met|part|not)"|state), "(\w+)"', inspect.getsource(find)))
    assert said
    assert {key.rpartition(".")[2] for key in words() if key.startswith(f"record.why.{code}.")} == said


def test_a_columns_range_is_told_and_none_of_clients_or_managers() -> None:
    ranges = (
        Range("responses", "rate", 0.5, 0.5),
        Range("events", "touch_weight", 0.7, 1.5),
        Range("responses", "uplift_share", 0.036, 0.12),
        Range("partners", "cap_cny", 20_000.0, 300_000.0),
    )
    page = visible(cards.assumptions(record(evidence=replace(record().evidence, ranges=ranges))).en)
    assert "responses.uplift_share = 0.036 to 0.12, responses.rate = 0.5" in page
    assert "events.touch_weight = 0.7 to 1.5" in page
    assert "cap_cny = 20,000 to 300,000" in page
    assert not {"clients", "managers"} & set(RANGED)


def test_the_headline_counts_the_lines_as_the_checklist_does() -> None:
    for given in (record(), bare()):
        states = [line.state for line in standings(given)]
        assert len(states) == len(LINES)
        told = visible(cards.headline(given).en)
        assert f"of {len(states)} lines asked of a model, {states.count('met')} are met, {states.count('part')} in part, and {states.count('not')} not" in told
        tags = re.findall(r'class="tag (\w+)"', cards.checklist(given).en)
        assert (tags.count("bind"), tags.count("ok"), tags.count("block")) == (states.count("met"), states.count("part"), states.count("not"))


def test_without_actuals_the_page_says_so_plainly() -> None:
    assert state(bare(), "outcomes") == ("not", "none")
    told = visible(cards.outcomes(bare()).en)
    assert "Nothing is booked or measured in 2027" in told
    assert "there is no back-test" in told
    assert "set when, and on which data, outcomes are first analysed" in visible(cards.headline(bare()).en)


def test_a_trial_before_the_plan_tests_its_coefficients_and_not_the_plan() -> None:
    assert state(record(), "outcomes") == ("part", "before")
    told = visible(cards.outcomes(record()).en)
    assert "they test the coefficients it uses, not the plan" in told
    assert "+1.70% 1.34% +0.51% agree" in told
    assert "differ" in visible(cards.outcomes(record(realised=Realised((), (), (), (trial(growth=0.08),)))).en).split("not the plan")[0]


def test_plan_value_and_realised_value_stand_side_by_side_and_add_up() -> None:
    found = record().realised
    known = Realised(found.booked_before, (), (trial(first_on="2027-03-11"),), (), compared())
    given = record(realised=known)
    assert state(given, "outcomes") == ("met", "measured")
    told = visible(cards.outcomes(given).en)
    assert "To the end of December the plan was to be worth CNY 3.58 million and CNY 2.5 million was realised; 58% of attendances were tested" in told
    assert "Effect of events 7,000 6,800 5,899" in told
    assert "Net value 3,780 3,580 2,499" in told
    assert "Knowledge 1,000 900 700 3,400 3,100 2,400 2,100 2,799" in told
    assert "Health 1,000 300 0 3,400 3,100 – – 3,100" in told
    assert "Total 2,000 1,200 700 6,800 6,200 2,400 2,100 5,899" in told
    assert "nothing speaks against the coefficients" in told
    assert "Events 5,120 1,200 1,170" in told
    assert "Other lines – 0 9" in told
    assert state(record(realised=replace(known, trials=(), backtest=None)), "outcomes") == ("part", "some")


def with_backtest(**changed: object) -> ModelRecord:
    lines = changed.pop("lines", ())
    return record(realised=replace(record().realised, booked=record().realised.booked_before, backtest=compared(*lines, **changed)))  # type: ignore[misc]


@pytest.mark.parametrize(
    ("measured", "zh", "en"),
    [
        (1_900_000.0, "应下调反应系数", "should come down"),
        (2_900_000.0, "反应系数偏低", "the coefficients are low"),
        (2_790_000.0, "未发现系数有误", "nothing speaks against"),
    ],
)
def test_what_was_measured_is_weighed_by_its_error(measured: float, zh: str, en: str) -> None:
    card = cards.outcomes(with_backtest(lines=(line(measured=measured),)))
    assert zh in visible(card.zh)
    assert en in visible(card.en)


def test_what_was_not_tested_is_never_called_measured() -> None:
    given = with_backtest(lines=(line(tested=0),), over=False, through=6, assumed=("events", "concessions"), outside=12, unread=2)
    assert state(given, "outcomes") == ("part", "untested")
    told = visible(cards.outcomes(given).en)
    assert "untested by any control group" in told
    assert "not whether the coefficients are right" in told
    assert "No event cost (events) is booked" in told
    assert "No concession cost (concessions) is booked" in told
    assert "A further 12 attendances were of clients the plan does not count" in told
    assert "2 windows in outcomes tell no dates" in told
    assert "the comparison is to the end of June" in told
    assert "own range" not in told
    assert "A few clients who came" in visible(cards.outcomes(with_backtest(outside=3, few_outside=True)).en)


@pytest.mark.parametrize(("gain", "place"), [(9_000_000.0, "below"), (14_000_000.0, "within"), (9e9, "above")])
def test_a_whole_years_effect_is_set_against_the_plans_own_range(gain: float, place: str) -> None:
    side = Side(5_900_000.0, gain, 5_000_000.0, 7_400_000.0)
    assert f"lies {place} the plan's own range" in visible(cards.outcomes(with_backtest(realised=side)).en)


def test_where_few_came_nothing_of_them_is_told() -> None:
    told = visible(cards.outcomes(with_backtest(few_came=True)).en)
    assert "fewer than 5 clients came, so it is not shown" in told
    assert "Realised effect" not in told
    assert state(with_backtest(few_came=True), "outcomes") == ("part", "some")


def test_a_plan_that_counts_no_costs_is_compared_without_them() -> None:
    told = visible(cards.outcomes(with_backtest(net=False)).en)
    assert "Value (before cost) 16,500 16,300 14,899" in told
    assert "Event cost" not in told.split("How to read")[0]


@pytest.mark.parametrize("one", [trial(came=3), trial(came=92), trial(clients=4, came=0)], ids=["few came", "few stayed away", "few invited"])
def test_a_trial_of_few_clients_is_not_shown(one: object) -> None:
    told = visible(cards.outcomes(record(realised=Realised((), (), (), (one,)))).en)  # type: ignore[arg-type]
    assert told.count("not shown") == 7


def test_columns_filled_for_few_or_all_but_few_clients_are_not_counted_out() -> None:
    evidence = replace(record().evidence, completeness=(Completeness("age", 598), Completeness("industry", 3)), given=2)
    told = visible(cards.data(record(evidence=evidence)).en)
    assert told.count("not shown") == 4
    assert "too few clients are in one of the two" in told


def test_an_altered_plan_and_a_broken_chain_are_told_at_the_head() -> None:
    broken = Register((run(1),), (), 0, ("register_changed",))
    given = record(unchanged=False, register=broken)
    told = visible(cards.headline(given).en)
    assert "plan.json is not what its run published" in told
    assert "The register of runs is not whole" in told
    assert state(given, "process") == ("not", "altered")
    assert state(given, "monitoring") == ("part", "broken")


def test_the_change_log_names_what_changed_in_each_version() -> None:
    told = visible(cards.monitoring(record()).en)
    assert "4 runs of this plan are registered, 1 failed; versions published: 3" in told
    assert "parameter event_cny" in told
    assert "data, policy and programs as before" in told
    assert "first on record" in told
    assert "rules conflict" in told


def test_another_solvers_result_is_told_with_whether_both_agree() -> None:
    assert state(record(), "benchmark") == ("met", "second")
    told = visible(cards.validation(record()).en)
    assert "CBC (PuLP 3.3)" in told
    assert "agree" in told
    far = run(5, solver="CBC (PuLP 3.3)", solve={"solver": "CBC (PuLP 3.3)", "objective": 17_000_000.0, "bound": 17_000_100.0, "gap": 0.0})
    assert "differ" in visible(cards.validation(record(second=(far,))).en)
    assert "No run on record solved the same data" in visible(cards.validation(bare()).en)


def test_names_from_tables_and_register_stay_words() -> None:
    hostile = "<img src=x onerror=alert(1)>"
    named = replace(trial(), names=(hostile, hostile))
    far = run(5, solver=hostile)
    given = record(realised=Realised((), (), (), (named,)), second=(far,), register=Register((run(1, finished="2026-11-01T09:30:00"),), (), 1))
    for part in PARTS:
        assert "<img src=x" not in part(given).zh
    assert hostile in visible(cards.outcomes(given).zh)


def test_half_or_more_on_judgement_is_met_in_part_only() -> None:
    risks = summary().risks
    assert risks is not None
    for share, expected in ((0.72, ("part", "judged")), (0.2, ("met", "measured"))):
        line = replace(risks.sources[0], source="judgement", share=share)
        given = record(summary=replace(record().summary, risks=replace(risks, sources=(line,))))
        assert state(given, "assumptions") == expected
