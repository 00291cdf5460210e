"""What if, at the desk: sliders for budgets, floors and caution, answered at once and shown beside the saved plan."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import ipywidgets as widgets

from planning import policy
from planning.desk.case import Case, tell, worded
from planning.desk.plan import SCENARIOS
from planning.errors import DataFaults, Fault, PlanningError, PolicyError
from planning.optimise.relaxation import Levers
from planning.plan.make import make_plan
from planning.plan.plan import Plan
from planning.plan.scenario_entry import entry
from planning.plan.scenario_file import read_scenarios
from planning.plan.what_if import WIDEST, WhatIf
from planning.report.cards.what_if import what_if as card
from planning.report.formats import scale
from planning.report.i18n import LANGS, pick, say
from planning.run import channel, params
from planning.run.told import sentences
from planning.run.trouble import not_writable

STEPS = 100  # of a budget's slider
LEAST_REACH = 10_000.0  # yuan a budget's slider reaches at least
HIGHEST_FLOOR = 60  # percent


class Sliders(widgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """The sliders and the answer under them; `levers` is what they ask, `save(name)` keeps it as a scenario."""

    def __init__(self, case: Case, plan: Plan, published: bool) -> None:
        self._case, self._what = case, WhatIf(case.book, policy.checked(plan.policy), plan)
        start, lang = self._what.start, case.lang
        self._unit = scale((start.event_cny, start.concession_cny), lang)
        self.event, self.concession = (self._budget(name, amount) for name, amount in (("event", start.event_cny), ("concession", start.concession_cny)))
        self.floors = {
            tier: _slider(say("desk.what_if.floor", lang, tier=pick(names, lang)), 100 * start.floors.get(tier, 0.0), HIGHEST_FLOOR, 1.0)
            for tier, names in self._what.tiers
        }
        self.caution = _slider(say("desk.what_if.caution", lang), start.risk_aversion, 1.0, 0.05)
        self.answer, self.told = widgets.HTML(), widgets.HTML()
        self.name = widgets.Text(description=say("desk.what_if.name", lang), style=_wide(), layout={"width": "480px"})
        self.button = widgets.Button(description=say("desk.what_if.save", lang), button_style="primary")
        self.button.on_click(lambda _: self._save_named())
        moved = (self.event, self.concession, *self.floors.values(), self.caution)
        for slider in moved:
            slider.observe(lambda _: self._show(), names="value")
        against = widgets.HTML(f"<p>{escape(say('desk.what_if.saved' if published else 'desk.what_if.solved', lang, plan=plan.id))}</p>")
        super().__init__([against, *moved, self.answer, widgets.HBox([self.name, self.button]), self.told])
        self._show()

    @property
    def levers(self) -> Levers:
        """What the sliders ask; a budget that stands where the saved plan has it is the plan's, to the fen."""
        start = self._what.start
        floors = {tier: slider.value / 100 for tier, slider in self.floors.items()}
        kept = {tier: start.floors.get(tier, 0.0) if abs(share - start.floors.get(tier, 0.0)) < 0.005 else share for tier, share in floors.items()}
        event, concession = self._amount(self.event, start.event_cny), self._amount(self.concession, start.concession_cny)
        return Levers(event, concession, kept, round(self.caution.value, 2))

    def save(self, name: str) -> Path:
        """Keep what the sliders ask as a scenario of that name; the file it went to.

        PolicyError for a name that is taken or ill formed, or a file that cannot be read; RunFailed where it cannot be written.
        """
        path = params.scenarios_file(SCENARIOS, Path.cwd(), self._case.folder)
        known = {one.name for one in read_scenarios(path, self._case.policy).scenarios} if path.is_file() else set()
        if not params.SLUG.fullmatch(name) or name in known:
            raise PolicyError(Fault("scenario_name", values={"name": name, "file": path.name}))
        try:
            self._append(path, name)
        except OSError as error:
            raise not_writable(path.parent, error) from error
        return path

    def _append(self, path: Path, name: str) -> None:
        before = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
        zh, en = (say("desk.what_if.titled", lang, name=name) for lang in LANGS)
        aside = path.with_name(f"{path.name}.new")
        aside.write_text(before + entry(name, (zh, en), self._what.as_policy(self.levers, self._case.policy)), encoding="utf-8", newline="\n")
        try:
            read_scenarios(aside, self._case.policy)
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)

    def _save_named(self) -> None:
        lang = self._case.lang
        if not self._what.as_policy(self.levers, self._case.policy):
            self.told.value = _paragraph(say("desk.what_if.unmoved", lang))
            return
        try:
            path = self.save(self.name.value.strip())
            self.told.value = _paragraph(say("desk.what_if.kept", lang, file=path.name, name=self.name.value.strip()))
        except PlanningError as error:
            self.told.value = _paragraph("\n".join(sentences(error, lang)))

    def _show(self) -> None:
        lang = self._case.lang
        try:
            self.answer.value = card(self._what.ask(self.levers), lang).bundle(lang)["text/html"]
        except PlanningError as error:
            self.answer.value = _paragraph("\n".join(sentences(error, lang)))

    def _budget(self, name: str, amount: float) -> widgets.FloatSlider:
        unit, lang = self._unit, self._case.lang
        most = max(WIDEST * amount, LEAST_REACH) / unit.yuan
        return _slider(say(f"desk.what_if.{name}", lang, unit=unit.name(lang)), amount / unit.yuan, most, most / STEPS)

    def _amount(self, slider: widgets.FloatSlider, start: float) -> float:
        yuan = slider.value * self._unit.yuan
        return start if abs(yuan - start) < 1 else float(round(yuan))


def what_if(case: Case) -> Sliders:
    """Sliders for both budgets, every tier's floor and caution, beside the published plan of the case's id.

    Where that plan is not published, or was made of other data, the case is solved first. What is shown is an estimate from the year
    without whole numbers, with a bound that holds; it is never published.
    """
    with worded(case.lang):
        plan = _published(case)
        made = plan or make_plan(case.book, case.policy, case.plan_id, tell).plan
        return Sliders(case, made, plan is not None)


def _published(case: Case) -> Plan | None:
    """The published plan, where it is of the case's data."""
    try:
        text = (params.plan_folder(case.plan_id, Path.cwd()) / channel.PLAN).read_text(encoding="utf-8")
    except (DataFaults, OSError):
        return None
    plan = Plan.from_json(text)
    return plan if plan.data_hash == case.book.data_hash else None


def _slider(words: str, value: float, most: float, step: float) -> widgets.FloatSlider:
    bounds = {"min": 0.0, "max": max(most, value), "step": step}
    shown = {"description": words, "readout_format": ",.2f", "style": _wide(), "layout": {"width": "560px"}}
    return widgets.FloatSlider(value=value, continuous_update=False, **bounds, **shown)


def _wide() -> Mapping[str, Any]:
    return {"description_width": "240px"}


def _paragraph(words: str) -> str:
    return f"<p>{escape(words)}</p>"
