"""A section of the page: a finding as its head, a lead, and blocks of figures, tables and lists in reading order."""

from dataclasses import dataclass
from typing import Literal

from planning.report.html import Picture, Table, render


@dataclass(frozen=True)
class Block:
    """One block: pictures (two stand side by side), a table, a folded table, a list, a paragraph, or a picture beside another block."""

    kind: Literal["pictures", "beside", "table", "folded", "list", "words"]
    items: "tuple[Picture | Table | Block | str, ...]" = ()
    words: str = ""


def pictures(*some: Picture) -> Block:
    """Figures; two stand side by side where there is room."""
    return Block("pictures", some)


def table(one: Table) -> Block:
    """A table in the open."""
    return Block("table", (one,))


def folded(words: str, one: Table) -> Block:
    """A table that opens on a click, and is open on paper."""
    return Block("folded", (one,), words)


def section(part: str, lang: str, finding: str, lead: str, blocks: list[Block]) -> str:
    """The section's markup."""
    return render("section.j2", lang, part=part, finding=finding, lead=lead, blocks=blocks)
