"""A plan that failed: tried again within its limit after a rest, then given up until something changes; the others are made all the same."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from planning.errors import Busy, Fault, RunFailed
from planning.run import all_plans, plan_state, rests
from planning.run.job import Ended, Job, failed
from planning.run.plan_lines import plan_line
from planning.run.plan_state import State, remember, remembered
from tests.run.scheduled import BROKEN, CLIENT, CONFLICT, DAY, MORNING, Worker, called, entry, happened


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
