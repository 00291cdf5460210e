"""What each client holds and brings, from the clients' columns of money, rates and risks.

Money is whole numbers of one small unit, chosen so that every product is exact; `Money.unit` of them make a yuan.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from planning.judge.exact import Column
from planning.judge.tables import Tables, column

MONEY = (
    "deposit_avg_cny",
    "loan_avg_cny",
    "invest_avg_cny",
    "fee_income_cny",
    "cost_to_serve_cny",
    "contribution_cny",
    "contribution_last_cny",
    "capital_charge_cny",
)
RATES = ("deposit_rate_pct", "loan_rate_pct")
RISKS = ("pd", "lgd")


class Amounts(NamedTuple):
    """One client's money in small units; `pd` in parts of `Money.risk_unit`."""

    deposit: int
    loan: int
    invest: int
    fee: int
    deposit_margin: int | None  # a year, None without a rate
    loan_margin: int | None
    contribution: int
    last_year: int  # contribution of the last full year, this one's where that is missing
    pd: int | None


class Money:
    """Every client's amounts, row by row: each time it is gone through they are worked out again, so that they are never all held."""

    def __init__(self, tables: Tables, bank: Mapping[str, Any]) -> None:
        columns = {name: Column(column(tables, "clients", name)) for name in (*MONEY, *RATES, *RISKS)}
        transfer = Column([bank["ftp_deposit_pct"], bank["ftp_loan_pct"]])
        in_money = max(columns[name].digits for name in MONEY)
        in_rates = max(transfer.digits, *(columns[name].digits for name in RATES))
        in_risks = max(columns[name].digits for name in RISKS)
        digits = {**dict.fromkeys(MONEY, in_money), **dict.fromkeys(RATES, in_rates), **dict.fromkeys(RISKS, in_risks)}
        self._columns = [columns[name].scaled(digits[name]) for name in digits]
        self._ftp_deposit, self._ftp_loan = (value or 0 for value in transfer.scaled(in_rates))
        self._with_loss = bool(bank["expected_loss"])
        self._of_money, self._of_rated, self._of_risked = 10 ** (in_rates + 2 + 2 * in_risks), 10 ** (2 * in_risks), 10 ** (in_rates + 2)
        self.unit, self.risk_unit = 10**in_money * self._of_money, 10**in_risks

    def __iter__(self) -> Iterator[Amounts]:
        return map(self._amounts, zip(*self._columns, strict=True))

    def _amounts(self, row: Sequence[int | None]) -> Amounts:
        """Contribution = deposit·(ftp − rate) + loan·(rate − ftp) + fee − cost to serve − capital charge − loan·pd·lgd, unless given."""
        *amounts, given, last, capital, deposit_rate, loan_rate, pd, lgd = row
        deposit, loan, invest, fee, cost = (amount or 0 for amount in amounts)
        loss = loan * (pd or 0) * (lgd or 0) * self._of_risked if self._with_loss else 0
        deposit_margin = None if deposit_rate is None else deposit * (self._ftp_deposit - deposit_rate) * self._of_rated
        loan_margin = None if loan_rate is None else loan * (loan_rate - self._ftp_loan) * self._of_rated - loss
        unit = self._of_money
        if given is None:
            contribution = (deposit_margin or 0) + (-loss if loan_margin is None else loan_margin) + (fee - cost - (capital or 0)) * unit
        else:
            contribution = given * unit
        last_year = contribution if last is None else last * unit
        return Amounts(deposit * unit, loan * unit, invest * unit, fee * unit, deposit_margin, loan_margin, contribution, last_year, pd)
