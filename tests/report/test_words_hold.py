"""Words of findings and notes hold in the dark as in the light, for several tiers as for one, and where no limit is set."""

from dataclasses import replace

import pytest

from planning.report import cards
from planning.report.i18n import words
from tests.report.example import summary


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_note_tells_light_colours_from_dark_ones_which_change_places_in_dark_mode(lang: str) -> None:
    told = {key: entry[lang] for key, entry in words().items() if key.startswith(("page.", "book.", "branches."))}
    named = ("浅色", "浅线", "深色", "颜色越深") if lang == "zh" else (" pale ", " dark", "darker ")
    assert [key for key, said in told.items() if any(one in f" {said}" for one in named)] == []


def test_quarters_without_limits_are_not_said_to_keep_them() -> None:
    free = replace(summary(), quarters=tuple(replace(line, low=0.0, high=1.0) for line in summary().quarters))
    assert "Event spending by quarter (no limits set)" in cards.year(free).en
    assert "within its limits" not in cards.year(free).en


def test_tiers_shown_together_read_as_words_of_a_sentence() -> None:
    gold, diamond, private = summary().tiers
    few = replace(summary(), tiers=(gold, replace(diamond, clients=300), replace(private, clients=3, hidden=True)))
    assert "Most of the money goes to Diamond and Private banking together" in cards.money(few).en
    assert "钻石和私行（合并）投入最多" in cards.money(few).zh
