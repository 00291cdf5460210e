"""A solver ends with the process that wanted it, where the system sees to it and where another process must."""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from planning.errors import NotSolved
from planning.optimise import guarded, trial
from planning.optimise.solve import Effort, solve
from planning.policy.sections import Solver
from tests.optimise.test_solve import knapsack

WAYS = [pytest.param("_tied", marks=pytest.mark.skipif(sys.platform != "linux", reason="a tie is Linux's own")), "_watched"]
WANTS = """
import signal, sys
from pathlib import Path
from planning.optimise import guarded
signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background of a shell it is ignored
guarded._tied = guarded._watched = guarded.{way}
SOLVES = "import os, pathlib, time; pathlib.Path('part').write_text(str(os.getpid())); pathlib.Path('part').rename('solver'); time.sleep(600)"
with open({folder!r} + "/report", "wb") as report:
    guarded.run([sys.executable, "-c", SOLVES], Path({folder!r}), report)
"""


def by(holds: Callable[[], bool], seconds: float = 60) -> bool:
    """Whether something comes to hold in time."""
    ends = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < ends:
        time.sleep(0.02)
    return held


@pytest.mark.parametrize("ended_by", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.parametrize("way", WAYS)
def test_a_solver_ends_with_the_process_that_wanted_it(way: str, ended_by: signal.Signals, tmp_path: Path) -> None:
    wanting = subprocess.Popen([sys.executable, "-c", WANTS.format(way=way, folder=str(tmp_path))], stderr=subprocess.DEVNULL)
    started: list[psutil.Process] = []
    try:
        assert by((tmp_path / "solver").exists)
        started = psutil.Process(wanting.pid).children(recursive=True)
        assert int((tmp_path / "solver").read_text(encoding="utf-8")) in [process.pid for process in started]
        wanting.send_signal(ended_by)
        wanting.wait(60)
        assert by(lambda: not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in started))
    finally:
        wanting.kill()
        for process in started:
            with suppress(psutil.NoSuchProcess):
                process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="a tie is Linux's own")
def test_a_solver_never_begins_where_nobody_is_left_to_say_go(tmp_path: Path) -> None:
    begins = [*guarded.WAITS, "touch", str(tmp_path / "begun")]
    assert subprocess.run(begins, stdin=subprocess.DEVNULL, check=False).returncode != 0
    assert not (tmp_path / "begun").exists()
    assert subprocess.run(begins, input=b"\n", check=False).returncode == 0
    assert (tmp_path / "begun").exists()


@pytest.mark.parametrize("way", WAYS)
def test_cbc_finds_the_best_in_a_folder_whose_path_has_blanks_and_leaves_no_file(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "临时 files  of mine"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    for one in ("_tied", "_watched"):
        monkeypatch.setattr(guarded, one, getattr(guarded, way))
    assert trial.tried("cbc") == "right"
    assert list(place.iterdir()) == []


@pytest.mark.parametrize("way", WAYS)
def test_a_solver_that_dies_or_fails_is_told_by_its_code(way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for one in ("_tied", "_watched"):
        monkeypatch.setattr(guarded, one, getattr(guarded, way))
    with (tmp_path / "report").open("wb") as report:
        codes = [guarded.run([sys.executable, "-c", act], tmp_path, report) for act in ("", "raise SystemExit(3)", "import os; os.kill(os.getpid(), 9)")]
    assert codes[:2] == [0, 3]
    assert codes[2] != 0


@pytest.mark.parametrize(("threads", "asked"), [(1, []), (2, ["2"])])
def test_cbc_makes_no_second_thread_unless_two_are_asked_for(threads: int, asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """With the thread it makes when it is told of one it now and then waited ten seconds for nothing, and told a plan as unproven."""
    commands: list[list[str]] = []

    def broken(command: list[str], *_: object) -> int:
        commands.append(command)
        return 1

    monkeypatch.setattr(guarded, "run", broken)
    with pytest.raises(NotSolved):
        solve(knapsack(), Solver(name="cbc", threads=threads), Effort(0.0))
    assert [[after for one, after in pairwise(command) if one == "-threads"] for command in commands] == [asked, asked]
