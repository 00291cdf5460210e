"""What clients are interested in: the client table's word and, where the policy says so, their own in the latest answer that names any."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from planning.judge.exact import day
from planning.judge.tables import Tables, column, listed, rows


class Interests:
    """The interests of each row of the clients' table, row by row. A policy written before surveys counted does not count them."""

    def __init__(self, tables: Tables, policy: Mapping[str, Any]) -> None:
        self._own, self._clients = column(tables, "clients", "interests"), column(tables, "clients", "client")
        self._told = _latest(tables, day(policy["data_date"])) if policy["segments"].get("survey_interests", False) else {}

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        if not self._told:
            return map(listed, self._own)
        return (listed(own) + self._told.get(client, ()) for client, own in zip(self._clients, self._own, strict=True))


def _latest(tables: Tables, data_date: date) -> dict[str, tuple[str, ...]]:
    """Interests of each client's latest answer that names any, not after the data date."""
    found: dict[str, tuple[date, tuple[str, ...]]] = {}
    for row in rows(tables, "surveys"):
        named, when = listed(row.get("interests")), day(row["date"])
        refused = row.get("answered") is not None and not row["answered"]
        if named and not refused and when <= data_date and when > found.get(row["client"], (date.min, ()))[0]:
            found[row["client"]] = when, named
    return {client: named for client, (_, named) in found.items()}
