"""The command runs: what was rendered, when, and how it ended."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from planning.cli.app import OUT, Cells, Languages, app, languages, tell
from planning.report.formats import number, percent
from planning.report.i18n import listing, say

if TYPE_CHECKING:
    from planning.run import registry

EXITS = (0, 1, 2, 3, 4, 75)


@app.command(name="runs")
def show_runs(
    plan: Annotated[str | None, typer.Argument(help="计划编号 · id of one plan")] = None,
    verify_chain: Annotated[bool, typer.Option("--verify-chain", help="核对登记未被改动 · check that no entry was changed or taken out")] = False,
    out: Annotated[Path, typer.Option("--out", help="输出目录 · folder of the published plans")] = OUT,
    lang: Languages = "zh",
) -> None:
    """运行登记 · List the runs, or check their chain."""
    from planning.run import registry

    first = languages(lang)[0]
    if verify_chain and (runs := registry.verify_chain(out)):
        tell("cli.runs.chain_holds", first, n=runs)
        return
    found = registry.entries(out, plan)
    if not found:
        tell("cli.runs.none", first)
        return
    Console().print(_table(found, first))


def _table(found: "tuple[registry.Entry, ...]", lang: str) -> Cells:
    table = Cells()
    for head in ("number", "plan", "finished", "result", "gap", "seconds", "notebook"):
        table.add_column(say(f"cli.runs.{head}", lang), overflow="fold")
    for entry in found:
        told = entry.told
        code, solve = int(told["exit"]), told.get("solve")
        result = say(f"cli.runs.exit_{code}" if code in EXITS else "cli.runs.exit_1", lang)
        if told.get("faults"):
            result += f" ({listing(told['faults'][:3], lang)})"
        row = (
            str(entry.number), entry.plan, str(told["finished"])[:16].replace("T", " "), result,
            percent(solve["gap"], lang, 3) if solve else "", number(told["seconds"]["in_all"], lang, 0), str(told["notebook"]),
        )  # fmt: skip
        table.add_row(*row)
    return table
