"""Whether the tables make sense to a banker: tiers that rise, events that can be held, dates that have been, yuan that are yuan."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise

import numpy as np
import pandas as pd

from planning.book import arrow
from planning.book.contracts import CONTRACTS
from planning.book.findings import found
from planning.book.tiers import NATIONAL, in_force, rank_order
from planning.errors import Fault
from planning.policy import Policy

Frames = Mapping[str, pd.DataFrame]
CONTRIBUTION_INPUTS = (("deposit_avg_cny", "deposit_rate_pct"), ("loan_avg_cny", "loan_rate_pct"))


def unsound(frames: Frames, policy: Policy) -> list[Fault]:
    """All faults of sense in the tables that could be read; each check leaves out what it lacks columns for."""
    return [fault for check in CHECKS for fault in check(frames, policy)]


def dates_have_been(frames: Frames, policy: Policy) -> list[Fault]:
    """No date lies after the date of the data."""
    faults = []
    for table, frame in frames.items():
        for column in CONTRACTS[table].columns:
            if column.type == "date" and not column.may_be_later and column.name in frame:
                days = frame[column.name]
                late = _later(days, policy.data_date)
                faults += _some("after_data_date", table, column.name, late, value=_first(days, late), data_date=policy.data_date.isoformat())
    return faults


def _later(days: pd.Series, than: date) -> pd.Series:
    known = arrow.days(days).to_numpy(zero_copy_only=False)
    return pd.Series(known > np.datetime64(than), index=days.index)


def branches_have_own_codes(frames: Frames, _policy: Policy) -> list[Fault]:
    """`*` stands for the whole bank and cannot be a region."""
    branches = _columns(frames, "branches", "region")
    return [] if branches is None else _some("region_reserved", "branches", "region", branches["region"] == NATIONAL)


def every_region_has_tiers(frames: Frames, policy: Policy) -> list[Fault]:
    """A region has its own tiers, or there is a national standard."""
    branches, tiers = _columns(frames, "branches", "region"), _columns(frames, "tiers", "region", "as_of")
    if branches is None or tiers is None or not len(tiers):
        return []
    standards = set(tiers["region"].dropna())
    if NATIONAL in standards:
        return []
    if policy.segments.assign == "national":
        return [Fault("no_standard", "tiers", "region", values={"region": NATIONAL})]
    bare = branches["region"].notna() & ~branches["region"].isin(standards)
    return _some("no_standard", "branches", "region", bare, region=_first(branches["region"], bare))


def tiers_rise(frames: Frames, policy: Policy) -> list[Fault]:
    """Within a region ranks differ and thresholds rise with them; a tier has one rank everywhere."""
    tiers = _columns(frames, "tiers", "region", "tier", "rank", "as_of")
    if tiers is None:
        return []
    tiers = tiers.reindex(columns=[*CONTRACTS["tiers"].names]).dropna(subset=["region", "tier", "rank", "as_of"])
    standing = in_force(tiers, policy.data_date).sort_values(["region", "rank"], kind="stable")
    same_rank = standing.duplicated(["region", "rank"], keep=False)
    in_doubt = standing["tier"].isin(standing["tier"][same_rank])
    differs = ~in_doubt & standing["tier"].map(standing.groupby("tier")["rank"].nunique() > 1)
    pairs = [pair for _, region in standing.groupby("region") for pair in pairwise(region.iterrows())]
    stuck = [row for (_, lower), (row, higher) in pairs if lower["rank"] < higher["rank"] and not _rises(lower, higher)]
    not_rising = pd.Series(standing.index.isin(stuck), index=standing.index)
    return [
        *_some("rank_repeated", "tiers", "rank", same_rank, region=_first(standing["region"], same_rank)),
        *_some("rank_differs", "tiers", "rank", differs, tier=_first(standing["tier"], differs)),
        *_some(
            "thresholds_not_rising",
            "tiers",
            "min_assets_cny",
            not_rising,
            tier=_first(standing["tier"], not_rising),
            region=_first(standing["region"], not_rising),
        ),
    ]


def shares_fall(frames: Frames, policy: Policy) -> list[Fault]:
    """The share of clients that reaches a tier is never above that of a lower tier."""
    tiers = _columns(frames, "tiers", "region", "tier", "rank", "as_of")
    if tiers is None:
        return []
    shares = policy.segments.region_shares
    order = [code for code in rank_order(in_force(tiers.dropna(subset=["region", "tier", "rank", "as_of"]), policy.data_date)) if code in shares]
    crossed = [(lower, higher) for lower, higher in pairwise(order) if shares[higher] > shares[lower]]
    return [Fault("shares_not_falling", "policy", "segments.region_shares", values={"lower": lower, "higher": higher}) for lower, higher in crossed]


def _rises(lower: pd.Series, higher: pd.Series) -> bool:
    steps = []
    for threshold in ("min_assets_cny", "min_contribution_cny"):
        below, above = lower[threshold], higher[threshold]
        if above < below:
            return False
        steps.append(above > below or (pd.isna(below) and pd.notna(above)))
    return any(steps)


def rooms_can_be_filled(frames: Frames, _policy: Policy) -> list[Fault]:
    """min_guests ≤ max_guests, min_sessions ≤ max_sessions."""
    faults = []
    for least, most in (("min_guests", "max_guests"), ("min_sessions", "max_sessions")):
        events = _columns(frames, "events", least, most)
        if events is not None:
            crossed = events[least] > events[most]
            values = {"least": _whole(_first(events[least], crossed)), "most": _whole(_first(events[most], crossed))}
            faults += _some("least_above_most", "events", least, crossed, most_column=most, **values)
    return faults


def rates_are_known(frames: Frames, _policy: Policy) -> list[Fault]:
    """A balance without its rate has no contribution, unless the contribution is given."""
    clients = frames.get("clients")
    if clients is None:
        return []
    given = clients["contribution_cny"].notna() if "contribution_cny" in clients else pd.Series(False, index=clients.index)
    faults = []
    for balance, rate in CONTRIBUTION_INPUTS:
        if balance in clients:
            rates = clients[rate] if rate in clients else pd.Series(float("nan"), index=clients.index)
            faults += _some("rate_missing", "clients", rate, (clients[balance] > 0) & rates.isna() & ~given, balance_column=balance)
    return faults


def ladders_climb(frames: Frames, _policy: Policy) -> list[Fault]:
    """Level 0 gives nothing, each further level gives more, no fee is waived by more than all of it."""
    levels = _columns(frames, "concessions", "concession", "level", "depth")
    if levels is None:
        return []
    ordered = levels.dropna(subset=["concession", "level", "depth"]).sort_values(["concession", "level"], kind="stable")
    flat = (ordered["depth"] <= ordered.groupby("concession")["depth"].shift()) & (ordered["level"] > ordered.groupby("concession")["level"].shift())
    more_than_all = (ordered["concession"] == "fee_waiver") & (ordered["depth"] > 1)
    return [
        *_some("level_zero_gives", "concessions", "depth", (ordered["level"] == 0) & (ordered["depth"] != 0)),
        *_some("depth_not_rising", "concessions", "depth", flat, concession=_first(ordered["concession"], flat)),
        *_some("not_a_share", "concessions", "depth", more_than_all, value=_whole(_first(ordered["depth"], more_than_all)), bound="0 … 1"),
    ]


def one_of_them_is_filled(frames: Frames, _policy: Policy) -> list[Fault]:
    """Where a table asks for one column or another, every row has at least one."""
    faults = []
    for table, frame in frames.items():
        for group in CONTRACTS[table].either:
            there = [name for name in group if name in frame]
            bare = frame[there].isna().all(axis=1) if there else pd.Series(True, index=frame.index)
            faults += _some("either_missing", table, group[0], bare, other=group[1])
    return faults


def buffer_without_dates(frames: Frames, policy: Policy) -> list[Fault]:
    """A note where downgrades wait, but no client has the date the wait runs from: then nobody would ever be downgraded."""
    clients = frames.get("clients")
    if not policy.segments.downgrade_after_months or clients is None or ("below_since" in clients and clients["below_since"].notna().any()):
        return []
    return [Fault("buffer_without_dates", "clients", "below_since", values={"months": policy.segments.downgrade_after_months})]


def _columns(frames: Frames, table: str, *names: str) -> pd.DataFrame | None:
    frame = frames.get(table)
    return frame if frame is not None and set(names) <= set(frame.columns) else None


def _some(code: str, table: str, column: str, wrong: pd.Series, **values: str) -> list[Fault]:
    return [found(code, table, column, wrong.index[wrong], **values)] if wrong.any() else []


def _first(cells: pd.Series, wrong: pd.Series) -> str:
    return str(cells[wrong].iloc[0]) if wrong.any() else ""


def _whole(number: str) -> str:
    return number.removesuffix(".0")


Check = Callable[[Frames, Policy], list[Fault]]
CHECKS: tuple[Check, ...] = (
    dates_have_been,
    branches_have_own_codes,
    every_region_has_tiers,
    tiers_rise,
    shares_fall,
    rooms_can_be_filled,
    rates_are_known,
    ladders_climb,
    one_of_them_is_filled,
)
