"""Segments refined by what clients are: whom each part holds, and how parts that are too small are merged."""

from dataclasses import replace

import pandas as pd
import pytest

from planning.book.book import Book, book_of
from planning.book.parts import attributes, merged
from planning.book.segments import Segment, approachable, classify, segments
from planning.errors import PolicyError
from planning.judge import gather
from planning.plan.judged import columns
from planning.policy import Policy, parsed
from planning.report.i18n import sentence
from tests.optimise.books import drawn, policy

ALL = ["tier", "kind", "age_band", "sex", "occupation", "industry", "risk_level", "interest"]


def refined(*by: str, **fields: object) -> Policy:
    return policy(segments={"by": ["tier", "kind", *by], **fields})


def bank(seed: int, clients: int = 120) -> Book:
    """A drawn book whose clients have an age, an occupation and an industry, some of them not stated."""
    book = drawn(seed, clients=clients)
    rows = book.tables["clients"]
    at = pd.Series(range(len(rows)), index=rows.index)
    told = rows.assign(
        age=(20 + 7 * at % 60).where(at % 7 > 0),
        occupation=(at % 3).map({0: "doctor", 1: "teacher", 2: None}),
        industry=(at % 2).map({0: "steel", 1: None}),
        risk_level=rows["risk_level"].where(at % 5 > 0),
    )
    return book_of({**book.tables, "clients": told})


def formed(book: Book, rules: Policy) -> tuple[Segment, ...]:
    return segments(approachable(classify(book, rules)))


@pytest.mark.parametrize(
    ("sizes", "ends"),
    [
        ({"a": 9, "b": 5}, {"a": "a", "b": "b"}),
        ({"a": 9, "b": 3, "c": 2}, {"a": "a", "b": "other", "c": "other"}),
        ({"a": 9, "b": 6, "c": 2}, {"a": "a", "b": "other", "c": "other"}),
        ({"a": 6, "b": 6, "c": 2}, {"a": "other", "b": "b", "c": "other"}),
        ({"a": 9, "c": 2}, {"a": "", "c": ""}),
        ({"a": 3, "b": 2}, {"a": "", "b": ""}),
        ({"a": 9}, {"a": ""}),
        ({"a": 4}, {"a": ""}),
        ({}, {}),
    ],
    ids=["large", "small ones together", "the smallest joins", "the first of equals joins", "one left", "all small", "one", "one small one", "none"],
)
def test_small_parts_are_merged_by_rule(sizes: dict[str, int], ends: dict[str, str]) -> None:
    assert merged(sizes, 5) == ends
    assert merged(dict(reversed(sizes.items())), 5) == ends


def test_each_attribute_has_a_value_for_every_client() -> None:
    clients = pd.DataFrame(
        {
            "age": [29.5, 30.0, float("nan"), 80.0],
            "sex": ["female", None, "", "male"],
            "occupation": ["doctor", None, "teacher", "doctor"],
            "risk_level": [3.0, float("nan"), 1.0, 5.0],
            "interests": [("art", "golf"), (), ("golf", "art"), ("art",)],
        }
    )
    found = attributes(clients, ["age_band", "sex", "occupation", "risk_level", "interest"], (30, 65))
    assert {name: list(values) for name, values in found.items()} == {
        "age_band": ["0-29", "30-64", "unknown", "65+"],
        "sex": ["female", "unknown", "unknown", "male"],
        "occupation": ["doctor", "unknown", "teacher", "doctor"],
        "risk_level": ["3", "unknown", "1", "5"],
        "interest": ["art", "unknown", "golf", "art"],
    }


@pytest.mark.parametrize("by", [("sex",), ("age_band", "interest"), ("occupation", "risk_level")], ids=" × ".join)
def test_the_parts_of_a_segment_are_the_segment(by: tuple[str, ...]) -> None:
    whole = {segment.key: segment for segment in formed(bank(1), policy())}
    parts = formed(bank(1), refined(*by, least_clients=3))
    assert {segment.part for segment in parts} - {""}
    for key, segment in whole.items():
        own = [part for part in parts if part.key[:3] == key]
        assert sum(part.clients for part in own) == segment.clients
        assert sum(part.contribution_cny for part in own) == pytest.approx(segment.contribution_cny, abs=1e-6)
        assert all(part.clients >= 3 for part in own if part.part)
        assert len(own) == len({part.part for part in own})


def test_bands_and_the_least_number_of_clients_come_from_the_policy() -> None:
    book = bank(2)
    by_three = {segment.part for segment in formed(book, refined("age_band", least_clients=3))}
    assert "age_band=40-54" in by_three
    assert "age_band=0-49" in {segment.part for segment in formed(book, refined("age_band", least_clients=3, age_bands=[50, 65]))}
    assert min(segment.clients for segment in formed(book, refined("age_band", least_clients=6, age_bands=[50])) if segment.part) >= 6
    as_shown = refined("age_band").model_copy(update={"privacy": policy().privacy.model_copy(update={"min_cell": 3})})
    assert formed(book, as_shown) == formed(book, refined("age_band", least_clients=3))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("by", [ALL[2:], *([name] for name in ALL[2:])], ids=" ".join)
def test_the_judge_forms_the_same_segments(seed: int, by: list[str]) -> None:
    book, rules = bank(seed), refined(*by, least_clients=1 + seed % 4)
    facts = gather(columns(book), rules.model_dump(mode="json"))
    found = formed(book, rules)
    assert facts.clients == {segment.key: segment.clients for segment in found}
    assert {key: float(amount) for key, amount in facts.contribution.items()} == pytest.approx({segment.key: segment.contribution_cny for segment in found})


def test_the_order_of_rows_and_of_attributes_changes_nothing() -> None:
    book, rules = bank(3), refined("sex", "age_band", least_clients=2)
    shuffled = book_of({name: rows.sample(frac=1, random_state=4) for name, rows in book.tables.items()})
    turned = replace(book, tables={**book.tables, "clients": book.tables["clients"].iloc[::-1]})
    assert formed(shuffled, rules) == formed(turned, rules) == formed(book, rules)
    assert refined("age_band", "sex") == refined("sex", "age_band")


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("by", '["tier", "sex"]', "by"),
        ("by", '["tier", "kind", "sex", "sex"]', "by"),
        ("by", '["tier", "kind", "hair"]', "age_band / sex / occupation"),
        ("age_bands", "[40, 30]", "[30, 40, 55, 65]"),
        ("age_bands", "[]", "[30, 40, 55, 65]"),
        ("age_bands", "[0, 30]", "≥ 1"),
        ("least_clients", "0", "≥ 1"),
    ],
)
def test_what_cannot_refine_is_refused(name: str, text: str, says: str) -> None:
    with pytest.raises(PolicyError) as refused:
        parsed(name, text)
    for lang in ("zh", "en"):
        assert says in sentence(refused.value.faults[0], lang)
