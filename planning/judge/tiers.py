"""Which tier each client is in, worked out again: by thresholds, by places in the region, within the fifth that brings most, and after the buffer."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

from planning.judge.exact import day, exact, limit_of
from planning.judge.places import Compact, fen, line
from planning.judge.tables import Tables, rows

POOL = Fraction(1, 5)


class Standard(NamedTuple):
    """What a client must bring to enter a tier: assets and contribution in small units, None where not asked."""

    rank: int
    tier: str
    assets: int | None
    contribution: int | None


class Person(NamedTuple):
    """What decides one client's tier: assets and contribution in small units; the last tier, since when, and since when below it."""

    branch: str
    region: str
    assets: int
    contribution: int
    last: str | None
    since: Any
    below: Any


def in_force(tables: Tables, policy: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The latest row of each region and tier that is not after the data date."""
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows(tables, "tiers"):
        key = (row["region"], row["tier"])
        if day(row["as_of"]) <= day(policy["data_date"]) and (key not in latest or day(row["as_of"]) > day(latest[key]["as_of"])):
            latest[key] = row
    return list(latest.values())


def tier_standards(standing: Sequence[Mapping[str, Any]], policy: Mapping[str, Any], unit: int) -> dict[str, tuple[Standard, ...]]:
    """The entry standards of each region, highest rank first."""
    standards: dict[str, list[Standard]] = defaultdict(list)
    for row in standing:
        if row["region"] == "*" or policy["segments"]["assign"] != "national":
            asked = [limit_of(row.get(name)) for name in ("min_assets_cny", "min_contribution_cny")]
            assets, contribution = (None if limit is None else ceil(limit * unit) for limit in asked)
            standards[row["region"]].append(Standard(int(row["rank"]), row["tier"], assets, contribution))
    return {region: tuple(sorted(entries, reverse=True, key=lambda entry: entry.rank)) for region, entries in standards.items()}


def tier_ranks(standing: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """The rank each tier has everywhere, 1 = lowest."""
    return {row["tier"]: int(row["rank"]) for row in standing}


@dataclass(frozen=True)
class Tiers:
    """Everything a client's tier is read from, one client at a time. A line is an amount in whole fen that must be exceeded."""

    standards: Mapping[str, Sequence[Standard]]  # region → its own or the national entries
    ranks: Mapping[str, int]
    unit: int
    places: Mapping[str, Mapping[str, float]] | None  # region → tier, highest rank first → line of its assets; None: by thresholds
    pool: float | None  # line of the contribution of the fifth that brings most; None: all may have a tier
    months: int
    data_date: date

    def of(self, one: Person) -> str | None:
        """The client's tier, None for none."""
        earned = self._by_places(one) if self.places is not None else tier_of(one.assets, one.contribution, self.standards[one.region])
        if self.pool is not None:
            earned = (earned or self._lowest(one.region)) if fen(one.contribution, self.unit) > self.pool else None
        return _kept(one, earned, self.ranks, self.months, self.data_date) if self.months else earned

    def _by_places(self, one: Person) -> str | None:
        """The highest tier whose share of the region's clients is not exceeded by those who hold at least as much."""
        assets = fen(one.assets, self.unit)
        return next((tier for tier, line in (self.places or {})[one.region].items() if assets > line), None)

    def _lowest(self, region: str) -> str | None:
        """The tier of everybody in the pool: the lowest that places or thresholds are stated for."""
        named = (self.places or {})[region] if self.places is not None else [entry.tier for entry in self.standards[region]]
        return min(named, key=lambda tier: self.ranks[tier], default=None)


def read_tiers(tables: Tables, policy: Mapping[str, Any], people: Iterable[Person], unit: int) -> Tiers:
    """How tiers are assigned. `people` = every client of the book, gone through only where places are counted."""
    standing = in_force(tables, policy)
    settings, ranks = policy["segments"], tier_ranks(standing)
    given = tier_standards(standing, policy, unit)
    shares = {tier: exact(share) for tier, share in (settings.get("region_shares") or {}).items() if tier in ranks}
    by_share = bool(settings.get("region_shares")) and settings["assign"] != "national"
    by_pool = settings["assign"] == "contribution_top20"
    assets, contributions = _in_fen(people, unit, (by_share, by_pool))
    falling = sorted(shares, key=lambda tier: -ranks[tier])
    return Tiers(
        {row["region"]: given.get(row["region"]) or given.get("*", ()) for row in rows(tables, "branches")}, ranks, unit,
        {region: {tier: line(own, shares[tier]) for tier in falling} for region, own in assets.items()} if by_share else None,
        line(contributions, POOL) if by_pool else None,
        int(settings.get("downgrade_after_months") or 0), day(policy["data_date"]),
    )  # fmt: skip


def _in_fen(people: Iterable[Person], unit: int, asked: tuple[bool, bool]) -> tuple[Mapping[str, Sequence[int]], Sequence[int]]:
    """The assets of each region's clients and the contributions of all, whole fen, each only where `asked`."""
    by_share, by_pool = asked
    assets: defaultdict[str, Compact] = defaultdict(Compact)
    contributions = Compact()
    for one in people if by_share or by_pool else ():
        if by_share:
            assets[one.region].append(fen(one.assets, unit))
        if by_pool:
            contributions.append(fen(one.contribution, unit))
    return assets, contributions


def tier_of(assets: int, contribution: int, standards: Sequence[Standard]) -> str | None:
    """The highest tier all of whose thresholds hold; None when there is none."""
    for entry in standards:
        if (entry.assets is None or assets >= entry.assets) and (entry.contribution is None or contribution >= entry.contribution):
            return entry.tier
    return None


def _kept(one: Person, earned: str | None, ranks: Mapping[str, int], months: int, today: date) -> str | None:
    """The last tier while its buffer runs, else the one earned."""
    if one.last is None or one.last not in ranks or ranks[one.last] <= (ranks[earned] if earned else 0):
        return earned
    fall = max(day(one.below), day(one.since)) if isinstance(one.below, str | date) else today
    count = fall.month - 1 + months
    year, month = fall.year + count // 12, count % 12 + 1
    end = date(year, month, min(fall.day, monthrange(year, month)[1]))
    return one.last if today < end else earned
