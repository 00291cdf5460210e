"""The parts of the page: each turns a Summary into a Card, in both languages, and computes nothing about the plan."""

from planning.report.cards.alternatives import alternatives
from planning.report.cards.budgets import budgets
from planning.report.cards.card import MIME, Card
from planning.report.cards.changed import changed
from planning.report.cards.footer import footer
from planning.report.cards.frontier import frontier
from planning.report.cards.headline import headline
from planning.report.cards.ladder import ladder
from planning.report.cards.money import money
from planning.report.cards.risks import risks
from planning.report.cards.rules import rules
from planning.report.cards.scenarios import comparison, scenarios
from planning.report.cards.why import why
from planning.report.cards.year import year

__all__ = [
    "MIME", "Card", "alternatives", "budgets", "changed", "comparison", "footer", "frontier", "headline", "ladder", "money", "risks", "rules",
    "scenarios", "why", "year",
]  # fmt: skip
