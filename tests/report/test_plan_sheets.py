"""A plan as sheets: typed cells, totals that add up and are the page's, nothing of few clients, set up for paper, the same bytes."""

import io
import os
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from planning.plan.plan import Attendances
from planning.plan.summary import Summary
from planning.report.cards import money
from planning.report.formats import Scale, number
from planning.report.i18n import say
from planning.report.plan_sheets import paper, plan_sheets
from planning.run.workbook import workbook
from tests.report.example import summary

ROOT = Path(__file__).parents[2]
HOSTILE = (
    "=1+1",
    "＝cmd|' /C calc'!A0",
    "+86 010",
    "-500",
    "@SUM(A1)",
    "#N/A",
    "#REF!",
    "1e5",
    "007",
    "a\x0bb",
    "<b>&amp;</b>",
    "&P&N 甲 & 乙",
    "长" * 40_000,
    "😀",
)


def written(of: Summary, lang: str = "zh") -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook(plan_sheets(of, lang), paper(of, lang))))


def column(page: Worksheet, heading: str) -> list[object]:
    """The cells of a column below its heading."""
    place = next(cell.column for cell in page[1] if cell.value == heading)
    return [cell.value for cell in page[page.cell(1, place).column_letter][1:]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_sheet_is_typed_frozen_filtered_and_set_up_for_paper(lang: str) -> None:
    book = written(summary(), lang)
    assert len(book.sheetnames) == len(set(book.sheetnames)) >= 12
    for page in book:
        assert page.freeze_panes == "B2"
        assert page.auto_filter.ref.startswith("A1:")
        assert page.print_title_rows == "$1:$1"
        assert (page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight) == ("landscape", 9, 0)
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert "annual-2027" in page.oddHeader.right.text
        assert "&P" in page.oddFooter.right.text
        assert "&N" in page.oddFooter.right.text
        for row in page.iter_rows():
            for cell in row:
                assert cell.data_type in "snd"
                assert cell.number_format == ("@" if cell.data_type == "s" else cell.number_format)
                assert isinstance(cell.value, str | int | float | datetime | None)


def test_formats_say_what_a_figure_is() -> None:
    book = written(summary(), "en")
    tiers, calendar, ladder = book["Tiers"], book["Calendar"], book["Ladder"]
    formats = {cell.value: tiers.cell(2, cell.column).number_format for cell in tiers[1]}
    assert (formats["Clients"], formats["Spending (CNY)"], formats["Share"], formats["Return per yuan"]) == ("#,##0", "#,##0.00", "0.0%", "0.00")
    notice = next(cell.column for cell in calendar[1] if cell.value == "Tell clients by")
    assert calendar.cell(2, notice).number_format == "yyyy-mm-dd"
    assert calendar.cell(2, notice).value.date() == date(2027, 1, 10)
    marginal = next(cell.column for cell in ladder[1] if cell.value == "Marginal cost of funds")
    assert {cell.number_format for cell in ladder[ladder.cell(1, marginal).column_letter][1:] if isinstance(cell.value, float)} == {"0.000%"}


@pytest.mark.parametrize("what", ["Tiers", "Regions", "Branches"])
def test_columns_of_money_add_up_to_the_fen_and_rows_too(what: str) -> None:
    thirds = tuple(replace(line, event_cny=line.event_cny / 3 + 0.004, gain_cny=line.gain_cny / 7) for line in summary().tiers)
    page = written(replace(summary(), tiers=thirds), "en")[what]
    for heading in ("Contribution a year (CNY)", "Events (CNY)", "Concessions (CNY)", "Spending (CNY)", "Contribution added (CNY)", "Clients", "Attendances"):
        *parts, total = column(page, heading)
        assert round(sum(parts), 2) == total
        assert all(round(part, 2) == part for part in parts)
    for events, concessions, spend in zip(*(column(page, f"{name} (CNY)") for name in ("Events", "Concessions", "Spending")), strict=True):
        assert round(events + concessions, 2) == spend


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_totals_are_those_the_page_prints(lang: str) -> None:
    page = written(summary(), lang).worksheets[1]
    html = money(summary()).html(lang).partition(say("page.money.table_tiers", lang))[2]
    foot = html.partition("</table>")[0].rpartition("<tr")[2]
    unit = Scale(1e4, 0, "wan") if lang == "zh" else Scale(1e3, 0, "thousand")
    last = [cell.value for cell in page[page.max_row]]
    contribution, events, concessions, added = last[3], last[4], last[5], last[9]
    for amount in (contribution, events, concessions, added):
        assert any(f">{Scale(unit.yuan, decimals, unit.unit).number(amount, lang)}<" in foot for decimals in (0, 1)), amount
    assert f">{number(last[2], lang)}<" in foot


def test_totals_are_the_plans() -> None:
    of = summary()
    figures = {row[1].value: row[2].value for row in written(of, "en")["Summary"].iter_rows(min_row=2)}
    assert figures["Events (CNY)"] == of.plan.totals.event_cny
    assert figures["Spending (CNY)"] == of.spend_cny
    assert figures["Contribution added over 3 years (CNY)"] == of.added_cny
    assert figures["Value of this plan (CNY)"] == of.plan.totals.value_cny


def test_figures_of_few_clients_stay_unseen() -> None:
    of = summary()
    few = tuple(replace(line, clients=3) if line.code == "private" else line for line in of.tiers)
    rare = tuple(replace(line, qualifying=2) if (line.region, line.tier, line.kind) == ("East", "private", "personal") else line for line in of.ladder)
    book = written(replace(of, tiers=few, ladder=rare), "en")
    assert column(book["Tiers"], "Tier") == ["Gold", "Diamond and Private banking together", "Total"]
    assert column(book["Tiers"], "Code") == ["gold", None, None]
    assert 3 not in column(book["Tiers"], "Clients")
    assert column(book["Ladder"], "Clients who qualify").count("not shown") >= 2 * 3
    assert 2 not in column(book["Ladder"], "Clients who qualify")


def test_a_branchs_small_groups_stand_together_in_the_attendances() -> None:
    of = summary()
    segments = tuple(replace(one, clients=2) if (one.branch, one.tier, one.kind) == ("b01", "private", "corporate") else one for one in of.plan.segments)
    kinds = (("gold", "personal"), ("private", "personal"), ("private", "corporate"))
    seats = tuple(Attendances("b01", tier, kind, "b01", "club", 4, 9.0 - place) for place, (tier, kind) in enumerate(kinds))
    page = written(replace(of, plan=replace(of.plan, segments=segments, attendances=seats)), "en")["Attendances"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    assert rows == [
        [4, "Club evening", "Renhe branch", "Renhe branch", "Gold", "Personal", 9],
        [4, "Club evening", "Renhe branch", "Renhe branch", "Small groups together", None, 15],
        ["Total", None, None, None, None, None, 24],
    ]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_is_text_and_nothing_else(name: str) -> None:
    of = summary()
    groups = {what: tuple(replace(line, names=(name, name)) for line in getattr(of, what)) for what in ("tiers", "regions", "branches")}
    sessions = tuple(replace(line, names=(name, name), host_names=(name, name)) for line in of.sessions)
    hostile = replace(of, bank_names=(name, name), sessions=sessions, **groups)
    shown = name.replace("\x0b", "\ufffd")[:32_767]
    book = written(hostile)
    for page in book.worksheets[1:5]:
        cells = [cell for row in page.iter_rows(min_row=2) for cell in row if isinstance(cell.value, str)]
        assert {cell.data_type for cell in cells} == {"s"}
        assert shown in {cell.value for cell in cells}
        assert all(dimension.width <= 64 for dimension in page.column_dimensions.values())


def test_an_ampersand_in_the_head_is_no_command() -> None:
    content = workbook(plan_sheets(summary(), "en"), replace(paper(summary(), "en"), title="甲 & 乙 &P"))
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert page.oddHeader.left.text == "甲 && 乙 &&P"


def test_a_plan_that_spends_nothing_has_its_sheets_too() -> None:
    of = summary()
    nothing = replace(of, sessions=(), ladder=(), left_out=(), blocked=(), quarters=(), hours=())
    assert {"Summary", "Tiers", "Rules", "Comparison", "Parameters"} <= set(written(nothing, "en").sheetnames)
    assert not {"Calendar", "Ladder", "Attendances"} & set(written(nothing, "en").sheetnames)


def test_the_same_plan_is_the_same_bytes_in_another_zone_and_under_another_hash_seed() -> None:
    program = (
        "import sys; from planning.report.plan_sheets import paper, plan_sheets; from planning.run.workbook import workbook\n"
        "from tests.report.example import summary\n"
        "sys.stdout.buffer.write(workbook(plan_sheets(summary(), 'zh'), paper(summary(), 'zh')))"
    )
    surroundings = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Asia/Shanghai", "PYTHONPATH": str(ROOT)}
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=surroundings, capture_output=True, check=True).stdout
    assert told == workbook(plan_sheets(summary(), "zh"), paper(summary(), "zh"))
