"""Which heading of a file is which column of the contract: the code name, the Chinese or the English heading."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from planning.book.contracts import Column, Contract
from planning.errors import Fault

ALIKE = 0.75


@dataclass(frozen=True)
class Headings:
    """Where each column of the contract stands in the file; what is wrong; which headings are not ours and ignored."""

    places: dict[str, int]
    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]


def match(contract: Contract, headings: Sequence[str]) -> Headings:
    """Places every heading. A required column that is absent is a fault, with the heading that looks like it if there is one."""
    meanings = {_plain(heading): column.name for column in contract.columns for heading in column.headings}
    places: dict[str, int] = {}
    faults: list[Fault] = []
    unknown: list[str] = []
    for place, heading in enumerate(headings):
        name = meanings.get(_plain(heading))
        if name is None:
            unknown += [heading] if heading.strip() else []
        elif name in places:
            faults.append(Fault("heading_twice", contract.name, name, values={"first": headings[places[name]], "second": heading}))
        else:
            places[name] = place
    absent = [column for column in contract.columns if column.required and column.name not in places]
    faults += [_missing(contract, column, unknown) for column in absent]
    asked = {fault.values.get("heading") for fault in faults}
    notes = tuple(Fault("heading_ignored", contract.name, values={"heading": heading}) for heading in unknown if heading not in asked)
    return Headings(places, tuple(faults), notes)


def _missing(contract: Contract, column: Column, unknown: Sequence[str]) -> Fault:
    plain = {_plain(heading): heading for heading in unknown}
    for wanted in column.headings:
        near = get_close_matches(_plain(wanted), plain, n=1, cutoff=ALIKE)
        if near:
            return Fault("column_missing_near", contract.name, column.name, values={"name": column.name, "heading": plain[near[0]]})
    return Fault("column_missing", contract.name, column.name, values={"name": column.name})


def _plain(heading: str) -> str:
    return " ".join(heading.split()).casefold()
