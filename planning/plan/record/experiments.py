"""Events whose clients were invited or held back by lot, and what their contribution was before and after: one experiment an event and window."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt

import pandas as pd

from planning.book.book import Book
from planning.book.rows import rows
from planning.book.segments import classify
from planning.book.windows import span
from planning.plan.summary import Names
from planning.policy import Policy

TREATED, CONTROL = "treat", "control"


@dataclass(frozen=True)
class EventKind:
    """What an experiment needs of an event type; `weight` of one attendance as a touch."""

    event: str
    names: Names
    family: str
    weight: float


@dataclass(frozen=True, eq=False)
class Experiment:
    """One row a client: client, tier, kind, treated (yes/no), came (times), before and after (yuan a year). Held back = never invited in the window.

    `touches` = weighted touches of each client (row) by each family (column) in the window, at whatever event.
    """

    event: EventKind
    window: str
    days: tuple[date, date]
    people: pd.DataFrame
    touches: pd.DataFrame

    def covers(self, day: date) -> bool:
        """Whether a day lies in its window; a window that tells no days has all of them."""
        found = span(self.window)
        return found is None or found[0] <= day <= found[1]

    def of(self, treated: bool) -> pd.DataFrame:
        """The clients invited, or those held back."""
        return self.people[self.people["treated"] == treated]


def events_of(*books: Book) -> dict[str, EventKind]:
    """Every event type; of one that several books have the first book's."""
    found: dict[str, EventKind] = {}
    for book in books:
        for row in rows(book.tables["events"]):
            weight = 1.0 if pd.isna(row.touch_weight) else float(row.touch_weight)
            found.setdefault(row.event, EventKind(row.event, (row.name_zh, row.name_en), str(row.family), weight))
    return found


def experiments(book: Book, policy: Policy, told: Book) -> Iterator[Experiment]:
    """The experiments that `told` tells of clients of `book`, by event and window, where both groups have clients and contribution.

    An outcome belongs to the invitations dated within its window. A window whose name tells no days counts for all
    invitations where it is the only one, and for none where there are others (`unread`).
    """
    invited, outcomes = told.tables["invitations"], told.tables["outcomes"]
    if invited.empty or outcomes.empty:
        return
    kinds, spans = events_of(book, told), _spans(outcomes)
    joined = invited.merge(outcomes, on="client").merge(classify(book, policy)[["client", "tier", "kind"]], on="client")
    within = [_within(day, window, spans) for day, window in zip(joined["date"], joined["window"], strict=True)]
    counted = joined[pd.Series(within, index=joined.index, dtype=bool)]
    touches = {str(window): _touches(own, kinds) for window, own in counted.groupby("window", sort=True)}
    for (event, window), own in counted.groupby(["event", "window"], sort=True):
        people = _people(own)
        if all((people["treated"] == arm).any() and people.loc[people["treated"] == arm, "before"].sum() > 0 for arm in (True, False)):
            yield Experiment(kinds[str(event)], str(window), (min(own["date"]), max(own["date"])), people, touches[str(window)].loc[people["client"]])


def unread(told: Book) -> int:
    """How many windows tell no days and count for nothing, because there are others."""
    found = _spans(told.tables["outcomes"])
    return 0 if len(found) <= 1 else sum(one is None for one in found.values())


def growth(people: pd.DataFrame) -> tuple[float, float]:
    """(growth of contribution, its standard error): R − 1 with R = Σ after / Σ before, √Σ ψ² with ψ = √(n/(n−1))·(after − R·before) / Σ before."""
    n, before = len(people), float(people["before"].sum())
    ratio = float(people["after"].sum()) / before
    return ratio - 1, sqrt(float((influence(people) ** 2).sum())) if n > 1 else float("inf")


def influence(people: pd.DataFrame) -> "pd.Series[float]":
    """What each client adds to the error of the growth of `people`, by client; two clients at least."""
    n, before = len(people), float(people["before"].sum())
    ratio = float(people["after"].sum()) / before
    return pd.Series(((people["after"] - ratio * people["before"]) / before).to_numpy() * sqrt(n / max(n - 1, 1)), index=people["client"])


def _people(own: pd.DataFrame) -> pd.DataFrame:
    grouped = own.assign(treated=own["arm"] == TREATED).groupby("client", sort=True)
    columns = {"tier": ("tier", "first"), "kind": ("kind", "first"), "treated": ("treated", "any"), "came": ("attended", "sum")}
    amounts = {"before": ("contribution_before_cny", "first"), "after": ("contribution_after_cny", "first")}
    return grouped.agg(**columns, **amounts).reset_index()


def _touches(own: pd.DataFrame, kinds: Mapping[str, EventKind]) -> pd.DataFrame:
    """Weighted touches, a row a client invited or held back, a column a family."""
    weights = own["event"].map({code: kind.weight for code, kind in kinds.items()}) * own["attended"].astype("float64")
    families = own["event"].map({code: kind.family for code, kind in kinds.items()})
    return weights.groupby([own["client"], families], sort=True).sum().unstack(fill_value=0)


def _spans(outcomes: pd.DataFrame) -> dict[str, tuple[date, date] | None]:
    return {str(window): span(str(window)) for window in sorted(set(outcomes["window"]))}


def _within(day: date, window: str, spans: dict[str, tuple[date, date] | None]) -> bool:
    found = spans[window]
    return len(spans) == 1 if found is None else found[0] <= day <= found[1]
