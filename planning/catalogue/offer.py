"""Everything the optimiser may choose from, finished: segments, events, responses, ladder cells, hours and limits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from planning.book import segments as book_segments
from planning.book import tiers as standards
from planning.book.book import Book
from planning.book.contribution import last_full_year
from planning.book.names import branch_names, region_names, tier_names
from planning.book.rows import Row, rows
from planning.book.segments import KEY, Segment, SegmentKey, segment_key
from planning.catalogue import compliance, concessions, events, responses
from planning.catalogue.blocks import blocks
from planning.catalogue.compliance import Block
from planning.catalogue.concessions import Cell
from planning.catalogue.doubts import Doubt, Key, doubts
from planning.catalogue.events import EventType
from planning.policy import Policy


@dataclass(frozen=True)
class Partner:
    """A partner and, for each family it takes part in, its share among that family's partners."""

    partner: str
    cap_cny: float
    part_of_family: Mapping[str, float]


@dataclass(frozen=True)
class PastLine:
    """One line of last year: sessions of an event by a branch, region or the centre, or a level granted; "" and 0 where the table is empty."""

    branch: str
    region: str
    event: str
    concession: str
    tier: str
    kind: str
    month: int
    sessions: int
    attendances: int
    level: int


@dataclass(frozen=True)
class Offer:
    """The finished data of one bank and period. Money in yuan; hours and caps of the period, contribution a year."""

    clients: int
    approachable: int
    base_contribution_cny: float
    tiers: tuple[str, ...]  # lowest first
    tier_names: Mapping[str, tuple[str, str]]
    branches: Mapping[str, str]  # branch → region
    branch_names: Mapping[str, tuple[str, str]]
    region_names: Mapping[str, tuple[str, str]]
    segments: tuple[Segment, ...]
    events: tuple[EventType, ...]
    eligible: Mapping[tuple[SegmentKey, str], int]
    responses: Mapping[tuple[str, str, str], tuple[float, float]]
    cells: tuple[Cell, ...]
    hours: Mapping[str, float]  # branch → managers' hours
    visit_hours: Mapping[str, float]  # tier → hours of visits a client
    partners: tuple[Partner, ...]
    blocks: tuple[Block, ...]  # all that law and conduct keep out
    assets_cny: Mapping[SegmentKey, float]
    last_year: Mapping[str, float]  # event | concession → cost of last year's plan in the same period
    past: tuple[PastLine, ...] = ()
    doubts: Mapping[Key, Doubt] = field(default_factory=dict)

    @property
    def forbidden(self) -> Mapping[str, str]:
        """Events nobody may be invited to → the first bar that forbids each."""
        return {block.where[0]: block.bar for block in reversed(self.blocks) if block.what == "events"}


def offer(book: Book, policy: Policy) -> Offer:
    """Everything that may be chosen from, computed once from the book and the policy."""
    tables = book.tables
    classified = book_segments.classify(book, policy)
    kept = book_segments.approachable(classified)
    in_force = standards.in_force(tables["tiers"], policy.data_date)
    branches = tables["branches"].sort_values("branch")
    cells = concessions.cells(kept, concessions.terms(tables, policy))
    return Offer(
        clients=len(classified),
        approachable=int(classified["approachable"].sum()),
        base_contribution_cny=last_full_year(tables["clients"], classified["contribution_cny"]),
        tiers=standards.rank_order(in_force),
        tier_names=tier_names(in_force),
        branches=dict(zip(branches["branch"], branches["region"], strict=True)),
        branch_names=branch_names(branches),
        region_names=region_names(branches),
        segments=book_segments.segments(kept),
        events=events.event_types(tables["events"], policy),
        eligible=events.eligible(kept, compliance.allowed(tables["events"], policy)),
        responses=responses.coefficients(tables["responses"]),
        cells=cells,
        hours={str(branch): float(hours) * policy.part_of_year for branch, hours in tables["managers"].groupby("branch")["hours_year"].sum().items()},
        visit_hours={tier: hours * policy.part_of_year for tier, hours in _visit_hours(book).items()},
        partners=_partners(book, policy.part_of_year),
        blocks=blocks(classified, kept, tables, cells, policy),
        assets_cny={segment_key(key): float(total) for key, total in kept.groupby(KEY)["assets_cny"].sum().items()},
        last_year=_last_year(book, policy),
        past=tuple(_past_lines(book, policy)),
        doubts=doubts(tables),
    )


def _visit_hours(book: Book) -> Mapping[str, float]:
    cadence = book.tables["cadence"]
    hours = (cadence["visits_year"] * cadence["hours_visit"]).groupby(cadence["tier"]).sum()
    return {str(tier): float(total) for tier, total in hours.items()}


def _partners(book: Book, part_of_year: float) -> tuple[Partner, ...]:
    table = list(rows(book.tables["partners"].sort_values("partner")))
    total: dict[str, float] = {}
    for row in table:
        for family in row.families:
            total[family] = total.get(family, 0.0) + float(row.share)
    return tuple(Partner(row.partner, float(row.cap_cny) * part_of_year, _parts(row, total)) for row in table)


def _parts(partner: Row, total: Mapping[str, float]) -> Mapping[str, float]:
    return {family: float(partner.share) / total[family] for family in partner.families if total[family] > 0}


def _last_year(book: Book, policy: Policy) -> Mapping[str, float]:
    last = _before(book, policy)
    counted = last["cost_cny"].where(last["month"].notna(), last["cost_cny"] * policy.part_of_year)
    return {kind: float(counted[last[kind].notna()].sum()) for kind in ("event", "concession")} if len(last) else {}


def _before(book: Book, policy: Policy) -> pd.DataFrame:
    """Last year's lines in the months of the period, and those without a month."""
    history = book.tables["history"]
    return history[(history["year"] == policy.year - 1) & (history["month"].isna() | history["month"].isin(policy.months))]


def _past_lines(book: Book, policy: Policy) -> Iterator[PastLine]:
    for row in rows(_before(book, policy)):
        yield PastLine(
            branch=_text(row.branch), region=_text(row.region), event=_text(row.event), concession=_text(row.concession),
            tier=_text(row.tier), kind=_text(row.kind),
            month=_count(row.month), sessions=_count(row.sessions), attendances=_count(row.attendances), level=_count(row.level),
        )  # fmt: skip


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: float | None) -> int:
    return int(value) if value is not None and value == value else 0
