"""The model record from notebook to published page, with the real kernel, of a small bank's plan; and the register around it."""

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from planning.errors import DataFaults, Fault, PolicyError, Refused
from planning.plan.former import Former
from planning.run import channel, registry
from planning.run.monitoring import outputs_of, register_around, run_record
from planning.run.record import text
from tests.run.published import plan_of, publish_plan

FILES = ["model_record.ipynb", "model_record.json", "plan.en.html", "plan.zh.html", "run.json"]
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, small_bank: Path) -> Path:
    """outputs/ with the plan annual-2027, its run's record and the version before it."""
    out = tmp_path_factory.mktemp("published") / "outputs"
    plan = plan_of(small_bank)
    folder = publish_plan(plan, out)
    told = {
        "id": plan.id, "exit": 0, "finished": "2026-11-20T09:30:00+08:00", "notebook": "annual_plan.ipynb", "data": str(small_bank),
        "data_hash": plan.data_hash, "policy": dict(plan.policy), "solve": vars(plan.solve), "seconds": {"in_all": 12.0}, "versions": {"highspy": "1"},
        "files": {"plan.json": hashlib.sha256((folder / "plan.json").read_bytes()).hexdigest()},
    }  # fmt: skip
    (folder / "run.json").write_text(text(told), encoding="utf-8", newline="\n")
    (folder / channel.FORMER).write_text(Former(plan).to_json(), encoding="utf-8")
    assert registry.register(out, plan.id, text(told))
    return out


@pytest.fixture
def out(published: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(published, tmp_path / "outputs"))


def asked(out: Path, *more: str) -> tuple[str, ...]:
    """The order of a record; its plan is found by its id in the output folder, which is not the working folder's."""
    return ("render", str(ROOT / "notebooks" / "model_record.ipynb"), "--out", str(out), *more)


@pytest.fixture(scope="module")
def rendered(published: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A copy of it with the record published, once, and what the command said."""
    from tests.run.conftest import planning

    out = Path(shutil.copytree(published, tmp_path_factory.mktemp("rendered") / "outputs"))
    said = TextIOWrapper(BytesIO(), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", said)
        assert planning.__wrapped__(patch)(*asked(out, "--lang", "en,zh")) == 0
    said.seek(0)
    return out, said.read()


def test_the_page_is_published_with_its_record(rendered: tuple[Path, str], small_bank: Path) -> None:
    out, said = rendered
    folder = out / "annual-2027-model-record"
    assert sorted(path.name for path in folder.iterdir()) == FILES
    made, told, plan = (json.loads(path.read_text(encoding="utf-8")) for path in (folder / FILES[1], folder / "run.json", out / "annual-2027" / "plan.json"))
    assert "the model record is published" in said
    assert told["solve"] is None
    assert told["data"] == str(small_bank)
    assert made["figures"]["value_cny"] == plan["totals"]["value_cny"]
    assert made["data_hash"] == told["data_hash"] == plan["data_hash"]
    states = {line["line"]: line["state"] for line in made["checklist"]}
    assert (states["process"], states["audit"], states["monitoring"]) == ("met", "not", "part")
    with (small_bank / "clients.csv").open(encoding="utf-8") as file:
        clients = {line.partition(",")[0] for line in file} - {"client"}
    for lang in ("zh", "en"):
        page = (folder / f"plan.{lang}.html").read_text(encoding="utf-8")
        for part in ("purpose", "assumptions", "data", "model", "risks", "outcomes", "validation", "monitoring", "checklist", "footer"):
            assert f'id="{part}"' in page
        assert not any(client in page for client in clients)
        assert str(out) not in page
        assert "<script" not in page
    assert "<title>Model record of the marketing plan, 2027</title>" in (folder / "plan.en.html").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_record_comes_out_the_same_beside_the_plan_and_the_register_as_they_were(
    planning: Callable[..., int], rendered: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out, _ = rendered
    monkeypatch.chdir(tmp_path)
    assert registry.register(out, "other", text({"id": "other", "exit": 1, "finished": "2026-11-21T08:00:00+08:00", "seconds": {"in_all": 1.0}}))
    before = (out / ".runs" / registry.FILE).read_bytes()
    assert planning("reproduce", "annual-2027-model-record", "--out", str(out), "--lang", "en") == 0
    told = capsys.readouterr().out
    assert "plan.en.html: byte-identical" in told
    assert "model_record.json: byte-identical" in told
    assert (out / ".runs" / registry.FILE).read_bytes() == before


def test_a_plan_that_the_judge_refuses_has_no_record(planning: Callable[..., int], out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = out / "annual-2027" / "plan.json"
    plan = json.loads(file.read_text(encoding="utf-8"))
    plan["totals"]["value_cny"] += 50_000
    file.write_text(json.dumps(plan), encoding="utf-8")
    assert planning(*asked(out, "--lang", "en")) == Refused.exit_code
    assert "totals" in capsys.readouterr().err.lower()
    assert not (out / "annual-2027-model-record").exists()


def test_a_plan_that_is_not_there_is_named_before_anything_runs(planning: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        planning("render", str(ROOT / "notebooks" / "model_record.ipynb"), "-p", "plan=no-such-plan", "--out", str(tmp_path), "--lang", "en")
        == DataFaults.exit_code
    )
    assert "no-such-plan" in capsys.readouterr().err


@pytest.mark.parametrize(("lang", "told"), [("zh", "event_cny 在这里不起作用"), ("en", "event_cny has no effect here")])
def test_a_policy_parameter_is_refused_for_the_plan_has_its_own(
    planning: Callable[..., int], tmp_path: Path, lang: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """On the command line before the plan is even sought, at the desk, and with an option that stands for parameters."""
    import planning as verbs

    notebook, out = str(ROOT / "notebooks" / "model_record.ipynb"), ("--out", str(tmp_path / "outputs"), "--lang", lang)
    assert planning("render", notebook, "-p", "event_cny", "5000000", *out) == PolicyError.exit_code
    assert told in capsys.readouterr().err
    assert planning("render", notebook, "--locked", "hand.xlsx", *out) == PolicyError.exit_code
    assert told.replace("event_cny", "--locked") in capsys.readouterr().err
    assert not (tmp_path / "outputs").exists()
    names = {"plan_id": "r", "plan": "no-such-plan", "data": "", "lang": lang, "save_to": "", "gap": None}
    with pytest.raises(PolicyError, match=told):
        verbs.open_record({**names, "event_cny": 5e6})
    with pytest.raises(DataFaults, match="no-such-plan"):
        verbs.open_record(names)


def test_the_desk_tells_what_was_altered_and_counts_again(out: Path, tmp_path: Path) -> None:
    import planning

    file = out / "annual-2027" / "plan.json"
    file.write_text(file.read_text(encoding="utf-8").replace("\n ", "\n  ", 1), encoding="utf-8")
    names = {"plan_id": "annual-2027-model-record", "plan": str(out / "annual-2027"), "data": "", "lang": "en", "save_to": str(tmp_path / "kept")}
    recorded = planning.open_record(names)
    assert recorded.record.unchanged is False
    assert "was changed after it was published" in planning.record_validation(recorded).en
    assert "15 figures of the record agree" in planning.attest(recorded).told()
    assert (tmp_path / "kept" / channel.MODEL).is_file()


def test_what_happened_since_is_told_from_its_own_folder_and_counted_again(out: Path, small_bank: Path, tmp_path: Path) -> None:
    import planning

    told = Path(shutil.copytree(small_bank, tmp_path / "told"))
    settings = (told / "policy.toml").read_text(encoding="utf-8")
    (told / "policy.toml").write_text(re.sub(r"data_date = .*", "data_date = 2027-12-31", settings), encoding="utf-8")
    clients = [line.partition(",")[0] for line in (told / "clients.csv").read_text(encoding="utf-8").splitlines()[1:]]
    rows = [
        f"{client},wealth_salon,B0001,2027-03-11,{'treat' if n % 3 else 'control'},true,true,{'true' if n % 3 == 1 else 'false'}"
        for n, client in enumerate(clients)
    ]
    (told / "invitations.csv").write_text("\n".join(["client,event,branch,date,arm,invited,accepted,attended", *rows]) + "\n", encoding="utf-8")
    after = [f"{client},2027-H1,10000,{10_200 + 40 * (n % 7) + 300 * (n % 3 == 1)}" for n, client in enumerate(clients)]
    (told / "outcomes.csv").write_text("\n".join(["client,window,contribution_before_cny,contribution_after_cny", *after]) + "\n", encoding="utf-8")
    (told / "ledger.csv").write_text("date,line,actual_cny\n2027-03-31,events,120000\n2027-06-30,concessions,80000\n", encoding="utf-8")
    names = {"plan_id": "annual-2027-model-record", "plan": str(out / "annual-2027"), "data": "", "actuals": str(told), "lang": "en", "save_to": str(tmp_path)}
    recorded = planning.open_record(names)
    found = recorded.record.realised.backtest
    assert found is not None
    assert (found.through, found.tested_share, found.realised.event_cny) == (6, 1.0, 120_000.0)
    assert "was realised; 100% of attendances were tested" in planning.record_outcomes(recorded).en
    assert "25 figures of the record agree" in planning.attest(recorded).told()
    figures = json.loads((tmp_path / channel.MODEL).read_text(encoding="utf-8"))["figures"]
    assert figures["realised_value_cny"] == found.realised.value_cny(True)


def test_verify_counts_a_record_again_and_refuses_one_that_was_altered_or_is_of_another_plan(
    planning: Callable[..., int], rendered: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = Path(shutil.copytree(rendered[0], tmp_path / "outputs", symlinks=True))
    folder, plan = out / "annual-2027-model-record", out / "annual-2027" / "plan.json"
    assert planning("verify", str(folder), "--lang", "en") == 0
    told = capsys.readouterr().out
    assert "15 figures of the model record agree" in told
    assert "annual-2027: all" in told
    whole = (folder / channel.MODEL).read_text(encoding="utf-8")
    made = json.loads(whole)
    spoilt = {**made["figures"], "sessions": made["figures"]["sessions"] + 1, "certified_bound_cny": 1.0}
    for text_, code, words in (
        (json.dumps({**made, "data_hash": "0", "figures": spoilt}), Refused.exit_code, "count in sessions, certified_bound_cny, data_hash;"),
        (whole[:100], DataFaults.exit_code, "cannot be read"),
        (json.dumps({**made, "figures": []}), DataFaults.exit_code, "cannot be read"),
        (json.dumps({**made, "actuals": {**made["actuals"], "data_hash": "0"}}), Refused.exit_code, "count in actuals;"),
        (json.dumps({**made, "figures": {**made["figures"], "realised_value_cny": 1.0}}), Refused.exit_code, "count in realised_value_cny;"),
    ):
        (folder / channel.MODEL).write_text(text_, encoding="utf-8")
        assert planning("verify", str(folder), "--lang", "en") == code
        assert words in capsys.readouterr().err
    (folder / channel.MODEL).write_text(whole, encoding="utf-8")
    plan.write_text(plan.read_text(encoding="utf-8").replace("\n ", "\n  ", 1), encoding="utf-8")
    assert planning("verify", str(folder), "--lang", "zh") == Refused.exit_code
    assert "讲的不是现在的计划 annual-2027" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"client_book.json": "{}"}, "planning totals --against-book"),
        ({"run.json": '{"parameters": {"plan": "annual-2027"}}'}, "taken from plan annual-2027"),
        ({"run.json": "[]"}, "no readable plan.json"),
    ],
)
def test_verify_says_what_other_pages_are_and_what_to_do_instead(
    planning: Callable[..., int], tmp_path: Path, files: dict[str, str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert planning("verify", str(tmp_path), "--data", str(ROOT / "data" / "sample"), "--lang", "en") == DataFaults.exit_code
    assert told in capsys.readouterr().err


def test_figures_that_differ_are_not_handed_over(out: Path, tmp_path: Path) -> None:
    import planning

    names = {"plan_id": "annual-2027-model-record", "plan": str(out / "annual-2027"), "data": "", "lang": "en", "save_to": str(tmp_path / "kept")}
    recorded = replace(planning.open_record(names), differing=("sessions", "value_cny"))
    with pytest.raises(Refused, match="sessions, value_cny"):
        planning.attest(recorded)
    assert not (tmp_path / "kept").exists()


def test_the_register_tells_this_plans_runs_and_whether_its_chain_holds(out: Path) -> None:
    folder = out / "annual-2027"
    found = register_around(folder, "annual-2027")
    assert found is not None
    assert ([run.number for run in found.runs], found.chain, found.faults) == ([1], 1, ())
    assert registry.register(out, "other", text({"id": "other", "exit": 1, "finished": "2026-11-21T08:00:00+08:00", "seconds": {"in_all": 1.0}}))
    found = register_around(folder, "annual-2027")
    assert found is not None
    assert ([run.number for run in found.runs], [run.plan for run in found.others], found.chain) == ([1], ["other"], 2)
    (folder / "run.json").write_text("{}", encoding="utf-8")
    found = register_around(folder, "annual-2027")
    assert found is not None
    assert found.faults == ("register_unknown_plan",)
    assert run_record(folder) is None


def test_a_plan_without_a_register_makes_none(tmp_path: Path) -> None:
    (tmp_path / "outputs" / "p").mkdir(parents=True)
    assert register_around(tmp_path / "outputs" / "p", "p") is None
    assert [path.name for path in (tmp_path / "outputs").iterdir()] == ["p"]


def test_a_register_that_cannot_be_reached_is_told_and_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(registry.ADDRESS, f"sqlite:///{tmp_path / 'no' / 'such' / 'folder' / 'r.sqlite'}")
    found = register_around(tmp_path / "p", "p")
    assert found is not None
    assert found.faults == (Fault("register_unreachable").code,)


def test_the_folder_of_plans_is_found_through_the_link(tmp_path: Path) -> None:
    run = tmp_path / "outputs" / ".runs" / "p" / "run-1"
    run.mkdir(parents=True)
    assert outputs_of(run) == (tmp_path / "outputs").resolve()
    (tmp_path / "outputs" / "q").mkdir()
    assert outputs_of(tmp_path / "outputs" / "q") == (tmp_path / "outputs").resolve()
