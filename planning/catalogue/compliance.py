"""The rules of law and conduct (L1 to L5): what they forbid, and whom they keep away from what.

Each bar has a rule, a source and a date; the words of rule and source stand in report/words/compliance.toml.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from planning.book.findings import found
from planning.book.rows import Row, rows
from planning.errors import Fault
from planning.policy import Policy

GIVEN = frozenset({"gift", "cash", "points", "expense_rebate", "travel"})  # what officials and counterparties' staff may not have

# bar → (rule, source, date of the source); an empty date is that of the bank's own data
BARS: Mapping[str, tuple[str, str, str]] = {
    "deposit_linked": ("L1", "deposit_notice", "2018"),
    "cash_back": ("L1", "conduct", ""),
    "gift_over_cap": ("L2", "policy", ""),
    "official": ("L2", "bribery", "2025-10-15"),
    "ceiling": ("L3", "caps", ""),
    "unsuitable": ("L4", "suitability", "2026-02-01"),
    "no_consent": ("L5", "personal_data", "2021-11-01"),
    "opted_out": ("L5", "personal_data", "2021-11-01"),
    "authority": ("K4", "grades", ""),
}
FORBIDDING = {"deposit_linked": "trigger", "cash_back": "benefit", "gift_over_cap": "gift_cny"}  # bar of a whole event → column


@dataclass(frozen=True)
class Block:
    """What one bar keeps out at one place: `count` clients, events (1), or ladder cells in which a level may not be granted.

    `what` = clients, events or levels. `where` holds codes: () the whole bank; an event; event, tier, kind; concession, level.
    `source` is a code of words, or the source as the table of ceilings states it. `as_of` is an ISO date, or a year alone.
    """

    rule: str  # L1 … L5, K4
    bar: str  # one of BARS
    what: str
    where: tuple[str, ...]
    count: int
    source: str
    as_of: str


def block(bar: str, what: str, where: tuple[str, ...], count: int, policy: Policy) -> Block:
    """A block with the rule, source and date of its bar."""
    rule, source, as_of = BARS[bar]
    return Block(rule, bar, what, where, count, source, as_of or policy.data_date.isoformat())


def forbidden(events: pd.DataFrame, policy: Policy) -> Mapping[str, tuple[str, ...]]:
    """The events nobody may be invited to, each with the bars that forbid it."""
    barred = {row.event: _bars(row, policy) for row in rows(events)}
    return {event: bars for event, bars in barred.items() if bars}


def allowed(events: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """The rows of the events table that no bar forbids."""
    return events[~events["event"].isin(list(forbidden(events, policy)))]


def forbidden_notes(events: pd.DataFrame | None, policy: Policy) -> list[Fault]:
    """A note for each bar that forbids events of a table as read: bar, column, rows, and the first event it forbids."""
    if events is None or not {"event", *FORBIDDING.values()} <= set(events.columns):
        return []
    barred = [(number, row.event, _bars(row, policy)) for number, row in zip(events.index, rows(events), strict=True)]
    notes = []
    for bar, column in FORBIDDING.items():
        held = [(number, event) for number, event, bars in barred if bar in bars]
        if held:
            notes.append(found(f"event_{bar}", "events", column, [number for number, _ in held], **_first(held, policy)))
    return notes


def may_be_given(clients: pd.DataFrame, event: Row) -> pd.Series:
    """(L2) Clients who may have what the event gives: where it gives anything, no public officials and no contacts of state-owned companies."""
    if not gives(event):
        return pd.Series(True, index=clients.index)
    return ~official(clients)


def suitable(clients: pd.DataFrame, event: Row) -> pd.Series:
    """(L4) Clients whose risk level is at least the event's; an unknown one suits no event that asks for one."""
    if event.risk_level != event.risk_level:  # missing
        return pd.Series(True, index=clients.index)
    at_least: pd.Series = clients["risk_level"] >= event.risk_level
    return at_least


def official(clients: pd.DataFrame) -> pd.Series:
    """Public officials, and contacts at state-owned companies."""
    return clients["public_official"] | clients["state_owned_contact"]


def gives(event: Row) -> bool:
    """Whether those who attend are given something of value beyond hospitality."""
    return event.gift_cny > 0 or event.benefit in GIVEN


def _bars(event: Row, policy: Policy) -> tuple[str, ...]:
    """An event tied to a deposit is barred unless it is written that it gives nothing."""
    bars = {
        "deposit_linked": event.trigger == "deposit" and (event.benefit != "none" or event.gift_cny > 0),
        "cash_back": event.benefit == "cash",
        "gift_over_cap": event.gift_cny > policy.caps.gift_cny_guest,
    }
    return tuple(bar for bar, holds in bars.items() if holds)


def _first(held: Sequence[tuple[int, str]], policy: Policy) -> dict[str, str | float]:
    return {"event": str(held[0][1]), "cap": policy.caps.gift_cny_guest}
