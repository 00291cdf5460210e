"""The command scenarios."""

from pathlib import Path
from typing import Annotated

import typer

from planning.cli.app import OUT, Data, Given, Languages, app, echo, languages, notebook_at, pair, tell, tell_how


@app.command()
def scenarios(
    file: Annotated[Path, typer.Argument(help="方案文件 · scenarios file (TOML), or the name of one in the data folder")] = Path("scenarios.toml"),
    data: Data = None,
    out: Annotated[Path, typer.Option("--out", help="输出目录 · folder of the published plans")] = OUT,
    given: Given = None,
    lang: Languages = "zh,en",
    seconds: Annotated[int, typer.Option(min=1, help="总时限（秒） · wall-clock limit in seconds")] = 3600,
) -> None:
    """比较方案 · Solve named scenarios side by side and publish the comparison."""
    from planning.cli.progress import watched
    from planning.run import render as rendering
    from planning.run.registered import registered

    spoken = languages(lang)
    pairs = (*(pair(one) for one in given or ()), ("scenarios", str(file)))
    with watched(spoken[0]) as progress:
        order = rendering.Order(notebook_at(Path("scenarios")), out, spoken, data, pairs, seconds)
        done = registered(order, lambda: rendering.render(order, progress))
    published = done.published
    tell("cli.compared", spoken[0], plan=published.folder.name)
    tell_how(done, spoken[0])
    for page in published.pages:
        echo(page)
