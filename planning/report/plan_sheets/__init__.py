"""A plan as a workbook, a sheet a section, for the people who work with it: planners, branches, finance.

Every figure is the summary's; amounts stand in yuan to the fen, dealt so that a column sums to its total as shown. What the page
keeps from being seen of few clients is kept here too, and no sheet names a client; guests are places that are planned, not people,
so the planners' sheets count them all.
"""

from planning.plan.changed import Changes
from planning.plan.summary import Summary
from planning.report.cards.wording import planned
from planning.report.formats import day
from planning.report.i18n import say
from planning.report.plan_sheets.calendar import attendances, calendar, quarters
from planning.report.plan_sheets.changes import changed
from planning.report.plan_sheets.groups import branches, regions, tiers
from planning.report.plan_sheets.hours import hours
from planning.report.plan_sheets.ladder import ladder
from planning.report.plan_sheets.reasons import baselines, left_out
from planning.report.plan_sheets.rules import blocked, relaxed, rules
from planning.report.plan_sheets.sources import parameters, sources
from planning.report.plan_sheets.totals import totals
from planning.report.sheet import Paper, Sheet

SECTIONS = (totals, tiers, regions, branches, calendar, quarters, attendances, hours, ladder, rules, blocked, relaxed, baselines, left_out)
SOURCES = (sources, parameters)


def plan_sheets(summary: Summary, lang: str, changes: Changes | None = None) -> tuple[Sheet, ...]:
    """The sheets of a plan in one language, in the page's order; a section with nothing in it has none.

    `changes` = the plan against its former version, which is told before the sources.
    """
    told = [changed(summary, changes, lang)] if changes else []
    sheets = (*(section(summary, lang) for section in SECTIONS), *told, *(section(summary, lang) for section in SOURCES))
    return tuple(sheet for sheet in sheets if sheet.rows)


def paper(summary: Summary, lang: str) -> Paper:
    """What every printed sheet carries: the plan's title and id, the date of its data, its state, and the pages."""
    title = say("page.title", lang, period=planned(summary, lang))
    dated = say("page.data_date", lang, date=day(summary.plan.policy["data_date"], lang))
    foot = say("export.foot", lang, dated=dated, state=say(f"page.state.{summary.plan.state}", lang))
    return Paper(title, summary.plan.id, foot, say("export.page", lang))
