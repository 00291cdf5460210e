"""Cells of a table of counts that stay unseen: those of few clients, and as many more as keep them from being worked out from the totals.

A table with its row and column totals is a graph: rows and columns are its knots, unseen cells its threads. A cell follows
exactly from the totals when no other way along threads joins its row to its column; so every unseen cell is put on a ring.
"""

from collections.abc import Iterable, Sequence

Place = tuple[int, int]


def unseen(counts: Sequence[Sequence[float]], min_cell: int, more: Iterable[Place] = ()) -> frozenset[Place]:
    """The (row, column) of cells that must not be shown beside the totals, with `more` that are not. `counts` = clients; 0 is shown."""
    hidden = {(r, c) for r, row in enumerate(counts) for c, count in enumerate(row) if 0 < count < min_cell} | set(more)
    while open_cells := sorted(bridges(hidden)):
        cover = _cover(counts, hidden, open_cells[0])
        if cover is None:
            return frozenset((r, c) for r, row in enumerate(counts) for c, count in enumerate(row) if count > 0)
        hidden |= cover
    return frozenset(hidden)


def unseen_in_sum(counts: Sequence[Sequence[float]], min_cell: int) -> frozenset[Place]:
    """As `unseen`, and so that what is hidden in a row or column is no few clients together either."""
    hidden: frozenset[Place] = frozenset()
    while True:
        hidden = unseen(counts, min_cell, hidden)
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


def bridges(threads: Iterable[Place]) -> frozenset[Place]:
    """The threads without which their row and column would no longer hang together: cells that follow from the totals."""
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


def _cover(counts: Sequence[Sequence[float]], hidden: set[Place], cell: Place) -> set[Place] | None:
    """The three cells that close a ring with this one while hiding fewest clients more; None when no ring can be closed."""
    row, column = cell
    rings = []
    for r in range(len(counts)):
        for c in range(len(counts[r])):
            ring = {(row, c), (r, column), (r, c)}
            if r != row and c != column and all(counts[y][x] > 0 for y, x in ring):
                rings.append((sum(counts[y][x] for y, x in ring - hidden), r, c, ring))
    return min(rings, key=lambda one: one[:3])[3] if rings else None
