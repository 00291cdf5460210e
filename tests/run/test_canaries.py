"""Nothing that tells of one client leaves the tables: marked words are planted in every text of a bank and sought in all that a run leaves behind."""

import base64
import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import unquote_to_bytes

import nbformat
import pandas as pd
import pytest

from planning.book.intake import read_book
from planning.book.sample import write_sample
from planning.policy import read
from tests.run.test_scenarios import FILE

ROOT = Path(__file__).parents[2]
MARK = re.compile(rb"QX\d{4}ZK", re.IGNORECASE)
SURNAMES = ("王", "欧阳", "李", "司马", "张")
# Every page made of clients that leadership reads; a new notebook is added here.
RENDERED: tuple[tuple[str, ...], ...] = (("render", "annual_plan"), ("scenarios", "ours.toml"), ("render", "client_book"), ("render", "model_record"))
OF_CLIENTS = ("clients", "invitations", "outcomes", "surveys")
TEXTS = {"clients": ("occupation", "industry"), "surveys": ("remark",), "ledger": ("note",)}
LISTS = {"clients": ("interests",), "surveys": ("interests",)}
HOSTILE = "{mark}{name}<img src=x onerror=alert('{mark}')><script>fetch('//{mark}')</script>=HYPERLINK({mark})"
LEAK = "\nraise ValueError([case.book.tables['clients'][column].tolist() for column in ('client', 'manager', 'occupation')])"


@dataclass
class Planter:
    """Makes marked words, each once."""

    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    made: int = 0

    def mark(self) -> str:
        self.made += 1
        return f"QX{next(self.numbers):04d}ZK"

    def hostile(self) -> str:
        mark = self.mark()
        return HOSTILE.format(mark=mark, name=SURNAMES[self.made % len(SURNAMES)] + "小明")

    def renamed(self, codes: pd.Series) -> dict[str, str]:
        return {code: f"{self.mark()}3301021990" for code in sorted(codes.dropna().unique())}


def plant(folder: Path) -> int:
    """Marks every client's and manager's number and every text about a client in the tables of a folder; how many marks there are."""
    planter = Planter()
    tables = {path.stem: pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""]) for path in sorted(folder.glob("*.csv"))}
    clients, managers = planter.renamed(tables["clients"]["client"]), planter.renamed(tables["managers"]["manager"])
    for table in OF_CLIENTS:
        tables[table]["client"] = tables[table]["client"].map(clients)
    for table in ("clients", "managers"):
        tables[table]["manager"] = tables[table]["manager"].map(managers)
    for table, columns in TEXTS.items():
        for column in columns:
            tables[table][column] = [planter.hostile() for _ in range(len(tables[table]))]
    for table, columns in LISTS.items():
        for column in columns:
            tables[table][column] = [f"{cell}|{planter.mark()}" if isinstance(cell, str) else planter.mark() for cell in tables[table][column]]
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    _plant_former(folder / "before" / "clients.csv", planter, clients, managers)
    return planter.made


def _plant_former(path: Path, planter: Planter, clients: dict[str, str], managers: dict[str, str]) -> None:
    """The same clients under the same marks in the former book, and those who have left under their own."""
    former = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
    gone = former["client"][~former["client"].isin(list(clients))]
    former["client"] = former["client"].map({**clients, **planter.renamed(gone)})
    former["manager"] = former["manager"].map(managers)
    for column in TEXTS["clients"]:
        former[column] = [planter.hostile() for _ in range(len(former))]
    former.to_csv(path, index=False)


def marks(content: bytes) -> set[bytes]:
    """The marked words in a file, in whatever wrapping: archives, data addresses, percent signs, two-byte letters."""
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return set().union(*(marks(archive.read(name)) for name in archive.namelist()))
    plain = content.replace(b"\0", b"")
    wrapped = [base64.b64decode(found + b"=" * (-len(found) % 4)) for found in re.findall(rb"base64,([A-Za-z0-9+/]+)", plain)]
    return {found.group().upper() for text in (plain, unquote_to_bytes(plain), *wrapped) for found in MARK.finditer(text)}


def leaks(folder: Path, beside: Path) -> dict[str, set[bytes]]:
    """Every file below a folder, but for those of the tables, that holds or is named by a marked word."""
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_relative_to(beside)]
    found = {str(path.relative_to(folder)): marks(path.read_bytes()) | marks(str(path.relative_to(folder)).encode()) for path in files}
    return {name: marked for name, marked in found.items() if marked}


@dataclass(frozen=True)
class Desk:
    """A working folder with its own tables, notebooks and temporary folder."""

    folder: Path

    @property
    def tables(self) -> Path:
        return self.folder / "data" / "ours"

    def planning(self, *arguments: str) -> tuple[int, bytes]:
        """(exit code, all that was said) of a command."""
        temporary = self.folder / "tmp"
        temporary.mkdir(exist_ok=True)
        surroundings = {**os.environ, "TMPDIR": str(temporary), "TEMP": str(temporary), "TMP": str(temporary)}
        command = [sys.executable, "-c", "from planning.cli import main; main()", *arguments, "--data", "ours"]
        done = subprocess.run(command, cwd=self.folder, env=surroundings, capture_output=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def silent(self, *arguments: str, code: int = 0) -> None:
        """Runs a command that must end so and say and leave nothing that was marked."""
        ended, said = self.planning(*arguments)
        assert ended == code, said.decode("utf-8", "replace")
        assert marks(said) == set()
        assert leaks(self.folder, self.tables) == {}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(tmp_path_factory.mktemp("desk"))
    write_sample(made.tables, branches=1, clients=150)
    (made.tables / "ours.toml").write_text(FILE, encoding="utf-8")
    assert plant(made.tables) >= 200
    (made.folder / "notebooks").mkdir()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        (made.folder / "notebooks" / path.name).write_bytes(path.read_bytes())
    return made


def test_marks_are_found_in_whatever_wrapping(tmp_path: Path) -> None:
    mark = "QX0042ZK"
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", f"<c>{mark}</c>")
    (tmp_path / "b.html").write_text(f'<img src="data:image/svg+xml;base64,{base64.b64encode(f"<svg>{mark}</svg>".encode()).decode()}">', encoding="utf-8")
    (tmp_path / "c.svg").write_text("data:image/svg+xml,%51X0042ZK", encoding="utf-8")
    (tmp_path / "d.log").write_text(mark.lower(), encoding="utf-16")
    (tmp_path / f"{mark}.txt").write_bytes(b"")
    (tmp_path / "clean.txt").write_text("QX42ZK", encoding="utf-8")
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "clients.csv").write_text(mark, encoding="utf-8")
    assert leaks(tmp_path, tmp_path / "tables") == {name: {mark.encode()} for name in ("a.xlsx", "b.html", "c.svg", "d.log", f"{mark}.txt")}


def test_every_text_about_clients_is_marked_and_the_bank_still_read(desk: Desk) -> None:
    tables = read_book(desk.tables, read(desk.tables / "policy.toml")).tables
    for table, columns in {**TEXTS, "managers": ("manager",)}.items():
        for column in ("client", "manager", *columns):
            if column in tables[table]:
                assert all(marks(cell.encode()) for cell in tables[table][column].dropna()), (table, column)
    assert all(marks("|".join(cell).encode()) for cell in tables["clients"]["interests"])


@pytest.fixture(scope="module")
def published(desk: Desk) -> Desk:
    """The desk with the year's plan in both languages."""
    desk.silent(*RENDERED[0], "-p", "gap", "0.05")
    return desk


@pytest.mark.slow
def test_the_plan_tells_of_no_client(published: Desk) -> None:
    written = {path.name for path in (published.folder / "outputs" / "annual-2027").iterdir()}
    assert {"plan.zh.html", "plan.en.html", "plan.json", "annual_plan.ipynb", "run.json"} <= written


@pytest.mark.slow
def test_tiers_and_album_tell_of_no_client(desk: Desk) -> None:
    desk.silent("tiers")
    desk.silent("tiers", "--propose", "--out", "thresholds.csv", "--lang", "en")
    desk.silent("album", "--out", "album.xlsx")


@pytest.mark.slow
def test_check_verdict_template_and_score_tell_of_no_client(published: Desk) -> None:
    desk = published
    desk.silent("check")
    desk.silent("verify", "outputs/annual-2027")
    desk.silent("export", "--template", "--plan", "outputs/annual-2027", "--to", "template.xlsx")
    desk.silent("export", "--template", "--plan", "outputs/annual-2027", "--to", "template", "--lang", "en")
    desk.silent("score", "template.xlsx", "--plan", "outputs/annual-2027")


@pytest.mark.slow
@pytest.mark.parametrize("command", RENDERED[1:], ids=" ".join)
def test_no_other_page_tells_of_a_client(published: Desk, command: tuple[str, ...]) -> None:
    published.silent(*command, *(() if "model_record" in command else ("-p", "gap", "0.05")))


@pytest.mark.slow
def test_a_run_that_fails_leaves_and_tells_nothing_of_a_client(desk: Desk) -> None:
    desk.silent("render", "annual_plan", "-p", "branch_cny_per_client", "5000", code=3)
    broken = nbformat.read(ROOT / "notebooks" / "annual_plan.ipynb", as_version=4)
    opened = next(cell for cell in broken.cells if "open_case(" in cell.source)
    opened.source += LEAK
    nbformat.write(broken, desk.folder / "notebooks" / "broken.ipynb")
    desk.silent("render", "broken", code=1)
