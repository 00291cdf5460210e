"""The verbs at the planner's desk: one sentence for a mistake, rich cards, and a plan.json where it is asked for."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import planning
from planning.desk import Result
from planning.desk.case import hand_over
from planning.errors import DataFaults, PlanningError, PolicyError, Refused, RunFailed
from planning.plan.plan import Plan
from planning.report.i18n import LANGS, say


def cell(data: Path, **changed: object) -> dict[str, object]:
    """A notebook's globals after its parameters cell."""
    shell = {"__name__": "__main__", "In": [""], "Out": {}, "_i": "", "exit": object(), "planning": planning}
    return {**shell, "plan_id": "annual-2027", "data": str(data), "lang": "en", "save_to": "", "event_cny": None, "gap": 0.01, **changed}


@pytest.fixture(scope="module")
def result(small_bank: Path) -> Result:
    return planning.plan_year(planning.open_case(cell(small_bank)))


@pytest.mark.parametrize(
    ("module", "heavy"), [("planning", {"matplotlib", "pandas", "pulp", "papermill"}), ("planning.cli", {"nbformat", "nbconvert", "papermill", "sqlalchemy"})]
)
def test_importing_planning_stays_light_and_no_command_waits_for_what_another_needs(module: str, heavy: set[str]) -> None:
    script = f"import sys, planning.errors, {module}; print(sorted({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_a_case_takes_its_numbers_from_the_cell_and_the_rest_from_policy_toml(small_bank: Path) -> None:
    case = planning.open_case(cell(small_bank, event_cny=250_000.0))
    assert (case.policy.budget.event_cny, case.policy.solver.gap) == (250_000.0, 0.01)
    assert case.policy.budget.concession_cny > 0
    assert "600 clients in 3 branches; event budget CNY 250,000" in case.told()


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"event_cny": -1.0}, "parameter_out_of_bounds"), ({"evnt_cny": 5.0}, "parameter_unknown_near"), ({"lang": "fr"}, "parameter_out_of_bounds")],
)
def test_a_mistake_in_the_cell_is_one_sentence_without_a_traceback(small_bank: Path, changed: dict[str, object], code: str) -> None:
    with pytest.raises(PolicyError) as refused:
        planning.open_case(cell(small_bank, **changed))
    assert [fault.code for fault in refused.value.faults] == [code]
    shown = vars(refused.value)["_render_traceback_"]()
    assert [one.removeprefix("· ") for one in shown[1:]] == [str(refused.value)]
    assert next(iter(changed)) in shown[1]
    assert shown[0].strip("\x1b[10m") in {say("desk.mistake.PolicyError", lang) for lang in LANGS}


def test_what_nobody_foresaw_is_a_sentence_too_and_its_places_are_in_a_log(small_bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "Zhang San"

    def breaks(*_: object) -> None:
        raise ZeroDivisionError(name)

    monkeypatch.setattr("planning.desk.case.read_book", breaks)
    with pytest.raises(RunFailed) as broken:
        planning.open_case(cell(small_bank))
    (fault,) = broken.value.faults
    assert fault.values["problem"] == "ZeroDivisionError"
    log = Path(str(fault.values["log"])).read_text(encoding="utf-8")
    assert "ZeroDivisionError" in log
    assert "in breaks" in log
    assert name not in f"{log}{broken.value}"


def test_faults_of_the_tables_are_worded_in_the_cases_language(small_bank: Path, tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_bytes((small_bank / "policy.toml").read_bytes())
    with pytest.raises(DataFaults) as refused:
        planning.open_case(cell(tmp_path, lang="zh"))
    assert len(str(refused.value).splitlines()) == len(refused.value.faults) >= 10
    assert "缺少表" in str(refused.value)


def test_every_card_shows_itself_in_both_languages(result: Result) -> None:
    for verb in ("headline", "spending", "calendar", "ladder", "why", "rules", "changed", "footer"):
        bundle = getattr(planning, verb)(result)._repr_mimebundle_()
        both = [value for kind, value in bundle.items() if kind.startswith("application/vnd.planning")]
        assert bundle["text/html"]
        assert len(both) == 1, verb
        assert both[0]["zh"] != both[0]["en"]


def test_the_check_writes_plan_json_where_asked(result: Result, tmp_path: Path) -> None:
    kept = replace(result, case=replace(result.case, save_to=str(tmp_path / "kept")))
    verdict = planning.check(kept)
    assert "places checked hold" in verdict.told()
    assert Plan.from_json((tmp_path / "kept" / "plan.json").read_text(encoding="utf-8")) == result.summary.plan
    assert json.loads((tmp_path / "kept" / "certificate.json").read_text(encoding="utf-8"))["plan"] == result.summary.plan.id
    assert list(tmp_path.iterdir()) == [tmp_path / "kept"]


def test_the_check_refuses_a_plan_that_was_tampered_with(result: Result, tmp_path: Path) -> None:
    raw = json.loads(result.summary.plan.to_json())
    raw["totals"]["value_cny"] += 1_000_000
    case = replace(result.case, save_to=str(tmp_path / "kept"))
    tampered = Result(case, replace(result.summary, plan=Plan.from_json(json.dumps(raw))))
    with pytest.raises(Refused):
        planning.check(tampered)
    assert not (tmp_path / "kept").exists()


def test_a_certificate_of_the_former_plan_does_not_stay_beside_another(result: Result, tmp_path: Path) -> None:
    kept = replace(result, case=replace(result.case, save_to=str(tmp_path)))
    planning.check(kept)
    assert (tmp_path / "certificate.json").is_file()
    planning.check(replace(kept, summary=replace(kept.summary, certified=None)))
    assert not (tmp_path / "certificate.json").exists()


def test_the_certificate_of_a_saved_plan_stays_when_something_else_is_saved_beside_it(tmp_path: Path) -> None:
    hand_over(str(tmp_path), {"plan.json": "{}", "certificate.json": "{}"}, {})
    hand_over(str(tmp_path), {"client_book.json": "{}"}, {})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["certificate.json", "client_book.json", "plan.json"]


def test_nothing_is_saved_into_a_published_plan(result: Result, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{}", encoding="utf-8")
    with pytest.raises(PolicyError, match="set save_to to another folder"):
        planning.check(replace(result, case=replace(result.case, save_to=str(tmp_path))))
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


def test_a_folder_that_cannot_be_saved_to_is_told_by_its_name_and_why(result: Result, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(RunFailed) as told:
        planning.check(replace(result, case=replace(result.case, save_to=str(tmp_path / "file"))))
    assert str(told.value).startswith("The output folder file cannot be written (a file of that name is in the way)")


def test_in_a_run_an_error_reaches_the_runner_too(small_bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNING_RUN", str(tmp_path))
    with pytest.raises(PlanningError):
        planning.open_case(cell(small_bank, gap=7.0))
    told = json.loads((tmp_path / "error.json").read_text(encoding="utf-8"))
    assert (told["kind"], told["faults"][0]["values"]["name"]) == ("PolicyError", "gap")
