"""The index of all branches' pages: the plan's state and date, each branch's key numbers, by region, with links that work in the folder alone."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from planning.plan.branch import Branches, BranchPlan
from planning.report.cards.branches.apart import apart
from planning.report.cards.branches.sources import sources
from planning.report.cards.branches.words import NONE_BESIDE, Beside, file_names, link, opening, planned
from planning.report.cards.card import Card
from planning.report.cards.headline import Figure
from planning.report.cards.section import section, table
from planning.report.cards.wording import ratio
from planning.report.formats import Scale, money, money_parts, number, percent, scale, split
from planning.report.html import Table, clauses, rich, strong
from planning.report.i18n import LANGS, pick, say

AMOUNTS = ("event_cny", "concession_cny", "added_cny")


def index(found: Branches, lang: str = "zh", beside: Beside = NONE_BESIDE) -> tuple[Card, ...]:
    """The head of the index, its list of branches, and where they come from."""
    zh, en = (say("branches.index.title", one, period=planned(found, one)) for one in LANGS)
    head = Card("headline", _head(found, "zh", beside), _head(found, "en", beside), lang, (zh, en))
    return head, Card("", _list(found, "zh"), _list(found, "en"), lang), sources(found, lang)


def _head(found: Branches, lang: str, beside: Beside) -> str:
    bank = found.bank
    words = {"spend": strong(money(bank.spend_cny, lang)), "added": strong(money(bank.added_cny, lang))}
    sentence = clauses(rich("branches.index.sentence", lang, n=len(found.branches), **words))
    return opening(
        found,
        beside,
        lang,
        title=say("branches.index.title", lang, period=planned(found, lang)),
        sentence=sentence,
        figures=_figures(found, lang),
        asks_title="",
        asks=[],
    )


def _figures(found: Branches, lang: str) -> tuple[Figure, ...]:
    bank, own = found.bank, sum(one.sessions for one in found.branches)
    horizon = found.plan.policy["value"]["horizon_years"]
    parts = dict(zip(("event", "concession"), split((bank.event_cny, bank.concession_cny), lang), strict=True))
    return (
        Figure(
            say("branches.index.branches", lang),
            number(len(found.branches), lang),
            say("branches.index.branches_unit", lang, n=len(found.branches)),
            (_regions(found, lang),),
        ),
        Figure(say("branches.index.own", lang), number(own, lang), say("branches.kpi.sessions_unit", lang, n=own), (_all_sessions(found, lang),)),
        Figure(say("branches.kpi.spend", lang), *money_parts(bank.spend_cny, lang), (say("page.kpi.parts", lang, **parts),)),
        Figure(say("page.kpi.added", lang, n=horizon), *money_parts(bank.added_cny, lang), (_net(found, lang),)),
    )


def _regions(found: Branches, lang: str) -> str:
    return say("branches.index.regions", lang, n=len({one.region for one in found.branches}))


def _all_sessions(found: Branches, lang: str) -> str:
    return say("branches.index.all_sessions", lang, n=sum(row.sessions for row in found.plan.sessions))


def _net(found: Branches, lang: str) -> str:
    return say("page.kpi.net", lang, net=money(found.bank.added_cny - found.bank.spend_cny, lang))


def _list(found: Branches, lang: str) -> str:
    regions = list(dict.fromkeys(one.region for one in found.branches))
    names = [pick(next(one.region_names for one in found.branches if one.region == region), lang) for region in regions]
    jumps = Markup(" ").join(Markup('<a href="#region-{}">{}</a>').format(place, name) for place, name in enumerate(names, 1))
    nav = Markup('<nav aria-label="{}">{}</nav>').format(say("branches.index.by_region", lang), jumps) if len(regions) > 1 else Markup("")
    lines = apart(found).lines.values()
    unit = scale([amount for line in lines for amount in (line.spend_cny, line.added_cny)], lang)
    units = {amount: unit.suited([getattr(line, amount) for line in lines]) for amount in AMOUNTS}
    parts = [
        section(f"region-{place}", lang, *_region_words(found, region, name, lang), [table(_table(found, (region, name), units, lang))])
        for place, (region, name) in enumerate(zip(regions, names, strict=True), 1)
    ]
    return nav + Markup("").join(Markup(part) for part in parts)


def _region_words(found: Branches, region: str, name: str, lang: str) -> tuple[str, str]:
    own = [one for one in found.branches if one.region == region]
    withheld = apart(found).withheld & {one.branch for one in own}
    lead = say("branches.index.withheld", lang, n=len(withheld), least=number(found.min_cell, lang)) if withheld else ""
    return say("branches.index.region", lang, region=name, n=len(own)), lead


def _table(found: Branches, of: tuple[str, str], units: Mapping[str, Scale], lang: str) -> Table:
    heads = [say(f"page.column.{name}", lang) for name in ("branches", "clients", "sessions")]
    heads += [say("branches.column.places", lang), *(say(f"page.column.{name}", lang) for name in ("events", "concessions", "added"))]
    heads += [say("branches.column.spend_share", lang), say("branches.column.state", lang)]
    region, name = of
    names = file_names(found)
    rows = [_row(found, one, (names[one.branch], units), lang) for one in found.branches if one.region == region]
    return Table(say("branches.index.table", lang, region=name), say("branches.index.note", lang, unit=units[AMOUNTS[0]].name(lang)), heads, rows)


def _row(found: Branches, one: BranchPlan, told: tuple[str, Mapping[str, Scale]], lang: str) -> Sequence[str]:
    file, units = told
    name = link(file, pick(one.names, lang), lang)
    state = say(f"page.state.{found.plan.state}", lang)
    if one.branch in apart(found).withheld:
        return [name, say("terms.hidden", lang), number(one.sessions, lang), *[say("terms.hidden", lang)] * 5, state]
    line = apart(found).lines[one.branch]
    amounts = [units[amount].number(getattr(line, amount), lang) for amount in AMOUNTS]
    amounts[1:] = [say("terms.about", lang, figure=figure) if line.about else figure for figure in amounts[1:]]
    share = percent(ratio(line.spend_cny, found.bank.spend_cny), lang)
    return [name, number(line.clients, lang), number(one.sessions, lang), number(one.guests, lang), *amounts, share, state]
