"""The ladder: what each tier is granted in each region, what it costs and brings."""

from collections.abc import Sequence

from planning.plan.summary import LadderLine, Summary
from planning.report.cards import privacy
from planning.report.cards.card import Card
from planning.report.cards.section import folded, pictures, section, table
from planning.report.cards.wording import CONCESSIONS, KINDS, depth, depth_words, named
from planning.report.figures.grids import Cell, Grid, grids
from planning.report.formats import NONE, Scale, number, percent, scale
from planning.report.html import Picture, Table
from planning.report.i18n import pick, say

LISTED = 150  # granted steps in the folded list
AMOUNTS = ("cost_cny", "gain_cny", "base_cny", "new_money_cny")
DRAWN = 12  # regions drawn


def ladder(summary: Summary, lang: str = "zh") -> Card:
    """The price concessions by tier and region, with cost, new money and the grade that may grant them."""
    return Card("ladder", _html(summary, "zh"), _html(summary, "en"), lang)


def _html(summary: Summary, lang: str) -> str:
    granted = [line for line in summary.ladder if line.level > 0]
    if not granted:
        return section("ladder", lang, say("page.ladder.none", lang), say("page.ladder.none_lead", lang), [])
    unit = scale([line.cost_cny for line in granted], lang)
    hidden = privacy.concealed(granted, summary.plan.policy["privacy"]["min_cell"])
    drawn = [pictures(_picture(summary, concession, lang)) for concession in CONCESSIONS if any(line.concession == concession for line in summary.ladder)]
    listed = folded(_summary_words(len(granted), lang), _steps(granted, hidden, unit, lang))
    finding = say("page.ladder.finding", lang, depths=say("terms.clause_comma", lang).join(depth_words(granted, lang)))
    lead = say("page.ladder.lead", lang, n=summary.plan.policy["value"]["horizon_years"])
    if summary.locked_levels:
        lead += say("page.ladder.locked", lang, n=summary.locked_levels)
    return section("ladder", lang, finding, lead, [*drawn, table(_totals(granted, hidden, lang)), listed])


def _picture(summary: Summary, concession: str, lang: str) -> Picture:
    lines = [line for line in summary.ladder if line.concession == concession]
    granted = [line for line in lines if line.level > 0]
    regions = {line.region: pick(line.region_names, lang) for line in lines}
    shown = sorted(regions, key=lambda region: (-sum(line.cost_cny for line in lines if line.region == region), region))[:DRAWN]
    tiers = [tier for tier in summary.tiers if any(line.tier == tier.code for line in lines)]
    kinds = [kind for kind in (*KINDS, *sorted({line.kind for line in lines} - set(KINDS))) if any(line.kind == kind for line in lines)]
    most = max((line.depth for line in lines), default=0.0) or 1.0
    found = {(line.region, line.tier, line.kind): line for line in lines}
    blocks = [
        Grid(
            tuple(regions[region] for region in sorted(shown)),
            tuple(pick(tier.names, lang) for tier in tiers),
            tuple(tuple(_cell(found.get((region, tier.code, kind)), most, lang) for tier in tiers) for region in sorted(shown)),
            named(kind, lang),
        )
        for kind in kinds
    ]
    deepest = max(granted, key=lambda line: line.depth) if granted else None
    words = say(f"terms.concession.{concession}", lang)
    finding = say("page.ladder.figure_none", lang, concession=words)
    if deepest:
        key = "page.ladder.figure_all" if len(granted) == len(lines) else "page.ladder.figure"
        finding = say(key, lang, concession=words, n=len(granted), cells=number(len(lines), lang), depth=depth(deepest.depth, concession, lang))
    unit = say("page.ladder.unit_fee" if concession == "fee_waiver" else "page.ladder.unit_bp", lang)
    note = say("page.ladder.note", lang, unit=unit)
    if len(shown) < len(regions):
        note = say("page.ladder.note_some", lang, note=note, shown=number(DRAWN, lang))
    return Picture(finding, note, grids(blocks, blocks), _depths(blocks, words, unit, lang), full=True)


def _cell(line: LadderLine | None, most: float, lang: str) -> Cell:
    if line is None:
        return Cell()
    words = percent(line.depth, lang, 0) if line.concession == "fee_waiver" else number(line.depth, lang, 0 if line.depth == round(line.depth) else 1)
    return Cell(words, line.depth / most * 0.999)


def _depths(blocks: Sequence[Grid], concession: str, unit: str, lang: str) -> Table:
    heads = [say("page.column.regions", lang), say("page.column.kind", lang), *blocks[0].columns]
    rows = [[region, block.title, *(cell.words or NONE for cell in cells)] for block in blocks for region, cells in zip(block.rows, block.cells, strict=True)]
    return Table(concession, unit, heads, rows, left=frozenset({0, 1}))


def _totals(granted: Sequence[LadderLine], hidden: frozenset[LadderLine], lang: str) -> Table:
    heads = [say(f"page.column.{name}", lang) for name in ("concession", "kind", "steps", "cost", "gain", "base", "new_money", "marginal")]
    groups = [
        [line for line in granted if (line.concession, line.kind) == cell] for cell in sorted({(line.concession, line.kind) for line in granted}, key=_order)
    ]
    sums = [{name: sum(getattr(line, name) for line in lines) for name in AMOUNTS} for lines in groups]
    unit = scale([one["cost_cny"] for one in sums], lang)
    units = {name: unit.suited([one[name] for one in sums]) for name in AMOUNTS}
    columns = {name: units[name].adding_up([one[name] for one in sums]) for name in AMOUNTS}
    unseen = privacy.unseen_rows([all(line in hidden for line in lines) for lines in groups], [one["cost_cny"] for one in sums])
    rows = []
    for place, (lines, one) in enumerate(zip(groups, sums, strict=True)):
        figures = [say("terms.hidden", lang) if place in unseen else units[name].number(columns[name][place], lang) if one[name] else NONE for name in AMOUNTS]
        rates = [line.marginal_cost_pct for line in lines if line.marginal_cost_pct is not None and line not in hidden]
        rows.append([say(f"terms.concession.{lines[0].concession}", lang), named(lines[0].kind, lang), number(len(lines), lang), *figures, _range(rates, lang)])
    note = say("page.ladder.table_note", lang, unit=unit.name(lang))
    return Table(say("page.ladder.table", lang), note, heads, rows, left=frozenset({0, 1}))


def _order(cell: tuple[str, str]) -> tuple[int, bool, str]:
    concession, kind = cell
    return CONCESSIONS.index(concession), kind != "personal", kind


def _range(rates: Sequence[float], lang: str) -> str:
    if not rates:
        return NONE
    low, high = (number(rate, lang, 2) for rate in (min(rates), max(rates)))
    return low if low == high else f"{low}–{high}"


def _summary_words(granted: int, lang: str) -> str:
    if granted > LISTED:
        return say("page.ladder.steps_first", lang, n=granted, shown=number(LISTED, lang))
    return say("page.ladder.steps_summary", lang, n=granted)


def _steps(granted: Sequence[LadderLine], hidden: frozenset[LadderLine], unit: Scale, lang: str) -> Table:
    heads = [
        say(f"page.column.{name}", lang) for name in ("concession", "regions", "tier", "kind", "depth", "qualifying", "cost", "new_money", "marginal", "grade")
    ]
    units = {name: unit.suited([getattr(line, name) for line in granted]) for name in ("cost_cny", "new_money_cny")}
    order = sorted(granted, key=lambda line: (CONCESSIONS.index(line.concession), *_dearest(line, hidden), line.region, line.tier, line.kind))
    columns = {name: unit.adding_up([getattr(line, name) for line in order]) for name, unit in units.items()}
    rows = []
    for place, line in enumerate(order[:LISTED]):
        amounts = [unit.number(columns[name][place], lang) if getattr(line, name) else NONE for name, unit in units.items()]
        rows.append(
            [*_place(line, lang), *([say("terms.hidden", lang)] * 4 if line in hidden else _figures(line, amounts, lang)), number(line.min_grade, lang)]
        )
    return Table(say("page.ladder.steps", lang), say("page.ladder.steps_note", lang, unit=unit.name(lang)), heads, rows, left=frozenset({0, 1, 2, 3}))


def _dearest(line: LadderLine, hidden: frozenset[LadderLine]) -> tuple[bool, float]:
    """Where a step stands: the dearest first, and last those without figures, whose place would tell between which costs theirs lies."""
    return line in hidden, 0.0 if line in hidden else -line.cost_cny


def _place(line: LadderLine, lang: str) -> list[str]:
    names = (say(f"terms.concession.{line.concession}", lang), pick(line.region_names, lang), pick(line.tier_names, lang), named(line.kind, lang))
    return [*names, depth(line.depth, line.concession, lang)]


def _figures(line: LadderLine, amounts: Sequence[str], lang: str) -> list[str]:
    marginal = NONE if line.marginal_cost_pct is None else number(line.marginal_cost_pct, lang, 2)
    return [number(line.qualifying, lang), *amounts, marginal]
