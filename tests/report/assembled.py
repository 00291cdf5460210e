"""A page as the template makes it, from cards and a planner's own cells, without running a notebook."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader

from planning.plan.summary import Summary
from planning.report import cards, page
from planning.report.html import TEMPLATES

PARTS = (cards.headline, cards.money, cards.year, cards.ladder, cards.why, cards.risks, cards.rules, cards.footer)


def assembled(summary: Summary, lang: str, own: Sequence[dict[str, Any]] = ()) -> str:
    """The page's HTML; `own` are mime bundles of a planner's added cells, shown before the footer."""
    bundles = [part(summary).bundle(lang) for part in PARTS]
    pieces = [piece for piece in (page.shown(data, lang) for data in [*bundles[:-1], *own, bundles[-1]]) if piece]
    outputs = [{"output_type": "execute_result", "data": {"text/html": piece.html}, "metadata": {"part": piece.part}} for piece in pieces]
    cells = [SimpleNamespace(cell_type="code", outputs=[SimpleNamespace(**output)]) for output in outputs]
    nb = SimpleNamespace(cells=cells, metadata={"planning": page.frame(pieces, lang)})
    template = Environment(loader=FileSystemLoader(TEMPLATES.parent / "plan")).get_template("index.html.j2")
    return template.render(nb=nb)
