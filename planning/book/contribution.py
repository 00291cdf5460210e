"""What a client brings the bank in a year."""

import pandas as pd

from planning.policy import Bank


def contribution(clients: pd.DataFrame, bank: Bank) -> pd.Series:
    """Contribution of each client, yuan a year: the given figure where there is one, else computed from the book.

    deposits · (transfer price − rate) + loans · (rate − transfer price) + fees − cost to serve − expected loss
    (4-model.md, `[bank]` of the policy). Missing balances, fees and costs count as 0.
    """
    deposit, loan = clients["deposit_avg_cny"].fillna(0), clients["loan_avg_cny"].fillna(0)
    deposit_margin = deposit * (bank.ftp_deposit_pct - clients["deposit_rate_pct"]).fillna(0) / 100
    loan_margin = loan * (clients["loan_rate_pct"] - bank.ftp_loan_pct).fillna(0) / 100
    fees_less_service = clients["fee_income_cny"].fillna(0) - clients["cost_to_serve_cny"].fillna(0)
    expected_loss = loan * clients["pd"].fillna(0) * clients["lgd"].fillna(0) if bank.expected_loss else 0.0
    computed = deposit_margin + loan_margin + fees_less_service - expected_loss
    return clients["contribution_cny"].fillna(computed)


def last_full_year(clients: pd.DataFrame, this_year: pd.Series) -> float:
    """Contribution of the whole book in the last full year, yuan: the base of the two budget ratios."""
    return float(clients["contribution_last_cny"].fillna(this_year).sum())
