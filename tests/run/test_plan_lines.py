"""The line a plan ends in: what happened, gap or fault, seconds, and the next time in the plan's own time zone; in both languages."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from planning.errors import DataFaults, Fault, Infeasible
from planning.report.i18n import say
from planning.run.all_plans import Line
from planning.run.job import Ended, failed
from planning.run.plan_lines import plan_line

NEXT = datetime(2027, 3, 31, 22, 0, tzinfo=UTC)
AT = "2027-02-28T22:00:00+00:00"  # as it is remembered: in UTC, whatever the schedule's zone
MISSING = tuple(Fault("table_missing", table, values={"file": f"{table}.csv"}) for table in ("tiers", "events", "branches", "clients"))
CONFLICT = (Fault("conflict_wide", values={"places": 3, "rows": 7}),)

LINES = {
    "published": (Line("p", "published", 0, 12.34, Ended(0, 12.34)), "p：已发布（12.3 秒）。", "p: published (12.3 s)."),
    "proven": (
        Line("p", "published", 0, 200.0, Ended(0, 200.0, status="optimal", gap=0.000987)),
        "p：已发布，与最优相差不超过 0.099%（200.0 秒）。",
        "p: published, proven within 0.099% of the best (200.0 s).",
    ),
    "stopped at its time": (
        Line("p", "published", 0, 9.0, Ended(0, 9.0, status="feasible", gap=0.0123)),
        "p：已发布，时限内的最好方案，与最优的差距至多 1.230%（9.0 秒）。",
        "p: published, the best plan found in the time given, at most 1.230% from the best (9.0 s).",
    ),
    "unchanged": (Line("p", "unchanged", 0, 0.04, following=NEXT), "p：没有变化，不再运行（0.0 秒）。", "p: unchanged, not run again (0.0 s)."),
    "not due": (
        Line("p", "not_due", 0, 0.0, following=NEXT),
        "p：未到时间，下次 2027年4月1日 06:00 Asia/Shanghai（0.0 秒）。",
        "p: not due before 1 April 2027, 06:00 Asia/Shanghai (0.0 s).",
    ),
    "given up": (
        Line("p", "given_up", 3, 0.1, tries=1, failed_at=AT),
        "p：已失败 1 次，最近一次 2027年3月1日 06:00 Asia/Shanghai（规则冲突），输入改变后再试；要立即再试请加 --force（0.1 秒）。",
        "p: failed on 1 March 2027, 06:00 Asia/Shanghai (rules conflict); tried again when its inputs change, or at once with --force (0.1 s).",
    ),
    "given up until its time": (
        Line("p", "given_up", 1, 0.1, tries=3, following=NEXT, failed_at=AT),
        "p：已失败 3 次，最近一次 2027年3月1日 06:00 Asia/Shanghai（失败），输入改变后或 2027年4月1日 06:00 Asia/Shanghai 再试；要立即再试请加 --force（0.1 秒）。",
        "p: failed 3 times, last on 1 March 2027, 06:00 Asia/Shanghai (failed); tried again when its inputs change, on 1 April 2027, 06:00 Asia/Shanghai, or at once with --force (0.1 s).",
    ),
    "held back": (
        Line("p", "held_back", 1, 0.0, waits_for="year"),
        "p：应先做的 year 没有做成，这次不做（0.0 秒）。",
        "p: waits for year, which was not made; left for next time (0.0 s).",
    ),
}


@pytest.mark.parametrize("happened", LINES)
def test_a_plan_ends_in_one_line(happened: str) -> None:
    line, zh, en = LINES[happened]
    assert plan_line(line, "Asia/Shanghai", "zh") == zh
    assert plan_line(line, "Asia/Shanghai", "en") == en


def test_of_many_faults_the_first_two_are_told_and_how_many_more() -> None:
    line = Line("p", "failed", 2, 1.0, failed(DataFaults(MISSING), 1.0), tries=1)
    for lang, first, more in (("zh", "p：失败，试了 1 次（1.0 秒）。", "另有 2 处问题。"), ("en", "p: failed (1.0 s). ", "And 2 more.")):
        told = plan_line(line, "", lang)
        assert told.startswith(first)
        assert told.endswith(more)
        assert "tiers.csv" in told
        assert "branches.csv" not in told
        assert "\n" not in told


def test_rules_that_gave_way_are_told_with_the_plan() -> None:
    line = Line("p", "published", 0, 1.0, Ended(0, 1.0, status="optimal", relaxed=2))
    assert plan_line(line, "", "en") != plan_line(replace(line, ended=Ended(0, 1.0, status="optimal")), "", "en")
    assert "2" in plan_line(line, "", "zh").split("）。")[1]


def test_rules_that_conflict_are_told_as_such() -> None:
    line = Line("p", "failed", 3, 1.0, failed(Infeasible(CONFLICT), 1.0), tries=1)
    for lang in ("zh", "en"):
        assert say("desk.infeasible", lang) in plan_line(line, "", lang)
