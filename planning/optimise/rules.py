"""The rules of the year, one function each; RULES is their table of contents.

Letters as in `model`. `each` after a statement says for what it holds. A row with a unit is policy and may be relieved
when rules conflict; rows without one are facts.
"""

from collections.abc import Iterable
from itertools import combinations, pairwise
from math import floor

from planning.optimise.model import EACH, GIFT, GUEST_HOURS, STANDARD_COST, TOUCH, Model, Term, slot_names
from planning.optimise.problem import Response, month_limit
from planning.optimise.risk import answers_summed, worst_tenth
from planning.policy import Policy

QUARTERS = {1: (1, 2, 3), 2: (4, 5, 6), 3: (7, 8, 9), 4: (10, 11, 12)}


def guests_fit_the_room(m: Model) -> None:
    """(E1)  Σ_g X[g,e,h] ≤ min(max_guests[e], seats its clients can fill) · Z[e,h]      for every slot (e,h)"""
    for s, slot in enumerate(m.problem.slots):
        guests = m.attendances(m.problem.seats_of_slot[s], EACH)
        m.require([*guests, (m.sessions[s], -slot.most_guests)], "<=", 0, "guests_fit_the_room", slot_names(slot))


def enough_guests(m: Model) -> None:
    """(E2)  Σ_g X[g,e,h] ≥ min_guests[e] · Z[e,h]      for every slot (e,h)"""
    for s, slot in enumerate(m.problem.slots):
        guests = m.attendances(m.problem.seats_of_slot[s], EACH)
        m.require([*guests, (m.sessions[s], -slot.event.min_guests)], ">=", 0, "enough_guests", slot_names(slot))


def no_seat_without_session(m: Model) -> None:
    """(E1, E3, E4, strengthened)  X[g,e,h] ≤ min(⌊max_per_client·n[g,e]⌋, max_guests[e], ⌊attendances_client_month·n[g]⌋) · Z[e,h]      for every seat (g,e,h)

    E3 itself, Σ X ≤ max_per_client·n[g,e], is the upper bound of each seat: an event type has one level of host.
    """
    for i, seat in enumerate(m.problem.seats):
        where = (*m.problem.segments[seat.segment].key, m.problem.event(seat).event)
        m.require([(m.seats[i], 1.0), (m.sessions[seat.slot], -seat.most_a_session)], "<=", 0, "once_is_enough", where)


def not_too_often(m: Model) -> None:
    """(E4, summed)  Σ X over events held only in months M ≤ ⌊attendances_client_month · n[g]⌋ · |M|      for every g and set M of open months"""
    for g, segment in enumerate(m.problem.segments):
        own = m.problem.seats_of_segment[g]
        for months in {m.problem.event(m.problem.seats[i]).months for i in own}:
            within = [i for i in own if set(m.problem.event(m.problem.seats[i]).months) <= set(months)]
            limit = month_limit(segment.clients, m.problem.policy) * len(months) * (1 - m.problem.tightened)
            m.require(m.attendances(within, EACH), "<=", limit, "not_too_often", (*segment.key, *_named(months)), "attendances")


def sessions_within_the_year(m: Model) -> None:
    """(E5)  min_sessions[e] ≤ Z[e,h] ≤ max_sessions[e]      for every slot (e,h); the upper part is the variable's bound"""
    for s, slot in enumerate(m.problem.slots):
        if slot.event.min_sessions:
            m.require([(m.sessions[s], 1.0)], ">=", slot.event.min_sessions, "sessions_within_the_year", slot_names(slot), "sessions")


def club_every_month(m: Model) -> None:
    """(E6, summed)  Σ Z over sessions open to the region's clients that can be held in M ≥ |M|      for every region with segments, M = one month or all"""
    if not m.problem.policy.calendar.club_every_month or not m.problem.months:
        return
    for block in m.problem.served:
        serving = sorted({m.problem.seats[i].slot for g in block.segments for i in m.problem.seats_of_segment[g]})
        for months in dict.fromkeys([*((month,) for month in m.problem.months), m.problem.months]):
            able: list[Term] = [(m.sessions[s], 1.0) for s in serving if set(months) & set(m.problem.slots[s].event.months)]
            where = (block.region, *(_named(months) if len(months) == 1 else ()))
            m.require(able, ">=", len(months) + floor(10 * m.problem.tightened), "club_every_month", where, "sessions")


def must_hold(m: Model) -> None:
    """(E7, summed)  Σ_h Z[e,h] over hosts that can hold e in M ≥ |M|      for every such e, M = one of the months in which it must be held or all"""
    wanted: dict[str, set[int]] = {}
    for entry in m.problem.policy.must_hold:
        wanted.setdefault(entry.event, set()).add(entry.month)
    for event, all_months in wanted.items():
        for months in [all_months, *({month} for month in sorted(all_months) if len(all_months) > 1)]:
            able: list[Term] = [(m.sessions[s], 1.0) for s, slot in enumerate(m.problem.slots) if slot.event.event == event and months & set(slot.event.months)]
            one = tuple(str(month) for month in months if len(months) < len(all_months))
            m.require(able, ">=", len(months), "must_hold", (event, *one), "sessions")


def gifts_within_cap(m: Model) -> None:
    """(E8)  Σ gift[e]·X[g,e,h] ≤ gift_cny_client_year · part of the year · n[g]      for every g"""
    policy = m.problem.policy
    for g, segment in enumerate(m.problem.segments):
        gifts = m.attendances(m.problem.seats_of_segment[g], GIFT)
        if gifts:
            m.require(gifts, "<=", policy.caps.gift_cny_client_year * policy.part_of_year * segment.clients, "gifts_within_cap", segment.key, "CNY")


def touches_answer(m: Model) -> None:
    """Σ_s u[g,f,s] ≤ Σ_{e∈f} ω[e]·X[g,e,h]      for every response (g,f); at the optimum all touches answer"""
    for r, response in enumerate(m.problem.responses):
        touches = [(seat, -weight) for seat, weight in m.attendances(response.seats, TOUCH)]
        m.require([*((u, 1.0) for u in m.pieces[r]), *touches], "<=", 0, "touches_answer", _names(m, response))


def no_answer_without_session(m: Model) -> None:
    """(strengthened)  u[g,f,1] ≤ width[1] · Σ_{e∈f,h} Z[e,h]      for the first, steepest piece of every response (g,f)"""
    for r, response in enumerate(m.problem.responses):
        held = [m.sessions[s] for s in sorted({m.problem.seats[i].slot for i in response.seats})]
        m.require([(m.pieces[r][0], 1.0), *((Z, -response.pieces[0].width) for Z in held)], "<=", 0, "no_answer_without_session", _names(m, response))


def one_level(m: Model) -> None:
    """(K1)  Σ_l y[c,κ,l] = 1      for every cell c and concession κ"""
    for c, cell in enumerate(m.problem.cells):
        for kind, steps in cell.steps.items():
            m.require([(m.steps[c, kind, step.level], 1.0) for step in steps], "==", 1, "one_level", (*cell.key, kind))


def ladder_rises_with_tier(m: Model) -> None:
    """(K2)  Σ_l depth·y of the higher tier ≥ Σ_l depth·y of the lower      for every region, kind, concession and neighbouring tiers"""
    ladders: dict[tuple[str, str], list[int]] = {}
    for c, cell in enumerate(m.problem.cells):
        ladders.setdefault((cell.region, cell.kind), []).append(c)
    for (region, kind), own in ladders.items():
        for low, high in pairwise(sorted(own, key=lambda c: m.problem.tiers.index(m.problem.cells[c].tier))):
            for concession in m.problem.cells[low].steps:
                depths = _depth(m, high, concession, 1.0) + _depth(m, low, concession, -1.0)
                m.require(depths, ">=", 0, "ladder_rises_with_tier", (region, kind, concession, m.problem.cells[high].tier))


def concession_bearable(m: Model) -> None:
    """(K3)  Σ C·y ≤ concession_share_of_contribution · contribution of the period      for every cell (r,t,k)"""
    share = m.problem.policy.caps.concession_share_of_contribution * m.problem.policy.part_of_year
    for c, cell in enumerate(m.problem.cells):
        costs = [(y, step.cost_cny) for y, step in m.granted([c]) if step.cost_cny]
        if costs:
            m.require(costs, "<=", share * cell.contribution_cny, "concession_bearable", cell.key, "CNY")


def event_cash(m: Model) -> None:
    """E[M] = Σ (fixed·Z + guest·X)·(1 − partner share) over events open in just the months M      for every such M"""
    for months, cash in m.cash.items():
        own = (s for s, slot in enumerate(m.problem.slots) if slot.event.months == months)
        m.require([*m.cash_of(own), (cash, -1.0)], "==", 0, "event_cash", _named(months))


def within_event_budget(m: Model) -> None:
    """(B1)  E ≤ event limit + transfer_share · concession limit"""
    limit = m.problem.event_limit_cny + m.problem.policy.budget.transfer_share * m.problem.concession_limit_cny
    m.require([(cash, 1.0) for cash in m.cash.values()], "<=", limit, "within_event_budget", (), "CNY")


def within_concession_budget(m: Model) -> None:
    """(B2)  Σ C·y ≤ concession limit + transfer_share · event limit, and E + Σ C·y ≤ both limits: what moves to one leaves the other"""
    share = m.problem.policy.budget.transfer_share
    limit = m.problem.concession_limit_cny + share * m.problem.event_limit_cny
    m.require(m.concession_cost, "<=", limit, "within_concession_budget", (), "CNY")
    if share > 0:
        both = m.problem.event_limit_cny + m.problem.concession_limit_cny
        m.require([*((cash, 1.0) for cash in m.cash.values()), *m.concession_cost], "<=", both, "within_concession_budget", ("event", "concession"), "CNY")


def spend_phased(m: Model) -> None:
    """(B3, summed)  cash of events held only in Q ≤ Σ_{q∈Q} hi[q]·E, and of events that can be held in Q ≥ Σ_{q∈Q} lo[q]·E      for every set Q of quarters"""
    limits = {quarter: _narrowed(band, m.problem.tightened) for quarter, band in bands(m.problem.policy).items()}
    for size in range(1, len(limits) + 1):
        for quarters in combinations(limits, size):
            months = {month for quarter in quarters for month in QUARTERS[quarter]}
            only = [(cash, 1.0) for own, cash in m.cash.items() if set(own) <= months]
            able = [(cash, 1.0) for own, cash in m.cash.items() if set(own) & months]
            low, high = (sum(limits[quarter][end] for quarter in quarters) for end in (0, 1))
            where = _named(quarters)
            if high < 1:
                m.require([*only, *((cash, -high) for cash in m.cash.values())], "<=", 0, "spend_phased", where, "CNY")
            if low > 0:
                m.require([*able, *((cash, -low) for cash in m.cash.values())], ">=", 0, "spend_phased", where, "CNY")


def bands(policy: Policy) -> dict[int, tuple[float, float]]:
    """The least and greatest share of the period's event spend of each quarter.

    Of a half with quarters 1 and 2: lo[1] / (lo[1] + hi[2]) and hi[1] / (hi[1] + lo[2]), what the year's bands imply. A
    quarter that is past has spent what it has: nothing is asked of it while another is still ahead.
    """
    phasing = policy.phasing
    limits = {1: phasing.q1, 2: phasing.q2, 3: phasing.q3, 4: phasing.q4}
    if policy.period != "year":
        first, second = (quarter for quarter in limits if QUARTERS[quarter][0] in policy.months)
        pairs = ((first, second), (second, first))
        limits = {own: (_part(limits[own][0], limits[other][1]), _part(limits[own][1], limits[other][0])) for own, other in pairs}
    past = [quarter for quarter in limits if QUARTERS[quarter][-1] <= policy.frozen.through_month]
    return limits if len(past) == len(limits) else {**limits, **dict.fromkeys(past, (0.0, 1.0))}


def _part(own: float, other: float) -> float:
    return own / (own + other) if own > 0 else 0.0


def _narrowed(band: tuple[float, float], by: float) -> tuple[float, float]:
    low, high = band
    return low + by * (high - low) / 4, high - by * (high - low) / 4


def tier_standard_cost(m: Model) -> None:
    """T[t] = Σ (fixed/max_guests + guest)·X + Σ C·y of the tier      for every tier t"""
    p = m.problem
    for tier, spend in m.tier_spend.items():
        terms = m.attendances((i for i, seat in enumerate(p.seats) if p.segments[seat.segment].tier == tier), STANDARD_COST)
        terms += [(y, step.cost_cny) for y, step in m.granted(c for c, cell in enumerate(p.cells) if cell.tier == tier) if step.cost_cny]
        m.require([*terms, (spend, -1.0)], "==", 0, "tier_standard_cost", (tier,))


def tier_floor(m: Model) -> None:
    """(B4)  T[t] ≥ floor[t] · Σ_t T[t]      for every tier with a floor"""
    _tier_share(m, m.problem.policy.floors.tier, ">=", "tier_floor")


def tier_cap(m: Model) -> None:
    """(B4)  T[t] ≤ cap[t] · Σ_t T[t]      for every tier with a cap"""
    _tier_share(m, m.problem.policy.caps.tier, "<=", "tier_cap")


def branch_floor(m: Model) -> None:
    """(B5)  Σ (fixed/max_guests + guest)·X of the branch ≥ branch_cny_per_client · Σ n[g]      for every branch b"""
    least = m.problem.policy.floors.branch_cny_per_client
    for branch, own in _segments_by_branch(m).items():
        clients = sum(m.problem.segments[g].clients for g in own)
        if least > 0 and clients:
            m.require(m.attendances(_seats_of(m, own), STANDARD_COST), ">=", least * clients, "branch_floor", (branch,), "CNY")


def branch_cap(m: Model) -> None:
    """(B6)  Σ (fixed/max_guests + guest)·X of the branch + its part of Σ C·y ≤ branch_share · Σ_t T[t]      for every branch b"""
    p = m.problem
    share = p.policy.caps.branch_share
    for branch, own in _segments_by_branch(m).items() if share < 1 else ():
        spend = m.attendances(_seats_of(m, own), STANDARD_COST)
        spend += [(y, step.cost_cny * part) for y, step in m.granted(range(len(p.cells))) if (part := step.branch_shares.get(branch, 0.0))]
        m.require([*spend, *((total, -share) for total in m.tier_spend.values())], "<=", 0, "branch_cap", (branch,), "CNY")


def partner_within_cap(m: Model) -> None:
    """(B7)  Σ (fixed·Z + guest·X)·partner_share · the partner's part of the family ≤ cap      for every partner"""
    p = m.problem
    for partner in p.partners:
        borne: list[Term] = []
        for s, slot in enumerate(p.slots):
            part = slot.event.partner_share * partner.part_of_family.get(slot.event.family, 0.0)
            if part:
                borne.append((m.sessions[s], slot.event.fixed_cost_cny * part))
                borne += [(m.seats[i], slot.event.guest_cost_cny * part) for i in p.seats_of_slot[s]]
        if borne:
            m.require(borne, "<=", partner.cap_cny, "partner_within_cap", (partner.partner,), "CNY")


def visits_kept(m: Model) -> None:
    """(N1)  Σ_g n[g]·visit hours + Σ hours_session·Z[e,b] + Σ hours_guest·X ≤ managers' hours (+ w[b])      for every branch b"""
    p = m.problem
    for branch, own in _segments_by_branch(m).items():
        visits = sum(p.segments[g].clients * p.visit_hours.get(p.segments[g].tier, 0.0) for g in own)
        hours = [(m.sessions[s], slot.event.hours_session) for s, slot in enumerate(p.slots) if slot.host == branch and slot.event.host_level == "branch"]
        hours += m.attendances(_seats_of(m, own), GUEST_HOURS)
        short: list[Term] = [(m.short[branch], -1.0)] if m.short else []
        m.require([*hours, *short], "<=", p.hours[branch] - visits, "visits_kept", (branch,), "hours")


def frozen(m: Model) -> None:
    """(R1)  Z[e,h] ≥ Σ locked sessions, = where no month is left free; y[c,κ,l] = 1      for every slot with locked sessions; for every locked level l

    With months: z[e,h,m] = locked sessions      for every locked (e,h,m), past months without a line holding none.
    """
    for s, count in m.problem.locked_of_slot.items():
        m.require([(m.sessions[s], 1.0)], ">=", count, "frozen", slot_names(m.problem.slots[s]))
    for (c, concession), level in m.problem.locked_levels.items():
        if (c, concession, level) in m.steps:
            m.require([(m.steps[c, concession, level], 1.0)], "==", 1, "frozen", (*m.problem.cells[c].key, concession))


RULES = (
    guests_fit_the_room, enough_guests, no_seat_without_session, not_too_often, sessions_within_the_year, club_every_month, must_hold, gifts_within_cap,
    touches_answer, no_answer_without_session,
    one_level, ladder_rises_with_tier, concession_bearable,
    event_cash, within_event_budget, within_concession_budget, spend_phased, tier_standard_cost, tier_floor, tier_cap,
    branch_floor, branch_cap, partner_within_cap, visits_kept, frozen,
    answers_summed, worst_tenth,
)  # fmt: skip


def _named(numbers: Iterable[int]) -> tuple[str, ...]:
    return tuple(str(number) for number in numbers)


def _names(m: Model, response: Response) -> tuple[str, ...]:
    return *m.problem.segments[response.segment].key, response.family


def _depth(m: Model, c: int, concession: str, sign: float) -> list[Term]:
    return [(m.steps[c, concession, step.level], sign * step.depth) for step in m.problem.cells[c].steps[concession] if step.depth]


def _tier_share(m: Model, shares: dict[str, float], sense: str, rule: str) -> None:
    for tier, share in shares.items():
        if tier in m.tier_spend:
            m.require([(m.tier_spend[tier], 1.0), *((other, -share) for other in m.tier_spend.values())], sense, 0, rule, (tier,), "CNY")


def _segments_by_branch(m: Model) -> dict[str, list[int]]:
    own: dict[str, list[int]] = {branch: [] for branch in m.problem.hours}
    for g, segment in enumerate(m.problem.segments):
        own[segment.branch].append(g)
    return own


def _seats_of(m: Model, segments: Iterable[int]) -> list[int]:
    return [i for g in segments for i in m.problem.seats_of_segment[g]]
