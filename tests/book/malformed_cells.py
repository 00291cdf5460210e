"""CSV files whose numbers, dates and words are written in other ways, clear or unclear."""

from malformed_case import Malformed, Refused, Right, grid, read_right, refused, written
from small_bank import TABLES


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
        refused("too large", "more than all banks together", "clients", with_contribution("-1e17"), Refused("out_of_bounds", "contribution_cny", (2,))),
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
        "with midnight as excel writes it": "2019/3/1 0:00",
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
        refused("lists", "garbled", "clients", TABLES["clients"].replace("art|golf", "鑹烘湳|golf"), Refused("garbled", "interests", (2,))),
        refused("lists", "bars alone", "events", TABLES["events"].replace("gold|diamond", "|"), Refused("value_missing", "tiers", (2,))),
        refused("lists", "months of bars alone", "events", TABLES["events"].replace("3|4|9", "||"), Refused("value_missing", "months", (2,))),
        refused("lists", "a month of five thousand digits", "events", TABLES["events"].replace("3|4|9", "1" * 5000), Refused("not_a_month", "months", (2,))),
        refused("lists", "months by commas", "events", TABLES["events"].replace("3|4|9", '"3,4,9"'), Refused("not_a_month", "months", (2,))),
    ]
