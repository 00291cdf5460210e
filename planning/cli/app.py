"""The command line's app, and what its commands share: options, languages, telling."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from planning.errors import Fault, PolicyError
from planning.policy.plain import visible
from planning.report.i18n import LANGS, Lang, say

if TYPE_CHECKING:
    from planning.run.registered import Done

ABOUT = "银行高端客户营销计划 · A bank's marketing plan for its high-end clients."
app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=ABOUT)

Languages = Annotated[str, typer.Option("--lang", help="zh 或 en；可用逗号并列 · zh, en, or both with a comma")]
Data = Annotated[str | None, typer.Option("--data", help="数据目录 · data folder, or the name of one below data/")]
Given = Annotated[list[str] | None, typer.Option("-p", metavar="NAME VALUE", help="参数 · a parameter and its value; repeat as needed")]
Against = Annotated[Path | None, typer.Option("--plan", help="已发布计划的目录 · folder of a published plan")]
OUT = Path("outputs")
NOTEBOOKS = Path("notebooks")


def languages(text: str) -> tuple[Lang, ...]:
    """The languages named after --lang, in their order."""
    named = tuple(dict.fromkeys(part.strip() for part in text.split(",")))
    if not all(one in LANGS for one in named):
        values = {"name": "lang", "value": text, "bound": ", ".join(LANGS), "example": ",".join(LANGS)}
        raise PolicyError(Fault("parameter_out_of_bounds", column="lang", values=values))
    return named  # type: ignore[return-value]


def pair(text: str) -> tuple[str, str]:
    """Name and value of one `-p NAME=VALUE`."""
    name, sign, value = text.partition("=")
    if not sign:
        raise PolicyError(Fault("parameter_without_value", column=name, values={"name": name}))
    return name, value


def notebook_at(named: Path) -> Path:
    """A notebook by path, or by its bare name from the folder of notebooks."""
    return named if named.suffix == ".ipynb" else NOTEBOOKS / f"{named}.ipynb"


def tell(key: str, lang: str, **values: Any) -> None:
    """One line of words on the terminal."""
    echo(say(key, lang, **values))


def echo(text: object, err: bool = False) -> None:
    """Lines on the terminal, in which nothing but letters can come from names and files."""
    typer.echo(visible(str(text)), err=err)


class Cells(Table):
    """A table on the terminal whose cells and heads are text alone: no markup, no colours, nothing that moves the terminal."""

    def add_row(self, *cells: object, **how: Any) -> None:
        super().add_row(*(Text(visible(str(cell))) for cell in cells), **how)

    def add_column(self, header: object = "", *more: Any, **how: Any) -> None:
        super().add_column(Text(visible(str(header))), *more, **how)


def tell_how(done: "Done", lang: str) -> None:
    """A line where a plan took the former one's place in two steps, and one where its record could not be registered at once."""
    if done.published.how == "rename":
        tell("cli.renamed", lang)
    if not done.registered:
        tell("cli.runs.waits", lang)
