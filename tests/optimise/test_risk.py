"""Risk aversion: draws by formula, outcomes as the tables rebuilt would give them, careful plans that are careful, judged anew."""

import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from planning.book.book import Book, book_of
from planning.catalogue.doubts import ERROR_OF_SOURCE, SHARED, Doubt, Key, multipliers
from planning.catalogue.offer import offer
from planning.judge import gather, judge
from planning.optimise import year
from planning.optimise.outcomes import DRAWS, drawn, in_world, outcomes, worst_tenth
from planning.optimise.placement import Placed, plan_months
from planning.optimise.problem import Problem, problem
from planning.optimise.year import Year, solve_year
from planning.plan.compose import Choice, totals, uplift_by_response
from planning.plan.judged import columns, plain
from planning.plan.make import make_plan
from planning.policy import Policy
from tests.optimise.books import drawn as drawn_book
from tests.optimise.books import policy

GAP = 1e-4
MONEY = {"event_cny": 12_000.0, "concession_cny": 9_000.0}
AVERSIONS = (0.0, 0.5, 1.0)


def careful(aversion: float, objective: str = "net", **sections: object) -> Policy:
    return policy(value={"risk_aversion": aversion, "objective": objective}, budget=MONEY, solver={"gap": GAP}, **sections)


def with_old_money(book: Book, share: float) -> Book:
    """A book in which so much of new money is the bank's own: costs stop rising once all of it is repriced."""
    return book_of({**book.tables, "elasticities": book.tables["elasticities"].assign(old_money_share=share)})


def of(book: Book, rules: Policy) -> Problem:
    return problem(offer(book, rules), rules)


def planned(p: Problem) -> tuple[Year, Choice]:
    found, placed = plan_months(p)
    return found, Choice(placed, found.levels)


def in_draws(p: Problem, choice: Choice) -> np.ndarray:
    """Uplift and gain less what concessions cost, in the draws that plans are chosen by."""
    found = outcomes(p, uplift_by_response(p, choice.placed), choice.levels, drawn(p))
    return found.added - found.concession_cost


def rebuilt(book: Book, times: dict[Key, float]) -> Book:
    """The book with its own coefficients multiplied."""
    responses, elasticities = book.tables["responses"].copy(), book.tables["elasticities"].copy()
    of_response = [times.get(("responses", r.tier, r.kind, r.family), 1.0) for r in responses.itertuples()]
    of_concession = [times.get(("elasticities", r.tier, r.kind, r.concession), 1.0) for r in elasticities.itertuples()]
    responses["uplift_share"] *= of_response
    for column in ("growth_per_unit", "retention_gain_per_unit"):
        elasticities[column] *= of_concession
    return book_of({**book.tables, "responses": responses, "elasticities": elasticities})


def test_draws_have_the_error_of_their_source_and_judged_ones_move_together() -> None:
    keys: list[Key] = [("responses", "gold", "personal", name) for name in "abcd"]
    doubts = [Doubt(0.2, "trial"), Doubt(0.2, "history"), Doubt(0.2, "judgement"), Doubt(0.3, "judgement")]
    found = multipliers(list(zip(keys, doubts, strict=True)), 7, 2_000)
    assert found.mean(axis=1) == pytest.approx(1.0, abs=2e-3)
    assert found.std(axis=1) == pytest.approx([0.2, 0.2, 0.2, 0.3], rel=0.03)
    together = np.corrcoef(found)
    assert together[2, 3] == pytest.approx(SHARED, abs=0.07)
    assert abs(together[0, 1]) < 0.07
    assert abs(together[0, 2]) < 0.07
    assert (multipliers([(keys[0], Doubt(2.0, "trial"))], 7, 200) >= 0).all()
    assert (multipliers([(keys[0], doubts[0])], 8, 200) != multipliers([(keys[0], doubts[0])], 7, 200)).any()


def test_a_missing_error_is_that_of_its_source() -> None:
    book = drawn_book(4)
    responses = book.tables["responses"].assign(se_share=[0.1, *[None] * 7], source=["judgement", "trial", "history", *["judgement"] * 5])
    found = offer(book_of({**book.tables, "responses": responses}), careful(0.0)).doubts
    errors = {key[1:]: doubt.error for key, doubt in found.items() if key[0] == "responses"}
    stated = {(row.tier, row.kind, row.family): (row.se_share, row.source) for row in responses.itertuples()}
    assert errors == {key: ERROR_OF_SOURCE[source] if pd.isna(error) else error for key, (error, source) in stated.items()}


@pytest.mark.parametrize(("seed", "old_money"), [(4, 0.4), (6, 0.98), (8, 1.0)])
def test_a_draw_is_worth_what_the_tables_rebuilt_with_it_give(seed: int, old_money: float) -> None:
    book = with_old_money(drawn_book(seed), old_money)
    p = of(book, careful(0.0))
    _, choice = planned(p)
    assert any(choice.levels.values())
    found = in_draws(p, choice)
    cash = totals(p, choice).event_cny
    for s in (0, 17, 101, DRAWS - 1):
        times = {key: float(own[s]) for key, own in drawn(p).items()}
        again = of(rebuilt(book, times), careful(0.0))
        assert found[s] - cash == pytest.approx(totals(again, choice).value_cny, abs=0.02)
        assert totals(in_world(p, times), choice).value_cny == pytest.approx(totals(again, choice).value_cny, abs=0.02)


@pytest.mark.parametrize(("seed", "objective", "old_money"), [(4, "net", 0.4), (6, "net", 0.98), (8, "gross", 0.98)])
def test_the_more_averse_the_lower_the_mean_and_the_better_the_worst_tenth(seed: int, objective: str, old_money: float) -> None:
    book = with_old_money(drawn_book(seed), old_money)
    means, tails = [], []
    for aversion in AVERSIONS:
        p = of(book, careful(aversion, objective))
        found, choice = planned(p)
        sums = totals(p, choice)
        costs = sums.event_cny + sums.concession_cny if p.net else 0.0
        mean = sums.uplift_cny + sums.gain_cny - costs
        in_each = outcomes(p, uplift_by_response(p, choice.placed), choice.levels, drawn(p))
        tail = worst_tenth(in_each.added - in_each.concession_cost if p.net else in_each.added) - (sums.event_cny if p.net else 0.0)
        assert tail < mean
        assert sums.value_cny == pytest.approx((1 - aversion) * mean + aversion * tail, abs=0.02)
        assert found.outcome.objective == pytest.approx(sums.value_cny, abs=0.05)
        assert found.outcome.bound >= sums.value_cny - 0.05
        means.append(mean)
        tails.append(tail)
    slack = 4 * GAP * means[0]
    assert all(more <= less + slack for less, more in pairwise(means))
    assert all(more >= less - slack for less, more in pairwise(tails))


def test_where_nothing_is_uncertain_caution_changes_nothing() -> None:
    book = drawn_book(4)
    sure = book_of({**book.tables, **{name: book.tables[name].assign(se_share=0.0) for name in ("responses", "elasticities")}})
    assert solve_year(of(sure, careful(0.7))).outcome.objective == pytest.approx(solve_year(of(sure, careful(0.0))).outcome.objective, rel=2 * GAP)


def test_a_careful_year_joined_from_blocks_is_as_good(monkeypatch: pytest.MonkeyPatch) -> None:
    p = of(drawn_book(6, branches=3, clients=30, events=4), careful(0.6))
    whole = solve_year(p).outcome
    monkeypatch.setattr(year, "MOST_WHOLE", 0)
    joined = solve_year(p).outcome
    assert joined.objective == pytest.approx(whole.objective, rel=2.1 * GAP)
    assert max(joined.objective, whole.objective) <= min(joined.bound, whole.bound) + 0.05


def test_the_other_solver_agrees() -> None:
    book = drawn_book(4)
    one, other = (
        solve_year(of(book, policy(value={"risk_aversion": 0.6}, budget=MONEY, solver={"gap": GAP, "name": name}))).outcome for name in ("highs", "cbc")
    )
    assert one.objective == pytest.approx(other.objective, rel=2.1 * GAP)


@pytest.mark.parametrize(("seed", "objective", "old_money"), [(4, "net", 0.4), (6, "net", 0.98), (8, "gross", 1.0)])
def test_the_second_judge_finds_the_careful_value_by_its_own_draws(seed: int, objective: str, old_money: float) -> None:
    book = with_old_money(drawn_book(seed), old_money)
    plan = make_plan(book, careful(0.6, objective), "careful", lambda *_: None).plan
    facts = gather(columns(book), plan.policy)
    assert judge(plain(plan), facts).totals["value_cny"] == pytest.approx(plan.totals.value_cny, abs=0.05)
    raw = json.loads(plan.to_json())
    raw["totals"]["value_cny"] += 3.0
    assert [check.rule for check in judge(raw, facts).checks if check.broken] == ["totals_add_up"]
    eased = {**raw["policy"], "value": {**raw["policy"]["value"], "risk_aversion": 0.0}}
    assert judge(plain(plan), gather(columns(book), eased)).totals["value_cny"] > plan.totals.value_cny + 100


def test_nothing_planned_is_worth_nothing_however_averse() -> None:
    p = of(drawn_book(4), careful(1.0))
    nothing = Choice(Placed({}, {}), {(c, kind): 0 for c, cell in enumerate(p.cells) for kind in cell.steps})
    assert totals(p, nothing).value_cny == 0.0
    assert totals(replace(p, doubts={}), nothing).value_cny == 0.0
