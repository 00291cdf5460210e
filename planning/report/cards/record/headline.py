"""The model record at a glance: what it is of, what it proposes, how far that is proven, and how many lines are open."""

from planning.plan.record import ModelRecord, standings
from planning.report.cards.card import Card
from planning.report.cards.headline import Figure
from planning.report.cards.record.words import planned
from planning.report.formats import day, money, money_parts, number, percent, split
from planning.report.html import clauses, render, rich, strong
from planning.report.i18n import LANGS, pick, say


def headline(record: ModelRecord, lang: str = "zh") -> Card:
    """What the model is for, in a sentence and four numbers."""
    zh, en = (say("record.title", one, period=planned(record, one)) for one in LANGS)
    return Card("headline", _html(record, "zh"), _html(record, "en"), lang, (zh, en))


def _html(record: ModelRecord, lang: str) -> str:
    summary = record.summary
    return render(
        "headline.j2",
        lang,
        bank=pick(summary.bank_names, lang),
        dated=say("page.data_date", lang, date=day(summary.plan.policy["data_date"], lang)),
        state=summary.plan.state,
        warnings=[say("page.sample", lang)] if summary.sample else [],
        relaxed=[],
        title=say("record.title", lang, period=planned(record, lang)),
        sentence=_sentence(record, lang),
        figures=(_spend(record, lang), _range(record, lang), _proof(record, lang), _lines(record, lang)),
        asks_title=say("record.asks.title", lang),
        asks=_asks(record, lang),
        sheet=None,
    )


def _sentence(record: ModelRecord, lang: str) -> str:
    lines = standings(record)
    counts = {state: sum(line.state == state for line in lines) for state in ("met", "part", "not")}
    told = {name: strong(number(count, lang)) for name, count in (("met", counts["met"]), ("part", counts["part"]), ("none", counts["not"]))}
    return clauses(rich("record.sentence", lang, n=len(lines), plan=record.summary.plan.id, **told))


def _spend(record: ModelRecord, lang: str) -> Figure:
    summary = record.summary
    event, concession = split((summary.plan.totals.event_cny, summary.plan.totals.concession_cny), lang)
    lines = (
        say("page.kpi.parts", lang, event=event, concession=concession),
        say("record.kpi.clients", lang, clients=number(summary.segmented, lang)),
    )
    return Figure(say("record.kpi.spend", lang), *money_parts(summary.spend_cny, lang), lines)


def _range(record: ModelRecord, lang: str) -> Figure:
    summary, found = record.summary, record.summary.risks
    lines = [say("record.kpi.judged", lang, share=percent(record.judged_share, lang, 0))]
    if found is not None and found.bars:
        lines.insert(0, say("page.risks.added_range", lang, low=money(found.added.low_cny, lang), high=money(found.added.high_cny, lang)))
    return Figure(say("record.kpi.added", lang, n=summary.plan.policy["value"]["horizon_years"]), *money_parts(summary.added_cny, lang), tuple(lines))


def _proof(record: ModelRecord, lang: str) -> Figure:
    summary = record.summary
    certified = summary.certified.gap if summary.certified else None
    proven = say("record.kpi.certified", lang, gap=percent(certified, lang, 2)) if certified is not None else say("record.kpi.uncertified", lang)
    return Figure(
        say("record.kpi.gap", lang),
        percent(summary.plan.solve.gap, lang, 2),
        "",
        (proven, say("record.kpi.places", lang, places=number(summary.verified_rules, lang))),
    )


def _lines(record: ModelRecord, lang: str) -> Figure:
    lines = standings(record)
    open_lines = [line for line in lines if line.state != "met"]
    told = (say("record.kpi.of_lines", lang, n=len(lines)), say("record.kpi.not_met", lang, n=sum(line.state == "not" for line in lines)))
    return Figure(say("record.kpi.open", lang), number(len(open_lines), lang), say("record.kpi.open_unit", lang, n=len(open_lines)), told)


def _asks(record: ModelRecord, lang: str) -> list[str]:
    asks = []
    if not record.realised.any:
        asks.append(say("record.asks.outcomes", lang))
    if record.judged_share > 0:
        asks.append(say("record.asks.judged", lang, share=percent(record.judged_share, lang, 0)))
    if record.unchanged is False:
        asks.append(say("record.asks.altered", lang))
    if record.register is not None and record.register.faults:
        asks.append(say("record.asks.chain", lang))
    asks.append(say("record.asks.tier", lang))
    asks.append(say("record.asks.signers", lang))
    return asks
