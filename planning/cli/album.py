"""The command album: the product album of each branch and client group."""

from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from planning.catalogue.album import Album, Entry
from planning.cli.app import Cells, Data, Languages, app, languages, tell
from planning.report.album import group_name
from planning.report.formats import number
from planning.report.i18n import listing, pick, say
from planning.run import params

SHOWN = 30  # client groups on the terminal


@app.command(name="album")
def show_album(
    data: Data = None,
    branch: Annotated[str | None, typer.Option("--branch", help="支行编号或名称 · code or name of one branch")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="写入的 .xlsx 文件 · .xlsx file to write")] = None,
    lang: Languages = "zh",
) -> None:
    """产品册 · List for each branch and client group the few products that fit best."""
    from planning.run.album import make_album

    first = languages(lang)[0]
    made = make_album(params.data_folder(data or "sample", Path.cwd()), branch, out, first)
    groups = [list(entries) for _, entries in groupby(made.entries, key=lambda entry: (entry.branch, entry.tier, entry.kind))]
    Console().print(_table(made, groups[:SHOWN], first))
    if len(groups) > SHOWN:
        tell("cli.album.more", first, n=len(groups) - SHOWN)
    tell("cli.album.counted", first, groups=number(len(groups), first), n=len(made.entries), date=made.data_date.isoformat())
    if made.blocked:
        tell("cli.album.kept_out", first, n=sum(line.clients for line in made.blocked))
    if out is not None:
        tell("cli.album.written", first, file=str(out))


def _table(made: Album, groups: list[list[Entry]], lang: str) -> Cells:
    table = Cells()
    for head in ("branch", "group", "products"):
        table.add_column(say(f"cli.album.{head}", lang), overflow="fold")
    for entries in groups:
        products = [say("cli.album.one", lang, product=pick(made.names.products[one.product], lang), fits=number(one.fits, lang)) for one in entries]
        row = (pick(made.names.branches[entries[0].branch], lang), group_name(made, entries[0], lang), listing(products, lang))
        table.add_row(*row)
    return table
