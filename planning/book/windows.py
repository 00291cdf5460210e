"""The window of an outcome as a span of days: a year, a half, a quarter or a month, as banks write them."""

import re
from calendar import monthrange
from datetime import date
from unicodedata import normalize

LENGTH = {"H": 6, "Q": 3, "M": 1}
SPOKEN = (
    (r"\s", ""), (r"年?上半年", "H1"), (r"年?下半年", "H2"), (r"年?第?([1-4])季度", r"Q\1"),
    (r"(?:年|[-_/.])(\d{1,2})月?", r"M\1"), (r"年", ""), (r"[-_/.](?=[HQ])", ""),
)  # fmt: skip
DIGITS = str.maketrans("一二三四", "1234")
WRITTEN = re.compile(r"(?P<year>\d{4})(?:(?P<unit>[HQM])(?P<part>\d{1,2}))?")


def span(window: str) -> tuple[date, date] | None:
    """First and last day of a window such as 2027, 2027-H1, 2027-Q3, 2027-03, 2027年上半年, 2027年三季度 or 2027年3月; None where it tells none."""
    text = normalize("NFKC", window).upper().translate(DIGITS)
    for spoken, short in SPOKEN:
        text = re.sub(spoken, short, text)
    found = WRITTEN.fullmatch(text)
    if found is None:
        return None
    length, part, year = LENGTH.get(found["unit"], 12), int(found["part"] or 1), int(found["year"])
    last = part * length
    if year < 1 or not 1 <= last <= 12:
        return None
    return date(year, last - length + 1, 1), date(year, last, monthrange(year, last)[1])
