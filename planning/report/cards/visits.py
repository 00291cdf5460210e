"""Managers' hours as they may be shown: visits are due by tier, so exact hours would tell apart the tiers that are shown together.

Where they are, the hours of their visits are reckoned from what is shown: their clients together, at the bank's mean of these tiers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from planning.plan.summary import HoursLine, Names, Summary
from planning.report.cards.privacy import SHOWN, hours, within_regions
from planning.report.cards.standing import Bank, Standing, bank_of, standing, units_of
from planning.report.cards.wording import ratio

FULL = 0.98  # of the hours there


@dataclass(frozen=True)
class Told:
    """Hours of one branch or several. `visits` as they may be shown, `about` where they are reckoned; `state` (short | full | enough) is what holds."""

    branch: str
    names: Names
    visits: float
    events: float
    hours: float
    about: bool
    state: str

    @property
    def needed(self) -> float:
        """Hours for visits and events."""
        return self.visits + self.events

    @property
    def load(self) -> float:
        """The part of the hours there that is used."""
        return ratio(self.needed, self.hours)


def hours_of(summary: Summary, most: int = SHOWN) -> tuple[Told, ...]:
    """Managers' hours by the branches that are shown, small ones together."""
    bank = bank_of(summary)
    min_cell, within = summary.plan.policy["privacy"]["min_cell"], within_regions(summary)
    stands = standing(bank)
    marks = [replace(line, visits=float(line.branch not in stands.whole)) for line in summary.hours]
    merged = (hours(lines, summary.branches, min_cell, within, most) for lines in (summary.hours, reckoned(bank, stands, summary.hours), marks))
    return tuple(told(true, shown, mark.visits > 0) for true, shown, mark in zip(*merged, strict=True))


def told(true: HoursLine, shown: HoursLine, about: bool) -> Told:
    """The hours as they are shown, `about` where they are reckoned, and how they stand in truth."""
    needed = true.visits + true.events
    state = "short" if needed > true.hours + 0.5 else "full" if needed >= FULL * true.hours else "enough"
    return Told(true.branch, true.names, shown.visits, true.events, true.hours, about, state)


def reckoned(bank: Bank, stands: Standing, lines: Sequence[HoursLine]) -> list[HoursLine]:
    """The lines with the hours of visits as they may be shown."""
    each = _each_client(bank, lines)
    everyone = _mean(bank, list(each), each)
    shown = []
    for line in lines:
        own = bank.clients.get(line.branch, {})
        if line.branch in stands.whole or not line.by_tier:
            shown.append(line)
        elif line.branch in stands.withheld:
            shown.append(replace(line, visits=everyone * sum(own.values())))
        else:
            groups = stands.together.get(line.branch, ())
            shown.append(replace(line, visits=sum(sum(own.get(code, 0) for code in codes) * _mean(bank, codes, each) for codes in groups)))
    return shown


def _each_client(bank: Bank, lines: Sequence[HoursLine]) -> Mapping[str, float]:
    """Hours of visits for one client of each tier; alike for the tiers that the bank's page shows together."""
    hours_: dict[str, float] = {}
    for line in lines:
        for tier, amount in line.by_tier:
            hours_[tier] = hours_.get(tier, 0.0) + amount
    clients = {line.code: line.clients for line in bank.tiers}
    each = {tier: hours_.get(tier, 0.0) / number for tier, number in clients.items() if number}
    means = {}
    for codes in units_of(bank):
        known = [each[code] for code in codes if code in each]
        means.update(dict.fromkeys(codes, sum(known) / len(known) if known else 0.0))
    return means


def _mean(bank: Bank, codes: Sequence[str], each: Mapping[str, float]) -> float:
    clients = {line.code: line.clients for line in bank.tiers if line.code in codes}
    return ratio(sum(number * each.get(code, 0.0) for code, number in clients.items()), sum(clients.values()))
