"""One branch's share of a solved plan at the desk, from the plan's folder to the check. Nothing is solved."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from planning.desk.case import Shown, hand_over, published, set_by_the_planner, tell, worded
from planning.desk.plan import Checked
from planning.plan.branch import Branches, BranchPlan, branches_of, find
from planning.report.cards import Card
from planning.report.cards import branches as cards
from planning.report.i18n import pick, say
from planning.run import channel, params
from planning.run.verify import data_of, judged


@dataclass(frozen=True, repr=False)
class Branch(Shown):
    """One branch of a plan, with the plan shared out to all of them."""

    found: Branches
    plan: BranchPlan
    asked: params.OfBranch
    beside: cards.Beside  # pages in the same folder, by language

    def told(self) -> str:
        """The branch in a sentence."""
        lang = self.asked.lang
        return say("desk.branch", lang, branch=pick(self.plan.names, lang), plan=self.found.plan.id, n=self.plan.sessions)


def open_branch(names: Mapping[str, Any]) -> Branch:
    """Read the solved plan that the parameters cell names and share it out: call it as `open_branch(globals())` in the second cell.

    The plan is judged once more, once for all its branches. PolicyError for an unknown branch, DataFaults where there is no such plan,
    Refused when it breaks a rule or was made from other tables.
    """
    lang = names.get("lang")
    with worded(lang if lang in params.LANGS else "zh"):
        asked = params.of_branch(set_by_the_planner(names))
        found, plan_pages = _opened(asked)
        beside = {lang: ("index", *some) for lang, some in plan_pages.items()} if asked.in_folder else {}
        return Branch(found, find(found, asked.branch), asked, beside)


def index_cards(names: Mapping[str, Any]) -> tuple[Card, ...]:
    """The cards of the index of all branches' pages, from the same parameters; a run is left the list of pages to make.

    A `branch` among the parameters makes it the one page listed.
    """
    lang = str(names["lang"])
    with worded(lang):
        asked = params.of_branch(set_by_the_planner(names), named=False)
        found, plan_pages = _opened(asked)
        files = cards.file_names(found)
        some = [find(found, asked.branch)] if asked.branch else found.branches
        pages = [{"branch": one.branch, "name": pick(one.names, lang), "file": files[one.branch]} for one in some]
        made = {"data_hash": found.plan.data_hash, "policy": dict(found.plan.policy), "pages": pages}
        hand_over("", {channel.BRANCHES: json.dumps(made, ensure_ascii=False)}, _vouched(found))
        return cards.index(found, lang, plan_pages)


def _opened(asked: params.OfBranch) -> tuple[Branches, cards.Beside]:
    """The plan shared out, and in which languages its own page is there."""
    folder = params.plan_folder(asked.plan, Path.cwd(), published())
    data = params.data_folder(asked.data or data_of(folder), Path.cwd())
    pages = {lang: ("plan",) if (folder / f"plan.{lang}.html").is_file() else () for lang in params.LANGS}
    return _shared_out(folder, data, _stamp(folder, data)), pages


@lru_cache(maxsize=1)
def _shared_out(folder: Path, data: Path, _stamp: tuple[tuple[int, int], ...]) -> Branches:
    """The plan of a folder shared out: kept, so that the next branch's page neither reads nor judges again; a file that changed is read anew."""
    tell("reading", {})
    tell("judging", {})
    plan, book, verified = judged(folder, data)
    tell("sharing", {})
    return branches_of(book, plan, verified.verdict)


def _stamp(*folders: Path) -> tuple[tuple[int, int], ...]:
    files = (path for folder in folders for path in sorted(folder.iterdir()) if path.is_file())
    return tuple((stat.st_mtime_ns, stat.st_size) for stat in map(Path.stat, files))


def branch_headline(branch: Branch) -> Card:
    """What the branch is given and is expected to bring."""
    return _card(lambda found, plan, lang: cards.headline(found, plan, lang, branch.beside), branch)


def branch_spending(branch: Branch) -> Card:
    """The branch's shares of the bank, and its tiers."""
    return _card(cards.spending, branch)


def branch_calendar(branch: Branch) -> Card:
    """The sessions it holds and those its clients are invited to, with notice dates."""
    return _card(cards.year, branch)


def branch_ladder(branch: Branch) -> Card:
    """The concessions it may grant."""
    return _card(cards.ladder, branch)


def branch_rules(branch: Branch) -> Card:
    """The limits that touch it, its managers' hours, and what is not proposed for it."""
    return _card(cards.rules, branch)


def branch_sources(branch: Branch) -> Card:
    """The plan the page is taken from, its hash and verdict."""
    return _card(lambda found, _, lang: cards.sources(found, lang), branch)


def confirm(branch: Branch) -> Checked:
    """Say that the plan behind the page passed the second judge, and hand the page over: the last cell of the notebook.

    Writes branch.json (which plan, which branch) into `save_to` where that is set.
    """
    found, asked = branch.found, branch.asked
    with worded(asked.lang):
        made = {"id": asked.plan_id, "plan": found.plan.id, "branch": branch.plan.branch, "data_hash": found.plan.data_hash, "policy": dict(found.plan.policy)}
        files = {channel.BRANCH: json.dumps({**made, "plan_hash": found.plan_hash}, ensure_ascii=False, indent=1) + "\n"}
        hand_over(asked.save_to, files, _vouched(found))
        return Checked(asked.lang, found.places)


def _vouched(found: Branches) -> Mapping[str, Any]:
    return {"verdict": {"passed": True, "places": found.places}, "tables": dict(found.hashes)}


def _card(make: Callable[[Branches, BranchPlan, str], Card], branch: Branch) -> Card:
    with worded(branch.asked.lang):
        return make(branch.found, branch.plan, branch.asked.lang)
