"""A page as the template makes it, from cards and a planner's own cells, without running a notebook."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader

from planning import policy
from planning.book.alerts import AlertSettings
from planning.book.former import former_folder, read_former
from planning.book.intake import read_book
from planning.plan.client_book import client_book
from planning.plan.summary import Summary
from planning.report import cards, page
from planning.report.cards import Card, book
from planning.report.html import TEMPLATES
from planning.report.i18n import sentence
from tests.report.example import changes, summary
from tests.report.study import study

CLIENT_PARTS = (book.headline, book.contribution, book.standards, book.moves, book.groups, book.products, book.alerts, book.sources)


def changed(of: Summary, lang: str = "zh") -> Card:
    """What changed since the example's former version."""
    return cards.changed(of, changes(), lang)


PARTS = (cards.headline, cards.money, cards.year, cards.ladder, cards.why, cards.risks, cards.rules, changed, cards.footer)


def client_cards(data: Path) -> list[Card]:
    """The cards of the client book's page for the bank in a data folder."""
    rules = policy.read(data / "policy.toml")
    former = former_folder(data)
    found = client_book(read_book(data, rules), rules, "client-book-2027", read_former(former, rules) if former else None, AlertSettings())
    return [part(found) for part in CLIENT_PARTS]


def scenario_cards() -> list[Card]:
    """The cards of the scenarios' page for the made-up plan and study."""
    plan, found = summary(), study()
    return [
        cards.comparison(plan, found),
        cards.scenarios(plan, found, lambda faults, lang: [sentence(fault, lang) for fault in faults]),
        cards.frontier(plan, found.frontier),
        cards.budgets(plan, found),
        cards.alternatives(plan, found.alternatives),
        cards.footer(plan),
    ]


def assembled(plan: Summary, lang: str, own: Sequence[dict[str, Any]] = ()) -> str:
    """The HTML of a plan's page; `own` as in `put_together`."""
    return put_together([part(plan) for part in PARTS], lang, own)


def put_together(shown: Sequence[Card], lang: str, own: Sequence[dict[str, Any]] = ()) -> str:
    """The page's HTML; `own` are mime bundles of a planner's added cells, shown before the footer."""
    bundles = [card.bundle(lang) for card in shown]
    pieces = [piece for piece in (page.shown(data, lang) for data in [*bundles[:-1], *own, bundles[-1]]) if piece]
    outputs = [{"output_type": "execute_result", "data": {"text/html": piece.html}, "metadata": {"part": piece.part}} for piece in pieces]
    cells = [SimpleNamespace(cell_type="code", outputs=[SimpleNamespace(**output)]) for output in outputs]
    nb = SimpleNamespace(cells=cells, metadata={"planning": page.frame(pieces, lang)})
    template = Environment(loader=FileSystemLoader(TEMPLATES.parent / "plan")).get_template("index.html.j2")
    return template.render(nb=nb)
