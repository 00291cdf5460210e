"""Locked lines that cannot be: found before anything is solved."""

from collections.abc import Iterator

from planning.errors import Fault
from planning.optimise.problem import Problem, Slot


def locks_that_cannot_be(p: Problem) -> Iterator[Fault]:
    """(R1)  no host, month, room or level for a locked line, or two lines that contradict each other      for a line of [frozen]"""
    yield from _sessions_nowhere(p)
    yield from _sessions_too_many(p)
    yield from _levels_not_offered(p)
    yield from _levels_out_of_order(p)
    yield from _lines_twice(p)


def _sessions_nowhere(p: Problem) -> Iterator[Fault]:
    slots = {slot.key: slot for slot in p.slots}
    for line in p.policy.locked_sessions:
        slot = slots.get((line.event, line.host))
        if line.sessions and line.event in p.forbidden:
            values = {"event": line.event, "host": line.host, "bar": p.forbidden[line.event]}
            yield Fault("impossible_lock_forbidden", column="frozen_sessions", values=values)
        elif line.sessions and slot is None:
            yield Fault("impossible_lock_host", column="frozen_sessions", values={"event": line.event, "host": line.host})
        elif line.sessions and slot is not None and line.month not in slot.event.months:
            yield Fault("impossible_lock_month", column="frozen_sessions", values={"event": line.event, "host": line.host, "month": line.month})


def _sessions_too_many(p: Problem) -> Iterator[Fault]:
    for s, count in p.locked_of_slot.items():
        slot = p.slots[s]
        coming = sum(min(p.seats[i].most, p.seats[i].most_a_session * count) for i in p.seats_of_slot[s])
        if count > slot.event.max_sessions:
            yield _at("impossible_lock_sessions", slot, count, slot.event.max_sessions)
        elif coming < slot.event.min_guests * count:
            yield _at("impossible_lock_guests", slot, slot.event.min_guests * count, coming)


def _at(code: str, slot: Slot, asked: int, most: int) -> Fault:
    return Fault(code, column="frozen_sessions", values={"event": slot.event.event, "host": slot.host, "asked": asked, "most": most})


def _levels_not_offered(p: Problem) -> Iterator[Fault]:
    cells = {cell.key: cell for cell in p.cells}
    for line in p.policy.frozen.ladder:
        cell = cells.get((line.region, line.tier, line.kind))
        offered = [step.level for step in cell.steps.get(line.concession, ())] if cell else []
        if line.level and line.level not in offered:
            where = {"region": line.region, "tier": line.tier, "kind": line.kind, "concession": line.concession}
            yield Fault("impossible_lock_level", column="frozen_ladder", values={**where, "level": line.level, "most": max(offered, default=0)})


def _levels_out_of_order(p: Problem) -> Iterator[Fault]:
    """(K2)  a lower tier locked deeper than any higher tier may have"""
    depths = {(c, kind, step.level): step.depth for c, cell in enumerate(p.cells) for kind, steps in cell.steps.items() for step in steps}
    for (low, kind), level in p.locked_levels.items():
        below = p.cells[low]
        for high, cell in enumerate(p.cells):
            if (cell.region, cell.kind) != (below.region, below.kind) or p.tiers.index(cell.tier) <= p.tiers.index(below.tier) or kind not in cell.steps:
                continue
            own = p.locked_levels.get((high, kind))
            most = max(step.depth for step in cell.steps[kind]) if own is None else depths.get((high, kind, own), 0.0)
            if depths.get((low, kind, level), 0.0) > most:
                where = {"region": cell.region, "kind": cell.kind, "concession": kind, "low": below.tier, "high": cell.tier}
                yield Fault("impossible_lock_order", column="frozen_ladder", values=where)


def _lines_twice(p: Problem) -> Iterator[Fault]:
    told: dict[tuple[str, ...], int] = {}
    sessions = (((line.host, line.event, str(line.month)), line.sessions) for line in p.policy.frozen.sessions)
    levels = (((line.region, line.tier, line.kind, line.concession), line.level) for line in p.policy.frozen.ladder)
    for where, amount in (*sessions, *levels):
        if told.setdefault(where, amount) != amount:
            yield Fault("impossible_lock_twice", column="frozen", values={"where": " · ".join(where), "first": told[where], "second": amount})
