"""What each tier, region and branch puts in and gets out: the plan's totals shared out so that parts sum to wholes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from planning.catalogue.offer import Offer
from planning.optimise.problem import Problem
from planning.plan.compose import Choice, chosen_steps, guests_by_seat, uplift_by_response
from planning.plan.summary import GroupLine

Key = tuple[str, str, str, str]  # region, branch, tier, kind


@dataclass
class Part:
    """What falls on the clients of one branch, tier and kind, yuan; `standard_cny` is its standard cost with its part of concessions.

    `qualifying` = clients who qualify for a granted concession, those of its widest.
    """

    clients: int = 0
    contribution: float = 0.0
    event: float = 0.0
    concession: float = 0.0
    uplift: float = 0.0
    gain: float = 0.0
    guests: float = 0.0
    standard_cny: float = 0.0
    qualifying: int = 0

    def add(self, other: "Part") -> None:
        for name, amount in vars(other).items():
            setattr(self, name, getattr(self, name) + amount)


def parts(problem: Problem, choice: Choice) -> Mapping[Key, Part]:
    """What falls on each branch, tier and kind, whatever its parts.

    A session's cash falls on its guests alike, where nobody is expected on those who could come; a ladder step's cost and gain on its
    branches by base.
    """
    found: dict[Key, Part] = {}
    keys = [(segment.region, segment.branch, segment.tier, segment.kind) for segment in problem.segments]
    for key, segment in zip(keys, problem.segments, strict=True):
        found.setdefault(key, Part()).add(Part(clients=segment.clients, contribution=segment.contribution_cny))
    guests = guests_by_seat(problem, choice.placed)
    for i, seat in enumerate(problem.seats):
        part, event = found[keys[seat.segment]], problem.event(seat)
        part.guests += guests[i]
        part.standard_cny += guests[i] * event.standard_cost_cny
    _share_cash(problem, choice, [found[keys[seat.segment]] for seat in problem.seats])
    for response, uplift in zip(problem.responses, uplift_by_response(problem, choice.placed), strict=True):
        found[keys[response.segment]].uplift += uplift
    for (c, _), step in chosen_steps(problem, choice).items():
        cell = problem.cells[c]
        for branch, share in step.branch_shares.items():
            part = found[cell.region, branch, cell.tier, cell.kind]
            part.concession += step.cost_cny * share
            part.standard_cny += step.cost_cny * share
            part.gain += step.gain_cny * share
            part.qualifying = max(part.qualifying, step.branch_clients.get(branch, 0) if step.cost_cny or step.gain_cny else 0)
    return found


def _share_cash(problem: Problem, choice: Choice, owners: list[Part]) -> None:
    for (s, month), count in choice.placed.sessions.items():
        event = problem.slots[s].event
        coming = {i: choice.placed.guests[i, month] for i in problem.seats_of_slot[s] if (i, month) in choice.placed.guests}
        total = sum(coming.values())
        for i, guests in coming.items():
            owners[i].event += event.bank_share * guests * (event.fixed_cost_cny * count / total + event.guest_cost_cny)
        places = {} if coming else {i: problem.seats[i].most for i in problem.seats_of_slot[s]}
        for i, most in places.items():
            owners[i].event += event.bank_share * event.fixed_cost_cny * count * most / sum(places.values())


def tier_lines(offer: Offer, problem: Problem, found: Mapping[Key, Part]) -> tuple[GroupLine, ...]:
    """One line a tier, lowest first, with its floor, cap and share of standard cost."""
    summed = _summed(found, lambda key: key[2])
    total = sum(part.standard_cny for part in summed.values())
    floors, caps = problem.policy.floors.tier, problem.policy.caps.tier
    return tuple(
        line(tier, offer.tier_names[tier], summed[tier], problem, (floors.get(tier), caps.get(tier), summed[tier].standard_cny / total if total else 0.0))
        for tier in offer.tiers
        if tier in summed
    )


def region_lines(offer: Offer, problem: Problem, found: Mapping[Key, Part]) -> tuple[GroupLine, ...]:
    """One line a region."""
    summed = _summed(found, lambda key: key[0])
    return tuple(line(region, offer.region_names[region], summed[region], problem) for region in sorted(set(offer.branches.values())) if region in summed)


def branch_lines(offer: Offer, problem: Problem, found: Mapping[Key, Part]) -> tuple[GroupLine, ...]:
    """One line a branch."""
    summed = _summed(found, lambda key: key[1])
    return tuple(line(branch, offer.branch_names[branch], summed[branch], problem) for branch in offer.branches if branch in summed)


def _summed(found: Mapping[Key, Part], group: Callable[[Key], str]) -> dict[str, Part]:
    summed: dict[str, Part] = {}
    for key, part in found.items():
        summed.setdefault(group(key), Part()).add(part)
    return summed


def line(
    code: str, names: tuple[str, str], part: Part, problem: Problem, limits: tuple[float | None, float | None, float | None] = (None, None, None)
) -> GroupLine:
    """The line of one group; `limits` = its floor, cap and share of standard cost."""
    floor, cap, share = limits
    return GroupLine(
        code, names, part.clients, part.contribution, part.event, part.concession, part.uplift, part.gain, part.guests,
        floor, cap, share, hidden=part.clients < problem.policy.privacy.min_cell, qualifying=part.qualifying,
    )  # fmt: skip
