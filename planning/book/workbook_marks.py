"""What a workbook says about its cells beyond their values: errors, formulas never calculated, and what number formats add to numbers."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from planning.book.measures import UNITS_BEHIND, YUAN_SIGNS

Place = tuple[int, int]  # (row from 1, column from 0)
PERCENT = "%"
BUILT_IN: Mapping[int, str] = {9: PERCENT, 10: PERCENT}  # formats that have a number and no code
CURRENCY = re.compile(r"\[\$([^\]-]*)")
AFTER_DIGITS = re.compile(r".*(?:[0#?]|General)([^0#?]*)")
LITERAL_POINT = re.compile(r'[!\\]\.|"\."')
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
CELL = rb"<(?:\w+:)?c(?=\s)([^>]*)"
ERROR = re.compile(CELL + rb"(?<=\s)t=[\"']e[\"'][^>]*>")
FORMULA = re.compile(CELL + rb">\s*<(?:\w+:)?f[\s/>].*?</(?:\w+:)?c>", re.DOTALL)
CACHED = re.compile(rb"<(?:\w+:)?v[^>]*>[^<]|<(?:\w+:)?is>")
EMPTY_TEXT = re.compile(rb"(?<=\s)t=[\"']str[\"'].*<(?:\w+:)?v[\s/>]", re.DOTALL)
REFERENCE = re.compile(rb"(?<=\s)r=[\"']([A-Z]{1,3})([0-9]+)[\"']")


MOST_CELLS = 50_000_000  # some 3 GB; the longest sheet with every column of the clients has 36 million
LAST_COLUMN = 16_384


class TooLargeError(ValueError):
    """A sheet whose outermost cells span more than memory can hold, by damage or a stray cell."""


class UnplacedCellError(ValueError):
    """A cell that matters does not say where it stands."""


@dataclass(frozen=True)
class Marks:
    """Cells of one sheet: those that hold an error, formulas without a result, and what a number's format adds to it (`shown_as`)."""

    errors: tuple[Place, ...] = ()
    uncalculated: tuple[Place, ...] = ()
    shown: Mapping[Place, str] = field(default_factory=dict)


def marks(path: Path, sheet: str) -> Marks:
    """The marks of a sheet of an .xlsx or .xlsm file. KeyError, ValueError or a parser's error when the file is not sound."""
    with zipfile.ZipFile(path) as package:
        content = package.read(_part(package, sheet))
        styles = _styles(package)
    _refuse_too_large(content)
    errors = tuple(_place(match[0]) for match in ERROR.finditer(content))
    uncalculated = tuple(_place(match[1]) for match in FORMULA.finditer(content) if not CACHED.search(match[0]) and not EMPTY_TEXT.search(match[0]))
    return Marks(errors, uncalculated, dict(_shown(content, styles)))


def _refuse_too_large(content: bytes) -> None:
    """TooLargeError when the rectangle of all cells is too large; the exact look is taken only where the last row leaves it open."""
    rows = [int(row) for row in re.findall(rb"<(?:\w+:)?row(?=\s)[^>]*?(?<=\s)r=[\"']([0-9]+)[\"']", content)]
    if max(rows, default=0) * LAST_COLUMN > MOST_CELLS:
        columns = set(re.findall(rb"(?<=\s)r=[\"']([A-Z]{1,3})[0-9]+[\"']", content))
        if max(rows) * max((_place(b' r="' + column + b'1"')[1] + 1 for column in columns), default=0) > MOST_CELLS:
            raise TooLargeError


def _part(package: zipfile.ZipFile, sheet: str) -> str:
    """The file inside the package that holds the sheet of that name."""
    workbook = ElementTree.fromstring(package.read("xl/workbook.xml"))
    sheets = [node for node in workbook.iter() if _local(node) == "sheet" and node.get("name") == sheet]
    wanted = sheets[0].get(RELATION) or sheets[0].get(STRICT_RELATION)
    relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    target = next(node.get("Target", "") for node in relations if node.get("Id") == wanted)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _styles(package: zipfile.ZipFile) -> dict[int, str]:
    """The numbers of the cell styles that add something to a number, and what."""
    if "xl/styles.xml" not in package.namelist():
        return {}
    styles = ElementTree.fromstring(package.read("xl/styles.xml"))
    formats = {**BUILT_IN, **{int(node.get("numFmtId", "0")): shown_as(node.get("formatCode", "")) for node in styles.iter() if _local(node) == "numFmt"}}
    cell_styles = next((node for node in styles if _local(node) == "cellXfs"), ())
    added = {place: formats.get(int(node.get("numFmtId", "0")), "") for place, node in enumerate(cell_styles)}
    return {place: sign for place, sign in added.items() if sign}


def shown_as(code: str) -> str:
    """What a number format adds to the number: "%", a unit (万元), the sign of a foreign currency, or the zeros that fill a code (000000); else "".

    A format that itself divides, by commas or a point of its own, shows the number it holds in that unit: nothing is added.
    """
    if PERCENT in re.sub(r'"[^"]*"|\\.|_.', "", code):
        return PERCENT
    positive = re.sub(r"_.|\*.", "", code.split(";")[0])
    currency = CURRENCY.search(positive)
    if currency and currency[1].strip() not in YUAN_SIGNS:
        return currency[1].strip()
    if re.fullmatch("00+", positive):
        return positive
    behind = AFTER_DIGITS.fullmatch(positive)
    unit = re.sub(r'["\\! ]|\[[^\]]*\]', "", behind[1]) if behind else ""
    return unit if unit.casefold() in UNITS_BEHIND and not LITERAL_POINT.search(positive) else ""


def _shown(content: bytes, styles: Mapping[int, str]) -> Iterator[tuple[Place, str]]:
    if styles:
        one_of = b"|".join(str(style).encode() for style in styles)
        for match in re.finditer(CELL + rb"(?<=\s)s=[\"'](" + one_of + rb")[\"'][^>]*>", content):
            yield _place(match[0]), styles[int(match[2])]


def _place(attributes: bytes) -> Place:
    match = REFERENCE.search(attributes)
    if not match:
        raise UnplacedCellError
    column = 0
    for letter in match[1]:
        column = column * 26 + letter - 64
    return int(match[2]), column - 1


def _local(node: ElementTree.Element) -> str:
    return node.tag.rpartition("}")[2]
