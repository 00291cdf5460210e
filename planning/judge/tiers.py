"""Which tier each client is in, worked out again: by thresholds, by places in the region, within the fifth that brings most, and after the buffer."""

from bisect import bisect_left
from calendar import monthrange
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Any, NamedTuple

from planning.judge.exact import day, exact, limit_of
from planning.judge.tables import Tables, rows

HALF = Fraction(1, 2)
POOL = Fraction(1, 5)


class Standard(NamedTuple):
    """What a client must bring to enter a tier: assets and contribution in small units, None where not asked."""

    rank: int
    tier: str
    assets: int | None
    contribution: int | None


class Person(NamedTuple):
    """What decides one client's tier: region, assets and contribution in small units; the last tier, since when, and since when below it."""

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


def tiers_of(
    people: Sequence[Person], standards: Mapping[str, Sequence[Standard]], ranks: Mapping[str, int], policy: Mapping[str, Any], unit: int
) -> list[str | None]:
    """The tier of every client of the book, None for none. `standards` name each region's own or the national entries."""
    settings = policy["segments"]
    shares = {tier: exact(share) for tier, share in (settings.get("region_shares") or {}).items() if tier in ranks}
    by_share = bool(settings.get("region_shares")) and settings["assign"] != "national"
    earned = _by_places(people, shares, ranks, unit) if by_share else [tier_of(one.assets, one.contribution, standards[one.region]) for one in people]
    if settings["assign"] == "contribution_top20":
        lowest = {region: min(entries, key=lambda entry: entry.rank).tier if entries else None for region, entries in standards.items()}
        least = min(shares, key=lambda tier: ranks[tier], default=None)
        pool = _reaching([_fen(one.contribution, unit) for one in people], POOL)
        earned = [(tier or (least if by_share else lowest[one.region])) if inside else None for one, tier, inside in zip(people, earned, pool, strict=True)]
    months = int(settings.get("downgrade_after_months") or 0)
    return [_kept(one, tier, ranks, months, day(policy["data_date"])) for one, tier in zip(people, earned, strict=True)] if months else earned


def tier_of(assets: int, contribution: int, standards: Sequence[Standard]) -> str | None:
    """The highest tier all of whose thresholds hold; None when there is none."""
    for entry in standards:
        if (entry.assets is None or assets >= entry.assets) and (entry.contribution is None or contribution >= entry.contribution):
            return entry.tier
    return None


def _by_places(people: Sequence[Person], shares: Mapping[str, Fraction], ranks: Mapping[str, int], unit: int) -> list[str | None]:
    """The highest tier whose share of the region's clients is not exceeded by those who hold at least as much."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(people):
        members[one.region].append(place)
    tiers: list[str | None] = [None] * len(people)
    for places in members.values():
        assets = [_fen(people[place].assets, unit) for place in places]
        for tier in sorted(shares, key=lambda code: ranks[code]):
            for place, reached in zip(places, _reaching(assets, shares[tier]), strict=True):
                tiers[place] = tier if reached else tiers[place]
    return tiers


def _reaching(amounts: Sequence[int], share: Fraction) -> list[bool]:
    """Which amounts have at most share · all (to the nearest whole) amounts, their own among them, as great as they are."""
    room = (share * len(amounts) + HALF).__floor__()
    rising = sorted(amounts)
    return [len(rising) - bisect_left(rising, amount) <= room for amount in amounts]


def _fen(amount: int, unit: int) -> int:
    """Small units as whole fen, half a fen upwards."""
    return (200 * amount + unit) // (2 * unit)


def _kept(one: Person, earned: str | None, ranks: Mapping[str, int], months: int, today: date) -> str | None:
    """The last tier while its buffer runs, else the one earned."""
    if one.last is None or one.last not in ranks or ranks[one.last] <= (ranks[earned] if earned else 0):
        return earned
    fall = max(day(one.below), day(one.since)) if isinstance(one.below, str | date) else today
    count = fall.month - 1 + months
    year, month = fall.year + count // 12, count % 12 + 1
    end = date(year, month, min(fall.day, monthrange(year, month)[1]))
    return one.last if today < end else earned
