"""The sheet of what changed: every line of the card with its reason, figures as figures, and a plain word where there is nothing to compare."""

import io
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from planning.plan.changed import Changes
from planning.report.cards import changed
from planning.report.i18n import LANGS, say
from planning.report.page import visible
from planning.report.plan_sheets import paper, plan_sheets
from planning.run.workbook import workbook
from tests.report.example import changes, summary


def written(found: Changes, lang: str) -> Worksheet:
    of = summary()
    return openpyxl.load_workbook(io.BytesIO(workbook(plan_sheets(of, lang, found), paper(of, lang))))[say("export.sheet.changed", lang)]


def rows(found: Changes, lang: str) -> list[dict[str, object]]:
    head, *body = [[cell.value for cell in row] for row in written(found, lang).iter_rows()]
    return [dict(zip(head, row, strict=True)) for row in body]


def column(name: str, lang: str) -> str:
    return say(f"export.column.{name}", lang)


@pytest.mark.parametrize("lang", LANGS)
def test_every_changed_line_stands_with_its_reason_in_the_cards_words(lang: str) -> None:
    found, card = rows(changes(), lang), visible(changed(summary(), changes()).html(lang))
    for group, lines in (("sessions", changes().sessions), ("ladder", changes().ladder)):
        own = [row for row in found if row[column("group", lang)] == say(f"page.changed.{group}", lang)]
        assert len(own) == len(lines)
        for row in own:
            assert row[column("changed_reason", lang)]
            for name in ("before", "after", "changed_reason"):
                assert str(row[column(name, lang)]) in card
    groups = {row[column("group", lang)] for row in found}
    assert {say(f"page.changed.{name}", lang) for name in ("fields", "tables", "versions", "rules", "money")} <= groups


@pytest.mark.parametrize("lang", LANGS)
def test_totals_are_figures_in_yuan_and_the_change_is_their_difference(lang: str) -> None:
    found = [row for row in rows(changes(), lang) if row[column("group", lang)] == say("export.changes.totals", lang)]
    totals, before = summary().plan.totals, changes().before
    assert before is not None
    true = [(before.event_cny, totals.event_cny), (before.concession_cny, totals.concession_cny), (before.value_cny, totals.value_cny)]
    shown = [(row[column("before", lang)], row[column("after", lang)]) for row in found if row[column("changed_item", lang)] != column("added", lang)]
    assert shown == true
    for row in found:
        was, now, more = (row[column(name, lang)] for name in ("before", "after", "more"))
        assert round(now - was, 2) == more  # type: ignore[operator]
    formats = {cell.number_format for cell in written(changes(), lang)[2] if isinstance(cell.value, int | float)}
    assert formats == {"#,##0.00"}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("state", ["first", "unreadable", "missing"])
def test_without_a_former_version_one_row_says_so(state: str, lang: str) -> None:
    (row,) = rows(Changes(state, summary().plan.totals), lang)  # type: ignore[arg-type]
    assert row[column("changed_item", lang)] == say(f"page.changed.{state}", lang)


def test_money_moved_to_a_tier_of_few_clients_is_not_told() -> None:
    few = tuple(replace(line, clients=3) if line.code == "private" else line for line in summary().tiers)
    sheet = next(one for one in plan_sheets(replace(summary(), tiers=few), "en", changes()) if one.name == say("export.sheet.changed", "en"))
    assert not [row for row in sheet.rows if "Tier: Private banking" in map(str, row)]
    assert [row for row in plan_sheets(summary(), "en", changes()) if row.name == sheet.name for row in row.rows if "Tier: Private banking" in map(str, row)]


def test_the_sheet_stands_before_the_sources() -> None:
    names = [sheet.name for sheet in plan_sheets(summary(), "en", changes())]
    assert names.index("Changes") == names.index("Sources") - 1
