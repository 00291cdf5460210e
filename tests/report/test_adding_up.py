"""Differences and totals hold as printed, and what changes by nothing bears no sign."""

from dataclasses import replace

import pytest

from planning.plan.branch import BranchPlan
from planning.plan.changed import Changes
from planning.plan.study import Change
from planning.plan.what_if import Moved
from planning.report import cards
from planning.report.cards import branches as branch_cards
from planning.report.cards.what_if import _amounts
from planning.report.formats import Scale, number, plus
from tests.report.branch_example import shared_out
from tests.report.example import changes, summary

THOUSAND = Scale(1e3, 0, "thousand")


def cells(html: str, caption: str) -> list[list[str]]:
    """The figures of a table's rows."""
    table = html.split(caption, 1)[1].split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    return [[cell.partition("</td>")[0] for cell in row.split("<td>")[1:]] for row in table.split("<tr")[1:]]


@pytest.mark.parametrize(
    ("before", "after", "printed"), [(10_400, 10_600, ("10", "11", "1")), (10_600, 10_400, ("11", "10", "−1")), (10_100, 10_400, ("10", "10", "0"))]
)
def test_a_difference_is_that_of_the_amounts_beside_it(before: float, after: float, printed: tuple[str, ...]) -> None:
    assert tuple(THOUSAND.number(one, "en") for one in THOUSAND.difference(before, after)) == printed


def test_only_what_is_not_nought_as_printed_bears_a_sign() -> None:
    assert [plus(number(one, "en", 1)) for one in (0.04, -0.04, 0.06, -0.06, 12.0)] == ["0.0", "0.0", "+0.1", "−0.1", "+12.0"]
    assert _amounts(Moved("value", 10_400.0, 200.0), THOUSAND, "en") == ["10", "11", "+1"]
    assert _amounts(Moved("value", 10_000.0, 300.0), THOUSAND, "en") == ["10", "10", "0"]


def test_money_that_moved_adds_up_line_by_line() -> None:
    found: Changes = changes()
    assert found.measured is not None
    money = tuple(
        Change("family", code, (code, code), 3_040_000.0 * place + 400.0, 3_100_000.0 * place + 600.0)
        for place, code in ((1, "health"), (2, "knowledge"), (3, "family"))
    )
    page = cards.changed(summary(), replace(found, measured=replace(found.measured, money=money))).en
    for before, after, more in cells(page, "moves under 1% of all money"):
        was, now, moved = (float(one.replace(",", "")) for one in (before, after, more))
        assert moved == pytest.approx(now - was, abs=1e-6)


def test_a_branchs_tiers_add_up_to_its_total() -> None:
    found = shared_out(((127, 41, 13, 17), (91, 33, 12, 19)))
    odd = replace(found, branches=tuple(_odd(one) for one in found.branches))
    for one in odd.branches:
        *tiers, total = cells(branch_cards.spending(odd, one).en, "Clients and events by tier")
        assert len(tiers) == 4
        for column in range(4):
            assert sum(float(row[column].replace(",", "")) for row in tiers) == pytest.approx(float(total[column].replace(",", "")))


def _odd(of: BranchPlan) -> BranchPlan:
    """The branch with amounts that all round down by themselves, not together."""
    tiers = tuple(replace(line, contribution_cny=1_000_449.0, event_cny=40_449.0, uplift_cny=90_449.0) for line in of.tiers)
    return replace(of, tiers=tiers, line=replace(of.line, contribution_cny=4 * 1_000_449.0, event_cny=4 * 40_449.0, uplift_cny=4 * 90_449.0))
