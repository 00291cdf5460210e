"""The planning problem as sets and numbers, finished before the model starts.

letter   field                 meaning
g        segments              branch × tier × kind (× part where refined), n[g] = clients, v[g] = mean contribution
e, h     Event, Host           event type; branch, region or centre that holds it
(e,h)    Slot                  a host's sessions of one event type over the year, Z[e,h]
(g,e,h)  Seat                  a segment's attendances at them, X[g,e,h]
(g,f)    Response              touches of a family, u[g,f,s] its straight pieces
(r,t,k)  cells                 ladder cells; y[r,t,k,c,l] one step each
(s,m)    locked                sessions of a slot in a month that stay as they are; (cell, concession) → level in locked_levels
b        branches              managers' hours, floors and caps

A Block holds what belongs to one region alone; what several regions share (centre events, budgets, tiers) stands in Problem.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import floor, inf

from planning.book.segments import Segment
from planning.catalogue.concessions import Cell
from planning.catalogue.doubts import Doubt, Key
from planning.catalogue.events import EventType
from planning.catalogue.offer import Offer, Partner
from planning.catalogue.responses import Curve, Piece, first_points, horizon_factor, tangents
from planning.policy import Policy

CENTRE = "centre"
EPSILON = 1e-9


@dataclass(frozen=True)
class Slot:
    """(e,h): `most_guests` is what one session can seat or the host's clients can fill, whichever is less.

    The event's `months` here are those in which this host may or, where locked, must hold it.
    """

    event: EventType
    host: str
    regions: tuple[str, ...]
    most_guests: int
    most_sessions: int

    @property
    def key(self) -> tuple[str, str]:
        return self.event.event, self.host


@dataclass(frozen=True)
class Seat:
    """(g,e,h): whole attendances the segment may take in the year, `most` = ⌊max_per_client · n[g,e]⌋, and at one session."""

    segment: int
    slot: int
    most: int
    most_a_session: int


@dataclass(frozen=True)
class Response:
    """(g,f): the curve, and the touches at which tangents stand for it in the model; `seats` are those that touch."""

    segment: int
    family: str
    curve: Curve
    points: tuple[float, ...]
    most_touches: float
    seats: tuple[int, ...]

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        return tangents(self.curve, self.points, self.most_touches)


@dataclass(frozen=True)
class Block:
    """What belongs to one region alone, as indices into the problem."""

    region: str
    segments: tuple[int, ...]
    slots: tuple[int, ...]
    cells: tuple[int, ...]
    branches: tuple[str, ...]


@dataclass(frozen=True)
class Problem:
    """One bank's year: regional blocks plus what they share. Money in yuan."""

    policy: Policy
    tiers: tuple[str, ...]
    segments: tuple[Segment, ...]
    slots: tuple[Slot, ...]
    seats: tuple[Seat, ...]
    responses: tuple[Response, ...]
    cells: tuple[Cell, ...]
    blocks: tuple[Block, ...]
    hours: Mapping[str, float]
    visit_hours: Mapping[str, float]
    partners: tuple[Partner, ...]
    event_limit_cny: float
    concession_limit_cny: float
    tightened: float = 0.0  # part of the monthly rules given up so that months can be placed
    doubts: Mapping[Key, Doubt] = field(default_factory=dict)
    base_contribution_cny: float = inf  # last year's, which the budgets' ratios are of
    locked: Mapping[tuple[int, int], int] = field(default_factory=dict)
    locked_levels: Mapping[tuple[int, str], int] = field(default_factory=dict)
    forbidden: Mapping[str, str] = field(default_factory=dict)  # events that law or conduct forbid → bar

    @cached_property
    def seats_of_slot(self) -> tuple[tuple[int, ...], ...]:
        return _grouped((seat.slot for seat in self.seats), len(self.slots))

    @cached_property
    def seats_of_segment(self) -> tuple[tuple[int, ...], ...]:
        return _grouped((seat.segment for seat in self.seats), len(self.segments))

    @property
    def served(self) -> tuple[Block, ...]:
        """The blocks with a client who may be approached."""
        return tuple(block for block in self.blocks if block.segments)

    @property
    def net(self) -> bool:
        return self.policy.value.objective == "net"

    @property
    def months(self) -> tuple[int, ...]:
        """Months of the period that are neither past nor blacked out."""
        past, blackout = self.policy.frozen.through_month, self.policy.calendar.blackout
        return tuple(month for month in self.policy.months if month > past and month not in blackout)

    @cached_property
    def locked_of_slot(self) -> Mapping[int, int]:
        """Sessions a slot holds by its locked lines."""
        held: dict[int, int] = {}
        for (s, _), count in self.locked.items():
            held[s] = held.get(s, 0) + count
        return held

    def concession_room(self, event_cny: float) -> float:
        """(B2) What concessions may cost beside so much event cash, yuan: their limit, and what events leave of what may move, less what they took."""
        share = self.policy.budget.transfer_share
        moved = min(max(self.event_limit_cny - event_cny, -share * self.concession_limit_cny), share * self.event_limit_cny)
        return self.concession_limit_cny + moved

    def event(self, seat: Seat) -> EventType:
        return self.slots[seat.slot].event


def problem(offer: Offer, policy: Policy) -> Problem:
    """The problem of one bank and year; nothing in it that could not be chosen."""
    locked: dict[tuple[str, str], dict[int, int]] = {}
    for line in policy.locked_sessions:
        locked.setdefault((line.event, line.host), {})[line.month] = line.sessions
    slots, seats = _slots_and_seats(offer, policy, locked)
    places = {slot.key: s for s, slot in enumerate(slots)}
    cells = {cell.key: c for c, cell in enumerate(offer.cells)}
    granted = (((line.region, line.tier, line.kind), line) for line in policy.frozen.ladder)
    limits = budget_limits(offer, policy)
    return Problem(
        policy=policy,
        tiers=offer.tiers,
        segments=offer.segments,
        slots=slots,
        seats=seats,
        responses=tuple(_responses(offer, policy, slots, seats)),
        cells=offer.cells,
        blocks=tuple(_block(region, offer, slots) for region in sorted(set(offer.branches.values()))),
        hours={branch: offer.hours.get(branch, 0.0) for branch in offer.branches},
        visit_hours=offer.visit_hours,
        partners=offer.partners,
        event_limit_cny=limits[0],
        concession_limit_cny=limits[1],
        doubts=offer.doubts,
        base_contribution_cny=max(offer.base_contribution_cny, 0.0),
        locked={(s, m): count for key, s in places.items() for m, count in locked.get(key, {}).items() if m in slots[s].event.months},
        locked_levels={(cells[key], line.concession): line.level for key, line in granted if key in cells and line.concession in offer.cells[cells[key]].steps},
        forbidden=offer.forbidden,
    )


def budget_limits(offer: Offer, policy: Policy) -> tuple[float, float]:
    """(event, concession) limits, yuan: the smaller of amount and ratio × last year's contribution (its part that falls to the period)."""
    base = max(offer.base_contribution_cny, 0.0) * policy.part_of_year
    budget = policy.budget
    return min(budget.event_cny, budget.event_ratio * base), min(budget.concession_cny, budget.concession_ratio * base)


def month_limit(clients: int, policy: Policy) -> int:
    """Whole attendances that many clients may take in one month (E4)."""
    return floor(policy.caps.attendances_client_month * clients + EPSILON)


def hosts(offer: Offer, level: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every host of a level with the branches it serves."""
    if level == "branch":
        yield from ((branch, (branch,)) for branch in offer.branches)
    elif level == "region":
        for region in sorted(set(offer.branches.values())):
            yield region, tuple(branch for branch, own in offer.branches.items() if own == region)
    else:
        yield CENTRE, tuple(offer.branches)


Locked = Mapping[tuple[str, str], Mapping[int, int]]  # (event, host) → month → sessions


def _slots_and_seats(offer: Offer, policy: Policy, locked: Locked) -> tuple[tuple[Slot, ...], tuple[Seat, ...]]:
    slots: list[Slot] = []
    seats: list[Seat] = []
    held_in = 1 - policy.evaluation.holdout_share
    by_branch: dict[str, list[int]] = {branch: [] for branch in offer.branches}
    for g, segment in enumerate(offer.segments):
        by_branch[segment.branch].append(g)
    for event in offer.events:
        for host, branches in hosts(offer, event.host_level):
            here, free, fixed = _at_host(event, locked.get((event.event, host), {}))
            if not here.months:
                continue
            most = {
                g: floor(event.max_per_client * held_in * offer.eligible.get((offer.segments[g].key, event.event), 0) + EPSILON)
                for branch in branches
                for g in by_branch[branch]
            }
            at_once = {g: min(places, event.max_guests, month_limit(offer.segments[g].clients, policy)) for g, places in most.items()}
            filled = sum(at_once.values())
            if not any(offer.eligible.get((offer.segments[g].key, event.event), 0) for g in most):
                continue
            regions = tuple(sorted({offer.branches[branch] for branch in branches}))
            sessions = (event.max_sessions if free else fixed) if filled >= max(event.min_guests, 1) else 0
            seats += [Seat(g, len(slots), places, at_once[g]) for g, places in most.items() if places > 0]
            slots.append(Slot(here, host, regions, min(event.max_guests, filled), sessions))
    return tuple(slots), tuple(seats)


def _at_host(event: EventType, held: Mapping[int, int]) -> tuple[EventType, bool, int]:
    """(the event in the months of a host with these locked sessions, whether any of them is free to choose, how many sessions are locked).

    A locked session takes place in any month of the table, past, blacked out or on short notice though it be. Where no open
    month is left to choose from, no least number of sessions is asked for.
    """
    free = [month for month in event.months if month not in held]
    fixed = [month for month, count in held.items() if count and month in event.own_months]
    months = tuple(sorted([*free, *fixed])) or event.months
    here = event if months == event.months else replace(event, months=months, min_sessions=event.min_sessions if event.months else 0)
    return here, bool(free), sum(held[month] for month in fixed)


def _responses(offer: Offer, policy: Policy, slots: tuple[Slot, ...], seats: tuple[Seat, ...]) -> Iterator[Response]:
    mu = horizon_factor(policy.value)
    touching: dict[tuple[int, str], list[int]] = {}
    for index, seat in enumerate(seats):
        touching.setdefault((seat.segment, slots[seat.slot].event.family), []).append(index)
    for (g, family), own in sorted(touching.items()):
        segment = offer.segments[g]
        share, rate = offer.responses.get((segment.tier, segment.kind, family), (0.0, 0.0))
        ceiling = mu * segment.clients * segment.mean_contribution_cny * share
        most = sum(slots[seats[i].slot].event.touch_weight * seats[i].most for i in own)
        if ceiling <= 0 or rate <= 0 or most <= 0:
            continue
        curve = Curve(ceiling, rate, segment.clients)
        yield Response(g, family, curve, first_points(curve, most), most, tuple(own))


def _block(region: str, offer: Offer, slots: tuple[Slot, ...]) -> Block:
    return Block(
        region,
        tuple(g for g, segment in enumerate(offer.segments) if segment.region == region),
        tuple(s for s, slot in enumerate(slots) if slot.regions == (region,)),
        tuple(c for c, cell in enumerate(offer.cells) if cell.region == region),
        tuple(branch for branch, own in offer.branches.items() if own == region),
    )


def _grouped(owners: Iterator[int], count: int) -> tuple[tuple[int, ...], ...]:
    groups: list[list[int]] = [[] for _ in range(count)]
    for index, owner in enumerate(owners):
        groups[owner].append(index)
    return tuple(tuple(group) for group in groups)
