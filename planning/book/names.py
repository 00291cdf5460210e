"""The Chinese and English names a bank's tables give to tiers and regions."""

from collections.abc import Mapping

import pandas as pd

from planning.book.rows import rows

Names = Mapping[str, tuple[str, str]]


def tier_names(in_force: pd.DataFrame) -> Names:
    """The names of each tier in force; the national row's where regions differ."""
    return {row.tier: (row.name_zh, row.name_en) for row in rows(in_force.sort_values("region", ascending=False))}


def branch_names(branches: pd.DataFrame) -> Names:
    """Each branch's names."""
    return {row.branch: (row.name_zh, row.name_en) for row in rows(branches)}


def region_names(branches: pd.DataFrame) -> Names:
    """The names its first branch gives a region, its code where there is none."""
    named = branches.assign(zh=branches["region_zh"].fillna(branches["region"]), en=branches["region_en"].fillna(branches["region"]))
    return {row.region: (row.zh, row.en) for row in rows(named.drop_duplicates("region"))}
