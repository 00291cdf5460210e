"""Everything the rules of law and conduct keep out of a plan, listed so that it is shown as blocked and never silently dropped."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from planning.book.rows import rows
from planning.catalogue import compliance
from planning.catalogue.compliance import Block, block
from planning.catalogue.concessions import Cell, ceilings_in_force
from planning.catalogue.events import invited
from planning.policy import Policy

Tables = Mapping[str, pd.DataFrame]


def blocks(classified: pd.DataFrame, kept: pd.DataFrame, tables: Tables, cells: Sequence[Cell], policy: Policy) -> tuple[Block, ...]:
    """Every block: clients of a tier who are not approached, events nobody may have, clients kept from events, levels not granted.

    `classified` are all clients with their tiers, `kept` those who may be approached, `cells` the ladder cells made of them.
    A client may stand under several bars; blocks of the whole bank count each client once.
    """
    return (
        *_not_approached(classified, policy),
        *_events(tables["events"], policy),
        *_kept_from_events(kept, tables["events"], policy),
        *_levels(cells, tables["caps"], policy),
    )


def _not_approached(classified: pd.DataFrame, policy: Policy) -> Iterator[Block]:
    tiered = classified[classified["tier"] != ""]
    yield block("no_consent", "clients", (), int((~tiered["consent"].astype(bool)).sum()), policy)
    yield block("opted_out", "clients", (), int(tiered["opt_out"].sum()), policy)
    yield block("official", "clients", (), int((compliance.official(tiered) & tiered["approachable"]).sum()), policy)


def _events(events: pd.DataFrame, policy: Policy) -> Iterator[Block]:
    for event, bars in sorted(compliance.forbidden(events, policy).items()):
        for bar in bars:
            yield block(bar, "events", (event,), 1, policy)


def _kept_from_events(kept: pd.DataFrame, events: pd.DataFrame, policy: Policy) -> Iterator[Block]:
    """Clients whom an event would otherwise invite, by event, tier and kind; those unsuitable for any event once more, for the whole bank."""
    unsuitable = pd.Series(False, index=kept.index)
    for event in rows(compliance.allowed(events, policy).sort_values("event")):
        asked = invited(kept, event)
        tests = {"official": ~compliance.may_be_given(kept, event), "unsuitable": ~compliance.suitable(kept, event)}
        unsuitable |= asked & tests["unsuitable"]
        for bar, out in tests.items():
            counted = kept[asked & out].groupby(["tier", "kind"]).size()
            for key, count in counted.items():
                yield block(bar, "clients", (event.event, *_group(key)), int(count), policy)
    yield block("unsuitable", "clients", (), int(unsuitable.sum()), policy)


def _group(key: Any) -> tuple[str, str]:
    tier, kind = key
    return tier, kind


def _levels(cells: Sequence[Cell], caps: pd.DataFrame, policy: Policy) -> Iterator[Block]:
    """Levels above a ceiling or above the grade of every manager serving a cell, with the number of such cells."""
    ceilings = ceilings_in_force(caps, policy.bank.bank_type, policy.data_date)
    counted = Counter(barred for cell in cells for barred in cell.barred)
    for (concession, level, bar), count in sorted(counted.items()):
        where = (concession, str(level))
        if bar == "ceiling":
            row = ceilings[concession]
            yield Block("L3", bar, "levels", where, count, str(row.source), row.as_of.isoformat())
        else:
            yield block(bar, "levels", where, count, policy)
