"""Every rule at its tightest place, what law and conduct keep out, and rules that were relaxed."""

from datetime import date

from planning.plan.summary import Blocked, RuleLine, Summary
from planning.report.cards.blocked import counts, source, touched
from planning.report.cards.blocked import untold as untold_counts
from planning.report.cards.relaxed import rule_of, where
from planning.report.cards.rules import state
from planning.report.cards.standing import Standing, of_summary, untold
from planning.report.cards.wording import SHAPE, place, places
from planning.report.i18n import say
from planning.report.sheet import Cell, Figure, Kind, Sheet, typed

RULES: dict[str, Kind] = {
    "rule": "text", "number": "text", "means": "text", "where": "text", "limit": "number", "value": "number", "unit": "text",
    "places": "count", "tight_places": "count", "result": "text",
}  # fmt: skip
BLOCKED: dict[str, Kind] = {
    "barred": "text", "law": "text", "touched": "text", "source": "text", "as_of": "date", "blocked_number": "count", "unit": "text", "result": "text",
}  # fmt: skip
RELAXED: dict[str, Kind] = {"rule": "text", "where": "text", "asked": "number", "relaxed_to": "number", "unit": "text"}


def rules(summary: Summary, lang: str) -> Sheet:
    """A row a rule: what it says, its tightest place, limit and value there, and whether it is used up."""
    known, relaxed_ = places(summary), {rule_of(line) for line in summary.plan.relaxed}
    stands = of_summary(summary)
    rows: list[list[Cell]] = []
    for line in summary.rules:
        shaped = line.code in SHAPE
        result = say("page.relaxed.tag", lang) if line.code in relaxed_ else say(f"page.rules.tag_{state(line)}", lang)
        told = (say(f"rules.{line.code}", lang), line.number, say(f"rules.means.{line.code}", lang), "" if shaped else place(line.where, known, lang))
        tight = None if shaped else line.tight_places
        rows.append([*told, *_figures(line, (summary, stands), lang), line.places, tight, result])
    return typed("rules", RULES, rows, lang)


def _figures(line: RuleLine, given: tuple[Summary, Standing], lang: str) -> list[Cell]:
    """Limit, value and unit at the tightest place; not of few clients."""
    summary, stands = given
    if line.code in SHAPE:
        return [None, None, None]
    unit = None if line.unit == "share" else _unit(line.unit, lang)
    if untold(line, summary, stands):
        return [say("terms.hidden", lang), say("terms.hidden", lang), unit]
    return [_figure(line.limit, line.unit), _figure(line.value, line.unit), unit]


def _figure(value: float | None, unit: str) -> Cell:
    if value is None:
        return None
    return Figure(value, "percent") if unit == "share" else Figure(round(value, 2), "cny") if unit == "CNY" else round(value, 4)


def _unit(unit: str, lang: str) -> str:
    return say("terms.unit.yuan" if unit == "CNY" else f"terms.unit.{unit}", lang)


def blocked(summary: Summary, lang: str) -> Sheet:
    """A row for each bar of law or conduct that keeps anything out, and the control group."""
    words, hidden = counts(summary, lang), untold_counts(summary)
    rows: list[list[Cell]] = []
    for line in summary.blocked:
        if line.count:
            told = (say(f"compliance.bar.{line.code}", lang), line.rule, touched(line, lang), source(line, lang))
            result = say(f"page.rules.tag_{'held' if line.code == 'holdout' else 'blocked'}", lang)
            rows.append([*told, _date(line), words[line] if line in hidden else line.count, say(f"export.unit.{line.what}", lang), result])
    return typed("blocked", BLOCKED, rows, lang)


def _date(line: Blocked) -> Cell:
    return date.fromisoformat(line.as_of) if "-" in line.as_of else line.as_of or None


def relaxed(summary: Summary, lang: str) -> Sheet:
    """The rules that gave way so that there is a plan: what was asked, and what holds instead."""
    known = places(summary)
    rows: list[list[Cell]] = []
    for line in summary.plan.relaxed:
        told = (say(f"rules.{rule_of(line)}", lang), where(line, known, lang))
        if line.unit == "yes":
            figures: list[Cell] = [say("terms.yes" if value else "terms.no", lang) for value in (line.asked, line.relaxed_to)]
        else:
            figures = [_figure(line.asked, line.unit), _figure(line.relaxed_to, line.unit)]
        rows.append([*told, *figures, None if line.unit in ("yes", "share") else _unit(line.unit, lang)])
    return typed("relaxed", RELAXED, rows, lang)
