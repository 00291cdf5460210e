"""What stands in for renders and the clock where every plan of a plans' file is made."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from planning.errors import Busy, Fault, Infeasible, RunFailed
from planning.run import all_plans, nursed, rests
from planning.run.all_plans import Asked, Line, render_all
from planning.run.job import Ended, Job, failed
from planning.run.plans_file import Entry, When
from tests.run.tiny_plans import desk

MORNING = datetime(2027, 3, 1, 6, 0, tzinfo=UTC)
DAILY = When(cron="0 6 * * *", time_zone="UTC")
DAY = timedelta(days=1)

CLIENT = "0012" + "3456"


class Clock:
    """Stands where the machine's clock does: it moves on only while somebody sleeps, and keeps how long."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


class Worker:
    """Stands where a render does: takes its orders down and answers with the ends it was given, then with a published plan."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.ends: list[Ended] = []
        self.clock = Clock()

    def __call__(self, job: Job) -> Ended:
        plan = dict(job.order.given)["plan_id"]
        self.done.append(plan)
        if self.ends:
            return self.ends.pop(0)
        (job.order.out / plan).mkdir(exist_ok=True)
        (job.order.out / plan / "run.json").write_text("{}", encoding="utf-8")
        return Ended(0, 1.0)


def put_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Worker:
    """A worker in place of renders, at a desk with one notebook."""
    monkeypatch.chdir(desk(tmp_path))
    made = Worker()
    monkeypatch.setattr(all_plans, "work", made)
    for name in ("monotonic", "sleep"):
        monkeypatch.setattr(rests, name, getattr(made.clock, name))
    monkeypatch.setattr(nursed, "shared", nullcontext)  # no notebook is run here
    return made


def entry(plan: str = "tiny", **said: object) -> Entry:
    return Entry.model_validate({"id": plan, "notebook": "tiny", "schedule": DAILY, **said})


def called(*entries: Entry, now: datetime = MORNING, **asked: object) -> list[Line]:
    told: list[Line] = []
    given = replace(Asked(Path("outputs"), Path("notebooks")), **asked)  # type: ignore[arg-type]
    assert render_all(entries, given, now, told.append) == tuple(told)
    return told


def happened(lines: list[Line]) -> list[tuple[str, str, int]]:
    return [(line.plan, line.happened, line.code) for line in lines]


BROKEN = failed(RunFailed(Fault("run_kernel_died", values={"log": "x"})), 2.0)
CONFLICT = failed(Infeasible(Fault("conflict")), 2.0)
HELD = failed(Busy(Fault("plan_busy", values={"plan": "tiny", "process": "1", "machine": "m", "since": "s"})), 0.0)
