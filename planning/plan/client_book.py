"""Who the bank's clients are, in finished figures: what the client book's page shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from importlib.metadata import version
from platform import python_version
from typing import Any

import pandas as pd

from planning.book import tiers as standards
from planning.book.alerts import AlertCounts, AlertSettings, Pool, added, counts, make_alerts
from planning.book.book import Book
from planning.book.contracts import CONTRACTS
from planning.book.contribution import Reconciliation, last_full_year, reconciliation
from planning.book.former import Former
from planning.book.migration import Migration, migration, since_last
from planning.book.names import branch_names, region_names, tier_names
from planning.book.personas import Persona, personas
from planning.book.products import Depths, product_depth
from planning.book.rows import rows
from planning.book.segments import approachable, classify, classify_former, segments
from planning.book.surveys import Opinions, opinions
from planning.book.three_ways import ThreeWays, three_ways
from planning.catalogue.library import Fact, library
from planning.catalogue.suitability import ProductFit, product_fit
from planning.errors import Fault, Refused
from planning.judge import gather
from planning.plan.judged import columns
from planning.plan.lines import origins
from planning.plan.summary import Names, Origin
from planning.policy import Policy

FEN = Fraction(1, 100)


@dataclass(frozen=True)
class ClientGroup:
    """Clients of one tier ("" = none) and kind, whether or not they may be approached; money in yuan, contribution a year."""

    tier: str
    kind: str
    clients: int
    approachable: int
    contribution_cny: float
    assets_cny: float
    loans_cny: float


@dataclass(frozen=True)
class Filled:
    """How many of the clients an optional column is known for."""

    column: str
    clients: int


@dataclass(frozen=True)
class ClientBook:
    """The client book on its date. Money in yuan, contribution a year. `migrated_from`: the former book's date, None where only tier_last tells.

    `alerts` are those of this date by the rules, before any was closed; without a former book the rules that compare two books make none.
    `segments` = planning segments by the policy's `[segments] by`.
    """

    plan_id: str
    policy: Mapping[str, Any]
    data_hash: str
    data_date: date
    bank_names: Names
    sample: bool
    tier_names: Mapping[str, Names]
    region_names: Mapping[str, Names]
    branch_names: Mapping[str, Names]
    groups: tuple[ClientGroup, ...]
    last_contribution_cny: float
    reconciliation: Reconciliation
    ways: ThreeWays
    migration: Migration | None
    migrated_from: date | None
    segments: int
    personas: tuple[Persona, ...]
    depths: Depths
    fit: ProductFit
    opinions: Opinions
    alerts: AlertCounts
    library: tuple[Fact, ...]
    filled: tuple[Filled, ...]
    origins: tuple[Origin, ...]
    versions: tuple[tuple[str, str], ...]

    @property
    def clients(self) -> int:
        """All clients of the book."""
        return sum(group.clients for group in self.groups)

    @property
    def min_cell(self) -> int:
        """Fewest clients a shown figure may describe."""
        return int(self.policy["privacy"]["min_cell"])


def client_book(book: Book, policy: Policy, plan_id: str, former: Former | None, alert_rules: AlertSettings) -> ClientBook:
    """Every figure of the client book's page, computed once."""
    clients = classify(book, policy)
    in_force = standards.in_force(book.tables["tiers"], policy.data_date)
    branches = book.tables["branches"].sort_values("branch")
    order = standards.rank_order(in_force)
    made = make_alerts(book, former, alert_rules, policy)
    moved = since_last(clients, order) if former is None else migration(classify_former(book, former.clients, policy), clients, order)
    return ClientBook(
        plan_id=plan_id,
        policy=policy.model_dump(mode="json"),
        data_hash=book.data_hash,
        data_date=policy.data_date,
        bank_names=book.names,
        sample=book.sample,
        tier_names=tier_names(in_force),
        region_names=region_names(branches),
        branch_names=branch_names(branches),
        groups=_groups(clients),
        last_contribution_cny=last_full_year(book.tables["clients"], clients["contribution_cny"]),
        reconciliation=reconciliation(book.tables["clients"], dict(zip(branches["branch"], branches["region"], strict=True)), policy.bank),
        ways=three_ways(book, policy),
        migration=moved,
        migrated_from=None if former is None else former.as_of,
        segments=len(segments(approachable(clients))),
        personas=personas(book, policy),
        depths=product_depth(book, policy),
        fit=product_fit(book, policy),
        opinions=opinions(book, policy),
        alerts=counts(added(Pool(), made).pool, policy.data_date),
        library=library(book, policy),
        filled=_filled(book.tables["clients"]),
        origins=origins(book),
        versions=(("planning", version("planning")), ("Python", python_version()), ("pandas", version("pandas"))),
    )


def recounted(book: Book, policy: Policy) -> int:
    """The places at which the second judge, from the tables alone, finds the same segments, clients and contribution.

    Refused names the first segment that differs, and where the parts of contribution do not add up to the fen.
    """
    facts = gather(columns(book), policy.model_dump(mode="json"))
    ours = {segment.key: segment for segment in segments(approachable(classify(book, policy)))}
    theirs = {key: (clients, facts.contribution[key]) for key, clients in facts.clients.items()}
    for key in sorted({*ours, *theirs}):
        own, other = ours.get(key), theirs.get(key)
        if own is None or other is None or own.clients != other[0] or abs(Fraction(own.contribution_cny) - other[1]) > FEN * max(own.clients, 1):
            raise Refused(Fault("recount_differs", values={"where": " · ".join(filter(None, key))}))
    regions = dict(zip(book.tables["branches"]["branch"], book.tables["branches"]["region"], strict=True))
    if not reconciliation(book.tables["clients"], regions, policy.bank).reconciles:
        raise Refused(Fault("parts_do_not_add_up"))
    return 2 * len(ours)


def _groups(clients: pd.DataFrame) -> tuple[ClientGroup, ...]:
    counted = clients.assign(loans=clients["loan_avg_cny"].fillna(0.0), able=clients["approachable"].astype("int64"), one=1)
    sums = counted.groupby(["rank", "tier", "kind"], sort=True)[["one", "able", "contribution_cny", "assets_cny", "loans"]].sum().reset_index()
    return tuple(
        ClientGroup(row.tier, row.kind, int(row.one), int(row.able), float(row.contribution_cny), float(row.assets_cny), float(row.loans)) for row in rows(sums)
    )


def _filled(clients: pd.DataFrame) -> tuple[Filled, ...]:
    """For each column a client may leave empty, how many do not."""
    optional = [column for column in CONTRACTS["clients"].columns if not column.required and column.type != "yes_no"]
    return tuple(Filled(one.name, int(clients[one.name].map(bool).sum() if one.type == "list" else clients[one.name].notna().sum())) for one in optional)
