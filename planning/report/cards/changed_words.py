"""Words for what changed since the last version: settings, lines, months, reasons."""

from collections.abc import Mapping, Sequence
from typing import Any

from planning.book.contracts import EVERY_TABLE
from planning.plan.causes import FieldChange, Reason
from planning.plan.changed import LevelChange, Measured
from planning.plan.study import Change
from planning.plan.summary import Names, Summary
from planning.policy import Parameter, parameters
from planning.report.cards import privacy
from planning.report.cards.wording import named, plain_setting, setting
from planning.report.fonts import drawable
from planning.report.formats import NONE, month
from planning.report.i18n import listing, pick, say

NAMED = 3  # causes that a line names
LONGEST = 120  # characters of a setting


def field(one: FieldChange, known: Mapping[str, Names], lang: str) -> tuple[str, str, str]:
    """A setting of the policy: its help, what it was and what it is."""
    parameter = _parameter(one.name)
    before, after = (_setting(value, parameter, known, lang) for value in (one.before, one.after))
    return _help(one.name, lang), before, after


def cell(line: LevelChange, lang: str) -> str:
    """A cell of the ladder: concession, region, tier and kind."""
    where = (name_of(line.region, line.region_names, lang), name_of(line.tier, line.tier_names, lang))
    return " · ".join([drawn(named(line.concession, lang)), *where, drawn(named(line.kind, lang))])


def heading(name: str, lang: str) -> str:
    """A table's name."""
    return pick((EVERY_TABLE[name].zh, EVERY_TABLE[name].en), lang)


def _setting(value: Any, parameter: Parameter, known: Mapping[str, Names], lang: str) -> str:
    """What a field is or was set to: money and shares with their unit, places by name, locked lines by their number."""
    if parameter.section == "frozen" and isinstance(value, list) and value:
        return say("page.footer.locked_lines", lang, n=len(value))
    if parameter.name == "must_hold":
        items = [f"{_named(entry['event'], known, lang)} {month(entry['month'], lang)}" for entry in value]
    elif parameter.unit == "months" and isinstance(value, list):
        items = [month(one, lang) for one in value]
    elif parameter.unit == "share" and isinstance(value, dict):
        items = [f"{_named(code, known, lang)} {setting(share, 'share', lang)}" for code, share in value.items()]
    elif parameter.unit in ("CNY", "share") and parameter.section != "solver" and isinstance(value, int | float):
        return setting(value, parameter.unit, lang)
    else:
        items = [drawn(plain_setting(value, lang))]
    return say("terms.comma", lang).join(items) or NONE


def _named(code: str, known: Mapping[str, Names], lang: str) -> str:
    return name_of(code, known.get(code), lang)


def _parameter(name: str) -> Parameter:
    return next(one for one in parameters() if one.name == name)


def _help(name: str, lang: str) -> str:
    parameter = _parameter(name)
    return parameter.zh if lang == "zh" else parameter.en


def drawn(text: str) -> str:
    """Text of a former file as it can be shown: cut short, and what the font lacks as a question mark."""
    shown = "".join(one if one in drawable() else "?" for one in text[:LONGEST])
    return f"{shown}…" if len(text) > LONGEST else shown


def name_of(code: str, names: Names | None, lang: str) -> str:
    """What today's tables call a code; the code itself where they do not know it."""
    return drawn(code) if names is None else pick(names, lang)


def months(sessions: Sequence[tuple[int, int]], lang: str) -> str:
    """Months with their sessions."""
    told = (month(m, lang) if count == 1 else say("page.changed.month", lang, month=month(m, lang), n=count) for m, count in sessions)
    return say("terms.comma", lang).join(told) or NONE


def reason(why: Reason, lang: str) -> str:
    """Why a line changed."""
    fields = [_help(name, lang) for name in why.fields]
    tables = [heading(name, lang) for name in why.tables]
    if why.code == "rule":
        rules = _few([say(f"rules.{rule}", lang) for rule in why.rules], lang)
        key = "page.changed.reason_rule_by" if fields or tables else "page.changed.reason_rule"
        return say(key, lang, rules=rules, causes=_few([*fields, *tables], lang))
    if why.code in ("gone", "solving", "tie"):
        return say(f"page.changed.reason_{why.code}", lang)
    if not (fields or tables):
        return say("page.changed.reason_data_alone", lang)
    key = f"page.changed.reason_{why.code}" if why.direct else f"page.changed.reason_{why.code}_indirect"
    return say(key, lang, causes=_few([*fields, *tables], lang))


def _few(items: Sequence[str], lang: str) -> str:
    if len(items) <= NAMED:
        return listing(items, lang) if items else ""
    return say("page.changed.and_more", lang, items=say("terms.comma", lang).join(items[:NAMED]), n=len(items) - NAMED)


def moved(summary: Summary, measured: Measured | None) -> tuple[Change, ...]:
    """Money placed differently, but for what is only shown together with others."""
    return () if measured is None else privacy.told_apart(summary, measured.money)
