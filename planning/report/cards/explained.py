"""Reasons on the page: what easing a rule is worth, the next money, events left out, where ladders stop."""

from itertools import groupby

from planning.plan.summary import Explained, LadderStop, MoreMoney, NotHeld, Summary
from planning.report.cards.section import Block, folded
from planning.report.cards.wording import place, places
from planning.report.formats import NONE, money, number
from planning.report.html import Table
from planning.report.i18n import listing, pick, say

NO_FURTHER = ("last", "no_base")  # reasons under which no further level brings or costs anything
NAMES_CLIENTS = 3  # codes of a place that names a group of clients: too narrow to print


def reasons(summary: Summary, lang: str) -> list[Block]:
    """The blocks of the card `why` that explain; none where nothing was explained."""
    found = summary.explained
    if found is None:
        return []
    blocks = [Block("list", tuple(_more(one, lang) for one in found.more_money), say("page.explained.more", lang))] if found.more_money else []
    if found.not_held:
        blocks.append(Block("list", (*(_not_held(one, lang) for one in found.not_held), *_not_tried(found, lang)), say("page.explained.not_held", lang)))
    eased = _eased(summary, found, lang)
    if eased:
        blocks.append(folded(say("page.explained.eased_summary", lang, n=len(eased)), _eased_table(eased, lang)))
    if found.stops:
        blocks.append(folded(say("page.explained.stops_summary", lang), _stops_table(found.stops, lang)))
    return blocks


def _more(one: MoreMoney, lang: str) -> str:
    budget, step = say(f"page.explained.budget.{one.budget}", lang), money(one.step_cny, lang)
    if one.most_cny <= 0:
        return say("page.explained.more_nothing", lang, budget=budget, step=step)
    figures = {"likely": money(max(one.likely_cny, 0.0), lang), "least": money(one.least_cny, lang), "most": money(one.most_cny, lang)}
    return say("page.explained.more_item", lang, budget=budget, step=step, **figures)


def _not_held(one: NotHeld, lang: str) -> str:
    event = pick(one.names, lang)
    if one.likely_cny is None or one.least_cny is None or one.most_cny is None:
        return say("page.explained.cannot_be_held", lang, event=event)
    figures = {"likely": money(max(one.likely_cny, 0.0), lang), "least": money(one.least_cny, lang), "most": money(one.most_cny, lang)}
    told = say("page.explained.not_held_item", lang, event=event, **figures)
    if not one.displaced:
        return told
    fallen = [say("page.explained.fewer", lang, n=d.sessions, event=pick(d.names, lang), host=pick(d.host_names, lang)) for d in one.displaced]
    return say("page.explained.displaces", lang, told=told, sessions=listing(fallen, lang))


def _not_tried(found: Explained, lang: str) -> list[str]:
    return [say("page.explained.not_tried", lang, n=found.not_tried)] if found.not_tried else []


def _eased(summary: Summary, found: Explained, lang: str) -> list[list[str]]:
    known = places(summary)
    return [
        [
            say(f"rules.{line.code}", lang),
            place(line.where, known, lang),
            number(line.places, lang),
            say(f"page.explained.unit.{line.unit}", lang),
            number(line.worth_cny, lang, 2 if line.worth_cny < 10 else 0),
        ]
        for line in found.eased
        if len(line.where) < NAMES_CLIENTS
    ]


def _eased_table(rows: list[list[str]], lang: str) -> Table:
    heads = [say(f"page.explained.column.{name}", lang) for name in ("rule", "place", "places", "unit", "worth")]
    return Table(say("page.explained.eased", lang), say("page.explained.eased_note", lang), heads, rows, left=frozenset({0, 1, 3}), wide=True)


def _stops_table(stops: tuple[LadderStop, ...], lang: str) -> Table:
    heads = [say(f"page.explained.column.{name}", lang) for name in ("tier", "concession", "reason", "gain", "cost")]
    rows = []
    for _, same in groupby(stops, key=lambda line: (line.tier, line.concession)):
        own = sorted(same, key=lambda line: -line.cells)
        reasons = [say("page.explained.stop_item", lang, reason=say(f"page.explained.reason.{line.reason}", lang), n=line.cells) for line in own]
        further = [line for line in own if line.reason not in NO_FURTHER]
        amounts = [_thousands(sum(part), lang) if further else NONE for part in zip(*((line.gain_cny, line.cost_cny) for line in further or own), strict=True)]
        named = [pick(own[0].tier_names, lang), say(f"terms.concession.{own[0].concession}", lang)]
        rows.append([*named, say("terms.semicolon", lang).join(reasons), *amounts])
    return Table(say("page.explained.stops", lang), say("page.explained.stops_note", lang), heads, rows, left=frozenset({0, 1, 2}), wide=True)


def _thousands(amount: float, lang: str) -> str:
    """Yuan in the unit that the ladder's reasons are told in: 万元 in Chinese, thousands in English."""
    return number(amount / (10_000.0 if lang == "zh" else 1_000.0), lang, 1)
