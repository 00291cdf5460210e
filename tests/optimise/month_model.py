"""The full model of a year with its months, written straight from its inequalities: the judge of the year model on small books.

z[s,m] = sessions of slot s in month m, x[i,m] = whole guests of seat i in month m, y = ladder, w = hours short, U = uplift.
Nothing here is shared with the year model but the finished sets and numbers of a `Problem`. Touches are multiples of
HALF, so chords between such points are the curve itself wherever a plan can land: the optimum here is the true one.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from math import inf

import highspy
import pulp

from planning.optimise.problem import Problem, Response

HALF = 0.5  # every weight of a touch in these tests is a multiple of it
Sum = pulp.LpAffineExpression


@dataclass(frozen=True)
class Judged:
    """What the month model proved: no plan (`value` = −∞ = `bound`), or a plan's value and the bound of all plans, yuan."""

    value: float
    bound: float

    @property
    def possible(self) -> bool:
        return self.value > -inf


class Months:
    """Variables and rows of one problem."""

    def __init__(self, p: Problem) -> None:
        self.p, self.lp = p, pulp.LpProblem("months", pulp.LpMaximize)
        self.z = {(s, m): pulp.LpVariable(f"z{s}_{m}", 0, cat="Integer") for s, slot in enumerate(p.slots) for m in slot.event.months}
        self.x = {(i, m): pulp.LpVariable(f"x{i}_{m}", 0, cat="Integer") for i, seat in enumerate(p.seats) for m in p.event(seat).months}
        steps = [(c, step) for c, cell in enumerate(p.cells) for own in cell.steps.values() for step in own]
        self.y = {(c, step.concession, step.level): pulp.LpVariable(f"y{k}", cat="Binary") for k, (c, step) in enumerate(steps)}
        self.step = {(c, step.concession, step.level): step for c, step in steps}
        self.short = {branch: pulp.LpVariable(f"w{b}", 0) for b, branch in enumerate(p.hours)}
        self.uplift = [pulp.LpVariable(f"U{r}", 0) for r in range(len(p.responses))]
        for rule in (_rooms, _segments, _sessions, _curves, _ladder, _money, _shares, _partners, _hours, _locked):
            rule(self)
        net = 1 if p.net else 0
        gains = pulp.lpSum(self.step[key].gain_cny * y for key, y in self.y.items())
        missed = p.policy.contact.cost_per_hour_short * pulp.lpSum(self.short.values())
        self.lp.setObjective(pulp.lpSum(self.uplift) + gains - net * (self.cash(range(1, 13)) + self.granted(lambda _: 1.0)) - missed)

    def add(self, row: object) -> None:
        """One row; a row without variables must hold by itself."""
        if isinstance(row, bool):
            row = pulp.LpConstraint(Sum(), pulp.LpConstraintGE, rhs=0 if row else 1)
        self.lp.addConstraint(row)

    def held(self, slots: Iterable[int], months: Iterable[int]) -> Sum:
        """Σ z."""
        wanted = set(months)
        return pulp.lpSum(self.z[s, m] for s in slots for m in self.p.slots[s].event.months if m in wanted)

    def guests(self, seats: Iterable[int], months: Iterable[int] = range(1, 13), weight: str = "") -> Sum:
        """Σ weight[e]·x, the weight a field of the event type."""
        wanted = set(months)
        events = ((i, self.p.event(self.p.seats[i])) for i in seats)
        return pulp.lpSum((getattr(event, weight) if weight else 1) * self.x[i, m] for i, event in events for m in event.months if m in wanted)

    def cash(self, months: Iterable[int]) -> Sum:
        """Σ (fixed·z + guest·x)·(1 − partner share)."""
        return pulp.lpSum(self.cost(s, months) * (1 - slot.event.partner_share) for s, slot in enumerate(self.p.slots))

    def cost(self, s: int, months: Iterable[int]) -> Sum:
        """fixed·z + guest·x of a slot."""
        return self.p.slots[s].event.fixed_cost_cny * self.held([s], months) + self.guests(
            _seats(self.p, lambda seat: seat.slot == s), months, "guest_cost_cny"
        )

    def standard(self, of: Callable[[int], bool]) -> Sum:
        """Σ (fixed/max_guests + guest)·x over the segments `of`."""
        return self.guests(_seats(self.p, lambda seat: of(seat.segment)), weight="standard_cost_cny")

    def granted(self, part: Callable[[tuple[int, str, int]], float]) -> Sum:
        """Σ part·C·y."""
        return pulp.lpSum(part(key) * self.step[key].cost_cny * y for key, y in self.y.items())


def solve_months(p: Problem, seconds: float, gap: float = 1e-4) -> Judged:
    """The best plan with its months, and the bound of all plans."""
    model = Months(p)
    if not model.lp.variables():
        return Judged(0.0, 0.0)
    model.lp.solve(pulp.HiGHS(msg=False, gapRel=gap, gapAbs=0.0, timeLimit=seconds, threads=1))
    native = model.lp.solverModel
    if native.getModelStatus() in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return Judged(-inf, -inf)
    info = native.getInfo()
    assert info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible, "the month model found nothing in its time: take a smaller book"
    return Judged(-info.objective_function_value, -info.mip_dual_bound)


def _rooms(m: Months) -> None:
    """E1, E2  min_guests·z ≤ Σ_g x ≤ max_guests·z      for every slot and month"""
    for (s, month), z in m.z.items():
        event, guests = m.p.slots[s].event, m.guests(_seats(m.p, lambda seat, s=s: seat.slot == s), [month])
        m.add(guests <= event.max_guests * z)
        m.add(guests >= event.min_guests * z)


def _segments(m: Months) -> None:
    """E3  Σ_m x ≤ ⌊max_per_client·n[g,e]⌋ · E4  Σ_e x ≤ attendances_client_month·n[g] a month · E8  Σ gift·x ≤ gift_cny_client_year·n[g]"""
    caps = m.p.policy.caps
    for i, seat in enumerate(m.p.seats):
        m.add(m.guests([i]) <= seat.most)
    for g, segment in enumerate(m.p.segments):
        own = _seats(m.p, lambda seat, g=g: seat.segment == g)
        for month in range(1, 13):
            m.add(m.guests(own, [month]) <= caps.attendances_client_month * segment.clients)
        m.add(m.guests(own, weight="gift_cny") <= caps.gift_cny_client_year * segment.clients * len(_period(m.p)) / 12)


def _sessions(m: Months) -> None:
    """E5  min_sessions ≤ Σ_m z ≤ max_sessions · E6  Σ z open to the region's clients ≥ 1 a month · E7  Σ_h z ≥ 1 in that month"""
    calendar = m.p.policy.calendar
    for s, slot in enumerate(m.p.slots):
        m.add(m.held([s], range(1, 13)) >= slot.event.min_sessions)
        m.add(m.held([s], range(1, 13)) <= slot.event.max_sessions)
    for region in sorted({segment.region for segment in m.p.segments}) if calendar.club_every_month else ():
        serving = sorted({seat.slot for seat in m.p.seats if m.p.segments[seat.segment].region == region})
        for month in _ahead(m.p) - set(calendar.blackout):
            m.add(m.held(serving, [month]) >= 1)
    for entry in (entry for entry in calendar.must_hold if entry.month in _ahead(m.p)):
        m.add(m.held([s for s, slot in enumerate(m.p.slots) if slot.event.event == entry.event], [entry.month]) >= 1)


def _curves(m: Months) -> None:
    """U ≤ each chord of the curve between touches a plan can reach      for every response"""
    for uplift, response in zip(m.uplift, m.p.responses, strict=True):
        touches = m.guests(response.seats, weight="touch_weight")
        for low, high in pairwise(_reachable(response)):
            slope = (response.curve.at(high) - response.curve.at(low)) / (high - low)
            m.add(uplift <= response.curve.at(low) + slope * (touches - low))


def _ladder(m: Months) -> None:
    """K1  Σ_l y = 1 · K2  depth of the higher tier ≥ depth of the lower · K3  Σ C·y ≤ share·contribution of the cell"""
    for c, cell in enumerate(m.p.cells):
        for kind in cell.steps:
            m.add(pulp.lpSum(y for key, y in m.y.items() if key[:2] == (c, kind)) == 1)
        m.add(
            m.granted(lambda key, c=c: float(key[0] == c)) <= m.p.policy.caps.concession_share_of_contribution * cell.contribution_cny * len(_period(m.p)) / 12
        )
    rank = {tier: rank for rank, tier in enumerate(m.p.tiers)}
    ranked = sorted(range(len(m.p.cells)), key=lambda c: (m.p.cells[c].region, m.p.cells[c].kind, rank[m.p.cells[c].tier]))
    for low, high in pairwise(ranked):
        if (m.p.cells[low].region, m.p.cells[low].kind) == (m.p.cells[high].region, m.p.cells[high].kind):
            for kind in m.p.cells[low].steps:
                lower, higher = (pulp.lpSum(m.step[key].depth * y for key, y in m.y.items() if key[:2] == (c, kind)) for c in (low, high))
                m.add(higher >= lower)


def _money(m: Months) -> None:
    """B1, B2  cash ≤ event limit + transfer, Σ C·y ≤ concession limit − transfer · B3  lo·total ≤ cash of the quarter ≤ hi·total"""
    p, total = m.p, m.cash(range(1, 13))
    moved = pulp.LpVariable("moved", -p.policy.budget.transfer_share * p.event_limit_cny, p.policy.budget.transfer_share * p.concession_limit_cny)
    m.add(total <= p.event_limit_cny + moved)
    m.add(m.granted(lambda _: 1.0) <= p.concession_limit_cny - moved)
    phasing = p.policy.phasing
    bands = (phasing.q1, phasing.q2, phasing.q3, phasing.q4)
    for quarter, (low, high) in enumerate(bands):
        spent = m.cash(range(3 * quarter + 1, 3 * quarter + 4))
        if 3 * quarter + 1 not in _period(p) or (3 * quarter + 3 <= p.policy.frozen.through_month < max(_period(p))):
            continue
        if p.policy.period != "year":  # low·(own + most of the other) ≤ own, own ≤ high·(own + least of the other), in shares of the year
            low_other, high_other = bands[quarter ^ 1]
            m.add(spent * high_other >= low * (total - spent))
            m.add(spent * low_other <= high * (total - spent))
            continue
        m.add(spent >= low * total)
        m.add(spent <= high * total)


def _shares(m: Months) -> None:
    """B4  floor·all ≤ standard cost of the tier ≤ cap·all · B5  of the branch's seats ≥ yuan a client·n · B6  of the branch ≤ share·all"""
    p, floors, caps = m.p, m.p.policy.floors, m.p.policy.caps
    every = m.standard(lambda _: True) + m.granted(lambda _: 1.0)
    for tier in p.tiers:
        spent = m.standard(lambda g, tier=tier: p.segments[g].tier == tier) + m.granted(lambda key, tier=tier: float(p.cells[key[0]].tier == tier))
        m.add(spent >= floors.tier.get(tier, 0.0) * every)
        m.add(spent <= caps.tier.get(tier, 1.0) * every)
    for branch in p.hours:
        clients = sum(segment.clients for segment in p.segments if segment.branch == branch)
        events = m.standard(lambda g, branch=branch: p.segments[g].branch == branch)
        m.add(events >= floors.branch_cny_per_client * clients)
        m.add(events + m.granted(lambda key, branch=branch: m.step[key].branch_shares.get(branch, 0.0)) <= caps.branch_share * every)


def _partners(m: Months) -> None:
    """B7  what a partner bears ≤ its cap"""
    for partner in m.p.partners:
        parts = [slot.event.partner_share * partner.part_of_family.get(slot.event.family, 0.0) for slot in m.p.slots]
        m.add(pulp.lpSum(m.cost(s, range(1, 13)) * part for s, part in enumerate(parts)) <= partner.cap_cny)


def _hours(m: Months) -> None:
    """N1  visits + hours of the branch's own sessions + hours of its guests ≤ managers' hours (+ w)      for every branch"""
    p = m.p
    for branch, short in m.short.items():
        if p.policy.contact.rule != "target":
            m.add(short <= 0)
        visits = sum(segment.clients * p.visit_hours.get(segment.tier, 0.0) for segment in p.segments if segment.branch == branch)
        own = [(s, slot.event) for s, slot in enumerate(p.slots) if slot.event.host_level == "branch" and slot.host == branch]
        sessions = pulp.lpSum(event.hours_session * m.held([s], range(1, 13)) for s, event in own)
        guests = m.guests(_seats(p, lambda seat, branch=branch: p.segments[seat.segment].branch == branch), weight="hours_guest")
        m.add(visits + sessions + guests <= p.hours[branch] + short)


def _period(p: Problem) -> set[int]:
    return {"year": set(range(1, 13)), "first_half": set(range(1, 7)), "second_half": set(range(7, 13))}[p.policy.period]


def _ahead(p: Problem) -> set[int]:
    return _period(p) - set(range(1, p.policy.frozen.through_month + 1))


def _locked(m: Months) -> None:
    """R1  z = locked sessions of a line, z = 0 in other slots of months past, y = 1 at a locked level"""
    frozen, keys = m.p.policy.frozen, {slot.key: s for s, slot in enumerate(m.p.slots)}
    locked = {(keys.get((line.event, line.host)), line.month): line.sessions for line in frozen.sessions}
    for (s, month), sessions in locked.items():
        m.add((m.z[s, month] if (s, month) in m.z else Sum()) == sessions)
    for (s, month), z in m.z.items():
        if month <= frozen.through_month and (s, month) not in locked:
            m.add(z <= 0)
    cells = {cell.key: c for c, cell in enumerate(m.p.cells)}
    for line in frozen.ladder:
        m.add(m.y[cells[line.region, line.tier, line.kind], line.concession, line.level] == 1)


def _seats(p: Problem, of: Callable[..., bool]) -> list[int]:
    return [i for i, seat in enumerate(p.seats) if of(seat)]


def _reachable(response: Response) -> list[float]:
    return [HALF * count for count in range(round(response.most_touches / HALF) + 2)]
