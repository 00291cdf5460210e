"""What the model is for, what it decides, and what it must not be used for."""

from planning.plan.record import ModelRecord
from planning.report.cards.card import Card
from planning.report.cards.record.words import both
from planning.report.cards.section import Block, section
from planning.report.formats import money
from planning.report.i18n import say

USES = ("events", "ladder", "year", "read")
NOT = ("client", "credit", "price", "approve", "forecast", "automatic")


def purpose(record: ModelRecord, lang: str = "zh") -> Card:
    """Purpose and use."""
    return both("purpose", _html, record, lang)


def _html(record: ModelRecord, lang: str) -> str:
    policy = record.summary.plan.policy
    told = {
        "event": money(record.summary.event_budget.limit_cny, lang),
        "concession": money(record.summary.concession_budget.limit_cny, lang),
        "n": policy["value"]["horizon_years"],
    }
    blocks = [
        Block("list", tuple(say(f"record.purpose.decides.{code}", lang) for code in USES), say("record.purpose.decides_title", lang)),
        Block("list", tuple(say(f"record.purpose.not.{code}", lang) for code in NOT), say("record.purpose.not_title", lang)),
        Block("words", words=say("record.purpose.materiality", lang)),
    ]
    return section("purpose", lang, say("record.purpose.finding", lang), say("record.purpose.lead", lang, **told), blocks)
