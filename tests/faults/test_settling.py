"""What the next run does with what a killed one left, and what a planner is told where nobody signed for a plan."""

import json
import os
from pathlib import Path

import pytest
from filelock import FileLock

from planning.errors import Busy, RunFailed
from planning.run import hold, publish, registry, swap
from planning.run.exporting import write_new
from planning.run.trouble import trouble

PLAN = "annual-2027"
OLD = {"plan.json": b"old", "run.json": b'{"id": "annual-2027", "exit": 0, "n": 1}'}
NEW = {"plan.json": b"new", "run.json": b'{"id": "annual-2027", "exit": 0, "n": 2}'}


def published(out: Path, files: dict[str, bytes]) -> Path:
    """The runs' folder, with that plan published."""
    with publish.held(out, PLAN):
        publish.publish(out, PLAN, files)
    return out / publish.RUNS / PLAN


def cut_off(runs: Path, former: str = "run-000003-a", fresh: str = "run-000004-a") -> None:
    """Note a publishing of the new plan that never came to its end."""
    told = {"plan": PLAN, "record": NEW["run.json"].decode(), "fresh": fresh, "former": former}
    (runs / publish.PENDING).write_text(json.dumps(told), encoding="utf-8")


def folder(place: Path, files: dict[str, bytes]) -> Path:
    place.mkdir()
    for name, content in files.items():
        (place / name).write_bytes(content)
    return place


def shown(out: Path) -> bytes:
    return (out / PLAN / "plan.json").read_bytes()


def names(runs: Path) -> list[str]:
    return sorted(path.name for path in runs.iterdir() if path.name not in ("lock", "holder.json") and not path.name.startswith("work-"))


def test_a_folder_that_never_came_to_be_shown_goes_with_its_note(tmp_path: Path) -> None:
    runs = published(tmp_path, OLD)
    before = names(runs)
    folder(runs / "run-000004-a", NEW)
    (runs / "point-run-000004-a").symlink_to("nowhere")
    cut_off(runs)
    with publish.held(tmp_path, PLAN):
        assert names(runs) == before
    assert shown(tmp_path) == b"old"


@pytest.mark.parametrize("note", ["", "\0" * 40, "[]", '{"plan": "annual-2027"}'])
def test_a_note_that_cannot_be_read_is_put_aside_and_the_next_plan_is_published(note: str, tmp_path: Path) -> None:
    runs = published(tmp_path, OLD)
    (runs / publish.PENDING).write_text(note, encoding="utf-8")
    published(tmp_path, NEW)
    assert shown(tmp_path) == b"new"
    assert (runs / "pending.unreadable").read_text(encoding="utf-8") == note
    assert not (runs / publish.PENDING).exists()


def test_a_plan_that_readers_have_already_is_registered_by_the_next_run(tmp_path: Path) -> None:
    runs = published(tmp_path, OLD)
    assert registry.register_waiting(tmp_path)
    folder(runs / "run-000004-a", NEW)
    (tmp_path / PLAN).unlink()
    (tmp_path / PLAN).symlink_to(Path(".runs") / PLAN / "run-000004-a")
    cut_off(runs)
    assert registry.verify_chain(tmp_path) == 1
    with publish.held(tmp_path, PLAN):
        pass
    assert registry.register_waiting(tmp_path)
    assert (registry.verify_chain(tmp_path), shown(tmp_path)) == (2, b"new")


def test_a_plan_that_was_away_between_two_renames_is_put_back(tmp_path: Path) -> None:
    runs = published(tmp_path, OLD)
    (tmp_path / PLAN).rename(runs / "run-000003-a")
    cut_off(runs)
    with publish.held(tmp_path, PLAN):
        assert shown(tmp_path) == b"old"


def test_folders_that_had_changed_places_are_kept_as_the_former_run(tmp_path: Path) -> None:
    runs = tmp_path / publish.RUNS / PLAN
    runs.mkdir(parents=True)
    folder(tmp_path / PLAN, NEW)
    folder(runs / "run-000004-a", OLD)
    cut_off(runs)
    with publish.held(tmp_path, PLAN):
        assert names(runs) == ["run-000003-a"]
    assert (shown(tmp_path), (runs / "run-000003-a" / "plan.json").read_bytes()) == (b"new", b"old")


def test_a_file_made_by_hand_in_the_plans_place_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / PLAN).write_text("keep me", encoding="utf-8")
    with pytest.raises(RunFailed, match="publish_not_ours"):
        published(tmp_path, OLD)
    assert (tmp_path / PLAN).read_text(encoding="utf-8") == "keep me"


def test_a_rename_that_fails_puts_the_former_plan_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(swap, "exchanged", lambda *_: False)
    monkeypatch.setattr(swap, "_linked", lambda *_: False)
    published(tmp_path, OLD)
    rename = Path.rename

    def once(path: Path, to: Path) -> Path:
        if to.name == PLAN and not path.name.startswith("run-000001"):
            raise OSError(5, "broken")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", once)
    with pytest.raises(RunFailed, match="publish_failed"):
        published(tmp_path, NEW)
    assert shown(tmp_path) == b"old"


def test_names_change_places_only_where_both_are_there(tmp_path: Path) -> None:
    folder(tmp_path / "one", OLD)
    with pytest.raises(FileNotFoundError):
        swap.exchanged(tmp_path / "one", tmp_path / "other")
    folder(tmp_path / "other", NEW)
    assert swap.exchanged(tmp_path / "one", tmp_path / "other")
    assert (tmp_path / "one" / "plan.json").read_bytes() == b"new"


@pytest.mark.parametrize("signed", [None, "half a li", json.dumps({"process": "4194304", "machine": "", "since": ""})])
def test_a_plan_held_by_someone_unnamed_is_busy_all_the_same(tmp_path: Path, signed: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hold, "LOOKS", 2)
    monkeypatch.setattr(hold.platform, "node", lambda: "")
    runs = published(tmp_path, OLD)
    if signed:
        (runs / hold.HOLDER).write_text(signed, encoding="utf-8")
    with FileLock(runs / hold.LOCK), pytest.raises(Busy, match="plan_busy_unnamed") as busy, publish.held(tmp_path, PLAN):
        pytest.fail("the plan was held twice")
    assert busy.value.exit_code == 75


def test_a_record_that_cannot_be_read_does_not_keep_the_others_from_the_register(tmp_path: Path) -> None:
    published(tmp_path, OLD)
    publish.waiting(tmp_path).with_name("0.json").write_text("{", encoding="utf-8")
    old = publish.waiting(tmp_path).with_name("0.part")
    old.touch()
    os.utime(old, (0, 0))
    assert registry.register_waiting(tmp_path)
    assert registry.verify_chain(tmp_path) == 1
    assert sorted(path.name for path in old.parent.iterdir() if path.name != "lock") == ["0.unreadable"]


def test_what_the_system_refuses_has_a_name_for_every_common_reason() -> None:
    assert [trouble(OSError(number, "")).get("trouble") for number in (28, 30, 13, 36, 2, 17, 20, 16, 5, 9999)] == [
        "full", "read_only", "not_allowed", "too_long", "gone", "in_the_way", "in_the_way", "in_use", "broken", "other",
    ]  # fmt: skip


def test_a_file_that_windows_holds_open_is_in_use_and_no_lacking_right() -> None:
    held = PermissionError(13, "")
    held.winerror = 32
    assert trouble(held)["trouble"] == "in_use"


def test_a_folder_that_cannot_be_written_is_told_by_its_name_also_where_one_stands_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> int:
        raise PermissionError(13, "")

    (tmp_path / "here" / "below").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here" / "below")
    monkeypatch.setattr(Path, "write_bytes", refused)
    for file, folder in (("plan.xlsx", "below"), ("../plan.xlsx", "here"), ("../below/plan.xlsx", "below")):
        with pytest.raises(RunFailed) as told:
            write_new({Path(file): b""})
        assert told.value.faults[0].values["folder"] == folder
