"""Numbers, money, shares and dates as a reader of that language writes them (Babel)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum
from statistics import median

from babel.dates import format_date, get_month_names
from babel.numbers import format_decimal, format_percent

from planning.money import grid_in_steps, in_steps, nearest
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

    def adding_up(self, values: Sequence[float]) -> list[float]:
        """The amounts of a column, yuan, as this unit shows them, so that they add up as printed to what it shows of their sum."""
        step = self.yuan / 10**self.decimals
        return [steps * step for steps in in_steps(values, step)]

    def grid(self, rows_fen: Sequence[Sequence[int]]) -> list[list[float]]:
        """A table's amounts, whole fen, as yuan in this unit's steps, so that rows and columns add up as printed."""
        step = self.yuan / 10**self.decimals
        return [[steps * step for steps in row] for row in grid_in_steps(rows_fen, round(step * 100))]

    def balanced(self, value: float, added: float, events: float, concessions: float) -> list[float]:
        """A plan's value, what it adds and what it costs, yuan, so that value = added − costs as printed; as they are where it is not their sum."""
        parts = (added, -events, -concessions)
        if abs(fsum(parts) - value) > 1:
            return [value, added, events, concessions]
        gain, *costs = self.adding_up(parts)
        return [gain + fsum(costs), gain, *(-cost for cost in costs)]

    def difference(self, before: float, after: float) -> tuple[float, float, float]:
        """Two amounts, yuan, as this unit shows them, and the second less the first, so that it holds as printed."""
        was, now = (self.adding_up([amount])[0] for amount in (before, after))
        return was, now, now - was

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
    """A figure with thousands separators, halves rounded away from nought, never minus nought."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return _signed(format_decimal(_to(value, decimals), format=pattern, locale=LOCALES[lang]))


def money(value: float, lang: str) -> str:
    """An amount as a reader takes it in at once: 1,070 万元, CNY 10.7 million."""
    return _worded(value, _unit(value, lang), lang)


def money_parts(value: float, lang: str) -> tuple[str, str]:
    """The same amount as figure and unit, so that the figure can be set larger."""
    unit = _unit(value, lang)
    return _figure(value, unit, lang), say(f"terms.unit.{unit.unit}", lang)


def split(parts: Sequence[float], lang: str) -> list[str]:
    """Amounts, worded like `money`, whose sum stands beside them: a digit more where they would not add up as printed."""
    whole = _unit(fsum(parts), lang)
    step = whole.yuan / 10**whole.decimals
    shown = nearest(fsum(parts) / step)
    plain = [_to(part / unit.yuan, unit.decimals) * unit.yuan for part, unit in ((part, _unit(part, lang)) for part in parts)]
    if nearest(fsum(plain) / step) == shown:
        return [money(part, lang) for part in parts]
    finer = Scale(whole.yuan, whole.decimals + 1, whole.unit)
    total = nearest(fsum(parts) / step * 10)
    total -= nearest(total / 10) - shown
    return [_worded(steps * step / 10, finer, lang) for steps in in_steps(parts, step / 10, total)]


STEPS = {
    "zh": ((1e9, 1e8, "yi"), (1e4, 1e4, "wan")),
    "en": ((1e9, 1e9, "billion"), (1e6, 1e6, "million"), (1e4, 1e3, "thousand")),
}  # from this size on, in units of so many yuan


def _unit(value: float, lang: str) -> Scale:
    """The unit one amount reads best in, with its decimals at most."""
    for least, yuan, unit in STEPS[lang]:
        if abs(value) >= least:
            size = abs(value) / yuan
            return Scale(yuan, 0 if size >= 100 else 1 if size >= 10 or lang == "zh" else 2, unit)
    return Scale(1.0, 0, "yuan")


def _worded(value: float, unit: Scale, lang: str) -> str:
    return say(f"terms.money.{unit.unit}", lang, figure=_figure(value, unit, lang))


def _figure(value: float, unit: Scale, lang: str) -> str:
    """The figure in that unit, noughts behind the point left out."""
    pattern = "#,##0" + ("." + "#" * unit.decimals if unit.decimals else "")
    return _signed(format_decimal(_to(value / unit.yuan, unit.decimals), format=pattern, locale=LOCALES[lang]))


def _to(value: float, decimals: int) -> float:
    size: float = 10.0**decimals
    return nearest(value * size) / size + 0.0


def plus(figure: str) -> str:
    """A figure of a change: more with a plus, less with its minus, none as it stands."""
    return figure if figure.startswith("−") or not any(digit in "123456789" for digit in figure) else f"+{figure}"


def _signed(text: str) -> str:
    return text.replace("-", "−")


def percent(share: float, lang: str, decimals: int = 1) -> str:
    """A share of 1 as percent."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "") + "%"
    return _signed(format_percent(_to(share, decimals + 2), format=pattern, locale=LOCALES[lang]))


def percents(shares: Sequence[float], lang: str, decimals: int = 1) -> list[str]:
    """Shares of one whole as percent, so that they add up as printed."""
    step = 10.0 ** -(decimals + 2)
    return [percent(steps * step, lang, decimals) for steps in in_steps(shares, step)]


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


def month_in_words(number_of_month: int, lang: str) -> str:
    """A month's name in running text: 3月, March."""
    return month(number_of_month, lang) if lang == "zh" else str(get_month_names("wide", context="stand-alone", locale=LOCALES[lang])[number_of_month])
