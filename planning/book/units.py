"""Signs that a whole column is in another unit, money in 万元 or loan rates as shares of 1: asked about, never guessed."""

from collections.abc import Mapping

import pandas as pd

from planning.book.findings import found
from planning.errors import Fault

Frames = Mapping[str, pd.DataFrame]
WAN = 10_000
ENOUGH = 20
FEW_EVENTS = 5
SMALL_PART_OF_LOWEST_TIER = 0.01
SMALL_DEPOSIT = 100
SMALLEST_YIELD = 5e-6
LEAST_SESSION_CNY = 50
HIGHEST_RATE = 0.36  # of 1 and a year, that a court lets a lender have; as percent no bank lends so cheaply
BALANCES = ("deposit_avg_cny", "invest_avg_cny", "loan_avg_cny")
CONTRIBUTIONS = ("contribution_cny", "contribution_last_cny")


def looks_like_wan(frames: Frames) -> list[Fault]:
    """A fault a column whose greatest value only makes sense ten thousand times larger."""
    return [*_balances(frames), *_contributions(frames), *_thresholds(frames), *_event_costs(frames)]


def looks_like_share(frames: Frames) -> list[Fault]:
    """A fault for loan rates of which every one makes sense only as a share of 1: 0.041 for 4.1 %."""
    rates = _positive(frames, "clients", "loan_rate_pct")
    if len(rates) < ENOUGH or rates.max() > HIGHEST_RATE:
        return []
    return [found("looks_like_share", "clients", "loan_rate_pct", rates.index, greatest=f"{rates.max():g}")]


def _balances(frames: Frames) -> list[Fault]:
    """No client's balance reaches a hundredth of the lowest tier's threshold; in 万元 some would reach the tier.

    Deposits of which none reaches the threshold are asked about too where half are below SMALL_DEPOSIT, since the largest client may be very large.
    """
    lowest = _lowest_threshold(frames)
    if lowest is None:
        return []
    suspects = []
    for name in BALANCES:
        held = _positive(frames, "clients", name)
        small = name == "deposit_avg_cny" and held.median() < SMALL_DEPOSIT and held.max() < lowest
        if len(held) >= ENOUGH and (small or held.max() < SMALL_PART_OF_LOWEST_TIER * lowest) and held.max() * WAN >= lowest:
            suspects.append(_asked("clients", name, held))
    return suspects


def _contributions(frames: Frames) -> list[Fault]:
    """Contributions add up to less than a two-hundred-thousandth of the balances they are earned on."""
    balances = sum(_positive(frames, "clients", name).sum() for name in BALANCES)
    suspects = []
    for name in CONTRIBUTIONS:
        earned = _positive(frames, "clients", name)
        if len(earned) >= ENOUGH and earned.sum() < SMALLEST_YIELD * balances:
            suspects.append(_asked("clients", name, earned))
    return suspects


def _thresholds(frames: Frames) -> list[Fault]:
    """Every client with any deposit stands a hundred times above the highest threshold."""
    held, asked = _positive(frames, "clients", "deposit_avg_cny"), _positive(frames, "tiers", "min_assets_cny")
    if len(held) < ENOUGH or not len(asked) or held.median() < 100 * asked.max():
        return []
    return [_asked("tiers", "min_assets_cny", asked)]


def _event_costs(frames: Frames) -> list[Fault]:
    costs = _positive(frames, "events", "fixed_cost_cny")
    return [_asked("events", "fixed_cost_cny", costs)] if len(costs) >= FEW_EVENTS and costs.max() < LEAST_SESSION_CNY else []


def _lowest_threshold(frames: Frames) -> float | None:
    thresholds = _positive(frames, "tiers", "min_assets_cny")
    return float(thresholds.min()) if len(thresholds) else None


def _positive(frames: Frames, table: str, column: str) -> pd.Series:
    frame = frames.get(table)
    if frame is None or column not in frame:
        return pd.Series(dtype="float64")
    return frame[column][frame[column] > 0]


def _asked(table: str, column: str, values: pd.Series) -> Fault:
    return found("looks_like_wan", table, column, values.index, greatest=f"{values.max():g}")
