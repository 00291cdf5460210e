"""Plans made by hand: read as they are meant, in any heading and file, or refused with place and remedy."""

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from planning.book.book import Book
from planning.errors import DataFaults
from planning.plan.hand_made import HandMade, read_hand_made
from planning.report.i18n import sentence
from tests.optimise.books import drawn

HEADS = {
    "code": ("host", "event", "month", "sessions", "locked"),
    "zh": ("主办方", "活动", "月份", "场次", "锁定"),
    "en": ("Host", "Event", "Month", "Sessions", "Locked"),
}


@pytest.fixture(scope="module")
def bank() -> Book:
    """Events e0 (region), e1 (branch), e2 (branch) of two branches."""
    book = drawn(3)
    book.tables["events"]["host"] = ["region", "branch", "centre"]
    return book


def written(folder: Path, text: str, name: str = "mine.csv") -> Path:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("heads", HEADS.values(), ids=HEADS)
def test_headings_of_both_languages_and_codes_are_understood(tmp_path: Path, bank: Book, heads: tuple[str, ...]) -> None:
    file = written(tmp_path, ",".join(heads) + "\nb0,e1,3,2,是\nr0,e0,5,1,no\n")
    hand = read_hand_made(file, bank)
    assert [(row.host, row.host_level, row.event, row.month, row.sessions) for row in hand.sessions] == [
        ("b0", "branch", "e1", 3, 2),
        ("r0", "region", "e0", 5, 1),
    ]
    assert [row.host for row in hand.locked_sessions] == ["b0"]


def test_names_stand_for_codes_and_what_is_locked_at_none_is_kept(tmp_path: Path, bank: Book) -> None:
    hand = read_hand_made(written(tmp_path, "host,event,month,sessions,locked\n支行1,Event 1,3,0,yes\ncentre,活动2,4,1,\n总行,e2,5,1,\n"), bank)
    assert [(row.host, row.event) for row in hand.sessions] == [("centre", "e2"), ("centre", "e2")]
    assert [(row.host, row.event, row.sessions) for row in hand.locked_sessions] == [("b1", "e1", 0)]


FILES = {
    "folder": lambda folder, rows: [written(folder, "host,event,month,sessions\n" + rows, "sessions.csv"), written(folder, LADDER, "ladder.csv")] and folder,
    "workbook": lambda folder, rows: _workbook(folder / "plan.xlsx", rows),
    "json": lambda folder, rows: _json(folder / "plan.json", rows),
    "folder of a published plan": lambda folder, rows: _json(folder / "plan.json", rows).parent,
}
LADDER = "region,tier,kind,concession,level,locked\nr0,gold,个人,fee_waiver,1,1\n"


def _workbook(file: Path, rows: str) -> Path:
    book = Workbook()
    for name, text in (("场次安排", "host,event,month,sessions\n" + rows), ("LADDER", LADDER)):
        sheet = book.create_sheet(name)
        for line in text.split():
            sheet.append([int(cell) if cell.isdigit() else cell for cell in line.split(",")])
    book.save(file)
    return file


def _json(file: Path, rows: str) -> Path:
    sessions = [dict(zip(("host", "event", "month", "sessions"), line.split(","), strict=True)) for line in rows.split()]
    ladder = [{"region": "r0", "tier": "gold", "kind": "personal", "concession": "fee_waiver", "level": 1, "gain_cny": 3.5, "locked": True}]
    plain = [{**row, "month": int(row["month"]), "sessions": int(row["sessions"]), "host_level": "branch"} for row in sessions]
    file.write_text(json.dumps({"sessions": plain, "attendances": [], "ladder": ladder}), encoding="utf-8")
    return file


@pytest.mark.parametrize("kind", FILES)
def test_every_kind_of_file_says_the_same(tmp_path: Path, bank: Book, kind: str) -> None:
    hand = read_hand_made(FILES[kind](tmp_path, "b0,e1,3,2\nb1,e1,4,1\n"), bank)
    assert [(row.host, row.month, row.sessions) for row in hand.sessions] == [("b0", 3, 2), ("b1", 4, 1)]
    assert [(row.kind, row.level) for row in hand.ladder] == [("personal", 1)]
    assert hand.locked_levels == hand.ladder
    assert hand.attendances == ()


MISTAKES = [
    ("host,event,month,sessions\nb0,e1,3,1\nb9,e1,3,1\n", "plan_code_unknown", "host", (3,), "b9"),
    ("host,event,month,sessions\nb0,Evnt 1,3,1\n", "plan_code_unknown_near", "event", (2,), "Event 1"),
    ("host,event,month,sessions\nb0,e1,3,1\nb0,e0,3,1\nb1,e0,4,1\n", "plan_host_not_region", "host", (3,), "e0"),
    ("host,event,month,sessions\nb0,e1,13,1\n", "out_of_bounds", "month", (2,), "13"),
    ("host,event,month,sessions\nb0,e1,3,1.5\n", "not_whole", "sessions", (2,), "1.5"),
    ("host,event,month,sessions\nb0,e1,3,-500\n", "out_of_bounds", "sessions", (2,), "-500"),
    ("host,event,month,sessions\nb0,e1,3,1\n支行0,e1,3,2\n", "duplicate_key", "host", (2, 3), "b0"),
    ("host,event,month,sessions,locked\nb0,e1,3,1,perhaps\n", "not_yes_no", "locked", (2,), "perhaps"),
    ("host,evnt,month,sessions\nb0,e1,3,1\n", "column_missing_near", "event", (), "evnt"),
    ("host,event,month,sessions\nb0,e1,3,\n", "value_missing", "sessions", (2,), ""),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake[1])
def test_a_mistake_is_told_with_column_row_and_remedy(tmp_path: Path, bank: Book, mistake: tuple[str, str, str, tuple[int, ...], str]) -> None:
    text, code, column, rows, word = mistake
    with pytest.raises(DataFaults) as told:
        read_hand_made(written(tmp_path, text), bank)
    fault = next(fault for fault in told.value.faults if fault.code == code)
    assert (fault.table, fault.column, fault.rows) == ("sessions", column, rows)
    for lang in ("zh", "en"):
        assert word in sentence(fault, lang)
        assert {"zh": "场次安排", "en": "Sessions"}[lang] in sentence(fault, lang)


def test_a_level_that_no_concession_has_is_told(tmp_path: Path, bank: Book) -> None:
    with pytest.raises(DataFaults) as told:
        read_hand_made(
            written(tmp_path, "region,tier,kind,concession,level\nr0,gold,personal,fee_waiver,1\nr0,gold,personal,fee waver,1\n", "ladder.csv"), bank
        )
    assert [fault.code for fault in told.value.faults] == ["not_a_choice"]
    with pytest.raises(DataFaults) as told:
        read_hand_made(written(tmp_path, "region,tier,kind,concession,level\nr0,gold,personal,fee_waiver,7\n", "ladder.csv"), bank)
    assert [(fault.code, fault.rows) for fault in told.value.faults] == [("plan_level_unknown", (2,))]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("mine.docx", "x", "plan_file_kind"),
        ("plan.json", "{", "plan_json_unreadable"),
        ("plan.json", '{"sessions": [3]}', "plan_json_unreadable"),
        ("plan.json", "{}", "plan_file_without_tables"),
        ("plan.xlsx", "no workbook", "table_unreadable"),
        ("attendances.csv", "branch,tier,kind,host,event,month,attendances\n", "plan_file_without_tables"),
    ],
)
def test_a_file_that_holds_no_plan_is_refused(tmp_path: Path, bank: Book, name: str, text: str, code: str) -> None:
    with pytest.raises(DataFaults) as told:
        read_hand_made(written(tmp_path, text, name), bank)
    assert [fault.code for fault in told.value.faults] == [code]
    with pytest.raises(DataFaults) as told:
        read_hand_made(tmp_path / "nowhere.xlsx", bank)
    assert [fault.code for fault in told.value.faults] == ["plan_file_missing"]


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path, bank: Book) -> None:
    """A CSV file carries it with an apostrophe, which is taken off again."""
    bank.tables["branches"].loc[0, "name_zh"] = "=cmd"
    try:
        hand: HandMade = read_hand_made(written(tmp_path, "host,event,month,sessions\n'=cmd,e1,3,1\n"), bank)
        assert [row.host for row in hand.sessions] == ["b0"]
    finally:
        bank.tables["branches"].loc[0, "name_zh"] = "支行0"
