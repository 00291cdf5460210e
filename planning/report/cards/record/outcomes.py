"""What came of it: the plan against what was booked, expected effects against measured ones, and plainly where nothing is known yet."""

from collections.abc import Sequence

from planning.plan.record import Booked, ModelRecord, Trial
from planning.report.cards.card import Card
from planning.report.cards.record.backtest import compared, finding
from planning.report.cards.record.words import both, planned
from planning.report.cards.section import Block, section, table
from planning.report.formats import NONE, day, number, percent, plus, scale
from planning.report.html import Table, described
from planning.report.i18n import pick, say

STEPS = ("ledger", "groups", "folder", "again")
LINES = {"events": "event_cny", "concessions": "concession_cny"}


def outcomes(record: ModelRecord, lang: str = "zh") -> Card:
    """Plan against actual, expected against measured."""
    return both("outcomes", _html, record, lang)


def _html(record: ModelRecord, lang: str) -> str:
    found = record.realised
    blocks: list[Block] = []
    if found.backtest is not None:
        blocks += compared(record, found.backtest, lang)
    if found.booked:
        blocks.append(table(_booked(record, found.booked, True, lang)))
    if found.backtest is None:
        blocks.append(Block("words", words=say("record.outcomes.none", lang, period=planned(record, lang))))
    if found.trials:
        blocks.append(table(_trials(record, found.trials, "own", lang)))
    if found.trials_before:
        blocks += [table(_trials(record, found.trials_before, "before", lang)), Block("words", words=say("record.outcomes.trial_note", lang))]
    if found.booked_before:
        blocks.append(table(_booked(record, found.booked_before, False, lang)))
    steps = tuple(say(f"record.outcomes.{step}", lang) for step in STEPS)
    blocks.append(Block("list", steps, say("record.outcomes.next", lang)))
    return section("outcomes", lang, _finding(record, lang), say("record.outcomes.lead", lang), blocks)


def _finding(record: ModelRecord, lang: str) -> str:
    found = record.realised
    if found.backtest is not None:
        return finding(found.backtest, lang)
    if found.booked:
        return say("record.outcomes.booked_alone", lang, period=planned(record, lang))
    before = say("record.outcomes.tried_before", lang, n=len(found.trials_before)) if found.trials_before else say("record.outcomes.never_tried", lang)
    return say("page.two_findings", lang, first=say("record.outcomes.nothing_yet", lang, period=planned(record, lang)), second=before)


def _booked(record: ModelRecord, lines: Sequence[Booked], own: bool, lang: str) -> Table:
    """What was booked; of the plan's own period beside what is planned."""
    totals = record.summary.plan.totals
    unit = scale([amount for one in lines for amount in (one.committed_cny, one.actual_cny)], lang)
    heads = [say(f"record.booked.{name}", lang) for name in ("line", *(("planned",) if own else ()), "committed", "actual", "bookings", "last")]
    rows = []
    for one in lines:
        name = say(f"record.booked.of.{one.line}", lang)
        plan = [unit.number(getattr(totals, LINES[one.line]), lang) if one.line in LINES else NONE] if own else []
        amounts = [unit.number(amount, lang) for amount in (one.committed_cny, one.actual_cny)]
        rows.append([name, *plan, *amounts, number(one.bookings, lang), day(one.last_on, lang)])
    note = say(f"record.booked.{'own_note' if own else 'before_note'}", lang, unit=unit.name(lang))
    return Table(say(f"record.booked.{'own' if own else 'before'}", lang), note, heads, rows)


def _trials(record: ModelRecord, trials: Sequence[Trial], which: str, lang: str) -> Table:
    heads = [say(f"record.trial.{name}", lang) for name in ("event", "treated", "control", "came", "measured", "error", "expected", "result")]
    rows = [_trial(record, one, lang) for one in trials]
    return Table(say(f"record.trial.{which}", lang), say("record.trial.note", lang), heads, rows, wide=True)


def _trial(record: ModelRecord, one: Trial, lang: str) -> list[str]:
    dates = say("record.trial.dates", lang, first=day(one.first_on, lang), last=day(one.last_on, lang))
    name = described(pick(one.names, lang), dates)
    if one.few(record.min_cell):
        return [name, *[say("terms.hidden", lang)] * 7]
    counts = [number(one.treated.clients, lang), number(one.control.clients, lang), number(one.treated.attended, lang)]
    shares = [plus(percent(one.measured, lang, 2)), percent(one.error, lang, 2), plus(percent(one.expected, lang, 2))]
    return [name, *counts, *shares, say(f"record.trial.{'agrees' if one.agrees else 'differs'}", lang)]
