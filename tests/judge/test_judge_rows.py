"""The judge goes through the clients a row at a time: the same facts by any stretch of rows, and memory that does not grow with the clients."""

import tracemalloc
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import inf
from random import Random
from typing import Any

import pytest
from tiny_bank import bank

from planning.judge import Facts, gather
from planning.judge.places import Compact, line, placed
from planning.judge.tables import Absent
from planning.plan import judged
from tests.optimise.books import policy
from tests.optimise.tiered import SHARES, tiered

REFINED = {"by": ["tier", "kind", "sex", "interest"], "least_clients": 6, "survey_interests": True}
WAYS: tuple[dict[str, Any], ...] = (
    {"assign": "region", "downgrade_after_months": 6},
    {"assign": "contribution_top20"},
    {"assign": "region", "region_shares": SHARES, "downgrade_after_months": 6},
    {"assign": "contribution_top20", "region_shares": SHARES, **REFINED},
    {"assign": "region", **REFINED},
)
PER_CLIENT = 50  # bytes


class Repeated(Sequence[Any]):
    """A column that goes through the same values again and again, and holds them once."""

    def __init__(self, values: Sequence[Any], copies: int) -> None:
        self._values, self._copies = values, copies

    def __len__(self) -> int:
        return len(self._values) * self._copies

    def __getitem__(self, row: Any) -> Any:
        if row >= len(self):
            raise IndexError(row)
        return self._values[row % len(self._values)]


def facts_of(settings: Mapping[str, Any], copies: int) -> Facts:
    """The facts of the tiny bank with every client as often as there are copies."""
    tables, rules, _ = bank()
    rules["segments"] = {**rules["segments"], **settings}
    clients = {name: Repeated(values, copies) for name, values in tables["clients"].items()}
    return gather({**tables, "clients": clients}, rules)


def peak(settings: Mapping[str, Any], copies: int) -> int:
    """Bytes held at the most while the facts are gathered."""
    tracemalloc.start()
    try:
        facts_of(settings, copies)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_stretches_of_one_seven_and_all_rows_give_the_same_facts(way: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    book, rules = tiered(2), policy(segments=way).model_dump(mode="json")
    whole = gather(judged.columns(book), rules)
    assert whole.clients, "a bank without a client would tell nothing"
    for stretch in (1, 7):
        monkeypatch.setattr(judged, "STRETCH", stretch)
        columns = judged.columns(book)
        assert isinstance(columns["clients"]["branch"], judged.Stretched)
        assert gather(columns, rules) == whole


@pytest.mark.parametrize("way", [*WAYS, {"assign": "contribution_top20", "region_shares": {"gold": 0.6, "private": 0.4}}], ids=str)
def test_memory_does_not_grow_with_the_clients(way: dict[str, Any]) -> None:
    facts_of(way, 1)  # what is made but once
    few, many = (peak(way, copies) for copies in (20, 220))
    assert few > 0
    assert many - few < 200 * 17 * PER_CLIENT


def test_ten_times_the_clients_are_ten_times_the_sums() -> None:
    one, ten = facts_of({}, 1), facts_of({}, 10)
    assert ten.clients == {segment: 10 * clients for segment, clients in one.clients.items()}
    assert ten.contribution == {segment: 10 * amount for segment, amount in one.contribution.items()}
    assert ten.base == 10 * one.base
    for code, event in one.events.items():
        assert ten.events[code].eligible == {segment: 10 * clients for segment, clients in event.eligible.items()}
    for key, ladder in one.offers.items():
        assert {level: (step.gain, step.cost, step.parts, step.offered) for level, step in ten.offers[key].items()} == {
            level: (10 * step.gain, 10 * step.cost, step.parts, step.offered) for level, step in ladder.items()
        }


def test_small_parts_are_merged_after_the_last_row() -> None:
    """Of seventeen clients no part is large enough; of ten times as many every part is."""
    asked = {"by": ["tier", "kind", "sex"], "least_clients": 6}
    assert all(len(segment) == 3 for segment in facts_of(asked, 1).clients)
    refined = facts_of(asked, 10)
    assert refined.clients["n1", "gold", "personal", "sex=female"] == 20
    assert refined.clients["n1", "gold", "personal", "sex=male"] == 20
    assert sum(refined.clients.values()) == 10 * sum(facts_of({}, 1).clients.values())
    assert set(refined.events["salon"].eligible) <= set(refined.clients)


def test_places_are_those_of_the_sorted_amounts() -> None:
    random = Random(5)
    for most in (1, 9, 10**6, 10**13):
        amounts = [random.randint(-most, most) for _ in range(300)]
        falling = sorted(amounts, reverse=True)
        assert [placed(amounts, place) for place in range(1, 301)] == falling


@pytest.mark.parametrize(("share", "above"), [("0", 0), ("0.09", 0), ("0.1", 1), ("0.69", 1), ("0.7", 4), ("1", 5)])
def test_ties_that_do_not_all_fit_have_no_place(share: str, above: int) -> None:
    amounts = [10, 8, 8, 8, 1]
    assert sum(amount > line(amounts, Fraction(share)) for amount in amounts) == above
    assert line(amounts, Fraction(1)) == -inf
    assert line([], Fraction(1, 5)) == -inf


def test_an_amount_too_great_for_eight_bytes_is_held_whole() -> None:
    held = Compact()
    for amount in (3, 2**80, -(2**70), 5):
        held.append(amount)
    assert list(held) == [3, 2**80, -(2**70), 5]
    assert len(held) == 4
    assert held[1] == 2**80
    assert placed(held, 1) == 2**80


def test_a_column_the_table_does_not_have_is_missing_in_every_row() -> None:
    absent = Absent(3)
    assert list(absent) == [None, None, None]
    assert absent[2] is None
    with pytest.raises(IndexError):
        absent[3]
