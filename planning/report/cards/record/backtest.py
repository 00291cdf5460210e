"""Plan value against realised value: what happened on the plan's own yardstick, and how much of it control groups have tested."""

from collections.abc import Sequence

from planning.plan.record import Backtest, FamilyLine, ModelRecord, Side
from planning.report.cards.section import Block, table
from planning.report.cards.wording import named
from planning.report.formats import NONE, Scale, money, month_in_words, number, percent, scale
from planning.report.html import Table
from planning.report.i18n import say

SIDES = ("planned", "to_date", "realised")
AMOUNTS = ("uplift_cny", "gain_cny", "event_cny", "concession_cny")
COSTS = AMOUNTS[2:]
EFFECTS = ("planned_cny", "happened_cny", "expected_cny", "measured_cny", "realised_cny")
TESTED = EFFECTS[2:4]


def compared(record: ModelRecord, found: Backtest, lang: str) -> list[Block]:
    """The blocks: the value, families of events, and in words what was tested and what was not."""
    if found.few_came:
        return [Block("words", words=say("record.backtest.few", lang, least=record.min_cell))]
    words = Block("list", tuple(_said(record, found, lang)), say("record.backtest.said", lang))
    return [table(_value(record, found, lang)), table(_families(found, lang)), words]


def finding(found: Backtest, lang: str) -> str:
    """The plan to date against what was realised, in a sentence."""
    if found.few_came:
        return say("record.backtest.few_finding", lang)
    told = {name: money(side.value_cny(found.net), lang) for name, side in (("planned", found.to_date), ("realised", found.realised))}
    which = "tested" if found.tested_share else "untested"
    return say(f"record.backtest.finding_{which}", lang, month=month_in_words(found.through, lang), share=percent(found.tested_share, lang, 0), **told)


def _value(record: ModelRecord, found: Backtest, lang: str) -> Table:
    sides: dict[str, Side] = {"planned": found.planned, "to_date": found.to_date, "realised": found.realised}
    names = AMOUNTS if found.net else AMOUNTS[:2]
    columns = [[(-1 if name in COSTS else 1) * getattr(side, name) for name in names] for side in sides.values()]
    unit = scale([amount for column in columns for amount in column], lang)
    shown = [unit.adding_up(column) for column in columns]
    rows = [[say(f"record.backtest.{name}", lang), *(unit.number(column[row], lang) for column in shown)] for row, name in enumerate(names)]
    rows.append([say("record.backtest.net" if found.net else "record.backtest.gross", lang), *(unit.number(sum(column), lang) for column in shown)])
    heads = [say("record.backtest.line", lang), *(say(f"record.backtest.{name}", lang, month=month_in_words(found.through, lang)) for name in SIDES)]
    note = say("record.backtest.note", lang, unit=unit.name(lang), n=record.summary.plan.policy["value"]["horizon_years"])
    return Table(say("record.backtest.caption", lang), note, heads, rows, total=True)


def _families(found: Backtest, lang: str) -> Table:
    lines = found.families
    unit = scale([amount for line in lines for amount in (line.planned_cny, line.happened_cny, line.realised_cny)], lang)
    columns = [unit.adding_up([getattr(line, name) for line in lines]) for name in EFFECTS]
    rows = [_family(line, unit, amounts, lang) for line, *amounts in zip(lines, *columns, strict=True)]
    counts = [number(sum(getattr(line, name) for line in lines), lang) for name in ("planned", "attended", "tested")]
    sums = [unit.number(sum(column), lang) if found.tested_share or name not in TESTED else NONE for name, column in zip(EFFECTS, columns, strict=True)]
    rows.append([say("record.backtest.all", lang), *counts, *sums])
    told = ("family", "planned_came", "came", "tested_came", "planned_uplift", "happened", "expected", "measured", "realised_uplift")
    heads = [say(f"record.backtest.{name}", lang) for name in told]
    return Table(say("record.backtest.families", lang), say("record.backtest.families_note", lang, unit=unit.name(lang)), heads, rows, total=True, wide=True)


def _family(line: FamilyLine, unit: Scale, amounts: Sequence[float], lang: str) -> list[str]:
    name = say("terms.comma", lang).join(named(family, lang) for family in line.families)
    counts = [number(count, lang) for count in (line.planned, line.attended, line.tested)]
    return [name, *counts, *(unit.number(amount, lang) if line.tested or one not in TESTED else NONE for one, amount in zip(EFFECTS, amounts, strict=True))]


def _said(record: ModelRecord, found: Backtest, lang: str) -> list[str]:
    told = [_tests(found, found.families, lang), say("record.backtest.concessions", lang)]
    told += [say(f"record.backtest.assumed_{line}", lang) for line in found.assumed]
    if found.outside:
        told.append(say("record.backtest.few_outside", lang) if found.few_outside else say("record.backtest.outside", lang, n=number(found.outside, lang)))
    if found.unread:
        told.append(say("record.backtest.unread", lang, n=found.unread))
    taken = found.planned.value_cny(found.net) - record.summary.plan.totals.value_cny
    if taken > 1:
        told.append(say("record.backtest.taken_off", lang, amount=money(taken, lang)))
    if not found.over:
        told.append(say("record.backtest.going_on", lang, month=month_in_words(found.through, lang)))
    risks = record.summary.risks
    if found.over and risks is not None and risks.bars:
        added = found.realised.uplift_cny + found.realised.gain_cny
        low, high = risks.added.low_cny, risks.added.high_cny
        place = "below" if added < low else "above" if added > high else "within"
        told.append(say(f"record.backtest.{place}", lang, low=money(low, lang), high=money(high, lang), added=money(added, lang)))
    return told


def _tests(found: Backtest, lines: Sequence[FamilyLine], lang: str) -> str:
    if not found.tested_share:
        return say("record.backtest.untested", lang)
    expected, measured = (sum(getattr(line, name) for line in lines) for name in ("expected_cny", "measured_cny"))
    word = "agrees" if abs(measured - expected) <= 2 * found.measured_error_cny else "lower" if measured < expected else "higher"
    amounts = {"expected": expected, "measured": measured, "error": found.measured_error_cny, "off": found.error_cny}
    told = {name: money(amount, lang) for name, amount in amounts.items()}
    return say(f"record.backtest.{word}", lang, share=percent(found.tested_share, lang, 0), **told)
