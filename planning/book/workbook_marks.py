"""What a workbook says about its cells beyond their values: errors, formulas never calculated, numbers shown as percent, merged cells."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

Place = tuple[int, int]  # (row from 1, column from 0)
PERCENT_FORMATS = {9, 10}
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
CELL = rb"<(?:\w+:)?c(?=\s)([^>]*)"
ERROR = re.compile(CELL + rb"(?<=\s)t=[\"']e[\"'][^>]*>")
FORMULA = re.compile(CELL + rb">\s*<(?:\w+:)?f[\s/>].*?</(?:\w+:)?c>", re.DOTALL)
CACHED = re.compile(rb"<(?:\w+:)?v[^>]*>[^<]|<(?:\w+:)?is>")
EMPTY_TEXT = re.compile(rb"(?<=\s)t=[\"']str[\"'].*<(?:\w+:)?v[\s/>]", re.DOTALL)
REFERENCE = re.compile(rb"(?<=\s)r=[\"']([A-Z]{1,3})([0-9]+)[\"']")


MOST_CELLS = 200_000_000
LAST_COLUMN = 16_384


class TooLargeError(ValueError):
    """A sheet whose outermost cells span more than memory can hold, by damage or a stray cell."""


class UnplacedCellError(ValueError):
    """A cell that matters does not say where it stands."""


@dataclass(frozen=True)
class Marks:
    """Cells of one sheet: those that hold an error, formulas without a result, and numbers shown as percent."""

    errors: tuple[Place, ...] = ()
    uncalculated: tuple[Place, ...] = ()
    percents: frozenset[Place] = frozenset()


def marks(path: Path, sheet: str) -> Marks:
    """The marks of a sheet of an .xlsx or .xlsm file. KeyError, ValueError or a parser's error when the file is not sound."""
    with zipfile.ZipFile(path) as package:
        content = package.read(_part(package, sheet))
        percent_styles = _percent_styles(package)
    _refuse_too_large(content)
    errors = tuple(_place(match[0]) for match in ERROR.finditer(content))
    uncalculated = tuple(_place(match[1]) for match in FORMULA.finditer(content) if not CACHED.search(match[0]) and not EMPTY_TEXT.search(match[0]))
    return Marks(errors, uncalculated, frozenset(_shown_as_percent(content, percent_styles)))


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


def _percent_styles(package: zipfile.ZipFile) -> list[int]:
    """The numbers of the cell styles that show a number as percent."""
    if "xl/styles.xml" not in package.namelist():
        return []
    styles = ElementTree.fromstring(package.read("xl/styles.xml"))
    formats = {int(node.get("numFmtId", "0")) for node in styles.iter() if _local(node) == "numFmt" and shows_percent(node.get("formatCode", ""))}
    cell_styles = next((node for node in styles if _local(node) == "cellXfs"), ())
    return [place for place, node in enumerate(cell_styles) if int(node.get("numFmtId", "0")) in formats | PERCENT_FORMATS]


def shows_percent(code: str) -> bool:
    """Whether a number format multiplies by a hundred: a percent sign outside quotes and not escaped."""
    return "%" in re.sub(r'"[^"]*"|\\.|_.', "", code)


def _shown_as_percent(content: bytes, styles: list[int]) -> Iterator[Place]:
    if styles:
        one_of = b"|".join(str(style).encode() for style in styles)
        for match in re.finditer(CELL + rb"(?<=\s)s=[\"'](?:" + one_of + rb")[\"'][^>]*>", content):
            yield _place(match[0])


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
