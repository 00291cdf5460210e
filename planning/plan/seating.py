"""Guests for sessions that a planner has named without them: as many as the rooms and the clients allow, where they add most."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import inf

from planning.book.book import Book
from planning.catalogue.events import EventType
from planning.catalogue.offer import Partner, offer
from planning.errors import Infeasible, NotSolved
from planning.optimise.impossible import impossible
from planning.optimise.placement import Placed, plan_months
from planning.optimise.problem import Problem, month_limit, problem
from planning.plan.compose import attendances, event_hours, visit_hours
from planning.plan.hand_made import HandMade, Level
from planning.plan.plan import Attendances
from planning.policy import Policy

Guests = dict[tuple[int, int], int]  # (seat, month) → guests


def seated(book: Book, policy: Policy, hand: HandMade, levels: Sequence[Level]) -> tuple[tuple[Attendances, ...], bool]:
    """(the guests of the plan's sessions, whether as well as can be under every rule).

    All lines are locked and the guests chosen by the optimiser. Where the plan's lines break a rule, so that no guests keep
    them all, seats are filled one by one where they add most, within rooms, clients' attendances (E1, E3, E4) and gifts (E8).
    A session gets its least number first; whoever comes beyond it must fit partners' caps (B7) and managers' hours (N1) too.
    """
    tied = policy.with_parameters({**locked_lines(hand.sessions, levels), "frozen_through_month": 12})
    p = problem(offer(book, tied), tied)
    try:
        if not impossible(p):
            _, placed = plan_months(p)
            return attendances(p, placed), True
    except (Infeasible, NotSolved):
        pass  # some rule is broken whoever comes
    return attendances(p, Placed({}, filled(p))), False


def locked_lines(sessions: Sequence[object], levels: Sequence[Level]) -> dict[str, list[dict[str, object]]]:
    """Lines of a plan as the parameters of [frozen]."""
    held = [{name: getattr(row, name) for name in ("host", "event", "month", "sessions")} for row in sessions]
    return {"frozen_sessions": held, "frozen_ladder": [dict(vars(level)) for level in levels]}


@dataclass
class _Filling:
    """Seats taken so far, and what is left of rooms, clients and gifts."""

    p: Problem
    guests: Guests = field(default_factory=dict)
    of_slot: Guests = field(default_factory=dict)  # (slot, month)
    of_seat: dict[int, int] = field(default_factory=dict)
    of_segment: Guests = field(default_factory=dict)  # (segment, month)
    gifts: dict[int, float] = field(default_factory=dict)
    touches: dict[int, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        p = self.p
        self.answer = {i: r for r, response in enumerate(p.responses) for i in response.seats}
        placed = Placed(dict(p.locked), {})
        visits, events, required = visit_hours(p), event_hours(p, placed), p.policy.contact.rule == "required"
        self.spare = {("hours", branch): hours - visits[branch] - events[branch] if required else inf for branch, hours in p.hours.items()}
        for partner in p.partners:
            fixed = (p.slots[s].event.fixed_cost_cny * count * self._part(partner, p.slots[s].event) for (s, _), count in p.locked.items())
            self.spare["cap", partner.partner] = partner.cap_cny - sum(fixed)

    def worth(self, i: int) -> float:
        """What one more guest on a seat adds, yuan; net of cost where the objective is."""
        event, r = self.p.event(self.p.seats[i]), self.answer.get(i)
        cost = event.guest_cost_cny * event.bank_share if self.p.net else 0.0
        if r is None:
            return -cost
        curve, at = self.p.responses[r].curve, self.touches.get(r, 0.0)
        return curve.at(at + event.touch_weight) - curve.at(at) - cost

    def fits(self, i: int, month: int, limit: int) -> bool:
        """Whether one more guest of a seat fits, with at most `limit` guests in the slot's month."""
        seat, sessions = self.p.seats[i], self.p.locked[self.p.seats[i].slot, month]
        segment, event, caps = self.p.segments[seat.segment], self.p.event(seat), self.p.policy.caps
        return (
            self.of_slot.get((seat.slot, month), 0) < limit
            and self.guests.get((i, month), 0) < seat.most_a_session * sessions
            and self.of_seat.get(i, 0) < seat.most
            and self.of_segment.get((seat.segment, month), 0) < month_limit(segment.clients, self.p.policy)
            and self.gifts.get(seat.segment, 0.0) + event.gift_cny <= caps.gift_cny_client_year * self.p.policy.part_of_year * segment.clients
        )

    def spared(self, i: int) -> dict[tuple[str, str], float]:
        """What one more guest on a seat takes of each branch's hours and each partner's cap."""
        event = self.p.event(self.p.seats[i])
        borne = {("cap", partner.partner): event.guest_cost_cny * self._part(partner, event) for partner in self.p.partners}
        return {("hours", self.p.segments[self.p.seats[i].segment].branch): event.hours_guest, **borne}

    @staticmethod
    def _part(partner: Partner, event: EventType) -> float:
        return event.partner_share * partner.part_of_family.get(event.family, 0.0)

    def seat(self, i: int, month: int) -> None:
        """One more guest."""
        seat, event = self.p.seats[i], self.p.event(self.p.seats[i])
        for counts, key in ((self.guests, (i, month)), (self.of_slot, (seat.slot, month)), (self.of_segment, (seat.segment, month))):
            counts[key] = counts.get(key, 0) + 1
        self.of_seat[i] = self.of_seat.get(i, 0) + 1
        self.gifts[seat.segment] = self.gifts.get(seat.segment, 0.0) + event.gift_cny
        if i in self.answer:
            self.touches[self.answer[i]] = self.touches.get(self.answer[i], 0.0) + event.touch_weight
        for whose, amount in self.spared(i).items():
            self.spare[whose] -= amount


def filled(p: Problem) -> Guests:
    """Guests for the locked sessions, seated one by one: first each session's least number, then whoever adds more than he costs."""
    filling = _Filling(p)
    least = {(s, month): p.slots[s].event.min_guests * count for (s, month), count in p.locked.items()}
    most = {(s, month): p.slots[s].event.max_guests * count for (s, month), count in p.locked.items()}
    _fill(filling, least, worthwhile=False)
    _fill(filling, most, worthwhile=True)
    return filling.guests


def _fill(filling: _Filling, limits: Mapping[tuple[int, int], int], worthwhile: bool) -> None:
    """Worth only falls as seats are taken, so a stale figure is an upper bound: the best is looked at again before it is taken."""
    p = filling.p
    waiting = [(-filling.worth(i), i, month) for (s, month) in limits for i in p.seats_of_slot[s]]
    heapq.heapify(waiting)
    while waiting:
        told, i, month = heapq.heappop(waiting)
        if not filling.fits(i, month, limits[p.seats[i].slot, month]):
            continue
        if worthwhile and any(amount > filling.spare[whose] for whose, amount in filling.spared(i).items() if amount):
            continue
        worth = filling.worth(i)
        if -told > worth and waiting and worth < -waiting[0][0]:
            heapq.heappush(waiting, (-worth, i, month))
        elif worth > 0 or not worthwhile:
            filling.seat(i, month)
            heapq.heappush(waiting, (-filling.worth(i), i, month))
