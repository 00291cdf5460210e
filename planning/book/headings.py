"""Which heading of a file is which column of the contract: the code name, the Chinese or the English heading, with its unit in brackets."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache

from planning.book.contracts import EVERY_TABLE, Column, Contract
from planning.book.measures import heading_power, narrow, split_unit, units_shown
from planning.errors import Fault

ALIKE = 0.75
UNSTEADY = re.compile("[\\s_\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff-]")  # also the byte order marks of files put together
MEASURED = ("number", "integer")


@dataclass(frozen=True)
class Headings:
    """Where each column of the contract stands in the file; what is wrong; which headings are not ours and ignored.

    `powers` holds the columns whose heading states another unit than the contract's, as powers of ten.
    """

    places: dict[str, int]
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]
    powers: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _Meant:
    """The column a heading means, and the unit it states."""

    column: Column
    unit: str = ""


def match(contract: Contract, headings: Sequence[str]) -> Headings:
    """Places every heading. A required column that is absent is a fault, with the heading that looks like it if there is one."""
    places: dict[str, int] = {}
    powers: dict[str, int] = {}
    faults: list[Fault] = []
    notes: list[Fault] = []
    unknown: list[str] = []
    for place, heading in enumerate(headings):
        meant = _meant(contract, heading)
        if meant is None:
            unknown += [heading] if heading.strip() else []
            continue
        name = meant.column.name
        if name in places:
            faults.append(Fault("heading_twice", contract.name, name, values={"first": headings[places[name]], "second": heading}))
            continue
        places[name] = place
        power = heading_power(meant.column, meant.unit)
        if power is None:
            values = {"heading": heading, "unit": meant.unit, "units": units_shown(meant.column)}
            faults.append(Fault("heading_unit", contract.name, name, values=values))
        elif power:
            powers[name] = power
            notes.append(Fault("heading_scaled", contract.name, name, values={"heading": heading, "unit": meant.unit, "factor": _factor(power)}))
    absent = [column for column in contract.columns if column.required and column.name not in places]
    faults += [_missing(contract, column, unknown) for column in absent]
    asked = {fault.values.get("heading") for fault in faults}
    notes += [Fault("heading_ignored", contract.name, values={"heading": heading}) for heading in unknown if heading not in asked]
    return Headings(places, tuple(faults), tuple(notes), powers)


def known(contract: Contract, headings: Sequence[str]) -> int:
    """How many of the headings are the contract's."""
    return sum(1 for heading in headings if _meant(contract, heading))


def _meant(contract: Contract, heading: str) -> _Meant | None:
    meanings = _meanings(contract.name)
    whole = meanings.get(_plain(heading))
    if whole:
        return _Meant(whole)
    base, unit = split_unit(heading)
    column = meanings.get(_plain(base)) if unit else None
    return _Meant(column, unit) if column and column.type in MEASURED else None


@cache
def _meanings(table: str) -> dict[str, Column]:
    return {_plain(word): column for column in EVERY_TABLE[table].columns for word in column.headings}


def _factor(power: int) -> str:
    return f"{10**power:,}" if power > 0 else f"{10.0**power:g}"


def _missing(contract: Contract, column: Column, unknown: Sequence[str]) -> Fault:
    plain = {_plain(heading): heading for heading in unknown}
    for wanted in column.headings:
        near = get_close_matches(_plain(wanted), plain, n=1, cutoff=ALIKE)
        if near:
            return Fault("column_missing_near", contract.name, column.name, values={"name": column.name, "heading": plain[near[0]]})
    return Fault("column_missing", contract.name, column.name, values={"name": column.name})


def _plain(heading: str) -> str:
    """A heading without what is written now this way, now that: opt_out, opt-out, Opt out, and lines that were wrapped."""
    return UNSTEADY.sub("", narrow(heading)).casefold()
