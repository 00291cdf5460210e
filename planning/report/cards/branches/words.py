"""Words, links and file names that the branches' pages and their index share."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from planning.plan.branch import Branches, BranchPlan
from planning.report.cards import relaxed
from planning.report.formats import day, period
from planning.report.html import render
from planning.report.i18n import pick, say

Beside = Mapping[str, tuple[str, ...]]
"""Language → the pages that stand in the same folder: index, plan."""
NONE_BESIDE: Beside = MappingProxyType({})
PLAIN = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
LONGEST = 40


def file_names(found: Branches) -> Mapping[str, str]:
    """Branch → the name of its pages without language and ending: by its code where that is plain and unlike the others', else by number."""
    codes = [one.branch for one in found.branches]
    alike = [code.casefold() for code in codes]
    plain = {code for code in codes if len(code) <= LONGEST and PLAIN.fullmatch(code) and alike.count(code.casefold()) == 1}
    return {code: f"branch-{code}" if code in plain else f"branch_{number}" for number, code in enumerate(codes, 1)}


def link(name: str, words: str, lang: str) -> Markup:
    """A link to a page of the same folder."""
    return Markup('<a href="{}.{}.html">{}</a>').format(name, lang, words)


def planned(found: Branches, lang: str) -> str:
    """The period the plan is for."""
    return period(str(found.plan.policy.get("period", "year")), found.plan.year, lang)


def title(found: Branches, of: BranchPlan, lang: str) -> str:
    """The title of a branch's page."""
    return say("branches.title", lang, branch=pick(of.names, lang), period=planned(found, lang))


def links(beside: Beside, lang: str) -> Markup:
    """A line of links to the pages beside this one; nothing where there are none."""
    shown = [link(name, say(f"branches.to_{name}", lang), lang) for name in beside.get(lang, ())]
    return Markup('<p class="beside small">{}</p>').format(Markup(" · ").join(shown)) if shown else Markup("")


def opening(found: Branches, beside: Beside, lang: str, **own: object) -> Markup:
    """What a page of the plan opens with: links, bank, date, state and warnings, then the page's `own` title, sentence, figures and tasks."""
    known = {group.code: group.names for group in (*found.regions, *found.tiers)} | {one.branch: one.names for one in found.branches}
    return links(beside, lang) + render(
        "headline.j2",
        lang,
        bank=pick(found.bank_names, lang),
        dated=say("page.data_date", lang, date=day(found.plan.policy["data_date"], lang)),
        state=found.plan.state,
        warnings=[say("page.sample", lang)] if found.sample else [],
        relaxed=[relaxed.sentence(line, known, lang) for line in found.plan.relaxed],
        sheet=None,
        **own,
    )
