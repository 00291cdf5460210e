"""What changed since the last version of a plan: totals, lines with the reason of each, and what the former plan would be worth now."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from planning.book.book import Book
from planning.book.names import branch_names, region_names, tier_names
from planning.book.rows import rows
from planning.catalogue.offer import offer
from planning.errors import DataFaults
from planning.optimise.apart import money_on_lines
from planning.optimise.problem import CENTRE, problem
from planning.plan import alternatives
from planning.plan.causes import Causes, Line, Reason, causes, reason
from planning.plan.former import PACKAGES, Former, MadeWith
from planning.plan.hand_made import HandMade, Level
from planning.plan.lines import CENTRE_NAMES
from planning.plan.plan import Plan, Totals
from planning.plan.scenarios import choice_of
from planning.plan.score import Breach, score
from planning.plan.study import Change
from planning.plan.summary import Names, Summary
from planning.policy import Policy, checked

MANY_CLIENTS = 200_000  # beyond these the former plan is not measured again: that would take as long as reading the book

Kind = Literal["added", "dropped", "more", "fewer", "moved"]
KINDS: tuple[Kind, ...] = get_args(Kind)

Cell = tuple[str, str, str, str]  # region, tier, kind, concession


@dataclass(frozen=True)
class SessionChange:
    """Sessions of one event at one host that differ. `before` and `after` = sessions by month; `names` None for what today's tables do not know."""

    kind: Kind
    event: str
    names: Names | None
    host: str
    host_names: Names | None
    before: tuple[tuple[int, int], ...]
    after: tuple[tuple[int, int], ...]
    reason: Reason

    @property
    def more(self) -> int:
        """How many sessions more."""
        return sum(count for _, count in self.after) - sum(count for _, count in self.before)


@dataclass(frozen=True)
class LevelChange:
    """A ladder cell whose level, or the depth of it, differs. Names None for what today's tables do not know."""

    region: str
    region_names: Names | None
    tier: str
    tier_names: Names | None
    kind: str
    concession: str
    before: tuple[int, float]  # level, depth
    after: tuple[int, float]
    reason: Reason


@dataclass(frozen=True)
class Measured:
    """The former plan by today's tables and policy: yuan, and the rules it would break, with at how many places."""

    totals: Totals
    broken: tuple[tuple[str, int], ...]
    money: tuple[Change, ...]  # the former plan against this one, at today's prices; empty where the former does not fit today's tables


@dataclass(frozen=True)
class Changes:
    """A plan against its former version.

    `state`: first (there is none), unreadable (not a plan, or of an older layout), missing (not where it was said to be) or compared.
    `within_gap` = neither plan is worth more than what was proven of the other, so that the two are equally good as far as is known.
    """

    state: Literal["first", "unreadable", "missing", "compared"]
    after: Totals
    before: Totals | None = None
    sessions: tuple[SessionChange, ...] = ()
    ladder: tuple[LevelChange, ...] = ()
    causes: Causes = field(default_factory=Causes)
    measured: Measured | None = None
    within_gap: bool = False


def changes(book: Book, summary: Summary, former: Former | None, state: Literal["first", "unreadable", "missing"] = "first") -> Changes:
    """A plan against its former version; without one, `state` says why there is none.

    The former plan is measured by today's book and policy too, so that a line that breaks a rule by now is told apart from one that
    only changed with the money. Where both policy and tables changed, a line names what of both bears on it: which of the two it was
    cannot be known.
    """
    plan = summary.plan
    if former is None:
        return Changes(state, plan.totals)
    found = causes(former, plan, made_with(book, summary))
    known = _known(book)
    measured, broken = _measured(book, summary, former.plan)
    places = tuple((breach.rule, breach.where) for breach in broken)
    given = (found, places, known)
    sessions = sorted(_sessions(former.plan, plan, given), key=lambda one: (KINDS.index(one.kind), -abs(one.more), one.event, one.host))
    ladder = tuple(_ladder(former.plan, plan, given))
    return Changes("compared", plan.totals, former.plan.totals, tuple(sessions), ladder, found, measured, _within_gap(former.plan, plan))


def _within_gap(one: Plan, other: Plan) -> bool:
    (own, bound), (theirs, of_theirs) = ((plan.totals.value_cny, max(plan.solve.bound, plan.totals.value_cny)) for plan in (one, other))
    return own <= of_theirs and theirs <= bound


def made_with(book: Book, summary: Summary) -> MadeWith:
    """What this plan is made with, as its former.json will tell it next time."""
    return MadeWith(dict(book.hashes), {name: version for name, version in summary.versions if name in PACKAGES.values()})


def asked_alike(former: Former, plan: Plan, by: MadeWith) -> bool:
    """Whether a plan was asked for exactly as another: the same tables, policy, relief and programs."""
    return causes(former, plan, by).none and former.plan.relaxed == plan.relaxed


@dataclass(frozen=True)
class _Known:
    """The names today's tables give to codes."""

    events: Mapping[str, Names]
    hosts: Mapping[str, Names]
    regions: Mapping[str, Names]
    tiers: Mapping[str, Names]


Given = tuple[Causes, tuple[tuple[str, tuple[str, ...]], ...], _Known]


def _known(book: Book) -> _Known:
    tables = book.tables
    events = {row.event: (row.name_zh, row.name_en) for row in rows(tables["events"])}
    regions = region_names(tables["branches"])
    return _Known(events, {**regions, **branch_names(tables["branches"]), CENTRE: CENTRE_NAMES}, regions, tier_names(tables["tiers"]))


def _sessions(before: Plan, after: Plan, given: Given) -> Iterator[SessionChange]:
    found, places, known = given
    was, now = _by_host(before), _by_host(after)
    for level, host, event in sorted({*was, *now}):
        pair = was.get((level, host, event), Counter()), now.get((level, host, event), Counter())
        if pair[0] == pair[1]:
            continue
        line = Line("sessions", (event, host), frozenset({*pair[0], *pair[1]}), frozenset({level}))
        names, host_names = known.events.get(event), known.hosts.get(host)
        why = reason(line, found, places, gone=names is None or host_names is None)
        months_before, months_after = (tuple(sorted(some.items())) for some in pair)
        yield SessionChange(_kind(*(some.total() for some in pair)), event, names, host, host_names, months_before, months_after, why)


def _by_host(plan: Plan) -> Mapping[tuple[str, str, str], Counter[int]]:
    found: dict[tuple[str, str, str], Counter[int]] = {}
    for row in plan.sessions:
        if row.sessions:
            found.setdefault((row.host_level, row.host, row.event), Counter())[row.month] += row.sessions
    return found


def _kind(was: int, now: int) -> Kind:
    if not was or not now:
        return "added" if now else "dropped"
    return "moved" if was == now else "more" if now > was else "fewer"


def _ladder(before: Plan, after: Plan, given: Given) -> Iterator[LevelChange]:
    found, places, known = given
    was, now = _levels(before), _levels(after)
    for cell in sorted({*was, *now}):
        pair = was.get(cell, (0, 0.0)), now.get(cell, (0, 0.0))
        if pair[0] == pair[1]:
            continue
        region, tier, kind, concession = cell
        names = known.regions.get(region), known.tiers.get(tier)
        line = Line("ladder", cell, besides=frozenset({str(pair[0][0])}))
        yield LevelChange(region, names[0], tier, names[1], kind, concession, *pair, reason(line, found, places, gone=None in names))


def _levels(plan: Plan) -> Mapping[Cell, tuple[int, float]]:
    return {(row.region, row.tier, row.kind, row.concession): (row.level, float(row.depth)) for row in plan.ladder}


def _measured(book: Book, summary: Summary, former: Plan) -> tuple[Measured | None, tuple[Breach, ...]]:
    """The former plan on today's yardstick; None where its client groups are cut otherwise, or where the book is too large to do it in passing."""
    if summary.clients > MANY_CLIENTS:
        return None, ()
    policy = checked(summary.plan.policy)
    levels = tuple(Level(row.region, row.tier, row.kind, row.concession, row.level) for row in former.ladder)
    try:
        scored = score(book, policy, HandMade(former.sessions, former.attendances, levels, (), (), ()), summary.plan)
    except DataFaults:
        return None, ()
    counted = Counter(breach.rule for breach in scored.breaches)
    return Measured(scored.totals, tuple(sorted(counted.items())), _money(book, policy, (former, summary.plan))), scored.breaches


def _money(book: Book, policy: Policy, pair: tuple[Plan, Plan]) -> tuple[Change, ...]:
    offered = offer(book, policy)
    p = problem(offered, policy)
    try:
        before, after = (money_on_lines(p, alternatives.year_of_choice(p, choice_of(p, plan), plan.solve)) for plan in pair)
    except KeyError:
        return ()
    return alternatives.changes(offered, before, after)
