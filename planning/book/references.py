"""Every code that a table or the policy names must exist where it is defined."""

from collections.abc import Iterable, Mapping, Set

import pandas as pd

from planning.book import arrow
from planning.book.contracts import CONTRACTS, Column
from planning.book.contracts.column import CONCESSIONS
from planning.book.findings import found, nearest
from planning.book.tiers import NATIONAL
from planning.errors import Fault, Value
from planning.policy import Policy

Frames = Mapping[str, pd.DataFrame]


def unknown_references(frames: Frames, incomplete: Set[str]) -> list[Fault]:
    """A fault a column that names codes which are not there. A table with unread rows is not held against others."""
    faults = []
    for table, frame in frames.items():
        for column in CONTRACTS[table].columns:
            known = None if column.refers.partition(".")[0] in incomplete else _known(frames, column.refers)
            if column.refers and known is not None and column.name in frame:
                faults += _strangers(table, column, frame[column.name], known)
    return [*faults, *_tier_regions(frames, incomplete)]


def unknown_in_policy(frames: Frames, policy: Policy) -> list[Fault]:
    """Tiers, events and whatever else the policy names must be in the tables."""
    must_hold = [entry.event for entry in policy.calendar.must_hold]
    sessions, ladder = policy.frozen.sessions, policy.frozen.ladder
    named = (
        ("floors.tier", policy.floors.tier, "tiers.tier"),
        ("caps.tier", policy.caps.tier, "tiers.tier"),
        ("segments.region_shares", policy.segments.region_shares, "tiers.tier"),
        ("calendar.must_hold", must_hold, "events.event"),
        ("frozen.sessions", [line.event for line in sessions], "events.event"),
        ("frozen.ladder", [line.region for line in ladder], "branches.region"),
        ("frozen.ladder", [line.tier for line in ladder], "tiers.tier"),
        ("frozen.ladder", [line.concession for line in ladder], "concessions.concession"),
    )
    faults = []
    for place, codes, refers in named:
        known = _known(frames, refers)
        strangers = [] if known is None else [code for code in dict.fromkeys(codes) if code not in set(known)]
        for code in strangers:
            values = _where(code, refers, () if known is None else known)
            faults.append(Fault(_code("policy_reference", values), "policy", place, values=values))
    return faults


def ceilings_without_concession(frames: Frames) -> list[Fault]:
    """Notes on rate ceilings whose product is no kind of concession: they limit nothing that is planned here."""
    if "product" not in frames.get("caps", ()):
        return []
    products = frames["caps"]["product"].dropna()
    strange = products[~products.isin(list(CONCESSIONS))]
    return [found("cap_not_used", "caps", "product", strange.index, value=str(strange.iloc[0]))] if len(strange) else []


def _known(frames: Frames, refers: str) -> pd.Series | None:
    table, _, column = refers.partition(".")
    if table not in frames or column not in frames[table] or not len(frames[table]):
        return None
    return frames[table][column].dropna().drop_duplicates()


def _strangers(table: str, column: Column, cells: pd.Series, known: pd.Series) -> list[Fault]:
    given = (cells.explode() if column.type == "list" else cells).dropna()
    strange = given[~arrow.among(given, known)]
    return [_unknown(table, column.name, strange, column.refers, known)] if len(strange) else []


def _tier_regions(frames: Frames, incomplete: Set[str]) -> list[Fault]:
    known = _known(frames, "branches.region")
    if "branches" in incomplete or known is None or "region" not in frames.get("tiers", ()):
        return []
    given = frames["tiers"]["region"].dropna()
    strange = given[~given.isin([*known, NATIONAL])]
    return [_unknown("tiers", "region", strange, "branches.region", known)] if len(strange) else []


def _unknown(table: str, column: str, strange: pd.Series, refers: str, known: Iterable[str]) -> Fault:
    values = _where(str(strange.iloc[0]), refers, known)
    return found(_code("unknown_reference", values), table, column, strange.index, **values)


def _code(code: str, values: Mapping[str, Value]) -> str:
    """The code whose sentence can name a word that looks like it, where there is one."""
    return f"{code}_near" if values["nearest"] else code


def _where(value: str, refers: str, known: Iterable[str]) -> dict[str, Value]:
    table, _, column = refers.partition(".")
    return {"value": value, "of_table": table, "of_column": column, "nearest": nearest(value, known)}
