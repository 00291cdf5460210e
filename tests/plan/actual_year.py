"""A year as it came about, made up: who was invited, held back and came, what their contribution did, and what was booked."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import expm1

import pandas as pd

from planning.book.book import Book, content_hash, settled
from planning.book.contracts import CONTRACTS
from planning.book.segments import KEY, approachable, classify, segment_key, segments
from planning.catalogue.responses import coefficients
from planning.plan.plan import Attendances, Plan, Sessions, Solve, Totals
from planning.plan.record.experiments import events_of
from planning.policy import Policy


@dataclass(frozen=True)
class Year:
    """How it went: effects as a multiple of those expected, growth that would have come anyway, its spread, and who is held back."""

    times: float = 1.0
    trend: float = 0.02
    spread: float = 0.01
    held_back: float = 0.4
    seed: int = 1


def with_tables(book: Book, **frames: pd.DataFrame) -> Book:
    """The book with some of its tables exchanged."""
    tables = {**book.tables, **{name: settled(CONTRACTS[name], frame.reindex(columns=list(CONTRACTS[name].names))) for name, frame in frames.items()}}
    return replace(book, tables=tables, hashes={**book.hashes, **{name: content_hash(CONTRACTS[name], tables[name]) for name in frames}})


def plan_with(book: Book, policy: Policy, lines: Sequence[tuple[str, int, float]]) -> Plan:
    """A plan of some events: for each (event, month, share) that share of every segment comes."""
    own = segments(approachable(classify(book, policy)))
    told = tuple(
        Attendances(one.branch, one.tier, one.kind, one.branch, event, month, round(share * one.clients), one.part)
        for event, month, share in lines
        for one in own
    )
    held = tuple(Sessions(branch, "branch", event, month, 1) for event, month, _ in lines for branch in sorted({one.branch for one in own}))
    solve = Solve("optimal", "HiGHS 1.12", 0.0, 0.0, 0.0, 1.0)
    rules = policy.model_dump(mode="json")
    return Plan(
        "annual-2027", policy.year, "draft", book.data_hash, rules, solve, own, held, told, (), Totals(40_000.0, 30_000.0, 200_000.0, 60_000.0, 190_000.0)
    )


def lived(book: Book, policy: Policy, plan: Plan, year: Year, booked: Sequence[tuple[str, str, float]] = ()) -> Book:
    """The book of a year in which of every segment so many came to each event as planned, the rest of its clients held back or not asked.

    One window, the whole year. Each client's contribution grows by the trend, by chance, and by its own answer to what it came to.
    """
    lot, kinds, known = random.Random(year.seed), events_of(book), coefficients(book.tables["responses"])
    people = approachable(classify(book, policy))
    own = people.assign(key=[segment_key(key) for key in people[KEY].itertuples(index=False)])
    clients = {key: list(group["client"]) for key, group in own.groupby("key")}
    invitations, touches = [], dict[tuple[str, str], float]()
    for line in plan.attendances:
        asked = lot.sample(clients[line.segment], min(len(clients[line.segment]), round(line.attendances / (1 - year.held_back))))
        for number, client in enumerate(asked):
            came = number < line.attendances
            day = date(plan.year, line.month, 1 + number % 28)
            row = {"client": client, "event": line.event, "branch": line.branch, "date": day, "arm": "treat" if came else "control"}
            invitations.append({**row, "invited": came, "accepted": came, "attended": came})
            if came:
                kind = kinds[line.event]
                touches[client, kind.family] = touches.get((client, kind.family), 0.0) + kind.weight
    outcomes = []
    for row in own.itertuples():
        before = max(float(row.contribution_cny), 1000.0)
        answer = -sum(
            known.get((row.tier, row.kind, family), (0.0, 0.0))[0] * expm1(-known.get((row.tier, row.kind, family), (0.0, 0.0))[1] * weight)
            for (client, family), weight in touches.items()
            if client == row.client
        )
        after = before * (1 + year.trend + lot.gauss(0, year.spread) + year.times * answer)
        outcomes.append(
            {"client": row.client, "window": str(plan.year), "contribution_before_cny": round(before, 2), "contribution_after_cny": round(after, 2)}
        )
    ledger = [{"date": date.fromisoformat(day), "line": line, "committed_cny": None, "actual_cny": amount} for line, day, amount in booked]
    return with_tables(
        book,
        invitations=pd.DataFrame(invitations),
        outcomes=pd.DataFrame(outcomes),
        ledger=pd.DataFrame(ledger, columns=["date", "line", "committed_cny", "actual_cny"]),
    )
