"""What a branch must keep: its floor and cap, its region's club, its managers' hours; and what is not proposed for it."""

from collections.abc import Sequence

from planning.plan.branch import Branches, BranchPlan
from planning.report.cards.branches.apart import Apart, apart
from planning.report.cards.card import Card
from planning.report.cards.limits import figure
from planning.report.cards.load import about
from planning.report.cards.rules import TAGS
from planning.report.cards.section import Block, section, table
from planning.report.cards.visits import Told
from planning.report.cards.wording import named, opening
from planning.report.formats import NONE, number, percent
from planning.report.html import Table, described, tag
from planning.report.i18n import pick, say

REASONS = ("elsewhere", "not_worth_it", "no_open_month", "no_eligible_clients", "forbidden")


def rules(found: Branches, of: BranchPlan, lang: str = "zh") -> Card:
    """The limits that touch the branch, its managers' hours, and the events it does not hold."""
    return Card("rules", _html(found, of, "zh"), _html(found, of, "en"), lang)


def _html(found: Branches, of: BranchPlan, lang: str) -> str:
    shown = apart(found)
    withheld = of.branch in shown.withheld
    blocks = [] if withheld else [table(_hours(shown.hours[of.branch], lang))]
    blocks += [table(_limits(of, withheld or shown.lines[of.branch].about, lang))] if of.rules else []
    blocks += _not_here(of, lang)
    lead = say("branches.rules.lead", lang, places=number(found.places, lang))
    return section("rules", lang, _finding(of, shown, lang), lead, blocks)


def _finding(of: BranchPlan, shown: Apart, lang: str) -> str:
    bound = sum(line.state == "binding" for line in of.rules)
    kept = say("branches.rules.bound", lang, n=bound) if bound else say("branches.rules.kept", lang)
    if of.branch in shown.withheld:
        return opening(kept)
    line = shown.hours[of.branch]
    used = {"share": about(percent(line.load, lang, 0), line, lang), "hours": about(number(abs(line.hours - line.needed), lang), line, lang)}
    return say("page.two_findings", lang, first=say(f"branches.rules.hours_{line.state}", lang, **used), second=kept)


def _hours(line: Told, lang: str) -> Table:
    heads = [say(f"branches.column.{name}", lang) for name in ("hours", "needed", "there", "used")]
    needed, used = (about(words, line, lang) for words in (number(line.needed, lang), percent(line.load, lang, 0)))
    row = [say("branches.rules.hours_row", lang), needed, number(line.hours, lang), used]
    unit = say("page.year.hours_reckoned" if line.about else "page.year.hours_unit", lang)
    return Table(say("branches.rules.hours", lang), unit, heads, [row])


def _limits(of: BranchPlan, untold: bool, lang: str) -> Table:
    heads = [say(f"page.column.{name}", lang) for name in ("rule", "limit", "value", "result")]
    rows = []
    for line in of.rules:
        name = described(say(f"rules.{line.code}", lang), say(f"rules.means.{line.code}", lang))
        figures = [NONE if untold else figure(value, line.unit, lang) for value in (line.limit, line.value)]
        rows.append([name, *figures, tag(TAGS[line.state], say(f"page.rules.tag_{line.state}", lang))])
    return Table(say("branches.rules.table", lang), say("branches.rules.table_note", lang), heads, rows, wide=True)


def _not_here(of: BranchPlan, lang: str) -> Sequence[Block]:
    """The events that branches may hold and this one does not, by reason."""
    if not of.not_here:
        return ()
    told = []
    for reason in REASONS:
        events = [
            say("page.why.left_event", lang, event=pick(line.names, lang), family=named(line.family, lang)) for line in of.not_here if line.reason == reason
        ]
        if events:
            told.append(say(f"branches.not_here.{reason}", lang, events=say("terms.comma", lang).join(events)))
    return (Block("list", tuple(told), say("branches.not_here.title", lang, n=len(of.not_here))),)
