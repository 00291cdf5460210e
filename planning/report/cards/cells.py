"""Cells of a table of counts that stay unseen: those of few clients, and as many more as keep them from being worked out from the totals.

A table with its row and column totals is a net: rows and columns are its knots, unseen cells its threads. A cell can be other than it is
when what is taken from it can be given to another cell of its row, and so on round to its column: along every thread more can be given,
and less only where there is something to take. Where no such way leads round, the cell follows exactly from the totals.
"""

from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush
from math import inf

Place = tuple[int, int]


def unseen(counts: Sequence[Sequence[float]], min_cell: int, more: Iterable[Place] = (), nobody_is_seen: bool = False) -> frozenset[Place]:
    """The (row, column) of cells that must not be shown beside the totals, with `more` that are not. `counts` = clients.

    0 is shown, unless few clients would follow from its being 0; `nobody_is_seen` where it cannot be hidden that nobody is there.
    """
    hidden = {(r, c) for r, row in enumerate(counts) for c, count in enumerate(row) if 0 < count < min_cell} | set(more)
    while open_cells := sorted(following({(r, c): counts[r][c] for r, c in hidden})):
        covers = (_way(counts, hidden, cell) or (set() if nobody_is_seen else _ring(counts, hidden, cell)) for cell in open_cells)
        cover = next((cover for cover in covers if cover), set())
        if not cover:
            return frozenset(hidden | {(r, c) for r, row in enumerate(counts) for c, count in enumerate(row) if count > 0})
        hidden |= cover
    return frozenset(hidden)


def unseen_in_sum(counts: Sequence[Sequence[float]], min_cell: int) -> frozenset[Place]:
    """As `unseen` where nobody is seen to be there, and so that what is hidden in a row or column is no few clients together either."""
    hidden: frozenset[Place] = frozenset()
    while True:
        hidden = unseen(counts, min_cell, hidden, nobody_is_seen=True)
        added = _topped_up(counts, hidden, min_cell)
        if not added:
            return hidden
        hidden |= added


def _topped_up(counts: Sequence[Sequence[float]], hidden: frozenset[Place], min_cell: int) -> frozenset[Place]:
    """The smallest cell that is still seen of each row and column that hides too few."""
    lines = [[(r, c) for c in range(len(row))] for r, row in enumerate(counts)]
    lines += [[(r, c) for r in range(len(counts))] for c in range(len(counts[0]) if counts else 0)]
    added = set()
    for line in lines:
        if 0 < sum(counts[r][c] for r, c in line if (r, c) in hidden) < min_cell:
            added |= set(sorted((place for place in line if place not in hidden and counts[place[0]][place[1]] > 0), key=lambda at: counts[at[0]][at[1]])[:1])
    return frozenset(added)


def following(cells: Mapping[Place, float]) -> frozenset[Place]:
    """Of unseen cells, those with clients whose count follows exactly from the totals of rows and columns; that no count is below 0 is known."""
    lone = bridges(place for place, count in cells.items() if count > 0)
    if len(lone) == 0 or all(count > 0 for count in cells.values()):
        return lone
    more: dict[tuple[str, int], set[tuple[str, int]]] = {}
    for (r, c), count in cells.items():
        more.setdefault(("row", r), set()).add(("column", c))
        if count > 0:
            more.setdefault(("column", c), set()).add(("row", r))
    return frozenset(place for place in lone if not _moves(more, place))


def _moves(more: Mapping[tuple[str, int], set[tuple[str, int]]], cell: Place) -> bool:
    """Whether a cell with clients lies on a way round, from its row to its column or back, by other threads than its own."""
    row, column = ("row", cell[0]), ("column", cell[1])
    return _leads(more, row, column) or _leads(more, column, row)


def _leads(more: Mapping[tuple[str, int], set[tuple[str, int]]], start: tuple[str, int], end: tuple[str, int]) -> bool:
    met, ahead = {start}, [start]
    while ahead:
        knot = ahead.pop()
        for step in more.get(knot, ()):
            if step == end and knot != start:
                return True
            if step not in met and step != end:
                met.add(step)
                ahead.append(step)
    return False


def bridges(threads: Iterable[Place]) -> frozenset[Place]:
    """The threads without which their row and column would no longer hang together."""
    near: dict[tuple[str, int], list[tuple[str, int]]] = {}
    for r, c in threads:
        near.setdefault(("row", r), []).append(("column", c))
        near.setdefault(("column", c), []).append(("row", r))
    met: dict[tuple[str, int], int] = {}
    low: dict[tuple[str, int], int] = {}
    found = set()
    for start in near:
        if start in met:
            continue
        met[start] = low[start] = len(met)
        walk = [(start, start, iter(near[start]))]
        while walk:
            knot, came_from, ahead = walk[-1]
            step = next(ahead, None)
            if step is None:
                walk.pop()
                low[came_from] = min(low[came_from], low[knot])
                if knot != came_from and low[knot] > met[came_from]:
                    found.add((knot[1], came_from[1]) if knot[0] == "row" else (came_from[1], knot[1]))
            elif step not in met:
                met[step] = low[step] = len(met)
                walk.append((step, knot, iter(near[step])))
            elif step != came_from:
                low[knot] = min(low[knot], met[step])
    return frozenset(found)


def _way(counts: Sequence[Sequence[float]], hidden: set[Place], cell: Place) -> set[Place]:
    """The cells with clients that lead round from this one's row to its column while hiding fewest clients more; nothing where none lead there."""
    height = len(counts)
    columns = [[r for r in range(height) if counts[r][c] > 0] for c in range(len(counts[0]))]
    rows = [[c for c, count in enumerate(row) if count > 0] for row in counts]
    least: dict[int, float] = {cell[0]: 0.0}  # a row by its number, a column by its number after the rows
    came: dict[int, int] = {}
    ahead = [(0.0, cell[0])]
    while ahead:
        cost, knot = heappop(ahead)
        if knot == height + cell[1]:
            return _walked(came, knot, height)
        if cost > least[knot]:
            continue
        for other in (height + c for c in rows[knot]) if knot < height else columns[knot - height]:
            r, c = (knot, other - height) if knot < height else (other, knot - height)
            step = cost + (0.0 if (r, c) in hidden else counts[r][c])
            if (r, c) != cell and step < least.get(other, inf):
                least[other], came[other] = step, knot
                heappush(ahead, (step, other))
    return set()


def _walked(came: Mapping[int, int], knot: int, height: int) -> set[Place]:
    cells = set()
    while knot in came:
        before = came[knot]
        cells.add((min(before, knot), max(before, knot) - height))
        knot = before
    return cells


def _ring(counts: Sequence[Sequence[float]], hidden: set[Place], cell: Place) -> set[Place]:
    """The three cells, one without clients among them, that close a ring with this one while hiding fewest more; nothing where none can be closed."""
    row, column = cell
    rings = []
    for r in (r for r in range(len(counts)) if r != row):
        for c in (c for c in range(len(counts[r])) if c != column):
            if counts[r][c] > 0 or (counts[row][c] > 0 and counts[r][column] > 0):
                fresh = {(row, c), (r, column), (r, c)} - hidden
                rings.append((sum(counts[y][x] for y, x in fresh), len(fresh), r, c, fresh))
    return min(rings, key=lambda one: one[:4])[4] if rings else set()
