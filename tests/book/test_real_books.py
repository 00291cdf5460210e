"""The shipped maps on the two real books, where they are at hand: PLANNING_BOOKS names their folder, else ../shared/data beside the project."""

import os
from pathlib import Path

import pytest

from planning.book.importing import import_book
from planning.book.intake import read_book
from planning.book.segments import approachable, classify, segments
from planning.policy import read

ROOT = Path(__file__).parents[2]
BOOKS = Path(os.environ.get("PLANNING_BOOKS", ROOT.parent / "shared" / "data"))


@pytest.mark.parametrize(("name", "clients", "branches", "fewest"), [("berka", 4057, 8, 5), ("direct_marketing", 1615, 3, 5)])
def test_a_real_book_is_imported_whole(tmp_path: Path, name: str, clients: int, branches: int, fewest: int) -> None:
    if not (BOOKS / name).is_dir():
        pytest.skip(f"the real book {name} is not in {BOOKS.name}; set PLANNING_BOOKS to the folder that holds it")
    made = import_book([BOOKS / name], ROOT / "data" / "maps" / f"{name}.toml", tmp_path / name)
    assert (made.clients, made.branches) == (clients, branches)
    policy = read(made.folder / "policy.toml")
    found = segments(approachable(classify(read_book(made.folder, policy), policy)))
    assert len(found) == branches * 4
    assert min(segment.clients for segment in found) >= fewest
    assert sum(segment.contribution_cny for segment in found) > 0
