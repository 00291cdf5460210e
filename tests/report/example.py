"""A made-up plan small enough to check by eye: three tiers, two regions, four branches, two kinds."""

from dataclasses import replace
from functools import cache

from planning.book.segments import Segment
from planning.plan.causes import Causes, FieldChange, Reason
from planning.plan.changed import Changes, LevelChange, Measured, SessionChange
from planning.plan.pictured import Fall, ResponseCurve, Waterfall
from planning.plan.plan import LadderStep, Plan, Solve, Totals
from planning.plan.study import Change
from planning.plan.summary import (
    BaselineLine,
    Blocked,
    Budget,
    Certified,
    Displaced,
    EasedLine,
    Explained,
    GroupLine,
    HoursLine,
    LadderLine,
    LadderStop,
    LeftOut,
    MoreMoney,
    NotHeld,
    Origin,
    QuarterLine,
    RuleLine,
    SessionLine,
    Summary,
)
from planning.plan.uncertainty import Bar, End, Largest, Lean, Risks, SourceLine, Spread
from planning.policy import checked

POLICY = checked(
    {
        "year": 2027,
        "data_date": "2026-11-01",
        "budget": {"event_cny": 6_000_000, "event_ratio": 0.06, "concession_cny": 6_000_000, "concession_ratio": 0.09},
        "phasing": {"q1": [0.15, 0.35], "q2": [0.15, 0.35], "q3": [0.15, 0.35], "q4": [0.15, 0.45]},
        "floors": {"tier": {"private": 0.30}},
        "caps": {"tier": {"gold": 0.50}},
    }
).model_dump(mode="json")

TIERS = (("gold", ("金卡", "Gold")), ("diamond", ("钻石", "Diamond")), ("private", ("私行", "Private banking")))
REGIONS = ("East", "West")
BRANCHES = (
    ("b01", ("仁和支行", "Renhe branch"), "East"),
    ("b02", ("滨江支行", "Riverside branch"), "East"),
    ("b03", ("高新支行", "High-tech Park branch"), "West"),
    ("b04", ("古城支行", "Old Town branch"), "West"),
)
EVENTS = (
    ("golf", ("高尔夫教练课", "Golf with a coach"), "health", "branch"),
    ("forum", ("宏观经济论坛", "Economic forum"), "knowledge", "region"),
    ("club", ("会员之夜", "Club evening"), "entertainment", "branch"),
    ("flowers", ("花艺沙龙", "Floral art"), "lifestyle", "branch"),
    ("reception", ("年终答谢会", "Year-end reception"), "appreciation", "centre"),
)
SESSIONS = {
    "golf": {3: 2, 4: 3, 5: 2, 9: 3, 10: 2},
    "forum": {1: 1, 2: 1, 3: 1, 4: 1, 6: 2, 7: 1, 8: 1, 9: 1, 11: 2},
    "club": {2: 1, 4: 1, 7: 2, 10: 1, 12: 1},
    "flowers": {3: 2, 5: 1, 6: 2, 8: 1},
    "reception": {12: 1},
}


def _sessions() -> tuple[SessionLine, ...]:
    lines = []
    for event, names, family, level in EVENTS:
        for month, count in SESSIONS[event].items():
            host = BRANCHES[month % 4][1] if level == "branch" else ("East", "East") if level == "region" else ("总行", "Head office")
            lines.append(SessionLine(event, names, family, level, host, month, count, 28.0 * count, 62_000.0 * count, f"2027-{month:02d}-10"))
    return tuple(sorted(lines, key=lambda line: (line.month, line.family, line.event)))


def _ladder() -> tuple[LadderLine, ...]:
    depths = {"deposit_premium": (0, 5, 15), "loan_discount": (0, 10, 20), "fee_waiver": (0.0, 0.2, 0.5)}
    lines = []
    for concession, steps in depths.items():
        for r, region in enumerate(REGIONS):
            for kind in ("personal", "corporate"):
                for rank, (tier, names) in enumerate(TIERS):
                    level = max(rank - (r if kind == "corporate" else 0), 0)
                    cost = 90_000.0 * rank * (level > 0)
                    lines.append(
                        LadderLine(
                            region,
                            (region, region),
                            tier,
                            names,
                            kind,
                            concession,
                            level,
                            steps[level],
                            cost,
                            cost * 2.1,
                            cost * 80,
                            40 - 15 * rank,
                            cost * 9,
                            1.85 if concession == "deposit_premium" and level else None,
                            2 + rank,
                        )
                    )
    return tuple(lines)


def _plan() -> Plan:
    segments = tuple(
        Segment(branch, region, tier, kind, 60 - 20 * rank + 3 * place, 240_000.0 * (rank + 1))
        for place, (branch, _, region) in enumerate(BRANCHES)
        for rank, (tier, _) in enumerate(TIERS)
        for kind in ("personal", "corporate")
    )
    ladder = tuple(LadderStep(line.region, line.tier, line.kind, line.concession, line.level, line.depth, line.gain_cny, line.cost_cny) for line in _ladder())
    totals = Totals(5_120_000.0, 5_580_000.0, 14_800_000.0, 11_200_000.0, 15_300_000.0)
    solve = Solve("optimal", "HiGHS 1.12", 15_301_000.0, 15_312_000.0, 0.0007, 3.2)
    return Plan("annual-2027", 2027, "draft", "3f9a41c2" * 8, POLICY, solve, segments, (), (), ladder, totals)


def _group(code: str, names: tuple[str, str], clients: int, part: float, **more: float | bool) -> GroupLine:
    cny = tuple(whole * part for whole in (358_900_000, 5_120_000, 5_580_000, 14_800_000, 11_200_000, 4_100))
    return GroupLine(code, names, clients, *cny, **more)  # type: ignore[arg-type]


def _risks() -> Risks:
    private, diamond = TIERS[2][1], TIERS[1][1]
    leans = (
        Lean("judgement", "", ("", ""), "", "", "judgement", 0.0, 19_000_000.0, End(0.55, -8_500_000.0), End(1.45, 8_500_000.0)),
        Lean(
            "responses", "diamond", diamond, "personal", "health", "judgement", 0.45, 3_100_000.0,
            End(0.42, -1_790_000.0, 240_000.0, 290_000.0), End(1.58, 1_790_000.0, 60_000.0, 96_000.0), 90_000.0, 120_000.0,
        ),
        Lean(
            "elasticities", "private", private, "corporate", "deposit_premium", "history", 0.4, 2_400_000.0,
            End(0.49, -820_000.0, 0.0, 45_000.0), End(1.51, 790_000.0, 0.0, 30_000.0), 0.0, 26_000.0,
        ),
    )  # fmt: skip
    bars = tuple(Bar(-2_000_000.0 + 1_750_000.0 * place, -250_000.0 + 1_750_000.0 * place, min(place + 1, 20 - place) / 110) for place in range(20))
    return Risks(
        2_000, Spread(26_000_000.0, 17_300_000.0, 25_900_000.0, 34_800_000.0), Spread(15_300_000.0, 6_900_000.0, 15_200_000.0, 23_800_000.0), bars,
        0.9935, 4_300_000.0, 0.47, 6_200_000.0, leans, 21,
        (SourceLine("history", 5_980_000.0, 0.23), SourceLine("judgement", 20_020_000.0, 0.77)), Largest(5, 24, 412, 0.41, 0.38), 2, 4,
    )  # fmt: skip


def _waterfall() -> Waterfall:
    falls = (
        Fall("family", "knowledge", 3_100_000.4),
        Fall("family", "health", 1_250_000.3),
        Fall("family", "", -350_000.2),
        Fall("concession", "deposit_premium", 2_400_000.5),
        Fall("concession", "fee_waiver", 900_000.0),
        Fall("event_cost", "", -320_000.0),
        Fall("concession_cost", "", -480_000.0),
    )
    return Waterfall("last_year", 15_300_000.0 - sum(fall.change_cny for fall in falls), 15_300_000.0, falls)


def _curves() -> tuple[ResponseCurve, ...]:
    points = tuple((0.25 * place, 0.12 * (1 - 0.7**place)) for place in range(13))
    private, diamond = TIERS[2][1], TIERS[1][1]
    return (
        ResponseCurve("diamond", diamond, "personal", "health", "judgement", 0.45, points, (1.0, 0.12 * (1 - 0.7**4)), 3_100_000.0),
        ResponseCurve("private", private, "corporate", "knowledge", "trial", 0.2, points, (2.0, 0.12 * (1 - 0.7**8)), 1_900_000.0),
        ResponseCurve("private", private, "personal", "lifestyle", "", 0.0, points, (0.5, 0.12 * (1 - 0.7**2)), 800_000.0),
    )


@cache
def summary() -> Summary:
    """The whole example."""
    plan = _plan()
    return Summary(
        plan=plan,
        bank_names=("云州银行", "Bank of Yunzhou"),
        sample=True,
        clients=6_000,
        approachable=5_100,
        segmented=4_828,
        reached_clients=3_906.0,
        base_contribution_cny=358_900_000.0,
        last_year_event_cny=4_800_000.0,
        last_year_concession_cny=5_100_000.0,
        event_budget=Budget(6_000_000.0, 0.06, 21_534_000.0, 6_000_000.0, "amount", 5_120_000.0),
        concession_budget=Budget(6_000_000.0, 0.09, 32_301_000.0, 6_000_000.0, "amount", 5_580_000.0),
        tiers=(
            replace(_group("gold", TIERS[0][1], 3_100, 0.25, cap=0.50, share=0.24), uplift_cny=5_900_000.0),
            _group("diamond", TIERS[1][1], 1_400, 0.45, share=0.46),
            _group("private", TIERS[2][1], 328, 0.30, floor=0.30, share=0.30),
        ),
        regions=(_group("East", ("East", "East"), 2_900, 0.6), _group("West", ("West", "West"), 1_928, 0.4)),
        branches=tuple(_group(code, names, 1_800 - 300 * place, 0.4 - 0.1 * place) for place, (code, names, _) in enumerate(BRANCHES)),
        sessions=_sessions(),
        quarters=tuple(
            QuarterLine(q, 5_120_000 * share, share, low, high)
            for q, share, low, high in ((1, 0.22, 0.15, 0.35), (2, 0.35, 0.15, 0.35), (3, 0.20, 0.15, 0.35), (4, 0.23, 0.15, 0.45))
        ),
        ladder=_ladder(),
        baselines=(
            BaselineLine("this_plan", 15_300_000.0, 5_120_000.0, 5_580_000.0, 26_000_000.0, ()),
            BaselineLine("equal_split", 9_100_000.0, 5_900_000.0, 5_000_000.0, 20_000_000.0, (("tier_floor", 1), ("visits_kept", 2))),
            BaselineLine("by_assets", 8_200_000.0, 5_600_000.0, 5_600_000.0, 19_400_000.0, (("tier_cap", 1),)),
            BaselineLine("nothing", 0.0, 0.0, 0.0, 0.0, (("club_every_month", 24),)),
        ),
        rules=(
            RuleLine("E1", "guests_fit_the_room", "binding", 40, 12, ("golf", "b01", "3"), ("", ""), 12.0, 12.0, "guests", "", 1.0),
            RuleLine("E3", "once_is_enough", "pass", 120, 0, ("b04", "private", "corporate", "golf"), ("", ""), 21.6, 14.0, "attendances", "most", 14 / 21.6),
            RuleLine("K1", "one_level", "binding", 36, 36, ("East", "gold", "personal", "fee_waiver"), ("", ""), 1.0, 1.0, "level"),
            RuleLine("B1", "within_event_budget", "pass", 1, 0, ("event",), ("", ""), 6_000_000.0, 5_120_000.0, "CNY", "most", 5.12 / 6),
            RuleLine("B3", "spend_phased", "binding", 8, 1, ("q2",), ("", ""), 0.35, 0.35, "share", "", 1.0),
            RuleLine("B4", "tier_floor", "binding", 1, 1, ("private",), ("", ""), 0.30, 0.30, "share", "", 1.0),
            RuleLine("N1", "visits_kept", "pass", 4, 0, ("b02",), ("", ""), 8_640.0, 8_610.0, "hours", "most", 8_610 / 8_640),
        ),
        left_out=(
            LeftOut("gala", ("大型晚宴", "Gala dinner"), "entertainment", "not_worth_it"),
            LeftOut("ski", ("滑雪营", "Ski camp"), "health", "no_open_month"),
        ),
        blocked=(Blocked("no_consent", 820), Blocked("opted_out", 80), Blocked("official", 61), Blocked("holdout", 483)),
        hours=tuple(
            HoursLine(code, names, 6_400.0 - 300 * place, 1_900.0 - 100 * place, hours)
            for (place, (code, names, _)), hours in zip(enumerate(BRANCHES), (8_640.0, 8_000.0, 9_200.0, 8_100.0), strict=True)
        ),
        origins=(
            Origin("clients", 6_000, "", "3f9a41c2d0aa", False),
            Origin("tiers", 9, "2026-06-30", "77b01c2d9e11", False),
            Origin("events", 18, "", "a1c2e3d4f506", True),
        ),
        rounding_loss_cny=46_000.0,
        verified_rules=1_204,
        versions=(("planning", "0.1.0"), ("Python", "3.11.9"), ("PuLP", "3.3.2"), ("HiGHS", "1.12.0")),
        risks=_risks(),
        waterfall=_waterfall(),
        curves=_curves(),
        certified=Certified(15_345_000.0, 0.0029, text="{}"),
        explained=Explained(
            eased=(EasedLine("visits_kept", ("b02",), "hours", 214.0, 2), EasedLine("tier_floor", ("private",), "point", 8_400.0, 1)),
            more_money=(
                MoreMoney("event", 100_000.0, 10_200.0, 1_100.0, 16_900.0),
                MoreMoney("concession", 100_000.0, 0.0, 0.0, 0.0),
            ),
            not_held=(
                NotHeld("gala", ("大型晚宴", "Gala dinner"), 52_000.0, 45_000.0, 60_000.0, (Displaced(("高尔夫", "Golf"), ("东城支行", "Dongcheng"), 2),)),
                NotHeld("regatta", ("帆船赛", "Regatta"), None, None, None, ()),
            ),
            not_tried=1,
            stops=(
                LadderStop("private", ("私行", "Private"), "deposit_premium", "last", 2, 0.0, 0.0),
                LadderStop("gold", ("金卡", "Gold"), "fee_waiver", "not_worth_it", 3, 120_000.0, 180_000.0),
            ),
        ),
    )


def changes() -> Changes:
    """The example against a former version with every kind of line and reason."""
    plan = summary().plan
    before = replace(plan.totals, event_cny=4_870_000.0, uplift_cny=14_000_000.0, value_cny=14_750_000.0)
    fields = (FieldChange("event_cny", 5_500_000.0, 6_000_000.0), FieldChange("blackout", [], [8]), FieldChange("floors_tier", {}, {"private": 0.3}))
    found = Causes(fields, True, ("clients", "events"), (("HiGHS", "1.11", "1.12"),))
    budget = Reason("policy_or_data", fields=("event_cny", "floors_tier"), tables=("clients", "events"))
    lines = (
        SessionChange("added", "golf", EVENTS[0][1], "b01", BRANCHES[0][1], (), ((3, 2),), budget),
        SessionChange("dropped", "tea", None, "b09", None, ((5, 1),), (), Reason("gone")),
        SessionChange("more", "club", EVENTS[2][1], "b02", BRANCHES[1][1], ((4, 1),), ((4, 1), (7, 1)), Reason("policy", fields=("event_cny",))),
        SessionChange("fewer", "forum", EVENTS[1][1], "East", ("East", "East"), ((6, 3),), ((6, 2),), Reason("data", tables=("events",))),
        SessionChange(
            "moved", "flowers", EVENTS[3][1], "b03", BRANCHES[2][1], ((8, 1),), ((6, 1),), Reason("rule", rules=("only_open_months",), fields=("blackout",))
        ),
    )  # fmt: skip
    ladder = (
        LevelChange("East", ("East", "East"), *TIERS[1], "personal", "fee_waiver", (0, 0.0), (1, 0.2), Reason("policy", False, fields=("event_cny",))),
        LevelChange("West", ("West", "West"), *TIERS[2], "corporate", "deposit_premium", (2, 15.0), (1, 5.0), Reason("tie")),
        LevelChange("West", ("West", "West"), *TIERS[1], "corporate", "loan_discount", (1, 10.0), (2, 20.0), Reason("solving")),
        LevelChange("East", ("East", "East"), *TIERS[2], "corporate", "loan_discount", (1, 10.0), (2, 20.0), Reason("data")),
    )
    money = (Change("tier", "private", TIERS[2][1], 3_100_000.0, 3_700_000.0), Change("family", "health", ("health", "health"), 900_000.0, 1_200_000.0))
    return Changes("compared", plan.totals, before, lines, ladder, found, Measured(before, (("only_open_months", 3), ("tier_floor", 1)), money))
