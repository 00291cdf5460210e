"""Personas: what is told of a group is true, is more than chance, and is told of nobody who could be picked out."""

from collections.abc import Callable
from math import asin, sqrt
from random import Random
from statistics import NormalDist
from typing import Any

import pytest

from planning.book.book import Book, book_of
from planning.book.personas import Persona, personas
from planning.policy import Policy
from tests.optimise.books import DAY, book, policy

Says = Callable[[int, str], dict[str, Any]]


def bank(gold: int, private: int, says: Says) -> Book:
    """A branch with so many clients of either tier; `says` adds what they are, by number and tier."""
    numbered = [(i, "gold") for i in range(gold)] + [(gold + i, "private") for i in range(private)]
    return book(
        branches=[{"branch": "b0", "region": "r0", "name_zh": "支行", "name_en": "Branch"}],
        tiers=[
            {"region": "*", "tier": tier, "rank": rank, "name_zh": tier, "name_en": tier, "min_assets_cny": least, "as_of": DAY}
            for rank, (tier, least) in enumerate((("gold", 1.0), ("private", 100.0)), 1)
        ],
        clients=[
            {"client": f"c{i:04d}", "branch": "b0", "kind": "personal", "deposit_avg_cny": 10.0 if tier == "gold" else 1_000.0, "contribution_cny": 1.0 + i,
             "consent": True, "opt_out": False, "interests": (), **says(i, tier)}
            for i, tier in numbered
        ],
    )  # fmt: skip


def of(found: tuple[Persona, ...], tier: str, part: str = "") -> Persona:
    return next(one for one in found if (one.tier, one.part) == (tier, part))


def rules(*by: str) -> Policy:
    return policy(segments={"by": ["tier", "kind", *by]})


def test_a_trait_is_told_with_its_shares_lift_and_test() -> None:
    """50 of 60 private clients are doctors, 14 of 140 gold ones: 64 of 200 in the book."""

    def says(i: int, tier: str) -> dict[str, Any]:
        return {"occupation": "doctor" if (i % 10 == 0 if tier == "gold" else i < 190) else "teacher"}

    private, gold = personas(bank(140, 60, says), policy())
    assert [(one.tier, one.clients, one.of_book) for one in (private, gold)] == [("private", 60, 200), ("gold", 140, 200)]
    doctor = next(trait for trait in private.traits if trait.value == "doctor")
    assert (doctor.attribute, doctor.clients, doctor.stating, doctor.share_of_book) == ("occupation", 50, 60, 64 / 200)
    assert doctor.share == pytest.approx(50 / 60)
    assert doctor.lift == pytest.approx((50 / 60) / (64 / 200))
    assert doctor.effect == pytest.approx(2 * asin(sqrt(50 / 60)) - 2 * asin(sqrt(14 / 140)))
    assert doctor.z == pytest.approx((50 / 60 - 14 / 140) / sqrt(0.32 * 0.68 * (1 / 60 + 1 / 140)))
    assert doctor.chance == pytest.approx(2 * 2 * NormalDist().cdf(-doctor.z), rel=1e-3, abs=1e-15)
    assert [trait.effect for trait in gold.traits if trait.value == "doctor"] == [pytest.approx(-doctor.effect)]


def test_what_is_not_stated_is_no_trait_and_does_not_count() -> None:
    """All who state it are doctors in both tiers: that gold clients seldom state it sets nobody apart."""

    def says(i: int, tier: str) -> dict[str, Any]:
        return {"occupation": ("doctor" if i % 2 else "teacher") if tier == "private" or i % 4 < 2 else None}

    assert [one.traits for one in personas(bank(400, 200, says), policy())] == [(), ()]


def test_chance_alone_makes_no_traits() -> None:
    """Twelve books whose tiers differ in nothing: at most one group in a hundred may have a trait, so three of twenty-four would be rare."""
    told = 0
    for seed in range(12):
        draw = Random(seed)

        def says(_i: int, _tier: str, draw: Random = draw) -> dict[str, Any]:
            return {
                "occupation": draw.choice(["doctor", "teacher", "owner"]),
                "sex": draw.choice(["female", "male"]),
                "age": float(draw.randint(20, 80)),
                "risk_level": float(draw.randint(1, 5)),
            }

        told += sum(bool(one.traits) for one in personas(bank(120, 60, says), policy()))
    assert told <= 2


def test_a_small_difference_is_no_trait_however_sure() -> None:
    """46 in a hundred against 50 in a hundred, among thousands."""

    def says(i: int, tier: str) -> dict[str, Any]:
        return {"sex": "female" if i % 50 < (25 if tier == "gold" else 23) else "male"}

    assert [one.traits for one in personas(bank(10_000, 10_000, says), policy())] == [(), ()]


def test_interests_are_shares_of_those_who_state_any() -> None:
    likes = [("art", "golf"), ("art",), (), ("golf", "art")]
    private, _ = personas(bank(80, 40, lambda i, tier: {"interests": likes[i % 4] if tier == "private" else ("golf",)}), policy())
    assert (private.stating, [(one.interest, one.clients, one.share) for one in private.interests]) == (30, [("art", 30, 1.0), ("golf", 20, 20 / 30)])
    assert private.interests[1].lift == pytest.approx((20 / 30) / (100 / 110))


def test_parts_are_told_after_their_tier_without_what_they_are_by_definition() -> None:
    def says(i: int, tier: str) -> dict[str, Any]:
        female = i % 2 == 0
        return {"sex": "female" if female else "male", "occupation": "doctor" if tier == "private" and female and i % 10 else "teacher"}

    found = personas(bank(200, 100, says), rules("sex"))
    assert [(one.tier, one.part, one.clients) for one in found] == [
        ("private", "", 100), ("private", "sex=female", 50), ("private", "sex=male", 50),
        ("gold", "", 200), ("gold", "sex=female", 100), ("gold", "sex=male", 100),
    ]  # fmt: skip
    assert {trait.attribute for trait in of(found, "private", "sex=female").traits} == {"occupation"}
    assert of(found, "private", "sex=female").traits[0].lift > 1


@pytest.mark.parametrize("seed", range(12))
def test_no_fewer_than_min_cell_can_be_seen_or_subtracted(seed: int) -> None:
    draw = Random(seed)
    rare = ["doctor"] * 5 + ["teacher"] * 20 + ["pilot"]
    likes = [(), ("art",), ("golf", "art"), ("opera",)]

    def says(_i: int, tier: str) -> dict[str, Any]:
        return {
            "occupation": draw.choice(rare),
            "sex": draw.choice(["female", "male"] if tier == "gold" else ["female"] * 9 + ["male"]),
            "interests": draw.choice(likes),
            "risk_level": float(draw.choice([1, 2, 2, 3, 3, 3, 5])),
        }

    given = bank(draw.randint(20, 90), draw.randint(4, 40), says)
    clients = given.tables["clients"].assign(tier=["private" if assets > 100 else "gold" for assets in given.tables["clients"]["deposit_avg_cny"]])
    found = personas(given, rules("risk_level"))
    for one in found:
        assert one.clients >= 5
        for trait in one.traits:
            assert trait.clients >= 5
            assert trait.stating - trait.clients in {0, *range(5, 999)}
        assert all(like.clients >= 5 for like in one.interests)
    for value in {trait.value for one in found for trait in one.traits if trait.attribute in ("occupation", "sex")}:
        told = {one.tier for one in found if not one.part for trait in one.traits if trait.value == value}
        untold = clients[~clients["tier"].isin(told)]
        left = int(((untold["occupation"] == value) | (untold["sex"] == value)).sum())
        assert left == 0 or left >= 5, value


def test_the_order_of_rows_changes_nothing() -> None:
    given = bank(60, 40, lambda i, _: {"sex": "female" if i % 3 else "male", "interests": ("art",) if i % 2 else ("golf", "art")})
    again = book_of({name: rows.sample(frac=1, random_state=1) for name, rows in given.tables.items()})
    assert personas(again, rules("sex")) == personas(given, rules("sex"))
