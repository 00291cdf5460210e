"""Disks that are full, read-only or too deep: the right plan or a plain sentence, and the last good plan to the byte."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from planning.book.intake import examine
from planning.policy import read
from planning.run import channel, runner
from planning.run.exporting import write_new
from tests.faults import publishing
from tests.faults.disks import Disk, disk
from tests.faults.hanging import desk
from tests.faults.points import Points
from tests.faults.publishing import PLAN, apart, leftovers, seen, told_apart, versions

LONGEST = 4096
RAW = ("Error", "Errno", "Traceback", "No space left", "Read-only file system", "File name too long")


def after(first: Callable[[], None], out: Path, version: str) -> Callable[[], object]:
    def act() -> None:
        first()
        publishing.put(out, version)

    return act


def as_published(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((out / PLAN).iterdir())}


def plainly(said: publishing.Ended) -> bool:
    """Whether it was said in both languages and without what the system calls it."""
    return bool(said.zh and said.en) and not any(raw in said.zh + said.en for raw in RAW)


@pytest.fixture
def small(tmp_path: Path) -> object:
    with disk(tmp_path / "disk") as made:
        (made.folder / "outputs").mkdir()
        yield made


@pytest.mark.slow
def test_a_disk_that_fills_up_at_any_kilobyte_leaves_the_old_plan_or_has_room_for_the_new(small: Disk) -> None:
    out, ends = small.folder / "outputs", []
    assert apart(lambda: publishing.put(out, "old")) == 0
    old = as_published(out)
    for room in range(0, 96, 4):
        said = told_apart(after(small.with_room(room), out, "new"))
        ends.append(said.code)
        assert said.code in (0, 1), f"{room} KB: {said.en}"
        if said.code == 0:
            assert seen(out) == "new"
            break
        assert as_published(out) == old
        assert plainly(said), said.en
        assert "磁盘已满" in said.zh
    assert ends[0] == 1
    assert ends[-1] == 0
    small.with_room(400)
    assert apart(lambda: publishing.put(out, "next")) == 0
    (small.folder / "ballast").unlink(missing_ok=True)
    assert (seen(out), leftovers(out), versions(out)) == ("next", [], ["old", "new", "next"])


def test_a_read_only_output_folder_is_told_and_the_plan_stands(small: Disk) -> None:
    out = small.folder / "outputs"
    assert apart(lambda: publishing.put(out, "old")) == 0
    old = as_published(out)
    said = told_apart(after(small.read_only(), out, "new"))
    assert said.code == 1
    assert plainly(said), said.en
    assert "只读" in said.zh
    assert as_published(out) == old
    small.writable()
    assert apart(lambda: publishing.put(out, "next")) == 0
    assert (seen(out), leftovers(out), versions(out)) == ("next", [], ["old", "next"])


@pytest.mark.slow
def test_an_output_folder_that_is_too_deep_is_told_whatever_name_is_the_first_too_long(tmp_path: Path) -> None:
    ends = []
    for length in range(LONGEST - 90, LONGEST + 6, 5):
        rest = length - len(str(tmp_path)) - 1
        out = Path(f"{tmp_path}/{('d' * 199 + '/') * (rest // 200)}{'e' * (rest % 200 or 1)}")
        said = told_apart(lambda out=out: publishing.put(out, "new", tmp_path))
        ends.append(said.code)
        assert said.code in (0, 1), f"{length}: {said.en}"
        if said.code == 1:
            assert plainly(said), said.en
            assert "路径过长" in said.zh
            assert not os.path.lexists(out / PLAN)
        else:
            assert seen(out) == "new"
    assert (ends[0], ends[-1]) == (0, 1)


def test_a_disk_that_fills_up_while_the_notebook_runs_is_told_as_that(small: Disk) -> None:
    out = small.folder / "outputs"
    assert apart(lambda: publishing.put(out, "old")) == 0
    old, first = as_published(out), small.with_room(200)
    given = new_code_cell('plan_id = "annual-2027"', id="given", metadata={"tags": ["parameters"]})
    fills = new_code_cell("import os\n_ = open(os.environ['PLANNING_RUN'] + '/big', 'wb').write(bytes(4_000_000))", id="fills")
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}

    def runs() -> None:
        first()
        with publishing.publish.held(out, PLAN) as folder:
            runner.run(new_notebook(cells=[given, fills], metadata=kernel), {}, folder, 600, lambda *_: None)

    said = told_apart(runs)
    assert said.code == 1, said.en
    assert plainly(said), said.en
    assert "磁盘已满" in said.zh
    assert as_published(out) == old


def test_an_error_that_was_written_by_half_does_not_hide_how_the_run_ended(tmp_path: Path) -> None:
    (tmp_path / channel.ERROR).write_text('{"kind": "DataFaul', encoding="utf-8")
    assert channel.raise_error(tmp_path) is None


def test_a_file_to_take_away_is_there_whole_or_not_at_all(small: Disk) -> None:
    first, file = small.with_room(8), small.folder / "plan.xlsx"

    def exports() -> None:
        first()
        write_new({file: bytes(64_000)})

    said = told_apart(exports)
    assert said.code == 1
    assert plainly(said), said.en
    assert [path.name for path in small.folder.iterdir() if path.name != "ballast"] == ["outputs"]


def test_reading_the_tables_changes_nothing_in_their_folder(small_bank: Path) -> None:
    def reads() -> None:
        points = Points(small_bank, 1, "read_only")
        points.install()
        reading = examine(small_bank, read(small_bank / "policy.toml"), {})
        assert not reading.faults
        assert points.seen == 0

    said = told_apart(reads)
    assert said.code == 0, said.en


TEMPORARY = {"with a space": "temporary files", "not there": "nowhere", "not a folder": "small.ipynb"}


@pytest.mark.parametrize("temporary", [pytest.param(one, marks=[] if one == "with a space" else pytest.mark.slow) for one in TEMPORARY])
def test_whatever_the_folder_for_temporary_files_both_solvers_run_and_nothing_is_left_in_it(temporary: str, tmp_path: Path) -> None:
    with desk(tmp_path / "年度 计划") as made:
        folder = made.folder / TEMPORARY[temporary]
        if temporary == "with a space":
            folder.mkdir()
        process = made.begin(TMPDIR=str(folder), TMP=str(folder), TEMP=str(folder))
        assert process.wait(600) == 0, process.communicate()[0]
        assert made.record()["exit"] == 0
        assert not folder.is_dir() or list(folder.iterdir()) == []
