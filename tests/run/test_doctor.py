"""planning doctor: each check passes on a sound machine and fails where the thing it looks at is broken; no secret is shown."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
import zoneinfo
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from planning.optimise import trial
from planning.run import browser, channel, doctor, doctor_jupyter, doctor_places, doctor_programs, registry
from planning.run.finding import Finding

SECRET = "s3cret-word"


def states(*found: Finding) -> list[tuple[str, str]]:
    return [(one.state, one.code) for one in found]


@pytest.fixture(autouse=True)
def quiet_jupyter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Jupyter's settings and running servers in folders of the test's own."""
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_PATH"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(name, str(tmp_path / name))
    return tmp_path / "JUPYTER_CONFIG_DIR"


@pytest.mark.parametrize(("lang", "words"), [("zh", "这台电脑合格：16 项"), ("en", "none of the 16 checks")])
def test_a_sound_machine_is_fit_and_nothing_is_left_on_it(
    planning: Callable[..., int], tmp_path: Path, lang: str, words: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("PLANNING_")]:
        monkeypatch.delenv(name)
    before = sorted(tmp_path.rglob("*"))
    assert planning("doctor", "--lang", lang, "--out", str(tmp_path / "outputs")) == 0
    assert words in capsys.readouterr().out
    assert sorted(tmp_path.rglob("*")) == before


def test_a_machine_that_is_not_fit_is_told_so_by_words_and_exit_code_and_no_password_is_shown(
    planning: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PLANNING_BOOKS", raising=False)  # the tests' own: the doctor knows none such, and names the first it does not know
    monkeypatch.setenv(registry.ADDRESS, f"postgresql://bank:{SECRET}@127.0.0.1:1/none")
    monkeypatch.setenv("PLANNING_REGISTER", SECRET)
    assert planning("doctor", "--lang", "en", "--out", str(tmp_path)) == 1
    told = capsys.readouterr().out
    assert "The register of runs cannot be reached" in told
    assert "was PLANNING_REGISTRY meant?" in told
    assert "not fit: one check" in told
    assert SECRET not in told


def test_why_the_working_folder_cannot_be_written_is_told_in_the_planners_language(
    planning: Callable[..., int], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(doctor, "CHECKS", (lambda machine: doctor_places.writing(machine.out),))
    monkeypatch.setattr(doctor_places.tempfile, "TemporaryDirectory", _refused)
    assert planning("doctor", "--out", ".") == 1
    assert f"输出目录 {tmp_path.name} 不可写（没有权限）" in capsys.readouterr().out


def test_an_old_python_is_not_fit() -> None:
    assert states(doctor_programs.python((3, 10, 14)), doctor_programs.python((3, 11, 0))) == [("unfit", "python_old"), ("fit", "python")]


def test_packages_that_lack_or_differ_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pins = tmp_path / "constraints.txt"
    pins.write_text("# tested\nhighspy==0.0.1\nno-such-package==1.0\n", encoding="utf-8")
    found = doctor_programs.packages(pins)
    assert states(found) == [("told", "packages_other")]
    assert "(0.0.1)" in str(found.values["packages"])
    assert states(doctor_programs.packages(tmp_path / "none.txt")) == [("told", "packages_unpinned")]
    monkeypatch.setattr(doctor_programs, "requires", lambda _: ["highspy>=999", "no-such-package>=1", "pulp>=3", 'other>=1; extra == "dev"'])
    found = doctor_programs.packages(pins)
    assert states(found) == [("unfit", "packages_lacking")]
    assert found.values["packages"] == "highspy>=999, no-such-package>=1"


@pytest.mark.parametrize(
    ("found", "highs", "cbc"),
    [
        ("right", ("fit", "highs"), ("fit", "cbc")),
        ("wrong", ("unfit", "highs_broken"), ("told", "cbc_broken")),
        ("absent", ("unfit", "highs_broken"), ("told", "cbc_absent")),
    ],
)
def test_highs_must_solve_and_cbc_may_be_absent(found: str, highs: tuple[str, str], cbc: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "tried", lambda _: found)
    assert states(doctor_programs.highs(), doctor_programs.cbc()) == [highs, cbc]


def test_the_trial_tells_a_right_answer_from_a_wrong_one_and_from_no_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    assert trial.tried("highs") == "right"
    solved = trial.solve
    monkeypatch.setattr(trial, "solve", lambda lp, options, _: solved(lp, options, trial.Effort(0.0, relaxed=True)))
    assert trial.tried("highs") == "wrong"
    monkeypatch.setattr(trial, "solve", solved)
    monkeypatch.setattr(trial.pulp.PULP_CBC_CMD, "available", lambda _: False)
    assert trial.tried("cbc") == "absent"


def test_a_font_that_is_gone_or_broken_is_not_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert states(doctor_programs.font()) == [("fit", "font")]
    monkeypatch.setattr(doctor_programs, "drawn", lambda: "\U0001f600")
    assert states(doctor_programs.font()) == [("unfit", "font_broken")]
    monkeypatch.undo()
    monkeypatch.setattr(doctor_programs, "FONT", tmp_path / "none.otf")
    assert states(doctor_programs.font()) == [("unfit", "font_broken")]


def test_a_machine_without_browser_time_zones_or_fork_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert states(doctor_programs.browser_for_pdf({"PATH": str(tmp_path)})) == [("told", "browser_absent")]
    assert states(doctor_programs.time_zones(), doctor_programs.fork())[0] == ("fit", "zones")
    monkeypatch.delattr(os, "fork", raising=False)
    monkeypatch.setattr(doctor_programs, "ZoneInfo", _no_zone)
    assert states(doctor_programs.time_zones(), doctor_programs.fork()) == [("unfit", "zones_absent"), ("told", "fork_absent")]
    monkeypatch.undo()
    monkeypatch.setattr(sys, "platform", "darwin")  # it can fork, and yet the engine does not
    assert states(doctor_programs.fork()) == [("told", "fork_absent")]


def _no_zone(name: str) -> None:
    raise zoneinfo.ZoneInfoNotFoundError(name)


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        ({"PATH": "x"}, ("fit", "variables_none")),
        ({registry.ADDRESS: "postgresql://u@h/d"}, ("fit", "variables")),
        ({registry.ADDRESS: "no address"}, ("unfit", "variable_registry")),
        ({browser.NAMED: "no-such-browser"}, ("unfit", "variable_browser")),
        ({channel.RUN_FOLDER: "x"}, ("unfit", "variable_run")),
        ({"PLANNING_BROWSE": "x"}, ("told", "variable_near")),
        ({"PLANNING_ZZZZZZZZZZZZ": "x"}, ("told", "variable_unknown")),
    ],
)
def test_settings_in_the_environment_are_judged_without_their_values(environment: dict[str, str], found: tuple[str, str]) -> None:
    one = doctor_programs.variables(environment)
    assert states(one) == [found]
    assert not set(environment.values()) & set(map(str, one.values.values()))


def test_a_folder_that_cannot_be_written_linked_or_locked_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "not-there-yet"
    assert states(doctor_places.writing(out), doctor_places.links(out), doctor_places.locks(out)) == [("fit", "writing"), ("fit", "links"), ("fit", "locks")]
    assert not out.exists()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "symlink_to", _refused)
        assert states(doctor_places.links(out)) == [("told", "links_refused")]
    with monkeypatch.context() as patch:
        patch.setattr(doctor_places, "TRY", "import sys")  # the other process gets in while the lock is held
        assert states(doctor_places.locks(out)) == [("unfit", "locks_broken")]
        patch.setattr(doctor_places, "TRY", "import sys; sys.exit(1)")  # and here it never gets in
        assert states(doctor_places.locks(out)) == [("unfit", "locks_broken")]
    with monkeypatch.context() as patch:
        patch.setattr(doctor_places.tempfile, "TemporaryDirectory", _refused)
        found = doctor_places.writing(out), doctor_places.links(out), doctor_places.locks(out)
    assert states(*found) == [("unfit", "writing_refused"), ("told", "links_refused"), ("unfit", "locks_broken")]


def test_an_output_folder_on_a_drive_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "is_dir", lambda _: False)
    found = [check(tmp_path) for check in (doctor_places.writing, doctor_places.links, doctor_places.locks, doctor_places.space)]
    assert states(*found) == [("unfit", "writing_refused"), ("told", "links_refused"), ("unfit", "locks_broken"), ("told", "space_unknown")]


def _refused(*_: object, **__: object) -> None:
    raise PermissionError(13, "Permission denied")


def test_a_full_disk_is_not_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    for free, state in ((doctor_places.LEAST_BYTES, "fit"), (doctor_places.LEAST_BYTES - 1, "unfit")):
        monkeypatch.setattr(doctor_places.shutil, "disk_usage", lambda _, free=free: usage._replace(free=free))
        assert doctor_places.space(tmp_path).state == state
    monkeypatch.setattr(doctor_places.shutil, "disk_usage", _refused)
    assert states(doctor_places.space(tmp_path)) == [("told", "space_unknown")]


def test_a_register_whose_chain_is_broken_is_not_fit(tmp_path: Path) -> None:
    assert states(doctor_places.register(tmp_path)) == [("fit", "register_none")]
    registry.register(tmp_path, "a", json.dumps({"id": "a", "exit": 0}))
    assert doctor_places.register(tmp_path).values == {"n": 1}
    with sqlite3.connect(tmp_path / ".runs" / registry.FILE) as connection:
        connection.execute("UPDATE planning_runs SET record = replace(record, '0', '1')")
    connection.close()
    found = doctor_places.register(tmp_path)
    assert (found.state, [fault.code for fault in found.faults]) == ("unfit", ["register_changed"])


SETTINGS = [
    ("", ("fit", "jupyter")),
    ("c.ServerApp.ip = '127.0.0.1'", ("fit", "jupyter")),
    ("c.ServerApp.ip = '::1'", ("fit", "jupyter")),
    ("c.ServerApp.ip = '0.0.0.0'", ("unfit", "jupyter_open")),
    ("c.NotebookApp.ip = '*'", ("unfit", "jupyter_open")),
    ("c.ServerApp.ip = 'planning.bank.example'", ("unfit", "jupyter_open")),
    ("c.ServerApp.token = ''", ("unfit", "jupyter_unlocked")),
    ("c.IdentityProvider.token = ''", ("unfit", "jupyter_unlocked")),
    (f"c.IdentityProvider.token = '{SECRET}'", ("fit", "jupyter")),
    ("c.IdentityProvider.token = ''; c.PasswordIdentityProvider.hashed_password = 'argon2:x'", ("fit", "jupyter")),
    ("c.ServerApp.allow_origin = '*'", ("unfit", "jupyter_any_page")),
    ("1 / 0", ("unfit", "jupyter_unreadable")),
]


@pytest.mark.parametrize(("line", "found"), SETTINGS)
def test_jupyters_settings_are_read_as_jupyter_reads_them(quiet_jupyter: Path, line: str, found: tuple[str, str]) -> None:
    (quiet_jupyter / "jupyter_server_config.py").write_text(line, encoding="utf-8")
    one = doctor_jupyter.settings({})
    assert states(one) == [found]
    assert SECRET not in str(one)


def test_a_later_settings_file_and_the_environment_count_too(quiet_jupyter: Path) -> None:
    (quiet_jupyter / "jupyter_server_config.json").write_text('{"ServerApp": {"ip": "127.0.0.1"}}', encoding="utf-8")
    (quiet_jupyter / "jupyter_lab_config.py").write_text("c.ServerApp.ip = '0.0.0.0'", encoding="utf-8")
    assert states(doctor_jupyter.settings({})) == [("unfit", "jupyter_open")]
    (quiet_jupyter / "jupyter_lab_config.py").unlink()
    assert states(doctor_jupyter.settings({doctor_jupyter.TOKEN: ""})) == [("unfit", "jupyter_unlocked")]


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Start a real Jupyter server with the settings given; ended afterwards."""
    started = []

    def start(*settings: str) -> None:
        command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", "--ServerApp.port=0", f"--ServerApp.root_dir={tmp_path}", *settings]
        started.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        runtime = Path(os.environ["JUPYTER_RUNTIME_DIR"])
        for _ in range(1200):
            if list(runtime.glob("jpserver-*.json")) and any(one.status == psutil.CONN_LISTEN for one in psutil.Process(started[-1].pid).net_connections()):
                return
            assert started[-1].poll() is None
            time.sleep(0.1)

    yield start
    for one in started:
        one.kill()
        one.wait()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "found"),
    [
        (("--ServerApp.ip=127.0.0.1",), ("fit", "servers")),
        (("--ServerApp.ip=*",), ("unfit", "server_open")),
        (("--ServerApp.ip=127.0.0.1", "--IdentityProvider.token="), ("unfit", "server_unlocked")),
    ],
)
def test_a_running_server_is_judged_by_where_it_listens_and_what_it_asks(
    serving: Callable[..., None], options: tuple[str, ...], found: tuple[str, str]
) -> None:
    assert states(doctor_jupyter.servers()) == [("fit", "servers_none")]
    serving(*options)
    assert states(doctor_jupyter.servers()) == [found]


def test_every_check_is_called_and_each_finding_has_its_words(tmp_path: Path) -> None:
    found = doctor.examined(doctor.Machine(tmp_path))
    assert len(found) == len(doctor.CHECKS)
    assert len({one.code for one in found}) == len(found)
