"""What the model assumes, where each assumption is set and to what, and the weaknesses that are known."""

from collections.abc import Sequence

from planning.plan.record import ModelRecord, Range
from planning.policy import find
from planning.report.cards.card import Card
from planning.report.cards.footer import setting_words
from planning.report.cards.record.words import both
from planning.report.cards.section import Block, section, table
from planning.report.formats import NONE, number, percent, percents
from planning.report.html import Table
from planning.report.i18n import column_heading, listing, say

# An assumption, and what sets it: parameters by name, columns as table.column; what nothing sets is part of the program.
ASSUMED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("saturating", ("responses.uplift_share", "responses.rate", "events.touch_weight")),
    ("added_up", ()),
    ("alike", ("by",)),
    ("month_free", ()),
    ("growth", ("elasticities.growth_per_unit",)),
    ("old_money", ("elasticities.old_money_share",)),
    ("retention", ("elasticities.retention_gain_per_unit",)),
    ("not_negative", ()),
    ("horizon", ("horizon_years", "discount", "effect_kept")),
    ("objective", ("objective", "risk_aversion")),
    ("doubt", ("responses.se_share", "elasticities.se_share")),
    ("transfer_price", ("ftp_deposit_pct", "ftp_loan_pct")),
    ("expected_loss", ("expected_loss", "clients.pd", "clients.lgd")),
    ("ratio_base", ("event_ratio", "concession_ratio", "clients.contribution_last_cny")),
    ("hours", ("rule", "managers.hours_year", "cadence.visits_year", "cadence.hours_visit")),
    ("partners", ("events.partner_share", "partners.cap_cny")),
    ("ceilings", ("bank_type", "caps.cap_bp")),
    ("holdout", ("holdout_share",)),
)
WEAK = ("turnout", "acceptance", "rivals", "interplay", "linear", "once", "fairness", "control")


def assumptions(record: ModelRecord, lang: str = "zh") -> Card:
    """The assumptions and the weaknesses."""
    return both("assumptions", _html, record, lang)


def _html(record: ModelRecord, lang: str) -> str:
    finding = say("record.assumptions.finding", lang, n=len(ASSUMED), share=percent(record.judged_share, lang, 0))
    blocks = [table(_table(record, lang)), table(_sources(record, lang)), Block("list", tuple(_weaknesses(record, lang)), say("record.weak.title", lang))]
    return section("assumptions", lang, finding, say("record.assumptions.lead", lang), blocks)


def _table(record: ModelRecord, lang: str) -> Table:
    heads = [say(f"record.assumptions.{name}", lang) for name in ("what", "where", "setting")]
    rows = [[say(f"record.assume.{code}", lang), _where(places, lang), _setting(record, places, lang)] for code, places in ASSUMED]
    return Table(say("record.assumptions.table", lang), say("record.assumptions.note", lang), heads, rows, left=frozenset({0, 1, 2}), wide=True)


def _where(places: Sequence[str], lang: str) -> str:
    if not places:
        return say("record.assumptions.program", lang)
    named = [_column(place, lang) if "." in place else _parameter(place, lang) for place in places]
    return say("terms.clause_comma", lang).join(named)


def _column(place: str, lang: str) -> str:
    table_, _, column = place.partition(".")
    return say("record.assumptions.column", lang, table=table_, column=column_heading(table_, column, lang))


def _parameter(name: str, lang: str) -> str:
    return say("record.assumptions.parameter", lang, name=name)


def _setting(record: ModelRecord, places: Sequence[str], lang: str) -> str:
    """What the parameters among the places are set to, and between which values the columns lie."""
    ranges = {f"{one.table}.{one.column}": one for one in record.evidence.ranges}
    told = []
    for place in places:
        if "." not in place:
            told.append(say("record.assumptions.set_to", lang, name=place, value=_parameter_value(record, place, lang)))
        elif place in ranges:
            told.append(say("record.assumptions.set_to", lang, name=place, value=_span(ranges[place], lang)))
    return say("terms.clause_comma", lang).join(told) or NONE


def _parameter_value(record: ModelRecord, name: str, lang: str) -> str:
    one, policy = find(name), record.summary.plan.policy
    return setting_words(one, policy[one.section][one.field] if one.section else policy[one.field], lang)


def _span(found: Range, lang: str) -> str:
    """One value, or the lowest and the highest."""
    low, high = (number(end, lang) if end == round(end) else f"{end:,.6g}" for end in (found.low, found.high))
    return low if low == high else say("record.assumptions.span", lang, low=low, high=high)


def _sources(record: ModelRecord, lang: str) -> Table:
    """Where the coefficients come from, table by table."""
    heads = [say(f"record.sourced.{name}", lang) for name in ("table", "source", "rows", "dates")]
    rows = [
        [
            say(f"record.sourced.of.{one.table}", lang),
            say(f"page.risks.source.{one.source}", lang),
            number(one.rows, lang),
            one.since if one.since == one.until else say("record.sourced.span", lang, since=one.since, until=one.until),
        ]
        for one in record.evidence.sourced
    ]
    return Table(say("record.sourced.caption", lang), say("record.sourced.note", lang), heads, rows, left=frozenset({0, 1, 3}), wide=True)


def _weaknesses(record: ModelRecord, lang: str) -> list[str]:
    found = record.summary.risks
    sources = found.sources if found else ()
    told = []
    if sources:
        parts = zip(sources, percents([line.share for line in sources], lang, 0), strict=True)
        named = [say("page.risks.source_item", lang, share=share, source=say(f"page.risks.source.{line.source}", lang)) for line, share in parts]
        told.append(say("record.weak.sources", lang, sources=listing(named, lang)))
    told.append(say("record.weak.gap", lang, gap=percent(record.summary.plan.solve.gap, lang, 2)))
    return [*told, *(say(f"record.weak.{code}", lang) for code in WEAK)]
