"""Control totals 总分核对: the clients added up straight from their file or database, and beside the book that plans are made of."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from planning import policy
from planning.book.aggregates import aggregate
from planning.book.client_blocks import opened
from planning.book.control_totals import Difference, Group, book_totals, differences
from planning.book.intake import examine, read_book
from planning.book.tiers import in_force, rank_order
from planning.errors import DataFaults, Fault, PolicyError
from planning.report.i18n import pick
from planning.report.totals import totals_sheet
from planning.run.exporting import write_new
from planning.run.workbook import csv_text, workbook

SMALL = ("branches", "tiers")


@dataclass(frozen=True)
class ControlTotals:
    """The groups, what differs from the book (None where it was not asked), and the tiers' names."""

    groups: tuple[Group, ...]
    differences: tuple[Difference, ...] | None
    tiers: Mapping[str, str]


def control_totals(data: Path, to: Path | None, against_book: bool, lang: str) -> ControlTotals:
    """The bank's clients by branch, tier and kind, in whole fen; no client is held unless the book is to be compared.

    Written to `to`, an .xlsx or .csv file, where given. DataFaults for tables that cannot be read or added up exactly, or a
    file that is there already; PolicyError for another kind of file.
    """
    if to is not None and to.suffix.lower() not in (".xlsx", ".csv"):
        raise PolicyError(Fault("totals_file_kind", values={"file": to.name}))
    rules = policy.read(data / "policy.toml")
    reading = examine(data, rules, os.environ, SMALL)
    if reading.faults:
        raise DataFaults(reading.faults)
    branches, tiers = (reading.frames[name] for name in SMALL)
    with opened(data, os.environ) as source:
        groups = aggregate(source, branches, tiers, rules)
    standing = in_force(tiers, rules.data_date)
    worded = {str(row.tier): pick((str(row.name_zh), str(row.name_en)), lang) for row in standing.itertuples()}
    names = {tier: worded[tier] for tier in rank_order(standing)}
    found = differences(groups, book_totals(read_book(data, rules, os.environ), rules)) if against_book else None
    if to is not None:
        sheet = totals_sheet(groups, names, lang)
        write_new({to: workbook([sheet]) if to.suffix.lower() == ".xlsx" else csv_text(sheet).encode("utf-8-sig")})
    return ControlTotals(groups, found, names)
