"""A made-up plan shared out to branches, from tables of clients and places that fit the screen."""

from collections.abc import Sequence
from dataclasses import replace

from planning.plan.branch import Branches, BranchPlan, Invitation, NotHere
from planning.plan.summary import GroupLine, HoursLine, Names, RuleLine
from tests.report.example import summary

TIERS = (("gold", ("金卡", "Gold")), ("diamond", ("钻石", "Diamond")), ("private", ("私行", "Private banking")), ("supreme", ("至尊", "Supreme")))
EVENTS = (
    ("forum", ("宏观经济论坛", "Economic forum"), "knowledge"),
    ("club", ("会员之夜", "Club evening"), "entertainment"),
    ("golf", ("高尔夫", "Golf"), "health"),
)
CLIENTS = ((120, 40, 9, 2), (90, 30, 6, 1), (80, 22, 3, 0), (60, 12, 2, 1))
PLACES = ((30, 12, 2), (24, 9, 7), (18, 3, 6), (12, 8, 5))


def shared_out(
    clients: Sequence[Sequence[int]] = CLIENTS, places: Sequence[Sequence[int]] = PLACES, names: Sequence[Names] = (), codes: Sequence[str] = ()
) -> Branches:
    """A branch for each row: `clients` by tier, `places` at sessions of its region; two regions by turns."""
    base = summary()
    codes = codes or [f"b{row + 1:02d}" for row in range(len(clients))]
    known = names or [(f"第{row + 1}支行", f"Branch {row + 1}") for row in range(len(clients))]
    made = [_branch(code, known[row], row, (clients[row], places[row])) for row, code in enumerate(codes)]
    tiers = [line("", ("", "")) for _ in TIERS[: len(clients[0])]]
    for one in made:
        tiers = [_sum(total, own, TIERS[at]) for at, (total, own) in enumerate(zip(tiers, one.tiers, strict=True))]
    bank = line("", ("", ""))
    for one in made:
        bank = _sum(bank, one.line, ("", base.bank_names))
    regions = []
    for region in sorted({one.region for one in made}):
        total = line("", ("", ""))
        for one in made:
            total = _sum(total, one.line, (region, (region, region))) if one.region == region else total
        regions.append(total)
    ladder = tuple(step for step in base.ladder if step.region == "East")
    branches = tuple(replace(one, ladder=ladder) for one in sorted(made, key=lambda one: (one.region, one.branch)))
    return Branches(base.plan, base.bank_names, True, bank, tuple(tiers), tuple(regions), branches, base.origins, 1234, "f" * 64, base.versions, {})


def line(code: str, names: Names, clients: int = 0) -> GroupLine:
    """A group whose every amount follows from its clients."""
    return GroupLine(code, names, clients, 9_000.0 * clients, 410.0 * clients, 150.0 * clients, 900.0 * clients, 300.0 * clients, float(clients))


def _sum(one: GroupLine, other: GroupLine, named: tuple[str, Names]) -> GroupLine:
    amounts = ("clients", "contribution_cny", "event_cny", "concession_cny", "uplift_cny", "gain_cny", "reached")
    return replace(one, code=named[0], names=named[1], **{name: getattr(one, name) + getattr(other, name) for name in amounts})


def _branch(code: str, names: Names, row: int, counts: tuple[Sequence[int], Sequence[int]]) -> BranchPlan:
    clients, places = counts
    region = ("East", "West")[row % 2]
    own = Invitation("flowers", ("花艺沙龙", "Floral art"), "lifestyle", "branch", code, names, 4, 1, 16, "2027-04-16", True)
    others = [
        Invitation(event, words, family, "centre", "centre", ("总行", "Head office"), 5 + at, 1, places[at], f"2027-{4 + at:02d}-30", False)
        for at, (event, words, family) in enumerate(EVENTS[: len(places)])
        if places[at]
    ]
    return BranchPlan(
        code, names, region, (region, region), line(code, names, sum(clients)),
        tuple(line(tier, words, count) for (tier, words), count in zip(TIERS, clients, strict=False)),
        (own, *others), (), HoursLine(code, names, 800.0, 120.0, 1000.0, tuple((tier, 3.0 * count) for (tier, _), count in zip(TIERS, clients, strict=False))),
        (RuleLine("B5", "branch_floor", "binding", 1, 1, (code,), names, 50_000.0, 50_000.0, "CNY"),),
        (NotHere("golf", ("高尔夫", "Golf"), "health", "elsewhere", 2), NotHere("art", ("艺术讲座", "Art"), "knowledge", "not_worth_it")),
    )  # fmt: skip
