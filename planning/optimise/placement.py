"""The months: the year's sessions and guests placed so that every monthly rule holds and the year is evenly used.

z[s,m] = sessions of slot s in month m. A session of a slot carries the slot's mean guests and cash, so rooms are right by
construction; what whole guests shift between months is covered by a margin on the quarters and checked afterwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import pulp

from planning.errors import Fault, NotSolved
from planning.optimise.problem import Problem
from planning.optimise.rules import QUARTERS
from planning.optimise.solve import Effort, solve
from planning.optimise.year import Year

MARGINS = (0.002, 0.01, 0.03)  # of the year's spend, kept free at each quarter's limits
EVEN_ENOUGH, NODES = 0.05, 50
BROKEN = 1e4  # price of a broken monthly rule against one session too many in a month


@dataclass(frozen=True)
class Placed:
    """Sessions by (slot, month) and guests by (seat, month); nothing where there is none."""

    sessions: dict[tuple[int, int], int]
    guests: dict[tuple[int, int], int]


def place(problem: Problem, year: Year) -> Placed:
    """The year in months. NotSolved names the monthly rule that the year's sessions cannot keep."""
    for margin in MARGINS:
        sessions = _months(problem, year, margin)
        placed = Placed(sessions, _seated(problem, year, sessions))
        if phasing_kept(problem, placed):
            return placed
    raise NotSolved(Fault("no_months", values={"rule": "spend_phased", "where": ""}))


def cash_by_month(problem: Problem, placed: Placed) -> dict[int, float]:
    """The bank's event cash in each month, yuan."""
    cash = dict.fromkeys(range(1, 13), 0.0)
    for (s, month), count in placed.sessions.items():
        event = problem.slots[s].event
        cash[month] += event.fixed_cost_cny * event.bank_share * count
    for (i, month), count in placed.guests.items():
        event = problem.event(problem.seats[i])
        cash[month] += event.guest_cost_cny * event.bank_share * count
    return cash


def phasing_kept(problem: Problem, placed: Placed) -> bool:
    """(B3)  lo[q]·E ≤ cash of quarter q ≤ hi[q]·E      for every quarter"""
    cash = cash_by_month(problem, placed)
    total = sum(cash.values())
    spent = {quarter: sum(cash[month] for month in months) for quarter, months in QUARTERS.items()}
    return all(low * total <= spent[quarter] + 1e-6 and spent[quarter] <= high * total + 1e-6 for quarter, (low, high) in _bands(problem).items())


class Calendar:
    """The placement problem: whole z, soft evenness, monthly rules at the price `BROKEN`."""

    def __init__(self, problem: Problem, year: Year, margin: float) -> None:
        self.problem, self.year, self.margin = problem, year, margin
        self.lp = pulp.LpProblem("months", pulp.LpMinimize)
        self.held = [s for s, count in enumerate(year.sessions) if count]
        self.z = {(s, month): pulp.LpVariable(f"z{s}_{month}", 0, year.sessions[s], pulp.LpInteger) for s in self.held for month in problem.slots[s].event.months}
        self.price: list[tuple[pulp.LpVariable, float]] = []
        self.broken: list[tuple[str, tuple[str, ...], pulp.LpVariable]] = []

    def at_most(self, terms: Sequence[tuple[pulp.LpVariable, float]], limit: float, price: float, rule: str = "", where: tuple[str, ...] = ()) -> None:
        """Σ terms ≤ limit + excess, each unit of excess at `price`; a named rule's excess counts as broken."""
        excess = pulp.LpVariable(f"over{len(self.price)}", 0)
        self.price.append((excess, price))
        if rule:
            self.broken.append((rule, where, excess))
        row = pulp.LpConstraint(pulp.LpAffineExpression([*terms, (excess, -1.0)]), pulp.LpConstraintLE, f"m{len(self.price)}", limit)
        self.lp.addConstraint(row)

    def within(self, slots: Sequence[int], months: Sequence[int]) -> list[pulp.LpVariable]:
        return [self.z[s, month] for s in slots for month in months if (s, month) in self.z]


def _months(problem: Problem, year: Year, margin: float) -> dict[tuple[int, int], int]:
    calendar = Calendar(problem, year, margin)
    for rule in (_every_session_held, _club_every_month, _must_hold, _quarters_phased, _not_too_often, _evenly_spread):
        rule(calendar)
    calendar.lp.setObjective(pulp.LpAffineExpression(calendar.price))
    found = solve(calendar.lp, problem.policy.solver, Effort(EVEN_ENOUGH, nodes=NODES))
    if found.status in ("infeasible", "none"):
        raise NotSolved(Fault("no_months", values={"rule": "", "where": ""}))
    for rule, where, excess in calendar.broken:
        if excess.value() > 1e-6:
            raise NotSolved(Fault("no_months", values={"rule": rule, "where": " · ".join(where)}))
    return {key: count for key, z in calendar.z.items() if (count := round(z.value()))}


def _every_session_held(c: Calendar) -> None:
    """Σ_m z[s,m] = Z[s]      for every slot with sessions"""
    for s in c.held:
        terms = [(z, 1.0) for z in c.within([s], range(1, 13))]
        c.lp.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(terms), pulp.LpConstraintEQ, f"held{s}", c.year.sessions[s]))


def _club_every_month(c: Calendar) -> None:
    """(E6)  Σ_s z[s,m] ≥ 1 over slots open to the region's clients      for every region and month"""
    if not c.problem.policy.calendar.club_every_month:
        return
    for block in c.problem.blocks:
        serving = sorted({c.problem.seats[i].slot for g in block.segments for i in c.problem.seats_of_segment[g]})
        for month in c.problem.months:
            c.at_most([(z, -1.0) for z in c.within(serving, [month])], -1, BROKEN, "club_every_month", (block.region, str(month)))


def _must_hold(c: Calendar) -> None:
    """(E7)  Σ_h z[e,h,m] ≥ 1      for every entry (e,m)"""
    for entry in c.problem.policy.calendar.must_hold:
        slots = [s for s in c.held if c.problem.slots[s].event.event == entry.event]
        c.at_most([(z, -1.0) for z in c.within(slots, [entry.month])], -1, BROKEN, "must_hold", (entry.event, str(entry.month)))


def _quarters_phased(c: Calendar) -> None:
    """(B3)  (lo + margin)·E ≤ cash of the quarter ≤ (hi − margin)·E      for every quarter; cash in shares of E"""
    cash = _session_cash(c)
    total = sum(cash[s] * c.year.sessions[s] for s in c.held)
    if total <= 0:
        return
    for quarter, (low, high) in _bands(c.problem).items():
        spent = [(c.z[s, month], cash[s] / total) for s in c.held for month in QUARTERS[quarter] if (s, month) in c.z]
        if high < 1:
            c.at_most(spent, high - c.margin, BROKEN, "spend_phased", (str(quarter),))
        if low > 0:
            c.at_most([(z, -part) for z, part in spent], -low - c.margin, BROKEN, "spend_phased", (str(quarter),))


def _not_too_often(c: Calendar) -> None:
    """(E4)  Σ_s mean guests of g · z[s,m] ≤ attendances_client_month · n[g]      for every g, m where it could bind"""
    problem, year = c.problem, c.year
    for g, segment in enumerate(problem.segments):
        limit = problem.policy.caps.attendances_client_month * segment.clients
        own = [(problem.seats[i].slot, year.guests[i]) for i in problem.seats_of_segment[g] if year.guests[i]]
        if sum(guests for _, guests in own) <= limit:
            continue
        for month in problem.months:
            terms = [(c.z[s, month], guests / year.sessions[s]) for s, guests in own if (s, month) in c.z]
            c.at_most(terms, limit - len(terms), BROKEN, "not_too_often", (*segment.key, str(month)))


def _evenly_spread(c: Calendar) -> None:
    """Few sessions of a host in one month, few of the same event in one month, even cash over the months"""
    months = c.problem.months
    by_host: dict[str, list[int]] = {}
    for s in c.held:
        by_host.setdefault(c.problem.slots[s].host, []).append(s)
    for slots in by_host.values():
        even = sum(c.year.sessions[s] for s in slots) / len(months)
        for month in months:
            c.at_most([(z, 1.0) for z in c.within(slots, [month])], even, 1.0)
    for s in c.held:
        slot = c.problem.slots[s]
        for month in slot.event.months if c.year.sessions[s] > 1 else ():
            c.at_most([(c.z[s, month], 1.0)], c.year.sessions[s] / len(slot.event.months), 1.0)
    cash = _session_cash(c)
    total = sum(cash[s] * c.year.sessions[s] for s in c.held)
    for month in months if total > 0 else ():
        c.at_most([(c.z[s, month], cash[s] / total * len(months)) for s in c.held if (s, month) in c.z], 1.0, float(len(by_host)))


def _session_cash(c: Calendar) -> dict[int, float]:
    cash: dict[int, float] = {}
    for s in c.held:
        event, count = c.problem.slots[s].event, c.year.sessions[s]
        guests = sum(c.year.guests[i] for i in c.problem.seats_of_slot[s])
        cash[s] = event.bank_share * (event.fixed_cost_cny + event.guest_cost_cny * guests / count)
    return cash


def _bands(problem: Problem) -> dict[int, tuple[float, float]]:
    phasing = problem.policy.phasing
    return {1: phasing.q1, 2: phasing.q2, 3: phasing.q3, 4: phasing.q4}


def _seated(problem: Problem, year: Year, sessions: dict[tuple[int, int], int]) -> dict[tuple[int, int], int]:
    guests: dict[tuple[int, int], int] = {}
    for s, slot in enumerate(problem.slots):
        held = [(month, sessions[s, month]) for month in slot.event.months if (s, month) in sessions]
        if held:
            seats = [(i, year.guests[i]) for i in problem.seats_of_slot[s] if year.guests[i]]
            guests |= spread(seats, held)
    return guests


def spread(seats: list[tuple[int, int]], held: list[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Each month gets its part of the guests, each segment is spread over the months: chairs are dealt month by month in even rotation."""
    total = sum(count for _, count in seats)
    sessions = sum(count for _, count in held)
    ends = [total * done // sessions for done in accumulate(count for _, count in held)]
    chairs = {month: end - start for (month, _), start, end in zip(held, [0, *ends], ends, strict=False)}
    order = iter(_rotation(chairs))
    guests: dict[tuple[int, int], int] = {}
    for i, count in seats:
        for _ in range(count):
            key = (i, next(order))
            guests[key] = guests.get(key, 0) + 1
    return guests


def _rotation(chairs: dict[int, int]) -> Iterator[int]:
    """The months' chairs in an order in which every stretch holds each month's part."""
    dealt = sorted(((place + 0.5) / count, month) for month, count in chairs.items() for place in range(count))
    return (month for _, month in dealt)
