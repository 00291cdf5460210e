"""Renders every plan of the plans' file that is due and has anything new; each plan ends in one line, whatever became of the others."""

import time
from collections.abc import Callable, Mapping, Sequence, Set
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from planning.errors import Busy, Fault, PlanningError, RunFailed
from planning.run import channel, inputs, nursed, plan_state
from planning.run.executors import executor, handed, result_of
from planning.run.job import Ended, Job, failed, work
from planning.run.plan_jobs import prepared
from planning.run.plan_state import Failed, State
from planning.run.plans_file import Entry
from planning.run.rests import Rests
from planning.run.schedule import Due, due
from planning.run.told import unforeseen

AGAIN_IS_THE_SAME = (3, 4)
"""Exit codes of failures that the same inputs bring about again: they are not tried a second time."""

Told = Callable[["Line"], None]


@dataclass(frozen=True)
class Asked:
    """How the plans are rendered: where to, how many at a time, and whether also those that are not due or unchanged."""

    out: Path
    notebooks: Path
    jobs: int = 1
    force: bool = False
    cluster: str | None = None


@dataclass(frozen=True)
class Line:
    """What became of a plan: published, unchanged, not_due, failed, given_up, busy or held_back; with what a line about it says."""

    plan: str
    happened: str
    code: int
    seconds: float
    ended: Ended | None = None
    tries: int = 0
    following: datetime | None = None
    waits_for: str = ""
    failed_at: str = ""


@dataclass
class _Running:
    """A plan that is held and at work: what is remembered of it, which scheduled time it serves, and how often it may still be tried."""

    entry: Entry
    job: Job
    state: State
    due: Due
    attempt: Failed
    left: int
    tries: int = 1
    hold: ExitStack = field(default_factory=ExitStack)


def worst(lines: Sequence[Line]) -> int:
    """The exit code of all together: the highest of 1 to 4 where any failed, 75 where plans were only held elsewhere, else 0."""
    codes = {line.code for line in lines}
    return max((code for code in codes if code != Busy.exit_code), default=0) or (Busy.exit_code if Busy.exit_code in codes else 0)


def render_all(entries: Sequence[Entry], asked: Asked, now: datetime, told: Told) -> tuple[Line, ...]:
    """Render what is due at `now`, `asked.jobs` plans side by side, each after the plans it waits for; a line a plan, in the order they end.

    A plan is tried again as often as its entry allows, each time after a rest in which others are made, then not before its inputs change
    or its next scheduled time. One that another scheduler or render holds is left to it.
    """
    lines: dict[str, Line] = {}
    running: dict[Future[Ended], _Running] = {}
    resting: Rests[_Running] = Rests()

    def tell(line: Line) -> None:
        lines[line.plan] = line
        told(line)

    waiting = list(entries)
    try:
        with ExitStack() as nursery, executor(asked.jobs, asked.cluster, asked.out) as pool:
            most = max(asked.jobs, getattr(pool, "places", 1))  # a cluster has as many places as workers
            while waiting or running or resting:
                while len(running) < most and (rested := resting.rested()):
                    _again(running, rested, asked, (pool, tell))
                while len(running) < most and (entry := _ready(waiting, lines)):
                    waiting.remove(entry)
                    begun = _begun(entry, asked, now, lines)
                    if isinstance(begun, Line):
                        tell(begun)
                    else:
                        if not asked.cluster:
                            nursery.enter_context(nursed.shared())
                        running[handed(pool, work, begun.job)] = begun
                for future in _ends(running, resting, len(running) < most):
                    _ended(running.pop(future), future, asked, (resting, tell))
    finally:
        for one in (*running.values(), *resting):
            one.hold.close()
    return tuple(lines.values())


def _ready(waiting: Sequence[Entry], lines: Mapping[str, Line]) -> Entry | None:
    """The first plan that waits for none still to end."""
    return next((entry for entry in waiting if set(entry.after) <= lines.keys()), None)


def _begun(entry: Entry, asked: Asked, now: datetime, lines: Mapping[str, Line]) -> _Running | Line:
    """The plan at work, its attempt written down; or the line of a plan for which nothing is to be done."""
    began = time.monotonic()
    if broken := next((lines[one] for one in entry.after if lines[one].code), None):
        return Line(entry.id, "held_back", broken.code, 0.0, waits_for=broken.plan)
    try:
        with ExitStack() as hold:
            hold.enter_context(plan_state.held(asked.out, entry.id))
            begun = _considered(entry, asked, now)
            if isinstance(begun, Line):
                return replace(begun, seconds=time.monotonic() - began)
            begun.hold = hold.pop_all()
            return begun
    except Exception as error:  # noqa: BLE001  whatever is wrong with one plan, the others are made
        return _stopped(entry, error, began)


def _stopped(entry: Entry, error: Exception, began: float) -> Line:
    """The line of a plan that could not be begun, or of which nothing can be written down."""
    told = error if isinstance(error, PlanningError) else unforeseen(error)
    ended = failed(told, time.monotonic() - began)
    return Line(entry.id, "busy" if isinstance(error, Busy) else "failed", ended.code, ended.seconds, ended)


def _considered(entry: Entry, asked: Asked, now: datetime) -> _Running | Line:
    """Whether a held plan is due, has anything new, and may be tried once more."""
    state = plan_state.remembered(asked.out, entry.id)
    there = (asked.out / entry.id / channel.RECORD).is_file()
    moment = due(entry.when, state.served if there else None, now)
    if not (moment.now or asked.force):
        return Line(entry.id, "not_due", 0, 0.0, following=moment.following)
    plan = prepared(entry, asked.out, asked.notebooks)
    databases = inputs.in_databases(plan.data)
    if not asked.force and inputs.unchanged(asked.out / entry.id, plan.asking, databases):
        plan_state.remember(asked.out, entry.id, State(moment.at))
        return Line(entry.id, "unchanged", 0, 0.0, following=moment.following)
    made_from = inputs.fingerprint(plan.asking, databases)
    attempt = Failed(moment.at.isoformat() if moment.at else "", made_from, 0, RunFailed.exit_code, now.isoformat(timespec="seconds"))
    before = state.failed
    if before is not None and not asked.force and (before.due, before.inputs) == (attempt.due, attempt.inputs):
        if before.times > entry.retries:
            return Line(entry.id, "given_up", before.code, 0.0, tries=before.times, following=moment.following, failed_at=before.at)
        attempt = replace(attempt, times=before.times)
    begun = _Running(entry, plan.job, state, moment, attempt, entry.retries - attempt.times)
    _write_attempt(begun, asked)
    return begun


def _write_attempt(one: _Running, asked: Asked) -> None:
    """An attempt counts from its beginning, so that a plan that brings everything down is not begun for ever."""
    one.attempt = replace(one.attempt, times=one.attempt.times + 1)
    plan_state.remember(asked.out, one.entry.id, State(one.state.served, one.attempt))


def _again(running: dict[Future[Ended], _Running], one: _Running, asked: Asked, then: tuple[Executor, Told]) -> None:
    """Begin another attempt at a plan; its line where that cannot be written down."""
    pool, tell = then
    with one.hold:
        try:
            _write_attempt(one, asked)
        except PlanningError as error:
            tell(_stopped(one.entry, error, time.monotonic()))
            return
        running[handed(pool, work, one.job)] = one
        one.hold = one.hold.pop_all()


def _ends(running: Mapping[Future[Ended], _Running], resting: Rests[_Running], room: bool) -> Set[Future[Ended]]:
    """The attempts that have ended; none where a rest is over first and there is room for that plan."""
    if not running:
        resting.pass_by()
        return set()
    return wait(running, resting.seconds() if room else None, FIRST_COMPLETED).done


def _ended(one: _Running, future: Future[Ended], asked: Asked, then: tuple[Rests[_Running], Told]) -> None:
    """Take in how an attempt ended: a rest before another one, or the plan's line."""
    resting, tell = then
    with one.hold:
        ended = _by_the_file(_result(future), one.entry)
        try:
            line = _taken_in(one, ended, asked)
        except PlanningError as error:
            line = _stopped(one.entry, error, time.monotonic() - ended.seconds)
        if line is not None:
            tell(line)
            return
        resting.rest(one, 60 * one.entry.retry_after)
        one.hold = one.hold.pop_all()


def _taken_in(one: _Running, ended: Ended, asked: Asked) -> Line | None:
    """Write down how an attempt ended; the plan's line, None where it is to be tried again."""
    out, plan = asked.out, one.entry.id
    if ended.code == 0:
        plan_state.remember(out, plan, State(one.due.at))
        return Line(plan, "published", 0, ended.seconds, ended, one.tries)
    if ended.code == Busy.exit_code:
        plan_state.remember(out, plan, one.state)
        return Line(plan, "busy", ended.code, ended.seconds, ended)
    if one.left > 0 and ended.code not in AGAIN_IS_THE_SAME:
        one.left, one.tries = one.left - 1, one.tries + 1
        return None
    times = max(one.attempt.times, one.entry.retries + 1)
    plan_state.remember(out, plan, State(one.state.served, replace(one.attempt, times=times, code=ended.code)))
    return Line(plan, "failed", ended.code, ended.seconds, ended, one.tries, one.due.following)


def _result(future: Future[Ended]) -> Ended:
    """How an attempt ended; an error nobody foresaw is one plan's failure, its places in the code in a log."""
    try:
        return result_of(future)
    except PlanningError as error:
        return failed(error, 0.0)


def _by_the_file(ended: Ended, entry: Entry) -> Ended:
    """The same end, told by the field of the plans' file where the attempt ran past its limit."""
    told = Fault("plan_too_long", values={"minutes": entry.minutes})
    return replace(ended, faults=tuple(told if fault.code == "run_too_long" else fault for fault in ended.faults))
