"""What each event type costs, when and by whom it may be held, and how many clients of each segment it may invite."""

from calendar import monthrange
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import Any, NamedTuple

from planning.judge import period
from planning.judge.clients import Client, Segment
from planning.judge.conduct import forbidding, gives
from planning.judge.exact import day, exact, whole
from planning.judge.tables import Row, Tables, listed, rows

CENTRE = "centre"
PROFILES = 2**16  # of clients whose events are remembered


class Profile(NamedTuple):
    """What decides which events a client may come to."""

    tier: str
    kind: str
    sex: str | None
    risk_level: float | None
    interests: tuple[str, ...]
    may_have_gifts: bool


class Wanted(NamedTuple):
    """Whom an event type may invite. A missing risk level suits no event that asks for one."""

    tiers: frozenset[str]
    kinds: frozenset[str]
    sex: str | None
    risk_level: float | None
    interests: frozenset[str]
    gives: bool

    def suits(self, one: Profile) -> bool:
        """Whether it may invite such a client."""
        return (
            one.tier in self.tiers
            and one.kind in self.kinds
            and (not self.sex or one.sex == self.sex)
            and (not self.interests or not self.interests.isdisjoint(one.interests))
            and (self.risk_level is None or (one.risk_level is not None and one.risk_level >= self.risk_level))
            and (not self.gives or one.may_have_gifts)
        )


@dataclass(frozen=True)
class Event:
    """One event type; money in yuan, before partners' shares unless said. `eligible` = n[g,e], only where positive, were the event allowed."""

    family: str
    level: str
    fixed: Fraction
    guest: Fraction
    min_guests: Fraction
    max_guests: Fraction
    months: frozenset[int]  # of the table
    open_months: frozenset[int]
    min_sessions: int
    max_sessions: int
    max_per_client: Fraction
    gift: Fraction
    partner_share: Fraction
    touch: Fraction
    hours_session: Fraction
    hours_guest: Fraction
    eligible: Mapping[Segment, Fraction]
    forbidden: frozenset[str] = frozenset()  # rules of conduct that do not allow it to be held

    @property
    def standard(self) -> Fraction:
        """Standard cost of one attendance: its part of a full room, and its own."""
        return self.fixed / self.max_guests + self.guest

    def cost(self, sessions: Fraction, guests: Fraction) -> Fraction:
        """What sessions and guests cost, partners' shares included."""
        return self.fixed * sessions + self.guest * guests


class Guests:
    """How many clients of each segment may come to the same events, counted one client at a time."""

    def __init__(self, tables: Tables) -> None:
        self._wanted = {row["event"]: _wanted(row) for row in rows(tables, "events")}
        self._invited = lru_cache(PROFILES)(self._events_of)
        self._counts: Counter[tuple[Segment, tuple[str, ...]]] = Counter()

    def add(self, client: Client) -> None:
        """One more client, with the events that suit it."""
        _, tier, kind, *_ = client.segment
        profile = Profile(tier, kind, client.sex, client.risk_level, client.interests, client.may_have_gifts)
        self._counts[client.segment, self._invited(profile)] += 1

    def of(self, event: str, ends: Mapping[Segment, Segment]) -> dict[Segment, int]:
        """The clients who may come to an event, by the segments they end in, only where there are any."""
        counts: defaultdict[Segment, int] = defaultdict(int)
        for (segment, codes), clients in self._counts.items():
            if event in codes:
                counts[ends[segment]] += clients
        return counts

    def _events_of(self, profile: Profile) -> tuple[str, ...]:
        return tuple(code for code, wanted in self._wanted.items() if wanted.suits(profile))


def read_events(tables: Tables, policy: Mapping[str, Any], guests: Guests, ends: Mapping[Segment, Segment]) -> dict[str, Event]:
    """Every event type by its code; `ends` = the segment each ends in once small parts are merged."""
    invited = 1 - exact(policy["evaluation"]["holdout_share"])
    return {row["event"]: _event(row, policy, guests.of(row["event"], ends), invited) for row in rows(tables, "events")}


def open_months(row: Row, policy: Mapping[str, Any]) -> frozenset[int]:
    """Months of the event within the period in which a session leaves clients their notice, neither past nor blacked out."""
    year, calendar = int(policy["year"]), policy["calendar"]
    earliest = date.min
    if calendar["approved_on"] is not None:
        earliest = day(calendar["approved_on"]) + timedelta(weeks=float(exact(row.get("notice_weeks"))))
    months = (held_in(row) & period.months(policy)) - {int(month) for month in calendar["blackout"]} - set(range(1, past_month(policy) + 1))
    return frozenset(month for month in months if earliest <= date(year, month, monthrange(year, month)[1]))


def held_in(row: Row) -> frozenset[int]:
    """Months in which the event may be held in any year."""
    return frozenset(int(month) for month in listed(row["months"]))


def past_month(policy: Mapping[str, Any]) -> int:
    """The last month that is past, 0 for none; a policy written before there were locked lines has none."""
    return int((policy.get("frozen") or {}).get("through_month", 0))


def _wanted(row: Row) -> Wanted:
    tiers, kinds, interests = (frozenset(listed(row.get(name))) for name in ("tiers", "kinds", "interests"))
    return Wanted(tiers, kinds, row.get("sex"), row.get("risk_level"), interests, gives(row))


def _event(row: Row, policy: Mapping[str, Any], counts: Mapping[Segment, int], invited: Fraction) -> Event:
    part, in_a_year = period.event_part(policy, held_in(row)), whole(row["max_sessions"])
    return Event(
        family=row["family"], level=row["host"], fixed=exact(row["fixed_cost_cny"]), guest=exact(row["guest_cost_cny"]),
        min_guests=exact(row["min_guests"]), max_guests=exact(row["max_guests"]), months=held_in(row), open_months=open_months(row, policy),
        min_sessions=floor(part * whole(row.get("min_sessions"))), max_sessions=period.most_sessions(policy, held_in(row), in_a_year),
        max_per_client=part * exact(row["max_per_client"]),
        gift=exact(row.get("gift_cny")), partner_share=exact(row.get("partner_share")), touch=exact(row.get("touch_weight"), missing=Fraction(1)),
        hours_session=exact(row.get("manager_hours_session")), hours_guest=exact(row.get("manager_hours_guest")),
        eligible={segment: invited * count for segment, count in counts.items() if invited > 0},
        forbidden=forbidding(row, policy),
    )  # fmt: skip
