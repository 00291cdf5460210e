"""Numbers, money, shares and dates as a reader of that language writes them (Babel)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from babel.dates import format_date, get_month_names
from babel.numbers import format_decimal, format_percent

from planning.report.i18n import LOCALES, say

NONE = "–"
SMALL = 30  # of a unit: amounts of this size show a decimal


@dataclass(frozen=True)
class Scale:
    """The unit a column or figure of money is shown in: yuan a unit, decimals, and the key of its name."""

    yuan: float
    decimals: int
    unit: str

    def number(self, value: float, lang: str) -> str:
        """The bare figure in this unit, for a cell whose head names the unit."""
        return number(value / self.yuan, lang, self.decimals)

    def suited(self, values: Iterable[float]) -> "Scale":
        """The same unit with as many decimals as a column of these amounts needs."""
        sizes = [abs(value) for value in values if value]
        return Scale(self.yuan, 1 if self.unit != "yuan" and sizes and median(sizes) / self.yuan < SMALL else 0, self.unit)

    def name(self, lang: str) -> str:
        """The unit's name: 万元, CNY thousand."""
        return say(f"terms.unit.{self.unit}", lang)


def scale(values: Iterable[float], lang: str) -> Scale:
    """The one unit in which a set of amounts (yuan) reads best: 元/万元/亿元, or CNY/CNY thousand/CNY million."""
    sizes = [abs(value) for value in values if value]
    middle = median(sizes) if sizes else 0.0
    if lang == "zh":
        steps = ((1e9, 1e8, "yi"), (2e4, 1e4, "wan"))
    else:
        steps = ((5e7, 1e6, "million"), (2e4, 1e3, "thousand"))
    for least, yuan, unit in steps:
        if middle >= least:
            return Scale(yuan, 1 if middle / yuan < SMALL else 0, unit)
    return Scale(1.0, 0, "yuan")


def number(value: float, lang: str, decimals: int = 0) -> str:
    """A figure with thousands separators, never minus nought."""
    rounded = round(value, decimals) + 0.0
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return _signed(format_decimal(rounded, format=pattern, locale=LOCALES[lang]))


def money(value: float, lang: str) -> str:
    """An amount as a reader takes it in at once: 1,070 万元, CNY 10.7 million."""
    figure, unit = _rounded(value, lang)
    return say(f"terms.money.{unit}", lang, figure=figure)


def money_parts(value: float, lang: str) -> tuple[str, str]:
    """The same amount as figure and unit, so that the figure can be set larger."""
    figure, unit = _rounded(value, lang)
    return figure, say(f"terms.unit.{unit}", lang)


STEPS = {
    "zh": ((1e9, 1e8, "yi"), (1e4, 1e4, "wan")),
    "en": ((1e9, 1e9, "billion"), (1e6, 1e6, "million"), (1e4, 1e3, "thousand")),
}  # from this size on, in units of so many yuan


def _rounded(value: float, lang: str) -> tuple[str, str]:
    for least, yuan, unit in STEPS[lang]:
        if abs(value) >= least:
            size = abs(value) / yuan
            pattern = "#,##0" if size >= 100 else "#,##0.#" if size >= 10 or lang == "zh" else "#,##0.##"
            return _signed(format_decimal(value / yuan, format=pattern, locale=LOCALES[lang])), unit
    return number(value, lang), "yuan"


def _signed(text: str) -> str:
    return text.replace("-", "−")


def percent(share: float, lang: str, decimals: int = 1) -> str:
    """A share of 1 as percent."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "") + "%"
    return _signed(format_percent(round(share, decimals + 2) + 0.0, format=pattern, locale=LOCALES[lang]))


def day(value: date | str, lang: str) -> str:
    """A date: 2026年11月1日, 1 November 2026. An ISO text is read as one; an empty text gives a dash."""
    if not value:
        return NONE
    when = date.fromisoformat(value) if isinstance(value, str) else value
    return str(format_date(when, format="long", locale=LOCALES[lang]))


def period(code: str, year: int, lang: str) -> str:
    """The plan's period: a year, or one half of it."""
    return say(f"terms.period.{code}", lang, year=str(year))


def month(number_of_month: int, lang: str) -> str:
    """A month's short name: 3月, Mar."""
    return str(get_month_names("abbreviated", context="stand-alone", locale=LOCALES[lang])[number_of_month])
