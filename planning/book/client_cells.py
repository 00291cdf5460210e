"""The cells of the clients' table as SQL: whatever a plain number, code or date is, the engine reads; every odder cell is read as in any other table."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from planning.book.amounts import UnitError, amount_text
from planning.book.cells import NO, YES, MisreadError, reader
from planning.book.contracts import CONTRACTS, Column

CLIENTS = CONTRACTS["clients"]
WHO = ("client", "branch", "kind")
MONEY = ("deposit_avg_cny", "loan_avg_cny", "invest_avg_cny", "fee_income_cny", "cost_to_serve_cny", "capital_charge_cny", "contribution_cny",
         "contribution_last_cny")  # fmt: skip
FINE = ("deposit_rate_pct", "loan_rate_pct", "pd", "lgd")
FLAGS = ("consent", "opt_out")
BUFFER = ("tier_last", "tier_since", "below_since")
DECIMALS = 8  # of a number that is added up: what has more in a text is refused
MONEY_DIGITS, FINE_DIGITS = 16, 4  # before the point
EXACT_FLOAT = 10_000_000  # below this a float times 10^8 still is a whole number that a float holds
WHITE = " \t\r\n\v\f\u00a0\u2002\u2003\u2007\u2009\u202f\u3000"
Read = Callable[[str | None], str | None]


@dataclass(frozen=True)
class Place:
    """Where a column stands: its name in the engine and type there, and the power of ten its heading states."""

    name: str
    type: str
    power: int = 0


def needed(buffer: bool) -> tuple[str, ...]:
    """The columns that are read; those of the buffer before a downgrade only where one runs."""
    return (*WHO, *MONEY, *FINE, *FLAGS, *(BUFFER if buffer else ()))


def raw_cells(places: Mapping[str, Place]) -> Iterator[str]:
    """Each column as `raw_x`: numbers as the source has them, everything else as trimmed text, NULL where nothing is."""
    for name, place in places.items():
        yield f"{_number(place) if name in (*MONEY, *FINE) and _is_number(place) else _text(place)} AS raw_{name}"


def read_cells(places: Mapping[str, Place], names: tuple[str, ...]) -> Iterator[str]:
    """Each column in its type; NULL where the table has none, or where its cell says nothing that can be understood."""
    for name in names:
        if name not in places:
            yield f"{_absent(name)} AS {name}"
        elif name in (*MONEY, *FINE):
            yield f"{_amount(name, places[name])} AS {name}"
        else:
            yield f"{_word(name)} AS {name}"


def unread(name: str) -> str:
    """Whether a column's cell of a row could not be understood, or is needed and missing."""
    return f"{name} IS NULL" if CLIENTS.column(name).required else f"({name} IS NULL AND raw_{name} IS NOT NULL)"


def odd_cells(places: Mapping[str, Place]) -> dict[str, Read]:
    """For each column how a cell is read that the engine does not understand, by the name of the function that SQL calls."""
    return {f"read_{name}": _odd(CLIENTS.column(name), place.power) for name, place in places.items() if name not in ("client", "branch", "tier_last")}


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def _odd(column: Column, power: int) -> Read:
    def amount(cell: str | None) -> str | None:
        try:
            written = amount_text(cell or "", column.unit, power)
            exact = Decimal(written or "nan").normalize()
        except (UnitError, InvalidOperation):
            return None
        exponent = exact.as_tuple().exponent
        return f"{exact:f}" if isinstance(exponent, int) and -DECIMALS <= exponent <= MONEY_DIGITS else None

    def word(cell: str | None) -> str | None:
        try:
            return str(reader(column)(cell or ""))
        except MisreadError:
            return None

    return amount if column.type == "number" else word


def _amount(name: str, place: Place) -> str:
    raw, digits = f"raw_{name}", MONEY_DIGITS if name in MONEY else FINE_DIGITS
    kind, decimals = f"DECIMAL({digits + DECIMALS},{DECIMALS})", DECIMALS + place.power
    before = digits if place.power >= 0 else digits - place.power
    parsed = f"DECIMAL({before + decimals},{decimals})"
    scaled = f" * {Decimal(1).scaleb(place.power):f}" if place.power else ""
    if _is_number(place):
        by_text = f"TRY_CAST(CAST({raw} AS VARCHAR) AS {parsed})"
        read = (
            f"CASE WHEN abs({raw}) < {EXACT_FLOAT} THEN TRY_CAST({raw} AS {parsed}) ELSE {by_text} END" if _is_float(place) else f"TRY_CAST({raw} AS {parsed})"
        )
        return f"TRY_CAST(({read}){scaled} AS {kind})"
    plain = f"regexp_full_match({raw}, '[+-]?[0-9]{{1,{before}}}([.][0-9]{{0,{decimals}}}0*)?')"
    quick = f"TRY_CAST(TRY_CAST({raw} AS {parsed}){scaled} AS {kind})"
    return f"CASE WHEN {raw} IS NULL THEN NULL WHEN {plain} THEN {quick} ELSE TRY_CAST(read_{name}({raw}) AS {kind}) END"


def _word(name: str) -> str:
    column, raw = CLIENTS.column(name), f"raw_{name}"
    if name in ("client", "branch", "tier_last"):
        return raw
    odd = f"read_{name}({raw})"
    if column.type == "yes_no":
        plain = f"WHEN lower({raw}) IN {_among(YES)} THEN true WHEN lower({raw}) IN {_among(NO)} THEN false"
        return f"CASE WHEN {raw} IS NULL THEN NULL {plain} ELSE TRY_CAST({odd} AS BOOLEAN) END"
    if column.type == "date":
        plain = f"regexp_full_match({raw}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')"
        return f"CASE WHEN {raw} IS NULL THEN NULL WHEN {plain} THEN TRY_CAST({raw} AS DATE) ELSE TRY_CAST({odd} AS DATE) END"
    codes = " ".join(f"WHEN {quoted(word.casefold())} THEN {quoted(code)}" for code, more in (column.choices or {}).items() for word in (code, *more))
    return f"CASE WHEN {raw} IS NULL THEN NULL ELSE CASE lower({raw}) {codes} ELSE {odd} END END"


def _absent(name: str) -> str:
    column = CLIENTS.column(name)
    digits = MONEY_DIGITS if name in MONEY else FINE_DIGITS
    kinds = {"number": f"DECIMAL({digits + DECIMALS},{DECIMALS})", "yes_no": "BOOLEAN", "date": "DATE"}
    return f"CAST(NULL AS {kinds.get(column.type, 'VARCHAR')})"


def _text(place: Place) -> str:
    name = _name(place.name)
    whole = f"CASE WHEN {name} = trunc({name}) AND abs({name}) < 1e15 THEN CAST(CAST({name} AS BIGINT) AS VARCHAR) ELSE CAST({name} AS VARCHAR) END"
    trimmed = f"nullif(trim({whole if _is_float(place) else f'CAST({name} AS VARCHAR)'}, {quoted(WHITE)}), '')"
    if place.type != "VARCHAR":
        return trimmed
    return f"CASE WHEN starts_with({trimmed}, '=\"') THEN nullif(regexp_replace({trimmed}, '^=\"([^\"]*)\"$', '\\1'), '') ELSE {trimmed} END"


def _number(place: Place) -> str:
    return f"CAST({_name(place.name)} AS DOUBLE)" if place.type == "FLOAT" else _name(place.name)


def _is_float(place: Place) -> bool:
    return place.type in ("DOUBLE", "FLOAT")


def _is_number(place: Place) -> bool:
    return _is_float(place) or place.type in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT")


def _among(words: set[str]) -> str:
    return "(" + ", ".join(quoted(word) for word in sorted(words)) + ")"


def _name(heading: str) -> str:
    return '"' + heading.replace('"', '""') + '"'
