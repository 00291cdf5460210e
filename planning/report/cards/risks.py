"""Risks: the range of outcomes, what the plan leans on, what to measure first, where it is concentrated."""

from collections.abc import Sequence

from planning.plan.summary import Summary
from planning.plan.uncertainty import End, Lean, Risks
from planning.report.cards.card import Card
from planning.report.cards.curves import curves_blocks
from planning.report.cards.load import load
from planning.report.cards.privacy import concealed
from planning.report.cards.section import Block, folded, pictures, section
from planning.report.cards.wording import named, setting
from planning.report.figures.ranges import Column, Named, Swing, often, swings
from planning.report.formats import NONE, Scale, money, percent, percents, plus, scale
from planning.report.html import Picture, Table
from planning.report.i18n import pick, say

JUDGED = "judgement"
MOST = 1e15  # yuan; stands in for what is not bounded, and is not said


def risks(summary: Summary, lang: str = "zh") -> Card:
    """What may come of the plan, and what it leans on."""
    return Card("risks", _html(summary, "zh"), _html(summary, "en"), lang)


def range_words(found: Risks, lang: str) -> str:
    """Between which amounts of contribution added eight of ten cases lie."""
    return say("page.risks.added_range", lang, low=money(found.added.low_cny, lang), high=money(found.added.high_cny, lang))


def _html(summary: Summary, lang: str) -> str:
    found = summary.risks
    if found is None or not found.bars:
        return section("risks", lang, say("page.risks.sure", lang), "", [*curves_blocks(summary, lang), *_rest(summary, found, lang)])
    finding = say("page.risks.finding", lang, n=found.of_100, low=money(found.net.low_cny, lang), high=money(found.net.high_cny, lang))
    lead = say("page.risks.lead", lang, n=found.draws)
    leans = _shown(summary, found)
    unit = scale([amount for lean in leans for amount in (lean.weak.change_cny, lean.strong.change_cny)], lang)
    shown = [_range(found, lang), *([_tornado(leans, unit, lang)] if leans else [])]
    each = [folded(say("page.risks.table", lang), _table(leans, unit, lang))] if leans else []
    return section("risks", lang, finding, lead, [pictures(*shown), *each, *_measure(leans, lang), *curves_blocks(summary, lang), *_rest(summary, found, lang)])


def _shown(summary: Summary, found: Risks) -> list[Lean]:
    """The leans that may be shown: none through which a concession of too few clients could be seen."""
    hidden = concealed([step for step in summary.ladder if step.level > 0], summary.plan.policy["privacy"]["min_cell"])
    unseen = {(step.tier, step.kind, step.concession) for step in hidden}
    return [lean for lean in found.leans if (lean.tier, lean.kind, lean.name) not in unseen]


def _range(found: Risks, lang: str) -> Picture:
    net = found.net
    columns = [Column(bar.from_cny, bar.to_cny, bar.share, net.low_cny <= (bar.from_cny + bar.to_cny) / 2 <= net.high_cny) for bar in found.bars]
    marks = [Named(net.expected_cny, say("page.risks.expected", lang, money=money(net.expected_cny, lang)), "middle")]
    marks += [Named(edge, money(edge, lang), "edge") for edge in (net.low_cny, net.high_cny)]
    if found.bars[0].from_cny < 0 < found.bars[-1].to_cny:
        marks.append(Named(0.0, say("page.risks.nought", lang), "nought"))
    unit = scale([bar.to_cny for bar in found.bars], lang)
    heads = [say(f"page.risks.column.{name}", lang) for name in ("from", "to", "often")]
    shares = percents([bar.share for bar in found.bars], lang)
    rows = [[unit.number(bar.from_cny, lang), unit.number(bar.to_cny, lang), share] for bar, share in zip(found.bars, shares, strict=True)]
    table = Table(say("page.risks.range_table", lang), say("page.risks.range_table_note", lang, unit=unit.name(lang)), heads, rows)
    finding = say("page.risks.range", lang, worst=money(found.worst_tenth_cny, lang))
    return Picture(finding, say("page.risks.range_note", lang, n=found.draws), often(columns, marks), table)


def _tornado(leans: Sequence[Lean], unit: Scale, lang: str) -> Picture:
    rows = [
        Swing(_name(lean, lang), lean.weak.change_cny, lean.strong.change_cny, (_signed(lean.weak, unit, lang), _signed(lean.strong, unit, lang)))
        for lean in leans
    ]
    legend = (say("page.risks.weak", lang), say("page.risks.strong", lang))
    finding = say("page.risks.tornado", lang, name=_name(leans[0], lang))
    return Picture(finding, say("page.risks.tornado_note", lang, unit=unit.name(lang)), swings(rows, legend))


def _table(leans: Sequence[Lean], unit: Scale, lang: str) -> Table:
    heads = [say(f"page.risks.column.{name}", lang) for name in ("answer", "source", "error", "weak", "won_weak", "strong", "won_strong", "knowing")]
    rows = [
        [
            _name(lean, lang),
            say(f"page.risks.source.{lean.source}", lang),
            percent(lean.error, lang, 0) if lean.error else NONE,
            _signed(lean.weak, unit, lang),
            _between(lean.weak.won_least_cny, lean.weak.won_most_cny, unit, lang),
            _signed(lean.strong, unit, lang),
            _between(lean.strong.won_least_cny, lean.strong.won_most_cny, unit, lang),
            _between(lean.least_cny, lean.most_cny, unit, lang),
        ]
        for lean in leans
    ]
    return Table(say("page.risks.table", lang), say("page.risks.table_note", lang, unit=unit.name(lang)), heads, rows, left=frozenset({0, 1}), wide=True)


def _measure(leans: Sequence[Lean], lang: str) -> list[Block]:
    tried = [(lean.least_cny, lean.most_cny, _name(lean, lang)) for lean in leans if lean.least_cny is not None and lean.most_cny is not None]
    items = [
        say(f"page.risks.measure_{_certain(least, most)}", lang, name=name, least=money(least, lang), most=money(min(most, MOST), lang))
        for least, most, name in sorted(tried, key=lambda one: -one[0])
    ]
    return [Block("list", tuple(items), say("page.risks.measure", lang))] if items else []


def _certain(least: float, most: float) -> str:
    return "open" if most > MOST else "between" if least >= 1 else "most"


def _rest(summary: Summary, found: Risks | None, lang: str) -> list[Block]:
    drawn = load(summary, lang)
    if found is None:
        return [pictures(*drawn)] if drawn else []
    sources = [
        say("page.risks.source_item", lang, share=share, source=say(f"page.risks.source.{line.source}", lang))
        for line, share in zip(found.sources, percents([line.share for line in found.sources], lang, 0), strict=True)
    ]
    items = [say("page.risks.sources", lang, sources=say("terms.clause_comma", lang).join(sources))] if sources else []
    largest = found.largest
    if largest.added_share > 0:
        parts = {"added": percent(largest.added_share, lang, 0), "held": percent(largest.contribution_share, lang, 0)}
        items.append(say("page.risks.largest", lang, n=largest.groups, of=str(largest.of), **parts))
    if summary.plan.totals.concession_cny > 0 and found.bars:
        items.append(say("page.risks.over_budget", lang, n=found.over_100, high=money(found.concession_high_cny, lang)))
    items.append(say("page.risks.hours", lang, n=found.hours_tight, of=str(found.branches)))
    if (aversion := summary.plan.policy["value"]["risk_aversion"]) > 0:
        items.append(say("page.risks.careful", lang, share=setting(aversion, "share", lang), rest=setting(1 - aversion, "share", lang)))
    rests = Block("list", tuple(items), say("page.risks.rests", lang))
    return [Block("beside", (drawn[0], rests))] if drawn else [rests]


def _name(lean: Lean, lang: str) -> str:
    if lean.table == JUDGED:
        return say("page.risks.judged", lang)
    what = say("page.risks.events_of", lang, family=named(lean.name, lang)) if lean.table == "responses" else named(lean.name, lang)
    return say("page.risks.answer", lang, tier=pick(lean.tier_names, lang), kind=named(lean.kind, lang), what=what)


def _signed(end: End, unit: Scale, lang: str) -> str:
    return plus(unit.number(end.change_cny, lang))


def _between(least: float | None, most: float | None, unit: Scale, lang: str) -> str:
    if least is None or most is None:
        return NONE
    if most > MOST:
        return say("page.risks.at_least", lang, least=unit.number(least, lang))
    return say("page.risks.between", lang, least=unit.number(least, lang), most=unit.number(most, lang))
