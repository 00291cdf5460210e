"""Notebook jobs of JupyterLab, run as `planning render` runs a notebook: judged, published whole or not at all, registered.

For the extension jupyter-scheduler, which starts a process of its own for each job:
`jupyter lab --Scheduler.execution_manager_class=planning.run.jupyter_jobs.Publishing`.
"""

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from jupyter_scheduler.exceptions import SchedulerError
from jupyter_scheduler.executors import DefaultExecutionManager

from planning.run import params
from planning.run.job import Job, work
from planning.run.render import Order
from planning.run.told import sentences

OUT = "outputs"
QUOTES = "\"'"
YES_OR_NO = {"": False, "none": False, "false": False, "true": True}


class Publishing(DefaultExecutionManager):  # type: ignore[misc]  # the extension publishes no types
    """Runs a job's notebook and publishes its pages; what the job list offers to download are copies of them."""

    def execute(self) -> None:
        """Render the notebook; an error becomes the job's message, in the language of its pages."""
        start = _desk(Path(self.root_dir))
        os.chdir(start)
        order = ordered(Path(self.staging_paths["input"]), start / OUT, self.model.parameters or {})
        ended = work(Job(order, str(start)))
        if (error := ended.error) is not None:
            raise SchedulerError("\n".join(sentences(error, order.languages[0])))
        place = order.out / ended.plan
        for kind, file in {"html": f"plan.{order.languages[0]}.html", "ipynb": order.notebook.name}.items():
            if kind in self.staging_paths:
                shutil.copyfile(place / file, self.staging_paths[kind])


def ordered(notebook: Path, out: Path, given: Mapping[str, str]) -> Order:
    """The order of a job: its parameters as they stand in the form, quoted or not; `data`, `lang` and `relax` as in the notebook.

    A `relax` that is neither yes nor no stays among the parameters, where it is refused.
    """
    pairs = {name: text.strip().strip(QUOTES) for name, text in given.items()}
    lang = pairs.pop("lang", params.LANGS[0])
    order = Order(notebook, out, tuple(dict.fromkeys((lang, *params.LANGS))), pairs.pop("data", "") or None)
    relax = YES_OR_NO.get(pairs.get("relax", "").casefold())
    if relax is not None:
        pairs.pop("relax", "")
    return replace(order, given=tuple(pairs.items()), relax=bool(relax))


def _desk(root: Path) -> Path:
    """The folder the plans are published below: the nearest of the server's folder and those above it that has one, else the server's own."""
    return next((base for base in (root, *root.parents) if (base / OUT).is_dir()), root)
