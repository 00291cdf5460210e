"""The contract of every table of a bank's book, in the order a planner meets them."""

from planning.book.contracts.column import Column, Contract, Type
from planning.book.contracts.offers import CAPS, CONCESSION_LEVELS, ELASTICITIES, EVENTS, PARTNERS, PRODUCTS, RESPONSES
from planning.book.contracts.people import BRANCHES, CADENCE, CLIENTS, MANAGERS, TIERS
from planning.book.contracts.records import FACTS, HISTORY, INVITATIONS, LEDGER, OUTCOMES, SURVEYS

CONTRACTS: dict[str, Contract] = {
    contract.name: contract
    for contract in (
        *(BRANCHES, CLIENTS, TIERS, EVENTS, RESPONSES, CONCESSION_LEVELS, ELASTICITIES, CAPS, MANAGERS, CADENCE),
        *(PARTNERS, HISTORY, LEDGER, INVITATIONS, OUTCOMES, SURVEYS, PRODUCTS, FACTS),
    )
}

__all__ = ["CONTRACTS", "Column", "Contract", "Type"]
