"""An error as the sentences a planner reads."""

import tempfile
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from planning.errors import Fault, Infeasible, PlanningError, RunFailed, Value
from planning.plan.plan import Relaxed
from planning.report.cards import relaxed
from planning.report.cards.wording import named, setting
from planning.report.formats import number
from planning.report.i18n import MissingWordsError, say, sentence

MOST = 20


def sentences(error: PlanningError, lang: str) -> list[str]:
    """A sentence for each fault, at most 20 and then how many more; rules by their names, places and amounts with units."""
    told = [sentence(_worded(fault, lang), lang) for fault in error.faults[:MOST]]
    if isinstance(error, Infeasible):
        codes = {fault.code for fault in error.faults}
        if all(code.startswith("impossible_") for code in codes):
            told.insert(0, say("desk.impossible", lang))
        elif codes & {"conflict", "conflict_wide", "conflict_alone"}:
            told.insert(0, say("desk.infeasible", lang))
    rest = len(error.faults) - MOST
    return [*told, sentence(Fault("and_more", count=rest), lang)] if rest > 0 else told


def unforeseen(error: BaseException) -> RunFailed:
    """An error nobody foresaw, by its kind and the log that tells more; also where no log can be written, as on a full disk."""
    problem = type(error).__name__
    try:
        return RunFailed(Fault("unforeseen", values={"problem": problem, "log": _logged(error)}))
    except OSError:
        return RunFailed(Fault("unforeseen_no_log", values={"problem": problem}))


def _logged(error: BaseException) -> str:
    """The name of a log of its own: kinds of errors and places in the code, never their messages."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", prefix="planning-", suffix=".log", delete=False) as log:
        log.writelines(_places(error))
    return log.name


def _places(error: BaseException | None) -> Iterator[str]:
    """Kinds of an error and of what led to it, and the code they went through; messages may name clients, and a log must not."""
    while error is not None:
        yield f"{type(error).__name__}\n"
        yield from traceback.format_tb(error.__traceback__)
        error = error.__cause__ or error.__context__


def relaxed_lines(rows: Sequence[Mapping[str, Any]], lang: str) -> list[str]:
    """A sentence for each relaxed rule of a run's record, places by their codes."""
    return [f"  · {relaxed.sentence(Relaxed(**{**row, 'where': tuple(row['where'])}), {}, lang)}" for row in rows]


def troubled(values: Mapping[str, Value], lang: str) -> dict[str, Value]:
    """Values that tell why the system refused a file, with that in words; others as they are."""
    code = values.get("trouble", "other")
    return {**values} if code == "other" else {**values, "problem": say(f"terms.trouble.{code}", lang)}


def _worded(fault: Fault, lang: str) -> Fault:
    """A fault that names a rule or a bar, with it, its place and its amount in words."""
    values = troubled(fault.values, lang)
    if "trouble" in values:
        return replace(fault, values=values)
    if "bar" in values:
        return replace(fault, values={**values, "bar": say(f"compliance.event.{values['bar']}", lang)})
    if not {"rule", "where"} <= values.keys():
        return fault
    unit = str(values.get("unit", ""))
    values["where"] = named(str(values["where"]), lang) or say("desk.whole_bank", lang)
    if values["rule"] == "spend_phased" and "end" in values:
        values["where"] = say(f"terms.share_end.{values['end']}", lang, place=values["where"])
    values["rule"] = rule_words(str(values["rule"]), str(values.get("number", "")), lang)
    values["amount"] = amount_words(float(values.get("amount", 0.0)), unit, lang) if unit != "yes" else ""
    values |= {name: setting(float(values[name]), unit, lang) for name in ("now", "then") if name in values}
    return replace(fault, values=values)


def amount_words(amount: float, unit: str, lang: str) -> str:
    """An amount with its unit; a share in percentage points."""
    if unit == "share":
        return say("desk.points", lang, figure=number(100 * amount, lang, 2))
    figure = number(amount, lang, 0 if amount >= 100 or amount == round(amount) else 2)
    if unit == "CNY":
        return say("terms.money.yuan", lang, figure=figure)
    return f"{figure} {say(f'terms.unit.{unit}', lang, n=1 if amount == 1 else 2)}" if unit else figure


def rule_words(code: str, numbered: str, lang: str) -> str:
    """A rule by its number and name."""
    try:
        name = say(f"rules.{code}", lang)
    except MissingWordsError:
        name = code
    quoted = say("terms.quoted", lang, name=name)
    return f"{numbered} {quoted}".strip() if lang == "en" else f"{numbered}{quoted}"
