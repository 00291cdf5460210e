"""What law and conduct keep out, shown as blocked: bar, rule, source, date and number, and never so that few people are seen."""

from collections.abc import Mapping

from planning.plan.summary import Blocked, Summary
from planning.report.cards.privacy import count
from planning.report.formats import NONE, day, number
from planning.report.html import Table, described, tag
from planning.report.i18n import listing, pick, say, words

NAMED = 3  # events named one by one
PARTS_OF_A_TOTAL = ("no_consent", "opted_out")  # what is not approachable is these two together


def blocked_table(summary: Summary, lang: str) -> Table:
    """A row for each bar that keeps anything out, and the control group."""
    shown = counts(summary, lang)
    heads = [say(f"compliance.column.{name}", lang) for name in ("barred", "touched", "ground", "as_of", "number")]
    rows = []
    for line in summary.blocked:
        if line.count:
            held = line.code == "holdout"
            mark = tag("ok" if held else "block", say(f"page.rules.tag_{'held' if held else 'blocked'}", lang))
            bar = described(say(f"compliance.bar.{line.code}", lang), line.rule) if line.rule else say(f"compliance.bar.{line.code}", lang)
            rows.append([bar, touched(line, lang), source(line, lang), _date(line.as_of, lang), shown[line], mark])
    note = say("page.rules.blocked_note", lang, least=number(summary.plan.policy["privacy"]["min_cell"], lang))
    return Table(say("page.rules.blocked_table", lang), note, [*heads, say("page.column.result", lang)], rows, left=frozenset({0, 1, 2, 3}), wide=True)


def untold(summary: Summary) -> frozenset[Blocked]:
    """The lines whose number of people is not told: it, or those it leaves, are few, or it would follow from another."""
    min_cell = summary.plan.policy["privacy"]["min_cell"]
    pair_hidden = any(0 < line.count < min_cell for line in summary.blocked if line.code in PARTS_OF_A_TOTAL)
    hidden = set()
    for line in summary.blocked:
        left = summary.segmented - line.count
        follows = (pair_hidden and line.code in PARTS_OF_A_TOTAL) or (line.code in ("official", "unsuitable") and 0 < left < min_cell)
        if line.what == "clients" and (follows or 0 < line.count < min_cell):
            hidden.add(line)
    return frozenset(hidden)


def counts(summary: Summary, lang: str) -> Mapping[Blocked, str]:
    """The numbers in words; a number of people that is not told is said to be small, or not shown."""
    min_cell, hidden = summary.plan.policy["privacy"]["min_cell"], untold(summary)
    shown = {}
    for line in summary.blocked:
        if line.what != "clients":
            shown[line] = say(f"compliance.counted.{line.what}", lang, n=line.count)
        elif line in hidden and line.count >= min_cell:
            shown[line] = say("terms.hidden", lang)
        else:
            shown[line] = say("compliance.counted.clients", lang, figure=count(line.count, min_cell, lang))
    return shown


def touched(line: Blocked, lang: str) -> str:
    if line.levels:
        levels = say("terms.comma", lang).join(str(level) for level in line.levels)
        return say("compliance.touched.levels", lang, n=len(line.levels), concession=say(f"terms.concession.{line.concession}", lang), levels=levels)
    if not line.events:
        return say("compliance.touched.whole_bank", lang)
    names = [pick(names, lang) for names in line.events[:NAMED]]
    many = len(line.events) > NAMED
    named = say("compliance.touched.more", lang, events=say("terms.comma", lang).join(names)) if many else listing(names, lang)
    return say("compliance.touched.events", lang, n=len(line.events), events=named)


def source(line: Blocked, lang: str) -> str:
    """A source by its code, or as the bank's table states it."""
    key = f"compliance.source.{line.source or line.code}"
    return say(key, lang) if key in words() else line.source


def _date(as_of: str, lang: str) -> str:
    return day(as_of, lang) if "-" in as_of else as_of or NONE
