"""The plan under uncertain answers: its range, what it leans on, what knowing better is worth, and regret across worlds."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planning.book.book import Book, book_of
from planning.catalogue.doubts import Doubt, Key
from planning.catalogue.offer import Offer, offer
from planning.optimise.outcomes import drawn, in_world, outcomes
from planning.optimise.placement import plan_months
from planning.optimise.problem import Problem, problem
from planning.optimise.year import Year, solve_year
from planning.plan.compose import Choice, totals, uplift_by_response
from planning.plan.frontier import LOOSER
from planning.plan.make import make_plan
from planning.plan.overrides import TableChange
from planning.plan.risks import DRAWS, LEANS, MEASURED, TENTH, WEIGHTS, knowing_better, risks
from planning.plan.scenario_file import Scenario, read_scenarios
from planning.plan.scenarios import beliefs_only, study
from planning.plan.uncertainty import Lean, Risks
from tests.optimise.books import drawn as drawn_book
from tests.optimise.books import policy
from tests.optimise.test_risk import rebuilt

GAP = 1e-3
RULES = policy(budget={"event_cny": 9_000.0, "concession_cny": 4_000.0}, solver={"gap": GAP}, privacy={"min_cell": 1})
Planned = tuple[Offer, Problem, Year, Choice]


@pytest.fixture(scope="module")
def book() -> Book:
    return drawn_book(4)


@pytest.fixture(scope="module")
def planned(book: Book) -> Planned:
    offered = offer(book, RULES)
    p = problem(offered, RULES)
    year, placed = plan_months(p)
    return offered, p, year, Choice(placed, year.levels)


@pytest.fixture(scope="module")
def found(planned: Planned) -> Risks:
    offered, p, _, choice = planned
    return risks(offered, p, choice)


@pytest.fixture(scope="module")
def known(found: Risks, planned: Planned) -> Risks:
    _, p, year, choice = planned
    return knowing_better(found, p, (year, choice))


def key_of(lean: Lean) -> Key:
    return lean.table, lean.tier, lean.kind, lean.name


def test_the_range_is_that_of_the_draws_and_rises(found: Risks, planned: Planned) -> None:
    _, p, _, choice = planned
    sums = totals(p, choice)
    drawn_ = outcomes(p, uplift_by_response(p, choice.placed), choice.levels, drawn(p, DRAWS))
    net = np.sort(drawn_.added - drawn_.concession_cost - sums.event_cny)
    assert found.draws == len(net) == DRAWS
    assert found.net.expected_cny == pytest.approx(sums.value_cny, abs=0.02)
    assert found.added.expected_cny == pytest.approx(sums.uplift_cny + sums.gain_cny, abs=0.02)
    assert found.worst_tenth_cny < found.net.low_cny < found.net.middle_cny < found.net.high_cny
    for share, amount in ((0.1, found.net.low_cny), (0.5, found.net.middle_cny), (0.9, found.net.high_cny)):
        assert np.mean(net < amount) == pytest.approx(share, abs=0.001)
    assert net.mean() == pytest.approx(found.net.expected_cny, rel=0.03)
    assert found.paying_back == pytest.approx(float(np.mean(net > 0)))
    assert found.of_100 <= 100 * found.paying_back
    assert sum(bar.share for bar in found.bars) == pytest.approx(1.0)


def test_concessions_are_over_budget_beyond_what_events_leave_of_what_may_move(planned: Planned) -> None:
    offered, p, _, choice = planned
    sums = totals(p, choice)
    tight = replace(p, event_limit_cny=sums.event_cny, concession_limit_cny=sums.concession_cny)
    over = risks(offered, tight, choice).over_budget
    assert 0 < over < 1
    lending = replace(tight, policy=p.policy.with_parameters({"transfer_share": 0.5}))
    assert risks(offered, lending, choice).over_budget == over  # events use all of theirs
    assert risks(offered, replace(lending, event_limit_cny=3 * sums.event_cny), choice).over_budget < over


def test_both_ends_of_a_lean_are_the_plan_scored_on_tables_rebuilt(found: Risks, planned: Planned, book: Book) -> None:
    _, p, _, choice = planned
    now = totals(p, choice).value_cny
    leans = [lean for lean in found.leans if lean.table != "judgement"]
    assert {lean.table for lean in leans} == {"responses", "elasticities"}
    for lean in leans:
        for z, end in ((-TENTH, lean.weak), (TENTH, lean.strong)):
            times = {key_of(lean): Doubt(lean.error, lean.source).at(z)}
            assert end.times == pytest.approx(times[key_of(lean)])
            again = totals(problem(offer(rebuilt(book, times), RULES), RULES), choice).value_cny
            assert end.change_cny == pytest.approx(again - now, abs=0.03)


def test_leans_are_told_largest_first_and_what_was_judged_moves_together(found: Risks) -> None:
    swings = [lean.swing_cny for lean in found.leans]
    assert swings == sorted(swings, reverse=True)
    assert len(found.leans) == LEANS
    together = next(lean for lean in found.leans if lean.table == "judgement")
    assert together.swing_cny >= max(lean.swing_cny for lean in found.leans if lean is not together)
    assert [line.source for line in found.sources] == ["judgement"]
    assert found.sources[0].share == pytest.approx(1.0)


def test_knowing_better_is_worth_what_other_plans_win_there(known: Risks, planned: Planned) -> None:
    _, p, year, choice = planned
    measured = [lean for lean in known.leans if lean.least_cny is not None]
    assert len(measured) == MEASURED
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)
    for lean in measured:
        assert lean.least_cny is not None
        assert lean.most_cny is not None
        assert 0 <= lean.least_cny <= lean.most_cny
        for z, end in ((-TENTH, lean.weak), (TENTH, lean.strong)):
            world = in_world(p, {key_of(lean): Doubt(lean.error, lean.source).at(z)})
            alone = solve_year(world).outcome
            own = totals(world, choice).value_cny
            assert end.won_least_cny is not None
            assert end.won_most_cny is not None
            assert own + end.won_least_cny <= max(alone.bound, own) + 0.05
            assert alone.objective <= own + end.won_most_cny + 0.05
        gaps = 2 * LOOSER * GAP * abs(year.outcome.objective) * 2
        assert lean.most_cny - lean.least_cny <= gaps


def test_a_careful_plan_is_measured_by_its_own_yardstick(book: Book) -> None:
    careful = RULES.with_parameters({"risk_aversion": 0.5})
    offered = offer(book, careful)
    p = problem(offered, careful)
    year, placed = plan_months(p)
    choice = Choice(placed, year.levels)
    found = risks(offered, p, choice)
    assert totals(p, choice).value_cny < found.net.expected_cny
    assert_measured(knowing_better(replace(found, leans=found.leans[:2]), p, (year, choice)), 1)


@pytest.mark.slow
def test_a_careful_plan_is_explained_like_any_other(book: Book) -> None:
    summary = make_plan(book, RULES.with_parameters({"risk_aversion": 0.5}), "careful", lambda *_: None, explaining=True)
    assert summary.risks is not None
    assert_measured(summary.risks, MEASURED)
    assert summary.frontier is not None
    values = [point.value_cny for point in summary.frontier.points]
    assert values == sorted(values)


def assert_measured(found: Risks, count: int) -> None:
    measured = [(lean.least_cny, lean.most_cny) for lean in found.leans if lean.least_cny is not None and lean.most_cny is not None]
    assert len(measured) == count
    assert all(0 <= least <= most for least, most in measured)


def test_few_clients_are_not_told(planned: Planned) -> None:
    offered, p, _, choice = planned
    shy = replace(p, policy=RULES.with_parameters({"min_cell": 10_000}))
    assert [lean.table for lean in risks(offered, shy, choice).leans] == ["judgement"]


def test_without_doubt_there_is_no_range(book: Book) -> None:
    sure = book_of({**book.tables, **{name: book.tables[name].assign(se_share=0.0) for name in ("responses", "elasticities")}})
    found = make_plan(sure, RULES, "sure", lambda *_: None).risks
    assert found is not None
    assert (found.bars, found.leans) == ((), ())
    assert found.net.low_cny == found.net.high_cny == pytest.approx(found.net.expected_cny)


WORLDS = """
[[scenario]]
name = "weak"
title_en = "Weak responses"
[[scenario.table]]
table = "responses"
factor = { uplift_share = 0.3 }

[[scenario]]
name = "longer"
title_en = "Effects last longer"
policy = { horizon_years = 5 }

[[scenario]]
name = "more"
title_en = "More money"
policy = { event_cny = 14_000 }

[frontier]
points = 10
"""


def test_regret_is_told_for_worlds_that_differ_in_beliefs_only(book: Book, tmp_path: Path) -> None:
    base = make_plan(book, RULES, "base", lambda *_: None)
    (tmp_path / "worlds.toml").write_text(WORLDS, encoding="utf-8")
    made = study(book, RULES, base, read_scenarios(tmp_path / "worlds.toml", RULES), lambda *_: None)
    weak, longer, more = made.scenarios
    assert more.regret_cny is None
    for line in (weak, longer):
        assert line.regret_cny is not None
        least, most = line.regret_cny
        assert 0 <= least <= most
        assert line.kept_value_cny is not None
        assert line.kept_value_cny <= line.bound_cny + 0.05
        assert line.kept_value_cny + least == pytest.approx(max(line.value_cny, line.kept_value_cny))
    assert longer.kept_value_cny > base.plan.totals.value_cny > weak.kept_value_cny


def test_prices_and_budgets_are_no_beliefs() -> None:
    def of(rules: dict[str, object], *tables: str) -> bool:
        return beliefs_only(Scenario("x", ("", ""), rules, tuple(TableChange(table, {}, {}, {"x": 2.0}) for table in tables)))

    assert of({"discount": 0.1}, "elasticities")
    assert not of({"discount": 0.1}, "elasticities", "events")
    assert not of({"risk_aversion": 0.1})
    assert not of({"objective": "gross"})
    assert not of({})
