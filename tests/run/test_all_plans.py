"""Every plan of a plans' file: made when due, left alone when unchanged, one line and one truthful code each."""

import json
import pickle
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from planning.errors import Fault, Infeasible, PolicyError, RunFailed
from planning.run import all_plans, plan_state
from planning.run.all_plans import Line, worst
from planning.run.job import Job, work
from planning.run.plan_jobs import Prepared, prepared
from planning.run.plan_state import State, remember, remembered
from planning.run.plans_file import Entry
from planning.run.publish import held
from planning.run.render import Order
from tests.run.scheduled import BROKEN, CONFLICT, DAY, HELD, MORNING, Worker, called, entry, happened
from tests.run.tiny_plans import desk, notebook


def test_a_due_plan_is_made_once_and_again_at_its_next_time(worker: Worker) -> None:
    assert happened(called(entry())) == [("tiny", "published", 0)]
    (line,) = called(entry(), now=MORNING + DAY - timedelta(seconds=1))
    assert (line.happened, line.code, line.following) == ("not_due", 0, MORNING + DAY)
    assert happened(called(entry(), now=MORNING + 5 * DAY)) == [("tiny", "published", 0)]
    assert worker.done == ["tiny", "tiny"]


def test_a_plan_that_is_not_due_is_made_when_forced(worker: Worker) -> None:
    called(entry())
    assert happened(called(entry(), force=True)) == [("tiny", "published", 0)]
    assert worker.done == ["tiny", "tiny"]


def test_a_plan_whose_folder_was_taken_away_is_due_whatever_the_time(worker: Worker) -> None:
    called(entry())
    shutil.rmtree("outputs/tiny")
    assert happened(called(entry())) == [("tiny", "published", 0)]
    assert worker.done == ["tiny", "tiny"]


def test_a_plan_waits_for_those_it_is_made_from_and_is_held_back_when_they_fail(worker: Worker) -> None:
    plans = [entry("pages", after=("year",)), entry("year")]
    assert happened(called(*plans, jobs=4)) == [("year", "published", 0), ("pages", "published", 0)]
    worker.ends = [BROKEN]
    lines = called(*plans, jobs=4, now=MORNING + DAY)
    assert happened(lines) == [("year", "failed", 1), ("pages", "held_back", 1)]
    assert lines[1].waits_for == "year"
    Path("data/ours/clients.csv").write_text("mended", encoding="utf-8")
    assert happened(called(*plans, now=MORNING + DAY)) == [("year", "published", 0), ("pages", "published", 0)]


def test_a_plan_that_a_render_holds_is_busy_and_stays_due(worker: Worker) -> None:
    worker.ends = [HELD]
    assert happened(called(entry(retries=0))) == [("tiny", "busy", 75)]
    assert remembered(Path("outputs"), "tiny") == State()
    assert happened(called(entry(retries=0))) == [("tiny", "published", 0)]


def test_a_plan_that_another_scheduler_holds_is_left_to_it(worker: Worker) -> None:
    with plan_state.held(Path("outputs"), "tiny"):
        (line,) = called(entry())
    assert (line.happened, line.code) == ("busy", 75)
    assert line.ended is not None
    assert line.ended.faults[0].code == "plan_scheduled"
    assert line.ended.faults[0].values["process"]
    assert worker.done == []
    assert happened(called(entry())) == [("tiny", "published", 0)]


def test_what_cannot_begin_is_told_and_stops_no_other_plan(worker: Worker) -> None:
    lines = called(entry("one", notebook="nowhere"), entry("two", data="nowhere"), entry("three", each="branch"), entry("four"))
    assert happened(lines) == [("one", "failed", 2), ("two", "failed", 2), ("three", "failed", 2), ("four", "published", 0)]
    assert [line.ended.faults[0].code for line in lines if line.ended and line.ended.faults] == [
        "notebook_missing", "data_folder_missing", "each_only_branches",
    ]  # fmt: skip
    assert worker.done == ["four"]


def test_branches_pages_take_the_id_of_their_folder(worker: Worker) -> None:
    place = notebook(Path("notebooks") / "pages.ipynb")
    text = place.read_text(encoding="utf-8")
    place.write_text(text.replace("event_cny = None", 'branch = \\"\\"\\nplan = \\"year\\"'), encoding="utf-8")
    Path("outputs/year").mkdir(parents=True)
    Path("outputs/year/plan.json").write_text(json.dumps({"id": "year"}), encoding="utf-8")
    (line,) = called(entry("pages", notebook="pages", data="ours", each="branch"))
    assert line.ended is not None
    assert (line.code, line.ended.faults[0].code, line.ended.faults[0].values["place"]) == (2, "plans_id_of_pages", "year-branches")
    assert worker.done == []


def test_each_branch_alone_has_a_folder_of_its_own_whatever_it_is_called(worker: Worker) -> None:
    place = notebook(Path("notebooks") / "pages.ipynb")
    text = place.read_text(encoding="utf-8")
    place.write_text(text.replace("event_cny = None", 'branch = \\"\\"\\nplan = \\"year\\"'), encoding="utf-8")
    Path("outputs/year").mkdir(parents=True)
    Path("outputs/year/plan.json").write_text(json.dumps({"id": "year"}), encoding="utf-8")
    branches = ["B0001", "浦东支行", "徐汇支行", "SH-PUDONG-LUJIAZUI-01", "SH-PUDONG-LUJIAZUI-02", "x", "../x", "abcdefghi-"]
    lines = called(*(entry(f"pages-{number}", notebook="pages", data="ours", parameters={"branch": one}) for number, one in enumerate(branches)))
    places = [str(line.ended.faults[0].values["place"]) for line in lines if line.ended]
    assert [place for place, one in zip(places, branches, strict=True) if one in ("B0001", "x")] == ["year-branch-b0001", "year-branch-x"]
    assert len(set(places)) == len(branches)
    assert worker.done == []


def test_a_branchs_notebook_needs_to_know_for_which_branches(worker: Worker) -> None:
    place = notebook(Path("notebooks") / "pages.ipynb")
    place.write_text(place.read_text(encoding="utf-8").replace("event_cny = None", 'branch = \\"\\"'), encoding="utf-8")
    (line,) = called(entry("pages", notebook="pages"))
    assert line.ended is not None
    assert (line.code, line.ended.faults[0].code) == (2, "branch_not_named")
    assert worker.done == []


def test_a_page_about_a_published_plan_takes_no_policy_from_the_plans_file(worker: Worker) -> None:
    pages, about = notebook(Path("notebooks") / "pages.ipynb"), notebook(Path("notebooks") / "about.ipynb")
    for place, named in ((pages, 'branch = \\"\\"\\nplan = \\"year\\"'), (about, 'plan = \\"year\\"')):
        place.write_text(place.read_text(encoding="utf-8").replace("event_cny = None", named), encoding="utf-8")
    laid = {"parameters": {"event_cny": 5, "gap": 0.01}}
    lines = called(entry("year-branches", notebook="pages", each="branch", **laid), entry("record", notebook="about", **laid))
    for line in lines:
        assert line.ended is not None
        assert (line.code, [(fault.code, fault.values["name"]) for fault in line.ended.faults]) == (
            2, [("parameter_beside_plan", "event_cny"), ("parameter_beside_plan", "gap")],
        )  # fmt: skip
    assert worker.done == []


def test_the_plan_a_page_is_about_is_looked_for_where_the_plans_are_published(worker: Worker) -> None:
    place = notebook(Path("notebooks") / "about.ipynb")
    place.write_text(place.read_text(encoding="utf-8").replace("event_cny = None", 'plan = \\"year\\"'), encoding="utf-8")
    (line,) = called(entry("record", notebook="about"), out=Path("archive/made"))
    assert line.ended is not None
    assert (line.code, line.ended.faults[0].code) == (2, "plan_missing")
    Path("archive/made/year").mkdir()
    Path("archive/made/year/plan.json").touch()
    assert happened(called(entry("record", notebook="about"), out=Path("archive/made"))) == [("record", "published", 0)]
    assert worker.done == ["record"]


def test_work_goes_to_the_folder_the_paths_are_seen_from_and_says_where_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    place = desk(tmp_path / "desk")
    order = Order(Path("notebooks/nowhere.ipynb"), Path("outputs"))
    ended = work(Job(order, str(place)))
    assert (Path.cwd(), ended.code, ended.faults[0].code) == (place, 2, "notebook_missing")
    ended = work(Job(order, str(tmp_path / "gone")))
    assert (ended.code, ended.faults[0].code, ended.faults[0].values) == (1, "start_not_there", {"folder": "gone"})


def test_a_job_and_its_end_can_be_sent_to_another_machine() -> None:
    job = Job(Order(Path("n.ipynb"), Path("outputs"), given=(("plan_id", "p"),)), "/srv", True, "B0001")
    assert pickle.loads(pickle.dumps(job)) == job
    assert pickle.loads(pickle.dumps(CONFLICT)) == CONFLICT
    assert isinstance(CONFLICT.error, Infeasible)
    assert pickle.loads(pickle.dumps(work)) is work


def test_a_cluster_open_to_other_machines_is_refused_before_anything_is_written(worker: Worker) -> None:
    with pytest.raises(PolicyError, match="cluster_open"):
        called(entry(), cluster="tcp://10.0.0.1:8786")
    assert worker.done == []


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", '{"served": "soon", "failed": null}', '{"served": null, "failed": {"times": 1}}',
        '{"served": null, "failed": {"due": "", "inputs": "", "times": 1, "code": 1, "at": "soon"}}',
    ],
)  # fmt: skip
def test_what_is_remembered_and_cannot_be_read_makes_the_plan_due(text: str) -> None:
    called(entry())
    Path("outputs/.runs/.schedule/tiny.json").write_text(text, encoding="utf-8")
    assert happened(called(entry())) == [("tiny", "published", 0)]


def test_a_clock_that_was_ahead_does_not_keep_a_plan_from_its_time(worker: Worker) -> None:
    called(entry(), now=MORNING + 3000 * DAY)
    for day in (0, 1):
        assert happened(called(entry(), now=MORNING + day * DAY)) == [("tiny", "published", 0)]
    assert len(worker.done) == 3


def test_a_surprise_before_a_plan_begins_fails_it_alone(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(entry: Entry, *others: Path) -> Prepared:
        if entry.id == "one":
            raise ZeroDivisionError
        return prepared(entry, *others)

    monkeypatch.setattr(all_plans, "prepared", breaks)
    lines = called(entry("one"), entry("two"))
    assert happened(lines) == [("one", "failed", 1), ("two", "published", 0)]
    assert lines[0].ended is not None
    Path(str(lines[0].ended.faults[0].values["log"])).unlink()
    with plan_state.held(Path("outputs"), "one"):
        assert worker.done == ["two"]


@pytest.mark.usefixtures("worker")
def test_where_nothing_can_be_written_down_after_a_run_that_is_told_and_the_others_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def full(out: Path, plan: str, state: State) -> None:
        written.append(plan)
        if written == ["one", "one"]:
            raise RunFailed(Fault("out_not_writable", values={"folder": "outputs", "problem": "disk full"}))
        remember(out, plan, state)

    monkeypatch.setattr(plan_state, "remember", full)
    assert happened(called(entry("one"), entry("two"))) == [("one", "failed", 1), ("two", "published", 0)]


@pytest.mark.parametrize(
    ("codes", "code"),
    [((), 0), ((0, 0), 0), ((0, 75), 75), ((75, 1), 1), ((1, 2), 2), ((2, 3, 75, 1), 3), ((4, 3, 2, 1), 4)],
)
def test_the_exit_code_is_nought_only_when_every_plan_is_as_it_should_be(codes: tuple[int, ...], code: int) -> None:
    assert worst([Line(str(number), "any", one, 0.0) for number, one in enumerate(codes)]) == code


@pytest.mark.usefixtures("worker")
def test_a_folder_that_cannot_be_written_is_told() -> None:
    Path("outputs").write_text("a file", encoding="utf-8")
    (line,) = called(entry())
    assert line.ended is not None
    assert (line.code, line.ended.faults[0].code) == (1, "out_not_writable")


@pytest.mark.usefixtures("worker")
def test_every_plan_let_go_can_be_held_again() -> None:
    called(entry("one"), entry("two", notebook="nowhere"), entry("three"), jobs=2)
    for plan in ("one", "two", "three"):
        with plan_state.held(Path("outputs"), plan), held(Path("outputs"), plan):
            assert not (Path("outputs/.runs/.schedule") / f"{plan}.part").exists()
