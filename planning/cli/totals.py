"""The command totals: control totals of the clients' table."""

from math import fsum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console

from planning.book.control_totals import together
from planning.cli.app import Cells, Data, Languages, app, echo, languages, tell
from planning.report.formats import number, scale
from planning.report.i18n import say
from planning.run import params

if TYPE_CHECKING:
    from planning.run.totals import ControlTotals

SHOWN = ("deposit", "loan", "contribution")
TOLD = 20  # differences on the terminal


@app.command(name="totals")
def show_totals(
    data: Data = None,
    to: Annotated[Path | None, typer.Option("--out", help="写入的 .xlsx 或 .csv 文件 · .xlsx or .csv file to write")] = None,
    against_book: Annotated[bool, typer.Option("--against-book", help="与计划所用的客户账逐项核对 · compare with the book that plans are made of")] = False,
    lang: Languages = "zh",
) -> None:
    """总分核对 · Add the clients up straight from their file or database."""
    from planning.report.totals import difference_words
    from planning.run.totals import control_totals

    first = languages(lang)[0]
    made = control_totals(params.data_folder(data or "sample", Path.cwd()), to, against_book, first)
    Console().print(_table(made, first))
    (bank,) = together(made.groups)
    tell("cli.totals.bank", first, clients=number(bank.figure("clients"), first), contribution=number(bank.figure("contribution") / 100, first, 2))
    if to is not None:
        tell("cli.totals.written", first, file=str(to))
    if made.differences is None:
        return
    for one in made.differences[:TOLD]:
        echo(difference_words(one, made.tiers, first))
    if made.differences:
        tell("cli.totals.differ", first, n=len(made.differences))
        raise typer.Exit(1)
    tell("cli.totals.alike", first, n=len(made.groups))


def _table(made: "ControlTotals", lang: str) -> Cells:
    """A row a tier and kind and one for the bank; amounts of a column in one unit, named in its head, adding up as printed."""
    table = Cells(box=SIMPLE_HEAD, show_footer=True, pad_edge=False, padding=(0, 1, 0, 0))
    order = [*made.tiers, ""]
    groups = sorted(together(made.groups, "tier", "kind"), key=lambda group: (order.index(group.tier), group.kind))
    clients = [group.figure("clients") for group in groups]
    table.add_column(say("totals.tier", lang), say("totals.bank", lang), no_wrap=True)
    table.add_column(say("export.column.kind", lang), no_wrap=True)
    table.add_column(say("totals.figure.clients", lang), number(sum(clients), lang), justify="right")
    columns = [[number(one, lang) for one in clients]]
    for name in SHOWN:
        amounts = [group.figure(name) / 100 for group in groups]
        unit = scale(amounts, lang)
        shown = unit.adding_up(amounts)
        table.add_column(f"{say(f'totals.figure.{name}', lang)}\n{unit.name(lang)}", unit.number(fsum(shown), lang), justify="right")
        columns.append([unit.number(one, lang) for one in shown])
    for group, *figures in zip(groups, *columns, strict=True):
        tier = made.tiers.get(group.tier, group.tier) if group.tier else say("totals.no_tier", lang)
        table.add_row(tier, say(f"terms.named_code.{group.kind}", lang), *figures)
    return table
