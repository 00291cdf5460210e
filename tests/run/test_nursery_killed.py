"""Whichever process of a run is killed, nothing of it goes on: runner, nursery, worker, kernel, and what a cell has started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

SECONDS = 30
TOKEN = "PLANNING_TEST_TOKEN"
STUCK = """
import ctypes, os, pathlib, subprocess
left = subprocess.Popen(["sleep", "600"])
pathlib.Path({marker!r}).write_text(str(os.getpid()))
ctypes.PyDLL(None).sleep(600)  # like a library that computes and lets nothing else of Python run
"""
RUNNER = """
import pathlib, sys
from nbformat.v4 import new_code_cell, new_notebook
from planning.run import nursed, runner
kernel = {{"kernelspec": {{"name": "python3", "display_name": "", "language": "python"}}}}
with nursed.shared():
    print(nursed.standing().pid, flush=True)
    runner.run(new_notebook(cells=[new_code_cell({cell!r})], metadata=kernel), {{"lang": "en"}}, pathlib.Path({folder!r}), 300, lambda *_: None)
"""
TIED = """
import fcntl, os, sys, time
from planning.run import nursery
if not hasattr(fcntl, "F_SETSIG") or {without}:
    vars(fcntl).pop("F_SETSIG", None)
reading, writing = os.pipe()
if os.fork():
    time.sleep(600)
os.setsid()
os.close(writing)
nursery._end_with(reading)
print("tied", flush=True)
time.sleep(600)
"""

BURYING = """
import os, selectors, socket, time
from planning.run import nursery
both = nursery.Nursery(*socket.socketpair())
both.selector = selectors.DefaultSelector()
asking = []
for code in (3, 4):
    line, other = socket.socketpair()
    line.setblocking(False)
    place = nursery.Place(line, (), pid=os.fork())
    if not place.pid:
        os._exit(code)
    both.places[line.fileno()] = place
    both.selector.register(line, selectors.EVENT_READ)
    asking.append(other)
asking[1].close()
for place in both.places.values():
    os.waitid(os.P_PID, place.pid, os.WEXITED | os.WNOWAIT)
both._bury()
print(asking[0].recv(100).decode(), len(both.places))
"""


@dataclass(frozen=True)
class Running:
    """The processes of a run in a cell that takes long."""

    runner: psutil.Process
    nursery: psutil.Process
    worker: psutil.Process
    kernel: psutil.Process


def carrying(token: str) -> list[psutil.Process]:
    """Every process that was started, straight or not, with this token."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(TOKEN) == token and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
    return found


def by(seconds: float, holds: Callable[[], bool]) -> bool:
    """Whether something comes to hold in time."""
    ends = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < ends:
        time.sleep(0.1)
    return held


@pytest.fixture
def token(tmp_path: Path) -> Iterator[str]:
    """A mark in the environment of all that a test starts, none of which outlives it."""
    mark = f"{os.getpid()}-{tmp_path.name}"
    yield mark
    for process in carrying(mark):
        process.kill()


@pytest.fixture
def running(tmp_path: Path, token: str) -> Running:
    marker, folder = tmp_path / "kernel", tmp_path / "run" / "work"
    folder.mkdir(parents=True)
    script = RUNNER.format(cell=STUCK.format(marker=str(marker)), folder=str(folder))
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, TOKEN: token}, text=True)
    assert process.stdout
    nursery = psutil.Process(int(process.stdout.readline()))
    assert by(120, lambda: marker.is_file() and marker.read_text() != "")
    kernel = psutil.Process(int(marker.read_text()))
    worker = next(child for child in nursery.children() if child != kernel)
    assert len(carrying(token)) == 5, "runner, nursery, worker, kernel, and what the cell has started"
    return Running(psutil.Process(process.pid), nursery, worker, kernel)


VICTIMS = ["runner", "nursery", "worker", "kernel", "runner nursery", "worker nursery"]


@pytest.mark.parametrize("victims", ["runner", *(pytest.param(one, marks=pytest.mark.slow) for one in VICTIMS[1:])])
def test_whichever_is_killed_nothing_of_the_run_goes_on(running: Running, token: str, victims: str) -> None:
    for victim in victims.split():
        getattr(running, victim).suspend()
    for victim in victims.split():
        getattr(running, victim).kill()
    assert by(SECONDS, lambda: not carrying(token)), carrying(token)


@pytest.mark.parametrize("without", [False, True])
def test_a_child_ends_with_its_nursery_also_where_the_system_does_not_see_to_it(token: str, without: bool) -> None:
    script = TIED.format(without=without)
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, env={**os.environ, TOKEN: token}, text=True)
    assert process.stdout
    assert process.stdout.readline() == "tied\n"
    assert len(carrying(token)) == 2
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert by(SECONDS, lambda: not carrying(token))


def test_children_that_end_together_are_told_and_the_nursery_goes_on() -> None:
    done = subprocess.run([sys.executable, "-c", BURYING], capture_output=True, text=True, start_new_session=True, check=False)
    assert (done.returncode, done.stdout) == (0, '{"exit": 3}\n 0\n'), done.stderr
