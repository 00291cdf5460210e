"""The parts of the client book's page."""

from planning.report.cards.book.alerts import alerts
from planning.report.cards.book.contribution import contribution
from planning.report.cards.book.groups import groups
from planning.report.cards.book.headline import headline
from planning.report.cards.book.moves import moves
from planning.report.cards.book.products import products
from planning.report.cards.book.sources import sources
from planning.report.cards.book.standards import standards

__all__ = ["alerts", "contribution", "groups", "headline", "moves", "products", "sources", "standards"]
