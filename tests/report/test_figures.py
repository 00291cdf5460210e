"""Figures: the same bytes everywhere, no box for a character, nothing that is not drawing."""

import pytest

from planning.errors import RunFailed
from planning.report.figures.bars import Pair, Within, pairs, within
from planning.report.figures.canvas import Sheet, data_uri, measure, wrapped
from planning.report.figures.grids import Cell, Grid, grids, turned
from planning.report.figures.outlines import outline


def test_a_missing_glyph_is_an_error_that_names_the_character() -> None:
    with pytest.raises(RunFailed, match=r"glyph_missing .*𠀋 \(U\+2000B\)"):
        pairs([Pair("𠀋支行", (1, 2), 3, ("3", "3"))], ("活动", "让利", "新增"))


def test_svg_carries_neither_text_nor_dates_nor_comments() -> None:
    svg = within([Within("机密支行 $x$", 0.3, "30%", 0.1, 0.4, "10%–40%", True)]).wide
    for unwanted in ("机密", "<!--", "metadata", "matplotlib", "<text", "script", "http://www.w3.org/1999/xlink"):
        assert unwanted not in svg
    assert "prefers-color-scheme:dark" in svg


def test_dollar_signs_are_letters() -> None:
    sheet = Sheet(100, 20)
    sheet.text(0, 12, "$5 to $9")
    assert sheet.svg().count("<use ") == len("$5to$9")


def test_an_address_in_a_srcset_has_no_blank() -> None:
    assert " " not in data_uri(within([Within("一季度", 0.3, "30%")]).narrow)


def test_long_names_are_broken_to_their_width() -> None:
    for words in ("中国某某银行股份有限公司云州分行营业部", "Old Town Riverside sub-branch of Yunzhou", "Entertainmentandmore"):
        lines = wrapped(words, 60, 12)
        assert len(lines) == 2
        assert all(measure(line, 12) <= 60 for line in lines)
    assert wrapped("钻石", 60, 12) == ["钻石"]


def test_a_calendar_is_turned_for_a_phone() -> None:
    grid = Grid(("健康", "知识"), ("1月", "2月", "3月"), ((Cell("1", 0.5), Cell(), Cell("2", 0.9)), (Cell(), Cell(), Cell())))
    assert turned(grid).rows == grid.columns
    assert turned(grid).cells[2][0] == Cell("2", 0.9)
    drawing = grids([grid], [turned(grid)])
    assert "width='992'" in drawing.wide
    assert "width='350'" in drawing.narrow


def test_an_outline_told_from_point_to_point_is_the_same_to_half_a_step_of_its_grid() -> None:
    path = "M5146,5318C4224,5056,2522,4896,1082,4826L1082,3123L1574,3123zM10,20L2003,2957z"
    assert outline(path) == "m402,415c-72-20-205-33-317-38v-133h38zm-401-413l155,229z"
