"""The dates a client manager keeps: birthdays, deposits that mature, the last contact. Drawn apart, after everything else."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from planning.book.sample.network import TIERS, cadence_table
from planning.book.sample.shapes import Draws, Floats, Ints

Days = NDArray[np.datetime64]
MONTH_DAYS = 30.4
UNKNOWN_YEAR = 1904
LATE = 1.12  # last contacts lie up to this much of the visits' interval back


def birthdays(draws: Draws, day: np.datetime64, age: Floats) -> Days:
    """A birthday for each age in whole years on `day`; one in twenty without its year; none where there is no age."""
    n = len(age)
    past = np.where(draws.chance(n, 0.05), -1, draws.whole(n, 0, 364))
    year, since_new_year = day.astype("datetime64[Y]"), day - day.astype("datetime64[Y]").astype("datetime64[D]")
    born = (year - np.nan_to_num(age).astype(np.int64)).astype("datetime64[D]") + since_new_year - np.maximum(past, 0)
    unknown = np.datetime64(f"{UNKNOWN_YEAR}-01-01") + draws.whole(n, 0, 365)
    result: Days = np.where(np.isnan(age), np.datetime64("NaT"), np.where(past < 0, unknown, born))
    return result


def maturities(draws: Draws, day: np.datetime64, tenure_months: Floats) -> Days:
    """When the next time deposit matures: within its tenure after `day`; never for money at call."""
    ahead = np.rint(draws.even(len(tenure_months)) * tenure_months * MONTH_DAYS).astype(np.int64)
    result: Days = np.where(tenure_months > 0, day + ahead, np.datetime64("NaT"))
    return result


def last_contacts(draws: Draws, day: np.datetime64, tier: Ints, since: Days) -> Days:
    """When a client was last spoken to: about as often as the visit standard asks, a few late; half of those without a tier never."""
    n = len(tier)
    interval = 365.0 / np.array(_visits())[tier + 1]
    back = np.rint(draws.even(n) * LATE * interval).astype(np.int64)
    never = (tier < 0) & draws.chance(n, 0.5)
    result: Days = np.where(never, np.datetime64("NaT"), np.maximum(day - back, since))
    return result


@cache
def _visits() -> tuple[float, ...]:
    """Visits a year by a client's own manager: without a tier, then tier by tier."""
    rows = cadence_table()
    own = rows[rows["role"] == "manager"].set_index("tier")["visits_year"].astype(float)
    return (0.4, *(float(own[tier]) for tier in TIERS))
