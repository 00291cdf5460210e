"""Which neighbouring tiers each branch shows as one, so that few people are seen on no page, nor from all pages and the bank's together."""

from collections.abc import Iterator, Mapping, Sequence

from planning.report.cards.cells import following

Together = tuple[int, ...]  # tiers, by place, that are shown as one


class Joined:
    """The tiers that each branch shows as one; `rests` = clients of the withheld branches by tier, a list for each region.

    A reader knows the bank's total of each tier, what every branch shows, and the total of each rest.
    """

    def __init__(self, counts: Mapping[str, Sequence[int]], rests: Sequence[Sequence[int]], min_cell: int) -> None:
        self._counts, self._rests, self._least = counts, rests, min_cell
        self.groups = {branch: list(_enough(own, min_cell)) for branch, own in counts.items()}

    def settle(self) -> None:
        """Put further tiers together until no small one follows from the totals, or all are together."""
        while any(self._join(branch, unit) for branch, unit in self._open()):
            pass

    def _open(self) -> Iterator[tuple[str, int]]:
        """Small cells (branch, tier) that follow from the totals, with "" for a rest's, then the tiers of which few clients in all are unseen."""
        owners = [(branch, group) for branch, groups in sorted(self.groups.items()) for group in groups if len(group) > 1]
        rows = [[(at, self._counts[branch][at]) for at in group] for branch, group in owners]
        rows += [list(enumerate(rest)) for rest in self._rests]
        cells = {(row, at): count for row, cells in enumerate(rows) for at, count in cells}
        for row, at in sorted(following(cells)):
            if cells[row, at] < self._least:
                yield owners[row][0] if row < len(owners) else "", at
        sums: dict[int, int] = {}
        for (_, at), count in cells.items():
            sums[at] = sums.get(at, 0) + count
        yield from (("", at) for at, clients in sorted(sums.items()) if 0 < clients < self._least and self._shown(at))

    def _join(self, branch: str, unit: int) -> bool:
        """Put one more tier out of sight that keeps this one from being known; False where all that could are."""
        candidates = [branch] if branch else []
        candidates += self._shown(unit)[:1]
        candidates += [one for one in sorted(self.groups) if len(next(group for group in self.groups[one] if unit in group)) > 1]
        candidates += sorted(self.groups, key=lambda one: (sum(self._counts[one]), one))
        return any(self._widen(one, unit) for one in candidates)

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
