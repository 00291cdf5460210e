"""Event types as the model needs them: costs, rooms, open months, and who is eligible."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from planning.book.rows import Row, rows
from planning.book.segments import KEY, SegmentKey, segment_key
from planning.catalogue import compliance
from planning.policy import Policy


@dataclass(frozen=True)
class EventType:
    """One row of the events table, finished: money in yuan, hours, `months` those still open in the plan's year."""

    event: str
    family: str
    names: tuple[str, str]
    host_level: str
    fixed_cost_cny: float
    guest_cost_cny: float
    min_guests: int
    max_guests: int
    months: tuple[int, ...]
    min_sessions: int
    max_sessions: int
    max_per_client: float
    gift_cny: float
    partner_share: float
    touch_weight: float
    hours_session: float
    hours_guest: float
    notice_weeks: float
    own_months: tuple[int, ...] = ()  # of the table, whether or not still open
    least_a_year: int = 0  # sessions, of the table

    @property
    def bank_share(self) -> float:
        """What the bank itself pays of each yuan."""
        return 1.0 - self.partner_share

    @property
    def standard_cost_cny(self) -> float:
        """Cost of one seat in a full room, before partners."""
        return self.fixed_cost_cny / self.max_guests + self.guest_cost_cny


def event_types(events: pd.DataFrame, policy: Policy) -> tuple[EventType, ...]:
    """Every event type of the table, by code, with the months in which it can still be held."""
    return tuple(_event_type(row, policy) for row in rows(events.sort_values("event")))


def open_months(months: tuple[int, ...], notice_weeks: float, policy: Policy) -> tuple[int, ...]:
    """The months allowed, within the period, not past, not blacked out, and far enough after approval that clients can be told in time."""
    approved = policy.calendar.approved_on or date.min
    earliest = approved + timedelta(weeks=notice_weeks)
    ahead = {month for month in policy.months if month > policy.frozen.through_month}
    allowed = [month for month in sorted(set(months)) if month in ahead and month not in policy.calendar.blackout]
    return tuple(month for month in allowed if last_day(policy.year, month) >= earliest)


def sessions_of_period(a_year: int, months: tuple[int, ...], policy: Policy) -> int:
    """How many of a year's most sessions fall to the period.

    All where the event's months lie within it; else half, the odd one to the half with more of those months (the first of equals).
    """
    inside = sum(month in policy.months for month in set(months))
    outside = len(set(months)) - inside
    if not inside or not outside:
        return a_year if inside else 0
    larger = inside > outside or (inside == outside and policy.period == "first_half")
    return (a_year + larger) // 2


def part_of_event(months: tuple[int, ...], policy: Policy) -> float:
    """What the period is of an event's year: all of it where no month of the event lies outside."""
    return 1.0 if set(months) <= set(policy.months) else policy.part_of_year


def last_day(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def latest_notice(event: EventType, year: int, month: int) -> date:
    """The last day to tell clients of a session on the month's last day."""
    return last_day(year, month) - timedelta(weeks=event.notice_weeks)


def eligible(kept: pd.DataFrame, events: pd.DataFrame) -> Mapping[tuple[SegmentKey, str], int]:
    """How many clients of each segment may be invited to each event type, before the control group is taken out.

    Tier, kind, sex and interests as the event asks, less those whom rules of conduct keep from it: risk level (L4), what it gives (L2).
    """
    counts: dict[tuple[SegmentKey, str], int] = {}
    for event in rows(events):
        fit = kept[invited(kept, event) & compliance.suitable(kept, event) & compliance.may_be_given(kept, event)]
        sizes = fit.groupby(KEY).size()
        counts |= {(segment_key(key), event.event): int(size) for key, size in sizes.items()}
    return counts


def invited(kept: pd.DataFrame, event: Row) -> pd.Series:
    """Clients whom an event is meant for, by tier, kind, sex and interests."""
    fit = kept["tier"].isin(event.tiers) & kept["kind"].isin(event.kinds)
    if isinstance(event.sex, str) and event.sex:
        fit &= (kept["sex"] == event.sex) & (kept["kind"] == "personal")
    if event.interests:
        wanted = frozenset(event.interests)
        fit &= pd.Series([not wanted.isdisjoint(own) for own in kept["interests"]], index=kept.index, dtype=bool)
    return fit


def _event_type(row: Row, policy: Policy) -> EventType:
    months = open_months(row.months, float(row.notice_weeks), policy)
    part = part_of_event(row.months, policy)
    return EventType(
        row.event, row.family, (row.name_zh, row.name_en), row.host, float(row.fixed_cost_cny), float(row.guest_cost_cny),
        int(row.min_guests), int(row.max_guests), months, int(row.min_sessions * part), sessions_of_period(int(row.max_sessions), row.months, policy),
        float(row.max_per_client) * part,
        float(row.gift_cny), float(row.partner_share), float(row.touch_weight),
        float(row.manager_hours_session), float(row.manager_hours_guest), float(row.notice_weeks), tuple(sorted(set(row.months))),
        int(row.min_sessions),
    )  # fmt: skip
