"""The page: an executed notebook exported by our own nbconvert template, in either language, code hidden.

`jupyter nbconvert --to html --template planning/report/templates/plan` gives the same bytes as `export`.
"""

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.filters import markdown2html
from nbconvert.preprocessors import Preprocessor
from traitlets import Unicode
from traitlets.config import Config

from planning import report
from planning.report.page import Shown, frame, own, shown
from planning.run import notebook as notebooks

TEMPLATE = Path(report.__file__).with_name("templates") / "plan"
LEFT_OUT = frozenset({"desk", notebooks.PARAMETERS, notebooks.INJECTED, *notebooks.ADDED})


class PlanPage(Preprocessor):
    """Makes of a notebook what the page shows: cards in one language, a planner's own cells cleaned, nothing of the desk."""

    lang = Unicode("", help="zh or en; empty for the language the notebook was run in").tag(config=True)

    def preprocess(self, nb: nbformat.NotebookNode, resources: dict[str, Any]) -> tuple[nbformat.NotebookNode, dict[str, Any]]:
        """The notebook with finished markup in its cells, and what the template puts around them in its metadata."""
        lang = self.lang or notebooks.language(nb)
        nb.cells = [cell for cell in nb.cells if cell.cell_type != "raw" and not LEFT_OUT & set(cell.metadata.get("tags", []))]
        pieces = [piece for cell in nb.cells for piece in _pieces(cell, lang)]
        nb.metadata["planning"] = frame(pieces, lang)
        return nb, resources


def _pieces(cell: nbformat.NotebookNode, lang: str) -> list[Shown]:
    """What a cell puts on the page, put into the cell."""
    if cell.cell_type == "markdown":
        words = own(markdown2html(cell.source))
        cell.source = words.html
        return [words]
    pieces, outputs = [], []
    for output in cell.outputs:
        piece = shown(output.data, lang) if output.output_type in ("execute_result", "display_data") else None
        if piece is not None:
            output.data, output.metadata = {"text/html": piece.html}, {"part": piece.part}
            pieces.append(piece)
            outputs.append(output)
    cell.outputs = outputs
    return pieces


def export(executed: nbformat.NotebookNode, lang: str) -> str:
    """The page of an executed notebook in one language; an empty one means the language of the run. RunFailed for an undrawable character."""
    exporter = HTMLExporter(template_name=str(TEMPLATE), config=Config(PlanPage={"lang": lang}))  # type: ignore[no-untyped-call]
    page, _ = exporter.from_notebook_node(executed)
    return str(page)
