"""What a branch takes of the bank's money and brings, and its tiers."""

from collections.abc import Sequence

from planning.plan.branch import Branches, BranchPlan
from planning.plan.summary import GroupLine
from planning.report.cards.branches.apart import apart
from planning.report.cards.card import Card
from planning.report.cards.section import Block, section, table
from planning.report.cards.wording import ratio
from planning.report.figures.bars import Within, within
from planning.report.formats import NONE, Scale, money, number, percent, scale
from planning.report.html import Picture, Table
from planning.report.i18n import pick, say

SHARES = ("clients", "contribution", "events", "concessions", "added")
AMOUNTS = ("contribution_cny", "event_cny", "uplift_cny")
NEAR = 0.05  # of each other: shares as close as this are called alike


def spending(found: Branches, of: BranchPlan, lang: str = "zh") -> Card:
    """The branch's shares of the bank, and its tiers with what each is given and brings."""
    return Card("money", _html(found, of, "zh"), _html(found, of, "en"), lang)


def _html(found: Branches, of: BranchPlan, lang: str) -> str:
    if of.branch in apart(found).withheld:
        return section("money", lang, say("branches.money.withheld", lang), say("branches.money.withheld_lead", lang, n=found.min_cell), [])
    lead = say("branches.money.lead", lang, n=found.min_cell)
    return section("money", lang, _finding(found, of, lang), lead, [_shares(found, of, lang), table(_tiers(found, of, lang))])


def _finding(found: Branches, of: BranchPlan, lang: str) -> str:
    line = apart(found).lines[of.branch]
    spend, clients = ratio(line.spend_cny, found.bank.spend_cny), ratio(line.clients, found.bank.clients)
    key = "alike" if abs(spend - clients) <= NEAR * clients else "more" if spend > clients else "less"
    return say(f"branches.money.{key}", lang, spend=percent(spend, lang), clients=percent(clients, lang))


def _amounts(line: GroupLine) -> tuple[float, ...]:
    return line.clients, line.contribution_cny, line.event_cny, line.concession_cny, line.added_cny


def _shares(found: Branches, of: BranchPlan, lang: str) -> Block:
    own, bank = _amounts(apart(found).lines[of.branch]), _amounts(found.bank)
    parts = [ratio(one, whole) for one, whole in zip(own, bank, strict=True)]
    names = [say(f"branches.measure.{name}", lang) for name in SHARES]
    rows = [Within(name, part, percent(part, lang), None, None, "", False) for name, part in zip(names, parts, strict=True)]
    heads = [say(f"branches.column.{name}", lang) for name in ("measure", "own", "bank", "share")]
    data = [
        [name, *((number(one, lang) if place == 0 else money(one, lang)) for one in (mine, whole)), percent(part, lang)]
        for place, (name, mine, whole, part) in enumerate(zip(names, own, bank, parts, strict=True))
    ]
    most = max(range(len(parts)), key=lambda place: parts[place])
    finding = say("branches.money.figure", lang, measure=names[most], share=percent(parts[most], lang))
    picture = Picture(finding, say("branches.money.figure_note", lang), within(rows))
    return Block("beside", (picture, table(Table(say("branches.money.shares", lang), "", heads, data))))


def _tiers(found: Branches, of: BranchPlan, lang: str) -> Table:
    lines = apart(found).tiers(of)
    heads = [say("page.column.tier", lang), *(say(f"page.column.{name}", lang) for name in ("clients", "contribution", "events"))]
    heads += [say(f"branches.column.{name}", lang) for name in ("uplift", "head", "return")]
    unit = scale([amount for line in lines for amount in (line.event_cny, line.uplift_cny)], lang)
    units = (unit.suited([line.contribution_cny for line in lines]), unit.suited([line.event_cny for line in lines]))
    columns = [one.adding_up([getattr(line, name) for line in lines]) for name, one in zip(AMOUNTS, (units[0], units[1], units[1]), strict=True)]
    rows = [_row(pick(line.names, lang), line, (units, amounts), lang) for line, *amounts in zip(lines, *columns, strict=True)]
    rows.append(_row(say("terms.total", lang), of.line, (units, [sum(column) for column in columns]), lang))
    note = say("branches.money.tiers_note", lang, unit=unit.name(lang))
    return Table(say("branches.money.tiers", lang), note, heads, rows, total=True)


def _row(name: str, line: GroupLine, told: tuple[tuple[Scale, Scale], Sequence[float]], lang: str) -> list[str]:
    (contribution, plan), amounts = told
    returned = number(line.uplift_cny / line.event_cny, lang, 2) if line.event_cny > 0 else NONE
    head = number(line.event_cny / line.clients, lang) if line.clients else NONE
    figures = [contribution.number(amounts[0], lang), *(plan.number(one, lang) for one in amounts[1:])]
    return [name, number(line.clients, lang), *figures, head, returned]
