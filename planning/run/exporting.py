"""Writes what a planner takes away: the template of a plan made by hand."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from planning import policy
from planning.book.intake import read_book
from planning.catalogue.offer import offer
from planning.errors import DataFaults, Fault, Refused
from planning.report.template import template
from planning.run.scoring import published_plan
from planning.run.workbook import csv_text, workbook


@dataclass(frozen=True)
class Written:
    """How many lines of sessions and of the ladder a template has."""

    sessions: int
    levels: int


def export_template(to: Path, data: Path, published: Path | None, lang: str) -> Written:
    """Write the template to an .xlsx file, the sessions alone to a .csv file, or every sheet as CSV into a folder.

    `published` = a plan to fill it from, made from the tables in `data` (else Refused). A file that is there is never
    written over: DataFaults.
    """
    rules = policy.read(data / "policy.toml")
    book = read_book(data, rules, os.environ)
    plan = None if published is None else published_plan(published)
    if plan is not None and published is not None and plan.data_hash != book.data_hash:
        raise Refused(Fault("plan_of_other_data", values={"folder": published.name}))
    sheets = template(book, offer(book, rules), plan, lang)
    kind = to.suffix.lower()
    if kind == ".xlsx":
        files = {to: workbook(sheets)}
    elif kind == ".csv":
        files = {to: csv_text(sheets[0]).encode("utf-8-sig")}
    else:
        files = {to / f"{sheet.name}.csv": csv_text(sheet).encode("utf-8-sig") for sheet in sheets}
    write_new(files)
    return Written(len(sheets[0].rows), len(sheets[2].rows))


def write_new(files: Mapping[Path, bytes]) -> None:
    """Write files where none is yet; DataFaults names those that are there already, and nothing is written."""
    there = [file.name for file in files if file.exists()]
    if there:
        raise DataFaults(Fault("export_over", values={"files": ", ".join(there)}))
    for file, content in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
