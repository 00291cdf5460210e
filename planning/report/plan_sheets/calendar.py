"""The year: sessions with notice dates, quarters, and who is expected."""

from collections.abc import Mapping
from datetime import date

from planning.book.segments import Segment, SegmentKey
from planning.plan.plan import Attendances
from planning.plan.summary import Summary
from planning.report.cards.wording import named, part, place, places
from planning.report.i18n import pick, say
from planning.report.plan_sheets.amounts import columns_in_fen, summed, total
from planning.report.sheet import Cell, Kind, Sheet, typed

SESSIONS: dict[str, Kind] = {
    "month": "month", "event": "text", "family": "text", "host": "text", "host_level": "text",
    "sessions": "count", "guests": "count", "cash": "cny", "notice": "date",
}  # fmt: skip
QUARTERS: dict[str, Kind] = {"quarter": "text", "cash": "cny", "share": "percent", "floor": "percent", "cap": "percent"}
SEATS: dict[str, Kind] = {
    "month": "month", "event": "text", "host": "text", "branch": "text", "tier": "text", "kind": "text", "part": "text", "guests": "count",
}  # fmt: skip


def calendar(summary: Summary, lang: str) -> Sheet:
    """A row for an event's sessions at one host in one month, with the last day to tell clients."""
    cash = columns_in_fen(summary.sessions, ("cash_cny",))["cash_cny"]
    rows: list[list[Cell]] = [
        [
            line.month, pick(line.names, lang), named(line.family, lang), pick(line.host_names, lang), say(f"cli.guide.{line.host_level}", lang),
            line.sessions, round(line.guests), amount, date.fromisoformat(line.notice_by),
        ]
        for line, amount in zip(summary.sessions, cash, strict=True)
    ]  # fmt: skip
    sums = {"sessions": sum(line.sessions for line in summary.sessions), "guests": round(sum(line.guests for line in summary.sessions)), "cash": summed(cash)}
    return typed("calendar", SESSIONS, [*rows, total(SESSIONS, sums, lang)] if rows else [], lang, total=True)


def quarters(summary: Summary, lang: str) -> Sheet:
    """Event spending by quarter, with the limits of its share."""
    cash = columns_in_fen(summary.quarters, ("cash_cny",))["cash_cny"]
    rows: list[list[Cell]] = [
        [say(f"terms.quarter.q{line.quarter}", lang), amount, line.share, line.low, line.high] for line, amount in zip(summary.quarters, cash, strict=True)
    ]
    return typed("quarters", QUARTERS, [*rows, total(QUARTERS, {"cash": summed(cash)}, lang)], lang, total=True)


def attendances(summary: Summary, lang: str) -> Sheet:
    """Whom each session is for: expected guests by branch, tier and kind. A branch's groups of few clients stand together, so that none is seen alone."""
    known, pooled = places(summary), _pooled(summary)
    parted = any(row.part for row in summary.plan.attendances)
    columns = {name: kind for name, kind in SEATS.items() if parted or name != "part"}
    sums: dict[tuple[int, tuple[str, ...]], int] = {}
    for row in summary.plan.attendances:
        group = [say("export.small_groups", lang), "", ""] if row.segment in pooled else _group(row, known, lang)
        words = (*(place((code,), known, lang) for code in (row.event, row.host, row.branch)), *(group if parted else group[:-1]))
        sums[row.month, words] = sums.get((row.month, words), 0) + round(row.attendances)
    rows: list[list[Cell]] = [[month, *words, guests] for (month, words), guests in sorted(sums.items())]
    return typed("attendances", columns, [*rows, total(columns, {"guests": sum(sums.values())}, lang)] if rows else [], lang, total=True)


def _group(row: Attendances, known: Mapping[str, tuple[str, str]], lang: str) -> list[str]:
    return [place((row.tier,), known, lang), named(row.kind, lang), part(row.part, lang) if row.part else ""]


def _pooled(summary: Summary) -> set[SegmentKey]:
    """The client groups of each branch that are too small, and its next smallest where these alone are too few."""
    min_cell = summary.plan.policy["privacy"]["min_cell"]
    pooled: set[SegmentKey] = set()
    own: dict[str, list[Segment]] = {}
    for segment in summary.plan.segments:
        if segment.clients:
            own.setdefault(segment.branch, []).append(segment)
    for segments in own.values():
        segments.sort(key=lambda one: (one.clients, one.key))
        small = sum(one.clients < min_cell for one in segments)
        while 0 < small < len(segments) and (small < 2 or sum(one.clients for one in segments[:small]) < min_cell):
            small += 1
        pooled |= {one.key for one in segments[:small]}
    return pooled
