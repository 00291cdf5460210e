"""The rules of the event pool, one function each: who, by how much, against which bound. A value that just reaches its bound fires."""

from datetime import date, timedelta

import numpy as np
import pandas as pd

from planning.book import tiers
from planning.book.alerts import settings as own
from planning.book.alerts.view import View, days_until, hits, reaches
from planning.book.rows import rows

LEAP_DAY, DAY_BEFORE = 229, 228  # month and day as one number


def contribution_fell(view: View, rule: own.ContributionFell) -> pd.DataFrame:
    """A client who brings less than before: contribution > 0 then, down by `share` of it and by `least_cny`. Value: share lost."""
    then = view.both["contribution_cny_then"]
    fell = then - view.both["contribution_cny"]
    fires = (then > 0) & reaches(fell, rule.share * then) & reaches(fell, rule.least_cny) & (fell > 0)
    return hits(view.both, fires, _since(view), value=fell / then.where(then > 0), threshold=rule.share)


def outflow(view: View, rule: own.Outflow) -> pd.DataFrame:
    """A large outflow: assets down by `cny` and by `share` of what they were. Value: yuan lost; threshold: the higher of both."""
    then = view.both["assets_cny_then"]
    least = (rule.share * then).clip(lower=rule.cny)
    gone = then - view.both["assets_cny"]
    return hits(view.both, reaches(gone, least) & (gone > 0), _since(view), value=gone, threshold=least)


def client_left(view: View, rule: own.ClientLeft) -> pd.DataFrame:
    """A client of the former book who is not in this one and had assets of `cny`. Value: those assets."""
    assets = view.gone["assets_cny"]
    return hits(view.gone, reaches(assets, rule.cny), _since(view), value=assets, threshold=rule.cny)


def deposit_matures(view: View, rule: own.DepositMatures) -> pd.DataFrame:
    """A deposit that matures within `days`, today included, of a client with deposits of `least_cny`. Value: days left."""
    left = days_until(view.clients["deposit_matures"], view.day)
    fires = (left >= 0) & (left <= rule.days) & reaches(view.clients["deposit_avg_cny"], rule.least_cny)
    return hits(view.clients, fires, view.clients["deposit_matures"].astype("str"), view.clients["deposit_matures"], value=left, threshold=rule.days)


def loan_balance(view: View, rule: own.LoanBalance) -> pd.DataFrame:
    """A loan that grew or shrank by `share` of what it was and by `least_cny`. Value: yuan, signed."""
    then = view.both["loan_avg_cny_then"].fillna(0)
    moved = view.both["loan_avg_cny"].fillna(0) - then
    least = (rule.share * then).clip(lower=rule.least_cny)
    return hits(view.both, reaches(moved.abs(), least) & (moved != 0), _since(view), value=moved, threshold=least)


def loan_rate(view: View, rule: own.LoanRate) -> pd.DataFrame:
    """A loan there was and is, whose rate moved by `bp`. Value: basis points, signed."""
    moved = (100 * (view.both["loan_rate_pct"] - view.both["loan_rate_pct_then"])).round(6)
    return hits(view.both, _lent(view) & reaches(moved.abs(), rule.bp), _since(view), value=moved, threshold=rule.bp)


def loan_pd(view: View, rule: own.LoanPd) -> pd.DataFrame:
    """A loan there was and is, whose probability of default moved by `points`. Value: the change, signed, 0 to 1."""
    moved = (view.both["pd"] - view.both["pd_then"]).round(9)
    return hits(view.both, _lent(view) & reaches(moved.abs(), rule.points), _since(view), value=moved, threshold=rule.points)


def product_closed(view: View, rule: own.ProductClosed) -> pd.DataFrame:
    """Products held before and not now, all or those of `products`. Value: how many; the period names them."""
    pairs = zip(view.both["products_then"], view.both["products"], strict=True)
    closed = [sorted(product for product in set(then) - set(now) if not rule.products or product in rule.products) for then, now in pairs]
    count = pd.Series([len(products) for products in closed], index=view.both.index, dtype="float64")
    period = pd.Series(["|".join((_since(view), *products)) for products in closed], index=view.both.index, dtype="str")
    return hits(view.both, count >= 1, period, value=count, threshold=1.0)


def birthday(view: View, rule: own.Birthday) -> pd.DataFrame:
    """A birthday within `days`, today included, of a client who may be approached. Value: days left."""
    ahead = _next_time(view.clients["birthday"], view.day, rule.days)
    on = _days_later(ahead, view.day)
    return hits(view.clients, ahead.notna() & view.clients["approachable"], on.astype("str"), on, value=ahead, threshold=rule.days)


def anniversary(view: View, rule: own.Anniversary) -> pd.DataFrame:
    """Every `every_years` years as a client, within `days`, of a client who may be approached. Value: years."""
    on = _days_later(_next_time(view.clients["since"], view.day, rule.days), view.day)
    years = on.map(_year, na_action="ignore").astype("float64") - view.clients["since"].map(_year, na_action="ignore").astype("float64")
    fires = (years > 0) & (years % rule.every_years == 0) & view.clients["approachable"]
    return hits(view.clients, fires, on.astype("str"), on, value=years, threshold=rule.every_years)


def no_contact(view: View, rule: own.NoContact) -> pd.DataFrame:
    """No contact for as long as the tier's visit standard allows, or for `weeks`; clients who may be approached and whose last contact is known.

    Value and threshold: weeks. The period is the last contact: after another one the rule may fire again.
    """
    weeks = pd.Series(rule.weeks, index=view.clients.index)
    if rule.by_cadence:
        weeks = view.clients["tier"].map(view.interval_days).astype("float64").div(7).fillna(rule.weeks)
    passed = -days_until(view.clients["last_contact"], view.day) / 7
    fires = reaches(passed, weeks) & view.clients["approachable"]
    return hits(view.clients, fires, view.clients["last_contact"].astype("str"), value=passed, threshold=weeks)


def risk_above(view: View, _rule: own.RiskAbove) -> pd.DataFrame:
    """A product held that is riskier than the client's risk level. Value: the riskiest one's level; threshold: the client's."""
    level = view.clients["risk_level"]
    risky = [
        sorted(product for product in held if view.product_risk.get(product, 0) > most) for held, most in zip(view.clients["products"], level, strict=True)
    ]
    highest = pd.Series([max((view.product_risk[product] for product in held), default=np.nan) for held in risky], index=level.index, dtype="float64")
    held = pd.Series(["|".join(products) for products in risky], index=level.index, dtype="str")
    return hits(view.clients, highest > level, level.map("{:.0f}|".format) + held, value=highest, threshold=level)


def near_tier(view: View, rule: own.NearTier) -> pd.DataFrame:
    """Assets short of the next tier's least by at most `share` of it, of a client who may be approached. Value: yuan lacking.

    Threshold: the share in yuan. The next tier is the lowest above the client's own that asks for more assets; the period is tier and year.
    """
    regions = set() if view.national else set(view.standards["region"])
    standard = view.clients["region"].where(view.clients["region"].isin(regions), tiers.NATIONAL)
    order = {tier: rank for rank, tier in enumerate(tiers.rank_order(view.standards), start=1)}
    least, tier = pd.Series(np.nan, index=view.clients.index), pd.Series(tiers.NO_TIER, index=view.clients.index, dtype="str")
    for row in rows(view.standards.sort_values("rank", ascending=False, kind="stable")):
        above = (standard == row.region) & (view.clients["rank"] < order[row.tier]) & (view.clients["assets_cny"] < row.min_assets_cny)
        least, tier = least.mask(above, row.min_assets_cny), tier.mask(above, row.tier)
    lacking = least - view.clients["assets_cny"]
    fires = reaches(-lacking, -rule.share * least) & view.clients["approachable"]
    return hits(view.clients, fires, f"{view.day.year}|" + tier, value=lacking, threshold=rule.share * least)


def _since(view: View) -> str:
    return view.as_of.isoformat() if view.as_of else ""


def _lent(view: View) -> pd.Series:
    return (view.both["loan_avg_cny"] > 0) & (view.both["loan_avg_cny_then"] > 0)


def _next_time(cells: pd.Series, day: date, days: int) -> pd.Series:
    """Days until month and day of each date come round again, where that is within `days`; 29 February falls on the 28th in other years."""
    ahead = {}
    for left in range(days, -1, -1):
        on = day + timedelta(left)
        ahead[_month_day(on)] = left
        if _month_day(on) == DAY_BEFORE and _month_day(on + timedelta(1)) != LEAP_DAY:
            ahead[LEAP_DAY] = left
    return cells.map(_month_day, na_action="ignore").map(ahead, na_action="ignore").astype("float64")


def _days_later(ahead: pd.Series, day: date) -> pd.Series:
    return ahead.map(lambda left: day + timedelta(int(left)), na_action="ignore").astype("object")


def _month_day(day: date) -> int:
    return day.month * 100 + day.day


def _year(day: date) -> int:
    return day.year
