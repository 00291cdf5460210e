"""What a plan costs in time and memory: `make bench`. The sample bank, its page beside the stock tools' page, the sliders, plans a minute, forty branches' pages, a hundred branches, ten million clients."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEMPLATE = ROOT / "planning" / "report" / "templates" / "plan"
ROUNDS = 3


def measured(command: Sequence[str]) -> tuple[float, float]:
    """Seconds of wall clock and peak megabytes of one process tree's largest process, over its whole life."""
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", WRAPPED, *command], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    peak, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"failed: {' '.join(command)}")
    return time.perf_counter() - began, float(peak)


WRAPPED = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
unit = 1 if sys.platform == "darwin" else 1024
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit / 1e6)
sys.exit(done.returncode)
"""


def reported(what: str, command: Sequence[str], rounds: int = 1) -> None:
    """One line: the middle of the rounds."""
    seconds, megabytes = zip(*(measured(command) for _ in range(rounds)), strict=True)
    sys.stdout.write(f"{what:<58} {sorted(seconds)[rounds // 2]:6.2f} s {max(megabytes):7.0f} MB\n")
    sys.stdout.flush()


def main() -> None:
    """Print the table."""
    binaries = Path(sys.executable).parent
    with tempfile.TemporaryDirectory() as folder:
        out, executed = Path(folder) / "outputs", Path(folder) / "executed.ipynb"
        convert = [str(binaries / "jupyter-nbconvert"), "--to", "html", "--output-dir", folder]
        sys.stdout.write(f"{os.cpu_count()} cores; pages: the middle of {ROUNDS} rounds; memory of the largest process\n")
        reported("planning render, both languages", [str(binaries / "planning"), "render", "annual_plan", "--out", str(out)])
        reported("stock papermill alone", [str(binaries / "papermill"), "notebooks/annual_plan.ipynb", str(executed)])
        reported("our page from the executed notebook, by nbconvert", [*convert, "--template", str(TEMPLATE), str(executed)], ROUNDS)
        reported("nbconvert's own page from it", [*convert, "--no-input", str(executed)], ROUNDS)
    for more in ("what_if", "engine", "branches", "hundred", "clients"):
        subprocess.run([sys.executable, "-m", f"tests.bench.{more}"], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
