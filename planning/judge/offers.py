"""What each level of each concession costs and brings in each cell, from the clients who qualify for it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Any

from planning.judge import period
from planning.judge.clients import Book, Cell, Client
from planning.judge.exact import ZERO, day, exact, limit_of
from planning.judge.tables import Row, Tables, rows

DEPOSIT, LOAN, FEE = "deposit_premium", "loan_discount", "fee_waiver"
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
class Qualifying:
    """Sums over the clients who qualify, yuan: balance (or fees), what it earns a year, contribution, balance by branch."""

    balance: Fraction
    margin: Fraction
    contribution: Fraction
    by_branch: Mapping[str, Fraction]


@dataclass(frozen=True)
class Terms:
    """One concession as the bank may grant it: its levels, its ceiling, and who reacts how."""

    code: str
    levels: Sequence[Row]
    ceiling: Fraction | None
    elasticities: Mapping[tuple[str, str], Elasticity]
    horizon: Fraction
    part: Fraction


def read_offers(tables: Tables, policy: Mapping[str, Any], book: Book, regions: Mapping[str, str], horizon: Fraction) -> Offers:
    """The ladder of every concession in every cell; `horizon` is the worth of one yuan a year over the years that count."""
    terms = read_terms(tables, policy, horizon)
    grades = highest_grades(tables, book.clients, regions)
    cells = by_cell(book.clients, regions)
    return {(cell, one.code): ladder(one, cell, clients, grades[cell], book) for cell, clients in cells.items() for one in terms}


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


def highest_grades(tables: Tables, clients: Iterable[Client], regions: Mapping[str, str]) -> dict[Cell, float]:
    """The highest grade among the managers each cell's clients name; if they name none, among all managers of its branches."""
    managers = list(rows(tables, "managers"))
    grade_of = {str(row["manager"]): row["grade"] for row in managers}
    grades: dict[Cell, float] = {}
    for cell, members in by_cell(clients, regions).items():
        named = {client.manager for client in members if client.manager is not None}
        branches = {client.segment[0] for client in members}
        serving = [grade_of[name] for name in named if name in grade_of] if named else [row["grade"] for row in managers if row["branch"] in branches]
        grades[cell] = max(serving, default=-1)
    return grades


def by_cell(clients: Iterable[Client], regions: Mapping[str, str]) -> dict[Cell, list[Client]]:
    """The clients of each region, tier and kind."""
    cells: defaultdict[Cell, list[Client]] = defaultdict(list)
    for client in clients:
        branch, tier, kind, *_ = client.segment
        cells[regions[branch], tier, kind].append(client)
    return cells


def ladder(terms: Terms, cell: Cell, clients: Sequence[Client], grade: float, book: Book) -> Ladder:
    """Every level in one cell. Not offered: above the ceiling, above every manager's grade, or without a known reaction."""
    steps = {0: Step(ZERO, ZERO, ZERO, ZERO, {})}
    elasticity = terms.elasticities.get(cell[1:])
    sums: dict[tuple[Any, ...], Qualifying] = {}
    for row in terms.levels:
        if int(row["level"]) == 0:
            continue
        depth = exact(row["depth"])
        rate = depth if terms.code == FEE else depth * BASIS_POINT
        if elasticity is None:
            steps[int(row["level"])] = Step(depth, rate, ZERO, ZERO, {}, offered=False)
            continue
        asked = (row.get("min_balance_cny"), row.get("min_tenure_months"), row.get("max_pd"))
        if asked not in sums:
            sums[asked] = qualifying(terms.code, row, clients, book)
        allowed = (terms.ceiling is None or rate <= terms.ceiling) and (row.get("min_grade") or 0) <= grade
        gain, cost = gain_and_cost(terms, depth, rate, elasticity, sums[asked])
        steps[int(row["level"])] = Step(depth, rate, gain, cost, _parts(sums[asked]), allowed, terms.code, sums[asked].balance, elasticity, terms.part)
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


def qualifying(code: str, row: Row, clients: Sequence[Client], book: Book) -> Qualifying:
    """Sums over the clients who meet the level's least balance, tenure (deposits) and greatest risk (loans)."""
    balance = margin = contribution = 0
    by_branch: defaultdict[str, int] = defaultdict(int)
    for client, held, earned in counting(code, row, clients, book):
        balance += held
        margin += earned
        contribution += client.contribution
        by_branch[client.segment[0]] += held
    branches = {branch: Fraction(held, book.unit) for branch, held in by_branch.items()}
    return Qualifying(Fraction(balance, book.unit), Fraction(margin, book.unit), Fraction(max(contribution, 0), book.unit), branches)


def counting(code: str, row: Row, clients: Sequence[Client], book: Book) -> list[tuple[Client, int, int]]:
    """The clients who qualify, each with balance (or fees) and what that earns a year, in the book's small unit."""
    least = ceil(exact(row.get("min_balance_cny")) * book.unit)
    if code == DEPOSIT:
        tenure = row.get("min_tenure_months")
        return [(client, client.deposit, client.deposit_margin) for client in clients
                if client.deposit > 0 and client.deposit_margin is not None and client.deposit >= least
                and (tenure is None or (client.tenure is not None and client.tenure >= tenure))]  # fmt: skip
    if code == LOAN:
        greatest = limit_of(row.get("max_pd"))
        risk = None if greatest is None else floor(greatest * book.risk_unit)
        return [(client, client.loan, client.loan_margin) for client in clients
                if client.loan > 0 and client.loan_margin is not None and client.loan >= least
                and (risk is None or (client.pd is not None and client.pd <= risk))]  # fmt: skip
    return [(client, client.fee, client.fee) for client in clients if client.fee > 0 and client.deposit + client.invest >= least]


def _parts(sums: Qualifying) -> Mapping[str, Fraction]:
    return {branch: held / sums.balance for branch, held in sums.by_branch.items()} if sums.balance > 0 else {}
