"""The year and its months at once: for the few years whose sessions, chosen for the year alone, fit into no months.

z[s,m] = sessions of slot s in month m, x[i,m] = whole guests of seat i in month m, beside the variables of the year model.
Exact, and therefore slow on large banks; there a handful of sessions more or less is seldom what months fail at.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import pulp

from planning.errors import Fault, Infeasible, NotSolved
from planning.optimise.model import Model, Term, build, slot_names
from planning.optimise.problem import Problem, month_limit
from planning.optimise.rules import QUARTERS, RULES, bands
from planning.optimise.solve import Effort, Outcome, relative_gap, solve, within
from planning.optimise.tangents import follow_curves, near, touches_of
from planning.optimise.year import FOR_SEARCH, FURTHER_ROUNDS, Year, told, year_of

NODES = 20_000


@dataclass(frozen=True)
class YearInMonths:
    """A year with its sessions by (slot, month) and guests by (seat, month)."""

    year: Year
    sessions: dict[tuple[int, int], int]
    guests: dict[tuple[int, int], int]


class Months:
    """The monthly variables of a year model."""

    def __init__(self, model: Model) -> None:
        self.model, self.problem = model, model.problem
        slots, seats = self.problem.slots, self.problem.seats
        self.z = {(s, m): pulp.LpVariable(f"z{s}_{m}", 0, slot.most_sessions, pulp.LpInteger) for s, slot in enumerate(slots) for m in slot.event.months}
        for key, count in self.problem.locked.items():
            self.z[key].lowBound = self.z[key].upBound = count  # (R1)
        self.x = {(i, m): pulp.LpVariable(f"x{i}_{m}", 0, seat.most, pulp.LpInteger) for i, seat in enumerate(seats) for m in self.problem.event(seat).months}

    def held(self, slots: Iterable[int], month: int, each: float = 1.0) -> list[Term]:
        """The sessions of those slots in a month."""
        return [(self.z[s, month], each) for s in slots if (s, month) in self.z]

    def coming(self, seats: Iterable[int], month: int) -> list[Term]:
        """The guests of those seats in a month."""
        return [(self.x[i, month], 1.0) for i in seats if (i, month) in self.x]

    def cash(self, months: Iterable[int]) -> list[Term]:
        """The bank's cash in those months: (fixed·z + guest·x)·(1 − partner share)."""
        within_months, p = set(months), self.problem
        terms = [(z, p.slots[s].event.fixed_cost_cny * p.slots[s].event.bank_share) for (s, m), z in self.z.items() if m in within_months]
        events = ((x, p.event(p.seats[i])) for (i, m), x in self.x.items() if m in within_months)
        return [*terms, *((x, event.guest_cost_cny * event.bank_share) for x, event in events)]

    def sessions(self) -> dict[tuple[int, int], int]:
        """Sessions by (slot, month) as solved."""
        return _whole(self.z)

    def guests(self) -> dict[tuple[int, int], int]:
        """Guests by (seat, month) as solved."""
        return _whole(self.x)


def _whole(own: Mapping[tuple[int, int], pulp.LpVariable]) -> dict[tuple[int, int], int]:
    return {key: count for key, variable in own.items() if (count := round(variable.value()))}


def plan_together(problem: Problem, first: Year) -> YearInMonths:
    """The best year with its months. Infeasible when months admit no plan at all, NotSolved when none was found in time.

    `first` = the best year without months: where its touches lie tangents are laid, and its bound is one here too.
    """
    asked = problem.policy.solver.gap
    followed = near(follow_curves(problem), touches_of(problem, first.guests), (1.0,))
    best, bound = None, first.outcome.bound
    for _ in range(1 + FURTHER_ROUNDS):
        found = _solved(followed)
        bound = min(bound, found.year.outcome.bound)
        if best is None or found.year.outcome.objective > best.year.outcome.objective:
            best = found
        if within(relative_gap(best.year.outcome.objective, bound), asked):
            break
        followed = near(followed, touches_of(followed, found.year.guests), (1.0,))
    assert best is not None
    return replace(best, year=replace(best.year, outcome=told(replace(best.year.outcome, bound=bound), asked)))


def _solved(problem: Problem) -> YearInMonths:
    model = build(problem, RULES)
    months, found = solve_with_months(model, problem.policy.solver.gap * FOR_SEARCH)
    if found.status == "infeasible":
        raise Infeasible(Fault("no_months", values={"rule": "", "where": ""}))
    return YearInMonths(year_of(model, found, found.objective), months.sessions(), months.guests())


def solve_with_months(model: Model, gap: float, nodes: int = NODES, ready: Callable[[], None] = lambda: None) -> tuple[Months, Outcome]:
    """A model of the year solved with its months, all in whole numbers; `ready` is called before. NotSolved when no plan was found within so many nodes."""
    model.whole_guests()
    months = Months(model)
    for rule in MONTHLY_RULES:
        rule(months)
    ready()
    options = model.problem.policy.solver
    found = solve(model.lp, options, Effort(gap, nodes=nodes))
    if found.status == "none":
        raise NotSolved(Fault("no_plan_in_time", values={"seconds": options.seconds, "solver": found.solver}))
    return months, found


def months_make_the_year(c: Months) -> None:
    """Σ_m z[s,m] = Z[s], Σ_m x[i,m] = X[i]      for every slot s and seat i"""
    for s, slot in enumerate(c.problem.slots):
        c.model.require([*((c.z[s, m], 1.0) for m in slot.event.months), (c.model.sessions[s], -1.0)], "==", 0, "months_make_the_year")
    for i, seat in enumerate(c.problem.seats):
        c.model.require([*((c.x[i, m], 1.0) for m in c.problem.event(seat).months), (c.model.seats[i], -1.0)], "==", 0, "months_make_the_year")


def rooms_in_each_month(c: Months) -> None:
    """(E1, E2)  min_guests·z ≤ Σ_i x ≤ most guests of a session·z      for every slot and month"""
    for s, slot in enumerate(c.problem.slots):
        for month in slot.event.months:
            guests = c.coming(c.problem.seats_of_slot[s], month)
            c.model.require([*guests, *c.held([s], month, -slot.most_guests)], "<=", 0, "guests_fit_the_room", slot_names(slot))
            c.model.require([*guests, *c.held([s], month, -slot.event.min_guests)], ">=", 0, "enough_guests", slot_names(slot))


def not_too_often(c: Months) -> None:
    """(E4)  Σ_i x[i,m] ≤ ⌊attendances_client_month · n[g]⌋      for every g and m"""
    for g, segment in enumerate(c.problem.segments):
        for month in range(1, 13):
            terms = c.coming(c.problem.seats_of_segment[g], month)
            if terms:
                most = month_limit(segment.clients, c.problem.policy)
                c.model.require(terms, "<=", most, "not_too_often", (*segment.key, str(month)), "attendances")


def club_every_month(c: Months) -> None:
    """(E6)  Σ_s z[s,m] ≥ 1 over slots open to the region's clients      for every region and open month"""
    for block in c.problem.served if c.problem.policy.calendar.club_every_month else ():
        serving = sorted({c.problem.seats[i].slot for g in block.segments for i in c.problem.seats_of_segment[g]})
        for month in c.problem.months:
            c.model.require(c.held(serving, month), ">=", 1, "club_every_month", (block.region, str(month)), "sessions")


def must_hold(c: Months) -> None:
    """(E7)  Σ_h z[e,h,m] ≥ 1      for every entry (e,m)"""
    for entry in c.problem.policy.must_hold:
        slots = [s for s, slot in enumerate(c.problem.slots) if slot.event.event == entry.event]
        c.model.require(c.held(slots, entry.month), ">=", 1, "must_hold", (entry.event, str(entry.month)), "sessions")


def spend_phased(c: Months) -> None:
    """(B3)  lo·E ≤ cash of the quarter ≤ hi·E      for every quarter with such limits"""
    for quarter, (low, high) in bands(c.problem.policy).items():
        spent = c.cash(QUARTERS[quarter])
        if high < 1:
            c.model.require([*spent, *((cash, -high) for cash in c.model.cash.values())], "<=", 0, "spend_phased", (str(quarter),), "CNY")
        if low > 0:
            c.model.require([*spent, *((cash, -low) for cash in c.model.cash.values())], ">=", 0, "spend_phased", (str(quarter),), "CNY")


MONTHLY_RULES: tuple[Callable[[Months], None], ...] = (
    months_make_the_year, rooms_in_each_month, not_too_often, club_every_month, must_hold, spend_phased,
)  # fmt: skip
