"""The Chinese and English names a bank's tables give to tiers, branches and regions."""

from collections.abc import Mapping

import pandas as pd

from planning.book.findings import nearest
from planning.book.rows import rows
from planning.errors import Fault, PolicyError

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


def code_of(names: Mapping[str, tuple[str, str]], asked: str) -> str:
    """The code of a branch given by code or by name; PolicyError with the nearest where there is none, or more than one."""
    found = [code for code, pair in names.items() if asked in pair]
    if asked in names or len(found) == 1:
        return asked if asked in names else found[0]
    near = nearest(asked, [*names, *(name for pair in names.values() for name in pair)])
    raise PolicyError(Fault("branch_unknown_near" if near else "branch_unknown", values={"value": asked, "nearest": near}))
