"""Small books of clients and products: tiers gold (from 1 yuan) and private (from 100), branch b unless said."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import strategies as st

from planning.book.book import Book, settled
from planning.book.contracts import CONTRACTS
from tests.optimise.books import DAY, book, table

Row = Mapping[str, Any]


@cache
def bare() -> Book:
    """The same book without clients or products."""
    return book(
        branches=[{"branch": code, "region": "r", "name_zh": f"支行{code}", "name_en": f"Branch {code}"} for code in ("b", "c")],
        tiers=[
            {"region": "*", "tier": tier, "rank": rank, "name_zh": tier, "name_en": tier, "min_assets_cny": least, "as_of": DAY}
            for rank, (tier, least) in enumerate((("gold", 1.0), ("private", 100.0)), 1)
        ],
    )


def shelf(clients: Mapping[str, Row], products: Sequence[Row] = (), **others: Sequence[Row]) -> Book:
    """A book of named clients: gold, personal, with consent, unless a row says otherwise."""
    usual = {"branch": "b", "kind": "personal", "consent": True, "deposit_avg_cny": 10.0, "contribution_cny": 1.0}
    given = {
        "clients": [{"client": name, **usual, **row} for name, row in clients.items()],
        "products": [{"name_zh": row["product"], "name_en": row["product"], "family": "f", **row} for row in products],
        **others,
    }
    return replace(bare(), tables={**bare().tables, **{name: settled(CONTRACTS[name], table(name, rows)) for name, rows in given.items()}})


CODES = ("fund", "card", "trust", "loan")
LEVEL = st.none() | st.integers(1, 5)
PRODUCTS = st.lists(
    st.fixed_dictionaries(
        {
            "product": st.sampled_from(CODES),
            "risk_level": LEVEL,
            "tiers": st.sets(st.sampled_from(("gold", "private"))).map(lambda some: tuple(sorted(some))),
            "kinds": st.sets(st.sampled_from(("personal", "corporate"))).map(lambda some: tuple(sorted(some))),
            "interests": st.sets(st.sampled_from(("art", "golf"))).map(lambda some: tuple(sorted(some))),
        }
    ),
    max_size=4,
    unique_by=lambda row: row["product"],
)
CLIENTS = st.lists(
    st.fixed_dictionaries(
        {
            "branch": st.sampled_from(("b", "c")),
            "kind": st.sampled_from(("personal", "corporate")),
            "deposit_avg_cny": st.sampled_from((0.0, 10.0, 500.0)),
            "risk_level": LEVEL,
            "consent": st.booleans(),
            "products": st.sets(st.sampled_from((*CODES, "old_product"))).map(lambda some: tuple(sorted(some))),
            "interests": st.sets(st.sampled_from(("art", "golf", "food"))).map(lambda some: tuple(sorted(some))),
        }
    ),
    min_size=1,
    max_size=30,
).map(lambda rows: {f"k{i:02d}": row for i, row in enumerate(rows)})


def suits(client: Row, product: Row) -> bool:
    """Whether a client may hold a product, said as the compliance rule says it."""
    tier = "private" if client["deposit_avg_cny"] >= 100 else "gold" if client["deposit_avg_cny"] >= 1 else ""
    if tier == "" or (product["tiers"] and tier not in product["tiers"]) or (product["kinds"] and client["kind"] not in product["kinds"]):
        return False
    needed, level = product["risk_level"], client["risk_level"]
    return needed is None or (level is not None and level >= needed)
