"""Rules of money, B1 to B7. Cash is after partners' shares; standard cost is a full room's cost a guest, before them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction

from planning.judge import period
from planning.judge.answer import Answer
from planning.judge.checks import Line, at_least, at_most, share_at_least, share_at_most
from planning.judge.events import past_month
from planning.judge.exact import ZERO, exact
from planning.judge.facts import Facts


def within_event_budget(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(B1)  Σ (fixed·z + guest·x)·(1 − partner share) ≤ E + s·C      E, C the limits, s the share that may move"""
    limit = facts.budget("event") + facts.transfer * facts.budget("concession")
    yield at_most(("event",), answer.event_cny, limit, "CNY")


def within_concession_budget(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(B2)  Σ C·y ≤ C + what events leave, at most s·E, less what they took, at most s·C"""
    event, concession = facts.budget("event"), facts.budget("concession")
    moved = min(max(event - answer.event_cny, -facts.transfer * concession), facts.transfer * event)
    yield at_most(("concession",), answer.concession_cny, concession + moved, "CNY")


def spend_phased(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(B3)  lo[q]·total ≤ event cash of q ≤ hi[q]·total      for every quarter q of the period and bound asked for"""
    total = answer.event_cny
    if total <= 0:
        return
    for quarter, (low, high) in quarter_bands(facts).items():
        name = f"q{quarter}"
        cash = sum((answer.cash.get(month, ZERO) for month in range(3 * quarter - 2, 3 * quarter + 1)), ZERO)
        if high < 1:
            yield share_at_most((name,), cash, total, high)
        if low > 0:
            yield share_at_least((name,), cash, total, low)


def tier_floor(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(B4)  standard cost and concessions of t ≥ floor[t] · those of all tiers      for every tier t with a floor"""
    spent = _by_tier(answer)
    total = sum(spent.values(), ZERO)
    for tier, floor in sorted(facts.policy["floors"]["tier"].items()):
        if total > 0:
            yield share_at_least((tier,), spent.get(tier, ZERO), total, exact(floor))


def tier_cap(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(B4)  standard cost and concessions of t ≤ cap[t] · those of all tiers      for every tier t with a cap"""
    spent = _by_tier(answer)
    total = sum(spent.values(), ZERO)
    for tier, cap in sorted(facts.policy["caps"]["tier"].items()):
        if total > 0:
            yield share_at_most((tier,), spent.get(tier, ZERO), total, exact(cap))


def branch_floor(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(B5)  standard cost of the attendances of b ≥ branch_cny_per_client · n of its segments      for every branch b with segments, where a floor is set"""
    each = exact(facts.policy["floors"]["branch_cny_per_client"])
    if each <= 0:
        return
    spent = _events_by_branch(answer)
    for branch, clients in facts.branch_clients.items():
        yield at_least((branch,), spent.get(branch, ZERO), each * clients, "CNY")


def branch_cap(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(B6)  standard cost and part of the concessions of b ≤ branch_share · those of all branches      for every branch b with segments, where a cap is set"""
    share = exact(facts.policy["caps"]["branch_share"])
    spent = _events_by_branch(answer)
    for step in answer.steps():
        for branch, part in step.parts.items():
            spent[branch] += step.cost * part
    total = sum(spent.values(), ZERO)
    if total <= 0 or share >= 1:
        return
    for branch in facts.branch_clients:
        yield share_at_most((branch,), spent.get(branch, ZERO), total, share)


def partner_within_cap(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(B7)  Σ_e (fixed·z + guest·x)·partner share·share[p]/Σ share of the family's partners ≤ cap[p]      for every partner p"""
    borne: defaultdict[str, Fraction] = defaultdict(Fraction)  # by family
    for slot in answer.slots:
        event = facts.events[slot[0]]
        borne[event.family] += event.cost(answer.sessions.get(slot, ZERO), answer.guests.get(slot, ZERO)) * event.partner_share
    for name, partner in sorted(facts.partners.items()):
        yield at_most((name,), sum(_parts(facts, partner.families, partner.share, borne), ZERO), partner.cap, "CNY")


def _parts(facts: Facts, families: Iterable[str], share: Fraction, borne: dict[str, Fraction]) -> Iterator[Fraction]:
    for family in families:
        shares = sum((one.share for one in facts.partners.values() if family in one.families), ZERO)
        if shares > 0:
            yield borne.get(family, ZERO) * share / shares


def quarter_bands(facts: Facts) -> dict[int, tuple[Fraction, Fraction]]:
    """Least and greatest share of event spending of each quarter of the period; 0 and 1 of one that is past while another is not."""
    asked = facts.policy["phasing"]
    bands = {quarter: (exact(asked[f"q{quarter}"][0]), exact(asked[f"q{quarter}"][1])) for quarter in range(1, 5)}
    limits = period.quarter_limits(facts.policy, bands)
    past = [quarter for quarter in limits if 3 * quarter <= past_month(facts.policy)]
    return limits if len(past) == len(limits) else {**limits, **dict.fromkeys(past, (ZERO, Fraction(1)))}


def _by_tier(answer: Answer) -> defaultdict[str, Fraction]:
    spent: defaultdict[str, Fraction] = defaultdict(Fraction)
    for (_, tier, *_), cost in answer.standard.items():
        spent[tier] += cost
    for one in answer.chosen:
        if one.step is not None:
            spent[one.cell[1]] += one.step.cost
    return spent


def _events_by_branch(answer: Answer) -> defaultdict[str, Fraction]:
    spent: defaultdict[str, Fraction] = defaultdict(Fraction)
    for (branch, *_), cost in answer.standard.items():
        spent[branch] += cost
    return spent
