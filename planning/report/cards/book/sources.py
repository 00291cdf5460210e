"""Where the client book's figures come from: tables, outside facts with their age, how complete the data are, and how to have them again."""

from planning.catalogue.library import EVERY_BANK, Fact
from planning.plan.client_book import ClientBook
from planning.report.cards.book.words import few
from planning.report.cards.card import Card
from planning.report.cards.footer import origin_rows, provenance
from planning.report.cards.wording import named, ratio
from planning.report.formats import NONE, day, number, percent
from planning.report.html import Table, render
from planning.report.i18n import column_heading, say


def sources(book: ClientBook, lang: str = "zh") -> Card:
    """Where the figures come from."""
    return Card("footer", _html(book, "zh"), _html(book, "en"), lang)


def _html(book: ClientBook, lang: str) -> str:
    folds = [(say("page.footer.tables_summary", lang, n=sum(1 for origin in book.origins if origin.rows)), origin_rows(book.origins, lang))]
    if book.library:
        folds.append((say("book.sources.library", lang, n=len(book.library)), _library(book, lang)))
    folds.append((say("book.sources.quality", lang, n=len(book.filled)), _quality(book, lang)))
    return render("footer.j2", lang, facts=_facts(book, lang), folds=folds)


def _facts(book: ClientBook, lang: str) -> list[tuple[str, str]]:
    bank = book.policy["bank"]
    told = say("page.footer.data_words", lang, date=day(book.data_date, lang), hash=book.data_hash[:12], clients=number(book.clients, lang))
    facts = [
        ("data", told),
        ("method", say("book.sources.method", lang, deposit=number(bank["ftp_deposit_pct"], lang, 2), loan=number(bank["ftp_loan_pct"], lang, 2))),
        ("verified", say("book.sources.checked_words", lang)),
    ]
    facts += provenance(book, lang)
    facts.append(("again", say("book.sources.again", lang, plan=book.plan_id)))
    return [(say(f"page.footer.{name}", lang), words) for name, words in facts]


def _library(book: ClientBook, lang: str) -> Table:
    heads = [say(f"book.sources.{what}", lang) for what in ("fact", "value", "source", "used", "checked", "state")]
    rows = [
        [
            _what(one, lang),
            one.value or NONE,
            one.source,
            say(f"book.fact_use.{one.used}", lang),
            day(one.checked_on, lang),
            _state(one, lang),
        ]
        for one in book.library
    ]
    return Table(say("book.sources.library_caption", lang), "", heads, rows, left=frozenset(range(6)), wide=True)


def _what(one: Fact, lang: str) -> str:
    """The fact in words, and its note; of a rate ceiling the type of bank it is for."""
    if one.table == "caps":
        bank = say("book.every_bank", lang) if one.note == EVERY_BANK else named(one.note, lang, f"book.bank_type.{one.note}")
        return say("terms.named", lang, heading=named(one.fact, lang), name=bank)
    name = named(one.fact, lang, f"book.outside_fact.{one.fact}")
    return name if not one.note or one.note == name else say("terms.named", lang, heading=name, name=one.note)


def _state(one: Fact, lang: str) -> str:
    told = [say(f"book.fact_state.{one.state}", lang)]
    if one.stale:
        told.append(say("book.sources.stale", lang, n=one.age_days))
    if one.differs:
        told.append(say("book.sources.differs", lang, value=one.planned_with))
    return say("terms.comma", lang).join(told)


def _quality(book: ClientBook, lang: str) -> Table:
    heads = [say(f"book.sources.{what}", lang) for what in ("column", "filled", "filled_share")]
    rows = []
    for one in book.filled:
        small = bool(few([one.clients], book.min_cell) or few([book.clients - one.clients], book.min_cell))
        figures = [say("terms.hidden", lang)] * 2 if small else [number(one.clients, lang), percent(ratio(one.clients, book.clients), lang)]
        rows.append([column_heading("clients", one.column, lang), *figures])
    return Table(say("book.sources.quality_caption", lang), "", heads, rows)
