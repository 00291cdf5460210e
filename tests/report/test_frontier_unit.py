"""The frontier's two axes are labelled in the one unit that the figure names."""

from importlib import import_module

import pytest

from planning.plan.study import Frontier, FrontierPoint
from planning.report.cards.frontier import frontier_blocks
from planning.report.figures.curves import Curves


def test_budgets_and_values_stand_in_the_unit_of_the_note(monkeypatch: pytest.MonkeyPatch) -> None:
    shares = (0.8, 1.0, 1.2)
    points = tuple(FrontierPoint(share, 12e6 * share, 12e6 * share, 5e6, 5e6, 90e6 * share, 80e6 * share, 81e6 * share) for share in shares)
    drawn: list[Curves] = []
    card = import_module("planning.report.cards.frontier")
    draw = card.curves
    monkeypatch.setattr(card, "curves", lambda what: drawn.append(what) or draw(what))
    picture = frontier_blocks(Frontier("both", points, 1, None), "net", "en")[0].items[0]
    assert "CNY million" in str(picture)
    assert [point.label for point in drawn[0].points] == ["19.2", "24.0", "28.8"]
    assert drawn[0].heights[-1][1] == "97"
