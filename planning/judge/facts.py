"""Everything the rules are judged by, worked out again from the raw tables and the policy."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from planning.judge import period
from planning.judge.clients import Book, Cell, Client, Segment, read_clients
from planning.judge.doubts import read_errors
from planning.judge.events import CENTRE, Event, Guests, read_events
from planning.judge.exact import ZERO, exact
from planning.judge.holders import Holders
from planning.judge.offers import Offers, read_offers
from planning.judge.tables import Row, Tables, listed, rows


@dataclass(frozen=True)
class Partner:
    """Who bears part of which families' cost, up to a cap (yuan)."""

    families: frozenset[str]
    share: Fraction
    cap: Fraction


@dataclass(frozen=True)
class Facts:
    """The bank's world in exact numbers: yuan, clients, hours; keys are the tables' codes. Hours and caps are the period's, contribution a year's."""

    policy: Mapping[str, Any]
    regions: Mapping[str, str]  # branch → region
    ranks: Mapping[tuple[str, str], int]  # (region, tier) → rank, 1 = lowest
    base: Fraction  # what the budget ratios are taken of
    horizon: Fraction  # μ
    clients: Mapping[Segment, int]  # n[g]
    contribution: Mapping[Segment, Fraction]
    events: Mapping[str, Event]
    responses: Mapping[tuple[str, str, str], tuple[Fraction, Fraction]]  # (tier, kind, family) → share at saturation, rate
    offers: Offers
    visit_hours: Mapping[str, Fraction]  # tier → hours a client
    manager_hours: Mapping[str, Fraction]  # branch → hours
    partners: Mapping[str, Partner]
    errors: Mapping[tuple[str, str, str, str], tuple[Fraction, bool]]  # (table, tier, kind, name) → relative standard error, judged

    @cached_property
    def reach(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """(event, host) → regions with an eligible client; hosts without one and forbidden events are left out."""
        reach: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        for code, event in self.events.items():
            for segment in () if event.forbidden else event.eligible:
                reach[code, self.host_of(segment, event.level)].add(self.regions[segment[0]])
        return {place: frozenset(regions) for place, regions in reach.items()}

    @cached_property
    def branch_clients(self) -> Mapping[str, int]:
        """n of each branch that has segments."""
        counts: defaultdict[str, int] = defaultdict(int)
        for segment, clients in sorted(self.clients.items()):
            counts[segment[0]] += clients
        return counts

    @cached_property
    def cell_contribution(self) -> Mapping[Cell, Fraction]:
        """Contribution of each region, tier and kind, not below 0."""
        sums: defaultdict[Cell, Fraction] = defaultdict(Fraction)
        for (branch, tier, kind, *_), contribution in self.contribution.items():
            sums[self.regions[branch], tier, kind] += contribution
        return {cell: max(contribution, ZERO) for cell, contribution in sorted(sums.items())}

    @cached_property
    def hosts(self) -> Mapping[str, frozenset[str]]:
        """Every host of each level."""
        return {"branch": frozenset(self.regions), "region": frozenset(self.regions.values()), "centre": frozenset({CENTRE})}

    def host_of(self, segment: Segment, level: str) -> str:
        """The one host of that level that serves a segment."""
        return {"branch": segment[0], "region": self.regions[segment[0]], "centre": CENTRE}[level]

    def budget(self, name: str) -> Fraction:
        """A limit in yuan: the smaller of the amount and the ratio of the base's part for the period. `name` is event or concession."""
        budget = self.policy["budget"]
        return min(exact(budget[f"{name}_cny"]), exact(budget[f"{name}_ratio"]) * max(self.base, ZERO) * self.part)

    @property
    def part(self) -> Fraction:
        """The period as a share of the year."""
        return period.part(self.policy)

    @property
    def transfer(self) -> Fraction:
        """How much of either budget may move to the other, as a share."""
        return exact(self.policy["budget"]["transfer_share"])


def gather(tables: Tables, policy: Mapping[str, Any]) -> Facts:
    """All facts from the tables (columns of plain values, None = missing) and the resolved policy (dates as ISO text)."""
    regions = {row["branch"]: row["region"] for row in rows(tables, "branches")}
    book = read_clients(tables, policy, regions)
    members, guests, holders = Members(), Guests(tables), Holders(tables, book)
    base = gone_through(book, (members, guests, holders))
    ends = book.parts.merged(members.clients)
    horizon = worth_of_a_yearly_yuan(policy["value"])
    part = period.part(policy)
    return Facts(
        policy=policy,
        regions=regions,
        ranks={(region, tier): rank for region in regions.values() for tier, rank in book.tiers.ranks.items()},
        base=Fraction(base, book.money.unit),
        horizon=horizon,
        clients=added_up(members.clients, ends),
        contribution={segment: Fraction(sum_, book.money.unit) for segment, sum_ in added_up(members.contribution, ends).items()},
        events=read_events(tables, policy, guests, ends),
        responses={(row["tier"], row["kind"], row["family"]): (exact(row["uplift_share"]), exact(row["rate"])) for row in rows(tables, "responses")},
        offers=read_offers(tables, policy, holders, horizon),
        visit_hours={tier: part * hours for tier, hours in visit_hours(tables).items()},
        manager_hours={branch: part * hours for branch, hours in manager_hours(tables).items()},
        partners={row["partner"]: partner(row, part) for row in rows(tables, "partners")},
        errors=read_errors(tables),
    )


class Members:
    """Clients who may be approached in each branch, tier and kind, or part of it, and their contribution in small units."""

    def __init__(self) -> None:
        self.clients: defaultdict[Segment, int] = defaultdict(int)
        self.contribution: defaultdict[Segment, int] = defaultdict(int)

    def add(self, client: Client) -> None:
        """One more client."""
        self.clients[client.segment] += 1
        self.contribution[client.segment] += client.amounts.contribution


def gone_through(book: Book, takers: Sequence[Members | Guests | Holders]) -> int:
    """Tell every client that counts to all who count clients; the base of the budget ratios, all clients' last full year, in small units."""
    base = 0
    for last_year, client in book:
        base += last_year
        if client is not None:
            for taker in takers:
                taker.add(client)
    return base


def added_up(amounts: Mapping[Segment, int], ends: Mapping[Segment, Segment]) -> dict[Segment, int]:
    """Amounts by the segments they end in."""
    sums: defaultdict[Segment, int] = defaultdict(int)
    for segment, amount in amounts.items():
        sums[ends[segment]] += amount
    return dict(sums)


def partner(row: Row, part: Fraction) -> Partner:
    """A partner, with the period's part of its yearly cap."""
    return Partner(frozenset(listed(row["families"])), exact(row["share"]), part * exact(row["cap_cny"]))


def worth_of_a_yearly_yuan(value: Mapping[str, Any]) -> Fraction:
    """μ = Σ_{j=0}^{J−1} (effect_kept / (1 + discount))^j"""
    kept = exact(value["effect_kept"]) / (1 + exact(value["discount"]))
    return sum((kept**year for year in range(int(value["horizon_years"]))), ZERO)


def visit_hours(tables: Tables) -> dict[str, Fraction]:
    """Hours of visits a client of each tier is due a year, all roles together."""
    hours: defaultdict[str, Fraction] = defaultdict(Fraction)
    for row in rows(tables, "cadence"):
        hours[row["tier"]] += exact(row["visits_year"]) * exact(row["hours_visit"])
    return hours


def manager_hours(tables: Tables) -> dict[str, Fraction]:
    """Hours a year of each branch's managers."""
    hours: defaultdict[str, Fraction] = defaultdict(Fraction)
    for row in rows(tables, "managers"):
        hours[row["branch"]] += exact(row["hours_year"])
    return hours
