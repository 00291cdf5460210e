"""Tiers, regions and branches: what each is given and what it brings."""

from collections.abc import Sequence

from planning.plan.summary import GroupLine, Summary
from planning.report.cards import privacy
from planning.report.cards.priced import priced
from planning.report.cards.wording import ratio
from planning.report.i18n import pick, say
from planning.report.plan_sheets.amounts import columns_in_fen, summed, total
from planning.report.sheet import Cell, Kind, Sheet, typed

AMOUNTS = ("contribution_cny", "event_cny", "concession_cny", "uplift_cny", "gain_cny")
FIGURES: dict[str, Kind] = {
    "code": "text", "clients": "count", "contribution": "cny", "events": "cny", "concessions": "cny", "spend": "cny",
    "uplift": "cny", "gain": "cny", "added": "cny", "per_client": "cny", "return": "ratio", "attendances": "count",
}  # fmt: skip
SHARED: dict[str, Kind] = {"shared_out": "text"}
LIMITS: dict[str, Kind] = {"share": "percent", "floor": "percent", "cap": "percent"}


def tiers(summary: Summary, lang: str) -> Sheet:
    """A row a tier, with its share of standard cost and the limits of that."""
    return _sheet("tiers", summary.tiers, summary, LIMITS, lang)


def regions(summary: Summary, lang: str) -> Sheet:
    """A row a region."""
    return _sheet("regions", summary.regions, summary, {}, lang)


def branches(summary: Summary, lang: str) -> Sheet:
    """A row a branch, however many there are."""
    return _sheet("branches", summary.branches, summary, {}, lang)


def _sheet(name: str, lines: Sequence[GroupLine], summary: Summary, limits: dict[str, Kind], lang: str) -> Sheet:
    within = privacy.within_regions(summary) if name == "branches" else privacy.NOWHERE
    min_cell = summary.plan.policy["privacy"]["min_cell"]
    groups = privacy.groups(priced(lines, within, min_cell), min_cell, within, len(lines))
    columns: dict[str, Kind] = {name: "text", **FIGURES, **limits, **(SHARED if any(group.about for group in groups) else {})}
    amounts = columns_in_fen(groups, AMOUNTS)
    alone = {line.code for line in lines}
    rows = []
    for place, group in enumerate(groups):
        own = [amounts[amount][place] for amount in AMOUNTS]
        shared = [say("terms.yes", lang) if group.about else ""] if "shared_out" in columns else []
        shares = (group.share, group.floor, group.cap) if limits else ()
        rows.append([pick(group.names, lang), group.code if group.code in alone else "", *_figures(group.clients, own), round(group.reached), *shares, *shared])
    sums = _figures(sum(group.clients for group in groups), [summed(amounts[amount]) for amount in AMOUNTS])
    reached = sum(round(group.reached) for group in groups)
    names = list(FIGURES)[1:]
    return typed(name, columns, [*rows, total(columns, dict(zip(names, [*sums, reached], strict=True)), lang)], lang, total=True)


def _figures(clients: int, amounts: Sequence[float]) -> list[Cell]:
    contribution, events, concessions, uplift, gain = amounts
    spend, added = summed([events, concessions]), summed([uplift, gain])
    per_client = round(ratio(spend, clients), 2) if clients else None
    return [clients, contribution, events, concessions, spend, uplift, gain, added, per_client, round(added / spend, 4) if spend > 0 else None]
