"""The ladder's lists: what is left out of them is said, and the order of steps tells nothing of those without figures."""

import re
from dataclasses import replace

from planning.plan.summary import Summary
from planning.report import cards
from tests.report.example import summary


def regions(count: int) -> Summary:
    """The example with as many regions, each with the ladder of one."""
    of = summary()
    east = [step for step in of.ladder if step.region == "East"]
    return replace(of, ladder=tuple(replace(step, region=f"r{place:02d}", region_names=(f"区{place}", f"R{place}")) for place in range(count) for step in east))


def test_a_list_cut_short_does_not_claim_to_hold_all() -> None:
    long, short = cards.ladder(regions(13)), cards.ladder(regions(12))
    assert "All 144 steps granted" in short.en
    assert "156 steps granted (first 150 lines" in long.en
    assert "156 项" in long.zh
    assert [card.en.count("only the 12 regions that cost most") for card in (short, long)] == [0, 3]


def test_the_place_of_a_step_without_figures_says_nothing_of_its_cost() -> None:
    of = summary()
    dearest = max(of.ladder, key=lambda step: step.cost_cny)
    few = replace(of, ladder=tuple(replace(step, qualifying=2) if step is dearest else step for step in of.ladder))
    listed = cards.ladder(few).en.rpartition("Steps granted")[2]
    rows = [row for row in listed.split("<tr>") if dearest.concession.split("_")[0].capitalize() in row]
    seen = ["not shown" in row for row in rows]
    assert any(seen)
    assert seen == sorted(seen)
    assert re.search("not shown", rows[0]) is None
