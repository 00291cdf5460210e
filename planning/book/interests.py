"""What clients are interested in: as the client table says and, where the policy wants it, as they last answered themselves."""

from collections.abc import Mapping
from datetime import date

import pandas as pd

from planning.book.rows import rows


def asked_within(surveys: pd.DataFrame, after: date, until: date) -> pd.DataFrame:
    """The rows of the survey table after one day and up to another, by client and date."""
    inside = pd.Series([after < day <= until for day in surveys["date"]], index=surveys.index, dtype=bool)
    return surveys[inside].sort_values(["client", "date"], kind="stable")


def named_interests(surveys: pd.DataFrame, until: date) -> Mapping[str, tuple[str, ...]]:
    """The interests each client named in the latest answer, up to that day, that names any."""
    asked = asked_within(surveys, date.min, until)
    naming = asked[asked["answered"] & asked["interests"].map(bool).astype(bool)]
    return {row.client: row.interests for row in rows(naming.drop_duplicates("client", keep="last"))}


def known_interests(clients: pd.DataFrame, surveys: pd.DataFrame, until: date) -> pd.Series:
    """Each client's interests: those of the client table, then those of the latest answer that are not among them."""
    named = named_interests(surveys, until)
    joined = [tuple(dict.fromkeys((*own, *named.get(client, ())))) for client, own in zip(clients["client"], clients["interests"], strict=True)]
    return pd.Series(joined, index=clients.index, dtype="object")
