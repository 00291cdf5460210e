"""The former book: the client table of an earlier date, read and checked as today's is."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from planning.book.book import settled
from planning.book.contracts import CONTRACTS
from planning.book.intake import NO_NAMES, examine
from planning.book.origin import BEFORE
from planning.errors import DataFaults, Fault
from planning.policy import Policy

DATED_BY = "policy.toml"


@dataclass(frozen=True)
class Former:
    """The clients as they were on `as_of`: a row a client, every column of the contract, in the order of client numbers."""

    as_of: date
    clients: pd.DataFrame


def former_folder(data: Path) -> Path | None:
    """Where a data folder keeps its former book: its folder `before`, where there is one."""
    place = data / BEFORE
    return place if place.is_dir() else None


def read_former(folder: Path, policy: Policy, as_of: date | None = None, environment: Mapping[str, str] = NO_NAMES) -> Former:
    """The client table in a folder, of any format that today's may have; its other tables are not needed and not read.

    `as_of` is its date; where not given it is `data_date` in the folder's policy.toml, of which no other line is needed. The checks
    are those of the contract and of sense on that date; branches, tiers and managers named there may be gone by now. DataFaults names
    what is wrong, also a date that is missing or not before the policy's data date.
    """
    if not folder.is_dir():
        raise DataFaults(Fault("folder_missing", values={"folder": folder.name}))
    day = as_of or _dated(folder)
    if day >= policy.data_date:
        values = {"folder": folder.name, "as_of": day.isoformat(), "data_date": policy.data_date.isoformat()}
        raise DataFaults(Fault("former_not_earlier", values=values))
    reading = examine(folder, policy.model_copy(update={"data_date": day}), environment, ("clients",))
    if reading.faults:
        raise DataFaults([Fault("in_former", values={"folder": folder.name}), *reading.faults])
    return Former(day, settled(CONTRACTS["clients"], reading.frames["clients"]))


def _dated(folder: Path) -> date:
    try:
        day = tomllib.loads((folder / DATED_BY).read_text(encoding="utf-8-sig")).get("data_date")
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        day = None
    if not isinstance(day, date) or isinstance(day, datetime):
        raise DataFaults(Fault("former_without_date", values={"folder": folder.name, "file": DATED_BY, "example": "data_date = 2026-01-01"}))
    return day
