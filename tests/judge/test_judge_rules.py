"""Every rule: a plan that keeps it passes, a plan changed at one place breaks exactly it, by the right amount."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import pytest
from tiny_bank import bank, rows

from planning.judge import RULES, Check, Facts, Verdict, gather, judge

Plan = dict[str, Any]
Change = Callable[[Plan], object]


def facts_with(settings: dict[str, Any]) -> Facts:
    """The tiny bank's facts with some policy fields (`section.field`) set."""
    tables, policy, _ = bank()
    for name, value in settings.items():
        section, field = name.split(".")
        policy[section][field] = value
    return gather(tables, policy)


def judged(change: Change = dict, facts: Facts | None = None) -> Verdict:
    """The verdict on the plan after a change, its totals told anew."""
    tables, policy, plan = bank()
    facts = facts or gather(tables, policy)
    change(plan)
    plan["policy"] = facts.policy
    plan["totals"] = dict(judge(plan, facts).totals)
    return judge(plan, facts)


def found(checks: Iterable[Check]) -> list[tuple[str, str, tuple[str, ...], Fraction]]:
    return [(check.number, check.rule, check.where, check.excess) for check in checks]


def row(plan: Plan, name: str, *codes: Any) -> dict[str, Any]:
    """The one row of a table of the plan that holds all these codes."""
    (only,) = [one for one in plan[name] if set(codes) <= set(one.values())]
    return only


def guests(number: float, *codes: Any) -> Change:
    return lambda plan: row(plan, "attendances", *codes).update(attendances=number)


def more_guests(text: str) -> Change:
    return lambda plan: plan["attendances"].extend(rows("branch tier kind host event month attendances\n" + text))


def without(*codes: Any) -> Change:
    """Without the sessions of these codes, and their guests."""

    def change(plan: Plan) -> None:
        for name in ("sessions", "attendances"):
            plan[name] = [one for one in plan[name] if not set(codes) <= set(one.values())]

    return change


def moved(month: int, *codes: Any) -> Change:
    """The sessions of these codes, and their guests, in another month."""

    def change(plan: Plan) -> None:
        for name in ("sessions", "attendances"):
            for one in plan[name]:
                if set(codes) <= set(one.values()):
                    one["month"] = month

    return change


def step(code: str, tier: str, kind: str, region: str, **values: float) -> Change:
    return lambda plan: row(plan, "ladder", code, tier, kind, region).update(values)


def both(*changes: Change) -> Change:
    return lambda plan: [change(plan) for change in changes]


def test_the_tiny_plan_keeps_every_rule() -> None:
    tables, policy, plan = bank()
    verdict = judge(plan, gather(tables, policy))
    assert found(verdict.broken) == []
    assert verdict.passed
    assert {check.rule for check in verdict.checks} == {rule.__name__ for _, rule in RULES}


SALON, GOLF, GALA = Fraction("350.5"), Fraction(700), Fraction(2150, 3)  # standard cost of an attendance
SPENT = 16 * SALON + 6 * GOLF + 5 * GALA + Fraction("2307.5")
PRIVATE = 2 * SALON + 3 * GOLF + GALA + 1120 + 40
N1 = 8 * SALON + 3 * GOLF + 3 * GALA + Fraction("937.5") + Fraction(2, 3) * 210 + Fraction(3, 7) * 1120

PRIVATE_LEAVES = both(guests(0, "n1", "private", "golf"), guests(0, "n1", "private", "gala"))
N2_LEAVES = both(guests(0, "n2", "gold", "gala"), guests(0, "n2", "private", "golf"))
TWO_SALONS = both(lambda plan: row(plan, "sessions", "n1", 4).update(sessions=2), guests(3, "n1", "gold", "salon", 4))
DEEPER_LOANS = step("loan_discount", "gold", "corporate", "north", level=2, depth=30, gain_cny=4536, cost_cny=1350)
NO_PREMIUM = step("deposit_premium", "private", "personal", "north", level=0, depth=0, gain_cny=0, cost_cny=0)
NO_SOUTHERN_PREMIUM = step("deposit_premium", "private", "personal", "south", level=0, depth=0, gain_cny=0, cost_cny=0)
BUSY_SOUTH = both(guests(4, "s1", "gold", "salon", 4), guests(2, "s1", "gold", "golf"), guests(2, "s1", "private", "salon"))
LITTLE_FOR_LOANS = {"budget.concession_cny": 2500.0, "caps.concession_share_of_contribution": 1.0}
PERSONAL, CORPORATE = ("gold", "personal"), ("gold", "corporate")

Case = tuple[str, str, Change, dict[str, Any], tuple[str, ...], Fraction]
CASES: list[Case] = [
    ("E1", "guests_fit_the_room", guests(5, "n1", "salon", 5), {}, ("salon", "n1", "5"), Fraction(1)),
    ("E2", "enough_guests", guests(1, "n2", "salon"), {}, ("salon", "n2", "5"), Fraction(1)),
    ("E3", "once_is_enough", guests(2, "n1", "private", "gala"), {}, ("n1", "private", "personal", "gala"), Fraction("0.2")),
    ("E4", "not_too_often", more_guests("s1 private personal s1 salon 10 2"), {}, ("s1", "private", "personal", "10"), Fraction(1)),
    ("E5", "sessions_within_the_year", TWO_SALONS, {}, ("salon", "n1"), Fraction(1)),
    ("E5", "sessions_within_the_year", without("south", "golf"), {}, ("golf", "south"), Fraction(1)),
    ("E6", "club_every_month", without("s1", "salon", 4), {}, ("south", "4"), Fraction(1)),
    ("E7", "must_hold", moved(5, "north", "golf"), {}, ("golf", "4"), Fraction(1)),
    ("E8", "gifts_within_cap", guests(2, "s1", "private", "golf"), {}, ("s1", "private", "personal"), Fraction(80)),
    ("K1", "one_level", lambda plan: plan["ladder"].pop(1), {}, ("north", *PERSONAL, "loan_discount"), Fraction(1)),
    ("K1", "one_level", lambda plan: plan["ladder"].append(plan["ladder"][1]), {}, ("north", *PERSONAL, "loan_discount"), Fraction(1)),
    ("K2", "ladder_rises_with_tier", NO_PREMIUM, {}, ("north", "private", "personal", "deposit_premium"), Fraction("0.001")),
    ("K3", "concession_bearable", DEEPER_LOANS, {}, ("north", *CORPORATE), 1350 - Fraction("0.0102") * 92_000),
    ("B1", "within_event_budget", guests(4, "s1", "gold", "salon", 4), {"budget.event_cny": 20_508.0}, ("event",), Fraction(201)),
    ("B1", "within_event_budget", guests(4, "s1", "gold", "salon", 4), {"budget.event_ratio": 0.0475}, ("event",), 20_709 - Fraction("0.0475") * 435_300),
    ("B2", "within_concession_budget", DEEPER_LOANS, LITTLE_FOR_LOANS, ("concession",), Fraction(220)),
    ("B3", "spend_phased", moved(5, "south", "golf"), {"phasing.q2": [0.0, 0.5]}, ("q2",), Fraction(11_606, 20_508) - Fraction("0.5")),
    ("B3", "spend_phased", moved(5, "south", "golf"), {"phasing.q2": [0.0, 0.9], "phasing.q4": [0.5, 0.7]}, ("q4",), Fraction("0.5") - Fraction(8902, 20_508)),
    ("B4", "tier_floor", PRIVATE_LEAVES, {"floors.tier": {"private": 0.25}}, ("private",), Fraction("0.25") - (PRIVATE - GOLF - GALA) / (SPENT - GOLF - GALA)),
    ("B4", "tier_cap", PRIVATE_LEAVES, {"caps.tier": {"gold": 0.75}}, ("gold",), (SPENT - PRIVATE) / (SPENT - GOLF - GALA) - Fraction("0.75")),
    ("B5", "branch_floor", N2_LEAVES, {}, ("n2",), 3 * 500 - 2 * SALON),
    ("B6", "branch_cap", guests(3, "n1", "gold", "salon", 4), {"caps.branch_share": 0.55}, ("n1",), (N1 + SALON) / (SPENT + SALON) - Fraction("0.55")),
    ("B7", "partner_within_cap", more_guests("n2 gold personal north golf 4 2"), {}, ("club",), Fraction("0.75") * Fraction("0.25") * (4200 + 3400) - 1400),
    ("N1", "visits_kept", BUSY_SOUTH, {}, ("s1",), Fraction("0.5")),
    ("R1", "frozen", moved(10, "n2", "salon"), {}, ("salon", "n2", "5"), Fraction(1)),
    ("R1", "frozen", NO_SOUTHERN_PREMIUM, {}, ("south", "private", "personal", "deposit_premium"), Fraction(1)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def test_a_changed_plan_breaks_exactly_the_rule(case: Case) -> None:
    number, rule, change, settings, where, excess = case
    facts = facts_with(settings)
    assert judged(facts=facts).passed
    assert found(judged(change, facts).broken) == [(number, rule, where, excess)]


def test_a_locked_session_may_be_on_short_notice_but_in_no_month_of_another_event_and_past_months_hold_no_other() -> None:
    early = moved(4, "gala")  # 8 weeks after approval is the end of May, and April is none of its months
    line = {"host": "centre", "event": "gala", "month": 4, "sessions": 1}
    tables, policy, _ = bank()
    policy["calendar"] |= {"must_hold": [], "club_every_month": False}
    policy["phasing"] = {f"q{quarter}": [0.0, 1.0] for quarter in range(1, 5)}
    policy["frozen"]["sessions"] = [line]
    assert {check.rule for check in judged(early, gather(tables, policy)).broken} == {"only_open_months"}
    tables["events"]["months"][2] = (4, 12)
    assert judged(early, gather(tables, policy)).passed
    policy["frozen"]["sessions"] = []
    assert {check.rule for check in judged(early, gather(tables, policy)).broken} == {"only_open_months"}
    broken = judged(facts=facts_with({"frozen.sessions": [], "frozen.through_month": 4})).broken
    assert {check.rule for check in broken} == {"only_open_months", "frozen"}
    assert {check.where for check in broken if check.rule == "frozen"} == {("salon", "n1", "4"), ("salon", "s1", "4"), ("golf", "north", "4")}


def test_what_is_past_is_asked_for_neither_a_club_session_nor_a_must_hold() -> None:
    past = {"frozen.through_month": 5, "frozen.sessions": [], "calendar.must_hold": [{"event": "golf", "month": 5}]}
    checks = judged(facts=facts_with(past)).checks
    assert "must_hold" not in {check.rule for check in checks}
    assert {check.where[1] for check in checks if check.rule == "club_every_month"} == {"10", "12"}


@pytest.mark.parametrize(("through", "asked"), [(3, {("q2",), ("q4",)}), (5, {("q2",), ("q4",)}), (6, {("q4",)}), (9, {("q4",)}), (12, {("q2",), ("q4",)})])
def test_nothing_is_asked_of_what_a_past_quarter_has_spent_while_another_is_ahead(through: int, asked: set[tuple[str, ...]]) -> None:
    checks = judged(facts=facts_with({"frozen.through_month": through})).checks
    assert {check.where for check in checks if check.rule == "spend_phased"} == asked


def test_a_policy_written_before_there_were_locked_lines_is_judged_as_it_is() -> None:
    tables, policy, plan = bank()
    del policy["frozen"]
    plan["totals"] = dict(judge(plan, gather(tables, policy)).totals)
    assert judge(plan, gather(tables, policy)).passed


CONDUCT: list[tuple[str, str, dict[str, Any], float]] = [
    ("L1", "no_reward_for_deposits", {"benefit": "points", "trigger": "deposit"}, 100.0),
    ("L1", "no_reward_for_deposits", {"trigger": "deposit"}, 100.0),  # what it gives is not written
    ("L1", "no_reward_for_deposits", {"benefit": "none", "trigger": "deposit"}, 100.0),  # but there is a gift
    ("L1", "no_reward_for_deposits", {"benefit": "cash", "trigger": "attendance"}, 100.0),
    ("L2", "gift_within_cap_per_guest", {}, 79.99),
]


@pytest.mark.parametrize("case", CONDUCT, ids=str)
def test_a_plan_that_holds_a_forbidden_event_breaks_the_rule_of_conduct(case: tuple[str, str, dict[str, Any], float]) -> None:
    number, rule, columns, cap = case
    tables, policy, _ = bank()
    policy["caps"]["gift_cny_guest"] = cap
    for name in ("benefit", "trigger"):
        tables["events"][name] = [None, columns.get(name), None, None]  # golf
    facts = gather(tables, policy)
    assert not [place for place in facts.reach if place[0] == "golf"]
    held = [("sessions", "region", host, "golf", month) for host, month in (("north", "4"), ("south", "10"))]
    assert found(judged(facts=facts).broken) == [(number, rule, where, Fraction(1)) for where in held]


def test_a_lecture_for_depositors_that_gives_nothing_is_allowed_and_travel_bars_officials() -> None:
    tables, policy, _ = bank()
    tables["events"] |= {"benefit": ["none", None, "travel", None], "trigger": ["deposit", None, None, None]}
    facts = gather(tables, policy)
    assert not any(event.forbidden for event in facts.events.values())
    assert facts.events["gala"].eligible["n1", "gold", "personal"] == facts.events["golf"].eligible["n1", "gold", "personal"]


ONCE = {"within_event_budget", "within_concession_budget", "totals_add_up", "solve_is_told_truly"}


def test_every_rule_of_the_model_has_a_case() -> None:
    assert {(number, rule) for number, rule, *_ in (*CASES, *CONDUCT)} == {(number, rule.__name__) for number, rule in RULES if number}


def test_a_numbered_rule_says_its_number_and_for_what() -> None:
    for number, rule in RULES:
        text = rule.__doc__ or ""
        assert text.startswith(f"({number})  ") if number else not text.startswith("(")
        assert "      for every " in text or rule.__name__ in ONCE


@pytest.mark.parametrize(("budget", "passes"), [(20_508.0, True), (20_507.995, True), (20_507.99, False)])
def test_one_fen_over_the_event_budget_is_caught(budget: float, passes: bool) -> None:
    verdict = judged(facts=facts_with({"budget.event_cny": budget}))
    assert verdict.passed == passes
    assert passes or found(verdict.broken) == [("B1", "within_event_budget", ("event",), Fraction("0.01"))]


@pytest.mark.parametrize(
    ("event", "concession", "transfer", "broken"),
    [
        (20_508.0, 2_307.5, 0.0, []),
        (20_508.0, 2_307.49, 0.0, [("within_concession_budget", Fraction("0.01"))]),
        (20_000.0, 2_816.0, 0.2, []),  # 508 moves to events, 0.5 is left
        (20_000.0, 2_815.49, 0.2, [("within_concession_budget", Fraction("0.01"))]),
        (20_000.0, 2_816.0, 0.18, [("within_event_budget", 508 - Fraction("0.18") * 2816)]),  # concessions: 2,816 − 506.88 is enough
        (20_816.0, 2_000.0, 0.1, []),  # events leave 308, concessions need 307.5
        (20_815.0, 2_000.0, 0.1, [("within_concession_budget", Fraction("0.5"))]),
        (30_000.0, 2_000.0, 0.01, [("within_concession_budget", Fraction("7.5"))]),  # events leave more than may move
    ],
)
def test_budgets_lend_to_each_other_within_the_transfer_share(event: float, concession: float, transfer: float, broken: list[tuple[str, Fraction]]) -> None:
    settings = {"event_cny": event, "event_ratio": 1.0, "concession_cny": concession, "transfer_share": transfer}
    verdict = judged(facts=facts_with({f"budget.{name}": value for name, value in settings.items()}))
    assert [(check.rule, check.excess) for check in verdict.broken] == broken


def test_a_visit_target_may_be_missed() -> None:
    verdict = judged(BUSY_SOUTH, facts_with({"contact.rule": "target"}))
    assert verdict.passed
    assert verdict.tightest("visits_kept").check.excess == Fraction("0.5")


def test_a_branch_without_managers_cannot_keep_its_visits() -> None:
    tables, policy, _ = bank()
    tables["managers"]["branch"][2] = "n1"
    assert found(judged(facts=gather(tables, policy)).broken) == [("N1", "visits_kept", ("n2",), Fraction(41))]


def test_rules_that_are_not_asked_for_have_no_place() -> None:
    settings = {
        "calendar.club_every_month": False, "calendar.must_hold": [], "floors.tier": {}, "floors.branch_cny_per_client": 0.0,
        "caps.tier": {}, "caps.branch_share": 1.0, "phasing.q2": [0.0, 1.0], "phasing.q4": [0.0, 1.0],
    }  # fmt: skip
    rules = {check.rule for check in judged(facts=facts_with(settings)).checks}
    assert rules.isdisjoint({"club_every_month", "must_hold", "tier_floor", "branch_floor", "tier_cap", "branch_cap", "spend_phased"})


def test_shares_of_nothing_hold() -> None:
    def empty(plan: Plan) -> None:
        plan.update(sessions=[], attendances=[], ladder=[])

    settings = {"calendar.club_every_month": False, "calendar.must_hold": [], "floors.branch_cny_per_client": 0.0, "frozen.sessions": [], "frozen.ladder": []}
    assert {check.rule for check in judged(empty, facts_with(settings)).broken} == {"sessions_within_the_year", "one_level"}


def test_the_least_number_of_sessions_binds_only_who_can_hold_them() -> None:
    tables, policy, _ = bank()
    tables["events"]["min_sessions"][3] = 1.0  # the forum has no open month
    tables["events"]["kinds"][1] = ("corporate",)  # golf: the south has no corporate clients
    without_golf = judged(without("golf"), gather(tables, policy))
    assert {check.where for check in without_golf.broken if check.rule == "sessions_within_the_year"} == {("golf", "north")}


def test_the_tightest_place_of_a_rule() -> None:
    verdict = judged()
    room = verdict.tightest("guests_fit_the_room")
    assert (room.check.where, room.check.slack, room.places, room.tight_places) == (("salon", "n1", "4"), Fraction(1, 4), 10, 0)  # 3 guests of 4
    assert verdict.tightest("within_event_budget").check.slack == Fraction(1492, 22_000)
    assert verdict.tightest("gifts_within_cap")[1:] == (5, 2)  # the one private client of n2 and of s1 each has 80 yuan already
    assert verdict.tightest("one_level").tight_places == 0
    assert judged(facts=facts_with({"budget.event_cny": 20_528.0})).tightest("within_event_budget").tight_places == 1
    assert judged(facts=facts_with({"budget.event_cny": 20_529.0})).tightest("within_event_budget").tight_places == 0
    with pytest.raises(KeyError):
        judged(facts=facts_with({"calendar.must_hold": []})).tightest("must_hold")
