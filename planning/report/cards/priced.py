"""What concessions cost and bring in branches of which few clients qualify for one, as it may be shown.

Such branches, and as many more of their region as make enough, share what they have together by their contribution, which is shown;
so the figures say no more than the region's total and the other branches' do. Tiers and regions of few who qualify stand together instead.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from planning.plan.summary import GroupLine


def priced(lines: Sequence[GroupLine], within: Mapping[str, str], min_cell: int) -> tuple[GroupLine, ...]:
    """The branches' lines, `about` where concessions are shared out; `within` = branch → the region whose total is shown."""
    together = [own for place in sorted(set(within.values())) if (own := _few([line for line in lines if within.get(line.code) == place], min_cell))]
    told: dict[str, GroupLine] = {}
    for own in together:
        told |= {line.code: line for line in _shared(own)}
    return tuple(told.get(line.code, line) for line in lines)


def _few(lines: Sequence[GroupLine], min_cell: int) -> list[GroupLine]:
    """The lines of few who qualify, and the smallest further ones until they are two and of enough who do; none where there are no few."""
    few = [line for line in lines if line.few_qualify(min_cell)]
    others = sorted(
        (line for line in lines if line not in few and line.clients), key=lambda line: (line.qualifying == 0, line.qualifying, line.clients, line.code)
    )
    while few and others and (len(few) < 2 or sum(line.qualifying for line in few) < min_cell):
        few.append(others.pop(0))
    return few


def _shared(lines: Sequence[GroupLine]) -> list[GroupLine]:
    weights = [max(line.contribution_cny, 0.0) for line in lines]
    weights = weights if sum(weights) > 0 else [float(line.clients) for line in lines]
    costs, gains = (_dealt(sum(getattr(line, name) for line in lines), weights) for name in ("concession_cny", "gain_cny"))
    return [replace(line, concession_cny=cost, gain_cny=gain, about=True) for line, cost, gain in zip(lines, costs, gains, strict=True)]


def _dealt(total: float, weights: Sequence[float]) -> list[float]:
    """An amount in parts by weight, to the fen, that sum to it."""
    ends, sofar = [0.0], 0.0
    for weight in weights[:-1]:
        sofar += weight
        ends.append(round(total * sofar / sum(weights), 2))
    return [round(end - start, 2) for start, end in zip(ends, [*ends[1:], total], strict=True)]
