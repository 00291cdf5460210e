"""The commands sample, check, import, verify and render."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from planning.cli.app import OUT, Cells, Data, Given, Languages, app, echo, languages, notebook_at, pair, tell, tell_how
from planning.errors import DataFaults, Fault, PolicyError
from planning.report.formats import number
from planning.report.i18n import listing, say, sentence, table_heading
from planning.run import params
from planning.run.channel import MODEL
from planning.run.told import relaxed_lines

ANNUAL, HOUR = Path("annual_plan"), 3600


@app.command()
def sample(
    to: Annotated[Path, typer.Option("--to", help="写入的目录 · folder to write")],
    branches: Annotated[int, typer.Option(min=1, help="支行数 · branches")] = 12,
    clients: Annotated[int, typer.Option(min=1, help="客户数 · clients")] = 6000,
    seed: Annotated[int, typer.Option(min=0, help="随机种子 · random seed")] = 7,
    lang: Languages = "zh",
) -> None:
    """生成样例银行 · Write the tables of a made-up bank."""
    from planning.book.sample import write_sample

    first = languages(lang)[0]
    if clients < branches:
        values = {"name": "--clients", "value": str(clients), "bound": f"≥ {branches}", "example": "6000"}
        raise PolicyError(Fault("parameter_out_of_bounds", column="clients", values=values))
    write_sample(to, branches, clients, seed)
    tell("cli.sample_written", first, folder=str(to), branches=number(branches, first), clients=number(clients, first))


@app.command()
def check(data: Data = None, lang: Languages = "zh") -> None:
    """检查数据 · Check every table and list all faults."""
    from planning import policy
    from planning.book.intake import examine
    from planning.catalogue.compliance import forbidden_notes

    first = languages(lang)[0]
    folder = params.data_folder(data or "sample", Path.cwd())
    rules = policy.read(folder / "policy.toml")
    reading = examine(folder, rules, os.environ)
    for note in (*reading.notes, *forbidden_notes(reading.frames.get("events"), rules)):
        echo(sentence(note, first))
    if reading.faults:
        Console().print(_faults(reading.faults, first))
        tell("cli.check_failed", first, n=len(reading.faults))
        raise typer.Exit(DataFaults.exit_code)
    tell("cli.check_passed", first, n=len(reading.frames), clients=number(len(reading.frames["clients"]), first), folder=folder.name)


@app.command(name="import")
def bring(
    source: Annotated[list[Path], typer.Argument(help="导出文件或目录 · files or folders of the export")],
    column_map: Annotated[Path, typer.Option("--map", help="列对照表 · column map (TOML)")],
    to: Annotated[Path, typer.Option("--to", help="写入的目录 · folder to write")],
    lang: Languages = "zh",
) -> None:
    """导入本行数据 · Read a bank's own export through a column map."""
    from planning.book.importing import import_book

    first = languages(lang)[0]
    made = import_book(source, column_map, to)
    tell("cli.imported", first, folder=str(to), clients=number(made.clients, first), branches=number(made.branches, first))
    for note in made.notes:
        echo(sentence(note, first))
    if made.borrowed:
        tables = listing([table_heading(table, first) for table in made.borrowed], first)
        tell("cli.borrowed", first, tables=tables, factor=number(made.money_factor, first, 3))


@app.command()
def verify(plan: Annotated[Path, typer.Argument(help="计划目录 · a plan's folder")], data: Data = None, lang: Languages = "zh") -> None:
    """复核计划 · Have a finished plan, or a model record, judged once more from its tables."""
    from planning.report.cards.certified import certified_words
    from planning.run import verify as judging
    from planning.run.verify_record import verify_record

    first = languages(lang)[0]
    if (plan / MODEL).is_file():
        record = verify_record(plan, data)
        tell("cli.record_verified", first, folder=plan.name, n=record.figures)
        name, found = record.plan, record.verified
    else:
        name, found = plan.name, judging.verify(plan, params.data_folder(data or judging.data_of(plan), Path.cwd()))
    tell("cli.verified", first, plan=name, n=found.places)
    for line in certified_words(found.certified, found.solver_gap, first):
        echo(line)


@app.command()
def render(  # noqa: PLR0913  one for each option of the command
    notebook: Annotated[Path, typer.Argument(help="笔记本 · notebook, or the name of one below notebooks/")] = ANNUAL,
    data: Data = None,
    out: Annotated[Path, typer.Option("--out", help="输出目录 · folder of the published plans")] = OUT,
    given: Given = None,
    lang: Languages = "zh,en",
    solver: Annotated[str | None, typer.Option(help="求解器 · highs or cbc, as -p solver_name")] = None,
    locked: Annotated[
        Path | None, typer.Option("--locked", help="手工计划，其中锁定的行照此不变 · a plan made by hand: its locked rows stay as they are")
    ] = None,
    seconds: Annotated[int, typer.Option(min=1, help="总时限（秒） · wall-clock limit in seconds")] = HOUR,
    relax: Annotated[bool, typer.Option("--relax", help="规则冲突时以最小让步成案并标明 · relax conflicting rules as little as will do, and say so")] = False,
    each: Annotated[str | None, typer.Option("--each", help="branch：每家支行一页，加目录 · branch: a page for each branch, and an index")] = None,
    only: Annotated[str | None, typer.Option("--only", help="只做这一家支行（编号或名称） · the page of this branch alone, by code or name")] = None,
    every: Annotated[bool, typer.Option("--all", help="计划文件里到时间且有变化的全部计划 · every plan of the plans' file that is due and changed")] = False,
    plans: Annotated[Path | None, typer.Option("--plans", help="计划文件，默认 data/plans.toml · the plans' file, by default data/plans.toml")] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="同时运行几份计划，或几个内核同做支行页 · how many plans, or kernels for branches, run side by side")
    ] = None,
    cluster: Annotated[
        str | None, typer.Option("--cluster", help="Dask 集群的地址：计划、支行页或大计划的分块由它来做 · address of a Dask cluster that does the work")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="未到时间或没有变化也运行 · also what is not due or unchanged")] = False,
) -> None:
    """渲染计划 · Run a notebook and publish its pages."""
    from planning.cli.all_plans import Every, render_every
    from planning.cli.branches import render_branches
    from planning.cli.progress import watched
    from planning.run import render as rendering
    from planning.run.blocks import CLUSTER
    from planning.run.registered import registered
    from planning.run.scoring import locked_pairs
    from planning.run.shared_pages import Sharing

    spoken = languages(lang)
    own = {"NOTEBOOK": notebook != ANNUAL, "--data": data, "-p": given, "--solver": solver, "--locked": locked, "--seconds": seconds != HOUR}
    if render_every(Every(every, plans, jobs, force, cluster), out, spoken[0], {**own, "--relax": relax, "--each": each, "--only": only}):
        return
    pairs = (*(pair(one) for one in given or ()), *((("solver_name", solver),) if solver else ()))
    order = rendering.Order(notebook_at(notebook), out, spoken, data, pairs, seconds, relax)
    if locked is not None:
        order = replace(order, given=(*locked_pairs(locked, order), *pairs))
    if render_branches(order, each, only, Sharing(jobs or 1, cluster)):
        return
    if cluster is not None:
        os.environ[CLUSTER] = cluster
    with watched(spoken[0]) as progress:
        done = registered(order, lambda: rendering.render(order, progress))
    published = done.published
    solve = published.record["solve"]
    if solve is None:
        made = "record" if MODEL in published.record["files"] else "book"
        tell(f"cli.{made}_published", spoken[0], plan=published.folder.name, n=published.record["verdict"]["places"])
    else:
        tell(f"cli.{solve['status']}", spoken[0], plan=published.folder.name, gap=f"{solve['gap']:.3%}")
    if published.record["relaxed"]:
        tell("cli.relaxed", spoken[0], n=len(published.record["relaxed"]))
        for line in relaxed_lines(published.record["relaxed"], spoken[0]):
            echo(line)
    tell_how(done, spoken[0])
    for page in published.pages:
        echo(page)


def _faults(faults: Sequence[Fault], lang: str) -> Cells:
    table = Cells(show_lines=True)
    table.add_column(say("cli.column_table", lang))
    table.add_column(say("cli.column_fault", lang), overflow="fold")
    for fault in faults:
        table.add_row(table_heading(fault.table, lang), sentence(fault, lang))
    return table
