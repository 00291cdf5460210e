"""A plan shared out to its branches, as finished numbers: what each is given, holds, is invited to and must keep.

Money in yuan to the fen: over branches, and over the tiers of a branch, it sums to the plan's totals. Names in both languages are (Chinese, English).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from planning.book.book import Book
from planning.book.names import code_of
from planning.catalogue.events import latest_notice
from planning.catalogue.offer import Offer, offer
from planning.errors import DataFaults, Fault
from planning.judge import Verdict
from planning.optimise.problem import Problem, Slot, problem
from planning.plan import groups, lines
from planning.plan.compose import Choice, in_fen
from planning.plan.groups import Key, Part
from planning.plan.plan import Plan
from planning.plan.ruling import rule_lines
from planning.plan.scenarios import choice_of
from planning.plan.summary import GroupLine, HoursLine, LadderLine, Names, Origin, RuleLine
from planning.policy import checked

OWN_RULES = ("branch_floor", "branch_cap", "club_every_month")
SHARED_OUT = ("event", "concession", "uplift", "gain")


@dataclass(frozen=True)
class Invitation:
    """Sessions of one event at one host in one month to which the branch's clients are invited, with the places they take. `own` = the branch is the host."""

    event: str
    names: Names
    family: str
    host_level: str
    host: str
    host_names: Names
    month: int
    sessions: int
    guests: int
    notice_by: str  # ISO date, as in SessionLine
    own: bool


@dataclass(frozen=True)
class NotHere:
    """An event that branches may hold and this one does not. `held` = branches that do."""

    event: str
    names: Names
    family: str
    reason: str  # elsewhere, or as in LeftOut
    held: int = 0


@dataclass(frozen=True)
class BranchPlan:
    """One branch's share of the plan. `line` is its total, `tiers` its parts, lowest first."""

    branch: str
    names: Names
    region: str
    region_names: Names
    line: GroupLine
    tiers: tuple[GroupLine, ...]
    invitations: tuple[Invitation, ...]
    ladder: tuple[LadderLine, ...]  # its region's
    hours: HoursLine
    rules: tuple[RuleLine, ...]
    not_here: tuple[NotHere, ...]

    @property
    def sessions(self) -> int:
        """Sessions it holds itself."""
        return sum(line.sessions for line in self.invitations if line.own)

    @property
    def guests(self) -> int:
        """Places its clients take, at its own sessions and at others'."""
        return sum(line.guests for line in self.invitations)


@dataclass(frozen=True, eq=False)
class Branches:
    """One plan shared out to all its branches, by region and code. `bank`, `tiers` and `regions` are the sums over them."""

    plan: Plan
    bank_names: Names
    sample: bool
    bank: GroupLine
    tiers: tuple[GroupLine, ...]
    regions: tuple[GroupLine, ...]
    branches: tuple[BranchPlan, ...]
    origins: tuple[Origin, ...]
    places: int  # checked by the second judge
    plan_hash: str  # SHA-256 of plan.json
    versions: tuple[tuple[str, str], ...]
    hashes: Mapping[str, str]  # of the tables' files

    @property
    def min_cell(self) -> int:
        return int(self.plan.policy["privacy"]["min_cell"])


def branches_of(book: Book, plan: Plan, verdict: Verdict) -> Branches:
    """Share a solved plan out to the branches of the book it was made from; `verdict` is the second judge's on it.

    Nothing is solved. DataFaults where the plan names what the book does not know.
    """
    rules = checked(plan.policy)
    offered = offer(book, rules)
    problem_ = problem(offered, rules)
    try:
        choice = choice_of(problem_, plan)
    except KeyError as error:
        raise DataFaults(Fault("plan_unreadable", values={"folder": plan.id})) from error
    shares = _to_the_fen(groups.parts(problem_, choice))
    whole = Part()
    for part in shares.values():
        whole.add(part)
    return Branches(
        plan=plan,
        bank_names=book.names,
        sample=book.sample,
        bank=_in_yuan(groups.line("", book.names, whole, problem_)),
        tiers=tuple(_in_yuan(line) for line in groups.tier_lines(offered, problem_, shares)),
        regions=tuple(_in_yuan(line) for line in groups.region_lines(offered, problem_, shares)),
        branches=tuple(_branches((offered, problem_), choice, shares, verdict)),
        origins=lines.origins(book),
        places=len(verdict.checks),
        plan_hash=sha256(plan.to_json().encode()).hexdigest(),
        versions=lines.versions(),
        hashes=book.hashes,
    )


def _branches(given: tuple[Offer, Problem], choice: Choice, shares: Mapping[Key, Part], verdict: Verdict) -> Iterator[BranchPlan]:
    offered, problem_ = given
    totals = {line.code: line for line in groups.branch_lines(offered, problem_, shares)}
    hours = {line.branch: line for line in lines.hours_lines(offered, problem_, choice)}
    ladder, invited = lines.ladder_lines(offered, problem_, choice), _invitations(offered, problem_, choice)
    holding = _holding(problem_, choice)
    for branch, region in sorted(offered.branches.items(), key=lambda one: (one[1], one[0])):
        names = offered.branch_names[branch]
        own = {key: part for key, part in shares.items() if key[1] == branch}
        yield BranchPlan(
            branch,
            names,
            region,
            offered.region_names[region],
            _in_yuan(totals.get(branch) or groups.line(branch, names, Part(), problem_)),
            tuple(_in_yuan(line) for line in groups.tier_lines(offered, problem_, own)),
            tuple(invited.get(branch, ())),
            tuple(line for line in ladder if line.region == region),
            hours[branch],
            _rules(verdict, offered, branch, region),
            tuple(_not_here(offered, problem_, holding, branch)),
        )


def _to_the_fen(found: Mapping[Key, Part]) -> dict[Key, Part]:
    """The parts with money in whole fen, so that any grouping of them sums to the plan's totals without a remainder."""
    keys = sorted(found)
    columns = {name: in_fen([getattr(found[key], name) for key in keys]) for name in SHARED_OUT}
    return {key: replace(found[key], **{name: round(100 * column[place]) for name, column in columns.items()}) for place, key in enumerate(keys)}


def _in_yuan(line: GroupLine) -> GroupLine:
    names = ("event_cny", "concession_cny", "uplift_cny", "gain_cny")
    return replace(line, **{name: getattr(line, name) / 100 for name in names})


def _invitations(offered: Offer, problem_: Problem, choice: Choice) -> Mapping[str, list[Invitation]]:
    """By branch: the sessions it holds, and those of its region and the centre in which its clients have places."""
    found: dict[str, list[Invitation]] = {}
    for (s, month), count in choice.placed.sessions.items():
        slot = problem_.slots[s]
        guests: dict[str, int] = {slot.host: 0} if slot.event.host_level == "branch" else {}
        for i in problem_.seats_of_slot[s]:
            branch = problem_.segments[problem_.seats[i].segment].branch
            guests[branch] = guests.get(branch, 0) + choice.placed.guests.get((i, month), 0)
        for branch, coming in guests.items():
            if coming or slot.host == branch:
                found.setdefault(branch, []).append(_invitation((offered, problem_), slot, month, (count, coming), slot.host == branch))
    return {branch: sorted(own, key=lambda line: (line.month, line.family, line.event, line.host)) for branch, own in found.items()}


def _invitation(given: tuple[Offer, Problem], slot: Slot, month: int, counts: tuple[int, int], own: bool) -> Invitation:
    (offered, problem_), event = given, slot.event
    notice = latest_notice(event, problem_.policy.year, month).isoformat()
    host = lines.place_names(offered, slot.host)
    return Invitation(event.event, event.names, event.family, event.host_level, slot.host, host, month, *counts, notice, own)


def _holding(problem_: Problem, choice: Choice) -> Mapping[str, set[str]]:
    """Event type → hosts that hold it."""
    found: dict[str, set[str]] = {}
    for (s, _), count in choice.placed.sessions.items():
        if count:
            found.setdefault(problem_.slots[s].event.event, set()).add(problem_.slots[s].host)
    return found


def _not_here(offered: Offer, problem_: Problem, holding: Mapping[str, set[str]], branch: str) -> Iterator[NotHere]:
    possible = {slot.event.event for slot in problem_.slots if slot.host == branch and slot.most_sessions}
    for event in offered.events:
        held = holding.get(event.event, set())
        if event.host_level == "branch" and branch not in held:
            reason = "elsewhere" if held and event.event in possible else lines.left_out_reason(offered, event, possible)
            yield NotHere(event.event, event.names, event.family, reason, len(held))


def _rules(verdict: Verdict, offered: Offer, branch: str, region: str) -> tuple[RuleLine, ...]:
    """The rules that name the branch, and the club of its region, as the second judge found them."""
    own = (check for check in verdict.checks if check.rule in OWN_RULES and set(check.where) & {branch, region})
    return rule_lines(Verdict(tuple(own), verdict.totals, verdict.passed), offered)


def find(found: Branches, asked: str) -> BranchPlan:
    """The branch of that code or name; PolicyError with the nearest where there is none."""
    code = code_of({one.branch: one.names for one in found.branches}, asked)
    return next(one for one in found.branches if one.branch == code)
