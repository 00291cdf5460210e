"""Tier standards as SQL over all clients at once: thresholds, shares of each region's clients, the fifth that brings most, the buffer before a downgrade."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pandas as pd

from planning.book.client_cells import quoted
from planning.book.rows import rows
from planning.book.tiers import NATIONAL, NO_TIER, POOL_SHARE, rank_order
from planning.policy.sections import Segments

FEN = 100


def windows(settings: Segments) -> str:
    """The ranks that a standard needs, each with what it is counted among: how many hold or bring at least as much, to the fen."""
    wanted = []
    if settings.assign != "national" and settings.region_shares:
        wanted += [
            "count(*) OVER (PARTITION BY region ORDER BY assets DESC RANGE UNBOUNDED PRECEDING) AS as_rich",
            "count(*) OVER (PARTITION BY region) AS of_region",
        ]
    if settings.assign == "contribution_top20":
        wanted += ["count(*) OVER (ORDER BY contribution DESC RANGE UNBOUNDED PRECEDING) AS as_worthy", "count(*) OVER () AS of_all"]
    return "".join(f", {one}" for one in wanted)


def earned(tiers: pd.DataFrame, settings: Segments) -> str:
    """The tier a client earns by the policy's standard; `tiers` are those in force. Read from region, assets_fen and contribution_fen (exact) and the ranks."""
    if settings.assign == "national":
        return _assigned(tiers[tiers["region"] == NATIONAL])
    shares = {code: share for code, share in settings.region_shares.items() if share is not None}
    order = [code for code in rank_order(tiers) if code in shares]
    regional = _calibrated(order, shares) if shares else _assigned(tiers)
    if settings.assign == "region":
        return regional
    lowest = quoted(order[0] if order else NO_TIER) if shares else _lowest(tiers)
    return f"CASE WHEN as_worthy <= {_places(POOL_SHARE, 'of_all')} THEN coalesce(nullif({regional}, ''), {lowest}) ELSE '' END"


def kept(order: Sequence[str], months: int, data_date: date) -> str:
    """The tier had: the one earned, or the last one while its buffer of so many months runs. Read from earned, tier_last, tier_since, below_since."""
    if not months:
        return "earned"
    ranks = " ".join(f"WHEN {quoted(code)} THEN {place}" for place, code in enumerate(order, start=1))
    last, now = (f"(CASE {name} {ranks} ELSE 0 END)" for name in ("tier_last", "earned"))
    day = f"DATE {quoted(data_date.isoformat())}"
    begins = f"CASE WHEN below_since IS NULL THEN {day} ELSE greatest(below_since, tier_since) END"
    return f"CASE WHEN {last} > {now} AND {day} < {begins} + INTERVAL {months} MONTH THEN tier_last ELSE earned END"


def _assigned(tiers: pd.DataFrame) -> str:
    """The tier of highest rank whose every given threshold is met, by the region's own standard or the national one."""
    cases = []
    for region, standards in tiers.groupby("region"):
        reached = " ".join(f"WHEN {_met(row)} THEN {quoted(row.tier)}" for row in rows(standards.sort_values("rank", ascending=False)))
        cases.append((str(region), f"CASE {reached} ELSE '' END"))
    return _by_standard(cases)


def _lowest(tiers: pd.DataFrame) -> str:
    lowest = tiers.sort_values("rank", kind="stable").drop_duplicates("region")
    return _by_standard([(row.region, quoted(row.tier)) for row in rows(lowest)])


def _by_standard(cases: Sequence[tuple[str, str]]) -> str:
    national = next((then for region, then in cases if region == NATIONAL), "''")
    own = " ".join(f"WHEN {quoted(region)} THEN {then}" for region, then in cases if region != NATIONAL)
    return f"CASE region {own} ELSE {national} END" if own else f"({national})"


def _calibrated(order: Sequence[str], shares: dict[str, float]) -> str:
    reached = " ".join(f"WHEN as_rich <= {_places(shares[code], 'of_region')} THEN {quoted(code)}" for code in reversed(order))
    return f"CASE {reached} ELSE '' END" if order else "''"


def _places(share: float, among: str) -> str:
    """share · clients to the nearest whole, half upwards; the share means the decimal it shows."""
    return f"floor({Decimal(str(share)):f} * {among} + 0.5)"


def _met(row: object) -> str:
    asked = {"assets_fen": row.min_assets_cny, "contribution_fen": row.min_contribution_cny}  # type: ignore[attr-defined] # a row of tiers
    return " AND ".join(f"{name} >= {Decimal(repr(float(least))) * FEN:f}" for name, least in asked.items() if least == least) or "true"
