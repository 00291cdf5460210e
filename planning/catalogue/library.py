"""The information library 信息库: every dated outside fact with its source, where the plan uses it, and whether it is stale."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import pandas as pd

from planning.book.book import Book
from planning.book.rows import Row, rows
from planning.book.tiers import known_on
from planning.catalogue.concessions import ceilings
from planning.policy import Policy

HOLIDAY = "holiday_"
CEILING = "_ceiling_bp"
EVERY_BANK = "*"


class _Place(NamedTuple):
    table: str
    used: str
    state: str
    planned_with: str


@dataclass(frozen=True)
class Fact:
    """One dated fact: a row of the table `table` (facts or caps).

    `used` says where: rate_ceiling (the ladder of concessions), transfer_price (contribution), gift_cap (events), each decisive for the
    plan; holiday (for whoever sets the months) and reference are for readers only. `state`: in_force, superseded by a later row,
    other_bank (a ceiling of another type of bank), not_yet, or other_year (a holiday outside the plan's year).
    `checked_on` is the date itself, or for a ceiling the later one on which a fact `…_ceiling_bp` of the same value confirms it;
    `age_days` runs from then to the data date; `stale`: in force and older than the policy allows. `planned_with` is the value the plan
    takes ("" where it takes none), `differs` whether the fact says another.
    """

    fact: str
    value: str
    as_of: date
    source: str
    note: str
    table: str
    used: str
    state: str
    checked_on: date
    age_days: int
    stale: bool
    planned_with: str
    differs: bool


def library(book: Book, policy: Policy) -> tuple[Fact, ...]:
    """Every row of `caps` and `facts`: what decides the plan first, then by fact, what is in force and latest first."""
    facts = tuple(_facts(book, policy))
    found = [*_ceilings(book.tables["caps"], policy, facts), *facts]
    order = ("rate_ceiling", "transfer_price", "gift_cap", "holiday", "reference")
    return tuple(sorted(found, key=lambda one: (order.index(one.used), one.table, one.fact, one.state != "in_force", -one.as_of.toordinal(), one.note)))


def _ceilings(caps: pd.DataFrame, policy: Policy, facts: tuple[Fact, ...]) -> Iterator[Fact]:
    """Each rate ceiling; `note` is the type of bank it is for."""
    own = policy.bank.bank_type
    known = known_on(caps, policy.data_date)
    chosen = {str(product): _in_force(group, own) for product, group in known.groupby("product")}
    checked = {(one.fact, _number(one.value)): one.as_of for one in facts if one.state == "in_force"}
    for row in rows(caps):
        value = _plain(row.cap_bp)
        if row.bank_type not in (own, EVERY_BANK):
            state = "other_bank"
        elif row.as_of > policy.data_date:
            state = "not_yet"
        else:
            state = "in_force" if (row.bank_type, row.as_of) == chosen[row.product] else "superseded"
        confirmed = checked.get((f"{row.product}{CEILING}", float(row.cap_bp)), row.as_of) if state == "in_force" else row.as_of
        yield _fact((row.product, value, row.bank_type), row, _Place("caps", "rate_ceiling", state, value), policy, max(confirmed, row.as_of))


def _in_force(ceilings_of_product: pd.DataFrame, own: str) -> tuple[str, date]:
    """Type of bank and date of the ceiling that counts: the bank's own type before `*`, then the latest."""
    ours = ceilings_of_product[ceilings_of_product["bank_type"].isin([own, EVERY_BANK])]
    return max(((row.bank_type, row.as_of) for row in rows(ours)), key=lambda one: (one[0] == own, one[1]), default=("", date.min))


def _facts(book: Book, policy: Policy) -> Iterator[Fact]:
    facts = book.tables["facts"]
    planned = _planned_with(book, policy)
    latest = {str(fact): max(group["as_of"]) for fact, group in known_on(facts, policy.data_date).groupby("fact")}
    for row in rows(facts):
        used, value = planned.get(row.fact, ("holiday" if row.fact.startswith(HOLIDAY) else "reference", ""))
        told = _text(row.value)
        if row.as_of > policy.data_date:
            state = "not_yet"
        elif row.as_of < latest[row.fact]:
            state = "superseded"
        else:
            state = "other_year" if used == "holiday" and not told.startswith(f"{policy.year}-") else "in_force"
        yield _fact((row.fact, told, _text(row.note)), row, _Place("facts", used, state, value), policy, row.as_of)


def _planned_with(book: Book, policy: Policy) -> dict[str, tuple[str, str]]:
    """The facts whose number the plan takes from the policy or the table of ceilings: where it is used, and the number taken."""
    taken = ceilings(book.tables["caps"], policy.bank.bank_type, policy.data_date)
    return {
        **{f"{product}{CEILING}": ("rate_ceiling", _plain(cap)) for product, cap in taken.items()},
        "ftp_deposit_pct": ("transfer_price", _plain(policy.bank.ftp_deposit_pct)),
        "ftp_loan_pct": ("transfer_price", _plain(policy.bank.ftp_loan_pct)),
        "gift_cap_cny_guest": ("gift_cap", _plain(policy.caps.gift_cny_guest)),
        "gift_cap_cny_client_year": ("gift_cap", _plain(policy.caps.gift_cny_client_year)),
    }


def _fact(said: tuple[str, str, str], row: Row, place: _Place, policy: Policy, checked_on: date) -> Fact:
    """A fact (its code, value and note) with its age at the data date."""
    name, value, note = said
    current = place.state == "in_force"
    age = (policy.data_date - checked_on).days
    planned = place.planned_with if current else ""
    return Fact(
        name, value, row.as_of, row.source, note, place.table, place.used, place.state, checked_on, age,
        stale=current and age > policy.library.stale_after_days, planned_with=planned, differs=planned != "" and _number(value) != _number(planned),
    )  # fmt: skip


def _plain(value: float) -> str:
    """A number as a table would show it."""
    return str(int(value)) if value == int(value) else repr(float(value))


def _number(value: str) -> float | str:
    try:
        return float(value)
    except ValueError:
        return value


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
