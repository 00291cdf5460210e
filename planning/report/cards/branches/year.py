"""A branch's calendar: the sessions it holds, and those of its region and the centre to which its clients are invited, with notice dates."""

from collections import Counter
from collections.abc import Sequence

from planning.plan.branch import Branches, BranchPlan, Invitation
from planning.policy.sections import PERIODS
from planning.report.cards.branches.apart import Apart, apart
from planning.report.cards.card import Card
from planning.report.cards.privacy import count
from planning.report.cards.section import pictures, section, table
from planning.report.cards.year import calendar, families
from planning.report.formats import day, month, number
from planning.report.html import Table
from planning.report.i18n import pick, say


def year(found: Branches, of: BranchPlan, lang: str = "zh") -> Card:
    """The branch's own sessions and its invitations, month by month."""
    return Card("year", _html(found, of, "zh"), _html(found, of, "en"), lang)


def _html(found: Branches, of: BranchPlan, lang: str) -> str:
    others = [line for line in of.invitations if not line.own]
    if not of.invitations:
        return section("year", lang, say("page.year.none", lang), say("branches.year.none_lead", lang), [])
    months = PERIODS[str(found.plan.policy.get("period", "year"))]
    counted = {"own": of.sessions, "others": sum(line.sessions for line in others)}
    finding = say("branches.year.finding", lang, n=counted["own"], others=number(counted["others"], lang))
    blocks = [pictures(calendar(of.invitations, months, lang))]
    own = [line for line in of.invitations if line.own]
    blocks += [table(_listed("own", own, (found, of), lang))] if own else []
    blocks += [table(_listed("others", others, (found, of), lang))] if others else []
    return section("year", lang, finding, _lead(of.invitations, lang), blocks)


def _lead(lines: Sequence[Invitation], lang: str) -> str:
    by_family: Counter[str] = Counter()
    for line in lines:
        by_family[line.family] += line.sessions
    return say("branches.year.lead", lang, families=number(len(families(lines)), lang), n=sum(by_family.values()))


def _listed(what: str, lines: Sequence[Invitation], given: tuple[Branches, BranchPlan], lang: str) -> Table:
    found, of = given
    names = ("month", "event", "sessions", "places", "notice") if what == "own" else ("month", "event", "host", "sessions", "places", "notice")
    heads = [say("branches.column.places" if name == "places" else f"page.column.{name}", lang) for name in names]
    shown = apart(found)
    rows = []
    for line in lines:
        host = [] if what == "own" else [pick(line.host_names, lang)]
        places = _places(line, of, (shown, found.min_cell), lang)
        rows.append([month(line.month, lang), pick(line.names, lang), *host, number(line.sessions, lang), places, day(line.notice_by, lang)])
    left = frozenset({0, 1}) if what == "own" else frozenset({0, 1, 2})
    return Table(say(f"branches.year.{what}", lang), say(f"branches.year.{what}_note", lang), heads, rows, left=left)


def _places(line: Invitation, of: BranchPlan, shown: tuple[Apart, int], lang: str) -> str:
    """The places taken; a few are only said to be few, and what would tell them is not said."""
    if shown[0].hides(of, line):
        return say("terms.hidden", lang)
    return count(line.guests, shown[1], lang)
