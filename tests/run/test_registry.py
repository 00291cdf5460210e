"""The register of runs: entries chained, no change unseen, nothing lost while it cannot be reached, shared by several processes and folders."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import URL
from sqlalchemy.exc import OperationalError

from planning.errors import Fault, PolicyError, RunFailed
from planning.run import monitoring, publish, recorded, registered, registry, render
from planning.run.channel import RECORD
from tests.book.databases import PASSWORD, postgres, programs

TEN = """
import sys
from pathlib import Path
from planning.run.registry import register
for number in range(10):
    assert register(Path(sys.argv[1]), f"plan-{sys.argv[2]}", f'{{"id": "plan-{sys.argv[2]}", "exit": 0, "n": {number}}}')
"""


def told(plan: str, number: int = 0) -> str:
    return json.dumps({"id": plan, "exit": 0, "n": number})


def database(out: Path) -> Path:
    return out / ".runs" / registry.FILE


def test_entries_follow_one_another_and_a_plan_has_its_own(tmp_path: Path) -> None:
    for number, plan in enumerate(["a", "b", "a"]):
        assert registry.register(tmp_path, plan, told(plan, number))
    newest, middle, oldest = registry.entries(tmp_path)
    assert (oldest.previous, middle.previous, newest.previous) == (registry.FIRST, oldest.hash, middle.hash)
    assert [entry.told["n"] for entry in registry.entries(tmp_path, "a")] == [2, 0]
    assert registry.verify_chain(tmp_path) == 3


def test_a_copy_of_the_register_as_it_was_before_a_run_is_whole_and_leaves_the_register_alone(tmp_path: Path) -> None:
    out, to = tmp_path / "outputs", tmp_path / "copied"
    to.mkdir()
    registry.copy_before(out, 1, to)
    assert list(to.iterdir()) == []
    for number in range(3):
        registry.register(out, "a", told("a", number))
    for before, kept in ((3, 2), (None, 3)):
        registry.copy_before(out, before, to)
        assert registry.verify_chain(to) == kept
    assert registry.verify_chain(out) == 3


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE planning_runs SET record = replace(record, '\"exit\": 0', '\"exit\": 3') WHERE number = 2", "register_changed number=2 plan=p2"),
        ("UPDATE planning_runs SET plan = 'other' WHERE number = 2", "register_changed number=2 plan=other"),
        ("DELETE FROM planning_runs WHERE number = 2", "register_gap number=2"),
        ("DELETE FROM planning_runs WHERE number = 3", "register_unknown_plan plan=p3"),
    ],
)
def test_no_entry_is_changed_or_taken_out_unseen(tmp_path: Path, change: str, code: str) -> None:
    for number in (1, 2, 3):
        plan = f"p{number}"
        (tmp_path / plan).mkdir()
        (tmp_path / plan / RECORD).write_text(told(plan), encoding="utf-8")
        registry.register(tmp_path, plan, told(plan))
    assert registry.verify_chain(tmp_path) == 3
    with sqlite3.connect(database(tmp_path)) as connection:
        connection.execute(change)
    connection.close()
    with pytest.raises(RunFailed, match=re.escape(code)):
        registry.verify_chain(tmp_path)


def test_asking_for_runs_where_there_are_none_makes_no_folder_and_holds_no_chain_for_whole(
    planning: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words in ((), ("--verify-chain",)):
        assert planning("runs", *words, "--out", str(tmp_path / "mistyped"), "--lang", "en") == 0
        assert capsys.readouterr().out == "No run is registered yet.\n"
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("record", ["", "[]", '{"id": '])
def test_an_entry_that_is_no_record_any_more_is_told_by_its_number(tmp_path: Path, record: str) -> None:
    assert registry.register(tmp_path, "a", told("a"))
    with sqlite3.connect(database(tmp_path)) as connection:
        connection.execute("UPDATE planning_runs SET record = ?", (record,))
    connection.close()
    (entry,) = registry.entries(tmp_path)
    with pytest.raises(RunFailed, match="register_changed number=1 plan=a"):
        _ = entry.told
    around = monitoring.register_around(tmp_path / "a", "a")
    assert around is not None
    assert around.faults == ("register_changed",)


def test_a_record_waits_while_the_register_cannot_be_reached_and_is_added_with_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(registry.ADDRESS, "postgresql://nobody:secret@127.0.0.1:1/none")
    monkeypatch.setattr(registry, "TRIES", 2)
    assert not registry.register(tmp_path, "a", told("a", 1))
    with pytest.raises(RunFailed, match=r"^register_unreachable$"):
        registry.entries(tmp_path)
    monkeypatch.delenv(registry.ADDRESS)
    assert registry.register(tmp_path, "b", told("b", 2))
    assert [entry.told["n"] for entry in registry.entries(tmp_path)] == [2, 1]
    assert registry.verify_chain(tmp_path) == 2


def test_an_address_that_is_none_is_told_without_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(registry.ADDRESS, "no address: secret")
    assert not registry.register(tmp_path, "a", told("a"))
    with pytest.raises(RunFailed, match=r"^register_unreachable$"):
        registry.verify_chain(tmp_path)


def test_a_server_that_does_not_answer_is_not_waited_for_over_and_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[Path] = []

    def gone(out: Path) -> None:
        tried.append(out)
        raise OperationalError("", {}, TimeoutError())

    monkeypatch.setattr(registry, "_connected", gone)
    monkeypatch.setattr(registry, "PATIENCE_SECONDS", -1)
    assert not registry.register(tmp_path, "a", told("a"))
    assert tried == [tmp_path]
    assert registry.address("postgresql://u@h/d", tmp_path).query == {"connect_timeout": str(registry.CONNECT_SECONDS)}
    assert registry.address("postgresql://u@h/d?connect_timeout=60", tmp_path).query == {"connect_timeout": "60"}


def test_the_register_stands_beside_the_plans_whatever_their_folder_is_called(tmp_path: Path) -> None:
    out = tmp_path / "what now? 100% #1"
    assert registry.register(out, "a", told("a"))
    assert registry.verify_chain(out) == 1
    assert database(out).is_file()


def test_a_record_that_a_killed_run_was_about_to_register_is_known_to_wait_whatever_lies_beside_it(tmp_path: Path) -> None:
    text = json.dumps({**{name: kind() for name, kind in recorded.NEEDED.items()}, "id": "a"})
    assert registry.register(tmp_path, "b", told("b"))
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / RECORD).write_text(text, encoding="utf-8")
    waiting = publish.waiting(tmp_path).parent
    (waiting / "0.json").write_text("no record", encoding="utf-8")
    (waiting / f"1{registry.ADDING}").write_text(json.dumps({"plan": "a", "record": text}), encoding="utf-8")
    assert recorded.find("a", tmp_path).standing == "waits"


def test_a_plan_that_is_registered_while_the_chain_is_checked_is_no_stranger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / RECORD).write_text(told("a"), encoding="utf-8")
    publish.waiting(tmp_path).write_text(json.dumps({"plan": "a", "record": told("a")}), encoding="utf-8")
    unregistered = publish.unregistered

    def meanwhile(out: Path) -> Iterator[str]:
        assert registry.register_waiting(out)
        yield from unregistered(out)

    monkeypatch.setattr(publish, "unregistered", meanwhile)
    assert registry.verify_chain(tmp_path) == 1


def together(places: list[Path]) -> None:
    """A process for each place, ten runs each, all at once."""
    begun = [subprocess.Popen([sys.executable, "-c", TEN, str(place), str(number)]) for number, place in enumerate(places)]
    assert [process.wait() for process in begun] == [0] * len(places)


def test_processes_that_register_at_once_make_one_chain(tmp_path: Path) -> None:
    together([tmp_path] * 3)
    assert registry.verify_chain(tmp_path) == 30


@pytest.mark.skipif(programs() is None, reason="needs PostgreSQL: apt-get install postgresql")
def test_two_machines_share_a_register_in_postgresql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with postgres() as port:
        address = URL.create("postgresql", "postgres", PASSWORD, "127.0.0.1", port, "postgres").render_as_string(hide_password=False)
        monkeypatch.setenv(registry.ADDRESS, address)
        together([tmp_path / "one", tmp_path / "two"])
        assert registry.verify_chain(tmp_path / "one") == registry.verify_chain(tmp_path / "two") == 20
        assert not database(tmp_path / "one").exists()


FAILURES = {
    "a mistake": (PolicyError(Fault("parameter_unknown", column="event_cny", values={"value": "Zhang San"})), 2, "parameter_unknown.event_cny"),
    "what nobody foresaw": (ZeroDivisionError("Zhang San"), 1, "unforeseen"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_a_run_that_fails_is_entered_by_codes_alone_and_its_error_goes_on(tmp_path: Path, failure: str) -> None:
    shutil.copyfile(Path(__file__).parents[2] / "notebooks" / "annual_plan.ipynb", tmp_path / "annual_plan.ipynb")
    order = render.Order(tmp_path / "annual_plan.ipynb", tmp_path / "outputs")
    order.out.mkdir()
    error, code, told = FAILURES[failure]

    def fails() -> render.Published:
        raise error

    with pytest.raises(type(error)):
        registered.registered(order, fails)
    (entry,) = registry.entries(tmp_path / "outputs")
    assert (entry.plan, entry.told["exit"], entry.told["faults"]) == ("annual-2027", code, [told])
    assert "Zhang" not in entry.record
