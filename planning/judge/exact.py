"""Numbers as they are written: a float means the decimal its text shows, never its binary neighbour."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

ZERO = Fraction(0)
FEN = Fraction(1, 100)
HALF_FEN = Fraction(1, 200)

_WIDE = Context(prec=400)
_WHOLE_FLOATS = 2.0**53


def exact(value: Any, missing: Fraction = ZERO) -> Fraction:
    """The decimal a number shows, as a fraction; `missing` for None and NaN. ValueError for an infinity or for text."""
    if value is None or value != value:
        return missing
    if isinstance(value, int):
        return Fraction(int(value))
    return Fraction(_decimal(value))


def limit_of(value: Any) -> Fraction | None:
    """The same, but None stays None: a limit that is not given."""
    return None if value is None or value != value else exact(value)


def stated(value: Any) -> Fraction | None:
    """The number a plan states; None where it states none, or nothing finite."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value - value != 0:
        return None
    return exact(value)


def whole(value: Any) -> int:
    """A count; 0 where it is missing."""
    return int(exact(value))


def day(value: Any) -> date:
    """A date, also from ISO text; the first day there is where it is missing."""
    if isinstance(value, str):
        return date.fromisoformat(value)
    return date.min if value is None or value != value else value


class Column:
    """One column of numbers, ready to be read as whole multiples of 10^-digits."""

    def __init__(self, values: Sequence[Any]) -> None:
        self._values = values
        self.digits = max((0 if _is_whole(value) else _digits(_decimal(value)) for value in values if value is not None and value == value), default=0)

    def scaled(self, digits: int) -> "Scaled":
        """value · 10^digits, exactly, for digits ≥ self.digits; None where it is missing."""
        return Scaled(self._values, digits)


class Scaled(Sequence[int | None]):
    """Numbers times 10^digits, each worked out when it is read: millions of clients are never all held as whole numbers."""

    def __init__(self, values: Sequence[Any], digits: int) -> None:
        self._values, self._digits, self._unit = values, digits, 10**digits

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, row: Any) -> Any:
        return self._scaled(self._values[row])

    def __iter__(self) -> Iterator[int | None]:
        return map(self._scaled, self._values)

    def _scaled(self, value: Any) -> int | None:
        if value is None or value != value:
            return None
        return int(value) * self._unit if _is_whole(value) else int(_WIDE.scaleb(_decimal(value), self._digits))


def _is_whole(value: Any) -> bool:
    return isinstance(value, float) and -_WHOLE_FLOATS < value < _WHOLE_FLOATS and value.is_integer()


def _decimal(value: Any) -> Decimal:
    if isinstance(value, float) and not _is_whole(value):
        return _finite(Decimal(float.__repr__(value)))
    return _finite(Decimal(value))


def _finite(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise ValueError(f"not a finite number: {value}")
    return value


def _digits(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0
