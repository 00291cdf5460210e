"""Which tier a client belongs to: by assets and contribution, region by region, nationwide, or within the fifth of clients that brings most."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from math import floor

import numpy as np
import pandas as pd

from planning.book.contribution import in_fen
from planning.book.rows import rows
from planning.policy.sections import Segments

NATIONAL = "*"
NO_TIER = ""
POOL_SHARE = 0.2


def in_force(tiers: pd.DataFrame, data_date: date) -> pd.DataFrame:
    """The thresholds in force: for each region and tier the latest row not after the data date."""
    dated = known_on(tiers, data_date)
    return dated.sort_values("as_of", kind="stable").drop_duplicates(["region", "tier"], keep="last")


def known_on(table: pd.DataFrame, data_date: date) -> pd.DataFrame:
    """The rows whose `as_of` is not after the data date."""
    return table[pd.Series([day is None or day <= data_date for day in table["as_of"]], index=table.index, dtype=bool)]


def rank_order(tiers: pd.DataFrame) -> tuple[str, ...]:
    """Tier codes from lowest to highest."""
    national_first = tiers.sort_values("region", key=lambda region: region != NATIONAL, kind="stable")
    ranks = national_first.drop_duplicates("tier").sort_values(["rank", "tier"])
    return tuple(ranks["tier"])


def earned(clients: pd.DataFrame, tiers: pd.DataFrame, settings: Segments) -> pd.Series:
    """The tier each client earns by the policy's standard, before any buffer; "" for none.

    `clients` are the whole book with region, assets_cny and contribution_cny; `tiers` are those in force. By contribution_top20
    a client of the pool has the tier of the region's standard, at least its lowest; everybody else has none.
    """
    if settings.assign == "national":
        return assign(clients, tiers, national=True)
    regional = calibrated(clients, tiers, settings.region_shares) if settings.region_shares else assign(clients, tiers, national=False)
    if settings.assign == "region":
        return regional
    lowest = regional.mask(regional == NO_TIER, _lowest_tier(clients["region"], tiers, settings.region_shares))
    return lowest.where(in_pool(clients["contribution_cny"]), NO_TIER)


def assign(clients: pd.DataFrame, tiers: pd.DataFrame, national: bool) -> pd.Series:
    """The tier of each client (columns region, assets_cny, contribution_cny); "" where no threshold is reached.

    The tier of highest rank whose every given threshold is met; `tiers` are those in force.
    """
    standard = _standard_of(clients["region"], tiers, national)
    tier = pd.Series(NO_TIER, index=clients.index, dtype="str")
    for region, standards in tiers.sort_values("rank", kind="stable").groupby("region", sort=True):
        here = standard == region
        for row in rows(standards):
            reached = here & _meets(clients["assets_cny"], row.min_assets_cny) & _meets(clients["contribution_cny"], row.min_contribution_cny)
            tier = tier.mask(reached, row.tier)
    return tier


def calibrated(clients: pd.DataFrame, tiers: pd.DataFrame, shares: Mapping[str, float]) -> pd.Series:
    """The tier of each client where every region has the same share of its clients in a tier or a higher one.

    A client reaches a tier if no more clients of the region hold at least as much (to the fen) as the tier has places: share · clients
    of the region, to the nearest whole. Whoever holds alike is treated alike, so a tie that crosses the boundary stays below it.
    """
    region = clients["region"]
    assets = pd.Series(in_fen(clients["assets_cny"]), index=clients.index)
    as_rich = assets.groupby(region).rank(method="max", ascending=False)
    size = region.map(region.value_counts())
    tier = pd.Series(NO_TIER, index=clients.index, dtype="str")
    for code in rank_order(tiers):
        if code in shares:
            room = {n: places(shares[code], int(n)) for n in size.dropna().unique()}
            tier = tier.mask(as_rich <= size.map(room), code)
    return tier


def in_pool(contribution: pd.Series) -> pd.Series:
    """Whether a client is of the fifth of all clients that brings most, to the fen; a tie that crosses the boundary stays outside."""
    as_worthy = pd.Series(in_fen(contribution), index=contribution.index).rank(method="max", ascending=False)
    return as_worthy <= places(POOL_SHARE, len(contribution))


def places(share: float, clients: int) -> int:
    """share · clients to the nearest whole, half upwards; the share means the decimal it shows."""
    return floor(Fraction(str(share)) * clients + Fraction(1, 2))


def _standard_of(regions: pd.Series, tiers: pd.DataFrame, national: bool) -> pd.Series:
    own = set() if national else set(tiers["region"]) - {NATIONAL}
    return regions.where(regions.isin(own), NATIONAL)


def _lowest_tier(regions: pd.Series, tiers: pd.DataFrame, shares: Mapping[str, float]) -> pd.Series:
    """The lowest tier of the standard that holds in each region."""
    if shares:
        return pd.Series(next((code for code in rank_order(tiers) if code in shares), NO_TIER), index=regions.index, dtype="str")
    lowest = tiers.sort_values("rank", kind="stable").drop_duplicates("region").set_index("region")["tier"]
    return _standard_of(regions, tiers, national=False).map(lowest).fillna(NO_TIER).astype("str")


def _meets(amount: pd.Series, threshold: float) -> pd.Series:
    """The last digits of a product of doubles do not count: a million at 2.3 − 1.5 per cent meets 8,000."""
    return pd.Series(True, index=amount.index) if np.isnan(threshold) else amount.round(6) >= threshold
