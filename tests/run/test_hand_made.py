"""The template, the score and the locked lines from the command line: files, exit codes, sentences, and what reaches the plan."""

import json
import shutil
import sys
from pathlib import Path

import openpyxl
import pytest

from planning import policy
from planning.book.intake import read_book
from planning.book.sample import write_sample
from planning.catalogue.offer import offer
from planning.cli import main
from planning.errors import DataFaults
from planning.plan.make import make_plan
from planning.plan.plan import Plan
from planning.report.cards import ladder, year
from planning.report.sheet import Sheet
from planning.report.template import template
from planning.run import params
from planning.run.render import Order
from planning.run.scoring import locked_pairs, published_plan
from planning.run.workbook import csv_text, workbook

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "annual_plan.ipynb"


@pytest.fixture(scope="module")
def tiny_bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one branch and 150 clients."""
    folder = tmp_path_factory.mktemp("tiny_bank")
    write_sample(folder, branches=1, clients=150)
    return folder


@pytest.fixture(scope="module")
def published(tiny_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan of the bank as it is published, its plan.json alone."""
    rules = policy.read(tiny_bank / "policy.toml").with_parameters({"gap": 0.05})
    made = make_plan(read_book(tiny_bank, rules), rules, "annual-2027", lambda *_: None)
    folder = tmp_path_factory.mktemp("published")
    (folder / "plan.json").write_text(made.plan.to_json(), encoding="utf-8")
    return folder


@pytest.fixture
def here(tiny_bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(tiny_bank, tmp_path / "data" / "ours")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    return tmp_path


@pytest.fixture
def planning(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    assert here == Path.cwd()

    def called(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["planning", *arguments, "--data", "ours"])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return called


def test_a_template_filled_from_a_plan_scores_as_the_plan_in_both_languages(here: Path, planning, published: Path) -> None:
    plan = published_plan(published)
    for lang, equal in (("zh", "净值与已知最好的计划相同"), ("en", "is that of the best plan known")):
        to = here / f"{lang}.xlsx"
        assert planning("export", "--template", "--plan", str(published), "--to", str(to), "--lang", lang)[0] == 0
        assert openpyxl.load_workbook(to).sheetnames == ["sessions", "attendances", "ladder", "guide"]
        code, out, err = planning("score", str(to), "--plan", str(published), "--lang", lang)
        assert (code, err) == (0, "")
        assert equal in out
        assert f"{round(plan.totals.event_cny):,}" in out
        assert "HiGHS" not in out


def test_nothing_is_written_over_and_a_mistake_in_the_file_is_exit_2(here: Path, planning) -> None:
    assert planning("export", "--template", "--to", "mine")[0] == 0
    assert {path.name for path in (here / "mine").iterdir()} == {"sessions.csv", "attendances.csv", "ladder.csv", "guide.csv"}
    for lang, words in (("zh", "不予覆盖"), ("en", "not written over")):
        code, out, err = planning("export", "--template", "--to", "mine", "--lang", lang)
        assert (code, out) == (2, "")
        assert words in err
    assert planning("export")[0] == 2
    (here / "mine" / "sessions.csv").write_text("Host,Event,Month,Sessions\nB0001,medical_dya,5,1\n", encoding="utf-8")
    for lang, words in (("zh", ("medical_day", "第 2 行")), ("en", ("medical_day", "row 2"))):
        code, out, err = planning("score", "mine", "--lang", lang)
        assert (code, out) == (2, "")
        assert all(word in err for word in words)


def test_a_plan_that_breaks_rules_is_scored_and_exit_is_0(here: Path, planning, published: Path) -> None:
    """A visit to a closed month, and no ladder at all."""
    (here / "sessions.csv").write_text("主办方,活动,月份,场次\ncentre,concert,1,9\n", encoding="utf-8")
    code, out, _ = planning("score", "sessions.csv", "--plan", str(published))
    assert code == 0
    assert "E5" in out
    assert "只在可办的月份举办" in out
    assert "没有守住规则" in out


def test_the_locked_rows_of_a_file_are_what_the_plan_keeps(here: Path, published: Path) -> None:
    """As `planning render --locked` lays them: one session moved to another month, one level taken away."""
    plan = published_plan(published)
    folder = here / "data" / "ours"
    rules = policy.read(folder / "policy.toml")
    book = read_book(folder, rules)
    event = next(event for event in offer(book, rules).events if event.event == plan.sessions[0].event)
    row = plan.sessions[0]
    month = next(month for month in event.months if month not in {other.month for other in plan.sessions if (other.host, other.event) == (row.host, row.event)})
    step = next(step for step in plan.ladder if step.level and step.tier == next(iter(sorted({one.tier for one in plan.ladder}))))
    (here / "draft").mkdir()
    (here / "draft" / "sessions.csv").write_text(f"host,event,month,sessions,locked\n{row.host},{row.event},{month},1,yes\n", encoding="utf-8")
    ladder_line = ",".join((step.region, step.tier, step.kind, step.concession, "0", "yes"))
    (here / "draft" / "ladder.csv").write_text(f"region,tier,kind,concession,level,locked\n{ladder_line}\n", encoding="utf-8")
    pairs = locked_pairs(here / "draft", Order(NOTEBOOK, here / "outputs", data="ours"))
    locked = rules.with_parameters({**params.parsed(pairs), "gap": 0.05})
    assert [(line.host, line.event, line.month, line.sessions) for line in locked.frozen.sessions] == [(row.host, row.event, month, 1)]
    made = make_plan(book, locked, "locked", lambda *_: None)
    assert [one.sessions for one in made.plan.sessions if (one.host, one.event, one.month) == (row.host, row.event, month)] == [1]
    assert (
        next(one.level for one in made.plan.ladder if (one.region, one.tier, one.kind, one.concession) == (step.region, step.tier, step.kind, step.concession))
        == 0
    )
    assert made.plan.totals.value_cny <= plan.solve.bound + 0.01
    assert (made.locked_sessions, made.locked_levels) == (1, 1)
    assert next(line for line in made.rules if line.code == "frozen").number == "R1"
    assert "规划前已锁定" in year(made, "zh").html("zh")
    assert "locked before planning" in ladder(made, "en").html("en")


def test_a_file_without_a_locked_row_locks_nothing(here: Path) -> None:
    (here / "sessions.csv").write_text("host,event,month,sessions,locked\nB0001,medical_day,5,1,no\n", encoding="utf-8")
    with pytest.raises(DataFaults) as told:
        locked_pairs(here / "sessions.csv", Order(NOTEBOOK, here / "outputs", data="ours"))
    assert [fault.code for fault in told.value.faults] == ["plan_nothing_locked"]


def test_cells_are_typed_text_stays_text_and_the_same_sheets_are_the_same_bytes(tmp_path: Path) -> None:
    sheet = Sheet("sessions", ("Host", "Amount"), (("=1+1", -500), ("＋86", 2.5), ("007", 0)), (0,))
    content = workbook([sheet])
    assert content == workbook([sheet])
    (tmp_path / "a.xlsx").write_bytes(content)
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")["sessions"]
    assert [[(cell.value, cell.data_type) for cell in row] for row in page.iter_rows(min_row=2)] == [
        [("=1+1", "s"), (-500, "n")], [("＋86", "s"), (2.5, "n")], [("007", "s"), (0, "n")],
    ]  # fmt: skip
    assert page.column_dimensions["A"].number_format == "@"
    assert csv_text(sheet) == "Host,Amount\n'=1+1,-500\n'＋86,2.5\n007,0\n"


def test_the_guide_lists_every_code_a_plan_may_name(tiny_bank: Path) -> None:
    rules = policy.read(tiny_bank / "policy.toml")
    book = read_book(tiny_bank, rules)
    offered = offer(book, rules)
    for lang in ("zh", "en"):
        guide = template(book, offered, None, lang)[-1]
        named = {row[1] for row in guide.rows if len(row) == 4}
        assert {*offered.branches, *offered.region_names, *offered.tiers, "centre", "personal", "fee_waiver"} <= named
        assert {event.event for event in offered.events} <= named


def test_a_plan_written_before_there_were_locked_lines_is_read_and_judged(tiny_bank: Path, published: Path) -> None:
    from planning.run.verify import verify

    raw = json.loads((published / "plan.json").read_text(encoding="utf-8"))
    del raw["policy"]["frozen"]
    older = published.parent / "older"
    older.mkdir(exist_ok=True)
    (older / "plan.json").write_text(json.dumps(raw), encoding="utf-8")
    assert verify(older, tiny_bank).places > 0
    assert Plan.from_json(json.dumps(raw)).data_hash == raw["data_hash"]
