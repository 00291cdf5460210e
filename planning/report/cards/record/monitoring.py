"""How the model is watched: the register of runs, what failed, and every published version with what changed in it."""

from planning.plan.record import ModelRecord, Run, Version
from planning.report.cards.card import Card
from planning.report.cards.record.words import both, clock
from planning.report.cards.section import Block, folded, section, table
from planning.report.cards.wording import plain_setting
from planning.report.formats import NONE, money, number, percent
from planning.report.html import Table, tag
from planning.report.i18n import listing, say, table_heading

SHOWN = 20  # runs and versions listed
NAMED = 6  # parameters named of one version
EXITS = (0, 1, 2, 3, 4, 75)


def monitoring(record: ModelRecord, lang: str = "zh") -> Card:
    """The runs and the changes."""
    return both("monitoring", _html, record, lang)


def _html(record: ModelRecord, lang: str) -> str:
    found = record.register
    blocks: list[Block] = []
    if found is None:
        blocks.append(Block("words", words=say("record.monitoring.no_register_words", lang)))
    else:
        blocks.append(Block("words", words=_chain(record, lang)))
        if found.runs:
            blocks.append(folded(say("record.runs.summary", lang, n=len(found.runs)), _runs(found.runs, lang)))
    if record.versions:
        blocks.append(table(_versions(record.versions, lang)))
    blocks += _former(record, lang)
    blocks.append(
        Block("list", tuple(say(f"record.monitoring.{code}", lang) for code in ("watched", "triggers", "retire")), say("record.monitoring.watch", lang))
    )
    return section("monitoring", lang, _finding(record, lang), say("record.monitoring.lead", lang), blocks)


def _finding(record: ModelRecord, lang: str) -> str:
    found = record.register
    if found is None:
        return say("record.monitoring.no_register", lang)
    return say("record.monitoring.finding", lang, n=len(found.runs), failed=number(len(found.failed), lang), versions=number(len(record.versions), lang))


def _chain(record: ModelRecord, lang: str) -> str:
    found = record.register
    if found is None or found.faults:
        return say("record.monitoring.chain_broken", lang)
    return say("record.monitoring.chain_holds", lang, n=found.chain, others=number(len(found.others), lang))


def _runs(runs: tuple[Run, ...], lang: str) -> Table:
    heads = [say(f"cli.runs.{name}", lang) for name in ("number", "finished", "result", "gap", "seconds")]
    rows = [
        [
            number(run.number, lang),
            clock(run.finished, lang),
            _ended(run, lang),
            percent(float(run.solve["gap"]), lang, 3) if run.solve else NONE,
            number(run.seconds, lang, 0),
        ]
        for run in runs[:SHOWN]
    ]
    note = say("record.runs.note", lang, n=SHOWN) if len(runs) > SHOWN else ""
    return Table(say("record.runs.caption", lang), note, heads, rows, left=frozenset({0, 1, 2}))


def _ended(run: Run, lang: str) -> str:
    words = say(f"cli.runs.exit_{run.exit if run.exit in EXITS else 1}", lang)
    return tag("ok" if run.exit == 0 else "block", words)


def _versions(versions: tuple[Version, ...], lang: str) -> Table:
    heads = [say(f"record.versions.{name}", lang) for name in ("number", "finished", "value", "gap", "changed")]
    rows = [
        [
            number(one.run.number, lang),
            clock(one.run.finished, lang),
            money(float(one.run.solve["objective"]), lang),
            percent(float(one.run.solve["gap"]), lang, 3),
            _changed(one, lang),
        ]
        for one in versions[:SHOWN]
    ]
    return Table(say("record.versions.caption", lang), say("record.versions.note", lang), heads, rows, left=frozenset({0, 1, 4}), wide=True)


def _changed(one: Version, lang: str) -> str:
    if one.first:
        return say("record.versions.first", lang)
    told = (
        [say("record.versions.parameters", lang, names=say("terms.comma", lang).join(one.parameters[:NAMED]), n=len(one.parameters))] if one.parameters else []
    )
    told += [say(f"record.versions.{name}", lang) for name in ("data", "programs") if getattr(one, name)]
    return say("terms.clause_comma", lang).join(told) or say("record.versions.same", lang)


def _former(record: ModelRecord, lang: str) -> list[Block]:
    """What is not as it was in the version before, field by field."""
    found = record.causes
    if found is None:
        return []
    if found.none:
        return [Block("words", words=say("record.former.none", lang))]
    blocks = []
    if found.fields:
        heads = [say(f"record.former.{name}", lang) for name in ("parameter", "before", "after")]
        rows = [[one.name, plain_setting(one.before, lang), plain_setting(one.after, lang)] for one in found.fields]
        blocks.append(table(Table(say("record.former.caption", lang), "", heads, rows, left=frozenset({0, 1, 2}), wide=True)))
    told = [say("record.former.tables", lang, tables=listing([table_heading(name, lang) for name in found.tables], lang))] if found.tables else []
    told += [say("record.former.program", lang, name=name, before=before or NONE, after=after) for name, before, after in found.versions]
    return [*blocks, *([Block("list", tuple(told), say("record.former.besides", lang))] if told else [])]
