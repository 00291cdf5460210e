"""Personas: what sets the clients of a tier, or of a part of it, apart from the rest of the book, in statistics.

The book is all clients of the same kind who have a tier and may be approached; of an attribute those count who state it. For
each value the share in the group, p₁ = x₁/n₁, stands against that in the rest of the book, p₂ = x₂/n₂. The difference is
told as Cohen's h = 2·asin√p₁ − 2·asin√p₂, and is taken for more than chance where the two-proportion test

    z = (p₁ − p₂) / √( p·(1 − p)·(1/n₁ + 1/n₂) ),   p = (x₁ + x₂)/(n₁ + n₂)

holds at LEVEL after Holm's correction over all values the group was tested for.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from math import asin, erfc, sqrt
from typing import Any

import pandas as pd

from planning.book.book import Book
from planning.book.parts import OTHER, UNKNOWN, WHOLE, attributes
from planning.book.rows import rows
from planning.book.segments import approachable, classify
from planning.policy import Policy

TOLD = 6  # traits of a group
LEVEL = 0.01  # chance that any trait told of a group is noise
LEAST_EFFECT = 0.2  # of Cohen's h, what he calls small: less is no trait, however certain
LEAST_EXPECTED = 5  # clients with and without the value, below which z is no normal deviate
INTEREST = "interests"
COUNTED = ("age_band", "sex", "occupation", "industry", "risk_level")

Group = tuple[str, str, str]  # kind, tier, part
Value = tuple[str, str]  # attribute, value
Counts = Mapping[Group, Counter[Value]]  # clients; (attribute, "") = all who state the attribute


@dataclass(frozen=True)
class Trait:
    """One value of one attribute: its share (0..1) in the group and in the whole book, of those who state the attribute.

    `clients` of `stating` in the group have it (`stating` itself is not for show: few may not state it); `lift` = share over
    share of the book; `effect` = Cohen's h, below 0 where the value is rarer in the group than elsewhere; `chance` = two-sided p by Holm.
    """

    attribute: str
    value: str
    clients: int
    stating: int
    share: float
    share_of_book: float
    lift: float
    effect: float
    z: float
    chance: float


@dataclass(frozen=True)
class Interest:
    """Of a group's clients who state any interest, the number and share (0..1) that state this one, and the share of the book's."""

    interest: str
    clients: int
    share: float
    share_of_book: float
    lift: float


@dataclass(frozen=True)
class Persona:
    """The clients of a tier and kind (`part` ""), or one part of them over all branches.

    `clients` of the `of_book` clients of their kind; mean contribution in yuan a year. `traits`: those with the largest
    effect, largest first, at most TOLD. `interests`: by falling share, of `stating` clients.
    """

    tier: str
    kind: str
    part: str
    clients: int
    of_book: int
    mean_contribution_cny: float
    traits: tuple[Trait, ...]
    stating: int
    interests: tuple[Interest, ...]


def personas(book: Book, policy: Policy) -> tuple[Persona, ...]:
    """A persona for each tier and kind, highest tier first, and after it one for each of its parts where segments are refined.

    No group, and no value of a group, of fewer than min_cell clients is told, nor one from which such a number could be had
    by subtraction: from the book, or from the tiers or parts beside it.
    """
    kept = approachable(classify(book, policy))
    by_part, whole, of_kind = (_counts(kept, policy, keys) for keys in (["kind", "tier", "part"], ["kind", "tier"], ["kind"]))
    money = {level: kept.groupby(list(keys))["contribution_cny"].mean() for level, keys in (("tier", ("kind", "tier")), ("part", ("kind", "tier", "part")))}
    least = policy.privacy.min_cell
    tiers = kept[["kind", "rank", "tier"]].drop_duplicates().sort_values(["rank", "kind"], ascending=[False, False])
    found: list[Persona] = []
    for row in rows(tiers):
        kind, tier = row.kind, row.tier
        beside = {group: own for group, own in whole.items() if group[0] == kind}
        found += _told((kind, tier, WHOLE), beside, of_kind[kind, "", WHOLE], (float(money["tier"][kind, tier]), least))
        parts = {group: own for group, own in by_part.items() if group[:2] == (kind, tier)}
        for group in sorted(parts, key=lambda one: (one[2] == OTHER, one[2])) if len(parts) > 1 else ():
            if group[2]:
                found += _told(group, parts, of_kind[kind, "", WHOLE], (float(money["part"][group]), least))
    return tuple(found)


def _counts(kept: pd.DataFrame, policy: Policy, keys: list[str]) -> Counts:
    """Clients by group and value, and (attribute, "") = those who state the attribute; ("", "") = all."""
    found: dict[Group, Counter[Value]] = {}
    for name, frame in _stated(kept, policy):
        key: Any
        for key, clients in frame.groupby([*keys, "value"], sort=True).size().items():
            kind, tier, part = [str(code) for code in (*key[:-1], "", "")][:3]
            found.setdefault((kind, tier, part), Counter())[name, str(key[-1])] += int(clients)
    return found


def _stated(kept: pd.DataFrame, policy: Policy) -> Iterator[tuple[str, pd.DataFrame]]:
    """A row a client and value stated, by attribute; and a row of value "" a client who states any."""
    own = kept[["kind", "tier", "part"]]
    yield "", own.assign(value="")
    for name, values in attributes(kept, COUNTED, policy.segments.age_bands).items():
        stated = own.assign(value=values)[values != UNKNOWN]
        yield name, stated
        yield name, stated.assign(value="")
    liking = own.assign(value=kept["interests"].map(lambda likes: sorted({*likes})))[kept["interests"].map(bool)]
    yield INTEREST, liking.explode("value")
    yield INTEREST, liking.assign(value="")


def _told(group: Group, beside: Counts, book: Counter[Value], known: tuple[float, int]) -> Iterator[Persona]:
    mean, least = known
    own = beside[group]
    if not _safe(("", ""), group, beside, book, least):
        return
    kind, tier, part = group
    given = {pair.partition("=")[0] for pair in part.split(";")}
    safe = [value for value in sorted(own) if value[1] and value[0] not in given and _safe(value, group, beside, book, least)]
    traits = _traits([value for value in safe if value[0] != INTEREST], own, book)
    likes = (_interest(value, own, book) for value in safe if value[0] == INTEREST)
    interests = tuple(sorted(likes, key=lambda one: (-one.share, one.interest)))
    stating = own[INTEREST, ""] if interests else 0
    yield Persona(tier, kind, part, own["", ""], book["", ""], mean, traits, stating, interests)


def _safe(value: Value, group: Group, beside: Counts, book: Counter[Value], least: int) -> bool:
    """Whether a number of clients may be told: large enough, as are those without the value, those elsewhere, and what is left untold beside it."""
    sizes = {other: own[value] for other, own in beside.items()}
    untold: list[Group] = []
    for one in sorted((one for one in sizes if sizes[one]), key=lambda one: (sizes[one], one)):
        if sizes[one] >= least and (not untold or (len(untold) > 1 and sum(sizes[other] for other in untold) >= least)):
            break
        untold.append(one)
    without, elsewhere = beside[group][value[0], ""] - sizes[group], book[value] - sizes[group]
    return sizes[group] >= least and group not in untold and all(one == 0 or one >= least for one in (without, elsewhere))


def _traits(values: Iterable[Value], own: Counter[Value], book: Counter[Value]) -> tuple[Trait, ...]:
    """The few traits with the largest effect among those that are more than chance."""
    tested = sorted((one for value in values for one in _tested(value, own, book)), key=lambda one: (one.chance, one.attribute, one.value))
    corrected, highest = [], 0.0
    for place, one in enumerate(tested):
        highest = max(highest, min(one.chance * (len(tested) - place), 1.0))
        corrected.append(replace(one, chance=highest))
    sure = (one for one in corrected if one.chance <= LEVEL and abs(one.effect) >= LEAST_EFFECT)
    return tuple(sorted(sure, key=lambda one: (-abs(one.effect), one.attribute, one.value))[:TOLD])


def _tested(value: Value, own: Counter[Value], book: Counter[Value]) -> Iterator[Trait]:
    """The value's figures with its uncorrected chance; nothing where too few are expected for the test."""
    attribute, code = value
    inside, stating, whole, all_stating = own[value], own[attribute, ""], book[value], book[attribute, ""]
    rest = all_stating - stating
    pooled = whole / all_stating
    if rest == 0 or min(stating, rest) * min(pooled, 1 - pooled) < LEAST_EXPECTED:
        return
    share, elsewhere = inside / stating, (whole - inside) / rest
    z = (share - elsewhere) / sqrt(pooled * (1 - pooled) * (1 / stating + 1 / rest))
    effect = 2 * asin(sqrt(share)) - 2 * asin(sqrt(elsewhere))
    yield Trait(attribute, code, inside, stating, share, pooled, share / pooled, effect, z, erfc(abs(z) / sqrt(2)))


def _interest(value: Value, own: Counter[Value], book: Counter[Value]) -> Interest:
    share, of_book = own[value] / own[INTEREST, ""], book[value] / book[INTEREST, ""]
    return Interest(value[1], own[value], share, of_book, share / of_book)
