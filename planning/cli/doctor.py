"""The command doctor: whether this machine is fit to plan, a line a check."""

from pathlib import Path
from typing import Annotated

import typer
from rich.cells import cell_len, set_cell_size

from planning.cli.app import OUT, Languages, app, echo, languages, tell
from planning.report.i18n import say, sentence


@app.command(name="doctor")
def show_fitness(
    out: Annotated[Path, typer.Option("--out", help="输出目录 · folder of the published plans")] = OUT,
    lang: Languages = "zh",
) -> None:
    """检查电脑 · Tell whether this machine is fit to plan, and what to do where it is not."""
    from planning.run.doctor import Machine, examined
    from planning.run.told import troubled

    first = languages(lang)[0]
    found = examined(Machine(out))
    states = {one.state: say(f"cli.doctor.state.{one.state}", first) for one in found}
    wide = max(map(cell_len, states.values()))
    for one in found:
        words = say(f"cli.doctor.found.{one.code}", first, **troubled(one.values, first))
        tell("cli.doctor.line", first, state=set_cell_size(states[one.state], wide), words=words)
        for fault in one.faults:
            echo(f"{' ' * wide} {sentence(fault, first)}")
    unfit = sum(one.state == "unfit" for one in found)
    tell("cli.doctor.unfit" if unfit else "cli.doctor.fit", first, n=unfit or len(found))
    raise typer.Exit(1 if unfit else 0)
