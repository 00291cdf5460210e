"""Rules of the concession ladder, K1 to K3. Letters as in the model: y the level chosen, C its cost."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from planning.judge.answer import Answer
from planning.judge.checks import Line, at_least, at_most, exactly
from planning.judge.clients import Cell
from planning.judge.exact import ZERO, exact
from planning.judge.facts import Facts


def one_level(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(K1)  Σ_l y[r,t,k,c,l] = 1      for every cell (r,t,k) and concession c with levels"""
    chosen = Counter((one.cell, one.concession) for one in answer.chosen)
    for cell, concession in sorted(facts.offers):
        yield exactly((*cell, concession), Fraction(chosen[cell, concession]), Fraction(1), "level")


def ladder_rises_with_tier(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(K2)  depth of the higher tier ≥ depth of the lower      for every (r,k,c) and neighbouring tiers of which one is granted something"""
    rungs: defaultdict[tuple[str, str, str], list[tuple[int, str, Fraction]]] = defaultdict(list)
    for one in answer.chosen:
        if one.step is not None:
            region, tier, kind = one.cell
            rungs[region, kind, one.concession].append((facts.ranks[region, tier], tier, one.step.rate))
    for (region, kind, concession), rates in sorted(rungs.items()):
        for (_, _, lower), (_, tier, higher) in pairwise(sorted(rates)):
            if lower or higher:
                yield at_least((region, tier, kind, concession), higher, lower, "share")


def concession_bearable(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(K3)  Σ_{c,l} C·y ≤ concession_share_of_contribution · contribution of the period      for every cell (r,t,k) that is granted something"""
    share = exact(facts.policy["caps"]["concession_share_of_contribution"]) * facts.part
    costs: defaultdict[Cell, Fraction] = defaultdict(Fraction)
    for one in answer.chosen:
        if one.step is not None:
            costs[one.cell] += one.step.cost
    for cell, cost in sorted(costs.items()):
        if cost != ZERO:
            yield at_most(cell, cost, share * facts.cell_contribution[cell], "CNY")
