"""What is asked of a model, line by line met, in part or not, with where it stands on the page and why; who signs; and the end of the page."""

from markupsafe import Markup

from planning.plan.record import ModelRecord, Standing, standings
from planning.report.cards.card import Card
from planning.report.cards.record.sources import sources
from planning.report.cards.record.words import TAGS, both
from planning.report.cards.section import Block, section, table
from planning.report.html import Table, described, tag
from planning.report.i18n import say

AREAS = ("overview", "development", "validation", "governance", "vendor", "china")
ROOM = Markup("<br><br>")  # to sign in
SIGNERS = ("owner", "developer", "user", "validator", "approver", "auditor")


def checklist(record: ModelRecord, lang: str = "zh") -> Card:
    """The headings, and the lines to sign."""
    return both("checklist", _html, record, lang)


def _html(record: ModelRecord, lang: str) -> str:
    lines = standings(record)
    blocks: list[Block] = [table(_table([line for line in lines if line.area == area], area, lang)) for area in AREAS]
    blocks += [Block("words", words=say("record.checklist.rules_note", lang)), table(_signing(lang))]
    counts = {state: sum(line.state == state for line in lines) for state in ("met", "part", "not")}
    finding = say("record.checklist.finding", lang, n=len(lines), met=counts["met"], part=counts["part"], none=counts["not"])
    return section("checklist", lang, finding, say("record.checklist.lead", lang), blocks) + sources(record, lang)


def _table(lines: list[Standing], area: str, lang: str) -> Table:
    heads = [say(f"record.checklist.{name}", lang) for name in ("line", "state", "why", "where")]
    rows = [
        [
            described(say(f"record.line.{one.code}", lang), say(f"record.line_asks.{one.code}", lang)),
            tag(TAGS[one.state], say(f"record.state.{one.state}", lang)),
            say(f"record.why.{one.code}.{one.why}", lang),
            _place(one.part, lang),
        ]
        for one in lines
    ]
    note = say(f"record.area_note.{area}", lang)
    return Table(say(f"record.area.{area}", lang), note, heads, rows, left=frozenset({0, 1, 2, 3}), wide=True)


def _place(part: str, lang: str) -> Markup:
    """A link to the part of the page."""
    return Markup('<a href="#{}">{}</a>').format(part, say(f"page.nav.{part}", lang))


def _signing(lang: str) -> Table:
    heads = [say(f"record.sign.{name}", lang) for name in ("role", "does", "name", "date")]
    rows = [[say(f"record.signer.{code}", lang), say(f"record.signer_does.{code}", lang), ROOM, ROOM] for code in SIGNERS]
    return Table(say("record.sign.caption", lang), say("record.sign.note", lang), heads, rows, left=frozenset({0, 1, 2, 3}), wide=True)
