"""Cells of a table of counts that stay unseen: those of few clients, and as many more as keep them from being worked out from the totals.

A table with its row and column totals is a graph: rows and columns are its knots, unseen cells its threads. A cell follows
exactly from the totals when no other way along threads joins its row to its column; so every unseen cell is put on a ring.
"""

from collections.abc import Iterable, Sequence

Place = tuple[int, int]


def unseen(counts: Sequence[Sequence[float]], min_cell: int) -> frozenset[Place]:
    """The (row, column) of cells that must not be shown beside the totals. `counts` = clients; 0 is shown."""
    hidden = {(r, c) for r, row in enumerate(counts) for c, count in enumerate(row) if 0 < count < min_cell}
    while open_cells := [place for place in sorted(hidden) if place[1] not in _reached(hidden - {place}, place[0])]:
        cover = _cover(counts, hidden, open_cells[0])
        if cover is None:
            return frozenset((r, c) for r, row in enumerate(counts) for c, count in enumerate(row) if count > 0)
        hidden |= cover
    return frozenset(hidden)


def _reached(threads: Iterable[Place], row: int) -> set[int]:
    """The columns that hidden cells join to a row."""
    rows, columns, left = {row}, set[int](), set(threads)
    while near := {thread for thread in left if thread[0] in rows or thread[1] in columns}:
        rows |= {r for r, _ in near}
        columns |= {c for _, c in near}
        left -= near
    return columns


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
