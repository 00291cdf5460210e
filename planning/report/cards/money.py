"""Where the money goes: tiers, regions and branches, with what each brings."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from planning.plan.summary import GroupLine, Summary
from planning.report.cards import privacy
from planning.report.cards.card import Card
from planning.report.cards.priced import priced
from planning.report.cards.section import Block, folded, pictures, section, table
from planning.report.cards.wording import ratio, setting
from planning.report.figures.bars import Pair, Within, pairs, within
from planning.report.formats import NONE, Scale, number, percent, percents, scale
from planning.report.formats import money as worded
from planning.report.html import Picture, Table
from planning.report.i18n import listing, pick, say

AMOUNTS = ("contribution_cny", "event_cny", "concession_cny", "added_cny")
REGIONS = 8  # drawn
NEAR = 0.001  # of a limit: closer than this is on it
NAMED_SHARE = 0.05  # of all spending: a return on less is not worth a headline


def money(summary: Summary, lang: str = "zh") -> Card:
    """Where the money goes: tiers, regions and branches."""
    return Card("money", _html(summary, "zh"), _html(summary, "en"), lang)


def _html(summary: Summary, lang: str) -> str:
    min_cell = summary.plan.policy["privacy"]["min_cell"]
    tiers = privacy.groups(summary.tiers, min_cell)
    unit = scale([amount for tier in tiers for amount in (tier.spend_cny, tier.added_cny)], lang)
    spent = any(tier.spend_cny > 0 for tier in tiers)
    drawn = [pictures(_spend(tiers, unit, lang), _shares(tiers, lang))] if spent else []
    blocks = [*drawn, table(_table("tiers", tiers, unit, lang))]
    regions = privacy.groups(summary.regions, min_cell)
    if len(summary.regions) > 1:
        drawn = [pictures(_by_region(regions, unit, lang))] if spent else []
        blocks += [*drawn, table(_table("regions", regions, unit, lang))]
    blocks.append(_branches(summary, unit, lang))
    lead = say("page.money.lead", lang, n=summary.plan.policy["value"]["horizon_years"])
    return section("money", lang, _finding(tiers, lang), lead, blocks)


def _branches(summary: Summary, unit: Scale, lang: str) -> Block:
    within, min_cell = privacy.within_regions(summary), summary.plan.policy["privacy"]["min_cell"]
    branches = privacy.groups(priced(summary.branches, within, min_cell), min_cell, within)
    return folded(say("page.money.branches_summary", lang, n=len(summary.branches)), _table("branches", branches, unit, lang))


def _by_region(regions: Sequence[GroupLine], unit: Scale, lang: str) -> Picture:
    places = sorted(range(len(regions)), key=lambda place: (-regions[place].spend_cny, regions[place].code))[:REGIONS]
    drawn = _spend(regions, unit, lang, places)
    return replace(drawn, note=say("page.money.region_note", lang, unit=unit.name(lang), shown=number(REGIONS, lang))) if len(places) < len(regions) else drawn


def _finding(tiers: Sequence[GroupLine], lang: str) -> str:
    spending = [tier for tier in tiers if tier.spend_cny > 0]
    if not spending:
        return say("page.money.nothing", lang)
    if len(spending) == 1:
        return say("page.money.all_in_one", lang, tier=pick(spending[0].names, lang))
    spent = max(spending, key=lambda tier: tier.spend_cny)
    added = max(spending, key=lambda tier: tier.added_cny)
    worth_naming = [tier for tier in spending if tier.spend_cny >= NAMED_SHARE * sum(other.spend_cny for other in spending)]
    returned = max(worth_naming, key=lambda tier: tier.added_cny / tier.spend_cny)
    first = say("page.money.most_both" if spent is added else "page.money.most_each", lang, spent=pick(spent.names, lang), added=pick(added.names, lang))
    figure = number(returned.added_cny / returned.spend_cny, lang, 2)
    second = say("page.money.return_too" if returned is spent is added else "page.money.return", lang, tier=pick(returned.names, lang), figure=figure)
    return say("page.two_findings", lang, first=first, second=second)


def _spend(groups: Sequence[GroupLine], unit: Scale, lang: str, regions: Sequence[int] | None = None) -> Picture:
    """Spending beside what it brings, a pair of bars a tier, or a region where their places are given: figures as in the table under it."""
    units = _units(groups, unit)
    columns = _columns(groups, units)
    spends = [event + concession for event, concession in zip(columns["event_cny"], columns["concession_cny"], strict=True)]
    rows = []
    for place in range(len(groups)) if regions is None else regions:
        group, printed = groups[place], (spends[place], columns["added_cny"][place])
        figures = (units["added_cny"].number(printed[0], lang), units["added_cny"].number(printed[1], lang))
        rows.append(Pair(pick(group.names, lang), (group.event_cny, group.concession_cny), group.added_cny, figures))
    most = max(range(len(groups)), key=lambda place: groups[place].added_cny)
    words = {"added": worded(columns["added_cny"][most], lang), "spend": worded(spends[most], lang)}
    name = pick(groups[most].names, lang)
    finding = say("page.money.figure", lang, tier=name, **words) if regions is None else say("page.money.region_figure", lang, region=name, **words)
    legend = (say("terms.events", lang), say("terms.concessions", lang), say("terms.added", lang))
    return Picture(finding, say("page.note.money", lang, unit=unit.name(lang)), pairs(rows, legend))


def _shares(tiers: Sequence[GroupLine], lang: str) -> Picture:
    shares = percents([tier.share or 0.0 for tier in tiers], lang)
    rows = [_within(tier, share, lang) for tier, share in zip(tiers, shares, strict=True)]
    tight = [row.name for row in rows if row.tight]
    limited = any(tier.floor or tier.cap is not None for tier in tiers)
    finding = say("page.money.tight", lang, names=listing(tight, lang)) if tight else say("page.money.all_within" if limited else "page.money.no_limits", lang)
    heads = [say(f"page.column.{name}", lang) for name in ("tier", "share", "floor", "cap")]
    data = [[row.name, row.figure, _percent(tier.floor, lang), _percent(tier.cap, lang)] for row, tier in zip(rows, tiers, strict=True)]
    drawn = Table(say("page.money.shares", lang), "", heads, data)
    return Picture(finding, say("page.money.shares_note", lang), within(rows), drawn)


def _within(tier: GroupLine, figure: str, lang: str) -> Within:
    share = tier.share or 0.0
    low, high = tier.floor, tier.cap
    on_floor, on_cap = bool(low) and share - (low or 0) <= (low or 0) * NEAR, high is not None and high < 1 and high - share <= high * NEAR
    limits = [
        say(f"page.money.limit_{name}", lang, share=setting(limit, "share", lang)) for name, limit in (("floor", low), ("cap", high)) if limit and limit < 1
    ]
    return Within(pick(tier.names, lang), share, figure, low or None, high, say("terms.comma", lang).join(limits), on_floor or on_cap)


def _percent(share: float | None, lang: str) -> str:
    return NONE if share is None else percent(share, lang)


def _table(what: str, groups: Sequence[GroupLine], unit: Scale, lang: str) -> Table:
    heads = [say(f"page.column.{name}", lang) for name in (what, "clients", "contribution", "events", "concessions", "added", "head", "return")]
    units, sums = _units(groups, unit), privacy.summed(groups)
    columns = _columns(groups, units)
    rows = []
    for place, group in enumerate(groups):
        rows.append(_row(pick(group.names, lang), {name: getattr(group, name) for name in sums}, {name: columns[name][place] for name in AMOUNTS}, units, lang))
    rows.append(_row(say("terms.total", lang), sums, {name: sum(columns[name]) for name in AMOUNTS}, units, lang))
    reckoned = [pick(group.names, lang) for group in groups if group.about]
    note = say("page.money.table_note", lang, unit=unit.name(lang))
    note += say("page.money.reckoned", lang, names=listing(reckoned, lang)) if reckoned else ""
    return Table(say(f"page.money.table_{what}", lang), note, heads, rows, total=True)


def _units(groups: Sequence[GroupLine], unit: Scale) -> Mapping[str, Scale]:
    plan = unit.suited([getattr(group, name) for group in groups for name in AMOUNTS[1:]])
    return {"contribution_cny": unit.suited([group.contribution_cny for group in groups]), **dict.fromkeys(AMOUNTS[1:], plan)}


def _columns(groups: Sequence[GroupLine], units: Mapping[str, Scale]) -> Mapping[str, list[float]]:
    """The amounts as they are printed, yuan: each column adds up to its total."""
    return {name: units[name].adding_up([getattr(group, name) for group in groups]) for name in AMOUNTS}


def _row(name: str, group: Mapping[str, float], told: Mapping[str, float], units: Mapping[str, Scale], lang: str) -> list[str]:
    spend, clients = group["spend_cny"], group["clients"]
    return [
        name,
        number(clients, lang),
        *(units[column].number(told[column], lang) for column in AMOUNTS),
        number(ratio(spend, clients), lang) if clients else NONE,
        number(group["added_cny"] / spend, lang, 2) if spend > 0 else NONE,
    ]
