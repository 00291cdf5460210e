"""Publishing is all or nothing, and one run at a time holds a plan."""

import os
from pathlib import Path

import pytest

from planning.errors import Busy, RunFailed
from planning.run import swap
from planning.run.publish import held, publish

FIRST = {"plan.json": b"one", "run.json": b"{}"}
SECOND = {"plan.json": b"two", "run.json": b"{}"}


def published(out: Path, files: dict[str, bytes], plan_id: str = "annual-2027") -> str:
    with held(out, plan_id):
        return publish(out, plan_id, files)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_plan_is_a_link_to_a_complete_folder_and_moves_with_outputs(tmp_path: Path) -> None:
    assert published(tmp_path / "outputs", FIRST) == "link"
    assert published(tmp_path / "outputs", SECOND) == "link"
    (tmp_path / "outputs").rename(tmp_path / "elsewhere")
    assert contents(tmp_path / "elsewhere" / "annual-2027") == SECOND


def test_a_write_that_fails_leaves_the_former_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published(tmp_path, FIRST)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunFailed):
        published(tmp_path, SECOND)
    assert contents(tmp_path / "annual-2027") == FIRST


def test_without_links_the_folders_change_places_and_where_that_fails_too_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise OSError("links are not allowed")

    monkeypatch.setattr(Path, "symlink_to", forbidden)
    assert [published(tmp_path, files) for files in (FIRST, SECOND)] == ["folder", "folder"]
    assert contents(tmp_path / "annual-2027") == SECOND
    monkeypatch.setattr(swap, "exchanged", lambda *_: False)
    assert published(tmp_path, FIRST) == "rename"
    assert contents(tmp_path / "annual-2027") == FIRST


def test_a_renamed_folder_gives_way_to_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without_links:
        without_links.setattr(Path, "symlink_to", lambda *_, **__: (_ for _ in ()).throw(OSError()))
        published(tmp_path, FIRST)
    assert published(tmp_path, SECOND) == "link"
    assert contents(tmp_path / "annual-2027") == SECOND


def test_a_folder_made_by_hand_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "annual-2027").mkdir()
    (tmp_path / "annual-2027" / "notes.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(RunFailed):
        published(tmp_path, FIRST)
    assert contents(tmp_path / "annual-2027") == {"notes.txt": b"keep me"}


def test_a_plan_held_by_another_is_busy_and_says_by_whom(tmp_path: Path) -> None:
    with held(tmp_path, "annual-2027"):
        with pytest.raises(Busy) as busy, held(tmp_path, "annual-2027"):
            pytest.fail("the plan was held twice")
        with held(tmp_path, "half-2027"):
            pass
    assert busy.value.faults[0].values["process"] == str(os.getpid())
    assert busy.value.exit_code == 75
    with held(tmp_path, "annual-2027"):
        pass


def test_a_run_leaves_nothing_of_its_own_behind(tmp_path: Path) -> None:
    def broken_run() -> None:
        with held(tmp_path, "annual-2027") as folder:
            (folder / "clients.csv").touch()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_run()
    assert [path.name for path in (tmp_path / ".runs" / "annual-2027").iterdir()] == ["lock"]


def test_only_the_current_and_the_former_run_are_kept(tmp_path: Path) -> None:
    for _ in range(4):
        published(tmp_path, FIRST)
    assert len(list((tmp_path / ".runs" / "annual-2027").glob("run-*"))) == 2
