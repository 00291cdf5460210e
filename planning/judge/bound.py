"""The bound of every plan at given prices on its limits, in exact fractions, from the tables and the policy alone.

    value of any plan ≤ Σ λ·limit + Σ most that each quantity brings at the prices

for whatever prices λ ≥ 0 (weak duality), with each rule of the months summed up over the year (optimise/rules.py states the
same sums; here they are written again from the statements). What is rounded is rounded up.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from planning.judge import priced_events, priced_money
from planning.judge.clients import Cell, Segment
from planning.judge.curve import Curve, most_at_prices
from planning.judge.exact import ZERO
from planning.judge.facts import Facts
from planning.judge.offers import Step
from planning.judge.priced import ANY, First, Price, Priced
from planning.judge.rooms import Place, rooms

FINE = 10**9  # parts of a yuan to which a quantity's worth is rounded up

Rule = Callable[[Priced, Price], None]

UP_TO: tuple[Rule, ...] = (
    priced_events.guests_fit_the_room, priced_events.once_is_enough, priced_events.not_too_often, priced_events.gifts_within_cap,
    priced_events.touches_answer, priced_events.no_answer_without_session, priced_events.visits_kept,
    priced_money.concession_bearable, priced_money.within_event_budget, priced_money.within_concession_budget, priced_money.spend_phased,
    priced_money.tier_cap, priced_money.branch_cap, priced_money.partner_within_cap,
)  # fmt: skip
AT_LEAST: tuple[Rule, ...] = (
    priced_events.enough_guests, priced_events.sessions_within_the_year, priced_events.club_every_month, priced_events.must_hold,
    priced_money.ladder_rises_with_tier, priced_money.spend_phased, priced_money.tier_floor, priced_money.branch_floor,
)  # fmt: skip
ROWS = {(rule.__name__, sense): rule for sense, rules in (("<=", UP_TO), (">=", AT_LEAST)) for rule in rules}


@dataclass(frozen=True)
class Bound:
    """No plan that keeps the rules is worth more (yuan, rounded up to the fen). `unread` = prices that stand on no row the judge knows; they count as 0."""

    cny: Fraction
    unread: tuple[Price, ...]


def bound(prices: Iterable[Price], facts: Facts) -> Bound:
    """The bound at these prices. A price below 0, of the wrong sense, or for a place the bank does not have is unread."""
    priced = Priced(facts, rooms(facts))
    unread = tuple(price for price in prices if not read(priced, price))
    worth = sum(ceil(part * FINE) for part in _most(priced))
    return Bound(Fraction(ceil((priced.limits + Fraction(worth, FINE)) * 100), 100), unread)


def _most(p: Priced) -> Iterator[Fraction]:
    """The most that each quantity of a year can bring at the prices, each within its own limits."""
    yield from (p.rooms.sessions[place] * max(-price, ZERO) for place, price in session_prices(p))
    yield from (p.rooms.seats[seat].most * max(-price, ZERO) for seat, price in guest_prices(p))
    yield from (most_at_prices(curve, p.touches[answer], p.first.get(answer, First(ZERO, ZERO))) for answer, curve in curves(p))
    yield from (max(worth for _, worth in levels) for _, levels in ladders(p))


def read(priced: Priced, price: Price) -> bool:
    """Count a price on its limit; whether it is one."""
    rule = ROWS.get((price.rule, price.sense))
    if rule is None or price.price < 0:
        return False
    try:
        rule(priced, price)
    except (KeyError, ValueError):
        return False
    return True


def session_prices(p: Priced) -> Iterator[tuple[Place, Fraction]]:
    """What a session costs, for every event and host; 0 ≤ Z ≤ max_sessions where a session can have its guests."""
    for code, host in p.rooms.sessions:
        event = p.facts.events[code]
        hours = event.hours_session * p.hours[host] if event.level == "branch" else ZERO
        yield (code, host), p.sessions[code, host] + event.fixed * _yuan_of_cost(p, (code, host)) + hours


def guest_prices(p: Priced) -> Iterator[tuple[tuple[Segment, str], Fraction]]:
    """What an attendance costs, for every segment and event it may attend; 0 ≤ X ≤ ⌊max_per_client·n[g,e]⌋."""
    cost_of = {place: p.facts.events[place[0]].guest * _yuan_of_cost(p, place) for place in p.rooms.guests}
    for (segment, code), seat in p.rooms.seats.items():
        event, (branch, tier, *_) = p.facts.events[code], segment
        costs = p.guests[segment, code] + p.at_slot[code, seat.host] + cost_of[code, seat.host]
        costs += event.standard * (p.standard[branch] + p.spent[tier] + p.spent[ANY])
        costs += event.hours_guest * p.hours[branch] + event.gift * p.gifts[segment] - event.touch * p.touches[segment, event.family]
        yield (segment, code), costs


def curves(p: Priced) -> Iterator[tuple[tuple[Segment, str], Curve]]:
    """What touches bring, up to all that there can be, for every segment and family that answers."""
    most: defaultdict[tuple[Segment, str], Fraction] = defaultdict(Fraction)
    for (segment, code), seat in p.rooms.seats.items():
        most[segment, p.facts.events[code].family] += p.facts.events[code].touch * seat.most
    for (segment, family), touches in most.items():
        share, rate = p.facts.responses.get((segment[1], segment[2], family), (ZERO, ZERO))
        ceiling = p.facts.horizon * max(p.facts.contribution[segment], ZERO) * share
        if ceiling > 0 and rate > 0 and touches > 0:
            yield (segment, family), Curve(ceiling, rate / p.facts.clients[segment], touches)


def ladders(p: Priced) -> Iterator[tuple[tuple[Cell, str], list[tuple[int, Fraction]]]]:
    """What each level offered brings, for every cell and concession, of which just one is granted (K1)."""
    for (cell, concession), ladder in p.facts.offers.items():
        yuan = _paid(p) + p.granted[ANY] + p.granted[cell] + p.spent[cell[1]] + p.spent[ANY]
        depth = p.depths[cell, concession]
        yield (cell, concession), [(level, step.gain - _granting(p, step, yuan) - step.depth * depth) for level, step in ladder.items() if step.offered]


def _granting(p: Priced, step: Step, yuan: Fraction) -> Fraction:
    return step.cost * (yuan + sum((part * p.granted_in[branch] for branch, part in step.parts.items() if branch in p.granted_in), ZERO))


def _yuan_of_cost(p: Priced, place: Place) -> Fraction:
    """What a yuan of an event's cost at a host costs, the bank's part and the partners'."""
    event = p.facts.events[place[0]]
    return (_paid(p) + p.cash[ANY] + p.cash[place]) * (1 - event.partner_share) + p.borne[event.family] * event.partner_share


def _paid(p: Priced) -> Fraction:
    """What a yuan spent takes off the value itself."""
    return Fraction(p.facts.policy["value"]["objective"] == "net")
