"""The plan in one sheet: what it costs and brings, its budgets, whom it reaches, and how sure that is."""

from collections.abc import Iterator
from datetime import date
from math import ceil

from planning.plan.summary import Budget, Summary
from planning.report.cards.wording import planned, ratio
from planning.report.i18n import pick, say
from planning.report.sheet import Cell, Figure, Kind, Sheet, typed

COLUMNS: dict[str, Kind] = {"group": "text", "item": "text", "figure": "number"}
NOTES = ("money", "added", "guests", "few", "readers")


def totals(summary: Summary, lang: str) -> Sheet:
    """A row a figure, in groups."""
    groups = {"plan": _plan, "money": _money, "budget": _budgets, "reach": _reach, "proof": _proof, "notes": _notes}
    rows: list[list[Cell]] = []
    for group, items in groups.items():
        rows += [[say(f"export.group.{group}", lang), item, value] for item, value in items(summary, lang)]
    return typed("totals", COLUMNS, rows, lang)


Items = Iterator[tuple[str, Cell]]


def _item(name: str, lang: str, **values: object) -> str:
    return say(f"export.item.{name}", lang, **values)


def _cny(value: float) -> Figure:
    return Figure(round(value, 2) + 0.0, "cny")


def _at_most(bound: float) -> Figure:
    """A bound to the fen, never rounded down."""
    return Figure(ceil(round(bound * 100, 4)) / 100, "cny")


def _plan(summary: Summary, lang: str) -> Items:
    plan = summary.plan
    yield _item("bank", lang), pick(summary.bank_names, lang)
    yield _item("plan", lang), plan.id
    yield _item("period", lang), planned(summary, lang)
    yield _item("state", lang), say(f"page.state.{plan.state}", lang)
    yield _item("data_date", lang), Figure(date.fromisoformat(str(plan.policy["data_date"])), "date")
    yield _item("data_hash", lang), plan.data_hash
    if summary.sample:
        yield _item("sample", lang), say("export.sample", lang)
    if plan.relaxed:
        yield _item("relaxed", lang), Figure(len(plan.relaxed), "count")


def _money(summary: Summary, lang: str) -> Items:
    totals_, years = summary.plan.totals, summary.plan.policy["value"]["horizon_years"]
    yield _item("events", lang), _cny(totals_.event_cny)
    yield _item("concessions", lang), _cny(totals_.concession_cny)
    yield _item("spend", lang), _cny(summary.spend_cny)
    yield _item("uplift", lang, n=years), _cny(totals_.uplift_cny)
    yield _item("gain", lang, n=years), _cny(totals_.gain_cny)
    yield _item("added", lang, n=years), _cny(summary.added_cny)
    if summary.risks is not None and summary.risks.bars:
        yield _item("added_low", lang), _cny(summary.risks.added.low_cny)
        yield _item("added_high", lang), _cny(summary.risks.added.high_cny)
        yield _item("paying_back", lang), Figure(summary.risks.paying_back, "percent")
    yield _item("net", lang), _cny(summary.added_cny - summary.spend_cny)
    yield _item("return", lang), Figure(round(ratio(summary.added_cny, summary.spend_cny), 4), "ratio")


def _budgets(summary: Summary, lang: str) -> Items:
    for name, budget in (("event", summary.event_budget), ("concession", summary.concession_budget)):
        yield from _budget(name, budget, lang)
    limit = summary.event_budget.limit_cny + summary.concession_budget.limit_cny
    yield _item("used", lang), Figure(ratio(summary.spend_cny, limit), "percent")
    yield _item("of_base", lang), Figure(ratio(summary.spend_cny, summary.base_contribution_cny), "percent")
    last_year = {"last_event": summary.last_year_event_cny, "last_concession": summary.last_year_concession_cny}
    for name, amount in last_year.items():
        if amount is not None:
            yield _item(name, lang, period=say(f"page.last_year.{summary.period}", lang)), _cny(amount)


def _budget(name: str, budget: Budget, lang: str) -> Items:
    yield _item(f"{name}_amount", lang), _cny(budget.amount_cny)
    yield _item(f"{name}_ratio", lang), _cny(budget.ratio_cny)
    yield _item(f"{name}_limit", lang), _cny(budget.limit_cny)


def _reach(summary: Summary, lang: str) -> Items:
    yield _item("sessions", lang), Figure(sum(line.sessions for line in summary.sessions), "count")
    yield _item("guests", lang), Figure(round(sum(line.guests for line in summary.sessions)), "count")
    yield _item("reached", lang), Figure(round(summary.reached_clients), "count")
    yield _item("segmented", lang), Figure(summary.segmented, "count")
    yield _item("holdout", lang), Figure(summary.plan.policy["evaluation"]["holdout_share"], "percent")


def _proof(summary: Summary, lang: str) -> Items:
    plan, solve, certified = summary.plan, summary.plan.solve, summary.certified
    yield _item("value", lang), _cny(plan.totals.value_cny)
    yield _item("bound", lang), _at_most(solve.bound)
    yield _item("gap", lang), Figure(solve.gap, "gap")
    yield _item("asked_gap", lang), Figure(plan.policy["solver"]["gap"], "gap")
    if certified is not None and certified.bound_cny is not None and certified.gap is not None:
        yield _item("certified_bound", lang), _at_most(certified.bound_cny)
        yield _item("certified_gap", lang), Figure(certified.gap, "gap")
    yield _item("verified", lang), Figure(summary.verified_rules, "count")


def _notes(summary: Summary, lang: str) -> Items:
    values = {"n": summary.plan.policy["value"]["horizon_years"], "least": str(summary.plan.policy["privacy"]["min_cell"])}
    for place, name in enumerate(NOTES, 1):
        yield str(place), say(f"export.note.{name}", lang, **values)
