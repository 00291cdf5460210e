"""This plan beside the simple rules, in words."""

from planning.plan.summary import BaselineLine, Summary
from planning.report.formats import money
from planning.report.i18n import say

ALIKE = 0.002  # of the plan's value: closer than this counts as equal


def best(summary: Summary) -> BaselineLine | None:
    """What the plan is measured against: the best simple rule that keeps every rule; else last year's plan; else the one of the greatest value."""
    others = [line for line in summary.baselines if line.code != "this_plan"]
    fair = [line for line in others if not line.broken] or [line for line in others if line.code == "last_year"] or others
    return max(fair, key=lambda line: line.value_cny, default=None)


def yardstick(summary: Summary) -> str:
    """What the plan's value is: net of spending, gross, or careful: with the worst tenth of cases weighed in."""
    value = summary.plan.policy["value"]
    return "careful" if value["risk_aversion"] > 0 else str(value["objective"])


def difference(summary: Summary, lang: str, bare: bool = False) -> str:
    """How the plan stands against the best simple rule: more, alike, or less and why; `bare` leaves out "net of spending"."""
    other = best(summary)
    if other is None:
        return say("page.versus.none", lang)
    value = summary.plan.totals.value_cny
    gap = value - other.value_cny
    kind = "alike" if abs(gap) <= ALIKE * abs(value) else "more" if gap > 0 else "less_broken" if other.broken else "less"
    by = yardstick(summary)
    name = say(f"terms.baseline.{other.code}", lang)
    return say(f"page.versus.{kind}_{'gross' if bare else by}", lang, name=name, difference=money(abs(gap), lang), n=len(other.broken))
