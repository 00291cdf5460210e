"""The client book's page: its figures are the book's, in both languages; no client is named and no few are seen."""

import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from planning import policy
from planning.book.alerts import AlertSettings
from planning.book.book import Book, book_of
from planning.book.former import former_folder, read_former
from planning.book.intake import read_book
from planning.errors import Refused
from planning.plan import client_book as figures
from planning.plan.client_book import ClientBook, client_book, recounted
from planning.report.cards import book as cards
from planning.report.cards.cells import unseen
from planning.report.formats import number

PARTS = (cards.headline, cards.contribution, cards.standards, cards.moves, cards.groups, cards.products, cards.alerts, cards.sources)


@pytest.fixture(scope="session")
def bank(small_bank: Path) -> tuple[Book, policy.Policy, Path]:
    rules = policy.read(small_bank / "policy.toml")
    return read_book(small_bank, rules), rules, small_bank


@pytest.fixture(scope="session")
def found(bank: tuple[Book, policy.Policy, Path]) -> ClientBook:
    book, rules, folder = bank
    place = former_folder(folder)
    return client_book(book, rules, "client-book-2027", read_former(place, rules) if place else None, AlertSettings())


def visible(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_part_is_there_in_both_languages_and_no_client_in_any(found: ClientBook, bank: tuple[Book, policy.Policy, Path], lang: str) -> None:
    clients = bank[0].tables["clients"]
    page = "".join(part(found).html(lang) for part in PARTS)
    assert page.count("<section") == 6
    assert "{" not in visible(page)
    assert not {*clients["client"], *clients["manager"].dropna()} & {*re.findall(r"[\w-]+", page)}


def test_totals_on_the_page_are_the_books(found: ClientBook, bank: tuple[Book, policy.Policy, Path]) -> None:
    clients = bank[0].tables["clients"]
    assert found.clients == len(clients) == found.reconciliation.bank.clients == sum(reach.clients for reach in found.ways.standings[0].regions)
    whole = sum(group.contribution_cny for group in found.groups)
    assert whole == pytest.approx(found.reconciliation.bank.total_fen / 100, abs=0.01 * len(clients))
    assert number(len(clients), "en") in visible(cards.headline(found).en)
    assert number(round(found.ways.concentration.gini or 0, 2), "en", 2) in visible(cards.headline(found).en)
    for reach in found.ways.standings[0].branches:
        assert number(reach.clients, "en") in visible(cards.standards(found).en)


def test_without_a_former_book_the_page_says_what_it_cannot_say(bank: tuple[Book, policy.Policy, Path]) -> None:
    book, rules, _ = bank
    alone = client_book(book, rules, "client-book-2027", None, AlertSettings())
    assert alone.migrated_from is None
    assert not any(line.open for line in alone.alerts.rules if line.rule in ("contribution_fell", "client_left", "loan_pd"))
    assert "no earlier client table" in visible(cards.moves(alone).en)
    assert "were not checked" in visible(cards.alerts(alone).en)
    assert "nothing to compare" in visible(cards.moves(replace(alone, migration=None)).en)


def test_few_clients_are_never_seen_in_the_matrix(found: ClientBook) -> None:
    assert found.migration is not None
    order = found.migration.order
    counts = [[found.migration.cell(before, now).clients for now in order] for before in order]
    hidden = unseen(counts, found.min_cell)
    assert {(r, c) for r, row in enumerate(counts) for c, count in enumerate(row) if 0 < count < found.min_cell} <= hidden
    assert visible(cards.moves(found).en).count("not shown") >= len(hidden)


def test_a_book_of_few_clients_can_still_be_shown(bank: tuple[Book, policy.Policy, Path]) -> None:
    book, rules, _ = bank
    few = book.tables["clients"].head(4)
    small = book_of({**{name: table for name, table in book.tables.items() if name not in ("invitations", "outcomes", "surveys")}, "clients": few})
    shown = client_book(small, rules, "client-book-2027", None, AlertSettings())
    for part in PARTS:
        for lang in ("zh", "en"):
            assert not {*few["client"]} & {*re.findall(r"\w+", part(shown).html(lang))}


def test_a_recount_that_differs_is_refused(bank: tuple[Book, policy.Policy, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    book, rules, _ = bank
    assert recounted(book, rules) > 0
    ours = figures.classify

    def off_by_one(given: Book, settings: policy.Policy) -> pd.DataFrame:
        clients = ours(given, settings)
        kept = clients["approachable"] & (clients["tier"] != "")
        return clients.assign(approachable=clients["approachable"].where(clients.index != clients.index[kept][0], False))

    monkeypatch.setattr(figures, "classify", off_by_one)
    with pytest.raises(Refused):
        recounted(book, rules)


def test_outside_facts_and_types_of_bank_are_told_in_words_and_a_banks_own_codes_as_written(found: ClientBook) -> None:
    ceiling, tax = (next(one for one in found.library if one.table == table) for table in ("caps", "facts"))
    told = (
        replace(ceiling, note="joint_stock"), replace(ceiling, note="*"), replace(ceiling, note="village_bank"),
        replace(tax, fact="entertainment_tax_share", note=""), replace(tax, fact="our_own_fact", note="n<b>"),
    )  # fmt: skip
    card = cards.sources(replace(found, library=told))
    for lang, expected in (("zh", ("股份制银行", "各类银行", "业务招待费税前扣除比例")), ("en", ("joint-stock banks", "every type of bank", "Entertainment"))):
        page = card.html(lang)
        assert all(words in page for words in (*expected, "village_bank", "our_own_fact", "n&lt;b&gt;"))
        assert not any(code in page for code in ("joint_stock", "entertainment_tax_share", "(*)", "（*）"))
