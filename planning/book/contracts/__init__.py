"""The contract of every table of a bank's book, in the order a planner meets them."""

from planning.book.contracts.column import Column, Contract, Type
from planning.book.contracts.offers import CAPS, CONCESSION_LEVELS, ELASTICITIES, EVENTS, PARTNERS, PRODUCTS, RESPONSES
from planning.book.contracts.people import BRANCHES, CADENCE, CLIENTS, MANAGERS, TIERS
from planning.book.contracts.plans import PLAN_ATTENDANCES, PLAN_LADDER, PLAN_SESSIONS
from planning.book.contracts.records import FACTS, HISTORY, INVITATIONS, LEDGER, OUTCOMES, SURVEYS

CONTRACTS: dict[str, Contract] = {
    contract.name: contract
    for contract in (
        *(BRANCHES, CLIENTS, TIERS, EVENTS, RESPONSES, CONCESSION_LEVELS, ELASTICITIES, CAPS, MANAGERS, CADENCE),
        *(PARTNERS, HISTORY, LEDGER, INVITATIONS, OUTCOMES, SURVEYS, PRODUCTS, FACTS),
    )
}
PLAN_TABLES: dict[str, Contract] = {contract.name: contract for contract in (PLAN_SESSIONS, PLAN_ATTENDANCES, PLAN_LADDER)}
EVERY_TABLE: dict[str, Contract] = {**CONTRACTS, **PLAN_TABLES}

__all__ = ["CONTRACTS", "EVERY_TABLE", "PLAN_TABLES", "Column", "Contract", "Type"]
