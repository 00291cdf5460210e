"""The first thing read: what is proposed, what it brings, against what; four numbers; what leadership decides."""

from dataclasses import dataclass

from markupsafe import Markup

from planning.plan.summary import BaselineLine, Summary
from planning.report.cards import relaxed, signing
from planning.report.cards.card import Card
from planning.report.cards.compare import best, difference
from planning.report.cards.privacy import alone
from planning.report.cards.risks import range_words
from planning.report.cards.visits import hours_of
from planning.report.cards.wording import depth_words, planned, ratio, setting
from planning.report.formats import NONE, day, money, money_parts, number, percent, split
from planning.report.html import clauses, render, rich, strong
from planning.report.i18n import LANGS, listing, pick, say, table_heading


@dataclass(frozen=True)
class Figure:
    """One of the four numbers, with its unit and the lines under it."""

    label: str
    figure: str
    unit: str
    lines: tuple[str | Markup, ...]


def headline(summary: Summary, lang: str = "zh") -> Card:
    """What is proposed, what it brings, and the four numbers that say it."""
    zh, en = (say("page.title", one, period=planned(summary, one)) for one in LANGS)
    return Card("headline", _html(summary, "zh"), _html(summary, "en"), lang, (zh, en))


def _html(summary: Summary, lang: str) -> str:
    plan = summary.plan
    warnings = [say("page.sample", lang)] if summary.sample else []
    return render(
        "headline.j2",
        lang,
        bank=pick(summary.bank_names, lang),
        dated=say("page.data_date", lang, date=day(plan.policy["data_date"], lang)),
        state=plan.state,
        warnings=warnings,
        relaxed=relaxed.lines(summary, lang),
        title=say("page.title", lang, period=planned(summary, lang)),
        sentence=_sentence(summary, lang),
        figures=(_budget(summary, lang), _added(summary, lang), _return(summary, lang), _reached(summary, lang)),
        asks_title=say("page.ask.title", lang),
        asks=_asks(summary, lang),
        sheet=signing.sheet(summary, lang),
    )


def _sentence(summary: Summary, lang: str) -> Markup:
    if summary.spend_cny <= 0:
        return clauses(rich("page.headline_nothing", lang))
    values = {"spend": strong(money(summary.spend_cny, lang)), "added": strong(money(summary.added_cny, lang))}
    words = {"versus": difference(summary, lang), "where": _where(summary, lang)}
    return clauses(rich("page.headline", lang, n=summary.plan.policy["value"]["horizon_years"], **values, **words))


def _where(summary: Summary, lang: str) -> str:
    seen = alone(summary)["tier"]
    spent = sorted((tier for tier in summary.tiers if tier.code in seen), key=lambda tier: -tier.spend_cny)
    if len(spent) <= 2:
        event, concession = _spent(summary, lang)
        return say("page.where_parts", lang, event=event, concession=concession)
    share = spent[0].spend_cny / summary.spend_cny
    if share >= 0.5:
        return say("page.where_one", lang, tier=pick(spent[0].names, lang), share=percent(share, lang, 0))
    share += spent[1].spend_cny / summary.spend_cny
    return say("page.where_two", lang, first=pick(spent[0].names, lang), second=pick(spent[1].names, lang), share=percent(share, lang, 0))


def _spent(summary: Summary, lang: str) -> list[str]:
    """What events and concessions cost, in words that add up to the spending beside them."""
    return split((summary.plan.totals.event_cny, summary.plan.totals.concession_cny), lang)


def _budget(summary: Summary, lang: str) -> Figure:
    limit = summary.event_budget.limit_cny + summary.concession_budget.limit_cny
    event, concession = _spent(summary, lang)
    lines: list[str | Markup] = [
        say("page.kpi.parts", lang, event=event, concession=concession),
        say("page.kpi.of_limit", lang, limit=money(limit, lang), share=percent(ratio(summary.spend_cny, limit), lang, 0)),
        say("page.kpi.of_base", lang, share=percent(ratio(summary.spend_cny, summary.base_contribution_cny), lang)),
    ]
    if summary.last_year_event_cny is not None and summary.last_year_concession_cny is not None:
        last = summary.last_year_event_cny + summary.last_year_concession_cny
        lines.append(_change(summary.spend_cny, last, say(f"page.last_year.{summary.period}", lang), lang))
    return Figure(say("page.kpi.budget", lang), *money_parts(summary.spend_cny, lang), tuple(lines))


def _added(summary: Summary, lang: str) -> Figure:
    uplift, gain = split((summary.plan.totals.uplift_cny, summary.plan.totals.gain_cny), lang)
    lines: list[str | Markup] = [
        say("page.kpi.parts", lang, event=uplift, concession=gain),
        say("page.kpi.net", lang, net=money(summary.added_cny - summary.spend_cny, lang)),
    ]
    if summary.risks is not None and summary.risks.bars:
        lines.insert(0, range_words(summary.risks, lang))
    other = best(summary)
    if other is not None and other.added_cny > 0:
        lines.append(_change(summary.added_cny, other.added_cny, say(f"terms.baseline.{other.code}", lang), lang))
    label = say("page.kpi.added", lang, n=summary.plan.policy["value"]["horizon_years"])
    return Figure(label, *money_parts(summary.added_cny, lang), tuple(lines))


def _return(summary: Summary, lang: str) -> Figure:
    others = [line for line in summary.baselines if line.code != "this_plan" and line.event_cny + line.concession_cny > 0]
    lines = tuple(say("page.kpi.return_of", lang, name=say(f"terms.baseline.{line.code}", lang), figure=_per_yuan(line, lang)) for line in others)
    if summary.spend_cny <= 0:
        return Figure(say("page.kpi.return", lang), NONE, "", lines)
    return Figure(say("page.kpi.return", lang), number(ratio(summary.added_cny, summary.spend_cny), lang, 2), say("page.kpi.return_unit", lang), lines)


def _reached(summary: Summary, lang: str) -> Figure:
    share = percent(ratio(summary.reached_clients, summary.segmented), lang, 0)
    guests = sum(line.guests for line in summary.sessions)
    lines = (
        say("page.kpi.reached_of", lang, clients=number(summary.segmented, lang), share=share),
        say("page.kpi.attendances", lang, figure=number(guests, lang)),
        say("page.kpi.holdout", lang, share=setting(summary.plan.policy["evaluation"]["holdout_share"], "share", lang)),
    )
    return Figure(say("page.kpi.reached", lang), number(summary.reached_clients, lang), say("page.kpi.reached_unit", lang), lines)


def _asks(summary: Summary, lang: str) -> list[str]:
    event, concession = _spent(summary, lang)
    asks = [say("page.relaxed.ask", lang, n=len(summary.plan.relaxed))] if summary.plan.relaxed else []
    share = percent(ratio(summary.spend_cny, summary.base_contribution_cny), lang)
    spent = {"spend": money(summary.spend_cny, lang), "share": share, "event": event, "concession": concession}
    asks.append(say("page.ask.budget", lang, **spent) if summary.spend_cny > 0 else say("page.ask.no_budget", lang))
    depths = depth_words(summary.ladder, lang)
    asks.append(say("page.ask.ladder", lang, depths=say("terms.clause_comma", lang).join(depths)) if depths else say("page.ask.no_ladder", lang))
    short = [line for line in hours_of(summary, len(summary.branches)) if line.state == "short"]
    if short:
        worst = max(short, key=lambda line: line.needed - line.hours)
        missing = sum(line.needed - line.hours for line in short)
        told = {"n": len(short), "worst": pick(worst.names, lang)}
        hours = number(missing, lang)
        hours = say("terms.about", lang, figure=hours) if any(line.about for line in short) else hours
        asks.append(say("page.ask.hours", lang, hours=hours, **told) if missing > 0.5 else say("page.ask.hours_untold", lang, **told))
    borrowed = [table_heading(origin.table, lang) for origin in summary.origins if origin.borrowed]
    if borrowed:
        asks.append(say("page.ask.borrowed", lang, tables=listing(borrowed, lang)))
    return asks


def _change(now: float, before: float, against: str, lang: str) -> Markup:
    change = ratio(now - before, before)
    arrow = "▲" if change >= 0 else "▼"
    return rich("page.kpi.change", lang, change=Markup("<b>{} {}</b>").format(arrow, percent(abs(change), lang, 0)), against=against)


def _per_yuan(line: BaselineLine, lang: str) -> str:
    return number(ratio(line.added_cny, line.event_cny + line.concession_cny), lang, 2)
