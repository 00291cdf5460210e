"""Twenty runs of one notebook, every kernel real: other hash seeds, time zones, languages of the system, folders and engines, the same files to the byte."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RUN = """
import sys
from contextlib import nullcontext
from pathlib import Path
from planning.run import nursed
from planning.run.render import Order, render
with nursed.shared() if sys.argv[2] == "forked" else nullcontext():
    render(Order(Path(sys.argv[1]), Path("outputs"), data="bank"), lambda *_: None)
"""
ZONES = ("UTC", "Asia/Shanghai", "America/St_Johns", "Pacific/Kiritimati")
LOCALES = ("C.UTF-8", "POSIX", "zh_CN.UTF-8", "de_DE.UTF-8", "C")
ENGINES = ("stock", "forked")


def made(place: int, folder: Path, bank: Path) -> dict[str, str]:
    """Check sums of what a run publishes in the surroundings of that number; of its record, what it says it was made from."""
    desk = folder / f"第 {place} 处 {'x' * place}"
    shutil.copytree(bank, desk / "data" / "bank")
    words = LOCALES[place % len(LOCALES)]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": str(place), "TZ": ZONES[place % len(ZONES)], "LC_ALL": words, "LANG": words}
    command = [sys.executable, "-c", RUN, str(ROOT / "notebooks" / "client_book.ipynb"), ENGINES[place % len(ENGINES)]]
    subprocess.run(command, cwd=desk, env=surroundings, check=True, capture_output=True)
    (published,) = (path for path in (desk / "outputs").iterdir() if not path.name.startswith("."))
    record = json.loads((published / "run.json").read_text(encoding="utf-8"))
    told = {name: json.dumps(record[name], sort_keys=True) for name in ("inputs", "parameters", "tables", "versions", "files")}
    return told | {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in published.iterdir() if path.name != "run.json"}


@pytest.mark.slow
def test_twenty_runs_publish_the_same_files(tmp_path: Path, small_bank: Path) -> None:
    first, *others = (made(place, tmp_path, small_bank) for place in range(20))
    assert {"plan.zh.html", "plan.en.html", "client_book.json", "client_book.ipynb"} < set(first)
    assert [place for place, other in enumerate(others, 1) if other != first] == []
