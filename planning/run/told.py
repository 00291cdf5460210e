"""An error as the sentences a planner reads."""

from dataclasses import replace

from planning.errors import Fault, Infeasible, PlanningError
from planning.report.formats import number
from planning.report.i18n import MissingWordsError, say, sentence

MOST = 20


def sentences(error: PlanningError, lang: str) -> list[str]:
    """A sentence for each fault, at most 20 and then how many more; rules by their names, places and amounts with units."""
    told = [sentence(_worded(fault, lang), lang) for fault in error.faults[:MOST]]
    if isinstance(error, Infeasible):
        alone = all(fault.code.startswith("impossible_") for fault in error.faults)
        told.insert(0, say("desk.impossible" if alone else "desk.infeasible", lang))
    rest = len(error.faults) - MOST
    return [*told, sentence(Fault("and_more", count=rest), lang)] if rest > 0 else told


def _worded(fault: Fault, lang: str) -> Fault:
    """A fault that names a rule, with the rule, its place and its amount in words."""
    values = dict(fault.values)
    if not {"rule", "where"} <= values.keys():
        return fault
    amount, unit = float(values.get("amount", 0.0)), str(values.get("unit", ""))
    values["rule"] = rule_words(str(values["rule"]), str(values.get("number", "")), lang)
    values["where"] = values["where"] or say("desk.whole_bank", lang)
    values["amount"] = amount_words(amount, unit, lang)
    return replace(fault, values=values)


def amount_words(amount: float, unit: str, lang: str) -> str:
    """An amount with its unit; a share in percentage points."""
    if unit == "share":
        return say("desk.points", lang, figure=number(100 * amount, lang, 2))
    figure = number(amount, lang, 0 if amount >= 100 or amount == round(amount) else 2)
    return f"{figure} {say('terms.unit.yuan' if unit == 'CNY' else f'terms.unit.{unit}', lang, n=1 if amount == 1 else 2)}" if unit else figure


def rule_words(code: str, numbered: str, lang: str) -> str:
    """A rule by its number and name."""
    try:
        name = say(f"rules.{code}", lang)
    except MissingWordsError:
        name = code
    return f"{numbered} “{name}”".strip() if lang == "en" else f"{numbered}「{name}」"
