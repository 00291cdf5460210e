"""The first sheet on paper: tiers and quarters at a glance under the four numbers, and a place for every signature."""

from collections import Counter
from dataclasses import dataclass

from planning.plan.summary import Summary
from planning.report.cards import privacy
from planning.report.cards.wording import ratio
from planning.report.formats import NONE, number, percent, percents, scale
from planning.report.html import Table
from planning.report.i18n import pick, say

SIGNERS = ("prepared", "reviewed", "compliance", "approved")


@dataclass(frozen=True)
class Sheet:
    """What the first sheet shows on paper only: small tables, the plan's id, and who signs."""

    tables: tuple[Table, ...]
    plan: str
    signers: tuple[str, ...]


def sheet(summary: Summary, lang: str) -> Sheet:
    """The first sheet of a plan that leadership signs."""
    tables = (_tiers(summary, lang), *((_quarters(summary, lang),) if summary.sessions else ()))
    plan = say("page.sign.plan", lang, plan=summary.plan.id, places=number(summary.verified_rules, lang))
    return Sheet(tables, plan, tuple(say(f"page.sign.{name}", lang) for name in SIGNERS))


def _tiers(summary: Summary, lang: str) -> Table:
    tiers = privacy.groups(summary.tiers, summary.plan.policy["privacy"]["min_cell"])
    sums = privacy.summed(tiers)
    unit = scale([amount for tier in tiers for amount in (tier.spend_cny, tier.added_cny)], lang)
    columns = [unit.adding_up([getattr(tier, name) for tier in tiers]) for name in ("spend_cny", "added_cny")]
    whole = sums["spend_cny"]
    shares = percents([ratio(tier.spend_cny, whole) for tier in tiers], lang, 0)
    rows = [
        [
            pick(tier.names, lang),
            number(tier.clients, lang),
            unit.number(spend, lang),
            share,
            unit.number(added, lang),
            _return(tier.added_cny, tier.spend_cny, lang),
        ]
        for tier, spend, share, added in zip(tiers, columns[0], shares, columns[1], strict=True)
    ]
    spend, added = (unit.number(sum(column), lang) for column in columns)
    total = [number(sums["clients"], lang), spend, percent(ratio(whole, whole), lang, 0), added, _return(sums["added_cny"], whole, lang)]
    rows.append([say("terms.total", lang), *total])
    heads = [say("page.column.tier", lang), say("page.column.clients", lang), say("page.sign.spend", lang), say("page.column.share", lang)]
    heads += [say("page.column.added", lang), say("page.column.return", lang)]
    return Table(say("page.sign.tiers", lang), say("page.note.money", lang, unit=unit.name(lang)), heads, rows, total=True)


def _quarters(summary: Summary, lang: str) -> Table:
    sessions: Counter[int] = Counter()
    for line in summary.sessions:
        sessions[(line.month + 2) // 3] += line.sessions
    unit = scale([line.cash_cny for line in summary.quarters], lang)
    cash = unit.adding_up([line.cash_cny for line in summary.quarters])
    shares = percents([line.share for line in summary.quarters], lang)
    rows = [
        [say(f"terms.quarter.q{line.quarter}", lang), number(sessions[line.quarter], lang), unit.number(amount, lang), share]
        for line, amount, share in zip(summary.quarters, cash, shares, strict=True)
    ]
    heads = [say("page.column.quarter", lang), say("page.sign.sessions", lang), say("page.column.cash", lang), say("page.column.share", lang)]
    return Table(say("page.sign.quarters", lang), unit.name(lang), heads, rows)


def _return(added: float, spend: float, lang: str) -> str:
    return number(added / spend, lang, 2) if spend > 0 else NONE
