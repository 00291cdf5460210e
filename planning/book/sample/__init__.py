"""A made-up bank that says it is made up: every table, a policy and an origin, the same bytes from the same seed."""

from pathlib import Path

import pandas as pd

from planning.book.origin import BEFORE
from planning.book.sample.answers import elasticity_table, response_table
from planning.book.sample.before import DATED, former_blocks
from planning.book.sample.clients import blocks
from planning.book.sample.evidence import evidence_tables
from planning.book.sample.facts import fact_table
from planning.book.sample.history import history_table, ledger_table
from planning.book.sample.network import Branch, branch_table, cadence_table, manager_table, network, tier_table
from planning.book.sample.offers import offer_tables
from planning.book.sample.settings import DEFAULT_CLIENTS, ORIGIN, sample_policy, sample_scenarios
from planning.book.sample.writing import write_blocks, write_table

__all__ = ["sample_policy", "sample_tables", "write_sample"]


def write_sample(to: Path, branches: int = 12, clients: int = DEFAULT_CLIENTS, seed: int = 7) -> None:
    """Writes the made-up bank into the folder `to`: a CSV a table, policy.toml, origin.toml, scenarios.toml, and its former clients in `before/`.

    The same numbers give the same bytes on every machine. Memory does not grow with the clients. ValueError for a size that is no bank.
    """
    bank = _bank(branches, clients)
    to.mkdir(parents=True, exist_ok=True)
    for name, table in {**_terms(bank), **_records(bank, seed)}.items():
        write_table(to / f"{name}.csv", table)
    write_blocks(to / "clients.csv", blocks(bank, seed))
    before = to / BEFORE
    before.mkdir(exist_ok=True)
    write_blocks(before / "clients.csv", former_blocks(bank, seed))
    _write_text(before / "policy.toml", DATED)
    _write_text(to / "policy.toml", sample_policy(branches, clients))
    _write_text(to / "origin.toml", ORIGIN)
    _write_text(to / "scenarios.toml", sample_scenarios(clients))


def sample_tables(branches: int = 12, clients: int = DEFAULT_CLIENTS, seed: int = 7, with_clients: bool = True) -> dict[str, pd.DataFrame]:
    """The made-up bank's tables by name, as their files hold them: lists are text with `|`. Without `with_clients`, those that name no client."""
    bank = _bank(branches, clients)
    if not with_clients:
        return {**_terms(bank), "history": history_table(bank, seed)}
    return {**_terms(bank), **_records(bank, seed), "clients": pd.concat(list(blocks(bank, seed)), ignore_index=True)}


def _bank(branches: int, clients: int) -> tuple[Branch, ...]:
    if branches < 1 or clients < branches:
        raise ValueError(f"{branches} branches, {clients} clients: at least one branch, and a client for each")
    return network(branches, clients)


def _terms(bank: tuple[Branch, ...]) -> dict[str, pd.DataFrame]:
    scale = sum(branch.clients for branch in bank) / DEFAULT_CLIENTS
    return {
        "branches": branch_table(bank),
        "tiers": tier_table(bank),
        **offer_tables(scale),
        "responses": response_table(),
        "elasticities": elasticity_table(),
        "managers": manager_table(bank),
        "cadence": cadence_table(),
        "facts": fact_table(),
    }


def _records(bank: tuple[Branch, ...], seed: int) -> dict[str, pd.DataFrame]:
    history = history_table(bank, seed)
    return {"history": history, "ledger": ledger_table(history, bank), **evidence_tables(bank, seed)}


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
