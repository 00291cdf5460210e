"""What the branches' pages may show so that few people are seen on none of them, nor from all of them and the bank's page together.

A small branch shows no figures about its clients. Elsewhere neighbouring tiers with few clients are shown as one, on as many pages
as keep a small one from following from the bank's total of its tier; places at shared sessions are hidden in the same way.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from planning.plan.branch import Branches, BranchPlan, Invitation
from planning.plan.summary import GroupLine
from planning.report.cards.cells import bridges, unseen_in_sum
from planning.report.cards.privacy import few, merged, parted, regions_shown

Together = tuple[int, ...]  # tiers, by place, that are shown as one


@dataclass(frozen=True)
class Apart:
    """`withheld` = branches without figures; `together` = branch → tiers shown as one; `unseen` = (branch, event, host, month) without places."""

    withheld: frozenset[str]
    together: Mapping[str, tuple[tuple[str, ...], ...]]
    unseen: frozenset[tuple[str, str, str, int]]

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
    within = regions_shown(((one.branch, one.region) for one in found.branches), found.regions, found.min_cell)
    served = [one for one in found.branches if one.line.clients]
    withheld = frozenset(line.code for line in few([one.line for one in served], found.min_cell, within))
    rests = [[one for one in served if one.branch in withheld and within[one.branch] == place] for place in sorted(set(within.values()))]
    rests = [some for some in rests if some]
    units = _units(found)
    counts = {one.branch: _counts(one, units) for one in served if one.branch not in withheld}
    together = _Together(counts, [[sum(column) for column in zip(*(_counts(one, units) for one in some), strict=True)] for some in rests], found.min_cell)
    together.settle()
    named = {branch: tuple(tuple(code for at in group for code in units[at]) for group in groups) for branch, groups in together.groups.items()}
    columns = [*([one] for one in served if one.branch not in withheld), *rests]
    return Apart(withheld, named, frozenset(_unseen_places(columns, found.min_cell)))


def _units(found: Branches) -> list[tuple[str, ...]]:
    """The tiers as the bank's own page shows them, lowest first."""
    order = {line.code: place for place, line in enumerate(found.tiers)}
    return sorted(parted(found.tiers, found.min_cell), key=lambda codes: min(order[code] for code in codes))


def _counts(one: BranchPlan, units: Sequence[tuple[str, ...]]) -> list[int]:
    clients = {line.code: line.clients for line in one.tiers}
    return [sum(clients.get(code, 0) for code in codes) for codes in units]


class _Together:
    """Which neighbouring tiers each branch shows as one; `rests` = clients of the withheld branches by tier, a list for each region."""

    def __init__(self, counts: Mapping[str, list[int]], rests: list[list[int]], min_cell: int) -> None:
        self._counts, self._rests, self._least = counts, rests, min_cell
        self.groups = {branch: list(_enough(own, min_cell)) for branch, own in counts.items()}

    def settle(self) -> None:
        """Put further tiers together until no small one follows from the totals."""
        while open_one := self._open():
            branch, unit = open_one
            if branch is None or not self._widen(branch, unit):
                self._hide_one_more(unit)

    def _open(self) -> tuple[str | None, int] | None:
        """A small cell (branch, tier) that follows from the totals, or (None, tier) where those that share a tier's rest are few; None where all is well."""
        owners = [(branch, group) for branch, groups in sorted(self.groups.items()) for group in groups if len(group) > 1]
        rows = [[(at, self._counts[branch][at]) for at in group] for branch, group in owners]
        rows += [list(enumerate(rest)) for rest in self._rests]
        threads = {(row, at) for row, cells in enumerate(rows) for at, count in cells if count > 0}
        for row, at in sorted(bridges(threads)):
            small = dict(rows[row])[at] < self._least
            if small and self._can_hide_more(at, owners[row][0] if row < len(owners) else None):
                return (owners[row][0] if row < len(owners) else None), at
        sums: dict[int, int] = {}
        for cells in rows:
            for at, count in cells:
                sums[at] = sums.get(at, 0) + count
        return next(((None, at) for at, clients in sorted(sums.items()) if 0 < clients < self._least and self._shown(at)), None)

    def _can_hide_more(self, unit: int, branch: str | None) -> bool:
        return bool(self._shown(unit)) or (branch is not None and len(self.groups[branch]) > 1)

    def _shown(self, unit: int) -> list[str]:
        """Branches that show a tier with clients by itself, the smallest first."""
        own = [branch for branch, groups in self.groups.items() if (unit,) in groups and self._counts[branch][unit] > 0 and len(groups) > 1]
        return sorted(own, key=lambda branch: (self._counts[branch][unit], branch))

    def _widen(self, branch: str, unit: int) -> bool:
        """Put the tiers shown with this one together with the next lower ones, or the next higher where there are none; False where all are."""
        groups = self.groups[branch]
        if len(groups) < 2:
            return False
        at = next(place for place, group in enumerate(groups) if unit in group)
        low = max(at - 1, 0)
        groups[low : low + 2] = [groups[low] + groups[low + 1]]
        return True

    def _hide_one_more(self, unit: int) -> None:
        self._widen(self._shown(unit)[0], unit)


def _enough(counts: Sequence[int], least: int) -> list[Together]:
    """Neighbouring tiers put together from the highest down, so that each shows no clients or enough."""
    groups: list[Together] = []
    held: Together = ()
    for at in reversed(range(len(counts))):
        held = (at, *held)
        if not 0 < sum(counts[one] for one in held) < least:
            groups.insert(0, held)
            held = ()
    while held and groups and 0 < sum(counts[one] for one in held) < least:
        held += groups.pop(0)
    return [held, *groups] if held else groups


def _unseen_places(columns: Sequence[Sequence[BranchPlan]], min_cell: int) -> Iterator[tuple[str, str, str, int]]:
    """Places at sessions of regions and the centre that stay unseen: few, or such that few would follow from a session's guests or a branch's.

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
