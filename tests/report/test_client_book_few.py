"""The client book's page seen whole: no few clients follow from the totals of tiers, kinds, regions and moves that stand on it."""

import re
from dataclasses import replace
from html import unescape
from importlib import import_module
from pathlib import Path

import pytest

from planning import policy
from planning.book.alerts import AlertSettings
from planning.book.contribution import PartsLine
from planning.book.intake import read_book
from planning.book.migration import Migration, Moved
from planning.book.three_ways import Reach
from planning.plan.client_book import ClientBook, ClientGroup, client_book
from planning.report.cards import book as cards
from planning.report.cards.book.words import few, shares_unseen


@pytest.fixture(scope="module")
def found(small_bank: Path) -> ClientBook:
    rules = policy.read(small_bank / "policy.toml")
    return client_book(read_book(small_bank, rules), rules, "client-book-2027", None, AlertSettings())


def rows(html: str, caption: str) -> dict[tuple[str, ...], list[str]]:
    """The rows of a table: the words it starts with, and its cells."""
    table = next(one for one in html.split("<table>")[1:] if caption in one.partition("<thead>")[0]).partition("</table>")[0]
    cells = ([unescape(re.sub("<[^>]*>", "", cell)).strip() for cell in re.split("</t[hd]>", row)[:-1]] for row in re.split("<tr[^>]*>", table)[2:])
    return {tuple(row[:2]): row for row in cells}


def grouped(found: ClientBook, **clients: int) -> ClientBook:
    """The book with so many clients in each group: tier_kind=clients."""
    groups = []
    for name, count in clients.items():
        tier, kind = name.split("_")
        groups.append(ClientGroup("" if tier == "none" else tier, kind, count, count, 1e5 * count, 1e6 * count, 0.0))
    return replace(found, groups=tuple(groups))


def test_rows_that_are_few_together_take_a_larger_one_with_them() -> None:
    assert few([3, 4, 200, 300], 10) == {0, 1, 2}
    assert few([20, 200, 300], 10) == frozenset()


def test_a_small_group_does_not_follow_from_its_tier_or_its_kind(found: ClientBook) -> None:
    least = found.min_cell
    counts = {"gold_personal": 300, "gold_corporate": 60, "private_personal": 40, "private_corporate": least - 1}
    book = grouped(found, none_personal=900, none_corporate=30, **counts)
    shown = rows(cards.groups(book).en, "Clients by tier and kind")
    for lines in ([one for one in shown if "Private" in one[0]], [one for one in shown if one[1] == "Corporate"]):
        assert sum("not shown" in shown[one] for one in lines) >= 2
    deep = replace(book.depths.bank, tier="private", kind="personal", clients=40)
    other = replace(deep, kind="corporate", clients=least - 1)
    depths = replace(book.depths, bank=replace(deep, tier="", kind="", clients=39 + least), by_tier_kind=(deep, other))
    told = rows(cards.products(replace(book, depths=depths)).en, "Product depth")
    assert all("not shown" in row for name, row in told.items() if "Private" in name[0])


def test_a_tier_of_few_clients_is_not_what_the_drawn_shares_leave(found: ClientBook, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    card = import_module("planning.report.cards.book.groups")
    draw = card.pairs
    monkeypatch.setattr(card, "pairs", lambda rows, legend: drawn.extend(row.name for row in rows) or draw(rows, legend))
    cards.groups(grouped(found, none_personal=900, gold_personal=300, diamond_personal=50, private_personal=found.min_cell - 1), "en")
    assert {"Gold", "No tier"} <= {*drawn}
    assert not {"Diamond", "Private banking"} & {*drawn}


def test_kinds_of_few_clients_are_not_counted_at_the_head(found: ClientBook) -> None:
    assert "corporate" in cards.headline(grouped(found, gold_personal=300, gold_corporate=60)).en
    assert "corporate" not in cards.headline(grouped(found, gold_personal=300, gold_corporate=found.min_cell - 1)).en


def test_a_small_branch_does_not_follow_from_its_region(found: ClientBook) -> None:
    zeros = found.reconciliation.bank.parts_fen
    clients = {"b1": ("East", 3), "b2": ("East", 500), "b3": ("West", 400), "b4": ("West", 700)}
    lines = tuple(PartsLine(code, region, count, 0, tuple(100_000 * count for _ in zeros), 0) for code, (region, count) in clients.items())
    book = replace(found, reconciliation=replace(found.reconciliation, branches=lines), branch_names={})
    shown = rows(cards.contribution(book).en, "Contribution in its parts by branch")
    assert {name[0] for name, row in shown.items() if "not shown" in row} == {"b1", "b2"}
    reaches = tuple(Reach(code, count, (3 if code == "b4" else count // 4,)) for code, (_, count) in clients.items())
    assert shares_unseen(book, reaches) == {"b1", "b2", "b3", "b4"}
    west = replace(found.reconciliation, branches=lines[2:])
    assert shares_unseen(replace(book, reconciliation=west), (Reach("b3", 400, (100,)), Reach("b4", 700, (300,)))) == frozenset()


@pytest.mark.parametrize(
    ("counts", "unseen"),
    [
        ([[100, 3], [12, 50]], {"Rose", "Fell", "Stayed"}),
        ([[900, 40, 3], [30, 80, 20], [12, 15, 60]], {"Rose", "Fell", "Stayed"}),
        ([[900, 40], [30, 80]], set()),
    ],
)
def test_few_who_moved_do_not_follow_from_sums_of_moves(found: ClientBook, counts: list[list[int]], unseen: set[str]) -> None:
    order = ("", "gold", "private")[: len(counts)]
    cells = tuple(Moved(order[r], order[c], count, 1e5 * count, 1e5 * count) for r, row in enumerate(counts) for c, count in enumerate(row))
    page = cards.moves(replace(found, migration=Migration(order, cells), migrated_from=None)).en
    told = rows(page, "Clients and contribution by kind of move")
    assert {name[0] for name, row in told.items() if "not shown" in row} == unseen
    assert ("small numbers are not shown" in page) == bool(unseen)
