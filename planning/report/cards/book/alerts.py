"""The event pool in numbers: alerts by rule and branch, never a client."""

from planning.plan.client_book import ClientBook
from planning.report.cards.book.words import few, hidden_note, name
from planning.report.cards.card import Card
from planning.report.cards.privacy import count
from planning.report.cards.section import Block, folded, section, table
from planning.report.formats import NONE, number
from planning.report.html import Table
from planning.report.i18n import say


def alerts(book: ClientBook, lang: str = "zh") -> Card:
    """Alerts by rule."""
    return Card("alerts", _html(book, "zh"), _html(book, "en"), lang)


def _html(book: ClientBook, lang: str) -> str:
    lead = say("book.alerts.lead" if book.migrated_from is not None else "book.alerts.lead_alone", lang)
    blocks: list[Block] = [table(_rules(book, lang))]
    if book.alerts.branches:
        blocks.append(folded(say("book.alerts.branches", lang, n=len(book.alerts.branches)), _branches(book, lang)))
    return section("alerts", lang, _finding(book, lang), lead, blocks)


def _finding(book: ClientBook, lang: str) -> str:
    found = book.alerts
    if not found.total.open:
        return say("book.alerts.none", lang)
    most = max(found.rules, key=lambda line: line.open)
    clients = count(found.total.clients, book.min_cell, lang)
    return say("book.alerts.finding", lang, n=found.total.open, clients=clients, rule=say(f"terms.alert.rule.{most.rule}", lang))


def _rules(book: ClientBook, lang: str) -> Table:
    heads = [say(f"book.alerts.{what}", lang) for what in ("rule", "open", "concerned", "action")]
    rows, hidden = [], few([line.clients for line in book.alerts.rules], book.min_cell)
    for place, line in enumerate(book.alerts.rules):
        told = [number(line.open, lang) if line.open else NONE, number(line.clients, lang) if line.clients else NONE]
        figures = [say("terms.hidden", lang)] * 2 if place in hidden and line.clients else told
        rows.append([say(f"terms.alert.rule.{line.rule}", lang), *figures, say(f"terms.alert.action.{line.rule}", lang)])
    return Table(say("book.alerts.table", lang), hidden_note(book, lang), heads, rows, left=frozenset({0, 3}))


def _branches(book: ClientBook, lang: str) -> Table:
    hidden = few([line.clients for line in book.alerts.branches], book.min_cell)
    heads = [say("page.column.branches", lang), *(say(f"book.alerts.{what}", lang) for what in ("open", "concerned"))]
    rows = []
    for place, line in enumerate(book.alerts.branches):
        figures = [say("terms.hidden", lang)] * 2 if place in hidden else [number(line.open, lang), number(line.clients, lang)]
        rows.append([name(line.branch, book.branch_names, lang), *figures])
    return Table(say("book.alerts.branches", lang, n=len(book.alerts.branches)), hidden_note(book, lang), heads, rows)
