"""The client book's page seen whole: no few clients follow from the totals of tiers, kinds, regions and moves that stand on it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape
from importlib import import_module
from pathlib import Path
from random import Random

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
from tests.report.reader import following, sums_of

TIERS = ("", "gold", "platinum", "diamond", "private")


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


def moved(found: ClientBook, counts: list[list[int]]) -> str:
    """The card of moves for a matrix of clients from tier to tier."""
    order = TIERS[: len(counts)]
    return cards.moves(replace(found, migration=Migration(order, moves(order, counts)), migrated_from=None)).en


def moves(order: Sequence[str], counts: list[list[int]]) -> tuple[Moved, ...]:
    return tuple(Moved(order[r], order[c], count, 1e5 * count, 1e5 * count) for r, row in enumerate(counts) for c, count in enumerate(row))


def told(words: str) -> float | None:
    return None if words == "not shown" else 0.0 if words == "–" else float(words.replace(",", ""))


def drawn(seed: int) -> list[list[int]]:
    """A matrix of two to five tiers: most stay, few move."""
    chance = Random(seed)
    size = chance.randint(2, 5)
    return [[chance.randint(40, 400) if r == c else chance.randint(1, 12) for c in range(size)] for r in range(size)]


@pytest.mark.parametrize(
    "counts", [[[900, 40, 3], [30, 80, 20], [12, 15, 60]], [[100, 3], [12, 50]], [[0, 3, 1], [0, 313, 0], [34, 0, 0]], *map(drawn, range(12))]
)
def test_few_who_moved_follow_neither_from_the_matrix_nor_from_sums_of_moves(found: ClientBook, counts: list[list[int]]) -> None:
    page, size = moved(found, counts), len(counts)
    matrix = [row[1:] for row in rows(page, "Rows: before. Columns: now").values()]
    flows = {row[0]: told(row[1]) for row in rows(page, "by kind of move").values()}
    unknown: dict[object, float] = {(r, c): counts[r][c] for r in range(size) for c in range(size) if told(matrix[r][c]) is None}
    groups: list[list[object]] = [[(r, c) for c in range(size)] for r in range(size)] + [[(r, c) for r in range(size)] for c in range(size)]
    for name, of in (("Rose", lambda r, c: c > r), ("Fell", lambda r, c: c < r), ("Stayed", lambda r, c: c == r)):
        groups += [[(r, c) for r in range(size) for c in range(size) if of(r, c)]] if flows.get(name) is not None else []
    known = sums_of(unknown, [[key for key in group if key in unknown] for group in groups])
    small = [key for key, count in unknown.items() if 0 < count < found.min_cell]
    assert {key for key, count in {(r, c): counts[r][c] for r in range(size) for c in range(size)}.items() if 0 < count < found.min_cell} <= {*unknown}
    nothing_more_to_hide = all((r, c) in unknown for r, row in enumerate(counts) for c, count in enumerate(row) if count)
    assert following(unknown, known, small) == [] or nothing_more_to_hide


def test_sums_of_moves_are_told_where_no_few_follow_from_them(found: ClientBook) -> None:
    assert ">not shown<" not in moved(found, [[900, 40], [30, 80]])
    page = moved(found, [[900, 40, 3], [30, 80, 20], [12, 15, 60]])
    assert "63 clients rose and 57 fell" in page
    assert "small numbers are not shown" in moved(found, [[100, 3], [12, 50]])


def test_a_tier_of_few_clients_is_not_counted_at_the_edge_of_the_matrix(found: ClientBook) -> None:
    page = moved(found, [[900, 40, 0], [30, 80, 0], [0, 0, 2]])
    matrix = list(rows(page, "Rows: before. Columns: now").values())
    assert [row[-1] for row in matrix] == ["940", "not shown", "not shown", "1,052"]
    assert matrix[-1][1:] == ["930", "not shown", "not shown", "1,052"]
    order = ("absent", *TIERS[:3])
    came = Migration(order, moves(order, [[0, 9, 9, 0], [9, 900, 40, 0], [0, 30, 80, 0], [0, 0, 0, 2]]))
    matrix = list(rows(cards.moves(replace(found, migrated_from=found.data_date, migration=came)).en, "Rows: before. Columns: now").values())
    assert [row[-1] for row in matrix] == ["18", "949", "not shown", "not shown", "1,079"]


def test_most_groups_of_a_bank_with_one_small_tier_are_shown(found: ClientBook) -> None:
    least = found.min_cell
    counts = {"none_personal": 900, "none_corporate": 30, "gold_personal": 300, "gold_corporate": 60, "diamond_personal": 50, "diamond_corporate": 20}
    shown = rows(cards.groups(grouped(found, **counts, private_personal=least - 1)).en, "Clients by tier and kind")
    assert sum("not shown" in row for row in shown.values()) == 3
