"""Reasons on the page: in both languages, nothing where there are none, no place that names a few clients."""

from dataclasses import replace

import pytest

from planning.plan.summary import EasedLine
from planning.report.cards.explained import reasons
from planning.report.cards.why import why
from tests.report.example import summary


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["活动预算再加 10 万元", "让利预算再加 10 万元：不会多得", "大型晚宴：价值约减少 5.2 万元", "让出东城支行的高尔夫 2 场", "帆船赛：在预算和规则之内一场也办不成", "另有 1 种", "下一档不划算（3）"]),
        ("en", ["CNY 100 thousand more for the event budget", "would bring nothing", "Gala dinner: about CNY 52", "displace 2 sessions of Golf at Dongcheng", "Regatta: not one session fits", "One more was not tried", "The next level does not pay (3)"]),
    ],
)  # fmt: skip
def test_every_reason_is_told(lang: str, words: list[str]) -> None:
    html = " ".join(why(summary(), lang).html(lang).split()).replace("\u202f", " ")
    assert [word for word in words if word not in html] == []


def test_without_reasons_the_section_stands_as_it_was() -> None:
    bare = replace(summary(), explained=None)
    assert reasons(bare, "zh") == []
    assert "再多一点钱" not in why(bare).html("zh")


def test_a_place_that_names_a_few_clients_is_not_printed() -> None:
    example = summary()
    assert example.explained is not None
    narrow = replace(example.explained, eased=(EasedLine("gifts_within_cap", ("b02", "private", "personal"), "CNY", 3.0, 1),))
    assert len(reasons(replace(example, explained=narrow), "en")) == len(reasons(example, "en")) - 1
