"""Which tier a client belongs to: by assets and contribution, region by region, the national standard where a region has none."""

from datetime import date

import numpy as np
import pandas as pd

from planning.book.rows import rows

NATIONAL = "*"
NO_TIER = ""


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


def assign(clients: pd.DataFrame, tiers: pd.DataFrame, national: bool) -> pd.Series:
    """The tier of each client (columns region, assets_cny, contribution_cny); "" where no threshold is reached.

    The tier of highest rank whose every given threshold is met; `tiers` are those in force.
    """
    own = set() if national else set(tiers["region"]) - {NATIONAL}
    standard = clients["region"].where(clients["region"].isin(own), NATIONAL)
    tier = pd.Series(NO_TIER, index=clients.index, dtype="str")
    for region, standards in tiers.sort_values("rank", kind="stable").groupby("region", sort=True):
        here = standard == region
        for row in rows(standards):
            reached = here & _meets(clients["assets_cny"], row.min_assets_cny) & _meets(clients["contribution_cny"], row.min_contribution_cny)
            tier = tier.mask(reached, row.tier)
    return tier


def _meets(amount: pd.Series, threshold: float) -> pd.Series:
    return pd.Series(True, index=amount.index) if np.isnan(threshold) else amount >= threshold
