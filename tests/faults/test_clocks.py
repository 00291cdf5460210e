"""Clocks that go back, years that end during a run, leap days: the newest plan stands, the former is kept, the register holds."""

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from planning.run import hold, publish, record, registry
from planning.run.exporting import latest
from tests.faults import publishing
from tests.faults.publishing import PLAN, apart, leftovers, seen, versions

CLOCKS = {
    "goes back by years": ["2027-06-01T12:00", "2026-01-01T00:00", "2025-03-01T09:00", "2025-02-28T23:59", "2024-01-01T00:00"],
    "stands still": ["2027-06-01T12:00"] * 4,
    "passes a year's end": ["2027-12-31T23:59", "2028-01-01T00:00", "2028-01-01T00:01"],
    "has a leap day": ["2028-02-28T23:59", "2028-02-29T00:00", "2028-02-29T23:59", "2028-03-01T00:00"],
    "is set an hour back": ["2027-10-31T02:59", "2027-10-31T02:00", "2027-10-31T02:30"],
}


class Clock(datetime):
    """A clock that is set by hand, and goes on by a second each time it is read."""

    at = datetime(2027, 1, 1)

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        Clock.at += timedelta(seconds=1)
        return Clock.at.replace(tzinfo=tz)


def put_at(out: Path, version: str, at: str) -> None:
    Clock.at = datetime.fromisoformat(at)
    hold.datetime = record.datetime = Clock  # type: ignore[attr-defined, misc]
    time.time_ns = lambda: int(Clock.now().timestamp() * 1e9)
    publishing.put(out, version)


@pytest.mark.parametrize("clock", CLOCKS)
def test_the_plan_published_last_stands_and_the_one_before_it_is_kept(clock: str, tmp_path: Path) -> None:
    out = tmp_path / "outputs"
    out.mkdir()
    put = [f"v{number}" for number in range(len(CLOCKS[clock]))]
    for number, at in enumerate(CLOCKS[clock]):
        assert apart(lambda number=number, at=at: put_at(out, put[number], at)) == 0
        assert seen(out) == put[number]
        kept = {path.read_text(encoding="utf-8").split()[1] for path in (out / ".runs" / PLAN).glob("run-*/plan.json")}
        assert kept == set(put[max(number - 1, 0) : number + 1])
    assert leftovers(out) == []
    assert versions(out) == put
    assert latest(out).name == PLAN


def test_a_year_that_ends_during_a_run_changes_neither_the_plan_nor_what_was_asked(tmp_path: Path) -> None:
    out = tmp_path / "outputs"
    out.mkdir()
    assert apart(lambda: put_at(out, "v", "2027-12-31T23:59:58")) == 0
    (entry,) = registry.entries(out)
    assert entry.told["finished"].startswith("2028-01-01T00:00:0")
    assert (entry.plan, entry.told["parameters"]) == (PLAN, {"version": "v"})


def test_records_that_waited_while_the_clock_went_back_make_one_chain(tmp_path: Path) -> None:
    out = tmp_path / "outputs"
    out.mkdir()

    def unreached(version: str, at: str) -> None:
        registry.ADDRESS, publishing.os.environ["NOWHERE"] = "NOWHERE", "postgresql://127.0.0.1:1/none"
        put_at(out, version, at)

    for version, at in (("a", "2027-06-01T12:00"), ("b", "2026-06-01T12:00")):
        assert apart(lambda version=version, at=at: unreached(version, at)) == 0
    assert len([path for path in (out / ".runs" / publish.WAITING).iterdir() if path.name != "lock"]) == 2
    assert apart(lambda: publishing.put(out, "c")) == 0
    assert sorted(versions(out)) == ["a", "b", "c"]
    assert seen(out) == "c"
