"""Many small made-up problems: books drawn from a seed, and for each book policies that pull at every rule.

`instance(seed)` makes any one of them again: seed // POLICIES names the book, seed % POLICIES the policy.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from planning.book.book import Book
from planning.catalogue.offer import Offer, offer
from planning.optimise.problem import Problem, problem
from planning.plan.judged import columns
from planning.policy import Policy
from tests.optimise.books import drawn, policy

POLICIES = 20  # drawn for each book


@dataclass(frozen=True)
class Shape:
    """How large books are drawn: least and most of each."""

    branches: tuple[int, int] = (1, 2)
    clients: tuple[int, int] = (4, 10)
    events: tuple[int, int] = (1, 3)
    months: tuple[int, int] = (1, 12)
    concessions: tuple[int, int] = (1, 2)
    per_client: tuple[int, int] = (1, 2)


SMALL = Shape()
LEAST = Shape((1, 2), (3, 6), (1, 2), (1, 2), (1, 1), (1, 1))  # so small that every plan can be tried


@dataclass(frozen=True)
class Instance:
    """One problem with the policy and the tables it came from, these as the second judge reads them."""

    seed: int
    tables: Mapping[str, Mapping[str, Sequence[object]]]
    policy: Policy
    problem: Problem
    book: Book


def instance(seed: int, shape: Shape = SMALL, solver: str = "highs") -> Instance:
    """The problem of that seed."""
    book, world, offered = _world(seed // POLICIES, shape)
    rules = _rules(random.Random(f"policy {seed}"), world, offered, solver)
    return Instance(seed, columns(book), rules, problem(offered, rules), book)


def with_solver(one: Instance, name: str) -> Problem:
    """The same problem for another solver."""
    return replace(one.problem, policy=one.policy.with_parameters({"solver_name": name}))


@lru_cache(maxsize=1)
def _world(seed: int, shape: Shape) -> tuple[Book, dict[str, Any], Offer]:
    """A book, the settings all its policies share, and what the bank can offer under them."""
    draw = random.Random(f"book {seed}")
    book = _trimmed(drawn(seed, draw.randint(*shape.branches), draw.randint(*shape.clients), draw.randint(*shape.events)), draw, shape)
    world = {
        "value": {"horizon_years": draw.randint(1, 3)},
        "calendar": {"approved_on": draw.choice([None, "2027-02-20"]), "blackout": draw.sample(range(1, 13), draw.choice([0, 0, 1, 2]))},
    }
    return book, world, offer(book, policy(**world))


def _trimmed(book: Book, draw: random.Random, shape: Shape) -> Book:
    tables = {**book.tables}
    events, levels = tables["events"], tables["concessions"]
    count = len(events)
    least = [draw.randint(1, 3) for _ in range(count)]
    tables["events"] = events.assign(
        min_guests=least,
        max_guests=[low + draw.randint(0, 4) for low in least],
        months=[tuple(sorted(draw.sample(range(1, 13), draw.randint(*shape.months)))) for _ in range(count)],
        min_sessions=[draw.choice([0] * 9 + [1]) for _ in range(count)],
        max_sessions=[draw.randint(1, 3) for _ in range(count)],
        max_per_client=[float(draw.randint(*shape.per_client)) for _ in range(count)],
        touch_weight=[draw.choice([0.5, 1.0, 1.0, 2.0]) for _ in range(count)],
        fixed_cost_cny=[draw.randint(0, 20) * 50.0 for _ in range(count)],
    )
    kinds = draw.sample(sorted(set(levels["concession"])), draw.randint(*shape.concessions))
    tables["concessions"] = levels[levels["concession"].isin(kinds) & (levels["level"] <= draw.randint(1, 2))]
    tables["managers"] = tables["managers"].assign(hours_year=[draw.choice([150.0, 400.0, 540.0, 2_000.0]) for _ in range(len(tables["managers"]))])
    tables["partners"] = tables["partners"].assign(cap_cny=draw.choice([100.0, 1_000.0, 1e6]))
    return replace(book, tables=tables)


def _rules(draw: random.Random, world: dict[str, Any], offered: Offer, solver: str) -> Policy:
    events = [(event.event, month) for event in offered.events for month in event.months]

    def sometimes(chance: float, fields: dict[str, Any]) -> dict[str, Any]:
        return fields if draw.random() < chance else {}

    low, high = sorted((draw.uniform(0.0, 0.6), draw.uniform(0.3, 1.0)))
    wanted = draw.sample(events, min(len(events), draw.randint(1, 2)))
    return policy(
        budget={
            "event_cny": draw.choice([0.0, *(10 ** draw.uniform(2.5, 4.5) for _ in range(4))]),
            "concession_cny": draw.choice([0.0, *(10 ** draw.uniform(2.0, 4.0) for _ in range(4))]),
            "transfer_share": draw.choice([0.0, 0.0, 0.2, 1.0]),
        },
        phasing=sometimes(0.3, {draw.choice(["q1", "q2", "q3", "q4"]): [low, high]}),
        floors=sometimes(0.2, {"tier": {draw.choice(["gold", "private"]): draw.uniform(0.05, 0.6)}})
        | sometimes(0.15, {"branch_cny_per_client": draw.choice([5.0, 20.0, 60.0])}),
        caps=sometimes(0.2, {"tier": {draw.choice(["gold", "private"]): draw.uniform(0.2, 0.9)}})
        | sometimes(0.2, {"branch_share": draw.uniform(0.5, 0.9)})
        | sometimes(0.3, {"gift_cny_client_year": draw.choice([20.0, 40.0, 80.0])})
        | sometimes(0.3, {"concession_share_of_contribution": draw.choice([0.01, 0.05, 0.2])})
        | {"attendances_client_month": draw.choice([0.34, 0.5, 1.0, 2.0])},
        calendar=world["calendar"]
        | sometimes(0.05, {"club_every_month": True})
        | sometimes(0.15, {"must_hold": [{"event": event, "month": month} for event, month in wanted]}),
        contact={"rule": draw.choice(["required", "target", "target"])},
        value=world["value"] | {"objective": draw.choice(["net", "net", "gross"])},
        evaluation={"holdout_share": draw.choice([0.0, 0.0, 0.1, 0.3])},
        solver={"name": solver, "gap": draw.choice([1e-4, 1e-4, 1e-3, 1e-1])},
    )
