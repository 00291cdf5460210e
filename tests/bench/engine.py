"""How many client books a minute: stock Papermill with nbconvert beside ours from one nursery, one after another and two at once; the same notebook, in one go."""

import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from planning.book.sample import write_sample
from planning.report.i18n import LANGS
from planning.run import nursed, render
from tests.bench.bench import ROOT, TEMPLATE

NOTEBOOK = ROOT / "notebooks" / "client_book.ipynb"  # no solver: what it costs to run a notebook shows
TINY_BRANCHES, TINY_CLIENTS = 2, 300
PLANS, SAMPLE_PLANS = 4, 2
WAYS = ("scratch", "one", "two")

Way = Callable[[Sequence[str]], None]


def main() -> None:
    """Print the table: for a tiny bank and for the sample bank."""
    sys.stdout.write(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before; a plan is one run of client_book and its page in both languages\n")
    with tempfile.TemporaryDirectory() as folder:
        write_sample(Path(folder) / "tiny", TINY_BRANCHES, TINY_CLIENTS)
        for name, bank, plans in (("tiny bank", Path(folder) / "tiny", PLANS), ("sample bank", ROOT / "data" / "sample", SAMPLE_PLANS)):
            _compared(name, bank, Path(folder) / name, [f"plan-{number}" for number in range(plans)])


def _compared(name: str, bank: Path, place: Path, plans: Sequence[str]) -> None:
    ways: dict[str, Way] = {
        "stock papermill and nbconvert": lambda plans: _stock(bank, place / "stock", plans),
        "planning, each from scratch": lambda plans: _ours(bank, place / WAYS[0], plans, 1, forked=False),
        "planning, from one nursery": lambda plans: _ours(bank, place / WAYS[1], plans, 1, forked=True),
        "planning, from one nursery, two at once": lambda plans: _ours(bank, place / WAYS[2], plans, 2, forked=True),
    }
    base = 0.0
    for way, act in ways.items():
        began, worked = time.perf_counter(), _processor_seconds()
        act(plans)
        a_minute = 60 * len(plans) / (time.perf_counter() - began)
        base = base or a_minute
        each = (_processor_seconds() - worked) / len(plans)
        sys.stdout.write(f"{name}: {way:<42} {a_minute:7.2f} plans a minute {a_minute / base:6.2f} × {each:7.2f} processor seconds a plan\n")
        sys.stdout.flush()
    for plan, lang in itertools.product(plans, LANGS):
        pages = {(place / "stock" / f"{plan}.{lang}.html").read_bytes()} | {(place / way / plan / f"plan.{lang}.html").read_bytes() for way in WAYS}
        if len(pages) > 1:
            raise SystemExit(f"the pages of {plan} differ ({lang})")


def _processor_seconds() -> float:
    """What this process and all that it has waited for have used: unlike the clock, hardly touched by what else the machine does."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _stock(bank: Path, place: Path, plans: Sequence[str]) -> None:
    place.mkdir(parents=True)
    binaries = Path(sys.executable).parent
    for plan in plans:
        executed = place / f"{plan}.ipynb"
        commands: list[Sequence[object]] = [[binaries / "papermill", NOTEBOOK, executed, "-p", "plan_id", plan, "-p", "data", bank, "-p", "save_to", place]]
        for lang in LANGS:
            told = ["--to", "html", "--template", TEMPLATE, f"--PlanPage.lang={lang}", "--output", f"{plan}.{lang}.html"]
            commands.append([binaries / "jupyter-nbconvert", *told, executed])
        for command in commands:
            subprocess.run([str(word) for word in command], check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _ours(bank: Path, place: Path, plans: Sequence[str], at_once: int, *, forked: bool) -> None:
    orders = [render.Order(NOTEBOOK, place, data=str(bank), given=(("plan_id", plan),)) for plan in plans]
    if not forked:
        for order in orders:
            render.render(order, lambda *_: None)
        return
    with nursed.shared(), ThreadPoolExecutor(at_once) as desks:
        for _ in desks.map(lambda order: render.render(order, lambda *_: None), orders):
            pass


if __name__ == "__main__":
    main()
