"""A run that breaks on a client's data says which cell and what kind of error, and nothing of the client: on the terminal, in its log, its notebook or the register."""

import nbformat
import pytest

from planning.book.sample import write_sample
from planning.run import notebook
from tests.run.test_canaries import ROOT, Desk, plant

FIRST = "client = str(case.book.tables['clients']['client'].iloc[0])\n"
LEAKS = {
    "chained": "try:\n    raise KeyError(client)\nexcept KeyError as error:\n    error.add_note(client)\n    raise RuntimeError(f'no {client}') from error",
    "its kind": "raise type(client, (Exception,), {})('x')",
    "said before": "import logging, os, sys, warnings\nprint(client)\nprint(client, file=sys.stderr)\nwarnings.warn(client)\nlogging.error(client)\n"
    "os.write(1, client.encode())\nos.write(2, client.encode())\nprint(client, file=sys.__stderr__, flush=True)\nraise ValueError",
    "left behind": "import atexit, subprocess, sys\natexit.register(lambda: print(client, file=sys.__stderr__, flush=True))\n"
    "subprocess.run([sys.executable, '-c', 'import sys; print(sys.argv[1]); print(sys.argv[1], file=sys.stderr)', client])\nsys.exit(client)",
    "a dead kernel": "import faulthandler, os\nos.write(2, client.encode())\nos.abort()",
    "a table": "import pandas as pd\npd.to_datetime(case.book.tables['clients']['client'], format='%Y')",
    "a name": "exec(f'{client} + 1')",
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    made = Desk(tmp_path_factory.mktemp("redacted"))
    write_sample(made.tables, branches=1, clients=60)
    assert plant(made.tables) >= 60
    (made.folder / "notebooks").mkdir()
    return made


@pytest.mark.slow
@pytest.mark.parametrize("way", LEAKS)
def test_an_error_that_carries_a_client_leaves_and_tells_nothing_of_it(desk: Desk, way: str) -> None:
    broken = nbformat.read(ROOT / "notebooks" / "client_book.ipynb", as_version=4)
    opened = next(cell for cell in broken.cells if "open_case(" in cell.source)
    opened.source += "\n" + FIRST + LEAKS[way]
    nbformat.write(broken, desk.folder / "notebooks" / "broken.ipynb")
    desk.silent("render", "broken", code=1)
    assert list((desk.folder / "outputs" / ".runs").rglob("run.log"))


@pytest.mark.parametrize(
    ("ename", "told"), [("KeyError", "KeyError"), ("ParserError", "Exception"), ("QX0001ZK张三", "Exception"), ("<b>", "Exception"), ("", "Exception")]
)
def test_the_kind_of_an_error_is_one_of_the_languages_own(ename: str, told: str) -> None:
    output = nbformat.v4.new_output("error", ename=ename, evalue="x", traceback=[])
    executed = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("x", outputs=[output])])
    assert notebook.failed_cell(executed) == (1, told)
