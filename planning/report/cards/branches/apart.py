"""What the branches' pages may show so that few people are seen on none of them, nor from all of them and the bank's page together.

Branches and tiers as everywhere (see cards/standing.py); places at sessions are hidden in the same way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from planning.plan.branch import Branches, BranchPlan, Invitation
from planning.plan.summary import GroupLine
from planning.report.cards.priced import priced
from planning.report.cards.privacy import merged, regions_shown
from planning.report.cards.seats import Taken, seats
from planning.report.cards.standing import Bank, Standing, standing
from planning.report.cards.visits import Told, reckoned, told


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
    taken = {(one.branch, (line.event, line.host, line.month)): float(line.guests) for one in found.branches for line in one.invitations}
    hours = {true.branch: told(true, shown, true.branch not in stands.whole) for true, shown in zip(lines, reckoned(bank, stands, lines), strict=True)}
    within = regions_shown(region_of.items(), found.regions, found.min_cell)
    totals = {line.code: line for line in priced(bank.branches, within, found.min_cell)}
    return Apart(stands, seats(taken, stands, found.min_cell).unseen, hours, totals)
