"""What if: the answer at the saved plan's own levers is the saved plan, and what it says no plan can exceed, no plan exceeds."""

from dataclasses import replace

import pytest

from planning.catalogue.offer import offer
from planning.errors import Infeasible
from planning.optimise.model import build
from planning.optimise.placement import plan_months
from planning.optimise.problem import Problem, problem
from planning.optimise.relaxation import Levers, Relaxation
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, solve
from planning.optimise.tangents import follow_curves
from planning.plan.compose import Choice, compose
from planning.plan.frontier import within
from planning.plan.make import UNSOLVED
from planning.plan.what_if import WIDEST, WhatIf
from planning.policy import Policy
from tests.optimise.books import drawn, policy

SEED = 4
FLOORS = {"private": 0.2}


def rules(**sections: object) -> Policy:
    return policy(
        **{
            "solver": {"gap": 1e-3},
            "budget": {"event_cny": 8_000.0, "concession_cny": 3_000.0},
            "floors": {"tier": FLOORS, "branch_cny_per_client": 20.0},
            **sections,
        }
    )


def asked(p: Problem, levers: Levers) -> Problem:
    """The problem at other levers, from the beginning."""
    value = p.policy.value.model_copy(update={"risk_aversion": levers.risk_aversion})
    floors = p.policy.floors.model_copy(update={"tier": dict(levers.floors)})
    return within(replace(p, policy=p.policy.model_copy(update={"value": value, "floors": floors})), levers.event_cny, levers.concession_cny)


@pytest.fixture(scope="module")
def small() -> Problem:
    return problem(offer(drawn(SEED), rules()), rules())


@pytest.fixture(scope="module")
def desk(small: Problem) -> WhatIf:
    year, placed = plan_months(small)
    return WhatIf(drawn(SEED), rules(), compose(small, Choice(placed, year.levels), ("small", ""), UNSOLVED))


ASKED = [
    Levers(8_000.0, 3_000.0, FLOORS, 0.0),
    Levers(4_000.0, 5_000.0, FLOORS, 0.0),
    Levers(15_000.0, 500.0, {}, 0.0),
    Levers(8_000.0, 3_000.0, {"private": 0.6, "gold": 0.1}, 0.0),
    Levers(6_000.0, 3_000.0, FLOORS, 0.7),
    Levers(8_000.0, 3_000.0, FLOORS, 0.0),
]


def test_going_on_from_the_last_answer_finds_what_a_solve_from_the_beginning_finds(small: Problem) -> None:
    held = Relaxation(small, (WIDEST * small.event_limit_cny, WIDEST * small.concession_limit_cny))
    followed = follow_curves(small)
    for levers in ASKED:
        model = build(asked(followed, levers), RULES)
        alone = solve(model.lp, model.problem.policy.solver, Effort(0.0, relaxed=True))
        assert alone.status == "optimal"
        assert held.at(levers).value_cny == pytest.approx(alone.objective, rel=1e-6)


@pytest.mark.parametrize("levers", ASKED[1:5], ids=["less", "more", "floors", "caution"])
def test_no_plan_is_worth_more_than_the_answer_says(small: Problem, desk: WhatIf, levers: Levers) -> None:
    answer = desk.ask(levers)
    year, placed = plan_months(asked(small, levers))
    value = compose(asked(small, levers), Choice(placed, year.levels), ("other", ""), UNSOLVED).totals.value_cny
    assert answer.possible
    assert value <= answer.ceiling_cny + 0.01
    assert answer.figures[0].estimate <= answer.ceiling_cny + 0.01


def test_at_its_own_levers_the_saved_plan_is_unmoved(desk: WhatIf) -> None:
    answer = desk.ask(desk.start)
    assert all(abs(moved.change) < 0.01 for moved in (*answer.figures, *answer.families))
    assert answer.ladder == ()
    assert answer.figures[0].saved <= answer.ceiling_cny + 0.01
    assert answer.above == pytest.approx((answer.ceiling_cny - answer.figures[0].saved) / abs(answer.figures[0].saved))
    assert desk.as_policy(desk.start, rules()) == {}


def test_less_money_moves_spending_down_and_nothing_below_nought(desk: WhatIf) -> None:
    answer = desk.ask(replace(desk.start, event_cny=1_500.0, concession_cny=0.0))
    value, event, concession = answer.figures
    assert value.change < 0
    assert event.estimate <= event.saved
    assert concession.estimate <= 0.01
    assert all(moved.estimate >= 0 for moved in (*answer.families, *(line.moved for line in answer.ladder)))
    assert all(line.moved.change <= 0 for line in answer.ladder)


def test_caution_measures_the_saved_plan_with_the_same_caution(desk: WhatIf) -> None:
    careful, plain = (desk.ask(replace(desk.start, risk_aversion=aversion)).figures[0] for aversion in (0.8, 0.0))
    assert careful.saved < plain.saved
    assert desk.as_policy(replace(desk.start, risk_aversion=0.8), rules()) == {"risk_aversion": 0.8}


def test_levers_no_plan_can_keep_are_told_and_the_next_answer_is_right_again(small: Problem, desk: WhatIf) -> None:
    impossible = replace(desk.start, event_cny=1.0)
    assert not desk.ask(impossible).possible
    with pytest.raises(Infeasible):
        plan_months(asked(small, impossible))
    assert desk.ask(desk.start).figures[0].change == pytest.approx(0.0, abs=0.01)
