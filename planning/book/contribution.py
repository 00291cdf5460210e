"""What a client brings the bank in a year, in its parts, and that the parts add up to the fen."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from planning.policy.sections import Bank

COMPUTED = ("deposit_margin", "loan_margin", "fees", "expected_loss", "cost_to_serve", "capital_charge")
PARTS = (*COMPUTED, "reconciling_item")
FEN = 100

Fen = NDArray[np.int64]


@dataclass(frozen=True)
class PartsLine:
    """A branch or the bank, in whole fen: how many clients, for how many the total was given, the signed parts in the order of PARTS, the total."""

    branch: str
    region: str
    clients: int
    given: int
    parts_fen: tuple[int, ...]
    total_fen: int

    @property
    def computed(self) -> int:
        return self.clients - self.given

    @property
    def difference_fen(self) -> int:
        """Total less its parts: 0 where the line reconciles."""
        return self.total_fen - sum(self.parts_fen)


@dataclass(frozen=True)
class Reconciliation:
    """The bank's contribution in its parts, branch by branch. `branch` and `region` of the bank's own line are empty."""

    parts: tuple[str, ...]
    branches: tuple[PartsLine, ...]
    bank: PartsLine
    clients_apart: int  # clients whose parts do not add up to their total

    @property
    def differences_fen(self) -> tuple[int, ...]:
        """The bank's parts, then its total, less the sum over branches."""
        own = (*self.bank.parts_fen, self.bank.total_fen)
        return tuple(whole - sum(one) for whole, one in zip(own, zip(*((*line.parts_fen, line.total_fen) for line in self.branches), strict=True), strict=True))

    @property
    def reconciles(self) -> bool:
        """Parts to clients, clients to branches, branches to the bank, without a fen of difference."""
        lines = (*self.branches, self.bank)
        return not self.clients_apart and not any(self.differences_fen) and not any(line.difference_fen for line in lines)


def contribution(clients: pd.DataFrame, bank: Bank) -> pd.Series:
    """Contribution of each client, yuan a year: the given figure where there is one, else computed from the book.

    deposits · (transfer price − rate) + loans · (rate − transfer price) + fees − cost to serve − expected loss − capital charge
    (4-model.md, `[bank]` of the policy). Missing balances, fees, costs and charges count as 0.
    """
    return clients["contribution_cny"].fillna(_total(_computed(clients, bank)))


def parts(clients: pd.DataFrame, bank: Bank) -> pd.DataFrame:
    """Each client's contribution by part, yuan a year, signed so that a row adds up to the client's contribution; and `given`.

    Where the total was given, what the book does not explain of it is the reconciling item 调节项; elsewhere that is 0.
    """
    computed = _computed(clients, bank)
    given = clients["contribution_cny"].notna()
    unexplained = (clients["contribution_cny"] - _total(computed)).where(given, 0.0)
    return computed.assign(reconciling_item=unexplained, given=given)


def in_fen(amounts: pd.Series | NDArray[np.float64]) -> Fen:
    """Yuan as whole fen, half a fen upwards."""
    scaled: Fen = np.floor(np.round(np.asarray(amounts, dtype="float64") * FEN, 6) + 0.5).astype("int64")
    return scaled


def parts_in_fen(in_parts: pd.DataFrame, total_fen: Fen) -> Fen:
    """Parts (n × PARTS) in whole fen that add up to each client's total: largest remainders take the fen that are left, earlier parts first."""
    exact = np.round(in_parts[list(PARTS)].to_numpy("float64") * FEN, 6)
    floors = np.floor(exact)
    left = total_fen - floors.sum(axis=1).astype("int64")
    place = np.argsort(np.argsort(np.round(floors - exact, 6), axis=1, kind="stable"), axis=1, kind="stable")
    whole, over = np.divmod(left, len(PARTS))
    fen: Fen = floors.astype("int64") + whole[:, None] + (place < over[:, None])
    return fen


def reconciliation(clients: pd.DataFrame, regions: Mapping[str, str], bank: Bank) -> Reconciliation:
    """The book's contribution by branch and part in whole fen; `clients` as the book has them, `regions` maps a branch to its region."""
    in_parts = parts(clients, bank)
    total = in_fen(contribution(clients, bank))
    fen = parts_in_fen(in_parts, total)
    named = [*PARTS, "total", "given", "clients"]
    counted = np.column_stack([fen, total, in_parts["given"].to_numpy("int64"), np.ones(len(clients), dtype="int64")])
    by_branch = pd.DataFrame(counted, columns=named).groupby(clients["branch"].to_numpy(), sort=True).sum()
    lines = tuple(_line(str(branch), regions[str(branch)], row) for branch, row in zip(by_branch.index, by_branch.to_numpy(), strict=True))
    return Reconciliation(PARTS, lines, _line("", "", counted.sum(axis=0)), int((fen.sum(axis=1) != total).sum()))


def last_full_year(clients: pd.DataFrame, this_year: pd.Series) -> float:
    """Contribution of the whole book in the last full year, yuan: the base of the two budget ratios."""
    return float(clients["contribution_last_cny"].fillna(this_year).sum())


def _computed(clients: pd.DataFrame, bank: Bank) -> pd.DataFrame:
    deposit, loan = clients["deposit_avg_cny"].fillna(0), clients["loan_avg_cny"].fillna(0)
    loss = loan * clients["pd"].fillna(0) * clients["lgd"].fillna(0)
    return pd.DataFrame(
        {
            "deposit_margin": deposit * (bank.ftp_deposit_pct - clients["deposit_rate_pct"]).fillna(0) / 100,
            "loan_margin": loan * (clients["loan_rate_pct"] - bank.ftp_loan_pct).fillna(0) / 100,
            "fees": clients["fee_income_cny"].fillna(0),
            "expected_loss": -loss if bank.expected_loss else loss * 0,
            "cost_to_serve": -clients["cost_to_serve_cny"].fillna(0),
            "capital_charge": -clients["capital_charge_cny"].fillna(0),
        }
    )


def _total(part: pd.DataFrame) -> pd.Series:
    served = part["fees"] + part["cost_to_serve"]
    return part["deposit_margin"] + part["loan_margin"] + served + part["expected_loss"] + part["capital_charge"]


def _line(branch: str, region: str, row: Fen) -> PartsLine:
    *fen, total, given, clients = (int(cell) for cell in row)
    return PartsLine(branch, region, clients, given, tuple(fen), total)
