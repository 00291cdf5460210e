"""Ten million clients: added up by DuckDB and by plain pandas from the same file, read whole into a book with its offer, planned and judged.

Prints a line each: seconds and peak memory of a process of its own; for the second judge alone, what it takes beyond the tables. Run by `make bench`, or alone: python -m tests.bench.clients [millions]
"""

import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from planning import policy
from planning.book import files
from planning.book.aggregates import aggregate
from planning.book.book import book_of
from planning.book.cells import understand
from planning.book.client_blocks import opened
from planning.book.contracts import CONTRACTS
from planning.book.intake import read_book
from planning.book.sample import write_sample
from planning.catalogue.offer import offer
from planning.judge import gather
from planning.plan.judged import columns
from planning.plan.make import make_plan
from tests.bench.bench import ROOT, reported

BRANCHES, DRAWN = 120, 100_000
HIGH_END = 0.05  # of the copies, the share that keep the sample's balances; the others hold a fortieth
SMALL = 40
TRACED = 200_000  # clients whose memory is traced, allocation by allocation
SEED = 7
AMOUNTS = ("deposit_avg_cny", "invest_avg_cny", "loan_avg_cny", "fee_income_cny", "contribution_last_cny")
READ = ["branch", "kind", "deposit_avg_cny", "deposit_rate_pct", "loan_avg_cny", "loan_rate_pct", "pd", "lgd", "invest_avg_cny", "fee_income_cny",
        "cost_to_serve_cny", "contribution_cny", "contribution_last_cny", "consent", "opt_out"]  # fmt: skip


def write_bank(folder: Path, copies: int) -> None:
    """The made-up bank of 100,000 clients, its clients copied under new numbers, most of them with small balances; in Parquet, and in CSV beside."""
    write_sample(folder / "bank", BRANCHES, DRAWN, SEED)
    drawn = pa_csv.read_csv(folder / "bank" / "clients.csv", convert_options=pa_csv.ConvertOptions(strings_can_be_null=True))
    (folder / "bank" / "clients.csv").unlink()
    with pq.ParquetWriter(folder / "bank" / "clients.parquet", drawn.schema) as parquet, pa_csv.CSVWriter(folder / "clients.csv", drawn.schema) as text:
        for copy in _copies(drawn, copies):
            parquet.write_table(copy)
            text.write_table(copy)


def _copies(drawn: pa.Table, copies: int) -> Iterator[pa.Table]:
    random = np.random.default_rng(SEED)
    for number in range(copies):
        divisor = np.where(random.random(len(drawn)) < HIGH_END, 1, SMALL)
        made = drawn.set_column(0, "client", pa.array([f"{client}-{number:03d}" if number else client for client in drawn["client"].to_pylist()]))
        for name in AMOUNTS:
            amounts = drawn[name].to_numpy()
            made = made.set_column(
                made.column_names.index(name), drawn.schema.field(name), pa.array(np.rint(amounts / divisor), from_pandas=True).cast(drawn[name].type)
            )
        yield made


def by_duckdb(folder: Path, file: Path) -> None:
    """Branch × tier × kind by DuckDB, with contribution in its parts."""
    rules = policy.read(folder / "policy.toml")
    with opened(file.parent, {}) as source:
        aggregate(source, _table(folder, "branches"), _table(folder, "tiers"), rules)


def by_pandas(folder: Path, file: Path) -> None:
    """Branch × kind by plain pandas: the same columns read, contribution computed, summed; without tiers."""
    bank = policy.read(folder / "policy.toml").bank
    clients = pd.read_parquet(file, columns=READ) if file.suffix == ".parquet" else pd.read_csv(file, usecols=READ)
    deposits, loans = clients["deposit_avg_cny"].fillna(0), clients["loan_avg_cny"].fillna(0)
    margins = (
        deposits * (bank.ftp_deposit_pct - clients["deposit_rate_pct"]).fillna(0) / 100 + loans * (clients["loan_rate_pct"] - bank.ftp_loan_pct).fillna(0) / 100
    )
    loss = loans * clients["pd"].fillna(0) * clients["lgd"].fillna(0)
    contribution = clients["contribution_cny"].fillna(margins + clients["fee_income_cny"].fillna(0) - clients["cost_to_serve_cny"].fillna(0) - loss)
    clients.assign(contribution_cny=contribution).groupby(["branch", "kind"])[[*AMOUNTS, "contribution_cny"]].agg(["size", "sum"])


def whole(folder: Path, _file: Path) -> None:
    """Every check of every table, then everything the optimiser may choose from."""
    rules = policy.read(folder / "policy.toml")
    offer(read_book(folder, rules), rules)


def planned(folder: Path, _file: Path) -> None:
    """The full plan: read, solved, placed in months, judged. Managers are those of the bank before its clients were copied, so visits are a target; gap 2 %."""
    rules = policy.read(folder / "policy.toml").with_parameters({"rule": "target", "gap": 0.02})
    make_plan(read_book(folder, rules), rules, "bench", lambda *_: None)


def judged(folder: Path, _file: Path) -> None:
    """The second judge's facts alone: seconds for all clients, and the most it holds beyond the tables for the first of them; prints its own line."""
    rules = policy.read(folder / "policy.toml")
    book = read_book(folder, rules)
    clients, told = book.tables["clients"], rules.model_dump(mode="json")
    began = time.perf_counter()
    gather(columns(book), told)
    seconds = time.perf_counter() - began
    first = columns(book_of({**book.tables, "clients": clients.head(TRACED)}))
    tracemalloc.start()
    gather(first, told)
    held = tracemalloc.get_traced_memory()[1]
    few = min(TRACED, len(clients))
    sys.stdout.write(
        f"{f'second judge: facts of {len(clients):,} clients':<58} {seconds:6.2f} s; of {few:,} {held / 1e6:.1f} MB, {held / few:.0f} bytes a client\n"
    )


def _table(folder: Path, name: str) -> pd.DataFrame:
    raw = files.read_raw(folder / f"{name}.csv", name)
    read = {heading: understand(CONTRACTS[name].column(heading), name, cells).values for heading, cells in zip(raw.headings, raw.cells, strict=True)}
    return pd.DataFrame(read)


WAYS = {"by_duckdb": by_duckdb, "by_pandas": by_pandas, "whole": whole, "planned": planned, "judged": judged}


def main(millions: float) -> None:
    """Print the comparison."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_bank(folder, round(millions * 1_000_000 / DRAWN))
        parquet, text = folder / "bank" / "clients.parquet", folder / "clients.csv"
        told = {"by_duckdb": "DuckDB, exact", "by_pandas": "pandas, no tiers", "whole": "book and offer", "planned": "plan and judge"}
        both = [(way, file) for file in (parquet, text) for way in ("by_duckdb", "by_pandas")]
        for way, file in (*both, ("whole", parquet), ("planned", parquet)):
            what = f"{millions:g} million clients, {file.suffix[1:]}: {told[way]}"
            reported(what, [sys.executable, "-m", "tests.bench.clients", way, str(parquet.parent), str(file)])
        subprocess.run([sys.executable, "-m", "tests.bench.clients", "judged", str(parquet.parent), str(parquet)], cwd=ROOT, check=True)


if __name__ == "__main__":
    if len(sys.argv) > 2:
        WAYS[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(float(sys.argv[1]) if len(sys.argv) > 1 else 10)
