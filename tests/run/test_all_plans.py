"""Every plan of a plans' file: made when due, left alone when unchanged, tried again within its limit, one line and one truthful code each."""

import json
import pickle
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from planning.errors import Busy, Fault, Infeasible, PolicyError, RunFailed
from planning.run import all_plans, nursed, plan_state, rests
from planning.run.all_plans import Asked, Line, render_all, worst
from planning.run.job import Ended, Job, failed, work
from planning.run.plan_jobs import Prepared, prepared
from planning.run.plan_lines import plan_line
from planning.run.plan_state import State, remember, remembered
from planning.run.plans_file import Entry, When
from planning.run.publish import held
from planning.run.render import Order
from tests.run.tiny_plans import desk, notebook

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


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Worker:
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


def test_a_failed_plan_is_tried_again_as_often_as_it_may_and_then_given_up(worker: Worker) -> None:
    worker.ends = [BROKEN] * 9
    (line,) = called(entry(retries=2))
    assert (line.happened, line.code, line.tries, len(worker.done)) == ("failed", 1, 3, 3)
    (line,) = called(entry(retries=2), now=MORNING + timedelta(hours=1))
    assert (line.happened, line.code, line.tries, line.following) == ("given_up", 1, 3, MORNING + DAY)
    assert len(worker.done) == 3


@pytest.mark.parametrize("change", ["inputs", "parameters", "time", "force"])
def test_a_plan_given_up_is_tried_again_once_its_inputs_change_at_its_next_time_or_when_forced(worker: Worker, change: str) -> None:
    worker.ends = [BROKEN] * 2
    called(entry(retries=1))
    if change == "inputs":
        Path("data/ours/clients.csv").write_text("new", encoding="utf-8")
    after = called(
        entry(retries=1, **({"parameters": {"event_cny": 5}} if change == "parameters" else {})),
        now=MORNING + (DAY if change == "time" else timedelta(hours=1)),
        force=change == "force",
    )
    assert happened(after) == [("tiny", "published", 0)]
    assert remembered(Path("outputs"), "tiny").failed is None


def test_a_second_attempt_that_succeeds_is_a_published_plan(worker: Worker) -> None:
    worker.ends = [BROKEN]
    (line,) = called(entry(retries=1))
    assert (line.happened, line.code, line.tries) == ("published", 0, 2)


def test_a_plan_rests_before_each_retry_while_others_are_made_and_is_held_meanwhile(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[str] = []

    def sleep(seconds: float) -> None:
        with pytest.raises(Busy), plan_state.held(Path("outputs"), "one"):
            raise AssertionError
        before = remembered(Path("outputs"), "one").failed
        held.append(f"{before.times if before else 0} of {len(worker.done)}")
        worker.clock.sleep(seconds)

    monkeypatch.setattr(rests, "sleep", sleep)
    worker.ends = [BROKEN, Ended(0, 1.0), BROKEN, BROKEN]
    lines = called(entry("one", retries=2, retry_after=7), entry("two"))
    assert happened(lines) == [("two", "published", 0), ("one", "failed", 1)]
    assert (worker.done, worker.clock.slept) == (["one", "two", "one", "one"], [420.0, 420.0])
    assert held == ["1 of 2", "2 of 3"]


def test_a_plan_that_waits_for_one_that_rests_is_made_after_it_and_no_rest_is_no_wait(worker: Worker) -> None:
    worker.ends = [BROKEN]
    lines = called(entry("year", retries=1), entry("pages", after=("year",)))
    assert happened(lines) == [("year", "published", 0), ("pages", "published", 0)]
    assert worker.clock.slept == [60.0]
    worker.ends = [BROKEN]
    called(entry("year", retries=1, retry_after=0), now=MORNING + DAY)
    assert worker.clock.slept == [60.0]


def test_an_attempt_that_cannot_be_written_down_after_a_rest_ends_the_plan_and_lets_it_go(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(out: Path, plan: str, state: State) -> None:
        if worker.clock.slept:
            raise RunFailed(Fault("out_not_writable", values={"folder": "outputs", "problem": "disk full"}))
        remember(out, plan, state)

    monkeypatch.setattr(plan_state, "remember", full)
    worker.ends = [BROKEN]
    (line,) = called(entry(retries=3))
    assert line.ended is not None
    assert (line.happened, line.ended.faults[0].code, worker.done) == ("failed", "out_not_writable", ["tiny"])
    with plan_state.held(Path("outputs"), "tiny"):
        assert worker.clock.slept == [60.0]


@pytest.mark.parametrize(("lang", "told"), [("zh", "30 分钟的时限，已停止"), ("en", "limit of 30 min")])
def test_a_run_past_its_limit_is_told_by_the_field_that_sets_it(worker: Worker, lang: str, told: str) -> None:
    named = Fault("branch_page_failed", values={"branch": "B0001"})
    worker.ends = [failed(RunFailed([named, Fault("run_too_long", values={"seconds": 1800})]), 1800.0)]
    (line,) = called(entry(minutes=30))
    said = plan_line(line, "UTC", lang)
    assert told in said
    assert "B0001" in said
    assert "minutes" in said
    assert "--seconds" not in said


def test_rules_that_conflict_are_not_tried_again_with_the_same_inputs(worker: Worker) -> None:
    worker.ends = [CONFLICT]
    (line,) = called(entry(retries=5))
    assert (line.happened, line.code, len(worker.done)) == ("failed", 3, 1)
    assert happened(called(entry(retries=5))) == [("tiny", "given_up", 3)]


@pytest.mark.usefixtures("worker")
def test_an_attempt_counts_from_its_beginning_so_that_a_scheduler_that_dies_does_not_begin_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(_: Job) -> Ended:
        raise KeyboardInterrupt

    monkeypatch.setattr(all_plans, "work", dies)
    for _ in range(2):
        monkeypatch.setattr(all_plans, "_result", lambda future: future.result())
        with pytest.raises(KeyboardInterrupt):
            called(entry(retries=1))
    assert happened(called(entry(retries=1))) == [("tiny", "given_up", 1)]


def test_an_error_nobody_foresaw_fails_its_plan_alone(monkeypatch: pytest.MonkeyPatch, worker: Worker) -> None:
    def breaks(job: Job) -> Ended:
        if dict(job.order.given)["plan_id"] == "one":
            raise ZeroDivisionError("client", CLIENT)
        return worker(job)

    monkeypatch.setattr(all_plans, "work", breaks)
    one, two = called(entry("one"), entry("two"))
    assert (one.happened, one.code, two.happened) == ("failed", 1, "published")
    assert one.ended is not None
    (fault,) = one.ended.faults
    assert (fault.code, fault.values["problem"]) == ("unforeseen", "ZeroDivisionError")
    log = Path(str(fault.values["log"]))
    assert CLIENT not in log.read_text(encoding="utf-8")
    log.unlink()


def test_plans_that_a_cluster_given_up_takes_no_more_fail_one_by_one_and_are_let_go(monkeypatch: pytest.MonkeyPatch, worker: Worker) -> None:
    class GivenUp(ThreadPoolExecutor):
        def submit(self, act: Any, /, *given: Any, **named: Any) -> Any:
            if worker.done:
                raise ClosedClientError
            return super().submit(act, *given, **named)

    class ClosedClientError(Exception):
        """What Dask's client raises once it is closed."""

    monkeypatch.setattr(all_plans, "executor", lambda *_: GivenUp(1))
    worker.ends = [BROKEN]
    lines = called(entry("one", retries=1), entry("two"))
    assert sorted(happened(lines)) == [("one", "failed", 1), ("two", "failed", 1)]
    assert [line.ended.faults[0].code for line in lines if line.ended] == ["cluster_worker_lost"] * 2
    for plan in ("one", "two"):
        with plan_state.held(Path("outputs"), plan):
            assert worker.done == ["one"]


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
