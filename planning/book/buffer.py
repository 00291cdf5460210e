"""Upgrade at once, downgrade after a buffer (当期升级、延期降级)."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

import pandas as pd

from planning.book.tiers import NO_TIER


def buffered(clients: pd.DataFrame, earned: pd.Series, order: Sequence[str], months: int, data_date: date) -> pd.Series:
    """The tier each client has on the data date: the one earned, or the last one (`tier_last`) while its buffer runs.

    Who earns a higher tier has it at once. Who earns a lower one, or none, keeps the last tier until `months` after the fall:
    the later of `below_since` and `tier_since`, or the data date where `below_since` is not known. `order` lists the tiers
    in force, lowest first; a last tier that is no longer among them is not kept.
    """
    if not months:
        return earned
    rank = {code: place for place, code in enumerate(order, start=1)}
    fallen = clients["tier_last"].map(rank).fillna(0) > earned.map(rank).fillna(0)
    ends = [_ends(below, since, months, data_date) for below, since in zip(clients.loc[fallen, "below_since"], clients.loc[fallen, "tier_since"], strict=True)]
    kept = fallen[fallen].index[[data_date < end for end in ends]]
    tier = earned.copy()
    tier.loc[kept] = clients.loc[kept, "tier_last"]
    return tier


def record(classified: pd.DataFrame, data_date: date) -> pd.DataFrame:
    """What the next book must know of each client: client, tier_last, tier_since, below_since as they stand on the data date.

    `classified` carries `tier` (had) and `earned`. Who kept the tier keeps its dates; below_since is the first date at which less was earned.
    """
    same = classified["tier"] == classified["tier_last"].fillna(NO_TIER)
    below = classified["tier"] != classified["earned"]
    since = [old if kept and isinstance(old, date) else data_date for kept, old in zip(same, classified["tier_since"], strict=True)]
    fell = [
        (max(old, entered) if isinstance(old, date) else data_date) if low else None
        for low, old, entered in zip(below, classified["below_since"], since, strict=True)
    ]
    tiers = classified["tier"].where(classified["tier"] != NO_TIER)
    entered = [day if tier else None for tier, day in zip(classified["tier"], since, strict=True)]
    columns = {"client": classified["client"], "tier_last": tiers}
    return pd.DataFrame(columns).assign(
        tier_since=pd.Series(entered, index=classified.index, dtype="object"), below_since=pd.Series(fell, index=classified.index, dtype="object")
    )


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _ends(below: object, since: object, months: int, data_date: date) -> date:
    known = [day for day in (below, since) if isinstance(day, date)] if isinstance(below, date) else [data_date]
    return months_after(max(known), months)
