"""Rows of money and of the ladder that a price can stand on: K2, K3 and B1 to B7.

Letters: E cash for events, T standard cost and concessions, y the ladder's levels and C their cost, λ = `row.signed`.
KeyError, and nothing counted, where there is no such place.
"""

from planning.judge.clients import Cell
from planning.judge.exact import ZERO, exact
from planning.judge.facts import Facts
from planning.judge.priced import ANY, Price, Priced
from planning.judge.rules_budgets import quarter_bands


def ladder_rises_with_tier(p: Priced, row: Price) -> None:
    """(K2)  Σ depth·y of the higher tier ≥ Σ depth·y of the next lower      for every region, kind, concession and tier with a lower one"""
    region, kind, concession, tier = row.where
    lower = _next_lower(p.facts, (region, tier, kind))
    _offered(p, lower, concession)
    _offered(p, (region, tier, kind), concession)
    p.depths[(region, tier, kind), concession] += row.signed
    p.depths[lower, concession] -= row.signed


def concession_bearable(p: Priced, row: Price) -> None:
    """(K3)  Σ C·y ≤ concession_share_of_contribution · contribution of the period      for every cell"""
    region, tier, kind = row.where
    share = exact(p.facts.policy["caps"]["concession_share_of_contribution"])
    p.limit(row.signed, share * p.facts.part * p.facts.cell_contribution[region, tier, kind], half_fens=1)
    p.granted[region, tier, kind] += row.signed


def within_event_budget(p: Priced, row: Price) -> None:
    """(B1)  E ≤ event limit + transfer share · concession limit"""
    _nowhere(row)
    p.limit(row.signed, p.facts.budget("event") + p.facts.transfer * p.facts.budget("concession"), half_fens=1)
    p.cash[ANY] += row.signed


def within_concession_budget(p: Priced, row: Price) -> None:
    """(B2)  Σ C·y ≤ concession limit + transfer share · event limit;  E + Σ C·y ≤ both limits, where both are named"""
    event, concession = p.facts.budget("event"), p.facts.budget("concession")
    if row.where == ("event", "concession"):
        p.cash[ANY] += row.signed
        p.limit(row.signed, event + concession, half_fens=2)
    else:
        _nowhere(row)
        p.limit(row.signed, concession + p.facts.transfer * event, half_fens=1)
    p.granted[ANY] += row.signed


def spend_phased(p: Priced, row: Price) -> None:
    """(B3, summed)  cash of events held only in Q ≤ Σ_{q∈Q} hi[q] · E;  of those that can be held in Q ≥ Σ_{q∈Q} lo[q] · E      for every set Q of quarters"""
    quarters = sorted({int(code) for code in row.where})
    months = frozenset(month for quarter in quarters for month in range(3 * quarter - 2, 3 * quarter + 1))
    end = 1 if row.sense == "<=" else 0
    bands = quarter_bands(p.facts)
    share = sum((bands[quarter][end] for quarter in quarters), ZERO)
    p.limit(row.signed, ZERO, half_fens=len(quarters))
    p.cash[ANY] -= row.signed * share
    for place, own in p.rooms.months.items():
        if own <= months if end else own & months:
            p.cash[place] += row.signed


def tier_floor(p: Priced, row: Price) -> None:
    """(B4)  T[t] ≥ floor[t] · Σ T      for every tier with a floor"""
    _tier_share(p, row, "floors")


def tier_cap(p: Priced, row: Price) -> None:
    """(B4)  T[t] ≤ cap[t] · Σ T      for every tier with a cap"""
    _tier_share(p, row, "caps")


def branch_floor(p: Priced, row: Price) -> None:
    """(B5)  standard cost of the branch's attendances ≥ branch_cny_per_client · n      for every branch with clients"""
    branch = _with_clients(p, row)
    p.limit(row.signed, exact(p.facts.policy["floors"]["branch_cny_per_client"]) * p.facts.branch_clients[branch], half_fens=1)
    p.standard[branch] += row.signed


def branch_cap(p: Priced, row: Price) -> None:
    """(B6)  standard cost of the branch's attendances + its part of Σ C·y ≤ branch_share · Σ T      for every branch with clients"""
    branch = _with_clients(p, row)
    p.limit(row.signed, ZERO, half_fens=1)
    p.standard[branch] += row.signed
    p.granted_in[branch] += row.signed
    p.spent[ANY] -= row.signed * exact(p.facts.policy["caps"]["branch_share"])


def partner_within_cap(p: Priced, row: Price) -> None:
    """(B7)  Σ what partners bear of a family · share[p] / Σ share of the family's partners ≤ cap      for every partner"""
    (name,) = row.where
    partner = p.facts.partners[name]
    p.limit(row.signed, partner.cap, half_fens=1)
    for family in partner.families:
        shares = sum((one.share for one in p.facts.partners.values() if family in one.families), ZERO)
        if shares > 0:
            p.borne[family] += row.signed * partner.share / shares


def _tier_share(p: Priced, row: Price, section: str) -> None:
    (tier,) = row.where
    share = exact(p.facts.policy[section]["tier"][tier])
    p.limit(row.signed, ZERO, half_fens=1)
    p.spent[tier] += row.signed
    p.spent[ANY] -= row.signed * share


def _with_clients(p: Priced, row: Price) -> str:
    (branch,) = row.where
    if branch not in p.facts.branch_clients:
        raise KeyError(branch)
    return branch


def _next_lower(facts: Facts, cell: Cell) -> Cell:
    """The cell of the next lower tier in the same region and kind."""
    region, tier, kind = cell
    ranks = {own: facts.ranks[region, own[1]] for own in facts.cell_contribution if (own[0], own[2]) == (region, kind)}
    lower = [own for own, rank in ranks.items() if rank < ranks[cell]]
    if not lower:
        raise KeyError(tier)
    return max(lower, key=lambda own: ranks[own])


def _offered(p: Priced, cell: Cell, concession: str) -> None:
    if (cell, concession) not in p.facts.offers:
        raise KeyError(cell, concession)


def _nowhere(row: Price) -> None:
    if row.where:
        raise KeyError(row.where)
