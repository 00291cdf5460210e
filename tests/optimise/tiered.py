"""Random books whose clients have last tiers, ties and figures given: what tiers are tested on."""

import random
from datetime import date
from typing import Any

from planning.book.book import Book, book_of
from tests.optimise.books import DAY, drawn, table

TIERS = (("gold", 1, 300_000.0, None), ("platinum", 2, 900_000.0, 2_000.0), ("private", 3, 4_000_000.0, 9_000.0))
SHARES = {"gold": 0.55, "platinum": 0.29, "private": 0.07}


def tiered(seed: int, clients: int = 60) -> Book:
    """Three tiers, region r1 with a standard of its own; a third of the clients hold and bring the same as another one."""
    draw = random.Random(seed)
    base = drawn(seed, branches=3, clients=clients)
    rows = base.tables["clients"].to_dict("records")
    for place, row in enumerate(rows):
        if draw.random() < 0.3:
            row.update({name: rows[0][name] for name in ("deposit_avg_cny", "invest_avg_cny", "loan_avg_cny", "fee_income_cny", "pd")})
        row.update(_remembered(draw), contribution_cny=draw.choice([None, None, float(place), 7_000.005]), capital_charge_cny=draw.choice([None, 12.34]))
    standards = [_standard("*", *tier) for tier in TIERS] + [_standard("r1", code, rank, assets / 2, least) for code, rank, assets, least in TIERS]
    return book_of({**base.tables, "clients": table("clients", rows), "tiers": table("tiers", standards)})


def _remembered(draw: random.Random) -> dict[str, Any]:
    last = draw.choice([None, "gold", "platinum", "private"])
    since = date(2025, draw.randint(1, 12), draw.randint(1, 28)) if last else None
    below = draw.choice([None, date(2026, draw.randint(1, 10), draw.choice([1, 28]))]) if last else None
    return {"tier_last": last, "tier_since": since, "below_since": below}


def _standard(region: str, tier: str, rank: int, assets: float, least: float | None) -> dict[str, Any]:
    names = {"name_zh": tier, "name_en": tier, "as_of": DAY}
    return {"region": region, "tier": tier, "rank": rank, "min_assets_cny": assets, "min_contribution_cny": least, **names}
