"""Satisfaction and response: who counts, when, and the intervals against published values."""

from datetime import date

import pytest

from planning.book.interests import named_interests
from planning.book.surveys import Opinions, opinions, t_quantile, wilson
from tests.catalogue.shelf import Row, shelf
from tests.optimise.books import policy

CLIENTS = {f"k{i}": {} for i in range(10)} | {"firm": {"kind": "corporate"}, "out": {"opt_out": True}, "poor": {"deposit_avg_cny": 0.0}}


def asked(*answers: Row) -> Opinions:
    usual = {"date": date(2026, 6, 20), "satisfaction": 4}
    return opinions(shelf(CLIENTS, surveys=[{**usual, **row} for row in answers]), policy())


def test_response_is_of_all_who_may_be_approached_unless_the_table_says_who_was_asked() -> None:
    found = asked({"client": "k0"}, {"client": "k1"}, {"client": "out"})
    assert (found.population, found.bank.asked, found.bank.answered, found.others) == ("approachable", 11, 2, 1)
    found = asked({"client": "k0"}, {"client": "k1"}, {"client": "k2", "answered": False}, {"client": "poor"})
    assert (found.population, found.bank.asked, found.bank.answered, found.others) == ("surveyed", 3, 2, 1)
    assert found.bank.response == 2 / 3


def test_each_clients_latest_answer_within_the_year_counts_once() -> None:
    found = asked(
        {"client": "k0", "date": date(2025, 11, 1), "satisfaction": 1},  # a year and a day before
        {"client": "k0", "date": date(2025, 11, 2), "satisfaction": 2},
        {"client": "k0", "date": date(2026, 11, 1), "satisfaction": 5},
        {"client": "k1", "date": date(2025, 11, 1), "satisfaction": 1},
        {"client": "firm", "satisfaction": None},
    )
    assert (found.bank.answered, found.bank.rated, found.bank.satisfaction) == (2, 1, 5.0)
    assert [(one.kind, one.asked, one.answered) for one in found.by_tier_kind] == [("corporate", 1, 1), ("personal", 10, 1)]
    assert sum(one.asked for one in found.by_tier) == found.bank.asked


def test_a_mean_has_an_interval_only_where_answers_allow_one() -> None:
    few = asked(*({"client": f"k{i}", "satisfaction": 3 + i % 2} for i in range(4)))
    alike = asked(*({"client": f"k{i}"} for i in range(9)))
    enough = asked(*({"client": f"k{i}", "satisfaction": score} for i, score in enumerate((2, 3, 4, 4, 5))))
    assert (few.bank.satisfaction_range, alike.bank.satisfaction_range) == (None, None)
    # mean 3.6, s = 1.1402, t(4) = 2.776: 3.6 ± 1.416, and no mean above 5
    assert enough.bank.satisfaction_range == pytest.approx((2.184, 5.0), abs=1e-3)
    assert asked().bank.satisfaction is None
    assert asked().bank.response == 0


@pytest.mark.parametrize(("part", "whole", "low", "high"), [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (1, 29, 0.0061, 0.1718)])
def test_wilson_as_published(part: int, whole: int, low: float, high: float) -> None:
    """The latter two are the examples of Newcombe (1998), Statistics in Medicine 17, table I."""
    assert wilson(part, whole) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("freedom", "quantile"), [(4, 2.776), (5, 2.571), (6, 2.447), (10, 2.228), (30, 2.042), (120, 1.980)])
def test_t_quantiles_as_tabulated(freedom: int, quantile: float) -> None:
    assert t_quantile(freedom) == pytest.approx(quantile, abs=1.5e-3)


def test_the_latest_answer_that_names_interests_counts() -> None:
    day = date(2026, 6, 20)
    bank = shelf(
        CLIENTS,
        surveys=[
            {"client": "k0", "date": date(2020, 1, 1), "interests": ("art",)},
            {"client": "k0", "date": day, "interests": ()},
            {"client": "k1", "date": date(2020, 1, 1), "interests": ("art",)},
            {"client": "k1", "date": day, "interests": ("golf", "food")},
            {"client": "k2", "date": day, "interests": ("art",), "answered": False},
        ],
    )
    assert named_interests(bank.tables["surveys"], day) == {"k0": ("art",), "k1": ("golf", "food")}
    assert named_interests(bank.tables["surveys"], date(2020, 1, 1)) == {"k0": ("art",), "k1": ("art",)}
