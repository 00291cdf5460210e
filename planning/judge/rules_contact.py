"""The rule of managers' hours, N1."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction

from planning.judge.answer import Answer
from planning.judge.checks import Line, at_most
from planning.judge.exact import ZERO, exact
from planning.judge.facts import Facts


def visits_kept(facts: Facts, answer: Answer) -> Iterator[Line]:
    """(N1)  visits due + hours of its own sessions + hours for its clients' attendances ≤ hours of its managers      for every branch b that needs any

    With contact rule `target` hours may fall short, at a price: the line says by how much and never breaks."""
    needed = hours_needed(facts, answer)
    required = facts.policy["contact"]["rule"] == "required"
    for branch, hours in sorted(needed.items()):
        if hours == 0:
            continue
        line = at_most((branch,), hours, facts.manager_hours.get(branch, ZERO), "hours")
        yield line if required else line._replace(broken=False)


def hours_needed(facts: Facts, answer: Answer) -> Mapping[str, Fraction]:
    """Hours a year each branch's managers are needed for."""
    needed = visits_due(facts)
    for (code, host, _), sessions in answer.sessions.items():
        if facts.events[code].level == "branch":
            needed[host] += facts.events[code].hours_session * sessions
    for (segment, code), seats in answer.seats.items():
        needed[segment[0]] += facts.events[code].hours_guest * seats
    return needed


def visits_due(facts: Facts) -> defaultdict[str, Fraction]:
    """Hours a year of the visits that each branch's clients are due."""
    due: defaultdict[str, Fraction] = defaultdict(Fraction)
    for (branch, tier, *_), clients in facts.clients.items():
        due[branch] += clients * facts.visit_hours.get(tier, ZERO)
    return due


def price_of_short_hours(facts: Facts, answer: Answer) -> Fraction:
    """Σ_b max(hours short, 0) · cost_per_hour_short with contact rule `target`, else 0 (yuan)."""
    contact = facts.policy["contact"]
    if contact["rule"] != "target":
        return ZERO
    short = (max(hours - facts.manager_hours.get(branch, ZERO), ZERO) for branch, hours in hours_needed(facts, answer).items())
    return sum(short, ZERO) * exact(contact["cost_per_hour_short"])
