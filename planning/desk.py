"""The planners' desk: the verbs of a notebook, from the parameters cell to the checked plan.

A notebook opens a case, plans the year, shows its cards and ends with the check. Every refusal is one sentence in the
case's language, in JupyterLab and on schedule alike.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from planning import policy
from planning.book.book import Book
from planning.book.intake import read_book
from planning.errors import Fault, Infeasible, PlanningError
from planning.plan.make import make_plan
from planning.plan.scenario_file import read_scenarios
from planning.plan.scenarios import study
from planning.plan.study import Study
from planning.plan.summary import Summary
from planning.policy import Policy
from planning.report import cards
from planning.report.cards import Card
from planning.report.formats import number, period
from planning.report.i18n import pick, say
from planning.run import channel, params
from planning.run.told import sentences
from planning.run.verify import confirmed

SCENARIOS = "scenarios.toml"


class Shown:
    """Shows itself in a notebook as one paragraph."""

    def told(self) -> str:
        """The paragraph."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.told(), "text/html": f"<p>{escape(self.told())}</p>"}


@dataclass(frozen=True, repr=False)
class Case(Shown):
    """What a plan is made from: the parameters, the policy they give, and the bank's book."""

    plan_id: str
    lang: str
    save_to: str
    policy: Policy
    book: Book
    scenarios: Path | None = None
    relax: bool = False

    def told(self) -> str:
        """The case in a sentence: plan, year, bank, size and budgets."""
        counts = {"clients": len(self.book.tables["clients"]), "branches": len(self.book.tables["branches"])}
        budget = {"event": self.policy.budget.event_cny, "concession": self.policy.budget.concession_cny}
        figures = {name: number(value, self.lang) for name, value in {**counts, **budget}.items()}
        return say(
            "desk.case",
            self.lang,
            plan=self.plan_id,
            bank=pick(self.book.names, self.lang),
            period=period(self.policy.period, self.policy.year, self.lang),
            **figures,
        )


@dataclass(frozen=True, repr=False)
class Result(Shown):
    """A planned year: the case it answers and the plan with all its derived numbers."""

    case: Case
    summary: Summary

    def told(self) -> str:
        """How the plan was solved, in a sentence."""
        solve = self.summary.plan.solve
        return say(f"desk.{solve.status}", self.case.lang, gap=f"{solve.gap:.2%}", value=number(self.summary.plan.totals.value_cny, self.case.lang))


@dataclass(frozen=True, repr=False)
class Checked(Shown):
    """The second judge's verdict on a finished plan."""

    lang: str
    places: int

    def told(self) -> str:
        """The verdict in a sentence."""
        return say("desk.checked", self.lang, n=self.places)


@dataclass(frozen=True, repr=False)
class Compared(Shown):
    """A plan with everything that was compared with it."""

    result: Result
    study: Study

    def told(self) -> str:
        """What was compared, in a sentence."""
        counts = {"scenarios": len(self.study.scenarios), "points": len(self.study.frontier.points), "alternatives": len(self.study.alternatives)}
        return say("desk.study", self.result.case.lang, **counts)


def open_case(names: Mapping[str, Any]) -> Case:
    """Read what the parameters cell asks for: call it as `open_case(globals())` in the second cell.

    Takes the notebook's own parameters (plan_id, data, lang, save_to, relax) and every policy field set there, lays them over the
    data folder's policy.toml, and reads the folder's tables. Raises PolicyError for a value that is out of bounds or a name
    that looks misspelt, DataFaults with every fault of every table.
    """
    lang = names.get("lang")
    with _worded(lang if lang in params.LANGS else "zh"):
        _tell("reading", {})
        asked = params.asked(_set_by_the_planner(names))
        folder = params.data_folder(asked.data, Path.cwd())
        rules = policy.read(folder / "policy.toml").with_parameters(asked.policy)
        scenarios = params.scenarios_file(asked.scenarios, Path.cwd(), folder) if asked.scenarios else None
        if scenarios is not None:
            read_scenarios(scenarios, rules)
        return Case(asked.plan_id, asked.lang, asked.save_to, rules, read_book(folder, rules, os.environ), scenarios, asked.relax)


def plan_year(case: Case) -> Result:
    """Choose the year's events and concessions within both budgets.

    Infeasible names the rules that conflict and the ways out; a case with `relax` takes the one that gives way least instead.
    """
    with _worded(case.lang):
        return Result(case, make_plan(case.book, case.policy, case.plan_id, _tell, explaining=True, relax=case.relax))


def compare(result: Result) -> Compared:
    """Solve the scenarios, the frontier, the least budgets, the budget methods and near-equal plans that the case's file asks for.

    PolicyError or DataFaults name file, scenario and field of a change that cannot be; a scenario in conflict is told beside the others.
    """
    with _worded(result.case.lang):
        case = result.case
        rules = policy.checked(result.summary.plan.policy)
        asked = read_scenarios(case.scenarios or Path(SCENARIOS), rules)
        return Compared(result, study(case.book, rules, result.summary, asked, _tell))


def comparison(compared: Compared) -> Card:
    """Which scenario is worth most, and what there is to decide."""
    return _card(lambda summary, lang: cards.comparison(summary, compared.study, lang), compared.result)


def scenarios(compared: Compared) -> Card:
    """The scenarios side by side, and line by line against the base plan."""
    return _card(lambda summary, lang: cards.scenarios(summary, compared.study, _conflicts, lang), compared.result)


def frontier(compared: Compared) -> Card:
    """Value against budget."""
    return _card(lambda summary, lang: cards.frontier(summary, compared.study.frontier, lang), compared.result)


def budgets(compared: Compared) -> Card:
    """The least budget for each goal, and the ways to set a budget."""
    return _card(lambda summary, lang: cards.budgets(summary, compared.study, lang), compared.result)


def alternatives(compared: Compared) -> Card:
    """Plans nearly as good that do other things."""
    return _card(lambda summary, lang: cards.alternatives(summary, compared.study.alternatives, lang), compared.result)


def headline(result: Result) -> Card:
    """What is proposed, what it brings, and the four numbers that say it."""
    return _card(cards.headline, result)


def spending(result: Result) -> Card:
    """Where the money goes: tiers, regions and branches."""
    return _card(cards.money, result)


def calendar(result: Result) -> Card:
    """The twelve months: sessions by family and host, and the quarters' shares."""
    return _card(cards.year, result)


def ladder(result: Result) -> Card:
    """The price concessions granted by tier and region, with cost and new money."""
    return _card(cards.ladder, result)


def why(result: Result) -> Card:
    """This plan against simple rules, what binds, and what was left out."""
    return _card(cards.why, result)


def risks(result: Result) -> Card:
    """The range of outcomes, what the plan leans on, and which response to measure first."""
    return _card(cards.risks, result)


def rules(result: Result) -> Card:
    """Every rule with pass, binding or blocked, at its tightest place."""
    return _card(cards.rules, result)


def footer(result: Result) -> Card:
    """Where the numbers come from and how to have them again."""
    return _card(cards.footer, result)


def check(result: Result) -> Checked:
    """Have the second judge pass the plan once more and hand it over: the last cell of a notebook.

    Writes plan.json and the certificate of its bound into `save_to` where that is set. Refused names each broken rule and
    the amount, or what is wrong with the certificate.
    """
    with _worded(result.case.lang):
        certified = result.summary.certified
        files = {channel.PLAN: result.summary.plan.to_json(), **({channel.CERTIFICATE: certified.text} if certified and certified.text else {})}
        found = confirmed(json.loads(files[channel.PLAN]), files.get(channel.CERTIFICATE), result.case.book)
        folder = _run_folder()
        for place in (Path(result.case.save_to) if result.case.save_to else None, folder):
            if place is not None:
                _put(place, files)
        if folder is not None:
            proven = {"certified_bound_cny": found.certified.bound_cny, "certified_gap": found.certified.gap}
            vouched = {"verdict": {"passed": True, "places": found.places, **proven}, "tables": dict(result.case.book.hashes)}
            (folder / channel.CHECKED).write_text(json.dumps(vouched), encoding="utf-8")
        return Checked(result.case.lang, found.places)


def _put(place: Path, files: Mapping[str, str]) -> None:
    """Write a plan's files into a folder; a certificate left there by another plan goes."""
    place.mkdir(parents=True, exist_ok=True)
    (place / channel.CERTIFICATE).unlink(missing_ok=True)
    for name, text in files.items():
        (place / name).write_text(text, encoding="utf-8", newline="\n")


def _conflicts(faults: Sequence[Fault], lang: str) -> list[str]:
    return sentences(Infeasible(faults), lang)


def _card(make: Callable[[Summary, str], Card], result: Result) -> Card:
    with _worded(result.case.lang):
        return make(result.summary, result.case.lang)


def _set_by_the_planner(names: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters among a notebook's globals, and whatever plain value might be one misspelt."""
    known = params.known_names()
    plain = (bool, int, float, str, list, tuple, dict, type(None))
    return {name: value for name, value in names.items() if name in known or (isinstance(value, plain) and name[0].islower())}


def _run_folder() -> Path | None:
    named = os.environ.get(channel.RUN_FOLDER)
    return Path(named) if named else None


def _tell(stage: str, details: Mapping[str, Any]) -> None:
    folder = _run_folder()
    if folder is not None:
        channel.tell(folder, stage, details)


@contextmanager
def _worded(lang: str) -> Iterator[None]:
    """Give a planner's error its sentences: a notebook shows these alone, and an unattended run gets the error itself."""
    try:
        yield
    except PlanningError as error:
        folder = _run_folder()
        if folder is not None:
            channel.leave_error(folder, error)
        told = sentences(error, lang)
        error.args = ("\n".join(told),)
        vars(error)["_render_traceback_"] = lambda: told
        raise
