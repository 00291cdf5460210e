"""The command reproduce: a published run made once more, and the two set beside each other."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planning.cli.app import OUT, Languages, app, echo, languages, tell
from planning.report.formats import NONE
from planning.report.i18n import listing, say, table_heading
from planning.run.told import sentences

if TYPE_CHECKING:
    from planning.run.reproduce import Reproduced

FILES = ("notebook", "program", "data", "scenarios", "former", "before", "actuals", "plan")


@app.command(name="reproduce")
def make_again(
    run: Annotated[str, typer.Argument(help="已发布计划的编号或目录，或登记中的序号 · id or folder of a published plan, or a run's number")],
    out: Annotated[Path, typer.Option("--out", help="输出目录 · folder of the published plans")] = OUT,
    keep: Annotated[Path | None, typer.Option("--keep", help="保留重做文件的新目录 · new folder to keep the files made")] = None,
    notebook: Annotated[Path | None, typer.Option("--notebook", help="笔记本，发布目录未存时用 · notebook, where the run kept none")] = None,
    seconds: Annotated[int, typer.Option(min=1, help="总时限（秒） · wall-clock limit in seconds")] = 3600,
    lang: Languages = "zh",
) -> None:
    """重做核对 · Make a published run once more and compare it to the byte."""
    from planning.cli.progress import watched
    from planning.run.reproduce import Given, reproduce

    first = languages(lang)[0]
    with watched(first) as progress:
        found = reproduce(run, Given(out, keep, notebook, seconds), progress)
    _tell_run(found, first)
    _tell_inputs(found, first)
    _tell_files(found, first)
    if keep is not None and found.failed is None:
        tell("cli.reproduce.kept", first, folder=str(keep))
    raise typer.Exit(found.exit_code)


def _tell_run(found: "Reproduced", lang: str) -> None:
    run = found.run
    date = str(run.record.get("finished", NONE))[:16].replace("T", " ")
    tell("cli.reproduce.run", lang, plan=run.record["id"], finished=date)
    tell(f"cli.reproduce.{run.standing}", lang, number=NONE if run.number is None else str(run.number))
    if run.strangers:
        tell("cli.reproduce.strangers", lang, files=listing(run.strangers, lang))


def _tell_inputs(found: "Reproduced", lang: str) -> None:
    tell("cli.reproduce.inputs_differ" if found.inputs else "cli.reproduce.inputs_same", lang, n=len(found.run.record["tables"]))
    for one in found.inputs:
        kind = "file" if one.kind in FILES else one.kind
        name = say(f"cli.reproduce.file.{one.kind}", lang) if kind == "file" else table_heading(one.name, lang) if kind == "table" else one.name
        tell(f"cli.reproduce.input.{kind}", lang, name=name, before=one.before or NONE, after=one.after or NONE)
    if "inputs" not in found.run.record:
        tell("cli.reproduce.old_record", lang)


def _tell_files(found: "Reproduced", lang: str) -> None:
    if found.failed is not None:
        tell("cli.reproduce.failed", lang)
        for line in sentences(found.failed, lang):
            echo(line)
        return
    for one in found.files:
        tell(f"cli.reproduce.state.{one.state}", lang, file=one.name)
        for value in one.values:
            tell("cli.reproduce.value", lang, path=value.path, before=value.before or NONE, after=value.after or NONE)
        if one.count > len(one.values):
            tell("cli.reproduce.more_values", lang, n=one.count - len(one.values))
    differing = [one for one in found.files if one.state not in ("identical", "timed")]
    solve = found.run.record.get("solve")
    if differing and not found.inputs and solve and solve.get("status") == "feasible":
        tell("cli.reproduce.out_of_time", lang)
    tell("cli.reproduce.identical" if found.identical else "cli.reproduce.differs", lang, n=len(differing) or len(found.files), of=len(found.files))
