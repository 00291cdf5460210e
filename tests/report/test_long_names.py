"""Very long names of tiers and branches wrap in tables: on a phone the head of a row leaves room for its figures, on paper nothing is cut."""

import re
from dataclasses import replace

from planning.report import cards
from tests.report.example import summary


def heads(html: str) -> list[tuple[str, str]]:
    """Class and words of every row's head."""
    return re.findall(r'<th scope="row" class="([^"]*)">([^<]*)</th>', html)


def test_long_names_wrap_and_short_ones_stay_on_a_line() -> None:
    of = summary()
    long = ("很长的名称" * 8, "A very long name of a branch that no line of a phone can hold")
    page = cards.money(replace(of, branches=(replace(of.branches[0], names=long), *of.branches[1:])))
    for lang in ("zh", "en"):
        classes = {words: kind for kind, words in heads(page.html(lang))}
        assert classes[long[lang == "en"]] == "l w"
        assert {classes[line.names[lang == "en"]] for line in of.branches[1:]} == {"l"}


def test_long_names_at_the_head_of_a_column_wrap_too() -> None:
    of = summary()
    tiers = (replace(of.tiers[0], names=("很长的名称" * 8, "A very long name of a tier that no sheet of paper can hold")), *of.tiers[1:])
    page = cards.ladder(replace(of, tiers=tiers))
    assert f'<th scope="col" class="w">{tiers[0].names[1]}</th>' in page.en
    assert f'<th scope="col" class="w">{tiers[0].names[0]}</th>' in page.zh
    assert f'<th scope="col">{tiers[1].names[1]}</th>' in page.en
