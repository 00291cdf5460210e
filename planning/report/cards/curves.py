"""How clients answer to events, and where the plan stands on each curve."""

from collections.abc import Sequence

from planning.plan.pictured import ResponseCurve
from planning.plan.summary import Summary
from planning.report.cards.section import Block, pictures
from planning.report.cards.wording import named
from planning.report.figures.panels import Panel, Panels, panels, ticks
from planning.report.formats import NONE, number, percent
from planning.report.html import Picture, Table
from planning.report.i18n import pick, say


def curves_blocks(summary: Summary, lang: str) -> list[Block]:
    """The small curves and their table; nothing where no event is planned."""
    return [pictures(_picture(summary, lang))] if summary.curves else []


def _picture(summary: Summary, lang: str) -> Picture:
    curves = summary.curves
    right, high = curves[0].points[-1][0], max(curve.points[-1][1] * (1 + curve.error) for curve in curves)
    drawn = Panels(
        [Panel(_heads(curve, lang), curve.points, curve.at, curve.error, percent(curve.at[1], lang)) for curve in curves],
        [(at, number(at, lang, 0 if at == round(at) else 1)) for at in ticks(right)],
        [(share, percent(share, lang, 0 if share == round(share, 2) else 1)) for share in ticks(high)],
        (right, high),
    )
    first, horizon = curves[0], summary.plan.policy["value"]["horizon_years"]
    values = {"name": _name(first, lang), "touches": number(first.at[0], lang, 1), "share": percent(first.at[1], lang)}
    if first.error:
        finding = say("page.curves.finding", lang, low=percent(first.share_low, lang), high=percent(first.share_high, lang), **values)
    else:
        finding = say("page.curves.finding_sure", lang, **values)
    return Picture(finding, say("page.curves.note", lang, n=horizon), panels(drawn), _table(curves, lang), full=True)


def _table(curves: Sequence[ResponseCurve], lang: str) -> Table:
    heads = [say("page.risks.column.answer", lang), say("page.risks.column.source", lang), say("page.risks.column.error", lang)]
    heads += [say(f"page.curves.{name}", lang) for name in ("touches", "share", "low", "high")]
    rows = []
    for curve in curves:
        source = say(f"page.risks.source.{curve.source}", lang) if curve.source else NONE
        shares = [percent(share, lang) for share in (curve.at[1], curve.share_low, curve.share_high)]
        rows.append([_name(curve, lang), source, percent(curve.error, lang, 0) if curve.error else NONE, number(curve.at[0], lang, 2), *shares])
    return Table(say("page.curves.table", lang), say("page.curves.table_note", lang), heads, rows, left=frozenset({0, 1}))


def _name(curve: ResponseCurve, lang: str) -> str:
    return say(
        "page.risks.answer",
        lang,
        tier=pick(curve.tier_names, lang),
        kind=named(curve.kind, lang),
        what=say("page.risks.events_of", lang, family=named(curve.family, lang)),
    )


def _heads(curve: ResponseCurve, lang: str) -> tuple[str, str, str]:
    clients = say("page.curves.clients", lang, tier=pick(curve.tier_names, lang), kind=named(curve.kind, lang))
    return clients, say("page.risks.events_of", lang, family=named(curve.family, lang)), _basis(curve, lang)


def _basis(curve: ResponseCurve, lang: str) -> str:
    if not curve.source:
        return ""
    source = say(f"page.risks.source.{curve.source}", lang)
    return say("page.curves.basis", lang, source=source, error=percent(curve.error, lang, 0)) if curve.error else source
