"""What if at the desk: sliders answer at once, their levers become a scenario that can be solved, mistakes are sentences."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import planning
from planning.desk.case import Case
from planning.desk.sliders import Sliders
from planning.errors import PolicyError
from planning.plan.make import make_plan
from planning.plan.scenario_file import read_scenarios
from planning.report.i18n import LANGS, say


@pytest.fixture(scope="module")
def case(small_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("desk") / "bank"
    shutil.copytree(small_bank, folder)
    names = {"plan_id": "what-if", "data": str(folder), "lang": "en", "save_to": "", "gap": 0.02}
    return planning.open_case(names)


@pytest.fixture(scope="module")
def sliders(case: Case) -> Sliders:
    return planning.what_if(case)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_at_the_saved_plans_own_levers_nothing_moves(sliders: Sliders, case: Case) -> None:
    assert "as the saved plan" in sliders.answer.value
    assert (sliders.levers.event_cny, sliders.levers.concession_cny) == (case.policy.budget.event_cny, case.policy.budget.concession_cny)


@pytest.mark.parametrize("lang", LANGS)
def test_budgets_are_asked_in_the_unit_in_which_they_are_answered(case: Case, sliders: Sliders, lang: str) -> None:
    shown = Sliders(replace(case, lang=lang), sliders._what._plan, True) if lang != "en" else sliders
    unit = {"zh": "万元", "en": "CNY thousand"}[lang]
    assert shown.event.description == say("desk.what_if.event", lang, unit=unit)
    assert say("desk.what_if.figures", lang) in shown.answer.value
    assert f"<small>{unit}</small>" in shown.answer.value
    assert shown.event.value * {"zh": 1e4, "en": 1e3}[lang] == pytest.approx(case.policy.budget.event_cny)
    assert (shown.levers.event_cny, shown.levers.concession_cny) == (case.policy.budget.event_cny, case.policy.budget.concession_cny)


def test_less_money_is_answered_with_less_value(sliders: Sliders) -> None:
    before = sliders.event.value
    sliders.event.value = before / 4
    assert "less than the saved plan" in sliders.answer.value
    assert "An estimate, not a plan" in sliders.answer.value
    sliders.event.value = before
    assert "as the saved plan" in sliders.answer.value


def test_what_no_plan_can_keep_is_said(sliders: Sliders) -> None:
    first, *_ = sliders.floors.values()
    before = [slider.value for slider in sliders.floors.values()]
    for slider in sliders.floors.values():
        slider.value = 60
    assert "No plan keeps every rule" in sliders.answer.value
    for slider, value in zip(sliders.floors.values(), before, strict=True):
        slider.value = value
    assert first.value == before[0]


def test_it_is_kept_as_a_scenario_that_the_file_can_be_read_with(sliders: Sliders, case: Case) -> None:
    before = sliders.event.value, sliders.caution.value
    sliders.event.value, sliders.caution.value = before[0] / 2, 0.5
    path = sliders.save("half-of-it")
    assert path.parent == case.folder
    kept = next(one for one in read_scenarios(path, case.policy).scenarios if one.name == "half-of-it")
    assert kept.policy == {"event_cny": sliders.levers.event_cny, "risk_aversion": 0.5}
    for name in ("half-of-it", "Half of it", "../half", ""):
        with pytest.raises(PolicyError, match="scenario_name"):
            sliders.save(name)
    assert [one.name for one in read_scenarios(path, case.policy).scenarios].count("half-of-it") == 1
    sliders.event.value, sliders.caution.value = before


def test_the_button_says_what_it_did(sliders: Sliders) -> None:
    sliders.button.click()
    assert say("desk.what_if.unmoved", "en") in sliders.told.value
    before = sliders.concession.value
    sliders.concession.value = before * 0.7
    sliders.name.value = "No Good"
    sliders.button.click()
    assert "cannot be named" in sliders.told.value
    sliders.name.value = "fewer-concessions"
    sliders.button.click()
    assert "Saved in scenarios.toml as fewer-concessions" in sliders.told.value
    sliders.concession.value = before


def test_the_button_says_why_nothing_could_be_saved(sliders: Sliders, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> int:
        raise PermissionError(13, "")

    before, scenarios = sliders.caution.value, case.folder / "scenarios.toml"
    kept = scenarios.read_bytes() if scenarios.is_file() else None
    sliders.caution.value, sliders.name.value = 0.75, "unwritten"
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", refused)
        sliders.button.click()
    assert f"The output folder {case.folder.name} cannot be written (no right to do so)" in sliders.told.value
    scenarios.write_bytes("[[scenario]]\nname = '方案'".encode("gb18030"))
    sliders.button.click()
    assert "scenarios.toml is not well-formed TOML" in sliders.told.value
    scenarios.write_text("[[scenario]]\nname = 'unwritten'\npolicy = { gap = 0.5 }\n", encoding="utf-8")
    sliders.button.click()
    assert "no name that scenarios.toml has already" in sliders.told.value
    scenarios.unlink()
    if kept is not None:
        scenarios.write_bytes(kept)
    sliders.caution.value = before


def test_a_scenario_beside_another_policy_carries_all_that_the_saved_plan_was_asked(case: Case, tmp_path: Path) -> None:
    """Saved from a plan made with its own parameters, a scenario asks for those too, not for policy.toml's."""
    asked = {"event_cny": case.policy.budget.event_cny / 2, "holdout_share": 0.2, "must_hold": [], "rule": "target"}
    other = planning.open_case({"plan_id": "what-if", "data": str(case.folder), "lang": "en", "save_to": "", "gap": 0.02, **asked})
    made = make_plan(other.book, other.policy, "what-if", lambda *_: None).plan
    shutil.copytree(case.folder, tmp_path / "bank")
    beside = Sliders(replace(case, folder=tmp_path / "bank"), made, True)
    beside.caution.value = 0.5
    kept = next(one for one in read_scenarios(beside.save("careful"), case.policy).scenarios if one.name == "careful")
    wanted = other.policy.with_parameters({"risk_aversion": 0.5})
    assert case.policy.with_parameters(kept.policy) == wanted
