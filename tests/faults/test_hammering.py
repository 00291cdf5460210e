"""Two schedulers and a planner at one plan at once, and a reader all the while: never a torn plan, and the losers are told by whom it is held."""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from planning.run import publish, registry
from planning.run.channel import RUN_FOLDER
from tests.faults import publishing
from tests.faults.publishing import PLAN, WHOLE, Ways, begun, leftovers, seen, told_apart

WAYS = {"by link": WHOLE, "without links": Ways(links=False)}
CALLERS = 3
HELD_SECONDS = 0.4


def hammers(out: Path, until: float, to: Path) -> None:
    """Publish again and again, and note how each attempt ended."""
    ends, number = [], 0
    while time.monotonic() < until:
        number += 1
        ended = told_apart(lambda number=number: publishing.put(out, f"{os.getppid()}-{number}", seconds=HELD_SECONDS))
        ends.append((ended.code, ended.en, ended.process))
    to.write_text(json.dumps(ends), encoding="utf-8")


def look(place: Path) -> str:
    """What a reader finds who opens the plan's folder once: whole, moved on (it is not the plan any more), or torn."""
    folder = os.open(place, os.O_RDONLY)
    try:
        files = {}
        for name in os.listdir(folder):  # noqa: PTH208  of the folder as it was opened
            with os.fdopen(os.open(name, os.O_RDONLY, dir_fd=folder), "rb") as file:
                files[name] = file.read()
        told = json.loads(files.pop("run.json"))["files"]
        whole = told == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    except (FileNotFoundError, KeyError):
        whole = False
    finally:
        opened = os.fstat(folder)
        os.close(folder)
    if whole:
        return "whole"
    return "torn" if os.path.samestat(opened, place.stat()) else "moved on"


@pytest.mark.parametrize("ways", WAYS)
@pytest.mark.parametrize("seconds", [5, pytest.param(60, marks=pytest.mark.slow)])
def test_readers_never_meet_a_torn_plan_and_losers_are_told_who_holds_it(
    seconds: int, ways: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with publishing.quick_folder(tmp_path) as folder:
        out = folder / "outputs"
        out.mkdir()
        publishing.order(out)
        assert publishing.apart(lambda: publishing.put(out, "first"), WAYS[ways]) == 0
        until = time.monotonic() + seconds
        callers = [begun(lambda number=number: hammers(out, until, folder / f"ends-{number}"), WAYS[ways]) for number in range(CALLERS)]
        looks = []
        while time.monotonic() < until:
            looks.append(look(out / PLAN))
            time.sleep(0.002)
        assert [ended().code for ended in callers] == [0] * CALLERS
        ends = [tuple(end) for number in range(CALLERS) for end in json.loads((folder / f"ends-{number}").read_text(encoding="utf-8"))]
        assert "torn" not in looks
        assert looks.count("whole") > 10
        record_property("looks", f"{looks.count('whole')} whole, {looks.count('moved on')} moved on, 0 torn")
        record_property("attempts", f"{sum(code == 0 for code, _, _ in ends)} published, {sum(code == 75 for code, _, _ in ends)} busy")
        assert {code for code, _, _ in ends} == {0, 75}, [end for end in ends if end[0] not in (0, 75)]
        known = {str(process) for _, _, process in ends}
        assert all(re.search(r"process (\d+) on ", said)[1] in known for code, said, _ in ends if code == 75)
        assert publishing.apart(lambda: publishing.put(out, "last"), WAYS[ways]) == 0
        assert (seen(out), leftovers(out)) == ("last", [])
        assert registry.verify_chain(out) == len(ends) + 2


def test_a_dead_holders_plan_is_free_and_what_it_had_started_is_ended(tmp_path: Path) -> None:
    out = tmp_path / "outputs"
    out.mkdir()

    def dies() -> None:
        with publish.held(out, PLAN) as folder:
            (folder / "clients.csv").write_text("half", encoding="utf-8")
            child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], env={**os.environ, RUN_FOLDER: str(folder)})
            (tmp_path / "child").write_text(str(child.pid), encoding="utf-8")
            os.kill(os.getpid(), signal.SIGKILL)

    assert publishing.apart(dies) == -9
    child = psutil.Process(int((tmp_path / "child").read_text(encoding="utf-8")))
    with publish.held(out, PLAN) as folder:
        assert [path.name for path in folder.parent.glob("work-*")] == [folder.name]
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
