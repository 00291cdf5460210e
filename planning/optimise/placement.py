"""The months: the year's sessions and guests placed so that every monthly rule holds and the year is evenly used.

z[s,m] = sessions of slot s in month m, x[i,m] = guests of seat i in month m. First every session carries its slot's mean
guests, so that rooms are right by construction and only z is sought; whole guests are dealt afterwards. Where that breaks
a monthly rule, z and x are sought together.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

import pulp

from planning.errors import Fault, Infeasible, NotSolved
from planning.optimise.calendar import Calendar, merged
from planning.optimise.problem import Problem, month_limit
from planning.optimise.reseat import reseated
from planning.optimise.rules import QUARTERS, bands
from planning.optimise.solve import Effort, GapHeard, solve, within
from planning.optimise.spread import SPREAD
from planning.optimise.ties import settled
from planning.optimise.together import plan_together
from planning.optimise.year import Year, solve_year

MARGIN = 0.002  # of the year's spend, kept free at each quarter's limits while guests are means
TIGHTENED = (0.1, 0.3, 0.6)  # how much of the monthly rules the year gives up when its months do not fit
EVEN_ENOUGH = 0.05
NODES = 200
BY_GUESTS = ("spend_phased", "not_too_often")  # rules that whole guests may keep where their means did not quite
BROKEN = 1e4  # price of a broken monthly rule against one session too many in a month


@dataclass(frozen=True)
class Placed:
    """Sessions by (slot, month) and guests by (seat, month); nothing where there is none."""

    sessions: dict[tuple[int, int], int]
    guests: dict[tuple[int, int], int]


def plan_months(problem: Problem, heard: GapHeard | None = None, placing: Callable[[], None] = lambda: None) -> tuple[Year, Placed]:
    """The best year whose months can be placed.

    One that fits into no months is sought more tightly; where that costs more than the asked gap, year and months are
    sought together. The bound is that of the first year, or of both together. Infeasible when no plan in months is
    possible, NotSolved when none was found; both name the monthly rule that could not be kept.
    """
    asked = problem.policy.solver.gap
    first = solve_year(problem, heard)
    placing()
    try:
        return first, place(problem, first)
    except NotSolved as unplaced:
        tighter = _more_tightly(problem, first, placing)
        if tighter is not None and within(tighter[0].outcome.gap, asked):
            return tighter
        return _together(problem, first, tighter, unplaced)


def settle_ties(problem: Problem, found: tuple[Year, Placed]) -> tuple[Year, Placed, bool]:
    """The year and months that the tie rule takes, and whether it could: see `ties`."""
    year, placed = found
    try:
        taken = settled(problem, year)
        return (taken, place(problem, taken), True) if taken else (year, placed, False)
    except NotSolved:
        return year, placed, False


def _more_tightly(problem: Problem, first: Year, placing: Callable[[], None]) -> tuple[Year, Placed] | None:
    for tightened in TIGHTENED:
        try:
            year = solve_year(replace(problem, tightened=tightened))
            placing()
            return year.against(first.outcome.bound, problem.policy.solver.gap), place(problem, year)
        except Infeasible:
            return None
        except NotSolved:
            continue
    return None


def _together(problem: Problem, first: Year, tighter: tuple[Year, Placed] | None, unplaced: NotSolved) -> tuple[Year, Placed]:
    try:
        found = plan_together(problem, first)
    except Infeasible:
        raise Infeasible(unplaced.faults) from None
    except NotSolved:
        if tighter is None:
            raise unplaced from None
        return tighter
    if tighter is not None and tighter[0].outcome.objective >= found.year.outcome.objective:
        return tighter[0].against(found.year.outcome.bound, problem.policy.solver.gap), tighter[1]
    try:
        return found.year, place(problem, found.year)
    except NotSolved:
        return found.year, Placed(found.sessions, found.guests)


def place(problem: Problem, year: Year, evenly: bool = True) -> Placed:
    """The year in months. NotSolved names the monthly rule that the year's sessions cannot keep.

    `evenly` = False takes the first months that keep the rules, for a year whose calendar nobody will see.
    """
    by_means = _sessions(Calendar(problem, year, whole_guests=False), evenly)
    if by_means.broken is None or by_means.broken.values["rule"] in BY_GUESTS:
        placed = Placed(by_means.sessions, reseated(problem, by_means.sessions, _seated(problem, year, by_means.sessions)))
        if monthly_rules_kept(problem, placed):
            return placed
    together = Calendar(problem, year, whole_guests=True)
    found = _sessions(together, evenly)
    if found.broken is not None:
        raise NotSolved(found.broken)
    return Placed(found.sessions, together.guests())


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


def monthly_rules_kept(problem: Problem, placed: Placed) -> bool:
    """Whether whole guests keep the quarters' limits (B3) and every segment's monthly limit (E4)."""
    cash = cash_by_month(problem, placed)
    total = sum(cash.values())
    limits = bands(problem.policy)
    spent = {quarter: sum(cash[month] for month in QUARTERS[quarter]) for quarter in limits}
    phased = all(low * total <= spent[quarter] + 1e-6 and spent[quarter] <= high * total + 1e-6 for quarter, (low, high) in limits.items())
    attended: dict[tuple[int, int], int] = {}
    for (i, month), count in placed.guests.items():
        key = (problem.seats[i].segment, month)
        attended[key] = attended.get(key, 0) + count
    return phased and all(count <= month_limit(problem.segments[g].clients, problem.policy) for (g, _), count in attended.items())


@dataclass(frozen=True)
class Found:
    """Sessions by (slot, month), and the first monthly rule they break."""

    sessions: dict[tuple[int, int], int]
    broken: Fault | None


def _sessions(calendar: Calendar, evenly: bool) -> Found:
    soft = SPREAD if evenly else ()
    for rule in (_every_session_held, _guests_seated, _club_every_month, _must_hold, _quarters_phased, _not_too_often, *soft):
        rule(calendar)
    calendar.lp.setObjective(pulp.LpAffineExpression(calendar.price))
    always_the_same = calendar.problem.policy.solver.model_copy(update={"name": "highs"})  # months are no question of value: one year, one calendar
    solved = solve(calendar.lp, always_the_same, Effort(EVEN_ENOUGH, nodes=NODES))
    if solved.status in ("infeasible", "none"):
        return Found({}, Fault("no_months", values={"rule": "", "where": ""}))
    broken = [Fault("no_months", values={"rule": rule, "where": " · ".join(where)}) for rule, where, excess in calendar.broken if excess.value() > 1e-6]
    return Found({key: count for key, z in calendar.z.items() if (count := round(z.value()))}, broken[0] if broken else None)


def _every_session_held(c: Calendar) -> None:
    """Σ_m z[s,m] = Z[s]      for every slot with sessions"""
    for s in c.held:
        c.require([(z, 1.0) for z in c.within([s], range(1, 13))], pulp.LpConstraintEQ, c.year.sessions[s])


def _guests_seated(c: Calendar) -> None:
    """Σ_m x[i,m] = X[i]; (E1, E2)  min_guests·z ≤ Σ_i x ≤ max_guests·z      for every seat; for every slot and month"""
    for i in sorted({i for i, _ in c.x}):
        own = [(c.x[i, month], 1.0) for month in c.problem.event(c.problem.seats[i]).months]
        c.require(own, pulp.LpConstraintEQ, c.year.guests[i])
    for (s, month), z in c.z.items() if c.whole_guests else ():
        guests = [term for i in c.problem.seats_of_slot[s] for term in c.coming(i, month)]
        event = c.problem.slots[s].event
        c.require([*guests, (z, -event.max_guests)], pulp.LpConstraintLE, 0)
        c.require([*guests, (z, -event.min_guests)], pulp.LpConstraintGE, 0)


def _club_every_month(c: Calendar) -> None:
    """(E6)  Σ_s z[s,m] ≥ 1 over slots open to the region's clients      for every region with segments and month"""
    if not c.problem.policy.calendar.club_every_month:
        return
    for block in c.problem.served:
        serving = sorted({c.problem.seats[i].slot for g in block.segments for i in c.problem.seats_of_segment[g]})
        for month in c.problem.months:
            c.at_most([(z, -1.0) for z in c.within(serving, [month])], -1, BROKEN, "club_every_month", (block.region, str(month)))


def _must_hold(c: Calendar) -> None:
    """(E7)  Σ_h z[e,h,m] ≥ 1      for every entry (e,m)"""
    for entry in c.problem.policy.must_hold:
        slots = [s for s in c.held if c.problem.slots[s].event.event == entry.event]
        c.at_most([(z, -1.0) for z in c.within(slots, [entry.month])], -1, BROKEN, "must_hold", (entry.event, str(entry.month)))


def _quarters_phased(c: Calendar) -> None:
    """(B3)  (lo + margin)·E ≤ cash of the quarter ≤ (hi − margin)·E      for every quarter; cash in shares of E"""
    total = c.total_cash
    margin = 0.0 if c.whole_guests else MARGIN
    for quarter, (low, high) in bands(c.problem.policy).items() if total > 0 else ():
        spent = [(v, amount / total) for s in c.held for month in QUARTERS[quarter] for v, amount in c.cash(s, month)]
        if high < 1:
            c.at_most(spent, high - margin, BROKEN, "spend_phased", (str(quarter),))
        if low > 0:
            c.at_most([(v, -part) for v, part in spent], -low - margin, BROKEN, "spend_phased", (str(quarter),))


def _not_too_often(c: Calendar) -> None:
    """(E4)  Σ_i x[i,m] ≤ ⌊attendances_client_month · n[g]⌋      for every g, m where it could bind"""
    for g, segment in enumerate(c.problem.segments):
        own = [i for i in c.problem.seats_of_segment[g] if c.year.guests[i]]
        limit = month_limit(segment.clients, c.problem.policy)
        if sum(c.year.guests[i] for i in own) <= limit:
            continue
        for month in range(1, 13):
            terms = merged([term for i in own for term in c.coming(i, month)])
            c.at_most(terms, limit, BROKEN, "not_too_often", (*segment.key, str(month)))


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
