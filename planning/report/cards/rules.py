"""Every rule at its tightest place, and what law and conduct keep out, shown as blocked."""

from planning.plan.summary import RuleLine, Summary
from planning.report.cards import relaxed
from planning.report.cards.blocked import blocked_table
from planning.report.cards.card import Card
from planning.report.cards.limits import figure, limits_blocks
from planning.report.cards.section import section, table
from planning.report.cards.standing import of_summary, untold
from planning.report.cards.wording import SHAPE, place, places
from planning.report.formats import NONE, number
from planning.report.html import Table, described, tag
from planning.report.i18n import say

TAGS = {"pass": "ok", "binding": "bind", "blocked": "block"}


def rules(summary: Summary, lang: str = "zh") -> Card:
    """Every rule with pass, binding or blocked, at its tightest place."""
    return Card("rules", _html(summary, "zh"), _html(summary, "en"), lang)


def _html(summary: Summary, lang: str) -> str:
    states = [state(line) for line in summary.rules]
    blocked = [line for line in summary.blocked if line.count and line.code != "holdout"]
    given_way = len(summary.plan.relaxed)
    parts = [say("page.relaxed.kept", lang, n=given_way) if given_way else say("page.rules.passed", lang, n=len(states))]
    if "binding" in states:
        parts.append(say("page.rules.bound", lang, n=states.count("binding")))
    if blocked:
        parts.append(say("page.rules.blocked", lang, n=len(blocked)))
    finding = say("page.rules.joiner", lang).join(parts)
    lead = say("page.rules.lead", lang, places=number(summary.verified_rules, lang))
    blocks = [table(relaxed.table(summary, lang))] if given_way else []
    blocks += [*limits_blocks(summary, lang), table(_table(summary, lang))]
    if any(line.count for line in summary.blocked):
        blocks.append(table(blocked_table(summary, lang)))
    return section("rules", lang, finding, lead, blocks)


def state(line: RuleLine) -> str:
    """Pass, binding or blocked; what is always exact is never called used up."""
    return "pass" if line.code in SHAPE and line.state == "binding" else line.state


def _table(summary: Summary, lang: str) -> Table:
    stands = of_summary(summary)
    known, given_way = places(summary), {relaxed.rule_of(line) for line in summary.plan.relaxed}
    heads = [say(f"page.column.{name}", lang) for name in ("rule", "where", "limit", "value", "places", "result")]
    rows = []
    for line in summary.rules:
        hidden = untold(line, summary, stands)
        figures = [NONE if hidden or line.code in SHAPE else figure(value, line.unit, lang) for value in (line.limit, line.value)]
        where = NONE if line.code in SHAPE else place(line.where, known, lang)
        given = line.code in given_way
        mark = tag("block", say("page.relaxed.tag", lang)) if given else tag(TAGS[state(line)], say(f"page.rules.tag_{state(line)}", lang))
        name = described(say(f"rules.{line.code}", lang), say(f"rules.means.{line.code}", lang))
        rows.append([name, where, *figures, number(line.places, lang), mark])
    return Table(say("page.rules.table", lang), say("page.rules.table_note", lang), heads, rows, left=frozenset({0, 1}), wide=True)
