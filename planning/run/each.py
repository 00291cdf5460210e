"""One notebook run for many branches in one kernel, each in a fresh namespace, so that the book is read and the plan judged once.

Started by the runner inside the run's folder, with `job.json` there, and ended with it as `worker` is.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from planning.run import channel
from planning.run import notebook as notebooks
from planning.run.engine import ForkedKernels
from planning.run.worker import end_with_the_runner, ended_plainly, raise_unwritten, told

INDEX, ASKED = "index.ipynb", "asked.ipynb"


def main() -> None:
    """Run the index, then `asked.ipynb` for each branch it lists (or the one asked for), as job.json says."""
    end_with_the_runner()
    job = json.loads(Path("job.json").read_text(encoding="utf-8"))
    start = {"metadata": {"path": job["start"]}}
    client = NotebookClient(load_notebook_node(INDEX), timeout=job["seconds"], kernel_name="python3", resources=start, kernel_manager_class=ForkedKernels)
    client.shutdown_kernel = "immediate"
    with ended_plainly():
        try:
            _all(client, job)
        except CellExecutionError as error:
            raise_unwritten(str(error.evalue))
            sys.exit(told(error.ename, client.code_cells_executed, error.traceback.splitlines()))


def _all(client: NotebookClient, job: Mapping[str, Any]) -> None:
    with client.setup_kernel():
        listed = _listed(client, job)
        for number, one in enumerate(listed):
            channel.tell(Path(), "branch", {"done": number, "of": len(listed)})
            Path(channel.AT).write_text(json.dumps(one), encoding="utf-8")
            _run(client, ASKED, {**job["parameters"], "branch": one["branch"]}, executed(one["file"]))


def _listed(client: NotebookClient, job: Mapping[str, Any]) -> list[dict[str, str]]:
    """The pages to make: those a job names, else those the index lists; a job that names none makes the index alone."""
    if job.get("pages"):
        return list(job["pages"])
    _run(client, INDEX, {**job["parameters"], "branch": job["only"]}, executed(INDEX))
    listed: list[dict[str, str]] = json.loads(Path(channel.BRANCHES).read_text(encoding="utf-8"))["pages"]
    return [] if "pages" in job else listed


def executed(name: str) -> str:
    """The file of an executed notebook."""
    return f"executed-{Path(name).stem}.ipynb"


def _run(client: NotebookClient, name: str, parameters: Mapping[str, Any], to: str) -> None:
    fresh = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("%reset -f")])  # type: ignore[no-untyped-call]
    asked = parameterize_notebook(load_notebook_node(name), dict(parameters), kernel_name="python3", language="python")
    try:
        for client.nb in (fresh, asked):
            client.reset_execution_trackers()
            for place, cell in enumerate(client.nb.cells):
                if cell.cell_type == "code":
                    client.execute_cell(cell, place)
    finally:
        Path(to).write_text(notebooks.text(asked), encoding="utf-8")


if __name__ == "__main__":
    main()
