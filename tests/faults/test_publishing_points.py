"""At whatever point a publishing is cut off or refused, readers have the former plan or the new one, whole, and the next run puts all in order."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults import publishing
from tests.faults.points import FAULTS, Points
from tests.faults.publishing import Ways, apart, leftovers, met, seen, told_apart, versions

LINK, FOLDER, TWO_STEPS = Ways(), Ways(links=False), Ways(links=False, exchange=False)
STATES = {
    "first, by link": (None, LINK),
    "again, by link": (LINK, LINK),
    "again, by link that nothing replaces, in two steps": (LINK, Ways(replaces=False)),
    "by link where a folder stood": (FOLDER, LINK),
    "by link where a folder stood, in two steps": (FOLDER, Ways(exchange=False)),
    "first, without links": (None, FOLDER),
    "again, without links": (FOLDER, FOLDER),
    "without links where a link stood": (LINK, FOLDER),
    "without links where a link stood, in two steps": (LINK, TWO_STEPS),
    "without links, in two steps": (FOLDER, TWO_STEPS),
}
LEAST = 15


QUICK = {("again, by link", "killed"), ("without links, in two steps", "killed")}
BY_EVERY_FAULT = ("again, by link", "again, without links", "without links, in two steps")
"""States that every fault is tried on in the long suites; the others are killed there, and meet every fault in `make test-all`."""


def marks(state: str, fault: str) -> list[pytest.MarkDecorator]:
    if (state, fault) in QUICK:
        return []
    return [pytest.mark.slow] if fault == "killed" or state in BY_EVERY_FAULT else [pytest.mark.slow, pytest.mark.exhaustive]


EVERY = [pytest.param(state, fault, marks=marks(state, fault)) for state in STATES for fault in FAULTS]


@pytest.mark.parametrize(("state", "fault"), EVERY)
def test_readers_see_the_old_or_the_new_plan_whole(state: str, fault: str, tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    before, ways = STATES[state]
    with publishing.quick_folder(tmp_path) as folder:
        start = folder / "start" / "outputs"
        start.mkdir(parents=True)
        for version in ("oldest", "old"):
            if before is not None:
                assert apart(lambda version=version: publishing.put(start, version), before) == 0
        points: list[tuple[str, str]] = []
        while reached := one_point(start, folder / f"at-{len(points) + 1}", (len(points) + 1, fault), ways):
            points.append(reached)
    assert len(points) >= LEAST
    absent = [point for point, now in points if before and not now]
    assert len(absent) <= (0 if ways.in_one_step else 2), absent
    record_property("points", len(points))
    record_property("absent", len(absent))


def one_point(start: Path, folder: Path, at: tuple[int, str], ways: Ways) -> tuple[str, str] | None:
    """Publish with a fault at one point, look, publish once more, and look again; the point and what was seen, None where there are not so many."""
    out, told = folder / "outputs", folder / "told"
    shutil.copytree(start, out, symlinks=True)
    before = seen(out)
    ended = told_apart(lambda: met(out, "new", Points(out, *at), told), ways)
    what = f"{at[0]} {told.read_text(encoding='utf-8') if told.exists() else 'killed'}".strip()
    now = seen(out)
    versions(out)
    assert ended.code in ((-9,) if what.endswith("killed") else (0, 1)), f"{what}: {ended.en}"
    assert now in {-9: (before, "new", ""), 0: ("new",), 1: (before, "")}[ended.code], f"{what}: {now}"
    assert ("放回原处" in ended.zh) == (ended.code == 1 and bool(before) and not now), f"{what}: {ended.zh}"
    assert apart(lambda: publishing.put(out, "next"), ways) == 0, what
    assert seen(out) == "next", what
    assert leftovers(out) == [], what
    assert versions(out) == (["oldest", "old"] if before else []) + (["new"] if now == "new" else []) + ["next"], what
    shutil.rmtree(folder)
    return (what, now) if " " in what else None
