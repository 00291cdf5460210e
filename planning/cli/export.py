"""The command export: a published plan as a workbook or as PDF, and the template of a plan made by hand."""

from pathlib import Path
from typing import Annotated

import typer

from planning.cli.app import OUT, Against, Data, Languages, app, languages, tell
from planning.errors import Fault, PolicyError
from planning.report.formats import number
from planning.run import params

TEMPLATE = Path("plan-template.xlsx")


@app.command()
def export(
    template: Annotated[bool, typer.Option("--template", help="导出手工计划的模板 · the template of a plan made by hand")] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help="把计划页面打印成 PDF · the published pages as PDF")] = False,
    to: Annotated[Path | None, typer.Option("--to", help="写入的文件或目录，默认当前目录 · file or folder to write, by default the working directory")] = None,
    data: Data = None,
    plan: Against = None,
    lang: Languages = "zh",
) -> None:
    """导出计划 · Write a published plan as a workbook, its pages as PDF (--pdf), or a template to plan by hand (--template)."""
    from planning.run import exporting

    asked = languages(lang)
    if template and pdf:
        raise PolicyError(Fault("export_one_thing"))
    if template:
        file = to or TEMPLATE
        filled = exporting.export_template(file, params.data_folder(data or "sample", Path.cwd()), plan, asked[0])
        tell("cli.template_written", asked[0], file=str(file), sessions=number(filled.sessions, asked[0]), levels=number(filled.levels, asked[0]))
        return
    published = plan or exporting.latest(OUT)
    if pdf:
        for page, pages in exporting.export_pages(published, to, asked).items():
            tell("cli.export.pages", asked[0], file=str(page), n=pages)
        return
    for book in exporting.export_plan(published, data, to, asked):
        tell("cli.export.written", asked[0], file=str(book))
