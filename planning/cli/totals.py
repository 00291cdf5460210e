"""The command totals: control totals of the clients' table."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from planning.book.control_totals import together
from planning.cli.app import Cells, Data, Languages, app, echo, languages, tell
from planning.report.formats import money, number
from planning.report.i18n import say
from planning.run import params

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
    table = Cells()
    for head in ("tier", "kind"):
        table.add_column(say(f"totals.{head}", first))
    for head in ("clients", *SHOWN):
        table.add_column(say(f"totals.figure.{head}", first), justify="right")
    order = [*made.tiers, ""]
    for group in sorted(together(made.groups, "tier", "kind"), key=lambda group: (order.index(group.tier), group.kind)):
        tier = made.tiers.get(group.tier, group.tier) if group.tier else say("totals.no_tier", first)
        amounts = (money(group.figure(one) / 100, first) for one in SHOWN)
        row = (tier, say(f"terms.named_code.{group.kind}", first), number(group.figure("clients"), first), *amounts)
        table.add_row(*row)
    Console().print(table)
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
