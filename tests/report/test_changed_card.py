"""The card of what changed: a sentence for each state, a reason for each line, long lists folded."""

import re
from dataclasses import replace

import pytest

from planning.plan.causes import Causes, FieldChange, Reason
from planning.plan.changed import Changes
from planning.policy import checked, parameters
from planning.report import cards
from planning.report.cards.changed import MOST_LINES, OPEN_LINES
from planning.report.fonts import require_glyphs
from planning.report.page import visible
from tests.plan.test_policy_fields import CHANGED
from tests.report.example import POLICY, changes, summary


def said(found: Changes, lang: str) -> str:
    return re.sub(r"\s+", " ", visible(cards.changed(summary(), found).html(lang)).replace("\u00a0", " ")).strip()


@pytest.mark.parametrize(
    ("state", "zh", "en"),
    [("first", "第一版", "the first version"), ("unreadable", "无法读取", "cannot be read"), ("missing", "找不到", "was not found")],
)
def test_without_a_former_version_one_sentence_says_so(state: str, zh: str, en: str) -> None:
    found = Changes(state, summary().plan.totals)  # type: ignore[arg-type]
    assert zh in said(found, "zh")
    assert en in said(found, "en")
    assert "<table" not in cards.changed(summary(), found).zh


def test_the_finding_counts_the_lines_and_tells_the_value() -> None:
    assert said(changes(), "zh").replace(" ", "").startswith("与上一版相比，活动安排5项和让利4格有变动；价值增加55万元")
    assert said(changes(), "en").startswith(
        "5 lines of the calendar and 4 cells of the ladder changed since the last version; the plan's value is CNY 550 thousand higher"
    )
    fewer = replace(changes(), sessions=(), ladder=changes().ladder[:1], before=replace(changes().after, value_cny=changes().after.value_cny + 2e6))
    assert said(fewer, "en").startswith("one cell of the ladder changed since the last version; the plan's value is CNY 2 million lower")


def test_every_reason_is_worded() -> None:
    zh, en = said(changes(), "zh"), said(changes(), "en")
    for words in ("已不在数据表中", "照旧会违反", "同样好的另一种安排", "求解设置或程序版本", "分不开", "政策，间接"):
        assert words in zh
    for words in (
        "no longer in the tables",
        "as it was it would break",
        "equally good",
        "solver settings",
        "not to be told apart",
        "policy, indirectly",
        "and one more",
    ):
        assert words in en
    assert "but would break 2 rules" in en


def test_a_plan_that_differs_though_nothing_changed_is_equally_good() -> None:
    tie = tuple(replace(line, reason=Reason("tie")) for line in changes().sessions)
    found = replace(changes(), sessions=tie, ladder=(), causes=Causes(), before=changes().after, within_gap=True)
    assert "同样好" in said(found, "zh")
    assert "the plan's value is unchanged" in said(found, "en")
    assert "equally good" not in said(replace(found, sessions=(), within_gap=False), "en")


def test_long_lists_are_folded_and_cut_and_say_so() -> None:
    few, many, most = (replace(changes(), sessions=(changes().sessions * 20)[:n]) for n in (OPEN_LINES, OPEN_LINES + 1, MOST_LINES + 5))
    folds = [cards.changed(summary(), one).en.count("<details>") for one in (few, many)]
    assert folds[1] == folds[0] + 1
    assert f"the first {MOST_LINES} of {MOST_LINES + 5} lines" in said(most, "en")
    assert cards.changed(summary(), most).en.count("<tr>") < cards.changed(summary(), many).en.count("<tr>") + MOST_LINES


def test_settings_carry_their_unit() -> None:
    assert "5,500,000 元 → 6,000,000 元" in said(changes(), "zh").replace("\u00a0", " ")
    assert "– → Aug" in said(changes(), "en")
    assert "– → 私行 30%" in said(changes(), "zh")
    held = FieldChange("must_hold", [{"event": "reception", "month": 12}], [{"event": "gone", "month": 12}])
    assert "年终答谢会 12月 → gone 12月" in said(replace(changes(), causes=Causes((held,))), "zh")
    locked = FieldChange("frozen_sessions", [], [{"host": "b01", "event": "golf", "month": 3, "sessions": 1}] * 2)
    assert "– → 2 lines" in said(replace(changes(), causes=Causes((locked,))), "en")


def test_names_from_tables_are_never_markup() -> None:
    hostile = '"><script>alert(1)</script><img src=x onerror=y>{{7*7}}{0}%s'
    names = (hostile, hostile)
    sessions = tuple(replace(line, names=names, host_names=names) for line in changes().sessions)
    ladder = tuple(replace(line, region_names=names, tier_names=names, kind=hostile) for line in changes().ladder)
    card = cards.changed(summary(), replace(changes(), sessions=sessions, ladder=ladder))
    for html in (card.zh, card.en):
        assert "<script" not in html
        assert "<img src=x" not in html
        assert "{{7*7}}{0}%s" in html


def test_every_field_of_the_policy_is_told_before_and_after() -> None:
    after = checked({**POLICY, "solver": {"gap": 0.02}}).with_parameters(CHANGED).model_dump(mode="json")
    fields = tuple(FieldChange(one.name, *((some[one.section] if one.section else some)[one.field] for some in (POLICY, after))) for one in parameters())
    assert sum(one.before != one.after for one in fields) > 40
    for lang in ("zh", "en"):
        told = cards.changed(summary(), replace(changes(), causes=Causes(fields))).html(lang)
        assert told.count(" → ") == len(fields)
        require_glyphs(visible(told))
