"""The months of a year as a problem: which sessions are held when, and, where asked, who comes.

z[s,m] = sessions of slot s in month m; x[i,m] = guests of seat i in month m, or each session's mean guests.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property

import pulp

from planning.optimise.problem import Problem
from planning.optimise.year import Year

Term = tuple[pulp.LpVariable, float]


class Calendar:
    """The variables z (and x) of a year's months, with rows that must hold and rows that may be exceeded at a price."""

    def __init__(self, problem: Problem, year: Year, whole_guests: bool) -> None:
        self.problem, self.year, self.whole_guests = problem, year, whole_guests
        self.lp = pulp.LpProblem("months", pulp.LpMinimize)
        self.held = [s for s, count in enumerate(year.sessions) if count]
        self.z = {(s, m): pulp.LpVariable(f"z{s}_{m}", 0, year.sessions[s], pulp.LpInteger) for s in self.held for m in problem.slots[s].event.months}
        for key, count in problem.locked.items():
            if key in self.z:
                self.z[key].lowBound = self.z[key].upBound = count  # (R1)
        coming = [i for i, guests in enumerate(year.guests) if guests] if whole_guests else []
        self.x = {(i, m): pulp.LpVariable(f"x{i}_{m}", 0, year.guests[i], pulp.LpInteger) for i in coming for m in problem.event(problem.seats[i]).months}
        self.price: list[Term] = []
        self.broken: list[tuple[str, tuple[str, ...], pulp.LpVariable]] = []

    def require(self, terms: Sequence[Term], sense: int, limit: float) -> None:
        """Σ terms (sense) limit."""
        self.lp.addConstraint(pulp.LpConstraint(pulp.LpAffineExpression(terms), sense, f"m{len(self.lp.constraints)}", limit))

    def at_most(self, terms: Sequence[Term], limit: float, price: float, rule: str = "", where: tuple[str, ...] = ()) -> None:
        """Σ terms ≤ limit + excess, each unit of excess at `price`; a named rule's excess counts as broken."""
        excess = pulp.LpVariable(f"over{len(self.price)}", 0)
        self.price.append((excess, price))
        if rule:
            self.broken.append((rule, where, excess))
        self.require([*terms, (excess, -1.0)], pulp.LpConstraintLE, limit)

    def within(self, slots: Iterable[int], months: Iterable[int]) -> list[pulp.LpVariable]:
        """The sessions of those slots in those months."""
        return [self.z[s, month] for month in months for s in slots if (s, month) in self.z]

    def coming(self, i: int, month: int) -> list[Term]:
        """Guests of a seat in a month: x[i,m], or the slot's mean guests with each session."""
        if self.whole_guests:
            return [(self.x[i, month], 1.0)] if (i, month) in self.x else []
        s = self.problem.seats[i].slot
        return [(self.z[s, month], self.year.guests[i] / self.year.sessions[s])] if (s, month) in self.z else []

    def cash(self, s: int, month: int) -> list[Term]:
        """The bank's cash for a slot in a month."""
        event = self.problem.slots[s].event
        fixed = [(z, event.fixed_cost_cny * event.bank_share) for z in self.within([s], [month])]
        guests = [(v, count * event.guest_cost_cny * event.bank_share) for i in self.problem.seats_of_slot[s] for v, count in self.coming(i, month)]
        return merged([*fixed, *guests])

    def guests(self) -> dict[tuple[int, int], int]:
        """Whole guests by (seat, month) as solved."""
        return {key: count for key, x in self.x.items() if (count := round(x.value()))}

    @property
    def months(self) -> tuple[int, ...]:
        """The months to spread over: those that are open, else all of the period."""
        return self.problem.months or self.problem.policy.months

    @cached_property
    def total_cash(self) -> float:
        """The bank's cash for the year's sessions and guests."""
        slots = sum(self.problem.slots[s].event.fixed_cost_cny * self.problem.slots[s].event.bank_share * self.year.sessions[s] for s in self.held)
        events = ((self.problem.event(seat), guests) for seat, guests in zip(self.problem.seats, self.year.guests, strict=True))
        return slots + sum(event.guest_cost_cny * event.bank_share * guests for event, guests in events)


def merged(terms: Iterable[Term]) -> list[Term]:
    """Each variable once, its coefficients summed."""
    merged: dict[pulp.LpVariable, float] = {}
    for variable, amount in terms:
        merged[variable] = merged.get(variable, 0.0) + amount
    return list(merged.items())
