"""Makes the product album of a bank's book and writes it as a workbook."""

import os
from pathlib import Path

from planning import policy
from planning.book.intake import read_book
from planning.book.names import code_of
from planning.catalogue.album import Album, album, of_branch
from planning.errors import DataFaults, Fault, PolicyError
from planning.report.album import album_sheets
from planning.run.exporting import write_new
from planning.run.workbook import workbook


def make_album(data: Path, branch: str | None, to: Path | None, lang: str) -> Album:
    """The album of the book in `data`, of one branch (code or name) where given; written to `to`, an .xlsx file, where given.

    PolicyError for an unknown branch or another kind of file, DataFaults where the book lists no products or
    no holdings, or the file is there already.
    """
    if to is not None and to.suffix.lower() != ".xlsx":
        raise PolicyError(Fault("album_not_xlsx", values={"file": to.name}))
    rules = policy.read(data / "policy.toml")
    book = read_book(data, rules, os.environ)
    if book.tables["products"].empty:
        raise DataFaults(Fault("album_without_products", "products", values={"file": "products.csv"}))
    if not book.tables["clients"]["products"].map(bool).any():
        raise DataFaults(Fault("album_without_holdings", "clients", "products"))
    made = album(book, rules)
    if branch is not None:
        made = of_branch(made, code_of(made.names.branches, branch))
    if to is not None:
        write_new({to: workbook(album_sheets(made, lang))})
    return made
