"""Small made-up books for the optimiser's tests: a few branches, tiers and events, drawn from a seed."""

import random
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from planning.book.book import Book, book_of
from planning.book.contracts import CONTRACTS
from planning.policy import Policy, checked

DAY = date(2026, 10, 31)
FAMILIES = ("health", "knowledge")


def table(name: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows as a frame with every column of the contract."""
    columns = CONTRACTS[name].names
    return pd.DataFrame([[row.get(column) for column in columns] for row in rows], columns=list(columns))


def book(**tables: Sequence[Mapping[str, Any]]) -> Book:
    """A book of the given tables; the others are empty."""
    return book_of({name: table(name, rows) for name, rows in tables.items()})


def policy(**sections: Any) -> Policy:
    """A policy with wide budgets, changed by the given sections."""
    plain: dict[str, Any] = {
        "year": 2027,
        "data_date": "2026-11-01",
        "budget": {"event_cny": 50_000, "concession_cny": 20_000},
        "evaluation": {"holdout_share": 0.0},
        "solver": {"gap": 1e-4},
    }
    for name, fields in sections.items():
        plain[name] = {**plain.get(name, {}), **fields} if isinstance(fields, dict) else fields
    return checked(plain)


def drawn(seed: int, branches: int = 2, clients: int = 24, events: int = 3) -> Book:
    """A random book: two tiers, both kinds, some clients who may not be approached."""
    draw = random.Random(seed)
    codes = [f"b{i}" for i in range(branches)]
    return book(
        branches=[{"branch": code, "region": f"r{i % 2}", "name_zh": f"支行{i}", "name_en": f"Branch {i}"} for i, code in enumerate(codes)],
        tiers=[
            {"region": "*", "tier": tier, "rank": rank, "name_zh": tier, "name_en": tier, "min_assets_cny": least, "as_of": DAY}
            for rank, (tier, least) in enumerate((("gold", 500_000.0), ("private", 6_000_000.0)), 1)
        ],
        clients=[_client(draw, i, codes) for i in range(clients)],
        events=[_event(draw, i) for i in range(events)],
        responses=[
            {
                "tier": tier,
                "kind": kind,
                "family": family,
                "uplift_share": draw.uniform(0.05, 0.4),
                "rate": draw.uniform(0.2, 0.9),
                "accept_share": 0.5,
                "show_share": 0.6,
                "source": "judgement",
                "as_of": DAY,
            }
            for tier in ("gold", "private")
            for kind in ("personal", "corporate")
            for family in FAMILIES
        ],
        concessions=[
            {
                "concession": concession,
                "level": level,
                "depth": level * step,
                "min_grade": level,
                "min_balance_cny": 100_000.0 if concession == "deposit_premium" else None,
                "max_pd": 0.03 if concession == "loan_discount" else None,
            }
            for concession, step in (("deposit_premium", 5.0), ("loan_discount", 10.0), ("fee_waiver", 0.1))
            for level in range(3)
        ],
        elasticities=[
            {
                "tier": tier,
                "kind": kind,
                "concession": concession,
                "growth_per_unit": draw.uniform(0.5, 1.5) * growth,
                "old_money_share": 0.4,
                "retention_gain_per_unit": 0.2 * growth,
                "source": "judgement",
                "as_of": DAY,
            }
            for tier in ("gold", "private")
            for kind in ("personal", "corporate")
            for concession, growth in (("deposit_premium", 0.004), ("loan_discount", 0.004), ("fee_waiver", 0.8))
        ],
        caps=[{"product": "deposit_premium", "bank_type": "*", "cap_bp": 75.0, "as_of": DAY, "source": "made up"}],
        managers=[{"manager": f"m{i}", "branch": code, "grade": draw.randint(1, 4), "hours_year": 540.0} for i, code in enumerate(codes)],
        cadence=[{"tier": "private", "role": "manager", "visits_year": 12.0, "hours_visit": 3.0}],
        partners=[{"partner": "p0", "families": ("health",), "share": 1.0, "cap_cny": 3_000.0}],
    )


def _client(draw: random.Random, i: int, branches: list[str]) -> dict[str, Any]:
    wealth = 10 ** draw.uniform(5.5, 7.2)
    deposit, loan = round(wealth * draw.uniform(0.2, 0.8)), round(wealth * draw.choice([0.0, 0.0, 0.3]))
    kind = draw.choice(["personal", "personal", "corporate"])
    return {
        "client": f"c{i:03d}",
        "branch": draw.choice(branches),
        "kind": kind,
        "deposit_avg_cny": float(deposit),
        "deposit_rate_pct": 1.5,
        "deposit_tenure_months": 12.0,
        "loan_avg_cny": float(loan),
        "loan_rate_pct": 4.0,
        "pd": draw.choice([0.01, 0.05]),
        "lgd": 0.4,
        "invest_avg_cny": round(wealth - deposit),
        "fee_income_cny": round(wealth * 0.002),
        "cost_to_serve_cny": 500.0,
        "sex": draw.choice(["female", "male"]) if kind == "personal" else None,
        "risk_level": float(draw.randint(1, 5)),
        "interests": tuple(draw.sample(["art", "golf"], draw.randint(0, 2))),
        "public_official": draw.random() < 0.1,
        "state_owned_contact": False,
        "consent": draw.random() < 0.9,
        "opt_out": draw.random() < 0.05,
    }


def _event(draw: random.Random, i: int) -> dict[str, Any]:
    least = draw.randint(1, 3)
    return {
        "event": f"e{i}",
        "family": FAMILIES[i % 2],
        "name_zh": f"活动{i}",
        "name_en": f"Event {i}",
        "host": draw.choice(["branch", "region", "centre"]),
        "fixed_cost_cny": float(draw.randint(5, 40) * 100),
        "guest_cost_cny": float(draw.randint(1, 6) * 50),
        "min_guests": least,
        "max_guests": least + draw.randint(2, 12),
        "months": tuple(sorted(draw.sample(range(1, 13), draw.randint(4, 12)))),
        "min_sessions": 0,
        "max_sessions": 3,
        "max_per_client": float(draw.randint(1, 3)),
        "tiers": ("gold", "private"),
        "kinds": ("personal", "corporate"),
        "interests": draw.choice([(), ("art",)]),
        "risk_level": draw.choice([None, 2.0]),
        "gift_cny": draw.choice([0.0, 80.0]),
        "partner_share": draw.choice([0.0, 0.3]),
        "touch_weight": 1.0,
        "manager_hours_session": 4.0,
        "manager_hours_guest": 0.5,
        "notice_weeks": 2.0,
        "owner": "centre",
    }
