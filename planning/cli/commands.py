"""The command line: planning sample, check, import, render, verify. Zero always means that all is right."""

import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table

from planning.errors import DataFaults, Fault, PlanningError, PolicyError
from planning.report.formats import number
from planning.report.i18n import LANGS, Lang, listing, say, sentence, table_heading
from planning.run import params
from planning.run.told import sentences

ABOUT = "银行高端客户营销计划 · A bank's marketing plan for its high-end clients."
app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=ABOUT)

Languages = Annotated[str, typer.Option("--lang", help="zh 或 en；可用逗号并列 · zh, en, or both with a comma")]
Data = Annotated[str | None, typer.Option("--data", help="数据目录 · data folder, or the name of one below data/")]
OUT = Path("outputs")
NOTEBOOKS = Path("notebooks")


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

    first = _languages(lang)[0]
    if clients < branches:
        values = {"name": "--clients", "value": str(clients), "bound": f"≥ {branches}", "example": "6000"}
        raise PolicyError(Fault("parameter_out_of_bounds", column="clients", values=values))
    write_sample(to, branches, clients, seed)
    _say("cli.sample_written", first, folder=str(to), branches=number(branches, first), clients=number(clients, first))


@app.command()
def check(data: Data = None, lang: Languages = "zh") -> None:
    """检查数据 · Check every table and list all faults."""
    from planning import policy
    from planning.book.intake import examine

    first = _languages(lang)[0]
    folder = params.data_folder(data or "sample", Path.cwd())
    reading = examine(folder, policy.read(folder / "policy.toml"))
    for note in reading.notes:
        typer.echo(sentence(note, first))
    if reading.faults:
        Console().print(_faults(reading.faults, first))
        _say("cli.check_failed", first, n=len(reading.faults))
        raise typer.Exit(DataFaults.exit_code)
    _say("cli.check_passed", first, n=len(reading.frames), clients=number(len(reading.frames["clients"]), first), folder=folder.name)


@app.command(name="import")
def bring(
    source: Annotated[list[Path], typer.Argument(help="导出文件或目录 · files or folders of the export")],
    column_map: Annotated[Path, typer.Option("--map", help="列对照表 · column map (TOML)")],
    to: Annotated[Path, typer.Option("--to", help="写入的目录 · folder to write")],
    lang: Languages = "zh",
) -> None:
    """导入本行数据 · Read a bank's own export through a column map."""
    from planning.book.importing import import_book

    first = _languages(lang)[0]
    made = import_book(source, column_map, to)
    _say("cli.imported", first, folder=str(to), clients=number(made.clients, first), branches=number(made.branches, first))
    for note in made.notes:
        typer.echo(sentence(note, first))
    if made.borrowed:
        tables = listing([table_heading(table, first) for table in made.borrowed], first)
        _say("cli.borrowed", first, tables=tables, factor=number(made.money_factor, first, 3))


@app.command()
def verify(plan: Annotated[Path, typer.Argument(help="计划目录 · a plan's folder")], data: Data = None, lang: Languages = "zh") -> None:
    """复核计划 · Have a finished plan judged once more from its tables."""
    from planning.run import verify as judging

    first = _languages(lang)[0]
    places = judging.verify(plan, params.data_folder(data or judging.data_of(plan), Path.cwd()))
    _say("cli.verified", first, plan=plan.name, n=places)


@app.command()
def render(  # noqa: PLR0913  one for each option of the command
    notebook: Annotated[Path, typer.Argument(help="笔记本 · notebook, or the name of one below notebooks/")] = Path("annual_plan"),
    data: Data = None,
    out: Annotated[Path, typer.Option("--out", help="输出目录 · folder of the published plans")] = OUT,
    given: Annotated[list[str] | None, typer.Option("-p", metavar="NAME VALUE", help="参数 · a parameter and its value; repeat as needed")] = None,
    lang: Languages = "zh,en",
    solver: Annotated[str | None, typer.Option(help="求解器 · highs or cbc, as -p solver_name")] = None,
    seconds: Annotated[int, typer.Option(min=1, help="总时限（秒） · wall-clock limit in seconds")] = 3600,
) -> None:
    """渲染计划 · Run a notebook and publish its pages."""
    from planning.cli.progress import watched
    from planning.run import render as rendering

    languages = _languages(lang)
    pairs = (*(_pair(one) for one in given or ()), *((("solver_name", solver),) if solver else ()))
    with watched(languages[0]) as progress:
        published = rendering.render(rendering.Order(_notebook(notebook), out, languages, data, pairs, seconds), progress)
    solve = published.record["solve"]
    _say(f"cli.{solve['status']}", languages[0], plan=published.folder.name, gap=f"{solve['gap']:.3%}")
    if published.how == "rename":
        _say("cli.renamed", languages[0])
    for page in published.pages:
        typer.echo(page)


def main() -> NoReturn:
    """Run the command line; a planner meets sentences and an exit code, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    arguments = joined(sys.argv[1:])
    lang = spoken(arguments)
    sys.excepthook = _Unforeseen(lang)
    try:
        typer.main.get_command(app)(arguments)
    except PlanningError as error:
        typer.echo("\n".join(sentences(error, lang)), err=True)
        sys.exit(error.exit_code)
    sys.exit(0)


def joined(arguments: list[str]) -> list[str]:
    """The arguments with each `-p NAME VALUE` as `-p NAME=VALUE`, so that a value may begin with a minus sign."""
    left, result = list(arguments), []
    while left:
        word = left.pop(0)
        result.append(word)
        if word == "-p" and len(left) > 1 and "=" not in left[0]:
            result.append(f"{left.pop(0)}={left.pop(0)}")
    return result


def spoken(arguments: list[str]) -> Lang:
    """The language of messages: the first after --lang, else Chinese."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        named = following if word == "--lang" else word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        first = named.split(",")[0].strip()
        if first in LANGS:
            return LANGS[LANGS.index(first)]
    return "zh"


class _Unforeseen:
    """What a planner sees of an error nobody foresaw: one sentence and where the details are."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="planning-", suffix=".log", delete=False) as log:
            traceback.print_exception(kind, error, trace, file=log)
        typer.echo(sentence(Fault("unforeseen", values={"problem": kind.__name__, "log": log.name}), self._lang), err=True)


def _languages(text: str) -> tuple[Lang, ...]:
    named = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    if not all(one in LANGS for one in named):
        values = {"name": "lang", "value": text, "bound": ", ".join(LANGS), "example": ",".join(LANGS)}
        raise PolicyError(Fault("parameter_out_of_bounds", column="lang", values=values))
    return named  # type: ignore[return-value]


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise PolicyError(Fault("parameter_without_value", column=name, values={"name": name}))
    return name, value


def _notebook(named: Path) -> Path:
    """A notebook by path, or by its bare name from the folder of notebooks."""
    return named if named.suffix == ".ipynb" else NOTEBOOKS / f"{named}.ipynb"


def _faults(faults: Sequence[Fault], lang: str) -> Table:
    table = Table(show_lines=True)
    table.add_column(say("cli.column_table", lang))
    table.add_column(say("cli.column_fault", lang), overflow="fold")
    for fault in faults:
        table.add_row(table_heading(fault.table, lang), sentence(fault, lang))
    return table


def _say(key: str, lang: str, **values: Any) -> None:
    typer.echo(say(key, lang, **values))
