"""A branch's page at a glance: what it is given, what it is expected to bring, and how that compares with the bank."""

from markupsafe import Markup

from planning.plan.branch import Branches, BranchPlan
from planning.report.cards.branches.apart import Apart, apart
from planning.report.cards.branches.words import NONE_BESIDE, Beside, opening, title
from planning.report.cards.card import Card
from planning.report.cards.headline import Figure
from planning.report.cards.load import about
from planning.report.cards.wording import ratio
from planning.report.formats import day, money, money_parts, month_in_words, number, percent, split
from planning.report.html import clauses, rich, strong
from planning.report.i18n import LANGS, pick, say


def headline(found: Branches, of: BranchPlan, lang: str = "zh", beside: Beside = NONE_BESIDE) -> Card:
    """What the branch is given, in a sentence and four numbers, with links to the pages `beside` it."""
    zh, en = (title(found, of, one) for one in LANGS)
    return Card("headline", _html(found, of, "zh", beside), _html(found, of, "en", beside), lang, (zh, en))


def _html(found: Branches, of: BranchPlan, lang: str, beside: Beside) -> str:
    shown = apart(found)
    withheld = of.branch in shown.withheld
    figures = (_sessions(of, lang, withheld), *(() if withheld else (_spend(found, of, lang), _added(found, of, lang), _clients(found, of, lang))))
    return opening(
        found,
        beside,
        lang,
        title=title(found, of, lang),
        sentence=clauses(rich("branches.withheld", lang, n=found.min_cell, branch=pick(of.names, lang))) if withheld else _sentence(found, of, lang),
        figures=figures,
        asks_title=say("branches.asks.title", lang),
        asks=_asks(of, shown, lang),
    )


def _sentence(found: Branches, of: BranchPlan, lang: str) -> Markup:
    line, bank = apart(found).lines[of.branch], found.bank
    if line.spend_cny <= 0:
        return clauses(rich("branches.nothing", lang, branch=pick(of.names, lang)))
    words = {
        "spend": strong(money(line.spend_cny, lang)),
        "added": strong(money(line.added_cny, lang)),
        "share": percent(ratio(line.spend_cny, bank.spend_cny), lang),
        "brings": percent(ratio(line.added_cny, bank.added_cny), lang),
    }
    return clauses(rich("branches.sentence", lang, n=found.plan.policy["value"]["horizon_years"], **words))


def _sessions(of: BranchPlan, lang: str, withheld: bool) -> Figure:
    others = sum(line.sessions for line in of.invitations if not line.own)
    lines = [say("branches.kpi.others", lang, n=others)]
    if not withheld:
        lines.append(say("branches.kpi.guests", lang, figure=number(of.guests, lang)))
    return Figure(say("branches.kpi.sessions", lang), number(of.sessions, lang), say("branches.kpi.sessions_unit", lang, n=of.sessions), tuple(lines))


def _spend(found: Branches, of: BranchPlan, lang: str) -> Figure:
    line = apart(found).lines[of.branch]
    event, concession = split((line.event_cny, line.concession_cny), lang)
    lines = (
        say("page.kpi.parts", lang, event=event, concession=concession),
        say("branches.kpi.of_bank", lang, share=percent(ratio(line.spend_cny, found.bank.spend_cny), lang)),
        say("branches.kpi.head", lang, own=_head(line.spend_cny, line.clients, lang), bank=_head(found.bank.spend_cny, found.bank.clients, lang)),
        *([say("branches.kpi.reckoned", lang)] if line.about else []),
    )
    return Figure(say("branches.kpi.spend", lang), *money_parts(line.spend_cny, lang), lines)


def _added(found: Branches, of: BranchPlan, lang: str) -> Figure:
    line = apart(found).lines[of.branch]
    uplift, gain = split((line.uplift_cny, line.gain_cny), lang)
    lines = (
        say("page.kpi.parts", lang, event=uplift, concession=gain),
        say("branches.kpi.of_bank", lang, share=percent(ratio(line.added_cny, found.bank.added_cny), lang)),
        say("page.kpi.net", lang, net=money(line.added_cny - line.spend_cny, lang)),
    )
    return Figure(say("page.kpi.added", lang, n=found.plan.policy["value"]["horizon_years"]), *money_parts(line.added_cny, lang), lines)


def _clients(found: Branches, of: BranchPlan, lang: str) -> Figure:
    shares = {"clients": ratio(of.line.clients, found.bank.clients), "contribution": ratio(of.line.contribution_cny, found.bank.contribution_cny)}
    lines = tuple(say(f"branches.kpi.share_{name}", lang, share=percent(share, lang)) for name, share in shares.items())
    return Figure(say("branches.kpi.clients", lang), number(of.line.clients, lang), say("page.kpi.reached_unit", lang), lines)


def _head(amount: float, clients: int, lang: str) -> str:
    return number(ratio(amount, clients), lang)


def _asks(of: BranchPlan, shown: Apart, lang: str) -> list[str]:
    asks = []
    if of.invitations:
        first = min(of.invitations, key=lambda line: (line.notice_by, line.event))
        told = {"event": pick(first.names, lang), "month": month_in_words(first.month, lang), "date": day(first.notice_by, lang)}
        asks.append(say("branches.asks.notice", lang, **told))
    hours = shown.hours[of.branch]
    missing = hours.needed - hours.hours
    if hours.state == "short" and of.branch not in shown.withheld:
        short = say("branches.asks.hours", lang, hours=about(number(missing, lang), hours, lang))
        asks.append(short if missing > 0.5 else say("branches.asks.hours_untold", lang))
    return asks
