"""planning render --all on the command line: real kernels, lines in both languages, truthful codes, two schedulers at once."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from planning.run.publish import held
from tests.run.tiny_plans import desk, marks, notebook

PLAN = '[[plan]]\nid = "{plan}"\nnotebook = "{notebook}"\n{more}\n'
NEVER = 'schedule = { cron = "0 6 29 2 *", time_zone = "Asia/Shanghai" }\n'
COMMAND = [sys.executable, "-c", "from planning.cli import main; main()", "render", "--all"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = desk(tmp_path / "here")
    monkeypatch.chdir(place)
    return place


def plans(place: Path, *entries: tuple[str, str, str]) -> None:
    text = "".join(PLAN.format(plan=plan, notebook=notebook, more=more) for plan, notebook, more in entries)
    (place / "data" / "plans.toml").write_text(text, encoding="utf-8")


def test_a_plan_is_published_then_unchanged_then_not_due_and_said_so_in_both_languages(
    here: Path, planning: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    plans(here, ("tiny", "tiny", ""))
    for lang, words in (("zh", "tiny：已发布（"), ("en", "tiny: unchanged, not run again (")):
        assert planning("render", "--all", "--lang", lang) == 0
        assert capsys.readouterr().out.startswith(words)
    assert sorted(path.name for path in (here / "outputs" / "tiny").glob("*.html")) == ["plan.en.html", "plan.zh.html"]
    plans(here, ("tiny", "tiny", NEVER))
    for lang, words in (("en", "tiny: unchanged, not run again ("), ("zh", "tiny：未到时间，下次 2028年2月29日 06:00 Asia/Shanghai（")):
        assert planning("render", "--all", "--lang", lang) == 0
        assert capsys.readouterr().out.startswith(words)
    assert marks(here) == ["tiny"]
    assert planning("runs") == 0


@pytest.mark.slow
def test_a_plan_that_fails_is_told_with_its_fault_then_given_up_and_the_others_are_made(
    here: Path, planning: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    notebook(here / "notebooks" / "broken.ipynb", "1 / 0")
    plans(here, ("broken", "broken", "retries = 1\nretry_after = 0\n"), ("tiny", "tiny", ""))
    assert planning("render", "--all", "--jobs", "2", "--lang", "en") == 1
    told = capsys.readouterr().out
    assert "broken: failed after 2 attempts (" in told
    assert "Cell 3 of the notebook failed (ZeroDivisionError)" in told
    assert "tiny: published (" in told
    assert sorted(marks(here)) == ["broken", "broken", "tiny"]
    assert planning("render", "--all") == 1
    told = capsys.readouterr().out
    assert "broken：已失败 2 次" in told
    assert "（失败），输入改变后再试；要立即再试请加 --force" in told
    assert sorted(marks(here)) == ["broken", "broken", "tiny"]
    notebook(here / "notebooks" / "broken.ipynb")
    assert planning("render", "--all") == 0


def test_a_plan_held_elsewhere_is_busy_and_its_code_says_so_unless_another_failed(
    here: Path, planning: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    plans(here, ("tiny", "tiny", ""))
    with held(here / "outputs", "tiny"):
        assert planning("render", "--all", "--lang", "en") == 75
        assert "tiny: at work elsewhere, left alone this time" in capsys.readouterr().out
        plans(here, ("tiny", "tiny", ""), ("lost", "nowhere", ""))
        assert planning("render", "--all") == 2
        told = capsys.readouterr().out
    assert "lost：未能开始（" in told
    assert "找不到笔记本 nowhere.ipynb" in told
    assert marks(here) == []


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--jobs", "2"), "--jobs"),
        (("--plans", "x"), "--plans"),
        (("--all", "-p", "gap", "0.1"), "-p"),
        (("--all", "--each", "branch"), "--each"),
        (("--all", "--relax"), "--relax"),
        (("--all", "--plans", "x.toml"), "x.toml"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    here: Path, planning: Callable[..., int], capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], word: str
) -> None:
    plans(here, ("tiny", "tiny", ""))
    for lang in ("zh", "en"):
        assert planning("render", *arguments, "--lang", lang) == 2
        assert word in capsys.readouterr().err
    assert not (here / "outputs").exists()


@pytest.mark.slow
def test_two_schedulers_at_once_make_every_plan_once(here: Path) -> None:
    plans(here, *((plan, "tiny", NEVER) for plan in ("one", "two")))
    both = [subprocess.Popen([*COMMAND, "--lang", "en", "--jobs", jobs], stdout=subprocess.PIPE, encoding="utf-8") for jobs in ("1", "2")]
    said = [process.communicate(timeout=300)[0] for process in both]
    codes = [process.returncode for process in both]
    assert sorted(marks(here)) == ["one", "two"]
    assert set(codes) <= {0, 75}
    for text, code in zip(said, codes, strict=True):
        assert len(text.splitlines()) == 2
        assert ("at work elsewhere" in text) == (code == 75)
        assert "failed" not in text


@pytest.mark.slow
def test_a_scheduler_that_is_killed_leaves_no_kernel_and_the_next_one_makes_the_plan(here: Path) -> None:
    pulse = here / "pulse"
    notebook(
        here / "notebooks" / "tiny.ipynb", f"import time\nfor _ in range(600):\n    _ = pathlib.Path({str(pulse)!r}).write_text('beat')\n    time.sleep(0.1)"
    )
    plans(here, ("tiny", "tiny", f"retries = 1\n{NEVER}"))
    process = subprocess.Popen(COMMAND)
    ends = time.monotonic() + 120
    while not pulse.exists() and time.monotonic() < ends:
        time.sleep(0.1)
    assert pulse.exists()
    process.kill()
    process.wait()
    time.sleep(4)
    before = pulse.stat().st_mtime_ns
    time.sleep(1)
    assert pulse.stat().st_mtime_ns == before
    notebook(here / "notebooks" / "tiny.ipynb")
    assert subprocess.run(COMMAND, check=False, capture_output=True).returncode == 0
    assert (here / "outputs" / "tiny" / "plan.zh.html").is_file()
