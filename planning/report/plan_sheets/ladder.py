"""The ladder of concessions, cell by cell."""

from collections.abc import Mapping

from planning.plan.summary import LadderLine, Summary
from planning.report.cards import privacy
from planning.report.cards.wording import CONCESSIONS, named
from planning.report.i18n import pick, say
from planning.report.plan_sheets.amounts import columns_in_fen, summed, total
from planning.report.sheet import Cell, Kind, Sheet, typed

COLUMNS: dict[str, Kind] = {
    "concession": "text", "region": "text", "tier": "text", "kind": "text", "level": "count", "depth_bp": "number", "depth_fee": "percent",
    "qualifying": "count", "base": "cny", "cost": "cny", "gain": "cny", "new_money": "cny", "marginal": "gap", "grade": "count",
}  # fmt: skip
UNTOLD = 6  # columns of figures about clients


def ladder(summary: Summary, lang: str) -> Sheet:
    """A row for every region, tier, kind and concession, level 0 too; no figures about few clients, nor such as would give them away."""
    granted = [line for line in summary.ladder if line.level > 0]
    hidden = privacy.concealed(granted, summary.plan.policy["privacy"]["min_cell"])
    amounts = columns_in_fen(summary.ladder, ("cost_cny", "gain_cny"))
    ranks = {tier.code: rank for rank, tier in enumerate(summary.tiers)}
    rows = []
    for line, cost, gain in zip(summary.ladder, amounts["cost_cny"], amounts["gain_cny"], strict=True):
        figures: list[Cell] = [None] * UNTOLD if not line.level else [say("terms.hidden", lang)] * UNTOLD
        if line.level and line not in hidden:
            marginal = None if line.marginal_cost_pct is None else line.marginal_cost_pct / 100
            figures = [line.qualifying, round(line.base_cny, 2), cost, gain, round(line.new_money_cny, 2), marginal]
        rows.append((_order(line, ranks), [*_place(line, lang), *figures, line.min_grade if line.level else None]))
    sums = {"cost": summed(amounts["cost_cny"]), "gain": summed(amounts["gain_cny"])}
    ordered = [row for _, row in sorted(rows, key=lambda one: one[0])]
    return typed("ladder", COLUMNS, [*ordered, total(COLUMNS, sums, lang)] if ordered else [], lang, total=True)


def _order(line: LadderLine, ranks: Mapping[str, int]) -> tuple[int, str, bool, str, int]:
    return CONCESSIONS.index(line.concession), line.region, line.kind != "personal", line.kind, ranks[line.tier]


def _place(line: LadderLine, lang: str) -> list[Cell]:
    of_fee = line.concession == "fee_waiver"
    names = [say(f"terms.concession.{line.concession}", lang), pick(line.region_names, lang), pick(line.tier_names, lang), named(line.kind, lang)]
    return [*names, line.level, None if of_fee else line.depth, line.depth if of_fee else None]
