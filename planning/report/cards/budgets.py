"""The least budget for each goal, and four ways to set a budget beside each other."""

from planning.plan.study import LeastLine, Study
from planning.plan.summary import Summary
from planning.report.cards.card import Card
from planning.report.cards.section import Block, section, table
from planning.report.cards.wording import ratio
from planning.report.formats import NONE, Scale, money, number, scale
from planning.report.html import Table
from planning.report.i18n import say


def budgets(summary: Summary, study: Study, lang: str = "zh") -> Card:
    """Least budgets and budget methods."""
    return Card("budgets", _html(summary, study, "zh"), _html(summary, study, "en"), lang)


def _html(summary: Summary, study: Study, lang: str) -> str:
    unit = scale([amount for line in study.methods for amount in (line.budget_cny, line.value_cny)] or [summary.spend_cny], lang)
    items = tuple(_least(line, summary.spend_cny, lang) for line in study.least)
    blocks = [Block("list", items, say("page.budgets.goals", lang))] if items else [Block("words", words=say("page.budgets.no_goal", lang))]
    blocks.append(table(_methods(study, unit, lang)))
    if summary.last_year_event_cny is None:
        blocks.append(Block("words", words=say("page.budgets.no_last_year", lang)))
    return section("budgets", lang, _finding(study, lang), say("page.budgets.lead", lang), blocks)


def _finding(study: Study, lang: str) -> str:
    found = [line for line in study.methods if line.found]
    if not found:
        return say("page.budgets.none", lang)
    best = max(found, key=lambda line: line.value_cny)
    return say(
        "page.budgets.finding", lang, name=say(f"page.budgets.method_{best.code}", lang), value=money(best.value_cny, lang), budget=money(best.budget_cny, lang)
    )


def _amount(line: LeastLine, amount: float, lang: str) -> str:
    return say("page.budgets.clients", lang, figure=number(amount, lang)) if line.kind == "reached" else money(amount, lang)


def _least(line: LeastLine, spend_cny: float, lang: str) -> str:
    goal = say(f"page.budgets.goal_{line.kind}", lang, goal=_amount(line, line.goal, lang))
    if not line.found:
        return say("page.budgets.not_found", lang, goal=goal)
    if not line.in_reach:
        values = {"most": _amount(line, line.most, lang), "attained": _amount(line, line.attained, lang)}
        return say("page.budgets.out_of_reach", lang, goal=goal, spend=money(line.spend_cny, lang), **values)
    more = line.spend_cny - spend_cny
    against = say("page.budgets.more" if more >= 0 else "page.budgets.less", lang, money=money(abs(more), lang))
    parts = {"event": money(line.event_cny, lang), "concession": money(line.concession_cny, lang)}
    return say("page.budgets.least_words", lang, goal=goal, spend=money(line.spend_cny, lang), bound=money(line.bound_cny, lang), against=against, **parts)


def _methods(study: Study, unit: Scale, lang: str) -> Table:
    heads = [say(f"page.budgets.column_{name}", lang) for name in ("method", "budget")]
    heads += [say(f"page.column.{name}", lang) for name in ("events", "concessions", "net_value", "added", "return")]
    rows = []
    for line in study.methods:
        name, spend = say(f"page.budgets.method_{line.code}", lang), line.event_cny + line.concession_cny
        if not line.found:
            rows.append([name, unit.number(line.budget_cny, lang), *[NONE] * 4, say("page.budgets.not_possible", lang)])
            continue
        value, added, *costs = unit.balanced(line.value_cny, line.added_cny, line.event_cny, line.concession_cny)
        amounts = (line.budget_cny, *costs, value, added)
        rows.append([name, *(unit.number(amount, lang) for amount in amounts), number(ratio(line.added_cny, spend), lang, 2) if spend else NONE])
    return Table(say("page.budgets.table", lang), say("page.budgets.table_note", lang, unit=unit.name(lang)), heads, rows, wide=True)
