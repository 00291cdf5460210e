"""Cells of a table of counts that stay unseen: those of few clients, and as many more as keep them from being worked out from the totals.

A table with its row and column totals is a net: rows and columns are its knots, unseen cells its threads. A cell can be other than it is
when what is taken from it can be given to another cell of its row, and so on round to its column: along every thread more can be given,
and less only where there is something to take. Where no such way leads round, the cell follows exactly from the totals.
"""

from collections.abc import Iterable, Mapping, Sequence
from heapq import heappop, heappush
from math import inf

Place = tuple[int, int]


def unseen(counts: Sequence[Sequence[float]], min_cell: int) -> frozenset[Place]:
    """The (row, column) of cells that must not be shown beside the totals. `counts` = clients; 0 is shown, unless few would follow from it."""
    cells, net = filled(counts), _Net(filled(counts))
    hidden = {place for place, count in cells.items() if count < min_cell}
    while open_cells := sorted(following({(r, c): counts[r][c] for r, c in hidden})):
        covers = (net.way(hidden, cell) or _ring(counts, hidden, cell) for cell in open_cells)
        cover = next((cover for cover in covers if cover), set())
        if not cover:
            return frozenset(hidden | set(cells))
        hidden |= cover
    return frozenset(hidden)


def unseen_in_sum(cells: Mapping[Place, float], min_cell: int, more: Iterable[Place] = ()) -> frozenset[Place]:
    """Of cells with people, those that must not be shown beside the totals, with `more` that are not; where nobody is, that is seen.

    What is hidden in a row or column is no few together either.
    """
    net = _Net(cells)
    hidden = {place for place, count in cells.items() if count < min_cell} | set(more)
    while open_cells := sorted(bridges(hidden)) or sorted(_too_few(cells, hidden, min_cell)):
        covers = (net.way(hidden, cell) if cell in hidden else {cell} for cell in open_cells)
        cover = next((cover for cover in covers if cover), set())
        if not cover:
            return frozenset(cells)
        hidden |= cover
    return frozenset(hidden)


def filled(counts: Sequence[Sequence[float]]) -> dict[Place, float]:
    """The cells with clients."""
    return {(r, c): count for r, row in enumerate(counts) for c, count in enumerate(row) if count > 0}


def _too_few(cells: Mapping[Place, float], hidden: set[Place], min_cell: int) -> set[Place]:
    """The smallest cell that is still seen of each row and column that hides too few."""
    sums: dict[tuple[int, int], float] = {}
    least: dict[tuple[int, int], tuple[float, Place]] = {}
    for place, count in cells.items():
        for line in enumerate(place):
            if place in hidden:
                sums[line] = sums.get(line, 0.0) + count
            else:
                least[line] = min(least.get(line, (inf, place)), (count, place))
    return {least[line][1] for line, count in sums.items() if count < min_cell and line in least}


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


class _Net:
    """Rows and columns joined by the cells with clients; rows are (0, number), columns (1, number)."""

    def __init__(self, cells: Mapping[Place, float]) -> None:
        self._near: dict[tuple[int, int], list[tuple[tuple[int, int], Place, float]]] = {}
        for (r, c), count in cells.items():
            self._near.setdefault((0, r), []).append(((1, c), (r, c), count))
            self._near.setdefault((1, c), []).append(((0, r), (r, c), count))

    def way(self, hidden: set[Place], cell: Place) -> set[Place]:
        """The cells that lead round from this one's row to its column while hiding fewest clients more; nothing where none lead there."""
        start, end = (0, cell[0]), (1, cell[1])
        least, came, ahead = {start: 0.0}, {start: (start, cell)}, [(0.0, start)]
        while ahead:
            cost, knot = heappop(ahead)
            if knot == end:
                break
            for other, place, count in self._near.get(knot, ()) if cost <= least[knot] else ():
                step = cost + (0.0 if place in hidden else count)
                if place != cell and step < least.get(other, inf):
                    least[other], came[other] = step, (knot, place)
                    heappush(ahead, (step, other))
        walked, knot = set(), end
        while knot in came and knot != start:
            knot, place = came[knot]
            walked.add(place)
        return walked


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
