"""Rules a plan relaxes, as the page and the command line word them."""

from collections.abc import Mapping

from planning.plan.plan import Relaxed
from planning.plan.summary import Summary
from planning.report.cards.wording import place, places, setting
from planning.report.html import Table
from planning.report.i18n import say

RULE_OF = {"visits_as_target": "visits_kept"}  # a setting that is another rule's


def rule_of(line: Relaxed) -> str:
    """The rule of the model that a relaxed setting belongs to."""
    return RULE_OF.get(line.rule, line.rule)


def lines(summary: Summary, lang: str) -> list[str]:
    """A sentence for each rule the plan relaxes."""
    known = places(summary)
    return [sentence(line, known, lang) for line in summary.plan.relaxed]


def sentence(line: Relaxed, known: Mapping[str, tuple[str, str]], lang: str) -> str:
    """One relaxed rule: what was asked, and what the plan does."""
    values = {"rule": say(f"rules.{rule_of(line)}", lang), "where": where(line, known, lang)}
    if line.unit == "yes":
        return say("page.relaxed.target" if line.rule == "visits_as_target" else "page.relaxed.given_up", lang, **values)
    asked, relaxed = (setting(value, line.unit, lang) for value in (line.asked, line.relaxed_to))
    return say("page.relaxed.line", lang, asked=asked, relaxed=relaxed, **values)


def where(line: Relaxed, known: Mapping[str, tuple[str, str]], lang: str) -> str:
    """The place in words; of a quarter whether its least or its greatest share is meant."""
    if not line.where:
        return say("desk.whole_bank", lang)
    found = place(line.where, known, lang)
    return say(f"terms.share_end.{line.end}", lang, place=found) if line.rule == "spend_phased" else found


def table(summary: Summary, lang: str) -> Table:
    """Every relaxed rule with what was asked and what the plan's policy says."""
    known = places(summary)
    heads = [say(f"page.column.{name}", lang) for name in ("rule", "where", "asked", "relaxed_to")]
    rows = []
    for line in summary.plan.relaxed:
        figures = [setting(value, line.unit, lang) for value in (line.asked, line.relaxed_to)]
        rows.append([say(f"rules.{rule_of(line)}", lang), where(line, known, lang), *figures])
    return Table(say("page.relaxed.table", lang), say("page.relaxed.table_note", lang), heads, rows, left=frozenset({0, 1}), wide=True)
