"""What clients are interested in: the client table's word and, where the policy says so, their own in the latest answer that names any."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from planning.judge.exact import day
from planning.judge.tables import Tables, column, listed, rows


def interests(tables: Tables, policy: Mapping[str, Any]) -> Sequence[tuple[str, ...]]:
    """The interests of each row of the clients' table. A policy written before surveys counted does not count them."""
    own = [listed(cell) for cell in column(tables, "clients", "interests")]
    if not policy["segments"].get("survey_interests", False):
        return own
    answers = _latest(tables, day(policy["data_date"]))
    return [told + answers.get(client, ()) for client, told in zip(column(tables, "clients", "client"), own, strict=True)]


def _latest(tables: Tables, data_date: date) -> dict[str, tuple[str, ...]]:
    """Interests of each client's latest answer that names any, not after the data date."""
    found: dict[str, tuple[date, tuple[str, ...]]] = {}
    for row in rows(tables, "surveys"):
        named, when = listed(row.get("interests")), day(row["date"])
        refused = row.get("answered") is not None and not row["answered"]
        if named and not refused and when <= data_date and when > found.get(row["client"], (date.min, ()))[0]:
            found[row["client"]] = when, named
    return {client: named for client, (_, named) in found.items()}
