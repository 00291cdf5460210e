"""Every code that a table or the policy names must exist where it is defined."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from planning.book.contracts import CONTRACTS, Column
from planning.book.findings import found, nearest
from planning.errors import Fault
from planning.policy import Policy

NATIONAL = "*"
Frames = Mapping[str, pd.DataFrame]


def unknown_references(frames: Frames) -> list[Fault]:
    """A fault a column that names codes which are not there. A table that could not be read is not held against others."""
    faults = []
    for table, frame in frames.items():
        for column in CONTRACTS[table].columns:
            known = _known(frames, column.refers)
            if column.refers and known is not None and column.name in frame:
                faults += _strangers(table, column, frame[column.name], known)
    return [*faults, *_tier_regions(frames), *_event_families(frames)]


def unknown_in_policy(frames: Frames, policy: Policy) -> list[Fault]:
    """Tiers and events that the policy names must be in the tables."""
    must_hold = [entry.event for entry in policy.calendar.must_hold]
    named = (
        ("floors.tier", policy.floors.tier, "tiers.tier"),
        ("caps.tier", policy.caps.tier, "tiers.tier"),
        ("calendar.must_hold", must_hold, "events.event"),
    )
    faults = []
    for place, codes, refers in named:
        known = _known(frames, refers)
        strangers = [] if known is None else [code for code in codes if code not in known]
        faults += [Fault("policy_reference", "policy", place, values=_where(code, refers, known or set())) for code in strangers]
    return faults


def _known(frames: Frames, refers: str) -> set[str] | None:
    table, _, column = refers.partition(".")
    if table not in frames or column not in frames[table] or not len(frames[table]):
        return None
    return set(frames[table][column].dropna())


def _strangers(table: str, column: Column, cells: pd.Series, known: set[str]) -> list[Fault]:
    given = (cells.explode() if column.type == "list" else cells).dropna()
    strange = given[~given.isin(known)]
    return [_unknown(table, column.name, strange, column.refers, known)] if len(strange) else []


def _tier_regions(frames: Frames) -> list[Fault]:
    known = _known(frames, "branches.region")
    if known is None or "region" not in frames.get("tiers", ()):
        return []
    given = frames["tiers"]["region"].dropna()
    strange = given[~given.isin(known | {NATIONAL})]
    return [_unknown("tiers", "region", strange, "branches.region", known)] if len(strange) else []


def _event_families(frames: Frames) -> list[Fault]:
    """An event of a family that no response knows would silently bring nothing."""
    known = _known(frames, "responses.family")
    if known is None or "family" not in frames.get("events", ()):
        return []
    given = frames["events"]["family"].dropna()
    strange = given[~given.isin(known)]
    return [_unknown("events", "family", strange, "responses.family", known)] if len(strange) else []


def _unknown(table: str, column: str, strange: pd.Series, refers: str, known: set[str]) -> Fault:
    return found("unknown_reference", table, column, np.unique(strange.index), **_where(str(strange.iloc[0]), refers, known))


def _where(value: str, refers: str, known: Iterable[str]) -> dict[str, str | int | float]:
    table, _, column = refers.partition(".")
    return {"value": value, "of_table": table, "of_column": column, "nearest": nearest(value, known)}
