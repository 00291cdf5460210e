"""The command line as a planner meets it: sentences, exit codes, nothing written by mistake."""

import atexit
import gc
import json
import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from planning.cli import main
from planning.cli.start import joined, spoken

Words = tuple[str, ...]
Said = tuple[int, str, str]


@pytest.fixture
def bank(small_bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory with data/ours and the notebook, and nothing else."""
    shutil.copytree(small_bank, tmp_path / "data" / "ours")
    shutil.copytree(Path(__file__).parents[2] / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".*"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    return tmp_path / "data" / "ours"


@pytest.fixture
def planning(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def called(*arguments: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["planning", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return called


def test_a_value_after_p_may_begin_with_a_minus_sign() -> None:
    assert joined(["render", "-p", "event_cny", "-1", "-p", "gap=0.1", "--lang", "en"]) == ["render", "-p", "event_cny=-1", "-p", "gap=0.1", "--lang", "en"]


@pytest.mark.parametrize(
    ("arguments", "lang"), [(["--lang", "en,zh"], "en"), (["--lang=en"], "en"), (["--lang", "fr"], "zh"), (["check"], "zh"), (["--lang"], "zh")]
)
def test_messages_are_in_the_first_language_asked_for(arguments: list[str], lang: str) -> None:
    assert spoken(arguments) == lang


MISTAKES = [
    (("-p", "event_cny", "-1"), ("event_cny", "-1"), ("event_cny", "-1")),
    (("-p", "event_cny", "nan"), ("event_cny", "nan"), ("event_cny", "nan")),
    (("-p", "evnt_cny", "5"), ("是否应为 event_cny",), ("perhaps event_cny",)),
    (("-p", "seconds", "soon"), ("seconds", "soon"), ("seconds", "soon")),
    (("-p", "plan_id", "../../x"), ("小写字母",), ("small letters",)),
    (("-p", "lang", "en"), ("--lang",), ("--lang",)),
    (("-p", "gap", "0.01", "-p", "gap=0.02"), ("gap 给了不止一次",), ("gap is given more than once",)),
    (("--solver", "cbc", "-p", "solver_name", "highs"), ("solver_name 给了不止一次",), ("solver_name is given more than once",)),
    (("--data", "nowhere"), ("nowhere",), ("nowhere",)),
    (("missing_notebook",), ("missing_notebook",), ("missing_notebook",)),
]


@pytest.mark.parametrize(("arguments", "zh", "en"), MISTAKES, ids=lambda value: " ".join(value))
def test_a_mistake_is_one_sentence_exit_2_and_nothing_written(
    bank: Path, planning, arguments: tuple[str, ...], zh: tuple[str, ...], en: tuple[str, ...]
) -> None:
    given = arguments if "--data" in arguments else (*arguments, "--data", "ours")
    for lang, words in (("zh", zh), ("en", en)):
        code, out, err = planning("render", *given, "--lang", lang)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert all(word in err for word in words)
    assert not (bank.parents[1] / "outputs").exists()


def test_check_lists_all_faults_of_all_tables(bank: Path, planning) -> None:
    assert planning("check", "--data", "ours")[0] == 0
    (bank / "tiers.csv").unlink()
    events = (bank / "events.csv").read_text(encoding="utf-8")
    (bank / "events.csv").write_text(events.replace("fixed_cost_cny", "fixed_kost_cny", 1), encoding="utf-8")
    for lang, words in (("zh", "共 2 处"), ("en", "2 faults in all")):
        code, out, _ = planning("check", "--data", "ours", "--lang", lang)
        assert code == 2
        assert "tiers" in out
        assert "fixed_cost_cny" in out
        assert words in out


def test_render_refuses_tables_with_faults_and_leaves_no_plan(bank: Path, planning) -> None:
    (bank / "tiers.csv").unlink()
    code, out, err = planning("render", "--data", "ours", "--lang", "en")
    assert (code, out) == (2, "")
    assert "tiers" in err
    assert not (bank.parents[1] / "outputs" / "annual-2027").exists()


def test_a_solver_that_is_not_known_is_refused_with_those_that_are(bank: Path, planning) -> None:
    code, _, err = planning("render", "--data", str(bank), "--solver", "gurobi")
    assert (code, "cbc" in err) == (2, True)


@pytest.mark.slow
def test_another_solver_is_asked_for_by_its_name(bank: Path, planning) -> None:
    code, _, _ = planning("render", "--data", str(bank), "--solver", "cbc", "--lang", "en", "-p", "gap", "0.03")
    assert code == 0
    solve = json.loads((bank.parents[1] / "outputs" / "annual-2027" / "plan.json").read_text(encoding="utf-8"))["solve"]
    assert solve["solver"].startswith("CBC")
    assert solve["status"] == "optimal"
    assert solve["gap"] <= 0.03


def test_the_sample_bank_is_written_where_asked(bank: Path, planning) -> None:
    code, out, _ = planning("sample", "--to", "data/more", "--branches", "3", "--clients", "600", "--lang", "en")
    assert (code, "600 clients" in out) == (0, True)
    assert (bank.parent / "more" / "clients.csv").read_bytes() == (bank / "clients.csv").read_bytes()
    assert planning("sample", "--to", "data/less", "--branches", "9", "--clients", "3")[0] == 2


def test_without_a_terminal_and_without_streams_the_exit_code_says_it_all(planning, monkeypatch: pytest.MonkeyPatch) -> None:
    for stream in ("stdout", "stderr"):
        monkeypatch.setattr(sys, stream, None)
    assert planning("sample", "--to", "nowhere", "--branches", "9", "--clients", "3")[0] == 2


@pytest.mark.usefixtures("bank")
def test_a_command_that_is_done_ends_without_a_search_for_garbage(planning, monkeypatch: pytest.MonkeyPatch) -> None:
    at_the_end: list[object] = []
    monkeypatch.setattr(atexit, "register", at_the_end.append)
    assert planning("--help")[0] == 0
    assert gc.freeze in at_the_end


def test_an_unforeseen_error_is_one_sentence_with_a_log(planning, capsys: pytest.CaptureFixture[str]) -> None:
    planning("check", "--data", "ours", "--lang", "en")
    client = "0012" + "3456"
    try:
        raise RuntimeError("no one thought of this", client)
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "no one thought" not in said
    log = Path(said.split("Details are in ")[1].split(",")[0])
    assert "no one thought of this" in log.read_text(encoding="utf-8")
    assert client not in log.read_text(encoding="utf-8")
    log.unlink()


@pytest.mark.usefixtures("bank")
def test_an_unforeseen_error_is_one_sentence_where_no_log_can_be_written_too(
    planning, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planning("check", "--data", "ours", "--lang", "en")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    sys.excepthook(RuntimeError, RuntimeError("no one thought of this"), None)
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Something unforeseen broke (RuntimeError)" in said
    assert "temporary files cannot be written" in said
    assert "no one thought" not in said
