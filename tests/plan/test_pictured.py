"""The numbers behind two figures: steps without a rest, curves through the plan's own uplift, nothing that few clients stand behind."""

from dataclasses import replace
from itertools import pairwise
from math import fsum

import pytest

from planning.catalogue.offer import Offer, PastLine, offer
from planning.judge import gather, judge
from planning.optimise.placement import plan_months
from planning.optimise.problem import Problem, problem
from planning.plan.compose import Choice, compose, totals, uplift_by_response
from planning.plan.curves import SHOWN, response_curves
from planning.plan.judged import columns, plain
from planning.plan.make import UNSOLVED
from planning.plan.ruling import rule_lines
from planning.plan.waterfall import waterfall
from tests.optimise.books import drawn, policy

BOOK = drawn(4, branches=3, clients=60, events=5)
RULES = policy(budget={"event_cny": 12_000.0, "concession_cny": 6_000.0}, privacy={"min_cell": 1}, solver={"gap": 1e-3})
Planned = tuple[Offer, Problem, Choice]


@pytest.fixture(scope="module")
def planned() -> Planned:
    offered = offer(BOOK, RULES)
    p = problem(offered, RULES)
    year, placed = plan_months(p)
    return offered, p, Choice(placed, year.levels)


def past(p: Problem) -> tuple[PastLine, ...]:
    slot = next(slot for s, slot in enumerate(p.slots) if slot.event.host_level == "branch" and slot.most_sessions and p.seats_of_slot[s])
    cell = p.cells[0]
    empty = PastLine("", "", "", "", "", "", 0, 0, 0, 0)
    held = replace(empty, branch=slot.host, event=slot.event.event, month=slot.event.months[0], sessions=1, attendances=4)
    return held, replace(empty, region=cell.region, tier=cell.tier, kind=cell.kind, concession="fee_waiver", level=1)


def left(p: Problem, choice: Choice) -> float:
    sums = totals(p, choice)
    return sums.uplift_cny + sums.gain_cny - sums.event_cny - sums.concession_cny


def with_min_cell(p: Problem, least: int) -> Problem:
    return replace(p, policy=p.policy.with_parameters({"min_cell": least}))


@pytest.mark.parametrize("known", [True, False])
def test_start_and_steps_make_the_plan_without_a_rest(planned: Planned, known: bool) -> None:
    _, p, choice = planned
    found = waterfall(p, past(p) if known else (), choice)
    assert found.start == ("last_year" if known else "nothing")
    assert found.end_cny == pytest.approx(left(p, choice))
    assert found.start_cny + fsum(fall.change_cny for fall in found.falls) == pytest.approx(found.end_cny, abs=0.05)
    assert [fall.kind for fall in found.falls[-2:]] == ["event_cost", "concession_cost"]
    if not known:
        sums = totals(p, choice)
        assert found.start_cny == 0
        assert fsum(fall.change_cny for fall in found.falls if fall.kind == "family") == pytest.approx(sums.uplift_cny, abs=0.02)
        assert fsum(fall.change_cny for fall in found.falls if fall.kind == "concession") == pytest.approx(sums.gain_cny, abs=0.02)
        assert found.falls[-2].change_cny == pytest.approx(-sums.event_cny)


def test_what_this_year_has_no_place_for_is_no_plan_of_last_year(planned: Planned) -> None:
    _, p, choice = planned
    gone = replace(past(p)[0], event="gone")
    assert waterfall(p, (gone,), choice).start == "nothing"


def test_steps_behind_which_few_clients_stand_are_told_together(planned: Planned) -> None:
    _, p, choice = planned
    open_to_all = waterfall(p, (), choice)
    together = waterfall(with_min_cell(p, 1_000), (), choice)
    assert all(fall.code for fall in open_to_all.falls[:-2])
    assert [fall.code for fall in together.falls] == [""] * len(together.falls)
    assert fsum(fall.change_cny for fall in together.falls) == pytest.approx(fsum(fall.change_cny for fall in open_to_all.falls))


def test_each_curve_passes_through_the_plans_own_uplift(planned: Planned) -> None:
    offered, p, choice = planned
    found = response_curves(offered, p, choice)
    assert 0 < len(found) <= SHOWN
    uplift: dict[tuple[str, str, str], float] = {}
    for response, amount in zip(p.responses, uplift_by_response(p, choice.placed), strict=True):
        segment = p.segments[response.segment]
        key = (segment.tier, segment.kind, response.family)
        uplift[key] = uplift.get(key, 0.0) + amount
    for curve in found:
        key = (curve.tier, curve.kind, curve.family)
        held = fsum(
            p.segments[r.segment].clients * p.segments[r.segment].mean_contribution_cny
            for r in p.responses
            if (p.segments[r.segment].tier, p.segments[r.segment].kind, r.family) == key
        )
        assert curve.added_cny == pytest.approx(uplift[key])
        assert curve.at[1] * held == pytest.approx(uplift[key])
        rises = [after - before for (_, before), (_, after) in pairwise(curve.points)]
        assert curve.points[0] == (0.0, 0.0)
        assert all(rise > 0 for rise in rises)
        assert all(later <= earlier * (1 + 1e-9) for earlier, later in pairwise(rises))
        assert 0 < curve.at[0] <= curve.points[-1][0]
        assert curve.share_low <= curve.at[1] <= curve.share_high
    assert [curve.added_cny for curve in found] == sorted((curve.added_cny for curve in found), reverse=True)


def test_no_curve_of_few_clients(planned: Planned) -> None:
    offered, p, choice = planned
    assert response_curves(offered, with_min_cell(p, 1_000), choice) == ()


def test_a_limit_that_holds_is_used_to_one_at_most(planned: Planned) -> None:
    offered, p, choice = planned
    plan = compose(p, choice, ("annual-2027", BOOK.data_hash), UNSOLVED)
    lines = rule_lines(judge(plain(plan), gather(columns(BOOK), plan.policy)), offered)
    used = {line.code: line for line in lines if line.used is not None}
    assert {"within_event_budget", "within_concession_budget", "guests_fit_the_room"} <= used.keys()
    for line in used.values():
        assert line.used is not None
        assert 0 <= line.used <= 1 + 1e-3
        if line.end == "most":
            assert line.limit is not None
            assert line.value == pytest.approx(line.used * line.limit)
    assert all(line.used is None for line in lines if line.unit in ("level", "rows"))
