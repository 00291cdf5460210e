"""The ladder of concessions that holds for a branch: its region's, tier by tier."""

from collections.abc import Sequence

from planning.plan.branch import Branches, BranchPlan
from planning.plan.summary import LadderLine
from planning.report.cards.card import Card
from planning.report.cards.section import section, table
from planning.report.cards.wording import CONCESSIONS, KINDS, depth, depth_words, named
from planning.report.formats import NONE, number
from planning.report.html import Table
from planning.report.i18n import pick, say


def ladder(found: Branches, of: BranchPlan, lang: str = "zh") -> Card:
    """What the branch may grant, by tier and kind, and the grade that may grant it."""
    return Card("ladder", _html(found, of, "zh"), _html(found, of, "en"), lang)


def _html(found: Branches, of: BranchPlan, lang: str) -> str:
    granted = [line for line in of.ladder if line.level > 0]
    region = pick(of.region_names, lang)
    if not granted:
        return section("ladder", lang, say("page.ladder.none", lang), say("branches.ladder.none_lead", lang, region=region), [])
    finding = say("branches.ladder.finding", lang, depths=say("terms.clause_comma", lang).join(depth_words(granted, lang)))
    return section("ladder", lang, finding, say("branches.ladder.lead", lang, region=region), [table(_table(found, of, lang))])


def _table(found: Branches, of: BranchPlan, lang: str) -> Table:
    heads = [say("page.column.tier", lang), say("page.column.kind", lang)]
    for concession in CONCESSIONS:
        heads += [say(f"terms.concession.{concession}", lang), say("page.column.grade", lang)]
    kinds = [*KINDS, *sorted({line.kind for line in of.ladder} - set(KINDS))]
    cells = {(line.tier, line.kind, line.concession): line for line in of.ladder}
    names = {line.tier: line.tier_names for line in of.ladder}
    rows = []
    for tier in [line.code for line in found.tiers if line.code in names]:
        for kind in kinds:
            own = [cells.get((tier, kind, concession)) for concession in CONCESSIONS]
            if any(own):
                rows.append([pick(names[tier], lang), named(kind, lang), *_steps(own, lang)])
    return Table(say("branches.ladder.table", lang), say("branches.ladder.note", lang), heads, rows, left=frozenset({0, 1}))


def _steps(own: Sequence[LadderLine | None], lang: str) -> list[str]:
    words = []
    for line in own:
        given = line is not None and line.level > 0
        words += [depth(line.depth, line.concession, lang), number(line.min_grade, lang)] if line is not None and given else [NONE, NONE]
    return words
