"""Branches, tiers, managers' hours and rules seen together on all pages and in the workbook: no few clients follow from them."""

import re
from dataclasses import replace
from html import unescape
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings

from planning.book.segments import Segment
from planning.plan.branch import Branches, BranchPlan
from planning.plan.summary import HoursLine, RuleLine, Summary
from planning.report import cards
from planning.report.cards import branches as branch_cards
from planning.report.cards.branches.apart import apart
from planning.report.cards.standing import of_summary, untold
from planning.report.plan_sheets.hours import hours as hours_sheet
from planning.report.plan_sheets.rules import rules as rules_sheet
from tests.report.branch_example import shared_out
from tests.report.example import summary
from tests.report.reader import Known, following, sums_of
from tests.report.test_branches import LEAST, nothing_more_to_hide, tables, together_on_the_pages

VISITS = {"gold": 1.5, "diamond": 4.0, "private": 9.0, "supreme": 30.0}  # hours a year for a client
HIDDEN = "not shown"


def with_visits(found: Branches) -> Branches:
    """The same branches with the hours that their clients' visits need."""
    due = {one.branch: tuple((line.code, VISITS[line.code] * line.clients) for line in one.tiers) for one in found.branches}
    return replace(found, branches=tuple(replace(one, hours=_hours(one, due[one.branch])) for one in found.branches))


def _hours(of: BranchPlan, due: tuple[tuple[str, float], ...]) -> HoursLine:
    return HoursLine(of.branch, of.names, sum(hours for _, hours in due), 0.0, 1_000.0, due)


def bank_of(found: Branches) -> Summary:
    """The bank's own summary of the same plan."""
    of = summary()
    segments = tuple(Segment(one.branch, one.region, line.code, "personal", line.clients, 0.0) for one in found.branches for line in one.tiers)
    lines = tuple(one.line for one in found.branches)
    hours = tuple(one.hours for one in found.branches)
    return replace(of, plan=replace(of.plan, segments=segments), tiers=found.tiers, regions=found.regions, branches=lines, hours=hours)


def hours_known(found: Branches) -> list[Known]:
    """What the branches' pages and the workbook tell of the hours for visits: nothing where they are reckoned from the tiers as shown."""
    rows = {row[0]: row for row in hours_sheet(bank_of(found), "en").rows}
    known: list[Known] = []
    for one in found.branches:
        told, row = apart(found).hours[one.branch], rows.get(one.names[1])
        assert row is None or (row[1], row[-1]) == (round(told.visits, 1), "yes" if told.about else ""), "page and workbook tell the same"
        if not told.about:
            assert told.visits == one.hours.visits
            known.append(({(one.branch, line.code): VISITS[line.code] for line in one.tiers}, told.visits))
    return known


@given(tables((2, 6), (2, 4), 12))
@example([[12, 3], [30, 9]])
@settings(max_examples=25, deadline=None)
def test_hours_for_visits_do_not_tell_apart_the_tiers_that_are_shown_together(counts: list[list[int]]) -> None:
    found = with_visits(shared_out(counts, [[0]] * len(counts)))
    unknown: dict[object, float] = {(one.branch, line.code): line.clients for one in found.branches for line in one.tiers}
    known = [*sums_of(unknown, together_on_the_pages(found)), *hours_known(found)]
    small = [key for key, clients in unknown.items() if 0 < clients < LEAST]
    assert nothing_more_to_hide(found) or following(unknown, known, small) == []


def test_hours_are_exact_where_every_tier_is_seen_by_itself() -> None:
    found = with_visits(shared_out([[50, 40], [60, 30], [9, 9], [8, 7]], [[0]] * 4))
    assert [row[1] for row in hours_sheet(bank_of(found), "en").rows] == [*(one.hours.visits for one in found.branches), 534.5]
    assert "uses 24%" in cards.risks(bank_of(found)).en
    assert "about" not in "".join(branch_cards.rules(found, one).en for one in found.branches)


def test_hours_are_reckoned_from_the_tiers_as_they_are_shown_and_said_to_be() -> None:
    short = with_visits(shared_out([[500, 3], [60, 30], [90, 9], [80, 7]], [[0]] * 4))
    short = replace(short, branches=tuple(replace(one, hours=replace(one.hours, hours=300.0)) for one in short.branches))
    bank, own = bank_of(short), next(one for one in short.branches if one.branch == "b01")
    mean = (730 * VISITS["gold"] + 49 * VISITS["diamond"]) / 779
    row = next(row for row in hours_sheet(bank, "en").rows if row[0] == "Branch 1")
    assert row[1] == pytest.approx(503 * mean, abs=0.1)
    assert row[-1] == "yes"
    words = branch_cards.rules(short, own).en + branch_cards.headline(short, own).en + cards.risks(bank).en + cards.headline(bank).en
    assert "about 834" in words
    assert "about 534" in words
    assert not [figure for figure in (">762<", ">462<", "254%") if figure in words]  # 500 · 1.5 + 3 · 4


RULES = {
    "visits_kept": RuleLine("N1", "visits_kept", "pass", 4, 0, ("b01",), ("", ""), 1_000.0, 762.5, "hours", "most", 0.7625),
    "not_too_often": RuleLine("E4", "not_too_often", "pass", 4, 0, ("b01", "gold", "personal", "3"), ("", ""), 998.5, 762.5, "attendances", "most", 0.76),
    "once_is_enough": RuleLine("E3", "once_is_enough", "pass", 4, 0, ("b03", "gold", "personal", "golf"), ("", ""), 998.5, 762.5, "attendances", "most", 0.7),
    "branch_floor": RuleLine("B5", "branch_floor", "pass", 4, 0, ("b02",), ("", ""), 998.5, 762.5, "CNY", "least", 0.7),
    "enough_guests": RuleLine("E2", "enough_guests", "pass", 4, 0, ("golf", "b03", "3"), ("", ""), 2.5, 3.5, "guests", "least", 0.7),
}


@pytest.mark.parametrize("code", RULES)
def test_a_rules_figures_stay_unseen_where_they_would_show_few_clients(code: str) -> None:
    bank = bank_of(shared_out([[500, 3], [2, 2], [90, 9], [80, 17]], [[0]] * 4))
    told = replace(bank, rules=(RULES[code],))
    assert untold(RULES[code], told, of_summary(told))
    page = cards.rules(told).en
    assert not [figure for figure in ("762.5", "998.5", ">3.5", ">2.5") if figure in page]
    assert rules_sheet(told, "en").rows[0][4:6] == (HIDDEN, HIDDEN)


@pytest.mark.parametrize("code", [code for code in RULES if code not in ("once_is_enough", "enough_guests")])
def test_a_rules_figures_are_shown_where_every_tier_is_seen_by_itself(code: str) -> None:
    bank = replace(bank_of(shared_out([[500, 30], [20, 12], [90, 9], [80, 17]], [[0]] * 4)), rules=(RULES[code],))
    page = cards.rules(bank).en
    assert "762.5" in page or "763" in page


def drawn(html: str) -> str:
    """The words of a page's pictures: what is written in each drawing, and what is said of it."""
    pictures = [unquote(unescape(found)) for found in re.findall(r'src="(data:image/svg[^"]+)"', html)]
    said = [unescape(found) for found in re.findall(r'(?:alt|title|aria-label)="([^"]*)"', html)]
    return "\n".join([*(words for picture in pictures for words in re.findall(r">([^<>]+)<", picture)), *said])


def test_pictures_and_what_is_said_of_them_hide_what_the_tables_hide() -> None:
    bank = bank_of(with_visits(shared_out([[500, 30, 3], [60, 30, 9], [90, 9, 8], [80, 7, 7]], [[0]] * 4)))
    told = drawn(cards.risks(bank).en + cards.money(bank).en)
    assert "Branch 1" in told
    assert "about" in told
    exact = sum(VISITS[tier] * clients for tier, clients in (("gold", 500), ("diamond", 30), ("private", 3))) / 1_000
    assert f"{exact:.0%}" not in told.replace("about ", "about_")
    few = replace(bank, tiers=tuple(replace(line, clients=2, event_cny=777_777.0, hidden=True) if line.code == "private" else line for line in bank.tiers))
    assert "Private banking" not in drawn(cards.money(few).en).replace("Diamond and Private banking together", "")
    assert "777" not in drawn(cards.money(few).en)
