"""Files as banks really send them: each holds one table of the small bank, and either reads as that table or is refused in a known place."""

import csv
import datetime
import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO, StringIO

import old_excel
import openpyxl
from old_excel import Shown
from openpyxl.worksheet.worksheet import Worksheet
from small_bank import TABLES

from planning.book.contracts import CONTRACTS

Kind = str
CLIENT_HEADINGS = TABLES["clients"].split("\n", 1)[0]


@dataclass(frozen=True)
class Refused:
    """The one fault that must come: its code, column and rows, and the codes of faults that follow from it."""

    code: str
    column: str = ""
    rows: tuple[int, ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Right:
    """The file reads as this text of the table does; what is said about it in notes; some of its cells, written out."""

    text: str
    notes: tuple[str, ...] = ()
    cells: Mapping[tuple[str, str], object] = field(default_factory=dict)  # (key, column) → value


@dataclass(frozen=True)
class Malformed:
    """A file, what is odd about it, and what must come of it."""

    kind: Kind
    name: str
    table: str
    content: bytes
    outcome: Refused | Right
    suffix: str = ".csv"

    @property
    def title(self) -> str:
        return f"{self.kind}-{self.name}"


def swapped(table: str, *changes: tuple[str, str]) -> str:
    """The small bank's table with pieces of text replaced; each piece must be there."""
    text = TABLES[table]
    for old, new in changes:
        assert old in text, f"{old!r} is not in {table}"
        text = text.replace(old, new, 1)
    return text


def grid(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text)))


def written(rows: list[list[str]], separator: str = ",", line_end: str = "\n") -> str:
    out = StringIO()
    csv.writer(out, delimiter=separator, lineterminator=line_end).writerows(rows)
    return out.getvalue()


def in_chinese(table: str, *changes: tuple[str, str], units: Mapping[str, str] | None = None) -> str:
    """The table with Chinese headings, some with a unit behind them."""
    rows = grid(swapped(table, *changes))
    rows[0] = [CONTRACTS[table].column(name).zh + (units or {}).get(name, "") for name in rows[0]]
    return written(rows)


def read_right(kind: Kind, name: str, table: str, content: bytes | str, *notes: str) -> Malformed:
    return Malformed(kind, name, table, content.encode() if isinstance(content, str) else content, Right(TABLES[table], notes))


def refused(kind: Kind, name: str, table: str, content: bytes | str, outcome: Refused) -> Malformed:
    return Malformed(kind, name, table, content.encode() if isinstance(content, str) else content, outcome)


def encodings() -> list[Malformed]:
    zh = in_chinese("branches")
    plain = TABLES["branches"]
    half = plain.encode().replace("海口支行".encode(), "海口支行".encode("gb18030"))
    cut = plain.encode()[: plain.encode().index("海口支行".encode()) + 4] + b",Haikou\n"
    return [
        read_right("encoding", "utf-8 with mark", "branches", zh.encode("utf-8-sig")),
        read_right("encoding", "gb18030", "branches", zh.encode("gb18030")),
        read_right("encoding", "gbk under code names", "branches", plain.encode("gbk")),
        read_right("encoding", "gb2312", "branches", zh.encode("gb2312")),
        read_right("encoding", "utf-16 little end first", "branches", b"\xff\xfe" + zh.encode("utf-16-le")),
        read_right("encoding", "utf-16 big end first", "branches", b"\xfe\xff" + zh.encode("utf-16-be")),
        refused("encoding", "utf-16 without mark", "branches", zh.encode("utf-16-le"), Refused("encoding_unreadable", rows=(1,))),
        refused("encoding", "utf-16 without mark, plain letters", "caps", TABLES["caps"].encode("utf-16-le"), Refused("nul_bytes", rows=(1,))),
        refused(
            "encoding", "no encoding at all", "branches", plain.encode().replace("海口支行".encode(), b"\xff\xff\x80"), Refused("encoding_mixed", rows=(4,))
        ),
        refused(
            "encoding", "western bytes", "partners", TABLES["partners"].replace("gallery", "Öst").encode("latin-1"), Refused("encoding_unreadable", rows=(2,))
        ),
        refused("encoding", "two encodings in one file", "branches", half, Refused("encoding_mixed", rows=(4,))),
        refused("encoding", "cut inside a letter", "branches", cut, Refused("encoding_mixed", rows=(4,))),
        refused("encoding", "utf-16 cut in half", "branches", (b"\xff\xfe" + zh.encode("utf-16-le"))[:-1], Refused("encoding_unreadable", rows=(4,))),
    ]


def mojibake() -> list[Malformed]:
    plain = TABLES["branches"]
    wrong = {
        "utf-8 read as gb18030": "城东支行".encode().decode("gb18030", "ignore"),
        "utf-8 read as western": "城东支行".encode().decode("latin-1"),
        "gbk read as western": "城东支行".encode("gbk").decode("latin-1"),
        "letters lost": "城\ufffd支行",
        "lost twice": "锟斤拷支行",
        "question marks": "????",
    }
    cells = [refused("mojibake", name, "branches", plain.replace("城东支行", text), Refused("garbled", "name_zh", (2,))) for name, text in wrong.items()]
    headings = in_chinese("branches").encode().decode("gb18030", "ignore")
    return [*cells, refused("mojibake", "headings too", "branches", headings, Refused("garbled_headings", rows=(1,)))]


def separators() -> list[Malformed]:
    rows = grid(TABLES["clients"])
    caps = grid(TABLES["caps"])
    no_lists = [[cell.replace("|", "｜") if "|" in cell else cell for cell in row] for row in rows]
    no_lists[1][rows[0].index("interests")] = "art"
    only_art = swapped("clients", ("art|golf", "art"))
    return [
        read_right("separator", "semicolon", "clients", written(rows, ";")),
        read_right("separator", "tab", "clients", written(rows, "\t")),
        Malformed("separator", "bar", "clients", written(no_lists, "|").encode(), Right(only_art)),
        read_right("separator", "tab in gb18030 with chinese headings", "clients", written(grid(in_chinese("clients")), "\t").encode("gb18030")),
        refused(
            "separator",
            "semicolon with decimal commas",
            "clients",
            written(grid(swapped("clients", (",1.5,", ',"1,5",'))), ";"),
            Refused("not_a_number", "deposit_rate_pct", (2,)),
        ),
        refused(
            "separator",
            "two in the headings",
            "caps",
            TABLES["caps"].replace("bank_type,cap_bp,as_of,source", "bank_type;cap_bp,as_of;source"),
            Refused("separator_unclear", rows=(1,)),
        ),
        refused("separator", "another one", "caps", written(caps, "^"), Refused("headings_unknown", rows=(1,))),
        refused(
            "separator",
            "changes in a row",
            "caps",
            TABLES["caps"].replace("deposit_premium,joint_stock,20,2026", "deposit_premium;joint_stock;20;2026"),
            Refused("row_width", rows=(2,)),
        ),
    ]


def lines() -> list[Malformed]:
    plain = TABLES["clients"]
    return [
        read_right("line ends", "windows", "clients", plain.replace("\n", "\r\n")),
        read_right("line ends", "old macs", "clients", plain.replace("\n", "\r")),
        read_right("line ends", "blank lines between", "clients", plain.replace("\nNA,", "\n\n\nNA,")),
        read_right("truncated", "last line without end", "clients", plain.rstrip("\n"), "last_row_open"),
        refused("truncated", "last row short", "clients", plain[: plain.index("650000,1.2") + 6], Refused("row_width", rows=(9,))),
        refused("truncated", "inside a quote", "clients", plain.replace("art|golf", '"art|golf'), Refused("quote_open", rows=(2,))),
        refused("truncated", "a quote to the end of the file", "clients", plain + '"C9,B3,corporate', Refused("quote_open", rows=(10,))),
        refused("truncated", "headings only", "caps", TABLES["caps"].split("\n")[0] + "\n", Refused("table_empty")),
        refused("nul bytes", "at the end of a row", "clients", plain.replace("art|golf", "art|golf\x00"), Refused("nul_bytes", rows=(2,))),
        refused("nul bytes", "a block of them", "caps", TABLES["caps"] + "\x00" * 512, Refused("nul_bytes", rows=(3,))),
        refused("shifted", "1,000 without quotes", "clients", plain.replace("600000,1.5", "600,000,1.5"), Refused("row_width", rows=(2,))),
        refused("shifted", "a name with a comma", "branches", TABLES["branches"].replace("West", "West, new"), Refused("row_width", rows=(3,))),
        refused("shifted", "an index column", "caps", "," + TABLES["caps"].replace("\ndeposit", "\n0,deposit"), Refused("column_without_heading", rows=(2,))),
        refused("quotes", "inside a cell", "branches", TABLES["branches"].replace("West", 'We"st"'), Refused("quote_inside", rows=(3,))),
        refused(
            "quotes",
            "two that swallow rows",
            "branches",
            TABLES["branches"].replace("East", '"East').replace("West", '"West'),
            Refused("quote_inside", rows=(2,)),
        ),
        refused("disguised", "a workbook called csv", "caps", workbook("caps"), Refused("file_disguised")),
    ]


def codes() -> list[Malformed]:
    plain = TABLES["clients"]
    long = "330102199001011234"
    rounded = plain.replace(long, "330102199001011000").replace("330102199001011235", "330102199001012000").replace("C7,", "330102199001013000,")
    return [
        read_right("codes", "wrapped against excel", "clients", plain.replace("\n000123,", '\n="000123",').replace(f"\n{long},", f'\n"=""{long}""",')),
        read_right("codes", "with a tab against excel", "clients", plain.replace(f"\n{long},", f"\n\t{long},")),
        Malformed(
            "codes",
            "called None and nan",
            "clients",
            plain.replace("\nNA,", "\nNone,").replace("\nnull,", "\nnan,").encode(),
            Right(
                plain.replace("\nNA,", "\nNone,").replace("\nnull,", "\nnan,"),
                cells={("None", "branch"): "B2", ("nan", "branch"): "B2", ("000123", "branch"): "B1", ("123", "branch"): "B1"},
            ),
        ),
        refused("codes", "in powers of ten", "clients", plain.replace(long, "3.30102E+17"), Refused("digits_lost", "client", (6,))),
        refused("codes", "rounded to fifteen digits", "clients", rounded, Refused("digits_lost", "client", (6, 7, 8))),
        refused("codes", "with an invisible mark", "clients", plain.replace("\nC7,", "\n\u202dC7,"), Refused("invisible_sign", "client", (8,))),
        refused("codes", "with an apostrophe", "clients", plain.replace(f"\n{long},", f"\n'{long},"), Refused("text_mark", "client", (6,))),
        refused("codes", "twice", "clients", plain.replace("\nC8,", "\nC7,"), Refused("duplicate_key", "client", (8, 9))),
        refused("codes", "with a line break", "clients", plain.replace("\nC8,", '\n"C\n8",'), Refused("line_break", "client", (9,))),
    ]


def headings() -> list[Malformed]:
    scaled = (
        ("600000", "60"),
        ("900000", "90"),
        ("5200000", "520"),
        ("700000", "70"),
        ("800000", "80"),
        ("810000", "81"),
        ("8000000", "800"),
        ("650000", "65"),
    )
    wan = grid(TABLES["clients"])
    place = wan[0].index("deposit_avg_cny")
    amounts = dict(scaled)
    for row in wan[1:]:
        row[place] = amounts[row[place]]
    exact = [list(row) for row in wan]
    exact[1][place] = "1.23"
    truth = grid(TABLES["clients"])
    truth[1][place] = "12300"
    chinese = [[CONTRACTS["clients"].column(name).zh for name in wan[0]], *wan[1:]]

    def headed(rows: list[list[str]], heading: str) -> str:
        return written([[*rows[0][:place], heading, *rows[0][place + 1 :]], *rows[1:]])

    def unit() -> Refused:
        return Refused("heading_unit", "deposit_avg_cny")

    percents = TABLES["responses"].replace("0.05,", "5,").replace("0.04,", "4,").replace("0.03,", "3,").replace("uplift_share", "贡献提升上限（%）")
    return [
        read_right("unit in heading", "wan, full-width brackets", "clients", headed(chinese, "存款年日均（万元）"), "heading_scaled"),
        read_right("unit in heading", "wan, half-width brackets", "clients", headed(chinese, "存款年日均 (单位：万元)"), "heading_scaled"),
        read_right("unit in heading", "CNY 10k", "clients", headed(wan, "Average deposits (CNY 10k)"), "heading_scaled"),
        read_right("unit in heading", "yuan", "clients", in_chinese("clients", units={"deposit_avg_cny": "（元）", "deposit_rate_pct": "（％）"})),
        Malformed(
            "unit in heading",
            "exactly",
            "clients",
            headed(exact, "存款年日均（万元）").encode(),
            Right(written(truth), ("heading_scaled",), {("000123", "deposit_avg_cny"): 12300.0}),
        ),
        read_right("unit in heading", "percent for a share", "responses", percents, "heading_scaled"),
        read_right(
            "unit in heading",
            "cells repeat it",
            "clients",
            headed([chinese[0], *[[*row[:place], row[place] + "万元", *row[place + 1 :]] for row in wan[1:]]], "存款年日均（万元）"),
            "heading_scaled",
        ),
        refused("unit in heading", "dollars", "clients", in_chinese("clients", units={"deposit_avg_cny": "（万美元）"}), unit()),
        refused("unit in heading", "percent for money", "clients", in_chinese("clients", units={"deposit_avg_cny": "(%)"}), unit()),
        refused("unit in heading", "something else in brackets", "clients", in_chinese("clients", units={"deposit_avg_cny": "（2026年）"}), unit()),
        refused(
            "unit in heading",
            "cells say another",
            "clients",
            headed([chinese[0], [*chinese[1][:place], "60亿元", *chinese[1][place + 1 :]], *chinese[2:]], "存款年日均（万元）"),
            Refused("unit_in_cell", "deposit_avg_cny", (2,)),
        ),
        refused(
            "unit in heading",
            "cells say wan alone",
            "clients",
            headed([chinese[0], [*chinese[1][:place], "60万", *chinese[1][place + 1 :]], *chinese[2:]], "存款年日均（万元）"),
            Refused("unit_in_cell", "deposit_avg_cny", (2,)),
        ),
        refused(
            "headings", "two for one column", "clients", TABLES["clients"].replace("since", "存款年日均（万元）"), Refused("heading_twice", "deposit_avg_cny")
        ),
        refused("headings", "a title above them", "branches", "支行清单,,,\n" + TABLES["branches"], Refused("headings_unknown", rows=(1,))),
        refused("headings", "none", "branches", TABLES["branches"].split("\n", 1)[1], Refused("headings_unknown", rows=(1,))),
    ]


def numbers() -> list[Malformed]:
    money = ("600000,1.5", "deposit_avg_cny")
    same = {
        "grouped": '"600,000"',
        "grouped with decimals": '"600,000.00"',
        "full-width": "６０００００",
        "full-width comma": "600，000",
        "yuan sign": "¥600000",
        "full-width yuan sign": '"￥600,000.00"',
        "yuan behind": "600000元",
        "wan behind": "60万",
        "wan with decimals": "60.0 万元",
        "odd spaces": "\u00a0600000\u3000",
        "a plus sign": "+600000",
        "in powers of ten": "6e5",
    }
    wrong = {
        "european": '"600.000,00"',
        "grouped by fours": '"60,0000"',
        "grouped by a space": "600 000",
        "dollars": "$600000",
        "letters": "6O0000",
        "superscript": "6⁵00000",
        "approximately": "约600000",
        "a dash": "—",
        "a word for none": "无",
        "a date": "2026-10-31",
        "a range": "500000~600000",
        "decimal comma": '"0,600"',
    }
    rows = grid(TABLES["clients"])
    consent = rows[0].index("consent")

    def with_contribution(cell: str) -> str:
        return written(
            [
                [*rows[0][:consent], "contribution_cny", *rows[0][consent:]],
                *[[*row[:consent], cell if row[0] == "000123" else "", *row[consent:]] for row in rows[1:]],
            ]
        )

    minus = [
        Malformed(
            "negatives", name, "clients", with_contribution(cell).encode(), Right(with_contribution("-1234.5"), cells={("000123", "contribution_cny"): -1234.5})
        )
        for name, cell in (
            ("in brackets", "(1,234.50)"),
            ("full-width brackets", "（1234.5）"),
            ("trailing sign", "1234.5-"),
            ("full-width sign", "－１２３４．５"),
            ("mathematical sign", "−1,234.5"),
            ("sign before the currency", "-¥1,234.50"),
        )
    ]
    return [
        *(read_right("numbers", name, "clients", TABLES["clients"].replace(money[0], f"{cell},1.5", 1)) for name, cell in same.items()),
        *(
            refused("numbers", name, "clients", TABLES["clients"].replace(money[0], f"{cell},1.5", 1), Refused("not_a_number", money[1], (2,)))
            for name, cell in wrong.items()
        ),
        *minus,
        refused("negatives", "twice", "clients", with_contribution("-(1,234.5)"), Refused("not_a_number", "contribution_cny", (2,))),
        refused("negatives", "bracket left open", "clients", with_contribution("(1234.5"), Refused("not_a_number", "contribution_cny", (2,))),
        refused("not finite", "nan", "clients", with_contribution("NaN"), Refused("not_finite", "contribution_cny", (2,))),
        refused("not finite", "beyond all numbers", "clients", with_contribution("1e999"), Refused("not_finite", "contribution_cny", (2,))),
        refused("error cells", "as text in a csv file", "clients", with_contribution("#N/A"), Refused("not_a_number", "contribution_cny", (2,))),
        read_right("percent", "in a percent column", "clients", TABLES["clients"].replace("600000,1.5", "600000,1.5%")),
        read_right("percent", "full-width, in a percent column", "clients", TABLES["clients"].replace("600000,1.5", "600000,１．５％")),
        read_right("percent", "in a share column", "responses", TABLES["responses"].replace("0.05,", "5%,")),
        refused(
            "percent", "in a column of money", "clients", TABLES["clients"].replace("600000,", "600000%,"), Refused("unit_in_cell", "deposit_avg_cny", (2,))
        ),
        refused("percent", "in a count", "managers", TABLES["managers"].replace("M1,B1,4", "M1,B1,4%"), Refused("unit_in_cell", "grade", (2,))),
        refused(
            "percent", "yuan in a share column", "responses", TABLES["responses"].replace("0.05,", "0.05元,"), Refused("unit_in_cell", "uplift_share", (2,))
        ),
    ]


def dates() -> list[Malformed]:
    day = "2019-03-01"
    same = {
        "slashes": "2019/3/1",
        "points": "2019.03.01",
        "chinese": "2019年3月1日",
        "without signs": "20190301",
        "full-width": "２０１９－０３－０１",
        "with midnight": "2019-03-01 00:00:00",
    }
    wrong = {
        "day first": ("01/03/2019", "date_order"),
        "day first, dashes": ("1-3-19", "date_order"),
        "serial number": ("43525", "date_serial"),
        "no such day": ("2019-02-30", "not_a_date"),
        "month thirteen": ("20191301", "not_a_date"),
        "no day": ("2019-03", "not_a_date"),
        "with a time": ("2019-03-01 12:30", "not_a_date"),
        "year zero": ("0000-00-00", "not_a_date"),
        "mixed signs": ("2019-03/01", "not_a_date"),
        "month in letters": ("1-Mar-2019", "not_a_date"),
    }
    return [
        *(read_right("dates", name, "clients", TABLES["clients"].replace(day, cell)) for name, cell in same.items()),
        *(refused("dates", name, "clients", TABLES["clients"].replace(day, cell), Refused(code, "since", (2,))) for name, (cell, code) in wrong.items()),
    ]


def words() -> list[Malformed]:
    flags = "true,false,female"
    return [
        read_right("words", "chinese", "clients", TABLES["clients"].replace(flags, "是,否,女").replace("B1,personal", "B1,个人")),
        read_right("words", "capitals and full-width letters", "clients", TABLES["clients"].replace(flags, "ＴＲＵＥ,N,Female")),
        refused("words", "unknown yes", "clients", TABLES["clients"].replace(flags, "√,false,female"), Refused("not_yes_no", "consent", (2,))),
        refused("words", "unknown choice", "clients", TABLES["clients"].replace(flags, "true,false,妇女"), Refused("not_a_choice", "sex", (2,))),
        refused("lists", "another separator", "clients", TABLES["clients"].replace("art|golf", "art、golf"), Refused("not_a_list", "interests", (2,))),
        refused("lists", "months by commas", "events", TABLES["events"].replace("3|4|9", '"3,4,9"'), Refused("not_a_month", "months", (2,))),
    ]


def workbook(table: str, change: Callable[[Worksheet], None] | None = None, from_1904: bool = False) -> bytes:
    """The table as an .xlsx file, cells as text, with a change made to its sheet."""
    book = openpyxl.Workbook()
    if from_1904:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    for row in grid(TABLES[table]):
        sheet.append([cell or None for cell in row])
    if change:
        change(sheet)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def put(place: str, value: object, number_format: str = "General", error: bool = False) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        sheet[place] = value
        sheet[place].number_format = number_format
        if error:
            sheet[place].data_type = "e"

    return change


def sheets() -> list[Malformed]:
    def xlsx(kind: Kind, name: str, change: Callable[[Worksheet], None], outcome: Refused | Right, **more: bool) -> Malformed:
        return Malformed(kind, name, "clients", workbook("clients", change, **more), outcome, ".xlsx")

    def numbered(sheet: Worksheet) -> None:
        for row in range(2, 10):
            sheet[f"A{row}"] = 100 + row

    def hidden_rows(sheet: Worksheet) -> None:
        sheet.insert_rows(4, 2)
        sheet.row_dimensions[4].hidden = True

    def titled(sheet: Worksheet) -> None:
        sheet.insert_rows(1)
        sheet["A1"] = "客户清单"
        sheet.merge_cells("A1:N1")

    clients = Right(TABLES["clients"])
    renumbered = grid(TABLES["clients"])
    for row, line in enumerate(renumbered[1:], 2):
        line[0] = str(100 + row)
    day = datetime.date(2019, 3, 1)
    return [
        xlsx("dates", "typed", put("N2", day, "yyyy-mm-dd"), clients),
        xlsx("dates", "typed, counted from 1904", put("N2", day, "yyyy-mm-dd"), clients, from_1904=True),
        xlsx("dates", "serial number not typed as a date", put("N2", 43525), Refused("date_serial", "since", (2,))),
        xlsx("dates", "typed in a column of money", put("D2", day, "yyyy-mm-dd"), Refused("not_a_number", "deposit_avg_cny", (2,))),
        xlsx("percent", "a cell shown as percent", put("E2", 0.015, "0.00%"), clients),
        xlsx("percent", "a cell shown as percent in money", put("D2", 6000, "0%"), Refused("unit_in_cell", "deposit_avg_cny", (2,))),
        xlsx("error cells", "#N/A", put("F3", "#N/A", error=True), Refused("error_cell", rows=(3,))),
        xlsx("error cells", "#REF! in a needed column", put("D3", "#REF!", error=True), Refused("error_cell", rows=(3,), also=("value_missing",))),
        xlsx("formulas", "never calculated", put("F3", "=50000+50000"), Refused("formula_uncalculated", rows=(3,))),
        Malformed("formulas", "with their result", "clients", calculated(), clients, ".xlsx"),
        xlsx("merged cells", "in a column", lambda sheet: sheet.merge_cells("B2:B3"), Refused("merged_cells", rows=(2, 3), also=("value_missing",))),
        xlsx(
            "merged cells",
            "a title above the headings",
            titled,
            Refused("merged_cells", rows=(1,), also=("column_missing", "column_missing_near", "column_without_heading")),
        ),
        xlsx("merged cells", "headings", lambda sheet: sheet.merge_cells("M1:N1"), Refused("merged_cells", rows=(1,), also=("column_without_heading",))),
        xlsx("hidden rows", "empty", hidden_rows, clients),
        xlsx("codes", "of 18 digits as numbers", put("A6", 330102199001011234), Refused("digits_lost", "client", (6,))),
        xlsx("codes", "as numbers beside 000123", put("A3", 123), Refused("zeros_lost", "client", (3,))),
        Malformed("codes", "all as numbers", "clients", workbook("clients", numbered), Right(written(renumbered), ("code_as_number",)), ".xlsx"),
        Malformed(
            "disguised", "a web page called xls", "caps", b"<html><table><tr><td>product</td></tr></table></html>", Refused("workbook_disguised"), ".xls"
        ),
        Malformed("disguised", "a damaged workbook", "caps", workbook("caps")[:700], Refused("table_unreadable"), ".xlsx"),
        xlsx("too large", "a stray cell in the last corner", put("XFD1048576", "x"), Refused("sheet_too_large")),
        Malformed("macros", "xlsm", "clients", workbook("clients"), clients, ".xlsm"),
    ]


def calculated() -> bytes:
    """A workbook whose F3 is a formula with the result Excel keeps beside it."""
    plain = BytesIO(workbook("clients", put("F3", "=50000+50000")))
    out = BytesIO()
    with zipfile.ZipFile(plain) as package, zipfile.ZipFile(out, "w") as kept:
        for name in package.namelist():
            content = package.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content, count = re.subn(rb"(<f>50000[+]50000</f>)<v ?(?:></v>|/>)", rb"\1<v>100000</v>", content)
                assert count == 1
            kept.writestr(name, content)
    return out.getvalue()


def old_sheets() -> list[Malformed]:
    def xls(kind: Kind, name: str, outcome: Refused | Right, **cells: object) -> Malformed:
        rows: list[list[object]] = [list(row) for row in grid(TABLES["clients"])]
        for place, value in cells.items():
            rows[int(place[1:]) - 1][ord(place[0]) - 65] = value
        return Malformed(kind, name, "clients", old_excel.workbook(rows), outcome, ".xls")  # type: ignore[arg-type]

    clients = Right(TABLES["clients"])
    sound = old_excel.workbook(grid(TABLES["caps"]))
    size = struct.pack("<HHII", 0x200, 14, 0, 2)
    assert sound.count(size) == 1
    return [
        Malformed(
            "too large", "a sheet of damaged size", "caps", sound.replace(size, struct.pack("<HHII", 0x200, 14, 0, 2**31)), Refused("table_unreadable"), ".xls"
        ),
        Malformed("too large", "a damaged count of sectors", "caps", sound[:44] + b"\xff\xff\xff\x7f" + sound[48:], Refused("table_unreadable"), ".xls"),
        xls(
            "old workbook", "text, numbers, percent and dates", clients, D2=600000, E2=Shown(0.015, old_excel.PERCENT), I2=True, N2=Shown(43525, old_excel.DATE)
        ),
        xls("old workbook", "an error cell", Refused("error_cell", rows=(3,)), F3=Shown(error=True)),
        xls("old workbook", "serial number of a date", Refused("date_serial", "since", (2,)), N2=43525),
        xls("old workbook", "18 digits as a number", Refused("digits_lost", "client", (6,)), A6=330102199001011234),
        Malformed("old workbook", "cut off", "clients", old_excel.workbook(grid(TABLES["clients"]))[:2000], Refused("table_unreadable"), ".xls"),
    ]


MAKERS = (encodings, mojibake, separators, lines, codes, headings, numbers, dates, words, sheets, old_sheets)
CORPUS: tuple[Malformed, ...] = tuple(case for maker in MAKERS for case in maker())
