"""Concessions in a branch of which few clients qualify: no page and no workbook shows what they cost, nor what it would follow from."""

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planning.plan.branch import Branches
from planning.plan.summary import GroupLine
from planning.report import cards
from planning.report.cards import branches as branch_cards
from planning.report.cards.branches.apart import apart
from planning.report.cards.priced import priced
from planning.report.cards.privacy import groups, regions_shown
from planning.report.plan_sheets.groups import branches as branches_sheet
from tests.report.branch_example import shared_out
from tests.report.reader import extents, sums_of
from tests.report.test_standing import bank_of

LEAST = 5
BASE = 1_000.0  # yuan that a concession costs for a client who qualifies


def granted(qualifying: list[int]) -> Branches:
    """Branches of many clients, of which so many qualify for concessions."""
    found = shared_out([[300 + 10 * row, 40 + row] for row in range(len(qualifying))], [[0]] * len(qualifying))
    who = {f"b{row + 1:02d}": number for row, number in enumerate(qualifying)}
    branches = tuple(replace(one, line=_granted(one.line, who[one.branch])) for one in found.branches)
    totals = {region: sum(who[one.branch] for one in branches if one.region == region) for region in {one.region for one in branches}}
    regions = tuple(_granted(line, totals[line.code]) for line in found.regions)
    return replace(found, branches=branches, regions=regions, bank=_granted(found.bank, sum(qualifying)))


def _granted(line: GroupLine, number: int) -> GroupLine:
    return replace(line, qualifying=number, concession_cny=BASE * number, gain_cny=3 * BASE * number)


@given(st.lists(st.integers(0, 9), min_size=2, max_size=8))
@example([3, 9, 0, 9])
@example([1, 1, 1, 9, 9])
@settings(max_examples=60, deadline=None)
def test_what_a_concession_costs_for_few_clients_does_not_follow(qualifying: list[int]) -> None:
    found = granted(qualifying)
    true = {one.branch: one.line for one in found.branches}
    shown = apart(found).lines
    within = regions_shown(((one.branch, one.region) for one in found.branches), found.regions, LEAST)
    unknown: dict[object, float] = {code: line.concession_cny for code, line in true.items()}
    known = [[code for code in true if within[code] == region] for region in set(within.values())]
    known += [[code] for code in true if not shown[code].about]
    few = [code for code, line in true.items() if line.few_qualify(LEAST)]
    told = extents(unknown, sums_of(unknown, known), few)  # type: ignore[arg-type]
    assert [code for code, (low, high) in told.items() if high - low < LEAST * BASE and sum(qualifying) >= LEAST] == []


@given(st.lists(st.integers(0, 9), min_size=2, max_size=8))
@settings(max_examples=40, deadline=None)
def test_what_is_shared_out_depends_on_what_is_shown_alone_and_adds_up(qualifying: list[int]) -> None:
    found = granted(qualifying)
    within = regions_shown(((one.branch, one.region) for one in found.branches), found.regions, LEAST)
    lines = [one.line for one in found.branches]
    shown = priced(lines, within, LEAST)
    assert sum(line.concession_cny for line in shown) == pytest.approx(BASE * sum(qualifying))
    for place in set(within.values()):
        own = [(line, told) for line, told in zip(lines, shown, strict=True) if within[line.code] == place and told.about]
        together, weight = sum(line.concession_cny for line, _ in own), sum(line.contribution_cny for line, _ in own)
        assert [told.concession_cny for _, told in own] == pytest.approx([together * line.contribution_cny / weight for line, _ in own], abs=0.02)


def test_page_index_and_workbook_show_the_same_shared_out_amounts_and_say_so() -> None:
    found = granted([3, 9, 8, 9])  # b01 and b03 stand together in the East: 11,000 by contribution
    own = next(one for one in found.branches if one.branch == "b01")
    assert apart(found).lines["b01"].concession_cny == pytest.approx(11_000 * 340 / (340 + 362), abs=0.01)
    assert "Concessions are shared out" in branch_cards.headline(found, own).en
    assert "about 5" in branch_cards.index(found)[1].en
    sheet = branches_sheet(bank_of(found), "en")
    row = next(row for row in sheet.rows if row[0] == "Branch 1")
    assert 3_000 not in row
    assert row[-1] == "yes"
    assert apart(found).lines["b01"].concession_cny in row
    assert "few clients of Branch 1 and Branch 3 qualify" in cards.money(bank_of(found)).en


def test_nothing_is_shared_out_where_enough_or_none_qualify() -> None:
    found = granted([0, 9, 5, 700])
    assert [line.about for line in apart(found).lines.values()] == [False] * 4
    assert "shared out" not in "".join(branch_cards.headline(found, one).en for one in found.branches)


def test_a_tier_of_which_few_qualify_stands_with_the_next() -> None:
    tiers = [GroupLine(code, (code, code), 90, 9.0, 1.0, 2.0, 3.0, 4.0, 5.0, qualifying=who) for code, who in (("gold", 40), ("diamond", 0), ("private", 2))]
    assert [line.code for line in groups(tiers, LEAST)] == ["gold+diamond+private"]
    enough = [replace(line, qualifying=line.qualifying * 3) for line in tiers]
    assert [line.code for line in groups(enough, LEAST)] == ["gold", "diamond", "private"]
