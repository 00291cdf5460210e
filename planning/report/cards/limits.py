"""How far the limits are used, each at its tightest place."""

from collections.abc import Sequence

from planning.plan.summary import RuleLine, Summary
from planning.report.cards.section import Block, pictures
from planning.report.cards.standing import of_summary, untold
from planning.report.cards.wording import SHAPE, place, places
from planning.report.figures.steps import Limit, limits
from planning.report.formats import NONE, money, number, percent
from planning.report.html import Picture, Table
from planning.report.i18n import say

DRAWN = 14  # limits


def limits_blocks(summary: Summary, lang: str) -> list[Block]:
    """The figure and its table; nothing where no rule has a single figure that may be shown."""
    stands = of_summary(summary)
    lines = [line for line in summary.rules if line.used is not None and line.code not in SHAPE and not _of_sessions(line)]
    lines = [line for line in lines if not untold(line, summary, stands)]
    ranked = sorted(lines, key=lambda line: (line.state != "binding", -(line.used or 0.0), line.number))[:DRAWN]
    return [pictures(_picture(summary, ranked, lang))] if ranked else []


def _of_sessions(line: RuleLine) -> bool:
    """Whether a rule is about single sessions: some room is always full, which says nothing of the year."""
    return line.number.startswith("E") and line.unit != "CNY"


def figure(value: float | None, unit: str, lang: str) -> str:
    """A limit or what is used of it, with its unit."""
    if value is None:
        return NONE
    if unit == "CNY":
        return money(value, lang)
    if unit == "share":
        return percent(value, lang)
    told = number(value, lang, 0 if value == round(value) else 1)
    return say("page.rules.amount", lang, figure=told, unit=say(f"terms.unit.{unit}", lang, n=1 if value == 1 else 2))


def _picture(summary: Summary, lines: Sequence[RuleLine], lang: str) -> Picture:
    known = places(summary)
    rows = [_limit(line, lang) for line in lines]
    heads = [say(f"page.column.{name}", lang) for name in ("rule", "where", "value", "limit")] + [say("page.limits.used", lang)]
    data = [
        [row.name, place(line.where, known, lang), figure(line.value, line.unit, lang), figure(line.limit, line.unit, lang), row.figure]
        for row, line in zip(rows, lines, strict=True)
    ]
    table = Table(say("page.limits.table", lang), "", heads, data, left=frozenset({0, 1}))
    return Picture(_finding(rows, lang), say("page.limits.note", lang), limits(rows), table, full=True)


def _limit(line: RuleLine, lang: str) -> Limit:
    bound = line.state == "binding"
    value, limit = (figure(one, line.unit, lang) for one in (line.value, line.limit))
    words = say(f"page.limits.{line.end}", lang, value=value, limit=limit) if line.end else say("page.limits.on", lang, limit=limit)
    used = percent(1.0, lang, 0) if bound else percent(line.used or 0.0, lang)
    return Limit(say(f"rules.{line.code}", lang), line.used or 0.0, used, words, bound)


def _finding(rows: Sequence[Limit], lang: str) -> str:
    free = [row for row in rows if not row.bound]
    bound = len(rows) - len(free)
    if not free:
        return say("page.limits.all_bound", lang, n=bound)
    return say("page.limits.bound" if bound else "page.limits.free", lang, n=bound, name=free[0].name, share=free[0].figure)
