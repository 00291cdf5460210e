"""The same inputs give the same bytes: the pages of a bank, made in other processes, time zones, locales and folders."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RENDER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from tests.report.assembled import PARTS, client_cards, put_together, scenario_cards
from tests.report.example import summary
own = [{"text/html": "<p>补充</p><table><tr><td>1</td></tr></table>"}, {"text/plain": "a < b"}]
shown = {"plan": [part(summary()) for part in PARTS], "scenarios": scenario_cards()}
if len(sys.argv) > 3:
    shown["clients"] = client_cards(Path(sys.argv[3]))
for name, cards in shown.items():
    for lang in ("zh", "en"):
        Path(sys.argv[2], f"{name}.{lang}.html").write_text(put_together(cards, lang, own), encoding="utf-8", newline="")
"""
ZONES = ("UTC", "Asia/Shanghai", "America/St_Johns", "Pacific/Kiritimati")
LOCALES = ("C", "C.UTF-8", "POSIX", "zh_CN.UTF-8", "de_DE.UTF-8")


def rendered(place: int, folder: Path, data: Path | None) -> dict[str, str]:
    """Check sums of the pages that a process makes in the surroundings of that number."""
    out, cwd = folder / f"out{place}", folder / f"一 个 folder {place % 3}"
    out.mkdir()
    cwd.mkdir(exist_ok=True)
    words = LOCALES[place % len(LOCALES)]
    surroundings = {**os.environ, "PYTHONHASHSEED": str(place), "TZ": ZONES[place % len(ZONES)], "LC_ALL": words, "LANG": words, "COLUMNS": str(40 + place)}
    given = [str(ROOT), str(out), *([str(data)] if data else [])]
    subprocess.run([sys.executable, "-c", RENDER, *given], env=surroundings, cwd=cwd, check=True, capture_output=True)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(out.iterdir())}


def test_two_renders_of_plan_and_scenarios(tmp_path: Path) -> None:
    first, second = (rendered(place, tmp_path, None) for place in (1, 2))
    assert len(first) == 4
    assert second == first


@pytest.mark.slow
def test_twenty_renders_of_every_page(tmp_path: Path, small_bank: Path) -> None:
    first, *others = (rendered(place, tmp_path, small_bank) for place in range(20))
    assert len(first) == 6
    assert [place for place, other in enumerate(others, 1) if other != first] == []
