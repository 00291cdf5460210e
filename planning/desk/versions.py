"""What changed since the last version of the plan: which version that is, and its card."""

from pathlib import Path
from typing import Literal

from planning.desk.case import run_folder, worded
from planning.desk.plan import Result
from planning.plan.changed import asked_alike, changes, made_with
from planning.plan.former import Former, read_former
from planning.report import cards
from planning.report.cards import Card
from planning.run import channel, params

UNREAD = "null\n"  # what is kept of a version that could not be read, so that it is still told next time

Missing = Literal["first", "unreadable", "missing"]


def changed(result: Result) -> Card:
    """What changed since the last version, line by line with the reason of each.

    The version is the one that the case's `former` names (a folder or a plan.json), else the plan now published under this id. Where
    that one was asked for exactly as this one, it is the same plan: then both are compared with the version before. A version that
    cannot be read is told on the card and stops nothing.
    """
    case, summary = result.case, result.summary
    with worded(case.lang):
        former, state = _former(result)
        folder = run_folder()
        if folder is not None and (former or state == "unreadable"):
            (folder / channel.FORMER).write_text(former.to_json() if former else UNREAD, encoding="utf-8", newline="\n")
        return cards.changed(summary, changes(case.book, summary, former, state), case.lang)


def _former(result: Result) -> tuple[Former | None, Missing]:
    named, plan, book = result.case.former, result.summary.plan, result.case.book
    place = params.former_plan(named, Path.cwd()) if named else _published(plan.id)
    if place is None:
        return None, "missing" if named else "first"
    if not place.is_dir():
        return _read(place)
    former, state = _read(place / channel.PLAN)
    own = made_with(book, result.summary)
    if former is None or former.plan.id != plan.id or not asked_alike(former, plan, own):
        return former, state
    return _read(place / channel.FORMER) if (place / channel.FORMER).is_file() else (None, "first")


def _published(plan_id: str) -> Path | None:
    """What stands published under the plan's id: what a run was handed, or what the desk finds in outputs/ here or above."""
    folder = run_folder()
    if folder is not None:
        return folder / channel.PUBLISHED if (folder / channel.PUBLISHED / channel.PLAN).is_file() else None
    plan = params.former_plan(f"outputs/{plan_id}/{channel.PLAN}", Path.cwd())
    return plan.parent if plan else None


def _read(file: Path) -> tuple[Former | None, Missing]:
    """The plan in a file, with what the record beside a plan.json says of its making."""
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
        record = file.with_name(channel.RECORD)
        beside = record.read_text(encoding="utf-8", errors="replace") if file.name == channel.PLAN and record.is_file() else ""
    except OSError:
        return None, "unreadable"
    return read_former(text, beside), "unreadable"
