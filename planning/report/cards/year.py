"""The year: twelve months of sessions, quarters against their limits."""

from collections import Counter
from collections.abc import Sequence

from planning.plan.branch import Invitation
from planning.plan.summary import QuarterLine, SessionLine, Summary
from planning.report.cards import privacy
from planning.report.cards.card import Card
from planning.report.cards.seats import guests_unseen
from planning.report.cards.section import Block, folded, pictures, section
from planning.report.cards.wording import named, ratio, setting
from planning.report.figures.bars import Within, within
from planning.report.figures.grids import Cell, Grid, grids, turned
from planning.report.formats import day, month, month_in_words, number, percent, percents, scale
from planning.report.html import Picture, Table
from planning.report.i18n import listing, pick, say

FAMILIES = ("health", "knowledge", "entertainment", "family", "lifestyle", "appreciation")
LISTED = 400  # sessions shown in the folded list
NEAR = 0.001  # of a limit: closer than this is on it


def year(summary: Summary, lang: str = "zh") -> Card:
    """The twelve months: sessions by family, quarters."""
    return Card("year", _html(summary, "zh"), _html(summary, "en"), lang)


def _html(summary: Summary, lang: str) -> str:
    guests = number(sum(line.guests for line in summary.sessions), lang)
    blocks: list[Block] = []
    if summary.sessions:
        blocks.append(pictures(calendar(summary.sessions, summary.months, lang)))
        blocks.append(folded(_summary_words(summary, lang), _sessions(summary, lang)))
        blocks.append(pictures(_quarters(summary.quarters, lang)))
    lead = say("page.year.lead", lang, guests=guests) if summary.sessions else ""
    if summary.locked_sessions:
        lead += say("page.year.locked", lang, n=summary.locked_sessions)
    return section("year", lang, _finding(summary, lang), lead, blocks)


def _finding(summary: Summary, lang: str) -> str:
    by_month: Counter[int] = Counter()
    for line in summary.sessions:
        by_month[line.month] += line.sessions
    total = sum(by_month.values())
    if not total:
        return say("page.year.none", lang)
    empty = [month_in_words(m, lang) for m in summary.months if not by_month[m]]
    covered = say("page.year.every_month", lang) if not empty else say("page.year.but", lang, n=len(empty), months=listing(empty, lang))
    fewest, most = min(by_month[m] for m in summary.months if by_month[m]), max(by_month.values())
    busiest = [month_in_words(m, lang) for m in summary.months if by_month[m] == most]
    if len(busiest) <= 2:
        peak = say("page.year.busiest", lang, n=len(busiest), months=listing(busiest, lang), sessions=number(most, lang))
    else:
        peak = say("page.year.between", lang, fewest=number(fewest, lang), most=number(most, lang)) if fewest < most else ""
    return say("page.year.finding", lang, n=total, covered=covered, peak=peak)


def families(sessions: Sequence[SessionLine | Invitation]) -> list[str]:
    """The families of the sessions, in a fixed order."""
    found = {line.family for line in sessions}
    return [*(family for family in FAMILIES if family in found), *sorted(found - set(FAMILIES))]


def calendar(sessions: Sequence[SessionLine | Invitation], months: Sequence[int], lang: str) -> Picture:
    """Sessions by family and month."""
    counts: Counter[tuple[str, int]] = Counter()
    for line in sessions:
        counts[line.family, line.month] += line.sessions
    rows_of, most = families(sessions), max(counts.values())
    cells = tuple(tuple(Cell(str(counts[f, m]), counts[f, m] / most * 0.999) if counts[f, m] else Cell() for m in months) for f in rows_of)
    grid = Grid(tuple(named(family, lang) for family in rows_of), tuple(month(m, lang) for m in months), cells)
    by_family = {family: sum(counts[family, m] for m in months) for family in rows_of}
    top = max(rows_of, key=lambda family: by_family[family])
    finding = say("page.year.figure", lang, family=named(top, lang), n=by_family[top], share=percent(ratio(by_family[top], sum(by_family.values())), lang, 0))
    heads = [say("page.column.family", lang), *grid.columns, say("terms.total", lang)]
    rows = [[named(f, lang), *(number(counts[f, m], lang) for m in months), number(by_family[f], lang)] for f in rows_of]
    totals = [sum(counts[f, m] for f in rows_of) for m in months]
    rows.append([say("terms.total", lang), *(number(total, lang) for total in totals), number(sum(totals), lang)])
    data = Table(say("page.year.calendar", lang), say("page.year.sessions_unit", lang), heads, rows, total=True)
    return Picture(finding, say("page.year.calendar_note", lang), grids([grid], [turned(grid)]), data, full=True)


def _summary_words(summary: Summary, lang: str) -> str:
    total = sum(line.sessions for line in summary.sessions)
    if len(summary.sessions) > LISTED:
        return say("page.year.list_first", lang, n=total, shown=number(LISTED, lang))
    return say("page.year.list", lang, n=total)


def _sessions(summary: Summary, lang: str) -> Table:
    shown = summary.sessions[:LISTED]
    min_cell, hidden = summary.plan.policy["privacy"]["min_cell"], say("terms.hidden", lang)
    unit = scale([line.cash_cny for line in shown], lang)
    heads = [say(f"page.column.{name}", lang) for name in ("month", "event", "host", "sessions", "guests", "cash", "notice")]
    rows = [
        [
            month(line.month, lang),
            pick(line.names, lang),
            pick(line.host_names, lang),
            number(line.sessions, lang),
            (hidden if line.guests >= min_cell else privacy.count(line.guests, min_cell, lang)) if untold else number(line.guests, lang),
            hidden if untold else unit.number(cash, lang),
            day(line.notice_by, lang),
        ]
        for line, untold, cash in zip(shown, guests_unseen(summary)[:LISTED], unit.adding_up([line.cash_cny for line in shown]), strict=True)
    ]
    note = say("page.year.list_note", lang, unit=unit.name(lang))
    return Table(say("page.year.list_title", lang), note, heads, rows, left=frozenset({0, 1, 2}))


def _quarters(quarters: Sequence[QuarterLine], lang: str) -> Picture:
    unit = scale([line.cash_cny for line in quarters], lang)
    shares = percents([line.share for line in quarters], lang)
    rows = [_quarter(line, share, lang) for line, share in zip(quarters, shares, strict=True)]
    tight = [row.name for row in rows if row.tight]
    limited = any(row.limits for row in rows)
    finding = say("page.year.quarters_tight", lang, names=listing(tight, lang)) if tight else say(f"page.year.quarters_{'within' if limited else 'free'}", lang)
    heads = [say(f"page.column.{name}", lang) for name in ("quarter", "cash", "share", "floor", "cap")]
    data = [
        [row.name, unit.number(cash, lang), row.figure, setting(line.low, "share", lang), setting(line.high, "share", lang)]
        for row, line, cash in zip(rows, quarters, unit.adding_up([line.cash_cny for line in quarters]), strict=True)
    ]
    table = Table(say("page.year.quarters", lang), unit.name(lang), heads, data)
    return Picture(finding, say("page.year.quarters_note", lang), within(rows), table)


def _quarter(line: QuarterLine, figure: str, lang: str) -> Within:
    limited = line.low > 0 or line.high < 1
    tight = (line.low > 0 and line.share - line.low <= line.low * NEAR) or (line.high < 1 and line.high - line.share <= line.high * NEAR)
    limits = say("page.year.band", lang, low=setting(line.low, "share", lang), high=setting(line.high, "share", lang)) if limited else ""
    return Within(say(f"terms.quarter.q{line.quarter}", lang), line.share, figure, line.low or None, line.high, limits, tight)
