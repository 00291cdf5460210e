"""The data of the record: every table with its rows, date and check sum, what was computed and what given, and how complete the clients' table is."""

from planning.plan.record import ModelRecord
from planning.report.cards.book.words import few
from planning.report.cards.card import Card
from planning.report.cards.footer import origin_rows
from planning.report.cards.record.words import both
from planning.report.cards.section import Block, folded, section, table
from planning.report.cards.wording import ratio
from planning.report.formats import day, number, percent
from planning.report.html import Table
from planning.report.i18n import column_heading, listing, say, table_heading

COMPUTED = ("contribution", "tiers", "segments", "eligible", "curves", "ladder", "whole")


def data(record: ModelRecord, lang: str = "zh") -> Card:
    """Where the numbers come from and how good they are."""
    return both("data", _html, record, lang)


def _html(record: ModelRecord, lang: str) -> str:
    summary = record.summary
    tables = origin_rows(summary.origins, lang)
    told = {"n": len(tables.rows), "date": day(summary.plan.policy["data_date"], lang), "hash": summary.plan.data_hash[:12]}
    blocks: list[Block] = [
        table(tables),
        Block("list", (_contribution(record, lang), *(say(f"record.computed.{code}", lang) for code in COMPUTED)), say("record.computed.title", lang)),
        folded(say("record.quality.summary", lang, n=len(record.evidence.completeness)), _quality(record, lang)),
        Block("list", tuple(_checks(record, lang)), say("record.quality.title", lang)),
    ]
    return section("data", lang, say("record.data.finding", lang, **told), say("record.data.lead", lang), blocks)


def _contribution(record: ModelRecord, lang: str) -> str:
    found = record.evidence
    if not found.given:
        return say("record.computed.all", lang)
    if few([found.given], record.min_cell) or few([found.clients - found.given], record.min_cell):
        return say("record.computed.given_hidden", lang)
    return say("record.computed.given", lang, given=number(found.given, lang), share=percent(ratio(found.given, found.clients), lang))


def _quality(record: ModelRecord, lang: str) -> Table:
    heads = [say(f"book.sources.{what}", lang) for what in ("column", "filled", "filled_share")]
    whole, rows = record.evidence.clients, []
    for one in record.evidence.completeness:
        small = bool(few([one.clients], record.min_cell) or few([whole - one.clients], record.min_cell))
        figures = [say("terms.hidden", lang)] * 2 if small else [number(one.clients, lang), percent(ratio(one.clients, whole), lang)]
        rows.append([column_heading("clients", one.column, lang), *figures])
    return Table(say("book.sources.quality_caption", lang), "", heads, rows)


def _checks(record: ModelRecord, lang: str) -> list[str]:
    borrowed = [table_heading(origin.table, lang) for origin in record.summary.origins if origin.borrowed]
    told = [say("record.quality.read", lang), say(f"record.quality.{'adds_up' if record.evidence.reconciles else 'apart'}", lang)]
    told.append(say("record.quality.borrowed", lang, tables=listing(borrowed, lang)) if borrowed else say("record.quality.own", lang))
    return [*told, *([say("record.quality.sample", lang)] if record.summary.sample else []), say("record.quality.not_known", lang)]
