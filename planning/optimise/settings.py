"""Settings: what a planner may change so that a rule gives way, one number, or one yes, a setting.

A rule may hold at many places and hang on one setting: lowering the least spending a client eases it in every branch.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil, floor, log10

from planning.catalogue.events import EventType, part_of_event
from planning.optimise.model import Row
from planning.optimise.problem import Problem, Slot, month_limit
from planning.optimise.rules import bands
from planning.policy import Policy

SHARE_STEP, HOURS_STEP, TIMES_STEP = 0.001, 0.1, 0.1
FIGURES = 4  # of an amount of money that are told
RATIO_DIGITS = 4


@dataclass(frozen=True)
class Setting:
    """What a rule asks for at a place, and how far it could be eased; `table` and `column` where the policy has no field for it.

    Hours, caps and sessions are a year's, as the tables have them, whatever the period.
    `end` = whether it is the least or the most that is set. `step` = what it is rounded to, always to the easier side.
    """

    rule: str
    where: tuple[str, ...]
    unit: str  # CNY | share | hours | sessions | attendances | yes
    asked: float
    loosest: float
    step: float = 1.0
    end: str = "most"
    table: str = ""
    column: str = ""

    @property
    def steps(self) -> int:
        """How many steps it is from as it stands to as easy as can be."""
        return ceil(abs(self.loosest - self.asked) / self.step - 1e-9)

    def after(self, steps: int) -> float:
        """Its value so many steps easier, a multiple of the step."""
        if steps <= 0:
            return self.asked
        if self.loosest > self.asked:
            return min(round((floor(self.asked / self.step + 1e-9) + steps) * self.step, 6), self.loosest)
        return max(round((ceil(self.asked / self.step - 1e-9) - steps) * self.step, 6), self.loosest)

    def reaching(self, value: float) -> int:
        """The fewest steps after which it is as easy as `value`."""
        moved = value - self.asked if self.loosest > self.asked else self.asked - value
        near = max(min(floor(moved / self.step), self.steps), 0)
        easy = (steps for steps in (near, near + 1, near + 2) if self._as_easy(self.after(steps), value))
        return min(next(easy, self.steps), self.steps)

    def concerns(self, row: Row, sense: str) -> bool:
        """Whether a row of the model hangs on it; `sense` = the row's, as least or most."""
        if self.rule == "visits_as_target":
            return row.rule == "visits_kept"
        if row.rule != self.rule:
            return False
        if self.rule == "spend_phased":
            return self.end == sense and self.where[0].removeprefix("q") in row.where
        return all(own == other for own, other in zip(self.where, row.where, strict=False))

    def _as_easy(self, value: float, as_: float) -> bool:
        return value >= as_ - 1e-12 if self.loosest > self.asked else value <= as_ + 1e-12


def settings(problem: Problem, in_policy: bool = False) -> tuple[Setting, ...]:
    """Every setting that could be easier than it is; `in_policy` = only those a policy can say, with visits as a target for the managers' hours."""
    every = [setting for found in (*IN_POLICY, *((_visits,) if in_policy else IN_TABLES)) for setting in found(problem)]
    return tuple(setting for setting in every if setting.steps > 0)


def eased(problem: Problem, setting: Setting, value: float) -> Problem:
    """The same year with one setting at another value."""
    return PUT[setting.rule](problem, setting, value)


def _budgets(p: Problem) -> Iterator[Setting]:
    events = sum(slot.most_sessions * (slot.event.fixed_cost_cny + slot.event.guest_cost_cny * slot.event.max_guests) for slot in p.slots)
    ladders = sum(max(step.cost_cny for step in steps) for cell in p.cells for steps in cell.steps.values())
    for rule, limit, most in (("within_event_budget", p.event_limit_cny, events), ("within_concession_budget", p.concession_limit_cny, ladders)):
        yield Setting(rule, (), "CNY", limit, max(min(ceil(most), _base(p)), limit), _tidy(limit or most))


def _base(p: Problem) -> float:
    """What the budgets' ratios are of: last year's contribution, its part for the period."""
    return p.base_contribution_cny * p.policy.part_of_year


def _quarters(p: Problem) -> Iterator[Setting]:
    """Those that limit anything, as the policy says them: shares of a year, though a half is held to what they imply."""
    for quarter in (quarter for quarter, band in bands(p.policy).items() if band != (0.0, 1.0)):
        low, high = getattr(p.policy.phasing, f"q{quarter}")
        yield Setting("spend_phased", (f"q{quarter}",), "share", low, 0.0, SHARE_STEP, "least")
        yield Setting("spend_phased", (f"q{quarter}",), "share", high, 1.0, SHARE_STEP)


def _tiers(p: Problem) -> Iterator[Setting]:
    for tier, share in p.policy.floors.tier.items():
        if tier in p.tiers:
            yield Setting("tier_floor", (tier,), "share", share, 0.0, SHARE_STEP, "least")
    for tier, share in p.policy.caps.tier.items():
        if tier in p.tiers:
            yield Setting("tier_cap", (tier,), "share", share, 1.0, SHARE_STEP)


def _branches(p: Problem) -> Iterator[Setting]:
    least = p.policy.floors.branch_cny_per_client
    yield Setting("branch_floor", (), "CNY", least, 0.0, _tidy(least), "least")
    yield Setting("branch_cap", (), "share", p.policy.caps.branch_share, 1.0, SHARE_STEP)


def _clients(p: Problem) -> Iterator[Setting]:
    caps = p.policy.caps
    events = {slot.event.event: slot.event for slot in p.slots}.values()
    gifts = sum(event.gift_cny * event.max_per_client for event in events)
    times = sum(event.max_per_client for event in events)
    yield Setting("gifts_within_cap", (), "CNY", caps.gift_cny_client_year, max(gifts / p.policy.part_of_year, caps.gift_cny_client_year))
    yield Setting("not_too_often", (), "attendances", caps.attendances_client_month, max(ceil(times), caps.attendances_client_month), TIMES_STEP)
    yield Setting("concession_bearable", (), "share", caps.concession_share_of_contribution, 1.0, SHARE_STEP)


def _calendar(p: Problem) -> Iterator[Setting]:
    if p.policy.calendar.club_every_month:
        yield Setting("club_every_month", (), "yes", 1.0, 0.0, end="least")
    for entry in p.policy.calendar.must_hold:
        yield Setting("must_hold", (entry.event, str(entry.month)), "yes", 1.0, 0.0, end="least")


def _visits(p: Problem) -> Iterator[Setting]:
    if p.policy.contact.rule == "required":
        yield Setting("visits_as_target", (), "yes", 1.0, 0.0, end="least")


def _hours(p: Problem) -> Iterator[Setting]:
    if p.policy.contact.rule != "required":
        return
    visits = sum(segment.clients * p.visit_hours.get(segment.tier, 0.0) for segment in p.segments)
    events = sum(slot.event.hours_session * slot.most_sessions for slot in p.slots) + sum(p.event(seat).hours_guest * seat.most for seat in p.seats)
    for branch, hours in p.hours.items():
        own, most = (of_period / p.policy.part_of_year for of_period in (hours, hours + visits + events))
        yield Setting("visits_kept", (branch,), "hours", own, ceil(most), HOURS_STEP, table="managers", column="hours_year")


def _sessions(p: Problem) -> Iterator[Setting]:
    for event in {slot.event.event: slot.event for slot in p.slots}.values():
        yield Setting("sessions_within_the_year", (event.event,), "sessions", event.least_a_year, 0.0, end="least", table="events", column="min_sessions")


def _partners(p: Problem) -> Iterator[Setting]:
    borne = sum(s.most_sessions * s.event.partner_share * (s.event.fixed_cost_cny + s.event.guest_cost_cny * s.event.max_guests) for s in p.slots)
    for partner in p.partners:
        cap = partner.cap_cny / p.policy.part_of_year
        most = max(ceil(borne / p.policy.part_of_year), cap)
        yield Setting("partner_within_cap", (partner.partner,), "CNY", cap, most, _tidy(cap or most), table="partners", column="cap_cny")


IN_POLICY = (_budgets, _quarters, _tiers, _branches, _clients, _calendar)
IN_TABLES = (_hours, _sessions, _partners)


def _tidy(amount: float) -> float:
    """What an amount of money of that size is rounded to."""
    return 10.0 ** max(floor(log10(amount)) + 1 - FIGURES, 0 if amount >= 10 else -2) if amount > 0 else 1.0


def _policy(p: Problem, section: str, **fields: object) -> Problem:
    policy: Policy = p.policy.model_copy(update={section: getattr(p.policy, section).model_copy(update=fields)})
    return replace(p, policy=policy)


def _put_budget(p: Problem, setting: Setting, value: float) -> Problem:
    name = "event" if setting.rule == "within_event_budget" else "concession"
    amount, ratio = (getattr(p.policy.budget, f"{name}_{part}") for part in ("cny", "ratio"))
    if value > ratio * _base(p):
        ratio = min(ceil(value / _base(p) * 10**RATIO_DIGITS) / 10**RATIO_DIGITS, 1.0)
    changed = _policy(p, "budget", **{f"{name}_cny": max(amount, value), f"{name}_ratio": ratio})
    limit = min(max(amount, value), ratio * _base(p))
    return replace(changed, event_limit_cny=limit) if name == "event" else replace(changed, concession_limit_cny=limit)


def _put_quarter(p: Problem, setting: Setting, value: float) -> Problem:
    (name,) = setting.where
    low, high = getattr(p.policy.phasing, name)
    return _policy(p, "phasing", **{name: (value, high) if setting.end == "least" else (low, value)})


def _put_tier(p: Problem, setting: Setting, value: float) -> Problem:
    section = "floors" if setting.rule == "tier_floor" else "caps"
    shares = {**getattr(p.policy, section).tier, setting.where[0]: value}
    limit = 0.0 if section == "floors" else 1.0
    return _policy(p, section, tier={tier: share for tier, share in shares.items() if share != limit or tier != setting.where[0]})


def _put_often(p: Problem, _: Setting, value: float) -> Problem:
    """Attendances a month also bound how many of a segment can come to one session."""
    changed = _policy(p, "caps", attendances_client_month=value)
    limits = [month_limit(segment.clients, changed.policy) for segment in p.segments]
    seats = tuple(replace(seat, most_a_session=min(seat.most, p.event(seat).max_guests, limits[seat.segment])) for seat in p.seats)
    slots = tuple(_seating(p, s, sum(seats[i].most_a_session for i in own)) for s, own in enumerate(p.seats_of_slot))
    return replace(changed, seats=seats, slots=slots)


def _seating(p: Problem, s: int, filled: int) -> Slot:
    """A slot whose host can fill so many seats; where all its months are locked it holds just what is locked."""
    slot, free = p.slots[s], any((s, month) not in p.locked for month in p.slots[s].event.months)
    sessions = slot.event.max_sessions if free else p.locked_of_slot.get(s, 0)
    fills = filled >= max(slot.event.min_guests, 1)
    return replace(slot, most_guests=min(slot.event.max_guests, filled), most_sessions=sessions if fills else 0)


def _put_must_hold(p: Problem, setting: Setting, value: float) -> Problem:
    if value > 0:
        return p
    kept = tuple(entry for entry in p.policy.calendar.must_hold if (entry.event, str(entry.month)) != setting.where)
    return _policy(p, "calendar", must_hold=kept)


def _put_hours(p: Problem, setting: Setting, value: float) -> Problem:
    return replace(p, hours={**p.hours, setting.where[0]: value * p.policy.part_of_year})


def _put_sessions(p: Problem, setting: Setting, value: float) -> Problem:
    def asked(event: EventType) -> EventType:
        least = int(round(value) * part_of_event(event.own_months, p.policy))
        return replace(event, min_sessions=min(least, event.min_sessions)) if event.event == setting.where[0] else event

    return replace(p, slots=tuple(replace(slot, event=asked(slot.event)) for slot in p.slots))


def _put_partner(p: Problem, setting: Setting, value: float) -> Problem:
    cap = value * p.policy.part_of_year
    return replace(p, partners=tuple(replace(one, cap_cny=cap) if one.partner == setting.where[0] else one for one in p.partners))


PUT: dict[str, Callable[[Problem, Setting, float], Problem]] = {
    "within_event_budget": _put_budget,
    "within_concession_budget": _put_budget,
    "spend_phased": _put_quarter,
    "tier_floor": _put_tier,
    "tier_cap": _put_tier,
    "branch_floor": lambda p, _, value: _policy(p, "floors", branch_cny_per_client=value),
    "branch_cap": lambda p, _, value: _policy(p, "caps", branch_share=value),
    "gifts_within_cap": lambda p, _, value: _policy(p, "caps", gift_cny_client_year=value),
    "not_too_often": _put_often,
    "concession_bearable": lambda p, _, value: _policy(p, "caps", concession_share_of_contribution=value),
    "club_every_month": lambda p, _, value: _policy(p, "calendar", club_every_month=value > 0),
    "must_hold": _put_must_hold,
    "visits_as_target": lambda p, _, value: _policy(p, "contact", rule="required" if value > 0 else "target"),
    "visits_kept": _put_hours,
    "sessions_within_the_year": _put_sessions,
    "partner_within_cap": _put_partner,
}
