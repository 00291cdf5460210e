"""The clients of a bank added up by branch, tier and kind straight from a Parquet or CSV file or a database, however many: no client is held.

DuckDB reads the columns it needs, block by block; sums are decimals, exact to the last digit of the file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa

from planning.book import headings
from planning.book.contracts import CONTRACTS, Column
from planning.book.rows import rows
from planning.book.tiers import NATIONAL, NO_TIER, in_force
from planning.errors import DataFaults, Fault
from planning.policy import Policy

CLIENTS = CONTRACTS["clients"]
MONEY = ("deposit_avg_cny", "loan_avg_cny", "invest_avg_cny", "fee_income_cny", "cost_to_serve_cny", "contribution_cny", "contribution_last_cny")
FINE = ("deposit_rate_pct", "loan_rate_pct", "pd", "lgd")
FLAGS = ("consent", "opt_out")
TEXTS = ("branch", "kind")
MONEY_TYPE, FINE_TYPE = "DECIMAL(20,4)", "DECIMAL(9,6)"  # 20 digits: products then have room to 38
SUMS = ("deposit_cny", "loan_cny", "invest_cny", "deposit_margin_cny", "loan_margin_cny", "fees_cny", "cost_to_serve_cny", "expected_loss_cny",
        "contribution_cny", "contribution_last_cny", "approachable_contribution_cny")  # fmt: skip


@dataclass(frozen=True)
class Group:
    """The clients of one branch, tier ("" = below every tier) and kind.

    Sums in yuan: balances are yearly averages, the others a year. The parts (margins, fees, cost, loss) are of all clients; `contribution_cny`
    takes a client's given figure where there is one. `contribution_last_cny` stands in with this year's where it is missing.
    """

    branch: str
    tier: str
    kind: str
    clients: int
    approachable: int
    deposit_cny: Decimal
    loan_cny: Decimal
    invest_cny: Decimal
    deposit_margin_cny: Decimal
    loan_margin_cny: Decimal
    fees_cny: Decimal
    cost_to_serve_cny: Decimal
    expected_loss_cny: Decimal
    contribution_cny: Decimal
    contribution_last_cny: Decimal
    approachable_contribution_cny: Decimal


def aggregate(source: Path | pa.RecordBatchReader, branches: pd.DataFrame, tiers: pd.DataFrame, policy: Policy) -> tuple[Group, ...]:
    """Every group with a client, by branch, tier and kind; `branches` and `tiers` are the book's tables.

    `source` is a file, or blocks of text as `foreign.database.streamed` hands them over.
    DataFaults when a column is missing, a cell is no number, or has more digits than are added up exactly (4 of money, 6 of rates).
    """
    told = {"file": source.name if isinstance(source, Path) else "source.toml"}
    with duckdb.connect(config={"preserve_insertion_order": False}) as engine:
        try:
            columns = _columns(_headings(engine, source))
            regions = pd.DataFrame({"branch": branches["branch"], "region": branches["region"]})
            engine.register("regions", regions)
            query = _query(_relation(source), columns, in_force(tiers, policy.data_date), policy)
            found = engine.execute(query).fetchall()
        except duckdb.Error as error:
            raise DataFaults(Fault("table_unreadable", "clients", values=told)) from error
    if any(row[-1] for row in found):
        raise DataFaults(Fault("too_many_digits", "clients", values=told))
    return tuple(Group(*row[:5], *(Decimal(cell) for cell in row[5:-1])) for row in found)


def _relation(source: Path | pa.RecordBatchReader) -> str:
    if not isinstance(source, Path):
        return "given"
    path = _quoted(str(source))
    return f"read_parquet({path})" if source.suffix.lower() == ".parquet" else f"read_csv({path}, header=true, all_varchar=true, nullstr='')"


def _headings(engine: duckdb.DuckDBPyConnection, source: Path | pa.RecordBatchReader) -> list[str]:
    if not isinstance(source, Path):
        engine.register("given", source)
        return list(source.schema.names)
    return [row[0] for row in engine.execute(f"DESCRIBE SELECT * FROM {_relation(source)}").fetchall()]


def _columns(named: list[str]) -> Mapping[str, str]:
    """The source's heading of each column that is needed and there."""
    placed = headings.match(CLIENTS, named)
    if placed.faults:
        raise DataFaults(placed.faults)
    return {name: named[place] for name, place in placed.places.items() if name in (*TEXTS, *MONEY, *FINE, *FLAGS)}


def _query(source: str, columns: Mapping[str, str], tiers: pd.DataFrame, policy: Policy) -> str:
    bank = policy.bank
    own = [] if policy.segments.assign == "national" else [region for region in tiers["region"].unique() if region != NATIONAL]
    standard = f"CASE WHEN region IN ({', '.join(_quoted(region) for region in own)}) THEN region ELSE '*' END" if own else "'*'"
    loss = "coalesce(loan_avg_cny * pd * lgd, 0)" if bank.expected_loss else f"CAST(0 AS {MONEY_TYPE})"
    sums = ", ".join(f"sum({name}) AS {name}" for name in SUMS[:-1])
    return f"""
        WITH cells AS (SELECT {", ".join(_cells(columns))} FROM {source}),
        parts AS (SELECT cells.*, region, {_inexact(columns)} AS inexact,
            coalesce(deposit_avg_cny, 0) AS deposit_cny, coalesce(loan_avg_cny, 0) AS loan_cny, coalesce(invest_avg_cny, 0) AS invest_cny,
            coalesce(deposit_avg_cny * (CAST({bank.ftp_deposit_pct!r} AS {FINE_TYPE}) - deposit_rate_pct), 0) * 0.01 AS deposit_margin_cny,
            coalesce(loan_avg_cny * (loan_rate_pct - CAST({bank.ftp_loan_pct!r} AS {FINE_TYPE})), 0) * 0.01 AS loan_margin_cny,
            coalesce(fee_income_cny, 0) AS fees_cny, {loss} AS expected_loss_cny
            FROM cells LEFT JOIN regions USING (branch)),
        clients AS (SELECT * EXCLUDE (cost_to_serve_cny, contribution_cny, contribution_last_cny), coalesce(cost_to_serve_cny, 0) AS cost_to_serve_cny,
            deposit_cny + invest_cny AS assets_cny, consent AND NOT opt_out AS approachable, {standard} AS standard, contribution_last_cny AS given_last,
            coalesce(contribution_cny, deposit_margin_cny + loan_margin_cny + fees_cny - coalesce(cost_to_serve_cny, 0) - expected_loss_cny) AS contribution_cny
            FROM parts),
        tiered AS (SELECT * EXCLUDE (given_last), coalesce(given_last, contribution_cny) AS contribution_last_cny, {_tier(tiers)} AS tier FROM clients)
        SELECT branch, tier, kind, count(*) AS clients, count(*) FILTER (approachable) AS approachable, {sums},
            coalesce(sum(contribution_cny) FILTER (approachable), 0) AS approachable_contribution_cny, bool_or(inexact) AS inexact
        FROM tiered GROUP BY branch, tier, kind ORDER BY branch, tier, kind"""


def _cells(columns: Mapping[str, str]) -> Iterator[str]:
    """Each needed column in its type; NULL where the file has none."""
    for name in TEXTS:
        text = f"trim(CAST({_name(columns[name])} AS VARCHAR))"
        yield f"{_coded(CLIENTS.column(name), text)} AS {name}"
    for name in (*MONEY, *FINE):
        kind = MONEY_TYPE if name in MONEY else FINE_TYPE
        yield f"CAST({_name(columns[name]) if name in columns else 'NULL'} AS {kind}) AS {name}"
    for name in FLAGS:
        yield f"coalesce(CAST({_name(columns[name]) if name in columns else 'NULL'} AS BOOLEAN), false) AS {name}"
    for name in (*MONEY, *FINE):
        yield f"CAST({_name(columns[name]) if name in columns else 'NULL'} AS DOUBLE) AS {name}_as_read"


def _inexact(columns: Mapping[str, str]) -> str:
    """Whether a number of the row has more digits than its decimal keeps."""
    there = [name for name in (*MONEY, *FINE) if name in columns]
    return "(" + " OR ".join(f"coalesce(CAST({name} AS DOUBLE) <> {name}_as_read, false)" for name in there) + ")"


def _coded(column: Column, text: str) -> str:
    words = {word.casefold(): code for code, more in (column.choices or {}).items() for word in (code, *more)}
    cases = " ".join(f"WHEN {_quoted(word)} THEN {_quoted(code)}" for word, code in words.items())
    return f"CASE lower({text}) {cases} END" if words else text


def _tier(tiers: pd.DataFrame) -> str:
    """The tier of highest rank whose every given threshold is met, by the standard that applies."""
    cases = []
    for region, standards in tiers.groupby("region"):
        reached = [f"WHEN {_met(row)} THEN {_quoted(row.tier)}" for row in rows(standards.sort_values("rank", ascending=False))]
        cases.append(f"WHEN {_quoted(str(region))} THEN CASE {' '.join(reached)} ELSE '{NO_TIER}' END")
    return f"CASE standard {' '.join(cases)} ELSE '{NO_TIER}' END"


def _met(row: Any) -> str:
    asked = {"assets_cny": row.min_assets_cny, "contribution_cny": row.min_contribution_cny}
    return " AND ".join(f"{name} >= {Decimal(repr(float(least))):f}" for name, least in asked.items() if least == least) or "true"


def _name(heading: str) -> str:
    return '"' + heading.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
