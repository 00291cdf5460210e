"""What the branches' pages may show so that few people are seen on none of them, nor from all of them and the bank's page together.

Branches and tiers as everywhere (see cards/standing.py); places at sessions are hidden in the same way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from planning.plan.branch import Branches, BranchPlan, Invitation
from planning.plan.summary import GroupLine
from planning.report.cards.cells import unseen_in_sum
from planning.report.cards.priced import priced
from planning.report.cards.privacy import merged, regions_shown
from planning.report.cards.standing import Bank, Standing, standing
from planning.report.cards.visits import Told, reckoned, told

Taken = tuple[str, str, str, int]  # branch, event, host, month


@dataclass(frozen=True)
class Apart:
    """`stands` = what may be seen of branches and tiers; `unseen` = places that are not shown; `hours` and `lines` = managers' hours and totals by branch."""

    stands: Standing
    unseen: frozenset[Taken]
    hours: Mapping[str, Told]
    lines: Mapping[str, GroupLine]

    @property
    def withheld(self) -> frozenset[str]:
        """Branches without figures."""
        return self.stands.withheld

    @property
    def together(self) -> Mapping[str, tuple[tuple[str, ...], ...]]:
        """Branch → tiers shown as one."""
        return self.stands.together

    def tiers(self, of: BranchPlan) -> tuple[GroupLine, ...]:
        """The branch's tiers as they may be shown, lowest first; none where it is withheld."""
        by_code = {line.code: line for line in of.tiers}
        some = ([by_code[code] for code in codes if code in by_code] for codes in self.together.get(of.branch, ()))
        return tuple(merged(lines) for lines in some if lines)

    def hides(self, of: BranchPlan, line: Invitation) -> bool:
        """Whether the places of the branch's clients at a session stay unseen."""
        return of.branch in self.withheld or (of.branch, line.event, line.host, line.month) in self.unseen


@lru_cache(maxsize=2)
def apart(found: Branches) -> Apart:
    """What may be shown, decided for all branches at once."""
    clients = {one.branch: {line.code: line.clients for line in one.tiers} for one in found.branches}
    region_of = {one.branch: one.region for one in found.branches}
    bank = Bank(clients, [one.line for one in found.branches], found.regions, found.tiers, region_of, found.min_cell)
    stands = standing(bank)
    lines = [one.hours for one in found.branches]
    plans = {one.branch: one for one in found.branches if one.line.clients}
    columns = [[one] for one in plans.values() if one.branch not in stands.withheld]
    columns += [[plans[code] for code in some] for some in stands.rests]
    hours = {true.branch: told(true, shown, true.branch not in stands.whole) for true, shown in zip(lines, reckoned(bank, stands, lines), strict=True)}
    within = regions_shown(region_of.items(), found.regions, found.min_cell)
    totals = {line.code: line for line in priced(bank.branches, within, found.min_cell)}
    return Apart(stands, frozenset(_unseen_places(columns, found.min_cell)), hours, totals)


def _unseen_places(columns: Sequence[Sequence[BranchPlan]], min_cell: int) -> Iterator[Taken]:
    """Places that stay unseen: few, or such that few would follow from a session's guests or a branch's.

    A column is a branch, or the withheld ones of a region.
    """
    places: dict[tuple[str, str, int], dict[int, int]] = {}
    for column, some in enumerate(columns):
        for line in (line for one in some for line in one.invitations if not line.own):
            taken = places.setdefault((line.event, line.host, line.month), {})
            taken[column] = taken.get(column, 0) + line.guests
    keys = sorted(places)
    counts = [[places[key].get(column, 0) for column in range(len(columns))] for key in keys]
    for row, column in unseen_in_sum(counts, min_cell):
        yield from ((one.branch, *keys[row]) for one in columns[column])
