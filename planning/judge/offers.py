"""What each level of each concession costs and brings in each cell, from the clients who qualify for it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from planning.judge import period
from planning.judge.clients import Cell
from planning.judge.exact import ZERO, day, exact
from planning.judge.holders import FEE, Held, Holders, Qualifying
from planning.judge.tables import Row, Tables, rows

BASIS_POINT = Fraction(1, 10_000)


@dataclass(frozen=True)
class Step:
    """One level in one cell, yuan. `rate` is the depth as a share of the balance (or fees), `parts` the branches' shares of the cost."""

    depth: Fraction
    rate: Fraction
    gain: Fraction
    cost: Fraction
    parts: Mapping[str, Fraction]
    offered: bool = True
    code: str = ""
    balance: Fraction = ZERO
    elasticity: "Elasticity | None" = None
    part: Fraction = Fraction(1)  # of the year that it is granted for


Ladder = Mapping[int, Step]
Offers = Mapping[tuple[Cell, str], Ladder]


@dataclass(frozen=True)
class Elasticity:
    """What one unit of depth moves, how much of the new money is old, what it keeps of the contribution."""

    growth: Fraction
    old_share: Fraction
    keep: Fraction


@dataclass(frozen=True)
class Terms:
    """One concession as the bank may grant it: its levels, its ceiling, and who reacts how."""

    code: str
    levels: Sequence[Row]
    ceiling: Fraction | None
    elasticities: Mapping[tuple[str, str], Elasticity]
    horizon: Fraction
    part: Fraction


def read_offers(tables: Tables, policy: Mapping[str, Any], holders: Holders, horizon: Fraction) -> Offers:
    """The ladder of every concession in every cell; `horizon` is the worth of one yuan a year over the years that count."""
    terms = read_terms(tables, policy, horizon)
    return {(cell, one.code): ladder(one, cell, held, holders) for cell, held in holders.cells().items() for one in terms}


def read_terms(tables: Tables, policy: Mapping[str, Any], horizon: Fraction) -> list[Terms]:
    """Every concession that has levels."""
    levels: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows(tables, "concessions"):
        levels[row["concession"]].append(row)
    reacts: defaultdict[str, dict[tuple[str, str], Elasticity]] = defaultdict(dict)
    for row in rows(tables, "elasticities"):
        elasticity = Elasticity(exact(row["growth_per_unit"]), exact(row["old_money_share"]), exact(row.get("retention_gain_per_unit")))
        reacts[row["concession"]][row["tier"], row["kind"]] = elasticity
    return [Terms(code, own, ceiling(tables, code, policy), reacts[code], horizon, period.part(policy)) for code, own in levels.items()]


def ceiling(tables: Tables, code: str, policy: Mapping[str, Any]) -> Fraction | None:
    """The greatest rate of a concession for this type of bank on the data date, as a share; the bank's own type goes before `*`."""
    found: Row | None = None
    for row in rows(tables, "caps"):
        own = row["bank_type"] == policy["bank"]["bank_type"]
        if row["product"] != code or not (own or row["bank_type"] == "*") or day(row["as_of"]) > day(policy["data_date"]):
            continue
        if found is None or (own, day(row["as_of"])) > (found["bank_type"] != "*", day(found["as_of"])):
            found = row
    return None if found is None else exact(found["cap_bp"]) * BASIS_POINT


def ladder(terms: Terms, cell: Cell, held: Mapping[str, Held], holders: Holders) -> Ladder:
    """Every level in one cell. Not offered: above the ceiling, above every manager's grade, or without a known reaction."""
    steps = {0: Step(ZERO, ZERO, ZERO, ZERO, {})}
    elasticity = terms.elasticities.get(cell[1:])
    grade = holders.grade(held)
    for row in terms.levels:
        if int(row["level"]) == 0:
            continue
        depth = exact(row["depth"])
        rate = depth if terms.code == FEE else depth * BASIS_POINT
        if elasticity is None:
            steps[int(row["level"])] = Step(depth, rate, ZERO, ZERO, {}, offered=False)
            continue
        sums = holders.qualifying(terms.code, row, held)
        allowed = (terms.ceiling is None or rate <= terms.ceiling) and (row.get("min_grade") or 0) <= grade
        gain, cost = gain_and_cost(terms, depth, rate, elasticity, sums)
        steps[int(row["level"])] = Step(depth, rate, gain, cost, _parts(sums), allowed, terms.code, sums.balance, elasticity, terms.part)
    return steps


def gain_and_cost(terms: Terms, depth: Fraction, rate: Fraction, elasticity: Elasticity, sums: Qualifying) -> tuple[Fraction, Fraction]:
    """G = μ·depth·(growth·margin + keep·contribution);  C = rate·(new + old money repriced), for fees rate·fees; both for the period's part of a year."""
    gain = terms.part * terms.horizon * depth * (elasticity.growth * sums.margin + elasticity.keep * sums.contribution)
    return gain, terms.part * cost_at(terms.code, (rate, sums.balance), elasticity, elasticity.growth * depth * sums.balance)


def cost_when(step: Step, times: Fraction) -> Fraction:
    """What a step costs where clients answer `times` as strongly as expected."""
    if step.elasticity is None:
        return step.cost
    return step.part * cost_at(step.code, (step.rate, step.balance), step.elasticity, times * step.elasticity.growth * step.depth * step.balance)


def cost_at(code: str, granted: tuple[Fraction, Fraction], elasticity: Elasticity, new: Fraction) -> Fraction:
    """A year's C = rate·(new + old money repriced), for fees rate·fees; `granted` = rate and balance."""
    rate, balance = granted
    if code == FEE:
        return rate * balance
    repriced = balance
    if elasticity.old_share < 1:
        repriced = min(repriced, elasticity.old_share / (1 - elasticity.old_share) * new)
    return rate * (new + repriced)


def _parts(sums: Qualifying) -> Mapping[str, Fraction]:
    return {branch: held / sums.balance for branch, held in sums.by_branch.items()} if sums.balance > 0 else {}
