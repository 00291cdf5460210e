"""Whoever is killed by kill -9, at whatever stage: the last good plan stands to the byte, no process is left, and the next run succeeds."""

import time
from collections.abc import Callable

import pytest

from planning.run import registry
from tests.faults import publishing
from tests.faults.hanging import FORKED, Desk, desk

PATIENCE = 60  # CBC left alone would go on for 300 seconds
ALL = ("runner", "worker", "kernel")
KILLS = [
    ("reading", ("kernel",)),
    ("reading", ("worker",)),
    ("reading", ("runner",)),
    ("cbc", ("cbc",)),
    ("cbc", ("kernel",)),
    ("cbc", ("worker",)),
    ("cbc", ("runner",)),
    ("highs", ("kernel",)),
    ("highs", ("worker",)),
    ("highs", ("runner",)),
    ("rendering", ("runner",)),
    ("publishing", ("runner",)),
    ("cbc", ("runner", "worker")),
    ("cbc", ("worker", "kernel")),
    ("cbc", ("runner", "kernel")),
    ("cbc", ALL),
    ("highs", ("runner", "worker")),
    ("highs", ALL),
    ("cbc", (*ALL, "nursery")),
]
QUICK = [("cbc", ALL), ("cbc", ("kernel",))]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk whose plan was published once."""
    folder = tmp_path_factory.mktemp("desk")
    with desk(folder) as made:
        process = made.begin()
        assert process.wait(600) == 0, process.communicate()[0]
        return made


@pytest.mark.parametrize(
    ("stage", "killed"), [pytest.param(*one, id=f"{'+'.join(one[1])} at {one[0]}", marks=[] if one in QUICK else pytest.mark.slow) for one in KILLS]
)
def test_the_last_good_plan_stands_nothing_is_left_and_the_next_run_succeeds(
    published: Desk, stage: str, killed: tuple[str, ...], record_property: Callable[[str, object], None]
) -> None:
    before, entered = published.published(), len(registry.entries(published.out))
    process = published.begin(stage, **({FORKED: "1"} if "nursery" in killed else {}))
    try:
        published.reached(process)
        victims = [published.one(who) for who in killed]
        if stage == "cbc":
            published.one("cbc")
        for victim in victims:
            victim.suspend()  # so that none outlives another, not even by a moment
        for victim in victims:
            victim.kill()
        if "cbc" in killed:  # it is asked once more, in another way, before it is given up
            victims[0].wait(PATIENCE)
            published.one("cbc").kill()
        began = time.monotonic()
        assert published.all_gone(PATIENCE, but=process.pid) == []
        record_property("seconds", round(time.monotonic() - began, 1))
        ended = process.wait(PATIENCE)
        record_property("seconds until the runner had told it", round(time.monotonic() - began, 1))
        said = process.communicate()[0]
    finally:
        for left in published.alive():
            left.kill()
    assert published.published() == before
    if "runner" in killed:
        assert ended == -9
    else:
        assert ended == 1
        assert "原有计划未变" in said or "求解器" in said
        assert len(registry.entries(published.out)) == entered + 1
    assert publishing.apart(lambda: publishing.put(published.out, "next")) == 0
    assert publishing.seen(published.out) == "next"
    assert publishing.leftovers(published.out) == []
    assert registry.verify_chain(published.out) > entered


@pytest.mark.slow
def test_after_all_of_it_a_run_through_the_command_line_succeeds_and_leaves_no_process(published: Desk) -> None:
    following = published.begin()
    assert following.wait(600) == 0, following.communicate()[0]
    assert published.all_gone(PATIENCE) == []
    assert published.record()["exit"] == 0
    assert publishing.leftovers(published.out) == []
