"""Places at sessions that stay unseen: few of one branch's clients, few guests in all, and what these would follow from.

A reader knows how many guests a session has, and how many places each branch's clients take in all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planning.plan.summary import Summary
from planning.report.cards.cells import Place, unseen_in_sum
from planning.report.cards.standing import Standing, of_summary

Session = tuple[str, str, int]  # event, host, month
Taken = tuple[str, str, str, int]  # branch, event, host, month
ROOM = 1e9  # more than any session has; with its guests ten times, so that of the larger sessions more is shown


@dataclass(frozen=True)
class Seats:
    """`unseen` = a branch's places at a session that are not shown; `guests` = sessions whose guests in all are not."""

    unseen: frozenset[Taken]
    guests: frozenset[Session]


def seats(taken: Mapping[tuple[str, Session], float], stands: Standing, min_cell: int) -> Seats:
    """What stays unseen of the places that each branch's clients take at each session. The withheld branches of a region are seen together alone."""
    columns = [*((branch,) for branch in sorted({branch for branch, _ in taken} - stands.withheld)), *stands.rests]
    column_of = {branch: at for at, branches in enumerate(columns) for branch in branches}
    sessions = sorted({session for _, session in taken})
    row_of = {session: at for at, session in enumerate(sessions)}
    cells: dict[Place, float] = {}
    for (branch, session), number in taken.items():
        place = row_of[session], column_of[branch]
        cells[place] = cells.get(place, 0.0) + number
    total = len(columns)
    sums = [0.0] * len(sessions)
    for (row, _), number in cells.items():
        sums[row] += number
    own = {(row, column_of[host]) for (_, host, _), row in row_of.items() if host in column_of and sums[row] > 0}
    cells = {place: number for place, number in cells.items() if number > 0}
    cells |= {(row, total): ROOM + 10 * number for row, number in enumerate(sums) if number > 0}
    hidden = _settled(cells, own, {(row, total) for row, number in enumerate(sums) if 0 < number < min_cell}, min_cell)
    unseen = {(branch, *sessions[row]) for row, column in hidden if column < total for branch in columns[column]}
    return Seats(frozenset(unseen), frozenset(sessions[row] for row, column in hidden if column == total))


def _settled(cells: Mapping[Place, float], own: set[Place], hidden: set[Place], min_cell: int) -> set[Place]:
    """What stays unseen; of a branch's own session its places and the guests are the same."""
    total = max((column for _, column in cells), default=0)
    while True:
        found = set(unseen_in_sum(cells, min_cell, hidden))
        found |= {(row, total) for row, column in found & own} | {place for place in own & set(cells) if (place[0], total) in found}
        if found == hidden:
            return found
        hidden = found


def of_bank(summary: Summary) -> Seats:
    """The same from a plan's summary."""
    taken: dict[tuple[str, Session], float] = {}
    for row in summary.plan.attendances:
        key = row.branch, (row.event, row.host, row.month)
        taken[key] = taken.get(key, 0.0) + round(row.attendances)
    return seats(taken, of_summary(summary), summary.plan.policy["privacy"]["min_cell"])


def guests_unseen(summary: Summary) -> Sequence[bool]:
    """Of each line of sessions, whether its guests stay unseen."""
    least, unseen = summary.plan.policy["privacy"]["min_cell"], of_bank(summary).guests
    return [0 < line.guests < least or (line.event, line.host, line.month) in unseen for line in summary.sessions]
