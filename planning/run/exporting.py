"""Writes what is taken away: the template of a plan made by hand, a published plan as a workbook, its pages as PDF."""

import json
import os
import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from planning import policy
from planning.book.book import Book
from planning.book.intake import read_book
from planning.catalogue.offer import offer
from planning.errors import DataFaults, Fault, PolicyError, Refused
from planning.plan.changed import Changes, changes
from planning.plan.former import read_former
from planning.plan.retold import retold
from planning.plan.summary import Summary
from planning.report.plan_sheets import paper, plan_sheets
from planning.report.template import template
from planning.run import params
from planning.run.browser import browser, printed
from planning.run.channel import CERTIFICATE, FORMER, PLAN, RECORD
from planning.run.scoring import published_plan
from planning.run.trouble import not_writable
from planning.run.verify import data_of
from planning.run.workbook import csv_text, workbook

ANNUAL = "annual_plan.ipynb"


@dataclass(frozen=True)
class Written:
    """How many lines of sessions and of the ladder a template has."""

    sessions: int
    levels: int


def export_template(to: Path, data: Path, published: Path | None, lang: str) -> Written:
    """Write the template to an .xlsx file, the sessions alone to a .csv file, or every sheet as CSV into a folder.

    `published` = a plan to fill it from, made from the tables in `data` (else Refused). A file that is there is never
    written over: DataFaults; PolicyError for a file of another kind.
    """
    kind = to.suffix.lower()
    if kind not in ("", ".xlsx", ".csv") and not to.is_dir():
        raise PolicyError(Fault("export_kind", values={"file": to.name, "kind": ".xlsx, .csv"}))
    rules = policy.read(data / "policy.toml")
    book = read_book(data, rules, os.environ)
    plan = None if published is None else published_plan(published)
    if plan is not None and published is not None and plan.data_hash != book.data_hash:
        raise Refused(Fault("plan_of_other_data", values={"folder": published.name}))
    sheets = template(book, offer(book, rules), plan, lang)
    if kind == ".xlsx":
        files = {to: workbook(sheets)}
    elif kind == ".csv":
        files = {to: csv_text(sheets[0]).encode("utf-8-sig")}
    else:
        files = {to / f"{sheet.name}.csv": csv_text(sheet).encode("utf-8-sig") for sheet in sheets}
    write_new(files)
    return Written(len(sheets[0].rows), len(sheets[2].rows))


def export_plan(published: Path, data: str | None, to: Path | None, languages: Sequence[str]) -> tuple[Path, ...]:
    """Write a published plan as plan.<language>.xlsx, a sheet a section: from its plan.json and the tables it was made from, nothing solved.

    `data` = their folder or its name below data/; None for the one its run.json names. `to` = a folder, or the .xlsx file itself
    where there is one language; the working directory where None. Refused where the plan is of other data or the second judge
    does not pass it; DataFaults where a file is there already.
    """
    plan = published_plan(published)
    places = _places(to, languages, ".xlsx")
    _refuse(places.values())
    beside = published if published.is_dir() else published.parent
    folder = params.data_folder(data or data_of(beside), Path.cwd())
    book = read_book(folder, policy.checked(plan.policy), os.environ)
    if plan.data_hash != book.data_hash:
        raise Refused(Fault("plan_of_other_data", values={"folder": published.name}))
    kept = beside / CERTIFICATE
    summary = retold(book, plan, kept.read_text(encoding="utf-8", errors="replace") if kept.is_file() else None)
    since = _since(book, summary, beside / FORMER)
    write_new({place: workbook(plan_sheets(summary, lang, since), paper(summary, lang)) for lang, place in places.items()})
    return tuple(places.values())


def _since(book: Book, summary: Summary, kept: Path) -> Changes:
    """The plan against the version that is kept beside it, where one is."""
    if not kept.is_file():
        return changes(book, summary, None, "first")
    return changes(book, summary, read_former(kept.read_text(encoding="utf-8", errors="replace")), "unreadable")


def export_pages(published: Path, to: Path | None, languages: Sequence[str]) -> Mapping[Path, int]:
    """Print the published pages to plan.<language>.pdf through a browser on this machine; how many pages each has.

    `to` as for the workbook. DataFaults where a page is not published or a file is there already; RunFailed where there is no
    browser, or it writes no PDF in time.
    """
    places = _places(to, languages, ".pdf")
    pages = {lang: published / f"plan.{lang}.html" for lang in languages}
    for lang, page in pages.items():
        if not page.is_file():
            raise DataFaults(Fault("export_page_missing", values={"folder": published.name, "file": page.name, "lang": lang}))
    _refuse(places.values())
    through = browser(os.environ, pages[languages[0]].name)
    files = {places[lang]: printed(page, through) for lang, page in pages.items()}
    write_new({place: one.content for place, one in files.items()})
    return {place: one.pages for place, one in files.items()}


def latest(out: Path) -> Path:
    """The folder of the annual plan published last under `out`. DataFaults where there is none."""
    found = [(finished, folder) for folder in sorted(out.glob("*")) if (folder / PLAN).is_file() and (finished := _finished(folder / RECORD))]
    if not found:
        raise DataFaults(Fault("export_nothing_published", values={"folder": out.name}))
    return max(found)[1]


def _finished(record: Path) -> datetime | None:
    """When a run of the annual plan was done; None for any other run."""
    try:
        told = json.loads(record.read_text(encoding="utf-8"))
        return datetime.fromisoformat(told["finished"]).astimezone() if told["notebook"] == ANNUAL else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _places(to: Path | None, languages: Sequence[str], kind: str) -> Mapping[str, Path]:
    """The file of each language. PolicyError where one file is named for several, or one of another kind."""
    if to is None or not to.suffix or to.is_dir():
        return {lang: (to or Path()) / f"plan.{lang}{kind}" for lang in languages}
    if to.suffix.lower() != kind:
        raise PolicyError(Fault("export_kind", values={"file": to.name, "kind": kind}))
    if len(languages) > 1:
        raise PolicyError(Fault("export_one_file", values={"files": len(languages)}))
    return {languages[0]: to}


def _refuse(files: Iterable[Path]) -> None:
    """DataFaults where a file is there already, or would stand in a published plan's folder, which nobody changes."""
    files = list(files)
    there = [file.name for file in files if file.exists()]
    if there:
        raise DataFaults(Fault("export_over", values={"files": ", ".join(there)}))
    published = next((file.parent for file in files if (file.parent / RECORD).is_file()), None)
    if published is not None:
        raise DataFaults(Fault("export_into_plan", values={"folder": published.resolve().name}))


def write_new(files: Mapping[Path, bytes]) -> None:
    """Write files where none is yet, each whole or not at all; DataFaults names those that are there already, and nothing is written."""
    _refuse(files)
    for file, content in files.items():
        part = file.with_name(f".{uuid.uuid4().hex[:8]}.part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(content)
            part.replace(file)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise not_writable(file.parent, error) from error
