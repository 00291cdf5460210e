"""The year's plan at the desk, from the solved case to the checked plan."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from planning import policy
from planning.desk.case import Case, Shown, hand_over, published, tell, worded
from planning.errors import Fault, Infeasible
from planning.plan.make import make_plan
from planning.plan.scenario_file import read_scenarios
from planning.plan.scenarios import study
from planning.plan.study import Study
from planning.plan.summary import Summary
from planning.report import cards
from planning.report.cards import Card
from planning.report.formats import number
from planning.report.i18n import say
from planning.run import channel
from planning.run.blocks import solved_elsewhere
from planning.run.told import sentences
from planning.run.verify import confirmed

SCENARIOS, OUTPUTS = "scenarios.toml", Path("outputs")


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


def plan_year(case: Case) -> Result:
    """Choose the year's events and concessions within both budgets.

    Infeasible names the rules that conflict and the ways out; a case with `relax` takes the one that gives way least instead.
    """
    with worded(case.lang), solved_elsewhere(os.environ, published() or OUTPUTS):
        return Result(case, make_plan(case.book, case.policy, case.plan_id, tell, explaining=True, relax=case.relax))


def compare(result: Result) -> Compared:
    """Solve the scenarios, the frontier, the least budgets, the budget methods and near-equal plans that the case's file asks for.

    PolicyError or DataFaults name file, scenario and field of a change that cannot be; a scenario in conflict is told beside the others.
    """
    with worded(result.case.lang), solved_elsewhere(os.environ, published() or OUTPUTS):
        case = result.case
        rules = policy.checked(result.summary.plan.policy)
        asked = read_scenarios(case.scenarios or Path(SCENARIOS), rules)
        return Compared(result, study(case.book, rules, result.summary, asked, tell))


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
    with worded(result.case.lang):
        certified = result.summary.certified
        files = {channel.PLAN: result.summary.plan.to_json(), **({channel.CERTIFICATE: certified.text} if certified and certified.text else {})}
        found = confirmed(json.loads(files[channel.PLAN]), files.get(channel.CERTIFICATE), result.case.book)
        proven = {"certified_bound_cny": found.certified.bound_cny, "certified_gap": found.certified.gap}
        vouched = {"verdict": {"passed": True, "places": found.places, **proven}, "tables": dict(result.case.book.hashes)}
        hand_over(result.case.save_to, files, vouched)
        return Checked(result.case.lang, found.places)


def _conflicts(faults: Sequence[Fault], lang: str) -> list[str]:
    return sentences(Infeasible(faults), lang)


def _card(make: Callable[[Summary, str], Card], result: Result) -> Card:
    with worded(result.case.lang):
        return make(result.summary, result.case.lang)
