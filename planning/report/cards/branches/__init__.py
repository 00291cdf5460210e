"""The branches' pages, each a branch's share of one plan, and the index that lists them."""

from planning.report.cards.branches.headline import headline
from planning.report.cards.branches.index import index
from planning.report.cards.branches.ladder import ladder
from planning.report.cards.branches.money import spending
from planning.report.cards.branches.rules import rules
from planning.report.cards.branches.sources import sources
from planning.report.cards.branches.words import Beside, file_names
from planning.report.cards.branches.year import year

__all__ = ["Beside", "file_names", "headline", "index", "ladder", "rules", "sources", "spending", "year"]
