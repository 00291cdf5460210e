"""What no plan could keep, seen from the data and the policy alone: found before anything is solved.

Shares of spending (B3, B4) that contradict each other are kept by a plan that spends nothing; nobody asks for that one, so they count too.
"""

from collections.abc import Callable, Iterator

from planning.errors import Fault, Value
from planning.optimise.locks import locks_that_cannot_be
from planning.optimise.problem import Problem
from planning.optimise.rules import QUARTERS, bands

SHARE_DIGITS = 1e-9


def impossible(problem: Problem) -> tuple[Fault, ...]:
    """Every rule that is impossible by itself, with place, amount and what it would take."""
    return tuple(fault for test in TESTS for fault in test(problem))


def visits_beyond_hours(p: Problem) -> Iterator[Fault]:
    """(N1)  Σ_g n[g]·visit hours > managers' hours      for a branch, where visits are required"""
    if p.policy.contact.rule != "required":
        return
    needed = dict.fromkeys(p.hours, 0.0)
    for segment in p.segments:
        needed[segment.branch] += segment.clients * p.visit_hours.get(segment.tier, 0.0)
    for branch, hours in needed.items():
        if hours > p.hours[branch] + SHARE_DIGITS:
            needed_a_year, there = (of_period / p.policy.part_of_year for of_period in (hours, p.hours[branch]))
            values: dict[str, Value] = {"branch": branch, "needed": round(needed_a_year, 1), "there": there, "short": _up(needed_a_year - there)}
            yield Fault("impossible_visits", table="managers", column="hours_year", values=values)


def floors_beyond_all(p: Problem) -> Iterator[Fault]:
    """(B4)  Σ_t floor[t] > 1      over tiers that have clients"""
    total = sum(share for tier, share in p.policy.floors.tier.items() if tier in p.tiers)
    if total > 1 + SHARE_DIGITS:
        yield Fault("impossible_floors", column="floors_tier", values={"total": 100 * total})


def floor_above_cap(p: Problem) -> Iterator[Fault]:
    """(B4)  floor[t] > cap[t]      for a tier with both"""
    caps = p.policy.caps.tier
    for tier, floor in p.policy.floors.tier.items():
        if floor > caps.get(tier, 1.0):
            yield Fault("impossible_floor_cap", column="floors_tier", values={"tier": tier, "floor": 100 * floor, "cap": 100 * caps[tier]})


def floor_without_clients(p: Problem) -> Iterator[Fault]:
    """(B4)  floor[t] > 0 and no client of t may be approached      for a tier"""
    present = {segment.tier for segment in p.segments}
    for tier, floor in p.policy.floors.tier.items():
        if floor > 0 and tier in p.tiers and tier not in present:
            yield Fault("impossible_floor_empty", column="floors_tier", values={"tier": tier})


def quarters_beyond_all(p: Problem) -> Iterator[Fault]:
    """(B3)  Σ_q lo[q] > 1 or Σ_q hi[q] < 1      over the quarters"""
    limits = bands(p.policy).values()
    least, most = sum(low for low, _ in limits), sum(high for _, high in limits)
    if least > 1 + SHARE_DIGITS:
        yield Fault("impossible_quarters_least", column="q1", values={"total": 100 * least})
    if most < 1 - SHARE_DIGITS:
        yield Fault("impossible_quarters_most", column="q1", values={"total": 100 * most})


def quarter_without_months(p: Problem) -> Iterator[Fault]:
    """(B3)  lo[q] > 0 and no event may be held in q      for a quarter"""
    open_months = {month for slot in p.slots if slot.most_sessions for month in slot.event.months}
    for quarter, (low, _) in bands(p.policy).items():
        if low > 0 and not open_months & set(QUARTERS[quarter]):
            yield Fault("impossible_quarter_empty", column=f"q{quarter}", values={"quarter": quarter, "least": 100 * low})


def must_hold_nowhere(p: Problem) -> Iterator[Fault]:
    """(E7)  no host may hold e in m, or e is forbidden      for an entry (e,m) of must_hold"""
    able = {(slot.event.event, month) for slot in p.slots if slot.most_sessions for month in slot.event.months}
    for entry in p.policy.must_hold:
        if entry.event in p.forbidden:
            values: dict[str, Value] = {"event": entry.event, "month": entry.month, "bar": p.forbidden[entry.event]}
            yield Fault("impossible_must_hold_forbidden", column="must_hold", values=values)
        elif (entry.event, entry.month) not in able:
            yield Fault("impossible_must_hold", column="must_hold", values={"event": entry.event, "month": entry.month})


def club_without_event(p: Problem) -> Iterator[Fault]:
    """(E6)  no event open to the region's clients may be held in m      for a region and month that is not blacked out"""
    if not p.policy.calendar.club_every_month:
        return
    for block in p.served:
        serving = {p.seats[i].slot for g in block.segments for i in p.seats_of_segment[g]}
        able = {month for s in serving if p.slots[s].most_sessions for month in p.slots[s].event.months}
        for month in p.months:
            if month not in able:
                yield Fault("impossible_club", column="club_every_month", values={"region": block.region, "month": month})


def sessions_nobody_fills(p: Problem) -> Iterator[Fault]:
    """(E2, E5)  min_sessions[e] > most sessions that can be held      for a slot (e,h)"""
    for slot in p.slots:
        if slot.event.min_sessions > slot.most_sessions and slot.event.months:
            yield Fault(
                "impossible_sessions",
                table="events",
                column="min_sessions",
                values={"event": slot.event.event, "host": slot.host, "least": slot.event.min_sessions, "most": slot.most_sessions},
            )


TESTS: tuple[Callable[[Problem], Iterator[Fault]], ...] = (
    visits_beyond_hours, floors_beyond_all, floor_above_cap, floor_without_clients, quarters_beyond_all, quarter_without_months,
    must_hold_nowhere, club_without_event, sessions_nobody_fills, locks_that_cannot_be,
)  # fmt: skip


def _up(hours: float) -> float:
    """Hours rounded up to a tenth."""
    return -(-hours * 10 // 1) / 10
