"""Trying every plan of a very small problem, months and ladder and all: what the solvers are measured against.

Everything a rule asks of a plan is a sum over its slots, months and ladder cells. So the ways each slot may be used in
its months, and each cell's ladder, are listed as rows of such sums; every combination adds one row of each list.
"""

from collections.abc import Iterator
from itertools import pairwise, product
from math import floor, inf

import numpy as np
from numpy.typing import NDArray

from planning.catalogue.concessions import Step
from planning.optimise.problem import Problem

MOST = 150_000  # combinations tried at once
HALF_FEN = 0.005
Rows = NDArray[np.float64]
Key = tuple[object, ...]


class TooMany(Exception):
    """More plans than can be tried."""


def best_value(p: Problem) -> float:
    """The value of the best of all plans, yuan; −∞ where none keeps the rules. TooMany where they cannot all be tried."""
    names = _names(p)
    tried = np.zeros((1, len(names)))
    for uses in (*(_slot_uses(p, s, names) for s in range(len(p.slots))), *_ladders(p, names)):
        if len(tried) * len(uses) > MOST:
            raise TooMany
        tried = (tried[:, None, :] + uses[None, :, :]).reshape(-1, len(names))
        tried = tried[_bearable(p, tried, names)]
    kept = tried[_kept(p, tried, names)]
    return float(_values(p, kept, names).max()) if len(kept) else -inf


def _names(p: Problem) -> dict[Key, int]:
    """The sums of a plan, each with its column."""
    months, branches = range(1, 13), list(p.hours)
    keys: list[Key] = [("cost", "event"), ("cost", "concession"), ("gain",)]
    keys += [("cash", quarter) for quarter in range(4)]
    keys += [("touches", r) for r in range(len(p.responses))]
    keys += [("tier", tier) for tier in p.tiers] + [(what, branch) for what in ("events of", "all of", "hours") for branch in branches]
    keys += [("gifts", g) for g in range(len(p.segments))] + [("attended", g, m) for g in range(len(p.segments)) for m in months]
    keys += [("cell", c) for c in range(len(p.cells))] + [("partner", k) for k in range(len(p.partners))]
    keys += [("club", segment.region, m) for segment in p.segments for m in months]
    keys += [("held", event, m) for event in {slot.event.event for slot in p.slots} for m in months]
    return {key: column for column, key in enumerate(dict.fromkeys(keys))}


def _slot_uses(p: Problem, s: int, names: dict[Key, int]) -> Rows:
    """Every way to use a slot over its months (E1, E2, E3, E5), as sums."""
    event, seats = p.slots[s].event, [i for i, seat in enumerate(p.seats) if seat.slot == s]
    in_month = [
        (sessions, guests)
        for sessions in range(event.max_sessions + 1)
        for guests in _counted(product(*(range(p.seats[i].most + 1) for i in seats)))
        if event.min_guests * sessions <= sum(guests) <= event.max_guests * sessions
    ]
    ways: list[tuple[tuple[int, tuple[int, ...]], ...]] = [()]
    for month in event.months:
        able = [use for use in in_month if p.locked.get((s, month), use[0]) == use[0]]
        ways = [(*way, more) for way in ways for more in able if _within_year(p, s, seats, (*way, more))]
        if len(ways) > MOST:
            raise TooMany
    ways = [way for way in ways if sum(sessions for sessions, _ in way) >= event.min_sessions]
    rows = np.zeros((len(ways), len(names)))
    for row, way in zip(rows, ways, strict=True):
        for month, (sessions, guests) in zip(event.months, way, strict=True):
            _add_use(p, s, (row, names), (month, sessions, dict(zip(seats, guests, strict=True))))
    return rows


def _counted(combinations: Iterator[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    for count, combination in enumerate(combinations):
        if count > MOST:
            raise TooMany
        yield combination


def _within_year(p: Problem, s: int, seats: list[int], way: tuple[tuple[int, tuple[int, ...]], ...]) -> bool:
    once = all(sum(guests[k] for _, guests in way) <= p.seats[i].most for k, i in enumerate(seats))
    return once and sum(sessions for sessions, _ in way) <= p.slots[s].event.max_sessions


def _add_use(p: Problem, s: int, into: tuple[Rows, dict[Key, int]], used: tuple[int, int, dict[int, int]]) -> None:
    """Add what a slot's sessions and guests in a month come to."""
    (row, names), (month, sessions, guests) = into, used
    slot, event = p.slots[s], p.slots[s].event
    cost = event.fixed_cost_cny * sessions + event.guest_cost_cny * sum(guests.values())
    row[names["cost", "event"]] += cost * (1 - event.partner_share)
    row[names["cash", (month - 1) // 3]] += cost * (1 - event.partner_share)
    row[names["held", event.event, month]] += sessions
    for k, partner in enumerate(p.partners):
        row[names["partner", k]] += cost * event.partner_share * partner.part_of_family.get(event.family, 0.0)
    for region in {p.segments[p.seats[i].segment].region for i in guests}:
        row[names["club", region, month]] += sessions
    if event.host_level == "branch":
        row[names["hours", slot.host]] += event.hours_session * sessions
    for i, count in guests.items():
        g, segment = p.seats[i].segment, p.segments[p.seats[i].segment]
        row[names["attended", g, month]] += count
        row[names["gifts", g]] += event.gift_cny * count
        row[names["hours", segment.branch]] += event.hours_guest * count
        standard = (event.fixed_cost_cny / event.max_guests + event.guest_cost_cny) * count
        for key in (("tier", segment.tier), ("events of", segment.branch), ("all of", segment.branch)):
            row[names[key]] += standard
        for r, response in enumerate(p.responses):
            if (response.segment, response.family) == (g, event.family):
                row[names["touches", r]] += event.touch_weight * count


def _ladders(p: Problem, names: dict[Key, int]) -> Iterator[Rows]:
    """For each region, kind and concession every ladder that has one level a cell (K1) and rises with the tier (K2), as sums."""
    ladders: dict[tuple[str, str, str], list[int]] = {}
    for c, cell in enumerate(p.cells):
        for concession in cell.steps:
            ladders.setdefault((cell.region, cell.kind, concession), []).append(c)
    for (_, _, concession), cells in ladders.items():
        ranked = sorted(cells, key=lambda c: p.tiers.index(p.cells[c].tier))
        choices = product(*(p.cells[c].steps[concession] for c in ranked))
        rising = [steps for steps in choices if all(low.depth <= high.depth for low, high in pairwise(steps)) and _as_locked(p, ranked, steps)]
        rows = np.zeros((len(rising), len(names)))
        for row, steps in zip(rows, rising, strict=True):
            for c, step in zip(ranked, steps, strict=True):
                row[names["gain",]] += step.gain_cny
                for key in (("cost", "concession"), ("cell", c), ("tier", p.cells[c].tier)):
                    row[names[key]] += step.cost_cny
                for branch, part in step.branch_shares.items():
                    row[names["all of", branch]] += step.cost_cny * part
        yield rows


def _as_locked(p: Problem, cells: list[int], steps: tuple[Step, ...]) -> bool:
    return all(p.locked_levels.get((c, step.concession), step.level) == step.level for c, step in zip(cells, steps, strict=True))


def _bearable(p: Problem, tried: Rows, names: dict[Key, int]) -> NDArray[np.bool_]:
    """Which rows keep the rules no further row can mend: E4, E8, K3, B7."""
    caps = p.policy.caps
    limits = {("cell", c): caps.concession_share_of_contribution * cell.contribution_cny for c, cell in enumerate(p.cells)}
    limits |= {("partner", k): partner.cap_cny for k, partner in enumerate(p.partners)}
    for g, segment in enumerate(p.segments):
        limits["gifts", g] = caps.gift_cny_client_year * segment.clients
        limits |= {("attended", g, month): floor(caps.attendances_client_month * segment.clients + 1e-9) for month in range(1, 13)}
    return np.all(tried[:, [names[key] for key in limits]] <= np.array([*limits.values()]) + HALF_FEN, axis=1)


def _kept(p: Problem, tried: Rows, names: dict[Key, int]) -> NDArray[np.bool_]:
    """Which rows keep E6, E7, B1–B6 and N1."""
    policy, col = p.policy, {key: tried[:, column] for key, column in names.items()}
    event, concession = col["cost", "event"], col["cost", "concession"]
    share = policy.budget.transfer_share
    moved = np.clip(p.event_limit_cny - event, -share * p.concession_limit_cny, share * p.event_limit_cny)
    rules = [event - p.event_limit_cny - share * p.concession_limit_cny, concession - p.concession_limit_cny - moved]
    phasing = policy.phasing
    for quarter, (low, high) in enumerate((phasing.q1, phasing.q2, phasing.q3, phasing.q4)):
        if 3 * quarter + 3 <= policy.frozen.through_month < 12:
            continue
        rules += [low * event - col["cash", quarter], col["cash", quarter] - high * event]
    every = sum(col["tier", tier] for tier in p.tiers)
    rules += [floor_ * every - col["tier", tier] for tier, floor_ in policy.floors.tier.items() if tier in p.tiers]
    rules += [col["tier", tier] - cap * every for tier, cap in policy.caps.tier.items() if tier in p.tiers]
    for branch in p.hours:
        clients = sum(segment.clients for segment in p.segments if segment.branch == branch)
        rules += [policy.floors.branch_cny_per_client * clients - col["events of", branch], col["all of", branch] - policy.caps.branch_share * every]
        rules += [_short(p, branch, col)] if policy.contact.rule == "required" else []
    past = policy.frozen.through_month
    wanted = [("held", entry.event, entry.month) for entry in policy.calendar.must_hold if entry.month > past]
    if policy.calendar.club_every_month:
        open_months = set(range(past + 1, 13)) - set(policy.calendar.blackout)
        wanted += [("club", region, month) for region in {segment.region for segment in p.segments} for month in open_months]
    rules += [1.0 - col.get(key, np.zeros(len(tried))) for key in wanted]
    return np.all(np.array(rules) <= HALF_FEN, axis=0)


def _short(p: Problem, branch: str, col: dict[Key, Rows]) -> Rows:
    """Hours by which a branch falls short; negative where it does not."""
    visits = sum(segment.clients * p.visit_hours.get(segment.tier, 0.0) for segment in p.segments if segment.branch == branch)
    return col["hours", branch] + visits - p.hours[branch]


def _values(p: Problem, kept: Rows, names: dict[Key, int]) -> Rows:
    col = {key: kept[:, column] for key, column in names.items()}
    value = col["gain",].copy()
    for r, response in enumerate(p.responses):
        curve = response.curve
        value += curve.ceiling_cny * (1 - np.exp(-curve.rate * col["touches", r] / curve.clients))
    if p.policy.value.objective == "net":
        value -= col["cost", "event"] + col["cost", "concession"]
    if p.policy.contact.rule == "target":
        value -= p.policy.contact.cost_per_hour_short * sum(np.maximum(_short(p, branch, col), 0.0) for branch in p.hours)
    return value
