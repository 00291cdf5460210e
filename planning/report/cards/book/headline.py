"""The client book at a glance: how many clients, what they bring, how it is spread, what needs attention."""

from markupsafe import Markup

from planning.plan.client_book import ClientBook
from planning.report.cards.book.standards import spread_of
from planning.report.cards.book.words import few
from planning.report.cards.card import Card
from planning.report.cards.headline import Figure
from planning.report.cards.wording import ratio
from planning.report.formats import day, money, money_parts, number, percent
from planning.report.html import clauses, render, rich, strong
from planning.report.i18n import LANGS, pick, say


def headline(book: ClientBook, lang: str = "zh") -> Card:
    """The book in a sentence and four numbers."""
    zh, en = (say("book.title", one) for one in LANGS)
    return Card("headline", _html(book, "zh"), _html(book, "en"), lang, (zh, en))


def _html(book: ClientBook, lang: str) -> str:
    return render(
        "headline.j2",
        lang,
        bank=pick(book.bank_names, lang),
        dated=say("page.data_date", lang, date=day(book.data_date, lang)),
        state="",
        warnings=[say("page.sample", lang)] if book.sample else [],
        relaxed=[],
        title=say("book.title", lang),
        sentence=_sentence(book, lang),
        figures=(_clients(book, lang), _contribution(book, lang), _assets(book, lang), _pool(book, lang)),
        asks_title=say("book.asks.title", lang),
        asks=_asks(book, lang),
        sheet=None,
    )


def _contribution_cny(book: ClientBook) -> float:
    return sum(group.contribution_cny for group in book.groups)


def _sentence(book: ClientBook, lang: str) -> Markup:
    tiered = [group for group in book.groups if group.tier]
    count, brought, whole = sum(group.clients for group in tiered), sum(group.contribution_cny for group in tiered), _contribution_cny(book)
    pool = book.ways.concentration.pool.share_of_contribution
    figures = {"clients": number(book.clients, lang), "tiered": number(count, lang), "part": percent(ratio(count, book.clients), lang, 0)}
    contribution = strong(money(whole, lang))
    if pool is None:
        return clauses(rich("book.sentence_no_share", lang, contribution=contribution, **figures))
    shares = {"share": strong(percent(pool, lang, 0)), "tiered_share": percent(ratio(brought, whole), lang, 0)}
    return clauses(rich("book.sentence", lang, contribution=contribution, **shares, **figures))


def _clients(book: ClientBook, lang: str) -> Figure:
    of_kind = {kind: sum(group.clients for group in book.groups if group.kind == kind) for kind in ("personal", "corporate")}
    reach = sum(group.approachable for group in book.groups)
    kinds = {kind: number(count, lang) for kind, count in of_kind.items()}
    lines = (
        *(() if few(list(of_kind.values()), book.min_cell) else (say("book.kpi.clients_kinds", lang, **kinds),)),
        say("book.kpi.clients_reach", lang, n=reach, share=percent(ratio(reach, book.clients), lang, 0)),
    )
    return Figure(say("book.kpi.clients", lang), number(book.clients, lang), say("book.kpi.clients_unit", lang), lines)


def _contribution(book: ClientBook, lang: str) -> Figure:
    whole, last, spread = _contribution_cny(book), book.last_contribution_cny, book.ways.concentration
    lines: list[str | Markup] = []
    if any(one.clients for one in book.filled if one.column == "contribution_last_cny"):
        change = ratio(whole - last, abs(last))
        arrow = Markup("<b>{} {}</b>").format("▲" if change >= 0 else "▼", percent(abs(change), lang))
        lines.append(rich("book.kpi.contribution_last", lang, last=money(last, lang), change=arrow))
    if spread.losing >= book.min_cell:
        lines.append(say("book.kpi.contribution_losing", lang, n=spread.losing, money=money(spread.losing_cny, lang)))
    return Figure(say("book.kpi.contribution", lang), *money_parts(whole, lang), tuple(lines))


def _assets(book: ClientBook, lang: str) -> Figure:
    assets, loans = (sum(getattr(group, what) for group in book.groups) for what in ("assets_cny", "loans_cny"))
    lines = (
        say("book.kpi.assets_loans", lang, loans=money(loans, lang)),
        say("book.kpi.assets_yield", lang, figure=number(100 * ratio(_contribution_cny(book), assets), lang, 2)),
    )
    return Figure(say("book.kpi.assets", lang), *money_parts(assets, lang), lines)


def _pool(book: ClientBook, lang: str) -> Figure:
    spread = book.ways.concentration
    if spread.pool.share_of_contribution is None or spread.gini is None:
        return Figure(say("book.kpi.pool", lang), "–", "", (say("book.kpi.pool_none", lang),))
    lines = (say("book.kpi.pool_clients", lang, n=spread.pool.clients), say("book.kpi.pool_gini", lang, gini=number(spread.gini, lang, 2)))
    return Figure(say("book.kpi.pool", lang), percent(spread.pool.share_of_contribution, lang, 0), say("book.kpi.pool_unit", lang), lines)


def _asks(book: ClientBook, lang: str) -> list[str]:
    asks = []
    national = book.ways.standing("national")
    if national.available and len(national.regions) > 1:
        low, high = spread_of(national)
        standard = say(f"cli.tiers.standard.{book.ways.in_use}", lang)
        asks.append(say("book.asks.spread", lang, low=percent(low.share(), lang), high=percent(high.share(), lang), standard=standard))
    tiered = [group for group in book.groups if group.tier]
    clients, out = (sum(counts) for counts in ((group.clients for group in tiered), (group.clients - group.approachable for group in tiered)))
    if out >= book.min_cell:
        asks.append(say("book.asks.unapproachable", lang, n=out, share=percent(ratio(out, clients), lang)))
    if book.alerts.total.clients >= book.min_cell:
        most = max(book.alerts.rules, key=lambda line: line.open)
        asks.append(say("book.asks.alerts", lang, n=book.alerts.total.open, rule=say(f"terms.alert.rule.{most.rule}", lang), most=number(most.open, lang)))
    above = sum(line.above_risk for line in book.fit.bank)
    if above >= book.min_cell:
        asks.append(say("book.asks.above_risk", lang, n=above))
    stale, differing = (sum(1 for fact in book.library if getattr(fact, what)) for what in ("stale", "differs"))
    if stale:
        asks.append(say("book.asks.stale", lang, n=stale, days=number(book.policy["library"]["stale_after_days"], lang)))
    if differing:
        asks.append(say("book.asks.differs", lang, n=differing))
    return asks
