"""A model record's figures before the judge: every one that is not the plan's is found."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from planning import policy
from planning.book.intake import read_book
from planning.judge import Facts, Verdict, differing_figures, gather, judge
from planning.plan.judged import columns
from tests.run.published import plan_of

Known = tuple[dict[str, Any], Facts, Verdict]


@pytest.fixture(scope="module")
def known(small_bank: Path) -> Known:
    plan = json.loads(plan_of(small_bank).to_json())
    facts = gather(columns(read_book(small_bank, policy.checked(plan["policy"]), os.environ)), plan["policy"])
    return plan, facts, judge(plan, facts)


def figures(plan: dict[str, Any], verdict: Verdict) -> dict[str, Any]:
    """The record's figures, counted here by hand."""
    return {
        "clients": sum(row["clients"] for row in plan["segments"]),
        "contribution_cny": sum(row["contribution_cny"] for row in plan["segments"]),
        "sessions": sum(row["sessions"] for row in plan["sessions"]),
        "attendances": sum(row["attendances"] for row in plan["attendances"]),
        "granted": len([row for row in plan["ladder"] if row["level"]]),
        **plan["totals"],
        **{name: plan["solve"][name] for name in ("objective", "bound", "gap")},
        "certified_bound_cny": None,
        "places": len(verdict.checks),
    }


def test_figures_that_are_the_plans_agree(known: Known) -> None:
    plan, facts, verdict = known
    assert differing_figures(figures(plan, verdict), plan, facts, verdict) == ()


NAMES = (
    "clients", "contribution_cny", "sessions", "attendances", "granted", "event_cny", "concession_cny", "uplift_cny", "gain_cny", "value_cny", "objective",
    "bound", "gap", "places",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_each_figure_that_differs_is_named(known: Known, name: str) -> None:
    plan, facts, verdict = known
    right = figures(plan, verdict)
    step = 2.0 if name.endswith("_cny") else 1e-6 if name in ("objective", "bound", "gap") else 1
    assert differing_figures({**right, name: right[name] + step}, plan, facts, verdict) == (name,)
    assert differing_figures({**right, name: "many"}, plan, facts, verdict) == (name,)
    assert differing_figures({key: value for key, value in right.items() if key != name}, plan, facts, verdict) == (name,)


def test_a_figure_nobody_knows_is_named(known: Known) -> None:
    plan, facts, verdict = known
    assert differing_figures({**figures(plan, verdict), "profit_cny": 1.0}, plan, facts, verdict) == ("profit_cny",)
