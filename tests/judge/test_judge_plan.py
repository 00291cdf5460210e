"""Whether the plan itself is well made: rows that cannot be, and numbers that are not what they should be, are named."""

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tiny_bank import bank, rows

import planning.judge
from planning.judge import Verdict, gather, judge

Plan = dict[str, Any]


def judged(change: Callable[[Plan], object], retold: bool = True) -> Verdict:
    """The verdict on the plan after a change, with its totals told anew unless they are what is changed."""
    tables, policy, plan = bank()
    facts = gather(tables, policy)
    change(plan)
    if retold:
        plan["totals"] = dict(judge(plan, facts).totals)
    return judge(plan, facts)


def broken(verdict: Verdict) -> list[tuple[str, tuple[str, ...], float]]:
    """The broken checks, none of which belongs to a rule of the model."""
    assert all(check.number == "" for check in verdict.broken)
    return broken_all(verdict)


def broken_all(verdict: Verdict) -> list[tuple[str, tuple[str, ...], float]]:
    return [(check.rule, check.where, float(check.excess)) for check in verdict.broken]


def new(table: str, text: str) -> Callable[[Plan], object]:
    return lambda plan: plan[table].extend(rows(text))


SEAT = "branch tier kind host event month attendances\n"
SESSION = "host host_level event month sessions\n"
STEP = "region tier kind concession level depth gain_cny cost_cny\n"


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (new("sessions", SESSION + "centre centre opera 4 1"), ("sessions", "centre", "centre", "opera", "4")),
        (new("sessions", SESSION + "s9 branch salon 4 1"), ("sessions", "branch", "s9", "salon", "4")),
        (new("sessions", SESSION + "north branch salon 4 1"), ("sessions", "branch", "north", "salon", "4")),
        (new("sessions", SESSION + "n1 region salon 4 1"), ("sessions", "region", "n1", "salon", "4")),
        (new("sessions", SESSION + "n1 branch salon 13 1"), ("sessions", "branch", "n1", "salon", "13")),
        (new("attendances", SEAT + "n1 silver personal n1 salon 4 1"), ("attendances", "n1", "silver", "personal", "n1", "salon", "4")),
        (new("attendances", SEAT + "n1 gold personal n1 opera 4 1"), ("attendances", "n1", "gold", "personal", "n1", "opera", "4")),
        (new("ladder", STEP + "east gold personal loan_discount 0 0 0 0"), ("ladder", "east", "gold", "personal", "loan_discount")),
        (new("ladder", STEP + "north gold personal gold_bars 0 0 0 0"), ("ladder", "north", "gold", "personal", "gold_bars")),
        (new("segments", "branch region tier kind clients contribution_cny\ns1 south gold corporate 0 0"), ("segments", "s1", "gold", "corporate")),
    ],
)
def test_rows_that_name_what_the_bank_does_not_have(change: Callable[[Plan], object], where: tuple[str, ...]) -> None:
    assert broken(judged(change)) == [("rows_are_known", where, 1.0)]


@pytest.mark.parametrize("number", [2.5, -0.0001, float("nan"), float("inf"), "2", None, True])
def test_guests_and_sessions_are_whole_numbers(number: Any) -> None:
    def change(plan: Plan) -> None:
        plan["attendances"][3]["attendances"] = number

    verdict = judged(change)
    assert ("whole_numbers", ("attendances", "n1", "gold", "corporate", "n1", "salon", "10"), 1.0) in broken_all(verdict)
    assert {check.rule for check in verdict.broken} <= {"whole_numbers", "enough_guests"}


def test_a_row_stands_once() -> None:
    def change(plan: Plan) -> None:
        plan["attendances"][0]["attendances"] = 1
        plan["attendances"].append(plan["attendances"][0])

    assert broken(judged(change)) == [("no_row_twice", ("attendances", "n1", "gold", "personal", "n1", "salon", "4"), 1.0)]
    twice = judged(lambda plan: plan["segments"].append(plan["segments"][0]))
    assert broken(twice) == [("no_row_twice", ("segments", "n1", "gold", "corporate"), 1.0)]


@pytest.mark.parametrize(
    "row",
    ["n1 gold corporate north golf 4 1", "n2 gold personal n1 salon 4 1", "s1 gold personal north golf 4 1"],
    ids=["golf is not for companies", "another branch", "another region"],
)
def test_only_eligible_clients_of_the_host_are_invited(row: str) -> None:
    assert broken(judged(new("attendances", SEAT + row))) == [("only_eligible_clients", ("attendances", *row.split()[:6]), 1.0)]


def test_no_session_in_a_month_that_is_not_open() -> None:
    def change(plan: Plan) -> None:
        for table in ("sessions", "attendances"):
            for row in plan[table]:
                if row["host"] == "south":
                    row["month"] = 12

    assert broken(judged(change)) == [("only_open_months", ("sessions", "region", "south", "golf", "12"), 1.0)]


@pytest.mark.parametrize(
    ("step", "where"),
    [
        ("north private personal fee_waiver 1 0.2 0 0", ("north", "private", "personal", "fee_waiver", "1")),  # nobody knows what it brings
        ("north private personal loan_discount 7 90 0 0", ("north", "private", "personal", "loan_discount", "7")),  # no such level
        ("south gold personal fee_waiver 2 0.5 0 0", ("south", "gold", "personal", "fee_waiver", "2")),  # needs grade 6
    ],
)
def test_only_offered_levels_are_granted(step: str, where: tuple[str, ...]) -> None:
    def change(plan: Plan) -> None:
        plan["ladder"] = [row for row in plan["ladder"] if tuple(row.values())[:4] != where[:4]] + rows(STEP + step)

    found = [one for one in broken_all(judged(change)) if one[0] != "ladder_rises_with_tier"]
    assert found == [("only_offered_levels", ("ladder", *where), 1.0)]


@pytest.mark.parametrize(
    ("name", "told", "apart"),
    [("gain_cny", 1499.82, None), ("gain_cny", 1499.8299, None), ("gain_cny", 1499.84, 0.02), ("cost_cny", 160.0, 50.0), ("depth", 11, 1.0)],
)
def test_a_step_says_what_it_costs_and_brings(name: str, told: float, apart: float | None) -> None:
    verdict = judged(lambda plan: plan["ladder"][0].update({name: told}))
    assert broken(verdict) == ([] if apart is None else [("steps_say_what_they_cost", ("north", "gold", "personal", "deposit_premium", name), apart)])


@pytest.mark.parametrize(("name", "told", "apart"), [("clients", 3, 1.0), ("contribution_cny", 31_299.98, 0.02), ("contribution_cny", None, 31_300.0)])
def test_segments_say_who_counts(name: str, told: float | None, apart: float) -> None:
    verdict = judged(lambda plan: plan["segments"][1].update({name: told}))
    assert broken(verdict) == [("segments_say_who_counts", ("n1", "gold", "personal", name), apart)]


def test_a_segment_is_missing_or_in_another_region() -> None:
    assert broken(judged(lambda plan: plan["segments"].pop(0))) == [("segments_say_who_counts", ("segments", "n1", "gold", "corporate"), 1.0)]
    moved = judged(lambda plan: plan["segments"][0].update(region="south"))
    assert broken(moved) == [("segments_say_who_counts", ("segments", "n1", "gold", "corporate"), 1.0)]


@pytest.mark.parametrize(
    ("name", "by", "passes"),
    [("event_cny", 0.009, True), ("event_cny", -0.02, False), ("concession_cny", 0.03, True), ("concession_cny", 0.04, False), ("uplift_cny", 0.9, True),
     ("uplift_cny", 1.1, False), ("gain_cny", -0.9, True), ("gain_cny", 1.1, False), ("value_cny", 0.9, True), ("value_cny", -1.1, False)],
)  # fmt: skip
def test_totals_are_those_of_the_rows(name: str, by: float, passes: bool) -> None:
    def change(plan: Plan) -> None:
        plan["totals"][name] = round(plan["totals"][name] + by, 3)

    verdict = judged(change, retold=False)
    assert [one[:2] for one in broken(verdict)] == ([] if passes else [("totals_add_up", (name,))])


def test_an_attendance_line_raised_by_5000_is_refused() -> None:
    def change(plan: Plan) -> None:
        plan["attendances"][0]["attendances"] += 5000

    found = {check.rule: float(check.excess) for check in judged(change, retold=False).broken}
    assert found["guests_fit_the_room"] == 4999
    assert found["totals_add_up"] > 0
    assert found["within_event_budget"] == 5000 * 100.5 + 20_508 - 22_000


@pytest.mark.parametrize(
    ("told", "places"),
    [
        ({}, []),
        ({"objective": 7003.4, "gap": 0.0}, []),
        ({"gap": 0.0}, ["gap"]),
        ({"objective": 7005.0, "gap": 0.0}, ["bound"]),
        ({"bound": 7070.0, "gap": 0.01}, ["status"]),
        ({"bound": 7070.0, "gap": 0.01, "status": "feasible"}, []),
        ({"objective": 0.0, "bound": 0.0, "gap": 0.0}, []),
        ({"objective": None}, []),
    ],
)
def test_the_solve_is_told_truly(told: Plan, places: list[str]) -> None:
    verdict = judged(lambda plan: plan["solve"].update(told))
    assert [one[:2] for one in broken(verdict)] == [("solve_is_told_truly", (place,)) for place in places]


def test_the_plan_carries_the_policy_it_is_judged_by() -> None:
    tables, policy, plan = bank()
    facts = gather(tables, policy)
    plan["policy"] = json.loads(json.dumps(policy))
    assert judge(plan, facts).passed
    plan["policy"]["budget"]["event_cny"] += 0.01
    plan["policy"]["calendar"]["blackout"].pop()
    plan["year"] = 2028
    assert [one[:2] for one in broken(judge(plan, facts))] == [
        ("policy_is_the_plans", ("policy", "budget", "event_cny")),
        ("policy_is_the_plans", ("policy", "calendar", "blackout")),
        ("policy_is_the_plans", ("year", "2028")),
    ]


def test_a_hand_made_plan_needs_no_more_than_its_rows() -> None:
    def change(plan: Plan) -> None:
        for name in ("segments", "totals", "solve", "policy", "year", "id", "state", "data_hash"):
            del plan[name]

    verdict = judged(change, retold=False)
    assert verdict.passed
    assert verdict.totals["event_cny"] == 20_508


def test_the_judge_uses_nothing_but_the_standard_library() -> None:
    allowed = {
        "array",
        "ast",
        "re",
        "unicodedata",
        "calendar",
        "collections",
        "dataclasses",
        "datetime",
        "decimal",
        "fractions",
        "functools",
        "hashlib",
        "itertools",
        "math",
        "statistics",
        "typing",
    }
    folder = Path(planning.judge.__file__).parent
    for file in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or "."] if isinstance(node, ast.ImportFrom) else []
            assert all(name.split(".")[0] in allowed or name.startswith("planning.judge") for name in names), (file.name, names)
