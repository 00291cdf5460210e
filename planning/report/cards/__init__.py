"""The parts of the page: each turns a Summary into a Card, in both languages, and computes nothing about the plan."""

from planning.report.cards.card import MIME, Card
from planning.report.cards.footer import footer
from planning.report.cards.headline import headline
from planning.report.cards.ladder import ladder
from planning.report.cards.money import money
from planning.report.cards.rules import rules
from planning.report.cards.why import why
from planning.report.cards.year import year

__all__ = ["MIME", "Card", "footer", "headline", "ladder", "money", "rules", "why", "year"]
