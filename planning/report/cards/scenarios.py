"""Named scenarios: what leadership chooses between, side by side and line by line against the base plan."""

from collections.abc import Callable, Sequence

from markupsafe import Markup

from planning.errors import Fault
from planning.plan.study import Difference, ScenarioLine, Study
from planning.plan.summary import Summary
from planning.report.cards import relaxed
from planning.report.cards.card import Card
from planning.report.cards.headline import Figure
from planning.report.cards.privacy import alone
from planning.report.cards.section import Block, folded, section, table
from planning.report.cards.wording import SHAPE, depth, named, opening, planned, ratio
from planning.report.formats import NONE, Scale, day, money, money_parts, number, percent, scale
from planning.report.html import Table, clauses, render, rich, strong
from planning.report.i18n import LANGS, listing, pick, say

MOST_LINES = 60  # differences a table shows
Told = Callable[[Sequence[Fault], str], list[str]]  # faults as sentences


def comparison(summary: Summary, study: Study, lang: str = "zh") -> Card:
    """The first thing read: which scenario is worth most, and what there is to decide."""
    zh, en = (say("page.scenarios.title", one, period=planned(summary, one)) for one in LANGS)
    return Card("headline", _head(summary, study, "zh"), _head(summary, study, "en"), lang, (zh, en))


def scenarios(summary: Summary, study: Study, told: Told, lang: str = "zh") -> Card:
    """The scenarios side by side, with what differs line by line."""
    return Card("scenarios", _html(summary, study, told, "zh"), _html(summary, study, told, "en"), lang)


def _head(summary: Summary, study: Study, lang: str) -> str:
    return render(
        "headline.j2",
        lang,
        bank=pick(summary.bank_names, lang),
        dated=say("page.data_date", lang, date=day(summary.plan.policy["data_date"], lang)),
        state=summary.plan.state,
        warnings=[say("page.sample", lang)] if summary.sample else [],
        relaxed=relaxed.lines(summary, lang),
        title=say("page.scenarios.title", lang, period=planned(summary, lang)),
        sentence=_sentence(summary, study, lang),
        figures=_figures(summary, study, lang),
        asks_title=say("page.ask.title", lang),
        asks=_asks(summary, study, lang),
        sheet=None,
    )


def _best(study: Study) -> ScenarioLine | None:
    return max((line for line in study.scenarios if line.status), key=lambda line: line.value_cny, default=None)


def _sentence(summary: Summary, study: Study, lang: str) -> Markup:
    best, value = _best(study), summary.plan.totals.value_cny
    if best is None or best.value_cny <= value:
        return clauses(rich("page.scenarios.head_base", lang, n=len(study.scenarios), value=strong(money(value, lang))))
    key = "page.scenarios.head_proven" if best.proven_cny > 0 else "page.scenarios.head_unproven"
    difference = strong(money(best.value_cny - value, lang))
    return clauses(rich(key, lang, n=len(study.scenarios), name=pick(best.names, lang), difference=difference, proven=money(best.proven_cny, lang)))


def _figures(summary: Summary, study: Study, lang: str) -> tuple[Figure, ...]:
    totals = summary.plan.totals
    figures = [
        Figure(
            say("page.scenarios.base_value", lang),
            *money_parts(totals.value_cny, lang),
            (say("page.kpi.parts", lang, event=money(totals.event_cny, lang), concession=money(totals.concession_cny, lang)),),
        )
    ]
    best = _best(study)
    if best is not None:
        lines = (pick(best.names, lang), say("page.scenarios.spend", lang, spend=money(best.spend_cny, lang)))
        figures.append(Figure(say("page.scenarios.best_value", lang), *money_parts(best.value_cny, lang), lines))
    for one in [line for line in study.least if line.found][:1]:
        lines = (say(f"page.budgets.goal_{one.kind}", lang, goal=_goal(one.kind, one.goal, lang)), say(f"page.budgets.in_reach_{_yes(one.in_reach)}", lang))
        figures.append(Figure(say("page.budgets.least", lang), *money_parts(one.spend_cny, lang), lines))
    unit = say("page.alternatives.unit", lang, n=len(study.alternatives))
    figures.append(Figure(say("page.nav.alternatives", lang), number(len(study.alternatives), lang), unit, (say("page.alternatives.within", lang),)))
    return tuple(figures)


def _asks(summary: Summary, study: Study, lang: str) -> list[str]:
    names = [pick(line.names, lang) for line in study.scenarios if line.status]
    asks = [say("page.scenarios.ask_scenario", lang, names=listing([say("page.scenarios.base", lang), *names], lang))] if names else []
    asks.append(say("page.scenarios.ask_budget", lang, spend=money(summary.event_budget.limit_cny + summary.concession_budget.limit_cny, lang)))
    if study.alternatives:
        asks.append(say("page.scenarios.ask_alternative", lang, n=len(study.alternatives)))
    return asks


def _goal(kind: str, amount: float, lang: str) -> str:
    return say("page.budgets.clients", lang, figure=number(amount, lang)) if kind == "reached" else money(amount, lang)


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"


def _html(summary: Summary, study: Study, told: Told, lang: str) -> str:
    unit = scale([amount for line in study.scenarios for amount in (line.value_cny, line.spend_cny, line.added_cny)] or [summary.spend_cny], lang)
    blocks = [table(_side_by_side(summary, study, unit, lang)), *_notes(study, lang), *_regrets(study, lang)]
    for line in study.scenarios:
        if line.faults:
            name = say("page.scenarios.not_possible", lang, name=pick(line.names, lang))
            blocks.append(Block("list", tuple(sentence.strip() for sentence in told(line.faults, lang)), name))
        else:
            blocks.append(_differences(summary, line, lang))
    return section("scenarios", lang, _finding(study, lang), say("page.scenarios.lead", lang), blocks)


def _finding(study: Study, lang: str) -> str:
    solved = [line for line in study.scenarios if line.status]
    some = [pick(line.names, lang) for line in solved if line.proven_cny > 0]
    fewer = [pick(line.names, lang) for line in solved if line.proven_cny < 0]
    said = [say("page.scenarios.proven_more", lang, names=listing(some, lang))] if some else []
    said += [say("page.scenarios.proven_less", lang, names=listing(fewer, lang))] if fewer else []
    if not said:
        return say("page.scenarios.none_proven", lang, n=len(solved))
    return say("page.two_findings", lang, first=said[0], second=said[1]) if len(said) == 2 else opening(said[0])


def _side_by_side(summary: Summary, study: Study, unit: Scale, lang: str) -> Table:
    heads = [say(f"page.column.{name}", lang) for name in ("plan", "net_value")]
    heads += [say(f"page.scenarios.column_{name}", lang) for name in ("difference", "proven", "by_base")]
    heads += [say(f"page.column.{name}", lang) for name in ("events", "concessions", "added", "return")]
    heads += [say(f"page.scenarios.column_{name}", lang) for name in ("status", "binding")]
    totals, solve = summary.plan.totals, summary.plan.solve
    binding = tuple(rule.code for rule in summary.rules if rule.state == "binding" and rule.code not in SHAPE)
    base = ScenarioLine(
        "base", ("", ""), (), totals.value_cny, solve.bound, totals.event_cny, totals.concession_cny, summary.added_cny,
        summary.reached_clients, solve.status, solve.gap, binding,
    )  # fmt: skip
    rows = [_row(base, say("page.scenarios.base", lang), None, unit, lang)]
    shown = unit.balanced(totals.value_cny, summary.added_cny, totals.event_cny, totals.concession_cny)[0]
    rows += [_row(line, pick(line.names, lang), shown, unit, lang) for line in study.scenarios]
    note = say("page.scenarios.table_note", lang, unit=unit.name(lang))
    return Table(say("page.scenarios.table", lang), note, heads, rows, left=frozenset({0, 9, 10}), wide=True)


def _row(line: ScenarioLine, name: str, base_value: float | None, unit: Scale, lang: str) -> list[str]:
    """A scenario's figures; `base_value` = the base plan's value as its row shows it."""
    if not line.status:
        return [name, *[NONE] * 8, say("page.scenarios.status_none", lang), NONE]
    proven = NONE if base_value is None else unit.number(line.proven_cny, lang) if line.proven_cny else say("terms.none", lang)
    by_base = NONE if line.base_value_cny is None else unit.number(line.base_value_cny, lang)
    value, added, *costs = unit.balanced(line.value_cny, line.added_cny, line.event_cny, line.concession_cny)
    amounts = [unit.number(amount, lang) for amount in (*costs, added)]
    difference = NONE if base_value is None else unit.number(value - base_value, lang)
    told = number(ratio(line.added_cny, line.spend_cny), lang, 2) if line.spend_cny else NONE
    status = say(f"page.scenarios.status_{line.status}", lang, gap=percent(line.gap, lang, 2), bound=unit.number(line.bound_cny, lang))
    rules = say("terms.semicolon", lang).join(say(f"rules.{code}", lang) for code in line.binding) or say("terms.none", lang)
    return [name, unit.number(value, lang), difference, proven, by_base, *amounts, told, status, rules]


def _notes(study: Study, lang: str) -> list[Block]:
    items = [
        say("page.scenarios.changes", lang, name=pick(line.names, lang), changes=say("terms.semicolon", lang).join(line.overrides))
        for line in study.scenarios
        if line.overrides
    ]
    return [Block("list", tuple(items), say("page.scenarios.changed", lang))] if items else []


def _regrets(study: Study, lang: str) -> list[Block]:
    """What keeping the base plan would forgo where clients answer otherwise, the worst first."""
    found = sorted(((line.regret_cny, line) for line in study.scenarios if line.regret_cny is not None), key=lambda one: (-one[0][0], one[1].name))
    items = []
    for (least, most), line in found:
        kept = money(line.kept_value_cny or 0.0, lang)
        items.append(say("page.scenarios.regret_item", lang, name=pick(line.names, lang), kept=kept, least=money(least, lang), most=money(most, lang)))
    return [Block("list", tuple(items), say("page.scenarios.regret", lang, most=money(max(most for (_, most), _ in found), lang)))] if items else []


def _differences(summary: Summary, line: ScenarioLine, lang: str) -> Block:
    name, tiers = pick(line.names, lang), alone(summary)["tier"]
    if not line.differences:
        return Block("words", words=say("page.scenarios.same", lang, name=name))
    told = [one for one in line.differences if one.what != "guests" or one.codes[0] in tiers]
    shown = told[:MOST_LINES]
    rows = [_difference(one, lang) for one in sorted(shown, key=lambda one: ("sessions", "ladder", "guests").index(one.what))]
    heads = [say(f"page.scenarios.column_{name}", lang) for name in ("what", "where", "base", "scenario", "more")]
    note = say("page.scenarios.lines_proven" if line.proven_cny else "page.scenarios.lines_unproven", lang)
    words = say("page.scenarios.differences", lang, name=name, n=len(told))
    return folded(words, Table(say("page.scenarios.differences_table", lang, name=name), note, heads, rows, left=frozenset({0, 1}), wide=True))


def _difference(one: Difference, lang: str) -> list[str]:
    what = say(f"page.scenarios.what_{one.what}", lang)
    if one.what == "ladder":
        concession = one.codes[0]
        where = " · ".join([named(concession, lang), *(named(zh, lang) if zh == en else pick((zh, en), lang) for zh, en in one.where)])
        return [what, where, depth(one.before, concession, lang), depth(one.after, concession, lang), NONE]
    where = " · ".join(pick(names, lang) for names in one.where)
    return [what, where, number(one.before, lang), number(one.after, lang), number(one.after - one.before, lang)]
