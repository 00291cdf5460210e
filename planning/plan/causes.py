"""Why a line of a plan differs from the former version's: what changed in policy, tables and programs, and what of it touches the line."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from planning.plan.former import Former, MadeWith
from planning.plan.plan import Plan
from planning.policy import parameters

# What a field or table bears on at first hand: those not named bear on sessions and ladder alike, and shared limits carry any of them further.
ON_SESSIONS = frozenset(
    """
    event_cny event_ratio q1 q2 q3 q4 branch_cny_per_client gift_cny_guest gift_cny_client_year attendances_client_month approved_on club_every_month
    must_hold blackout rule cost_per_hour_short frozen_sessions frozen_through_month survey_interests events responses cadence partners surveys
    """.split()  # noqa: SIM905 - a list of quoted names reads worse
)
ON_LADDER = frozenset(
    {"concession_cny", "concession_ratio", "concession_share_of_contribution", "bank_type", "frozen_ladder", "concessions", "elasticities", "caps"}
)
ON_SOLVING = frozenset({"solver_name", "gap", "seconds", "threads", "seed"})
ON_NEITHER = frozenset({"min_cell", "album_size", "stale_after_days"})
POINTING = frozenset({"blackout", "must_hold", "frozen_sessions", "frozen_ladder", "frozen_through_month"})  # fields whose entries name lines
OF_DATA = frozenset({"data_date"})  # a field of the policy that says how old the tables are
TABLES = frozenset(
    {"branches", "clients", "tiers", "events", "responses", "concessions", "elasticities", "caps", "managers", "cadence", "partners", "surveys"}
)  # the tables that a plan depends on


@dataclass(frozen=True)
class FieldChange:
    """A field of the policy, before and after, as plain values."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Causes:
    """Everything that changed around a plan. `tables` are by name; where the former's are not known `data` alone says that the data changed."""

    fields: tuple[FieldChange, ...] = ()
    data: bool = False
    tables: tuple[str, ...] = ()
    versions: tuple[tuple[str, str, str], ...] = ()  # program, before, after

    @property
    def none(self) -> bool:
        """Whether the plan was asked for exactly as before."""
        return not (self.fields or self.data or self.versions)


@dataclass(frozen=True)
class Line:
    """One line of a plan: (event, host) or (region, tier, kind, concession), with the months or levels it had and has."""

    what: str  # sessions | ladder
    codes: tuple[str, ...]
    months: frozenset[int] = frozenset()
    besides: frozenset[str] = frozenset()  # further codes by which a rule may name the line


@dataclass(frozen=True)
class Reason:
    """Why a line differs.

    `code`: gone (what it names is no longer in the tables), rule (the former line breaks `rules` now), policy, data, policy_or_data
    (both changed, and their parts cannot be told apart), solving (only how the plan is solved changed), tie (nothing changed: as good
    within the gap). Not `direct`: none of what changed bears on this line at first hand.
    """

    code: str
    direct: bool = True
    rules: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


def causes(former: Former, plan: Plan, made_with: MadeWith) -> Causes:
    """What differs between a former plan and this one in policy, tables and programs. Tables that no plan depends on count too."""
    own, tables = former.made_with, made_with.tables
    changed = tuple(name for name in sorted(tables) if own.tables.get(name) != tables[name]) if own.tables else ()
    versions = ((name, own.versions.get(name, ""), now) for name, now in made_with.versions.items())
    return Causes(
        tuple(_fields(former.plan.policy, plan.policy)),
        former.plan.data_hash != plan.data_hash,
        changed if former.plan.data_hash != plan.data_hash else (),
        tuple(one for one in versions if own.versions and one[1] != one[2]),
    )


def reason(line: Line, found: Causes, broken: Iterable[tuple[str, tuple[str, ...]]], gone: bool = False) -> Reason:
    """Why the line differs. `broken` = (rule, place) wherever the former plan breaks a rule now."""
    rules = tuple(sorted({rule for rule, where in broken if _names(where, line)}))
    bearing = [one for one in found.fields if one.name not in ON_SOLVING | ON_NEITHER | OF_DATA]
    untold = (found.data and not found.tables) or any(one.name in OF_DATA for one in found.fields)
    fields = tuple(one.name for one in bearing if _touches(one, line))
    tables = tuple(name for name in found.tables if name in TABLES and _bears(name, line))
    direct = bool(fields or tables or untold)
    if not direct:
        fields = tuple(one.name for one in bearing)
        tables = tuple(name for name in found.tables if name in TABLES)
    by_data = bool(tables) or untold
    if gone:
        return Reason("gone", True, rules, (), tables)
    if rules:
        pointing = tuple(name for name in fields if name in POINTING)
        return Reason("rule", True, rules, pointing or fields, () if pointing else tables)
    if not (fields or by_data):
        return Reason("solving" if found.versions or any(one.name in ON_SOLVING for one in found.fields) else "tie")
    return Reason("policy_or_data" if fields and by_data else "policy" if fields else "data", direct, (), fields, tables)


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[FieldChange]:
    for one in parameters():
        was, now = ((policy[one.section] if one.section else policy)[one.field] for policy in (before, after))
        if was != now:
            yield FieldChange(one.name, was, now)


def _names(where: tuple[str, ...], line: Line) -> bool:
    """Whether a rule's place is this line."""
    known = {line.what, *line.codes, *map(str, line.months), *line.besides}
    own = line.codes[:1] if line.what == "sessions" else line.codes[:3]
    return set(own) <= set(where) <= known


def _bears(name: str, line: Line) -> bool:
    return name not in (ON_LADDER if line.what == "sessions" else ON_SESSIONS)


def _touches(one: FieldChange, line: Line) -> bool:
    """Whether a changed field bears on this very line: of a list or table, whether one of the entries that changed does."""
    if not _bears(one.name, line):
        return False
    match one.name:
        case "blackout":
            return bool(line.months & (set(one.before) ^ set(one.after)))
        case "frozen_through_month":
            return any(one.before < month <= one.after or one.after < month <= one.before for month in line.months)
        case "must_hold":
            return any(entry["event"] == line.codes[0] for entry in _entries(one))
        case "frozen_sessions":
            return any((entry["event"], entry["host"]) == line.codes for entry in _entries(one))
        case "frozen_ladder":
            return any((entry["region"], entry["tier"], entry["kind"], entry["concession"]) == line.codes for entry in _entries(one))
        case "floors_tier" | "caps_tier" if line.what == "ladder":
            return bool(one.before.get(line.codes[1]) != one.after.get(line.codes[1]))
    return True


def _entries(one: FieldChange) -> list[Mapping[str, Any]]:
    """The entries of a list that were added or dropped."""
    return [entry for entry in (*one.before, *one.after) if (entry in one.before) != (entry in one.after)]
