"""planning export: the workbook and the PDF of a published plan from the command line: files, exit codes, sentences, the folder untouched."""

import hashlib
import json
import os
import shutil
import stat
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from planning import policy
from planning.book.intake import read_book
from planning.book.sample import write_sample
from planning.cli import main
from planning.errors import RunFailed
from planning.plan.make import make_plan
from planning.plan.plan import Plan
from planning.run import browser as browsers

TINY_PDF = b"%PDF-1.4 1 0 obj <</Type /Pages>> 2 0 obj <</Type /Page>> <</CreationDate (D:20261125045801+00'00')>> %%EOF"


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with a bank of one branch and its published plan."""
    place = tmp_path_factory.mktemp("bank")
    write_sample(place / "data" / "ours", branches=1, clients=150)
    rules = policy.read(place / "data" / "ours" / "policy.toml").with_parameters({"gap": 0.05})
    made = make_plan(read_book(place / "data" / "ours", rules), rules, "annual-2027", lambda *_: None)
    folder = place / "outputs" / "annual-2027"
    folder.mkdir(parents=True)
    (folder / "plan.json").write_text(made.plan.to_json(), encoding="utf-8")
    told = {"notebook": "annual_plan.ipynb", "finished": "2026-11-25T01:00:00+08:00", "data": "ours"}
    (folder / "run.json").write_text(json.dumps(told), encoding="utf-8")
    for lang in ("zh", "en"):
        (folder / f"plan.{lang}.html").write_text(f"<!doctype html><title>{lang}</title><p>计划", encoding="utf-8")
    return place


@pytest.fixture
def here(bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(bank, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    return tmp_path / "work"


@pytest.fixture
def planning(here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    assert here == Path.cwd()

    def called(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["planning", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return called


def marks(folder: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir()}


def stand_in(here: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    """A browser that is a program of three lines, given the same arguments as the real one."""
    program = here / "browser"
    program.write_text(f"#!{sys.executable}\nimport os, sys, time\nto = next(a for a in sys.argv if a.startswith('--print-to-pdf='))[15:]\n{does}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv(browsers.NAMED, str(program))


def test_the_latest_plan_is_written_in_both_languages_and_nothing_is_written_over(here: Path, planning) -> None:
    folder = here / "outputs" / "annual-2027"
    before = marks(folder)
    code, out, err = planning("export", "--lang", "zh,en")
    assert (code, err) == (0, "")
    assert "plan.zh.xlsx" in out
    assert "plan.en.xlsx" in out
    assert planning("export", "--to", "again.xlsx")[0] == 0
    assert (here / "again.xlsx").read_bytes() == (here / "plan.zh.xlsx").read_bytes()
    assert marks(folder) == before
    for lang, words in (("zh", "不予覆盖"), ("en", "not written over")):
        code, out, err = planning("export", "--to", "again.xlsx", "--lang", lang)
        assert (code, out) == (2, "")
        assert words in err
    plan = Plan.from_json((folder / "plan.json").read_text(encoding="utf-8"))
    for lang, total, spend in (("zh", "合计", "投入合计（元）"), ("en", "Total", "Spending (CNY)")):
        book = openpyxl.load_workbook(here / f"plan.{lang}.xlsx")
        for page in book.worksheets[1:4]:
            last = dict(zip((cell.value for cell in page[1]), (cell.value for cell in page[page.max_row]), strict=True))
            assert last[page.cell(1, 1).value] == total
            assert last[spend] == pytest.approx(plan.totals.event_cny + plan.totals.concession_cny, abs=0.011)
    calendar, seats = (openpyxl.load_workbook(here / "plan.en.xlsx")[name] for name in ("Calendar", "Attendances"))
    assert calendar.cell(calendar.max_row, 6).value == sum(row.sessions for row in plan.sessions)
    assert seats.cell(seats.max_row, seats.max_column).value == sum(round(row.attendances) for row in plan.attendances)

    clients = (here / "data" / "ours" / "clients.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    ids = {line.split(",")[0] for line in clients}
    cells = {str(cell.value) for page in openpyxl.load_workbook(here / "plan.en.xlsx") for row in page.iter_rows() for cell in row}
    assert len(ids) == 150
    assert not ids & cells


def test_what_changed_since_the_version_kept_beside_the_plan_has_a_sheet(here: Path, planning) -> None:
    folder = here / "outputs" / "annual-2027"
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    for name, kept in (("first", None), ("compared", {**plan, "sessions": plan["sessions"][1:]}), ("unreadable", None)):
        if name != "first":
            (folder / "former.json").write_text(json.dumps(kept), encoding="utf-8")
        assert planning("export", "--to", f"{name}.xlsx", "--lang", "en")[0] == 0
    told = {name: openpyxl.load_workbook(here / f"{name}.xlsx")["Changes"] for name in ("first", "compared", "unreadable")}
    assert "first version" in str(told["first"]["B2"].value)
    assert "cannot be read" in str(told["unreadable"]["B2"].value)
    assert "Lines of the calendar that changed" in {cell.value for cell in told["compared"]["A"]}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--to", "plan.xlsx", "--lang", "en,zh"), 2, "2 files"),
        (("--to", "plan.pdf", "--lang", "en"), 2, ".xlsx"),
        (("--to", "outputs/annual-2027", "--lang", "en"), 2, "stays as it is"),
        (("--plan", "outputs", "--lang", "en"), 2, "no readable plan.json"),
        (("--pdf", "--template", "--lang", "en"), 2, "one at a time"),
        (("--template", "--to", "mine.xls", "--data", "ours", "--lang", "en"), 2, "mine.xls should end in .xlsx, .csv"),
        (("--pdf", "--to", "plan.xlsx", "--lang", "en"), 2, ".pdf"),
    ],
)
def test_what_is_asked_wrongly_is_told(here: Path, planning, arguments: tuple[str, ...], code: int, words: str) -> None:
    told = planning("export", *arguments)
    assert (told[0], told[1]) == (code, "")
    assert words in told[2]
    assert {path.name for path in here.iterdir()} == {"data", "outputs"}


def test_a_plan_of_other_data_is_refused_and_none_published_is_told(here: Path, planning) -> None:
    write_sample(here / "data" / "others", branches=1, clients=160)
    code, _, err = planning("export", "--data", "others", "--lang", "en")
    assert (code, "their hash differs" in err) == (4, True)
    shutil.rmtree(here / "outputs")
    code, _, err = planning("export", "--lang", "en")
    assert (code, "No annual plan is published" in err) == (2, True)


def test_the_plan_published_last_is_taken_and_no_other_notebooks(here: Path, planning) -> None:
    first, outputs = here / "outputs" / "annual-2027", here / "outputs"
    for name, notebook, finished in (("later", "annual_plan.ipynb", "2026-11-24T20:00:00+00:00"), ("book", "client_book.ipynb", "2026-11-29T01:00:00+08:00")):
        shutil.copytree(first, outputs / name)
        (outputs / name / "run.json").write_text(json.dumps({"notebook": notebook, "finished": finished, "data": "ours"}), encoding="utf-8")
    (outputs / "later" / "plan.json").write_text("{", encoding="utf-8")
    code, _, err = planning("export", "--lang", "en")
    assert (code, "later holds no readable" in err) == (2, True)


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a script with a first line that names its program")
def test_the_page_is_printed_in_every_language_and_carries_no_clock(here: Path, planning, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(here, monkeypatch, f"open(to, 'wb').write({TINY_PDF!r})")
    code, out, _ = planning("export", "--pdf", "--lang", "en,zh", "--to", "printed")
    assert code == 0
    assert "plan.en.pdf, one page" in out
    for lang in ("zh", "en"):
        content = (here / "printed" / f"plan.{lang}.pdf").read_bytes()
        assert content.startswith(b"%PDF")
        assert b"20261125" not in content
        assert len(content) == len(TINY_PDF)


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a script with a first line that names its program")
@pytest.mark.parametrize("does", ["sys.exit(1)", "open(to, 'w').write('no pdf')", "open(to, 'w').write('%PDF-1.4 without a page')"])
def test_a_browser_that_fails_is_told_and_leaves_nothing(here: Path, planning, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    stand_in(here, monkeypatch, does)
    for lang, words in (("zh", "没有写出 PDF"), ("en", "wrote no PDF")):
        code, out, err = planning("export", "--pdf", "--lang", lang)
        assert (code, out) == (1, "")
        assert words in err
    assert not list(here.glob("*.pdf"))


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a script with a first line that names its program")
def test_a_browser_that_hangs_ends_with_its_children(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(here, monkeypatch, f"child = os.fork()\nopen({str(here / 'ids')!r}, 'a').write(str(os.getpid()) + ' ')\ntime.sleep(600)")
    page = here / "outputs" / "annual-2027" / "plan.zh.html"
    with pytest.raises(RunFailed) as told:
        browsers.printed(page, browsers.browser(os.environ, page.name), seconds=3)
    assert [fault.code for fault in told.value.faults] == ["pdf_too_long"]
    ids = (here / "ids").read_text(encoding="utf-8").split()
    assert len(ids) == 2
    assert gone(ids)


def gone(ids: list[str]) -> bool:
    """Whether none of the processes runs; the system may take a moment to bury what was killed."""
    for _ in range(100):
        if not any(running(int(one)) for one in ids):
            return True
        time.sleep(0.1)
    return False


def running(process: int) -> bool:
    """Whether a process runs still; one that has ended and waits to be told is not running."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not (state.is_file() and state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z")


def test_without_a_browser_a_sentence_says_what_to_do(planning, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (browsers.NAMED, "HOME", *browsers.PROGRAM_FOLDERS):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(browsers, "APPLICATIONS", ())
    code, _, err = planning("export", "--pdf", "--lang", "en")
    assert code == 1
    assert "install one" in err
    assert "plan.en.html" in err
    monkeypatch.setenv(browsers.NAMED, "no-such-browser")
    code, _, err = planning("export", "--pdf")
    assert (code, "no-such-browser" in err) == (1, True)


def test_the_usual_places_are_looked_in(tmp_path: Path) -> None:
    edge = tmp_path / "Programs" / "Microsoft" / "Edge" / "Application" / "msedge.exe"
    edge.parent.mkdir(parents=True)
    edge.write_bytes(b"")
    assert browsers.browser({"PATH": str(tmp_path), "PROGRAMFILES(X86)": str(tmp_path / "Programs")}, "plan.zh.html") == edge
    chrome = tmp_path / "Applications" / "Google Chrome.app" / "Contents" / "MacOS" / "Google Chrome"
    chrome.parent.mkdir(parents=True)
    chrome.write_bytes(b"")
    assert browsers.browser({"PATH": str(tmp_path), "HOME": str(tmp_path)}, "plan.zh.html") == chrome


def test_a_page_that_is_not_published_is_told(here: Path, planning) -> None:
    (here / "outputs" / "annual-2027" / "plan.en.html").unlink()
    code, _, err = planning("export", "--pdf", "--lang", "en")
    assert (code, "plan.en.html" in err) == (2, True)
