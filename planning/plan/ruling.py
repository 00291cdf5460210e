"""The judge's verdict as the page shows it: one line a rule, at its tightest place."""

from planning.catalogue.offer import Offer
from planning.judge import Verdict
from planning.judge.checks import EQUALITIES, Check
from planning.plan.lines import place_names
from planning.plan.summary import Names, RuleLine


def rule_lines(verdict: Verdict, offer: Offer) -> tuple[RuleLine, ...]:
    """One line a rule of the model, in the judge's order: how many places, how many of them tight, and the tightest."""
    rules = list(dict.fromkeys((check.number, check.rule) for check in verdict.checks if check.number))
    return tuple(_line(number, rule, verdict, offer) for number, rule in rules)


def _line(number: str, rule: str, verdict: Verdict, offer: Offer) -> RuleLine:
    tight = verdict.tightest(rule)
    check = tight.check
    return RuleLine(
        number, rule, "binding" if tight.tight_places else "pass", tight.places, tight.tight_places, check.where, _worded(check.where, offer),
        float(check.limit), float(check.value), check.unit, *_used(check),
    )  # fmt: skip


def _used(check: Check) -> tuple[str, float | None]:
    """Which end the limit is, and how far it is used; what must be equal, or is limited to nothing, is not used."""
    if check.unit in EQUALITIES or check.limit <= 0 or check.value < 0:
        return "", None
    if check.value == check.limit:
        return "", 1.0
    if check.excess == check.value - check.limit:
        return "most", float(check.value / check.limit)
    return "least", float(check.limit / check.value) if check.value else None


def _worded(where: tuple[str, ...], offer: Offer) -> Names:
    events = {event.event: event.names for event in offer.events}
    named = [events.get(code) or offer.tier_names.get(code) or place_names(offer, code) for code in where]
    return " · ".join(zh for zh, _ in named), " · ".join(en for _, en in named)
