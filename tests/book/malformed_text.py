"""CSV files with another encoding, separator, line end, quote, code or heading than planned for."""

from malformed_case import Malformed, Refused, Right, grid, in_chinese, read_right, refused, swapped, workbook, written
from small_bank import TABLES

from planning.book.contracts import CONTRACTS


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
        refused("codes", "through a float", "clients", plain.replace("\nC7,", "\n1007.0,"), Refused("code_fraction", "client", (8,))),
        refused("error cells", "as a code", "branches", TABLES["branches"].replace("B2,north", "B2,#REF!"), Refused("error_cell", "region", (3,))),
        refused("error cells", "in a list", "clients", plain.replace("art|golf", "#N/A"), Refused("error_cell", "interests", (2,))),
        refused("codes", "with a line separator", "clients", plain.replace("\nC7,", "\nC\u20287,"), Refused("invisible_sign", "client", (8,))),
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
        read_right(
            "headings", "with hyphens, blanks and capitals", "clients", TABLES["clients"].replace("opt_out", "Opt-Out").replace("loan_avg_cny", "Loan avg CNY")
        ),
        read_right("headings", "wrapped", "clients", in_chinese("clients").replace("存款年日均", '"存款\n年日均"')),
        read_right("headings", "with invisible signs", "clients", TABLES["clients"].replace("opt_out", "\u200bopt_out\ufeff")),
        read_right("headings", "behind two byte order marks", "clients", "\ufeff\ufeff" + TABLES["clients"]),
        refused("headings", "a title above them", "branches", "支行清单,,,\n" + TABLES["branches"], Refused("headings_unknown", rows=(1,))),
        refused("headings", "none", "branches", TABLES["branches"].split("\n", 1)[1], Refused("headings_unknown", rows=(1,))),
    ]
