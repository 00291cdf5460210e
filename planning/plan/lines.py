"""The page's lines about sessions, quarters, ladder, hours, what is left out and where the tables come from."""

from collections.abc import Mapping
from importlib.metadata import version
from platform import python_version

from planning.book.book import Book
from planning.catalogue.compliance import Block
from planning.catalogue.events import EventType, latest_notice
from planning.catalogue.offer import Offer
from planning.optimise.placement import cash_by_month
from planning.optimise.problem import CENTRE, Problem
from planning.optimise.rules import QUARTERS, bands
from planning.plan.compose import Choice, chosen_steps, event_hours, visit_hours_by_tier
from planning.plan.summary import Blocked, Budget, HoursLine, LadderLine, LeftOut, Names, Origin, QuarterLine, SessionLine

CENTRE_NAMES = ("总行", "Head office")


def place_names(offer: Offer, code: str) -> Names:
    """A branch, region or the centre in words."""
    return CENTRE_NAMES if code == CENTRE else offer.branch_names.get(code) or offer.region_names.get(code, (code, code))


def session_lines(offer: Offer, problem: Problem, choice: Choice) -> tuple[SessionLine, ...]:
    """Every session of the year, by month."""
    lines = []
    for (s, month), count in choice.placed.sessions.items():
        slot = problem.slots[s]
        event = slot.event
        guests = sum(choice.placed.guests.get((i, month), 0) for i in problem.seats_of_slot[s])
        cash = event.bank_share * (event.fixed_cost_cny * count + event.guest_cost_cny * guests)
        notice = latest_notice(event, problem.policy.year, month)
        lines.append(
            SessionLine(
                event.event,
                event.names,
                event.family,
                event.host_level,
                place_names(offer, slot.host),
                month,
                count,
                guests,
                cash,
                notice.isoformat(),
                slot.host,
            )
        )
    return tuple(sorted(lines, key=lambda line: (line.month, line.family, line.event, line.host_names)))


def quarter_lines(problem: Problem, choice: Choice) -> tuple[QuarterLine, ...]:
    """Event cash by quarter against the phasing limits."""
    cash = cash_by_month(problem, choice.placed)
    total = sum(cash.values())
    limits = bands(problem.policy)
    spent = {quarter: sum(cash[month] for month in QUARTERS[quarter]) for quarter in limits}
    return tuple(QuarterLine(quarter, spent[quarter], spent[quarter] / total if total else 0.0, *limits[quarter]) for quarter in limits)


def ladder_lines(offer: Offer, problem: Problem, choice: Choice) -> tuple[LadderLine, ...]:
    """The level of every concession in every cell, level 0 too."""
    lines = []
    for (c, _), step in sorted(chosen_steps(problem, choice).items()):
        cell = problem.cells[c]
        lines.append(LadderLine(
            cell.region, offer.region_names[cell.region], cell.tier, offer.tier_names[cell.tier], cell.kind, step.concession, step.level, step.depth,
            step.cost_cny, step.gain_cny, step.base_cny, step.qualifying, step.new_money_cny, step.marginal_cost_pct, step.min_grade,
        ))  # fmt: skip
    return tuple(lines)


def hours_lines(offer: Offer, problem: Problem, choice: Choice) -> tuple[HoursLine, ...]:
    """Managers' hours of each branch."""
    visits, events = visit_hours_by_tier(problem), event_hours(problem, choice.placed)
    return tuple(
        HoursLine(branch, offer.branch_names[branch], sum(visits[branch].values()), events[branch], hours, tuple(sorted(visits[branch].items())))
        for branch, hours in problem.hours.items()
    )


def left_out(offer: Offer, problem: Problem, choice: Choice) -> tuple[LeftOut, ...]:
    """The event types without a session, with the reason that is known."""
    held = {problem.slots[s].event.event for s, _ in choice.placed.sessions}
    possible = {slot.event.event for slot in problem.slots if slot.most_sessions}
    lines = []
    for event in offer.events:
        if event.event not in held:
            lines.append(LeftOut(event.event, event.names, event.family, left_out_reason(offer, event, possible)))
    return tuple(lines)


def left_out_reason(offer: Offer, event: EventType, possible: set[str]) -> str:
    """Why an event is held nowhere, or not where only the `possible` ones can be."""
    if event.event in offer.forbidden:
        return "forbidden"
    if not event.months:
        return "no_open_month"
    return "not_worth_it" if event.event in possible else "no_eligible_clients"


def blocked_lines(offer: Offer, problem: Problem) -> tuple[Blocked, ...]:
    """What law and conduct keep out, a line a bar and kind of thing, and the control group.

    Clients are counted once for the whole bank: figures by event would tell few people apart.
    """
    events = {event.event: event.names for event in offer.events}
    grouped: dict[tuple[str, str, str, str, str], list[Block]] = {}
    for block in offer.blocks:
        concession = block.where[0] if block.what == "levels" else ""
        grouped.setdefault((block.bar, concession, block.rule, block.source, block.as_of), []).append(block)
    held_out = round(problem.policy.evaluation.holdout_share * sum(segment.clients for segment in problem.segments))
    by_rule = sorted(grouped.values(), key=lambda own: (own[0].rule[0] != "L", own[0].rule))
    return (*(_blocked(own, events) for own in by_rule), Blocked("holdout", held_out))


def _blocked(own: list[Block], events: Mapping[str, Names]) -> Blocked:
    first = own[0]
    count = sum(block.count for block in own if block.what != "clients" or not block.where)
    if first.what == "levels":
        levels = tuple(sorted(int(block.where[1]) for block in own))
        return Blocked(first.bar, count, first.what, first.rule, first.source, first.as_of, concession=first.where[0], levels=levels)
    touched = sorted({block.where[0] for block in own if block.where})
    return Blocked(first.bar, count, first.what, first.rule, first.source, first.as_of, tuple(events[event] for event in touched))


def budget_lines(offer: Offer, problem: Problem, used: tuple[float, float]) -> tuple[Budget, Budget]:
    """(events, concessions): what was asked, what the ratio allows, what is used."""
    base, budget = max(offer.base_contribution_cny, 0.0) * problem.policy.part_of_year, problem.policy.budget
    asked = ((budget.event_cny, budget.event_ratio), (budget.concession_cny, budget.concession_ratio))
    event, concession = (
        Budget(amount, ratio, ratio * base, min(amount, ratio * base), "amount" if amount <= ratio * base else "ratio", spent)
        for (amount, ratio), spent in zip(asked, used, strict=True)
    )
    return event, concession


def origins(book: Book) -> tuple[Origin, ...]:
    """Where each table comes from: rows, date, check sum, borrowed or not."""
    lines = []
    for name, table in book.tables.items():
        dates = [day for day in table["as_of"] if day is not None] if "as_of" in table.columns else []
        lines.append(Origin(name, len(table), max(dates).isoformat() if dates else "", book.hashes.get(name, "")[:12], name in book.borrowed))
    return tuple(lines)


def versions() -> tuple[tuple[str, str], ...]:
    """What the plan was made with."""
    return ("planning", version("planning")), ("Python", python_version()), ("PuLP", version("pulp")), ("HiGHS", version("highspy"))
