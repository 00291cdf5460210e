"""What the clients of each branch, tier and kind hold who meet a level's conditions, summed one client at a time."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from planning.judge.clients import Book, Cell, Client, Segment
from planning.judge.exact import ZERO, exact, limit_of
from planning.judge.tables import Row, Tables, rows

DEPOSIT, LOAN, FEE = "deposit_premium", "loan_discount", "fee_waiver"
NO_GRADE = -1


class Condition(NamedTuple):
    """What a client must meet for a level: least balance in small units, least months of tenure (deposits), greatest risk (loans)."""

    concession: str
    least: int
    tenure: float | None
    risk: int | None

    def counted(self, client: Client) -> tuple[int, int] | None:
        """Balance (or fees) and what that earns a year, in small units; None for a client who does not qualify."""
        own = client.amounts
        if self.concession == DEPOSIT:
            if own.deposit <= 0 or own.deposit_margin is None or own.deposit < self.least:
                return None
            lasting = self.tenure is None or (client.tenure is not None and client.tenure >= self.tenure)
            return (own.deposit, own.deposit_margin) if lasting else None
        if self.concession == LOAN:
            if own.loan <= 0 or own.loan_margin is None or own.loan < self.least:
                return None
            safe = self.risk is None or (own.pd is not None and own.pd <= self.risk)
            return (own.loan, own.loan_margin) if safe else None
        return (own.fee, own.fee) if own.fee > 0 and own.deposit + own.invest >= self.least else None


@dataclass(frozen=True)
class Qualifying:
    """Sums over the clients who qualify, yuan: balance (or fees), what it earns a year, contribution, balance by branch."""

    balance: Fraction
    margin: Fraction
    contribution: Fraction
    by_branch: Mapping[str, Fraction]


@dataclass
class Held:
    """One branch, tier and kind: balance, earned and contribution by condition, small units; the highest grade of the managers its clients name, if any."""

    sums: list[list[int]]
    grade: float | None = None


class Holders:
    """The sums of every branch, tier and kind, of the cells they lie in, and the grades of those who serve them."""

    def __init__(self, tables: Tables, book: Book) -> None:
        self._book = book
        self._conditions = list(dict.fromkeys(condition(row["concession"], row, book) for row in rows(tables, "concessions")))
        self._managers = list(rows(tables, "managers"))
        self._grade_of = {str(row["manager"]): row["grade"] for row in self._managers}
        self._held: defaultdict[Segment, Held] = defaultdict(lambda: Held([[0, 0, 0] for _ in self._conditions]))

    def add(self, client: Client) -> None:
        """One more client."""
        held = self._held[client.segment[:3]]
        for one, sums in zip(self._conditions, held.sums, strict=True):
            counted = one.counted(client)
            if counted is not None:
                sums[0] += counted[0]
                sums[1] += counted[1]
                sums[2] += client.amounts.contribution
        if client.manager is not None:
            grade = self._grade_of.get(client.manager, NO_GRADE)
            held.grade = grade if held.grade is None else max(held.grade, grade)

    def cells(self) -> dict[Cell, dict[str, Held]]:
        """What each region, tier and kind holds, branch by branch."""
        cells: defaultdict[Cell, dict[str, Held]] = defaultdict(dict)
        for (branch, tier, kind), held in self._held.items():
            cells[self._book.regions[branch], tier, kind][branch] = held
        return cells

    def grade(self, cell: Mapping[str, Held]) -> float:
        """The highest grade among the managers a cell's clients name; if they name none, among all managers of its branches."""
        named = [held.grade for held in cell.values() if held.grade is not None]
        return max(named or [row["grade"] for row in self._managers if row["branch"] in cell], default=NO_GRADE)

    def qualifying(self, concession: str, level: Row, cell: Mapping[str, Held]) -> Qualifying:
        """The sums of a cell's clients who meet a level's conditions."""
        place, unit = self._conditions.index(condition(concession, level, self._book)), self._book.money.unit
        own = {branch: held.sums[place] for branch, held in cell.items() if held.sums[place][0] > 0}
        balance, margin, contribution = (Fraction(sum(sums[which] for sums in own.values()), unit) for which in range(3))
        return Qualifying(balance, margin, max(contribution, ZERO), {branch: Fraction(sums[0], unit) for branch, sums in own.items()})


def condition(concession: str, row: Row, book: Book) -> Condition:
    """A level's conditions, as far as they count for its concession."""
    least = ceil(exact(row.get("min_balance_cny")) * book.money.unit)
    greatest = limit_of(row.get("max_pd")) if concession == LOAN else None
    risk = None if greatest is None else floor(greatest * book.money.risk_unit)
    return Condition(concession, least, row.get("min_tenure_months") if concession == DEPOSIT else None, risk)
