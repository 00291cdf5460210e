"""Keeps few people from being seen: small groups are merged, and never so that one could be had by subtraction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from planning.plan.study import Change
from planning.plan.summary import GroupLine, HoursLine, LadderLine, Names, Summary
from planning.report.formats import number
from planning.report.i18n import LANGS, listing, pick, say

NOWHERE: Mapping[str, str] = MappingProxyType({})
SHOWN = 20  # groups listed one by one
NAMED = 3  # merged groups named one by one


def parted(lines: Sequence[GroupLine], min_cell: int, within: Mapping[str, str] = NOWHERE, most: int = SHOWN) -> tuple[tuple[str, ...], ...]:
    """The codes that are shown together: each alone, but those too small with the next smallest, and beyond `most` the rest."""
    small = few(lines, min_cell, within)
    alone = [line for line in lines if line not in small]
    if len(alone) > most:
        kept = {line.code for line in sorted(alone, key=lambda line: (-line.spend_cny, line.code))[:most]}
        small += [line for line in alone if line.code not in kept]
        alone = [line for line in alone if line.code in kept]
    together = tuple(line.code for line in lines if line in small)
    return (*((line.code,) for line in alone), *((together,) if together else ()))


def few(lines: Sequence[GroupLine], min_cell: int, within: Mapping[str, str] = NOWHERE) -> list[GroupLine]:
    """The lines too small to be shown, and as many of the next smallest as keep them from being had by subtraction.

    `within` = code → the larger group whose total is shown too: each of those hides none or enough, as all together do. Without
    it, lines of which few clients qualify for concessions are too small as well; of branches their concessions are shared out (see priced.py).
    """
    small = [line for line in lines if line.hidden or 0 < line.clients < min_cell or (line.few_qualify(min_cell) and not within)]
    for place in sorted({within.get(line.code, "") for line in small}):
        small += _company([line for line in lines if within.get(line.code, "") == place], small, min_cell)
    small += _company(lines, small, min_cell) if small else []
    while not within and 0 < sum(line.qualifying for line in small) < min_cell and (rest := [line for line in lines if line not in small]):
        small.append(min(rest, key=lambda line: (line.clients, line.code)))
    return small


def _company(lines: Sequence[GroupLine], small: Sequence[GroupLine], min_cell: int) -> list[GroupLine]:
    """The smallest further lines that make those hidden among these at least two, and enough clients together."""
    hidden = [line for line in lines if line in small]
    others = sorted((line for line in lines if line not in small), key=lambda line: (line.clients, line.code))
    taken: list[GroupLine] = []
    while others and (len(hidden) + len(taken) < 2 or sum(line.clients for line in (*hidden, *taken)) < min_cell):
        taken.append(others.pop(0))
    return taken


def regions_shown(branches: Iterable[tuple[str, str]], regions: Sequence[GroupLine], min_cell: int) -> Mapping[str, str]:
    """Branch → the regions shown together of which its own is one, from (branch, region) pairs."""
    shown = {code: "+".join(codes) for codes in parted(regions, min_cell) for code in codes}
    return {branch: shown.get(region, region) for branch, region in branches}


def within_regions(summary: Summary) -> Mapping[str, str]:
    """The same for a plan's branches."""
    return regions_shown(((one.branch, one.region) for one in summary.plan.segments), summary.regions, summary.plan.policy["privacy"]["min_cell"])


def groups(lines: Sequence[GroupLine], min_cell: int, within: Mapping[str, str] = NOWHERE, most: int = SHOWN) -> tuple[GroupLine, ...]:
    """The lines as they may be shown."""
    by_code = {line.code: line for line in lines}
    return tuple(merged([by_code[code] for code in codes]) for codes in parted(lines, min_cell, within, most))


def hours(
    lines: Sequence[HoursLine], branches: Sequence[GroupLine], min_cell: int, within: Mapping[str, str] = NOWHERE, most: int = SHOWN
) -> tuple[HoursLine, ...]:
    """Managers' hours by the same groups of branches, so that no small branch is seen through its visits."""
    by_code = {line.branch: line for line in lines}
    together = [[by_code[code] for code in codes if code in by_code] for codes in parted(branches, min_cell, within, most)]
    return tuple(
        replace(
            some[0],
            branch="+".join(one.branch for one in some),
            names=_names(some),
            visits=_sum(some, "visits"),
            events=_sum(some, "events"),
            hours=_sum(some, "hours"),
        )
        if len(some) > 1
        else some[0]
        for some in together
        if some
    )


def concealed(steps: Sequence[LadderLine], min_cell: int) -> frozenset[LadderLine]:
    """The granted steps whose figures stay hidden: too few clients, and as many more as keep them from being subtracted out.

    Region, tier and kind of concession have totals elsewhere on the page, so each such total hides none or enough.
    """
    hidden = {step for step in steps if step.qualifying < min_cell}
    totals: tuple[Callable[[LadderLine], object], ...] = (
        lambda _: 0,
        lambda step: step.tier,
        lambda step: step.region,
        lambda step: (step.concession, step.kind),
    )
    changed = bool(hidden)
    while changed:
        changed = False
        for total in totals:
            for group in {total(step) for step in hidden}:
                changed |= _topped_up([step for step in steps if total(step) == group], hidden, min_cell)
    return frozenset(hidden)


def _topped_up(steps: Iterable[LadderLine], hidden: set[LadderLine], min_cell: int) -> bool:
    steps = list(steps)
    inside = [step for step in steps if step in hidden]
    seen = sorted((step for step in steps if step not in hidden), key=lambda step: (step.qualifying, step.region, step.tier, step.kind, step.concession))
    enough = len(inside) >= 2 and sum(step.qualifying for step in inside) >= min_cell
    if enough or not seen:
        return False
    hidden.add(seen[0])
    return True


def alone(summary: Summary) -> Mapping[str, frozenset[str]]:
    """Tiers and regions whose figures are shown by themselves, by code."""
    least = summary.plan.policy["privacy"]["min_cell"]
    groups_ = {"tier": summary.tiers, "region": summary.regions}
    return {what: frozenset(codes[0] for codes in parted(lines, least) if len(codes) == 1) for what, lines in groups_.items()}


def told_apart(summary: Summary, changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes that may be told: none of a tier or region that is only shown together with others, nor of concessions whose sums are hidden."""
    seen, sums = alone(summary), sums_hidden(summary.ladder, summary.plan.policy["privacy"]["min_cell"])
    return tuple(one for one in changes if (one.code in seen[one.what] if one.what in seen else one.what != "concession" or not sums))


def unseen_rows(empty: Sequence[bool], sizes: Sequence[float]) -> frozenset[int]:
    """The rows of a table that show no figures: those with nothing to show, and one more where a single one would follow from the sum."""
    unseen = {place for place, one in enumerate(empty) if one}
    rest = sorted((size, place) for place, size in enumerate(sizes) if place not in unseen)
    return frozenset(unseen | {rest[0][1]} if len(unseen) == 1 and rest else unseen)


def sums_hidden(ladder: Sequence[LadderLine], min_cell: int) -> bool:
    """Whether the ladder's table keeps the sum of a concession and kind of client unseen."""
    granted = [step for step in ladder if step.level > 0]
    hidden = concealed(granted, min_cell)
    seen = {(step.concession, step.kind) for step in granted if step not in hidden}
    return any((step.concession, step.kind) not in seen for step in granted)


def count(clients: float, min_cell: int, lang: str) -> str:
    """A count of people; a small one is only said to be small."""
    return say("terms.fewer", lang, n=min_cell) if 0 < round(clients) < min_cell else number(clients, lang)


def merged(some: Sequence[GroupLine]) -> GroupLine:
    """Several lines as one that names them."""
    if len(some) == 1:
        return some[0]
    shares = [one.share for one in some]
    share = sum(one for one in shares if one is not None) if any(one is not None for one in shares) else None
    code = "+".join(one.code for one in some)
    return GroupLine(
        code,
        _names(some),
        clients=sum(one.clients for one in some),
        contribution_cny=_sum(some, "contribution_cny"),
        event_cny=_sum(some, "event_cny"),
        concession_cny=_sum(some, "concession_cny"),
        uplift_cny=_sum(some, "uplift_cny"),
        gain_cny=_sum(some, "gain_cny"),
        reached=_sum(some, "reached"),
        share=share,
        qualifying=sum(one.qualifying for one in some),
        about=any(one.about for one in some),
    )


def _names(some: Sequence[GroupLine] | Sequence[HoursLine]) -> Names:
    zh, en = (_name([pick(one.names, lang) for one in some], lang) for lang in LANGS)
    return zh, en


def _name(names: Sequence[str], lang: str) -> str:
    if len(names) == 1:
        return names[0]
    return say("terms.merged", lang, names=listing(names, lang)) if len(names) <= NAMED else say("terms.merged_many", lang, n=len(names))


def _sum(some: Sequence[object], name: str) -> float:
    return float(sum(getattr(one, name) for one in some))


def summed(lines: Sequence[GroupLine]) -> Mapping[str, float]:
    """The totals of a table of groups."""
    return {name: _sum(lines, name) for name in ("clients", "contribution_cny", "event_cny", "concession_cny", "spend_cny", "added_cny", "reached")}
