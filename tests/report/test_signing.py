"""The first sheet on paper: what leadership signs says the same as the page."""

from dataclasses import replace

import pytest

from planning.report import cards
from planning.report.cards.signing import SIGNERS, sheet
from planning.report.i18n import say
from tests.report.example import summary


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tiers_add_up_to_the_plan_and_every_signer_has_a_place(lang: str) -> None:
    plan = summary()
    found = sheet(plan, lang)
    tiers, quarters = found.tables
    assert tiers.rows[-1][1] == f"{sum(tier.clients for tier in plan.tiers):,}"
    assert [row[0] for row in quarters.rows] == [say(f"terms.quarter.q{line.quarter}", lang) for line in plan.quarters]
    assert sum(int(row[1]) for row in quarters.rows) == sum(line.sessions for line in plan.sessions)
    markup = cards.headline(plan).html(lang)
    for name in SIGNERS:
        assert f'<th scope="col" class="l">{say(f"page.sign.{name}", lang)}</th>' in markup
    assert plan.plan.id in found.plan


def test_a_tier_of_too_few_clients_is_not_shown_alone() -> None:
    plan = summary()
    few = replace(plan.tiers[0], clients=3, hidden=True)
    names = [row[0] for row in sheet(replace(plan, tiers=(few, *plan.tiers[1:])), "en").tables[0].rows]
    assert few.names[1] not in names


def test_a_plan_without_sessions_shows_no_quarters() -> None:
    assert len(sheet(replace(summary(), sessions=()), "zh").tables) == 1
