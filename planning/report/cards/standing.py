"""Which branches and tiers may be seen by themselves on the bank's page and the branches' pages, decided for all of them at once.

A small branch shows no figures about its clients. Elsewhere neighbouring tiers with few clients are shown as one, on as many pages
as keep a small one from following from the bank's total of its tier.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from planning.plan.summary import GroupLine, RuleLine, Summary
from planning.report.cards.joined import Joined
from planning.report.cards.priced import priced
from planning.report.cards.privacy import alone, concealed, few, parted, regions_shown

PLACES = ("guests", "attendances")  # units of what is planned for people, one by one
MONEY = ("CNY", "share")
"""Of rules: `once_is_enough` counts those whom an event suits, who are fewer than the clients."""
OF_ELIGIBLE = "once_is_enough"


@dataclass(frozen=True)
class Bank:
    """The clients of each branch by tier, and the totals that are shown of branches, regions and tiers."""

    clients: Mapping[str, Mapping[str, int]]
    branches: Sequence[GroupLine]
    regions: Sequence[GroupLine]
    tiers: Sequence[GroupLine]
    region_of: Mapping[str, str]
    min_cell: int


@dataclass(frozen=True)
class Standing:
    """`withheld` = branches without figures; `rests` = those of each region; `together` = branch → tiers shown as one, lowest first."""

    withheld: frozenset[str]
    rests: tuple[tuple[str, ...], ...]
    together: Mapping[str, tuple[tuple[str, ...], ...]]
    whole: frozenset[str]  # branches of which every tier with clients is seen by itself
    dealt: frozenset[str]  # branches whose concessions are shared out

    def alone(self, branch: str, tier: str) -> bool:
        """Whether a branch's clients of a tier are seen by themselves."""
        return (tier,) in self.together.get(branch, ())


def standing(bank: Bank) -> Standing:
    """What may be seen by itself."""
    within = regions_shown(bank.region_of.items(), bank.regions, bank.min_cell)
    served = [line for line in bank.branches if line.clients]
    withheld = frozenset(line.code for line in few(served, bank.min_cell, within))
    rests = [tuple(line.code for line in served if line.code in withheld and within[line.code] == place) for place in sorted(set(within.values()))]
    rests = [some for some in rests if some]
    units = units_of(bank)
    counts = {line.code: _counts(bank.clients.get(line.code, {}), units) for line in served}
    left = [[sum(column) for column in zip(*(counts[code] for code in some), strict=True)] for some in rests]
    joined = Joined({code: own for code, own in counts.items() if code not in withheld}, left, bank.min_cell)
    joined.settle()
    together = {branch: tuple(tuple(code for at in group for code in units[at]) for group in groups) for branch, groups in joined.groups.items()}
    dealt = {line.code for line in priced(bank.branches, within, bank.min_cell) if line.about}
    whole = {branch for branch, groups in joined.groups.items() if _whole(groups, units, counts[branch], bank.clients.get(branch, {}))}
    return Standing(withheld, tuple(rests), together, frozenset(whole), frozenset(dealt))


def units_of(bank: Bank) -> list[tuple[str, ...]]:
    """The tiers as the bank's own page shows them, lowest first."""
    order = {line.code: place for place, line in enumerate(bank.tiers)}
    return sorted(parted(bank.tiers, bank.min_cell), key=lambda codes: min(order[code] for code in codes))


def _counts(clients: Mapping[str, int], units: Sequence[tuple[str, ...]]) -> list[int]:
    return [sum(clients.get(code, 0) for code in codes) for codes in units]


def _whole(groups: Sequence[tuple[int, ...]], units: Sequence[tuple[str, ...]], counts: Sequence[int], clients: Mapping[str, int]) -> bool:
    shared = any(len(group) > 1 and any(counts[at] for at in group) for group in groups)
    return not shared and all(sum(clients.get(code, 0) > 0 for code in codes) < 2 for codes in units)


def of_summary(summary: Summary) -> Standing:
    """The same from a plan's summary."""
    return standing(bank_of(summary))


def bank_of(summary: Summary) -> Bank:
    """What it is decided from."""
    clients: dict[str, dict[str, int]] = {}
    for one in summary.plan.segments:
        own = clients.setdefault(one.branch, {})
        own[one.tier] = own.get(one.tier, 0) + one.clients
    region_of = {one.branch: one.region for one in summary.plan.segments}
    return Bank(clients, summary.branches, summary.regions, summary.tiers, region_of, summary.plan.policy["privacy"]["min_cell"])


def untold(line: RuleLine, summary: Summary, stands: Standing) -> bool:
    """Whether the figures at a rule's tightest place would show few people, or tell apart what is shown together."""
    least = summary.plan.policy["privacy"]["min_cell"]
    if line.unit in PLACES and any(value is not None and 0 < value < least for value in (line.limit, line.value)):
        return True
    return withheld_at(line.where, line.unit, summary, stands) or (line.code == OF_ELIGIBLE and len(line.where) > 2)


def _told_apart(asked: set[str], summary: Summary) -> bool:
    """Whether money at a tier, region or cell of the ladder would tell apart what is shown together, or what a hidden step costs."""
    seen, least = alone(summary), int(summary.plan.policy["privacy"]["min_cell"])
    joined = {line.code for line in summary.tiers} - seen["tier"] | {line.code for line in summary.regions} - seen["region"]
    hidden = concealed([step for step in summary.ladder if step.level > 0], least) if len(asked) > 1 else ()
    return bool(asked & joined) or any(asked <= {step.region, step.tier, step.kind} for step in hidden)


def withheld_at(where: Sequence[str], unit: str, summary: Summary, stands: Standing) -> bool:
    """Whether figures in a unit stay unseen at a place named by its codes: a branch, a tier, a kind and so on."""
    segments, least = summary.plan.segments, int(summary.plan.policy["privacy"]["min_cell"])
    people = {code for one in segments for code in (one.branch, one.region, one.tier, one.kind, one.part) if code}
    asked = set(where) & people
    if not asked:
        return False
    inside = sum(one.clients for one in segments if asked <= {one.branch, one.region, one.tier, one.kind, one.part})
    branch = next((code for code in where if any(code == one.branch for one in segments)), None)
    if inside < least or branch is None:
        return inside < least or (unit in MONEY and _told_apart(asked, summary))
    if len(asked) == 1:
        return branch in stands.withheld or branch in (stands.dealt if unit in MONEY else ()) or (unit == "hours" and branch not in stands.whole)
    tier = next((code for code in where if any(code == one.tier for one in segments)), "")
    around = sum(one.clients for one in segments if (one.branch, one.tier) == (branch, tier))
    return not stands.alone(branch, tier) or 0 < around - inside < least
