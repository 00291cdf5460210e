"""Words that several cards share: depths of concessions, names of places, units of limits."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from planning.book.parts import OTHER, UNKNOWN
from planning.plan.summary import LadderLine, Summary
from planning.report.formats import NONE, month, number, percent, period
from planning.report.i18n import pick, say, words

CONCESSIONS = ("deposit_premium", "loan_discount", "fee_waiver")
# What a ladder is, what is locked, what conduct forbids: always exact, so never called used up.
SHAPE = ("one_level", "ladder_rises_with_tier", "frozen", "no_reward_for_deposits", "gift_within_cap_per_guest")
KINDS = ("personal", "corporate")


def planned(summary: Summary, lang: str) -> str:
    """The period the plan is for."""
    return period(summary.period, summary.plan.year, lang)


def opening(words: str) -> str:
    """Words that may stand inside a sentence, as they open one."""
    return words[:1].upper() + words[1:]


def ratio(part: float, whole: float) -> float:
    """part / whole, 0 where there is no whole."""
    return part / whole if whole else 0.0


def depth(step_depth: float, concession: str, lang: str) -> str:
    """How deep a concession goes: basis points, or a share of the fee."""
    if concession == "fee_waiver":
        return percent(step_depth, lang, 0)
    return (
        say("terms.basis_points", lang, n=round(step_depth))
        if step_depth == round(step_depth)
        else say("terms.basis_points_part", lang, figure=number(step_depth, lang, 1))
    )


def depth_words(ladder: Iterable[LadderLine], lang: str) -> list[str]:
    """The deepest step granted of each concession, in words."""
    deepest: dict[str, float] = {}
    for line in ladder:
        if line.level > 0:
            deepest[line.concession] = max(deepest.get(line.concession, 0.0), line.depth)
    return [say(f"page.ladder.up_to.{code}", lang, depth=depth(deepest[code], code, lang)) for code in CONCESSIONS if code in deepest]


def named(code: str, lang: str, key: str = "") -> str:
    """The words of a code that may have none: a family or kind the bank made up keeps its code. `key` = where they stand, if elsewhere."""
    key = key or f"terms.named_code.{code}"
    return say(key, lang) if key in words() else code


def places(summary: Summary) -> Mapping[str, tuple[str, str]]:
    """Names of every tier, branch, region and event the summary knows, by code."""
    found: dict[str, tuple[str, str]] = {}
    for group in (*summary.regions, *summary.tiers, *summary.branches):
        found[group.code] = group.names
    found |= {line.event: line.names for line in summary.sessions}
    found |= {line.event: line.names for line in summary.left_out}
    return found


def place(where: Sequence[str], known: Mapping[str, tuple[str, str]], lang: str) -> str:
    """A place in words: 仁和支行 · 钻石 · 个人."""
    return " · ".join(_place(code, known, lang) for code in where) or NONE


def _place(code: str, known: Mapping[str, tuple[str, str]], lang: str) -> str:
    if code.isdecimal() and 1 <= int(code) <= 12 and code not in known:
        return month(int(code), lang)
    if code in known:
        return pick(known[code], lang)
    return part(code, lang) if _is_part(code) else named(code, lang)


def _is_part(code: str) -> bool:
    """Whether a code names a part of a client group, rather than a partner or place whose own name has such signs."""
    pairs = [one.partition("=") for one in code.split(";")]
    return code == OTHER or all(sign and f"terms.segment.part.{name}" in words() for name, sign, _ in pairs)


def part(code: str, lang: str) -> str:
    """A part of a client group in words: 40-54 岁、女."""
    if code == OTHER:
        return say("terms.segment.other", lang)
    pairs = (one.partition("=")[::2] for one in code.split(";"))
    return say("terms.comma", lang).join(attribute(name, value, lang) for name, value in pairs)


def attribute(name: str, value: str, lang: str) -> str:
    """What a client is by one attribute, in words; a value the bank made up keeps its code."""
    if value == UNKNOWN:
        return say(f"terms.segment.unknown.{name}", lang)
    key = f"terms.segment.value.{name}.{value}"
    return say(f"terms.segment.part.{name}", lang, value=say(key, lang) if key in words() else value)


def setting(value: float, unit: str, lang: str) -> str:
    """What a rule is set to, exactly: 18.3%, 4,012,000 元, 540 小时."""
    if unit == "share":
        return percent(value, lang, next((places for places in (0, 1, 2) if round(100 * value, 6) == round(100 * value, places)), 1))
    if unit == "yes":
        return say("terms.yes" if value else "terms.no", lang)
    figure = number(value, lang, 0 if value == round(value) else 2 if unit == "CNY" else 1)
    return say("terms.money.yuan", lang, figure=figure) if unit == "CNY" else f"{figure} {say(f'terms.unit.{unit}', lang, n=1 if value == 1 else 2)}"


def plain_setting(value: Any, lang: str) -> str:
    """What a field of the policy is set to, as it stands: lists and tables spelt out."""
    if value is None or value in ({}, [], ()):
        return NONE
    if isinstance(value, bool):
        return say("terms.yes" if value else "terms.no", lang)
    if isinstance(value, dict):
        return say("terms.comma", lang).join(f"{key} = {plain_setting(one, lang)}" for key, one in value.items())
    if isinstance(value, (list, tuple)):
        return say("terms.comma", lang).join(plain_setting(one, lang) for one in value)
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e5 else f"{value:,.0f}" if isinstance(value, float) else str(value)
