"""The clients of a bank added up by branch, tier and kind straight from a Parquet or CSV file or a database, however many: no client is held.

DuckDB reads the columns it needs, block by block; every amount is an exact decimal until its client's is rounded to the fen.
"""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeAlias

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from planning.book import client_cells, client_tiers, headings
from planning.book.client_cells import CLIENTS, DECIMALS, Place, quoted
from planning.book.contribution import COMPUTED, PARTS
from planning.book.control_totals import AMOUNTS, BALANCES, FIGURES, Group
from planning.book.tiers import in_force, rank_order
from planning.errors import DataFaults, Fault
from planning.policy import Policy

EXACT, TO_SIX = "DECIMAL(32,12)", "DECIMAL(26,6)"  # fen: as worked out, and as rounded before the half is judged
RATE = f"DECIMAL(12,{DECIMALS})"


@dataclass(frozen=True)
class Delimited:
    """A CSV file in UTF-8, its headings and what separates its cells."""

    path: Path
    headings: tuple[str, ...]
    separator: str


Source: TypeAlias = Path | Delimited | pa.RecordBatchReader  # a Parquet file, a CSV file, or blocks of text


def aggregate(source: Source, branches: pd.DataFrame, tiers: pd.DataFrame, policy: Policy) -> tuple[Group, ...]:
    """Every group with a client, by branch, tier and kind, to the fen as the book client by client; `branches` and `tiers` are the book's tables.

    Tiers, contribution and its parts follow the policy as everywhere. Where clients must be ranked (shares of a region's clients, the
    fifth that brings most) the engine sorts their amounts, on disk if need be. DataFaults when a column or a cell is missing,
    or cannot be added up exactly; the checks of each client against the rest of the book are those of reading the book.
    """
    with TemporaryDirectory() as aside, duckdb.connect(config={"preserve_insertion_order": False, "temp_directory": aside}) as engine:
        try:
            places = _places(engine, source, client_cells.needed(bool(policy.segments.downgrade_after_months)))
            engine.register("regions", pd.DataFrame({"branch": branches["branch"], "region": branches["region"]}))
            for name, read in client_cells.odd_cells(places).items():
                engine.create_function(name, read, ["VARCHAR"], "VARCHAR", null_handling="special")  # type: ignore[call-overload]  # types by name, as its manual has them
            found = engine.execute(_query(source, places, in_force(tiers, policy.data_date), policy)).fetchall()
        except duckdb.Error as error:
            raise DataFaults(Fault("totals_unreadable", "clients")) from error
    _refuse_unread(found, places)
    return tuple(Group(row[0], row[1], row[2], tuple(int(one) for one in row[3 : 3 + len(FIGURES)])) for row in found)


def _refuse_unread(found: list[tuple[Any, ...]], places: dict[str, Place]) -> None:
    """DataFaults for cells that are missing or that nobody can add up: how many, and one of them."""
    faults = []
    for place, name in enumerate(places):
        counts, values = zip(*(row[3 + len(FIGURES) + 2 * place :][:2] for row in found), strict=True) if found else ((), ())
        if sum(counts):
            value = min((one for one in values if one is not None), default="")
            faults.append(Fault("totals_cell" if value else "totals_cell_missing", "clients", name, count=sum(counts), values={"value": value}))
    if faults:
        raise DataFaults(faults)


def _places(engine: duckdb.DuckDBPyConnection, source: Source, wanted: tuple[str, ...]) -> dict[str, Place]:
    """Where each needed column is. DataFaults for headings that are missing, twice there, or of a wrong unit."""
    placed = headings.match(CLIENTS, _headings(source))
    if placed.faults:
        raise DataFaults(placed.faults)
    if isinstance(source, pa.RecordBatchReader):
        engine.register("given", source)
    columns = engine.execute(f"DESCRIBE SELECT * FROM {_relation(source)}").fetchall()
    return {name: Place(columns[at][0], columns[at][1], placed.powers.get(name, 0)) for name, at in placed.places.items() if name in wanted}


def _headings(source: Source) -> tuple[str, ...]:
    if isinstance(source, Delimited):
        return source.headings
    try:
        shape = pa.parquet.read_schema(source) if isinstance(source, Path) else source.schema
    except (pa.ArrowInvalid, OSError) as error:
        raise DataFaults(Fault("table_unreadable", "clients", values={"file": source.name})) from error
    return tuple(shape.names)


def _relation(source: Source) -> str:
    if isinstance(source, Delimited):
        columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(source.headings)))
        form = f"header=true, auto_detect=false, delim={quoted(source.separator)}, quote='\"', escape='\"', nullstr='', columns={{{columns}}}"
        return f"read_csv({quoted(str(source.path))}, {form})"
    return f"read_parquet({quoted(str(source))}, binary_as_string=true)" if isinstance(source, Path) else "given"


def _query(source: Source, places: dict[str, Place], tiers: pd.DataFrame, policy: Policy) -> str:
    settings = policy.segments
    names = client_cells.needed(buffer=True)
    raw = ", ".join(client_cells.raw_cells(places))
    cells = ", ".join(client_cells.read_cells(places, names))
    bad = {name: "region IS NULL" if name == "branch" else client_cells.unread(name) for name in places}
    wrong = ", ".join(f"{row} AS bad_{name}, CASE WHEN {row} THEN CAST(raw_{name} AS VARCHAR) END AS odd_{name}" for name, row in bad.items())
    carried = ", ".join(f"bad_{name}, odd_{name}" for name in places)
    told = ", ".join(f"count(*) FILTER (bad_{name}), min(odd_{name})" for name in places)
    had = client_tiers.kept(rank_order(tiers), settings.downgrade_after_months, policy.data_date)
    sums = ", ".join(f"coalesce(sum({name}), 0)" for name in AMOUNTS)
    return f"""
        WITH raws AS (SELECT {raw} FROM {_relation(source)}),
        cells AS (SELECT {cells}, {", ".join(f"raw_{name}" for name in places)} FROM raws WHERE coalesce({_any_cell(places)}) IS NOT NULL),
        placed AS (SELECT cells.*, region, {wrong} FROM cells LEFT JOIN regions USING (branch)),
        parted AS (SELECT branch, kind, region, tier_last, tier_since, below_since, consent AND NOT coalesce(opt_out, false) AS asked, {_exact(policy)},
            {carried} FROM placed),
        known AS (SELECT *, given_fen IS NOT NULL AS is_given, coalesce(given_fen, explained) AS contribution_fen,
            CASE WHEN given_fen IS NULL THEN 0 ELSE given_fen - explained END AS reconciling_item_fen
            FROM (SELECT *, {" + ".join(f"{name}_fen" for name in COMPUTED)} AS explained FROM parted)),
        rounded AS (SELECT *, {", ".join(f"{_whole(name)} AS {name}" for name in ("assets", *BALANCES, "contribution"))},
            {_whole("last", "coalesce(last_fen, contribution_fen)")} AS contribution_last, {_remainders()} FROM known),
        ranked AS (SELECT *, {_parts()}{client_tiers.windows(settings)} FROM rounded),
        tiered AS (SELECT *, CASE WHEN asked THEN contribution END AS approachable_contribution, {client_tiers.earned(tiers, settings)} AS earned FROM ranked)
        SELECT branch, {had} AS tier, kind, count(*), count(*) FILTER (asked), count(*) FILTER (is_given), {sums}, {told}
        FROM tiered GROUP BY branch, {had}, kind ORDER BY branch, tier, kind"""


def _any_cell(places: dict[str, Place]) -> str:
    return ", ".join(f"CAST(raw_{name} AS VARCHAR)" for name in places)


def _exact(policy: Policy) -> str:
    """Balances and the signed parts in fen, exact; missing balances, fees, costs and charges count as 0 (`contribution` has the formula)."""
    bank = policy.bank
    to_deposits, of_loans = (f"CAST({rate!r} AS {RATE})" for rate in (bank.ftp_deposit_pct, bank.ftp_loan_pct))
    loss = "-100 * loan_avg_cny * CAST(pd * lgd AS DECIMAL(14,12))" if bank.expected_loss else "0"
    fen = {
        "assets": "100 * (coalesce(deposit_avg_cny, 0) + coalesce(invest_avg_cny, 0))",
        "deposit": "100 * deposit_avg_cny", "loan": "100 * loan_avg_cny", "invest": "100 * invest_avg_cny",
        "deposit_margin": f"deposit_avg_cny * ({to_deposits} - deposit_rate_pct)", "loan_margin": f"loan_avg_cny * (loan_rate_pct - {of_loans})",
        "fees": "100 * fee_income_cny", "expected_loss": loss, "cost_to_serve": "-100 * cost_to_serve_cny", "capital_charge": "-100 * capital_charge_cny",
    }  # fmt: skip
    known = {"given": "100 * contribution_cny", "last": "100 * contribution_last_cny"}
    parts = [f"coalesce(CAST({how} AS {EXACT}), 0) AS {name}_fen" for name, how in fen.items()]
    return ", ".join([*parts, *(f"CAST({how} AS {EXACT}) AS {name}_fen" for name, how in known.items())])


def _whole(name: str, amount: str = "") -> str:
    """Whole fen, half a fen upwards."""
    return f"CAST(floor(CAST({amount or f'{name}_fen'} AS {TO_SIX}) + 0.5) AS BIGINT)"


def _remainders() -> str:
    """Each part's fen below it, and the millionths of a fen that are left."""
    below = ", ".join(f"CAST(floor(CAST({name}_fen AS {TO_SIX})) AS BIGINT) AS {name}_floor" for name in PARTS)
    left = ", ".join(f"CAST((CAST({name}_fen AS {TO_SIX}) - {name}_floor) * 1000000 AS INTEGER) AS {name}_left" for name in PARTS)
    return f"{below}, {left}"


def _parts() -> str:
    """Parts in whole fen that add up to the contribution: largest remainders take the fen that are left, earlier parts first."""
    over = f"(contribution - ({' + '.join(f'{name}_floor' for name in PARTS)}))"
    every = f"CAST(floor({over} / {len(PARTS)}.0) AS BIGINT)"
    columns = []
    for at, name in enumerate(PARTS):
        before = [f"({other}_left {'>=' if place < at else '>'} {name}_left)::INTEGER" for place, other in enumerate(PARTS) if place != at]
        extra = f"(({' + '.join(before)}) < {over} - {every} * {len(PARTS)})::INTEGER"
        columns.append(f"{name}_floor + {every} + {extra} AS {name}")
    return ", ".join(columns)
