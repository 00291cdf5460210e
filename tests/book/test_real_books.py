"""The shipped maps on the two real books, where they are at hand: PLANNING_BOOKS names their folder, else ../shared/data beside the project."""

import os
import re
from pathlib import Path

import pytest

from planning.book.importing import import_book
from planning.book.intake import read_book
from planning.book.segments import approachable, classify, segments
from planning.book.three_ways import three_ways
from planning.policy import read
from tests.report.assembled import client_cards

ROOT = Path(__file__).parents[2]
BOOKS = Path(os.environ.get("PLANNING_BOOKS", ROOT.parent / "shared" / "data"))


def there(name: str) -> None:
    if not (BOOKS / name).is_dir():
        pytest.skip(f"the real book {name} is not in {BOOKS.name}; set PLANNING_BOOKS to the folder that holds it")


@pytest.mark.parametrize(("name", "clients", "branches", "fewest"), [("berka", 4057, 8, 5), ("direct_marketing", 1615, 3, 5)])
def test_a_real_book_is_imported_whole(tmp_path: Path, name: str, clients: int, branches: int, fewest: int) -> None:
    there(name)
    made = import_book([BOOKS / name], ROOT / "data" / "maps" / f"{name}.toml", tmp_path / name)
    assert (made.clients, made.branches) == (clients, branches)
    policy = read(made.folder / "policy.toml")
    found = segments(approachable(classify(read_book(made.folder, policy), policy)))
    assert len(found) == branches * 4
    assert min(segment.clients for segment in found) >= fewest
    assert sum(segment.contribution_cny for segment in found) > 0


def test_one_national_standard_for_the_czech_districts(tmp_path: Path) -> None:
    """The fifth of the bank that holds most is anything from 2.7 % to 34.4 % of a district; by standards of their own it is about a fifth everywhere."""
    there("berka")
    made = import_book([BOOKS / "berka"], ROOT / "data" / "maps" / "berka_districts.toml", tmp_path / "districts")
    policy = read(made.folder / "policy.toml")
    ways = three_ways(read_book(made.folder, policy), policy)
    platinum = ways.order.index("platinum")
    assert [round(end, 3) for end in ways.standing("national").spread(platinum)] == [0.027, 0.344]
    least, most = ways.standing("region").spread(platinum)
    assert 0.15 < least < most < 0.25


@pytest.mark.parametrize(("name", "source"), [("berka_districts", "berka"), ("direct_marketing", "direct_marketing")])
def test_the_client_books_page_of_a_real_book(tmp_path: Path, name: str, source: str) -> None:
    """Both languages, no client named; for the Czech districts what one national standard does to them."""
    there(source)
    made = import_book([BOOKS / source], ROOT / "data" / "maps" / f"{name}.toml", tmp_path / name)
    parts = client_cards(made.folder)
    page = "".join(card.en for card in parts)
    policy = read(made.folder / "policy.toml")
    clients = read_book(made.folder, policy).tables["clients"]["client"]
    assert not [client for client in clients if not client.isdecimal() and re.search(rf"\b{re.escape(client)}\b", page)]
    assert all(card.zh and card.en for card in parts)
    if name == "berka_districts":
        assert "Under one national standard 32.4% of clients have a tier in Sokolov and 65.6% in Plzen - jih" in page
        assert "fewer than 5 clients to 34.4%" in page
