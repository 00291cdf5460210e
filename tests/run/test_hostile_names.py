"""Names meant to do harm, wherever a planner or a table may put one: never run, never a way out of outputs/, never alive on the terminal or in a workbook."""

import io
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from rich.console import Console

from planning import policy
from planning.cli.app import Cells, echo
from planning.errors import PlanningError, PolicyError
from planning.run import render, runner
from planning.run.render import Order
from tests.book.small_bank import TABLES, write

ROOT = Path(__file__).parents[2]
POLICY = "year = 2027\ndata_date = 2026-11-01\n[budget]\nevent_cny = 500_000\nconcession_cny = 300_000\n"
PATHS = (
    "../../escaped", "..\\..\\escaped", "/tmp/escaped-{n}", "C:\\escaped", "C:escaped", "\\\\host\\share", "//host/share", "~/escaped", "$HOME/escaped", "%TEMP%\\escaped",
    "escaped/", "./escaped", "a/../../escaped", "..", ".", "...", "escaped.", "escaped ", " escaped", "CON", "con", "NUL", "nul.txt", "COM1", "lpt9", "aux.ipynb", "PRN.",
    "escaped\0.txt", "escaped%00", "%2e%2e%2fescaped", "..%c0%afescaped", "\uff0e\uff0e\uff0fescaped", "escaped\u2215x", "file:///etc/passwd", "http://localhost/x",
    "x" * 5_000, "长" * 3_000, "a:b", "a|b", "a*b", "a?b", '"a"', "\ud800", "esc\u202eaped", "zero\u200bwidth", "e\u0301scaped",
)  # fmt: skip
ALIVE = (
    "; touch {here}/escaped", "$(touch {here}/escaped)", "`touch {here}/escaped`", "| touch {here}/escaped", "& touch {here}/escaped", "\ntouch {here}/escaped",
    "__import__('os').system('touch {here}/escaped')", "{{7*7}}", "{% raw %}", "${{7*7}}", "{0.__class__}", "{name}", "%(name)s", "$x^2$", "[red]x[/red]", "[link=http://x]y[/link]",
    "[/]", "[bold", "\x1b[31mred", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\y", "\x9b31m", "a\rb", "a\bb", "a\x07b", "=cmd|'/C calc'!A0", "＝1+1", "+1", "@SUM(A1)",
    "=HYPERLINK(\"http://x\")", "-1+1|cmd", "<b>x</b>", "<img src=x onerror=alert(1)>", "![x](http://x)", "[x](javascript:alert(1))", "\u202egnp.exe", "' OR 1=1 --",
    "Robert'); DROP TABLE runs;--",
)  # fmt: skip
NAMES = (*PATHS, *ALIVE)
MOVES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
Run = Callable[..., int]


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the tables of a small bank, notebooks, and nothing published yet."""
    desk = tmp_path / "desk"
    write(desk / "data" / "ours", TABLES)
    (desk / "data" / "ours" / "policy.toml").write_text(POLICY, encoding="utf-8")
    (desk / "notebooks").mkdir()
    for name in ("annual_plan", "branch_plan"):
        (desk / "notebooks" / f"{name}.ipynb").write_bytes((ROOT / "notebooks" / f"{name}.ipynb").read_bytes())
    monkeypatch.chdir(desk)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "home").mkdir()
    return desk


def everything(folder: Path, but: str = "") -> dict[str, bytes | None]:
    """Every file and folder below one with its content, but for those under a place."""
    paths = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*"))}
    return {name: path.read_bytes() if path.is_file() else None for name, path in paths.items() if not but or not name.startswith(but)}


def filled(names: tuple[str, ...], here: Path) -> Iterator[str]:
    return (name.replace("{here}", str(here)).replace("{n}", "1") for name in names)


PLACES: Mapping[str, Callable[[str], tuple[str, ...]]] = {
    "notebook": lambda name: ("render", name, "--data", "ours"),
    "data folder": lambda name: ("check", "--data", name),
    "branch": lambda name: ("album", "--data", "ours", "--branch", name),
    "plan made by hand": lambda name: ("score", name, "--data", "ours"),
    "plan to verify": lambda name: ("verify", name),
    "plan to export": lambda name: ("export", "--plan", name, "--to", "made.xlsx"),
    "parameter": lambda name: ("render", "annual_plan", "--data", "ours", "-p", f"{name}=1"),
    "value": lambda name: ("render", "annual_plan", "--data", "ours", "-p", f"horizon_years=x{name}"),
    "plan id": lambda name: ("render", "annual_plan", "--data", "ours", "-p", f"plan_id={name}"),
    "scenarios file": lambda name: ("scenarios", name, "--data", "ours"),
    "locked plan": lambda name: ("render", "annual_plan", "--data", "ours", "--locked", name),
    "column map": lambda name: ("import", "data/ours/clients.csv", "--map", name, "--to", "data/new"),
    "source": lambda name: ("import", name, "--map", "data/ours/policy.toml", "--to", "data/new"),
    "solver": lambda name: ("render", "annual_plan", "--data", "ours", "--solver", name),
    "language": lambda name: ("check", "--data", "ours", "--lang", name),
    "listed plan": lambda name: ("runs", name),
}  # fmt: skip


READS_TABLES = ("branch", "plan made by hand", "locked plan")  # before the name is looked at


@pytest.mark.parametrize("place", [pytest.param(place, marks=pytest.mark.slow) if place in READS_TABLES else place for place in PLACES])
def test_a_hostile_argument_is_refused_in_plain_words_and_leaves_no_file(place: str, bank: Path, planning: Run, capsys: pytest.CaptureFixture[str]) -> None:
    before = everything(bank.parent)
    for name in filled(NAMES[:: 5 if place in READS_TABLES else 1], bank):
        ended = planning(*PLACES[place](name))
        told = capsys.readouterr()
        assert ended == 2 or (place == "listed plan" and ended == 0), (name[:60], ended, told.err)
        assert not MOVES.search(told.out + told.err), ascii(told.out + told.err)
        assert len(told.err) < 3_000
        assert "planning-" not in told.err, "an error nobody foresaw"
    assert everything(bank.parent, "desk/outputs" if place == "listed plan" else "") == before


def test_no_plan_id_data_folder_or_notebook_leads_out_of_the_published_plans(bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class ReachedError(Exception):
        """A kernel would have started."""

    def reached(*_: object) -> None:
        raise ReachedError

    monkeypatch.setattr(runner, "run", reached)
    before, ran = everything(bank.parent), 0
    for name in filled(NAMES, bank):
        for order in (
            Order(Path("notebooks/annual_plan.ipynb"), Path("outputs"), ("zh",), "ours", (("plan_id", name),)),
            Order(Path("notebooks/annual_plan.ipynb"), Path("outputs"), ("zh",), name),
            Order(Path("notebooks") / f"{name}.ipynb", Path("outputs"), ("zh",), "ours"),
        ):
            with pytest.raises((PlanningError, ReachedError)) as ended:
                render.render(order, lambda *_: None)
            ran += ended.type is ReachedError
    made = {path for path in everything(bank.parent) if path not in before}
    assert all(re.fullmatch(r"desk/outputs(/\.runs(/[a-z0-9-]+(/(lock|hands?.*))?)?)?", path) for path in made), made
    assert ran <= 3


def named(name: str) -> dict[str, str]:
    """The bank's tables with one name in the place of branches', events', tiers', regions' and managers'."""
    quoted = '"' + name.replace('"', '""') + '"'
    tables = {**TABLES, "branches": TABLES["branches"].replace("城东支行,East", f"{quoted},{quoted}").replace("north", quoted)}
    tables["tiers"] = TABLES["tiers"].replace("金卡,Gold", f"{quoted},{quoted}")
    tables["events"] = TABLES["events"].replace("艺术之夜,Art evening", f"{quoted},{quoted}")
    for table in ("clients", "managers"):
        tables[table] = TABLES[table].replace("M1", quoted)
    return tables


TOLD = [name for name in ALIVE if "\n" not in name and "{here}" not in name]
IN_TABLES = ("[red]x[/red]", "[/]", "[bold", "\x1b[31mred", "\x1b]8;;http://x\x1b\\y", "\x9b31m", "a\rb", "{0.__class__}", "{name}", "\u202egnp.exe", "＝1+1")


@pytest.mark.parametrize("name", IN_TABLES, ids=range(len(IN_TABLES)))
def test_a_hostile_name_in_the_tables_is_words_on_the_terminal(name: str, bank: Path, planning: Run, capsys: pytest.CaptureFixture[str]) -> None:
    write(bank / "data" / "ours", named(name))
    before = everything(bank.parent)
    for command in (("check",), ("tiers",), ("album",), ("totals",), ("check", "--lang", "en")):
        ended = planning(*command, "--data", "ours")
        told = capsys.readouterr()
        assert ended in (0, 2), (command, told.err)
        assert not MOVES.search(told.out + told.err), (command, ascii(told.out + told.err))
        assert "planning-" not in told.err, "an error nobody foresaw"
        if ended == 0 and command[0] == "tiers" and name in ("[red]x[/red]", "[/]", "[bold"):
            assert name in told.out
    assert everything(bank.parent) == before


def test_a_fault_that_quotes_a_hostile_cell_shows_it_as_written(bank: Path, planning: Run, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        bank / "data" / "ours",
        {**TABLES, "clients": TABLES["clients"].replace("000123,B1", "000123,[red]B9[/red]").replace("123,B1,personal", "123,\x1b[31mB8,personal")},
    )
    assert planning("check", "--data", "ours", "--lang", "en") == 2
    told = capsys.readouterr()
    assert "[red]B9[/red]" in re.sub(r"[\s│]+", "", told.out)
    assert not MOVES.search(told.out + told.err)


@pytest.mark.parametrize("name", [name for name in ALIVE if name[0] in "=＝+@-"])
def test_a_hostile_name_is_no_formula_in_the_products_workbook(name: str, bank: Path, planning: Run, capsys: pytest.CaptureFixture[str]) -> None:
    write(bank / "data" / "ours", named(name))
    ended = planning("export", "--template", "--data", "ours", "--to", "made.xlsx")
    assert ended == 0, capsys.readouterr().err
    cells = [cell for page in openpyxl.load_workbook("made.xlsx") for row in page.iter_rows() for cell in row]
    assert any(cell.value == name for cell in cells)
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


@pytest.mark.parametrize("key", ["../x", "__class__", "budget.event_cny; import os", "evil\\u001b[31m", "{{7*7}}", "[red]", "\\ud7ff\\u202e", "k" * 5_000])
def test_a_hostile_key_of_the_policy_is_refused_in_plain_words(key: str, bank: Path, planning: Run, capsys: pytest.CaptureFixture[str]) -> None:
    for text in (f'"{key}" = 1\n{POLICY}', f'{POLICY}\n[floors]\n"{key}" = 1\n', f'{POLICY}\n[floors.tier]\n"{key}" = 5\n'):
        (bank / "data" / "ours" / "policy.toml").write_text(text, encoding="utf-8")
        assert planning("check", "--data", "ours") == 2
        told = capsys.readouterr()
        assert not MOVES.search(told.out + told.err)
        assert len(told.err) < 1_000
        assert "planning-" not in told.err


def test_cells_and_lines_of_the_terminal_hold_text_alone(capsys: pytest.CaptureFixture[str]) -> None:
    table, written = Cells(), io.StringIO()
    table.add_column("[red]head[/red]\x1b[1m")
    for name in TOLD:
        table.add_row(name)
    Console(file=written, force_terminal=True, color_system=None, width=200).print(table)
    assert "[red]x[/red]" in written.getvalue()
    assert "[red]head[/red]" in written.getvalue()
    assert not re.search(r"\x1b\[3|\x1b\]|\x07|\x9b", written.getvalue())
    for name in TOLD:
        echo(name)
    assert not MOVES.search(capsys.readouterr().out)


def test_every_text_of_a_policy_may_be_asked_and_none_is_run(bank: Path) -> None:
    base = policy.read(bank / "data" / "ours" / "policy.toml")
    for parameter in policy.parameters():
        for name in filled(ALIVE, bank):
            with suppress(PolicyError):
                base.with_parameters({parameter.name: name})
    assert not (bank / "escaped").exists()
    assert "escaped" not in sys.modules
