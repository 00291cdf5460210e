"""The model record at the desk: one published plan as whoever answers for model risk asks about it. Nothing is solved."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from planning.desk.case import Shown, hand_over, published, set_by_the_planner, tell, worded
from planning.errors import DataFaults, Fault, Refused
from planning.plan.former import read_former
from planning.plan.judged import plain
from planning.plan.record import Files, ModelRecord, figures, model_record, standings
from planning.plan.retold import retold
from planning.report import cards as plan_cards
from planning.report.cards import Card
from planning.report.cards import record as cards
from planning.report.i18n import say
from planning.run import channel, params
from planning.run.monitoring import register_around, run_record
from planning.run.verify import data_of, judged
from planning.run.verify_record import actual_book, counted_otherwise


@dataclass(frozen=True, repr=False)
class Recorded(Shown):
    """The model record in figures, what it was asked for with, and what was counted again."""

    record: ModelRecord
    asked: params.OfBranch
    tables: Mapping[str, str]
    differing: tuple[str, ...]
    told_hash: str  # of the tables that tell what happened since

    def told(self) -> str:
        """The record in a sentence."""
        open_lines = sum(line.state != "met" for line in standings(self.record))
        return say("desk.recorded", self.asked.lang, plan=self.record.summary.plan.id, n=open_lines)


@dataclass(frozen=True, repr=False)
class Attested(Shown):
    """The second judge's word on a model record."""

    lang: str
    counted: int

    def told(self) -> str:
        """How much was counted again, in a sentence."""
        return say("desk.attested", self.lang, n=self.counted)


def open_record(names: Mapping[str, Any]) -> Recorded:
    """Read the published plan that the parameters cell names, with all that stands around it: call it as `open_record(globals())` in the second cell.

    DataFaults where there is no such plan; Refused when it breaks a rule, was made from other tables, or its certificate does not
    prove what it states.
    """
    lang = names.get("lang")
    with worded(lang if lang in params.LANGS else "zh"):
        asked = params.of_branch(set_by_the_planner(names), named=False)
        folder = params.plan_folder(asked.plan, Path.cwd(), published())
        tell("reading", {})
        plan, book, verified = judged(folder, params.data_folder(asked.data or data_of(folder), Path.cwd()))
        tell("judging", {})
        certificate = _text(folder / channel.CERTIFICATE)
        summary = retold(book, plan, certificate)
        former = _text(folder / channel.FORMER)
        files = Files(_text(folder / channel.PLAN) or "", run_record(folder), read_former(former) if former else None, register_around(folder, plan.id))
        tell("counting", {})
        told = actual_book(asked.actuals, book)
        record = model_record(asked.plan_id, (book, told), summary, verified.verdict, files)
        differing = counted_otherwise(figures(record), plain(plan), (book, told), verified.verdict)
        return Recorded(record, asked, book.hashes, differing, told.data_hash)


def record_headline(recorded: Recorded) -> Card:
    """What the record is of, what is proven, and how many lines are open."""
    return _card(cards.headline, recorded)


def record_purpose(recorded: Recorded) -> Card:
    """What the model is for, what it decides and what it does not."""
    return _card(cards.purpose, recorded)


def record_assumptions(recorded: Recorded) -> Card:
    """What is assumed, where each assumption is set, and the known weaknesses."""
    return _card(cards.assumptions, recorded)


def record_data(recorded: Recorded) -> Card:
    """The tables, what was computed and what given, and how complete they are."""
    return _card(cards.data, recorded)


def record_model(recorded: Recorded) -> Card:
    """The letters, the objective, every rule's formula, the solver and the tie rule."""
    return _card(cards.model, recorded)


def record_risks(recorded: Recorded) -> Card:
    """The range of outcomes and what the plan leans on."""
    with worded(recorded.asked.lang):
        return plan_cards.risks(recorded.record.summary, recorded.asked.lang)


def record_outcomes(recorded: Recorded) -> Card:
    """What came of it: plan against bookings, expected against measured effects."""
    return _card(cards.outcomes, recorded)


def record_validation(recorded: Recorded) -> Card:
    """The second judge's verdict, the certificate, and the plan against another solver and simple rules."""
    return _card(cards.validation, recorded)


def record_monitoring(recorded: Recorded) -> Card:
    """The register of runs and the log of changes."""
    return _card(cards.monitoring, recorded)


def record_checklist(recorded: Recorded) -> Card:
    """What is asked of a model, line by line met or not, who signs, and where the record's figures come from."""
    return _card(cards.checklist, recorded)


def attest(recorded: Recorded) -> Attested:
    """Have the second judge's count of the record's figures agree and hand the record over: the last cell of the notebook.

    Writes model_record.json into `save_to` where that is set. Refused names the figures that differ.
    """
    record, asked = recorded.record, recorded.asked
    plan, told = record.summary.plan, figures(record)
    with worded(asked.lang):
        if recorded.differing:
            raise Refused(Fault("record_differs", count=len(recorded.differing), values={"figures": ", ".join(recorded.differing)}))
        lines = [{"area": one.area, "line": one.code, "state": one.state, "why": one.why} for one in standings(record)]
        made = {"id": record.id, "plan": plan.id, "plan_hash": record.plan_hash, "data_hash": plan.data_hash, "policy": dict(plan.policy)}
        made["actuals"] = {"folder": asked.actuals, "data_hash": recorded.told_hash}
        files = {channel.MODEL: json.dumps({**made, "figures": told, "checklist": lines}, ensure_ascii=False, indent=1) + "\n"}
        hand_over(asked.save_to, files, {"verdict": {"passed": True, "places": len(told)}, "tables": dict(recorded.tables)})
        return Attested(asked.lang, len(told))


def _text(file: Path) -> str | None:
    try:
        return file.read_text(encoding="utf-8") if file.is_file() else None
    except (OSError, UnicodeDecodeError) as error:
        raise DataFaults(Fault("plan_unreadable", values={"folder": file.parent.name})) from error


def _card(make: Callable[[ModelRecord, str], Card], recorded: Recorded) -> Card:
    with worded(recorded.asked.lang):
        return make(recorded.record, recorded.asked.lang)
