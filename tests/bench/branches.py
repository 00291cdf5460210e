"""What forty branches' pages cost, in both languages: `planning render --each branch` beside stock Papermill and nbconvert, branch by branch."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from planning.book.sample import write_sample
from planning.report.i18n import LANGS
from tests.bench.bench import ROOT, TEMPLATE, reported
from tests.run.published import plan_of, publish_plan

BRANCHES, CLIENTS = 40, 20_000
STOCK = 5  # branches rendered by the stock tools; their time is told a page


def main() -> None:
    """Print the table."""
    binaries = Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        write_sample(folder / "bank", BRANCHES, CLIENTS)
        published = publish_plan(plan_of(folder / "bank"), folder / "outputs")
        (published / "run.json").write_text(json.dumps({"data": str(folder / "bank")}), encoding="utf-8")
        began = time.perf_counter()
        reported(
            f"{BRANCHES} branches, both languages", [str(binaries / "planning"), "render", "branch_plan", "--each", "branch", "--out", str(folder / "outputs")]
        )
        _a_page("  a page", time.perf_counter() - began, BRANCHES * len(LANGS))
        pages = sorted(path.stem.partition(".")[0].removeprefix("branch-") for path in (folder / "outputs" / "annual-2027-branches").glob("branch-*.zh.html"))
        began = time.perf_counter()
        for branch in pages[:STOCK]:
            _stock(binaries, folder, branch)
        _a_page(f"  a page by stock papermill and nbconvert ({STOCK} branches)", time.perf_counter() - began, STOCK * len(LANGS))


def _stock(binaries: Path, folder: Path, branch: str) -> None:
    executed = folder / "executed.ipynb"
    given = ["-p", "plan", str(folder / "outputs" / "annual-2027"), "-p", "branch", branch, "-p", "in_folder", "True"]
    commands = [[binaries / "papermill", "notebooks/branch_plan.ipynb", executed, *given]]
    for lang in LANGS:
        export = ["--to", "html", "--template", TEMPLATE, f"--PlanPage.lang={lang}", "--output", f"{lang}.html", "--output-dir", folder]
        commands.append([binaries / "jupyter-nbconvert", *export, executed])
    for command in commands:
        subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ})


def _a_page(what: str, seconds: float, pages: int) -> None:
    sys.stdout.write(f"{what:<58} {seconds / pages:6.2f} s\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
