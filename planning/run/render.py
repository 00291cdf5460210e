"""Renders a notebook: checks what was asked, runs it once, exports every language, publishes all or nothing."""

import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from planning import policy
from planning.run import channel, inputs, page, params, publish, runner
from planning.run import notebook as notebooks
from planning.run.record import Asking, record
from planning.run.runner import Progress
from planning.run.verify import data_of

LIMIT_SECONDS = 3600
READ_OF_A_PLAN = (channel.PLAN, channel.CERTIFICATE, channel.RECORD)
"""The files that a page about a published plan as a whole is made from."""


@dataclass(frozen=True)
class Order:
    """What is asked of a render; `given` are the pairs after -p, the first language is the one the notebook runs in."""

    notebook: Path
    out: Path
    languages: tuple[str, ...] = params.LANGS
    data: str | None = None
    given: tuple[tuple[str, str], ...] = ()
    seconds: int = LIMIT_SECONDS
    relax: bool = False


@dataclass(frozen=True)
class Published:
    """Where the plan now stands, its pages, and the record of the run. `how` it was published: as `swap.point` says."""

    folder: Path
    pages: tuple[Path, ...]
    how: str
    record: dict[str, Any]


def render(order: Order, progress: Progress) -> Published:
    """Run the notebook once and publish its pages, plan.json with its certificate (or client_book.json), the executed notebook and run.json under `order.out`.

    A plan that was compared with a former version keeps that as former.json, so that rendering it again compares it with the same.

    Raises PolicyError and DataFaults for what was asked wrongly (before anything is written), Busy when the plan is held,
    whatever a verb raised in the kernel, and RunFailed otherwise. The former plan stands until all is complete.
    """
    notebook = notebooks.read(order.notebook)
    asked, asking = asked_of(order, notebook)
    given = asking.parameters
    with publish.held(order.out, asked.plan_id) as folder:
        began = time.monotonic()
        channel.hand_published(order.out / asked.plan_id, folder)
        executed = runner.run(notebook, given, folder, order.seconds, progress)
        progress("rendering", {})
        pages = {f"plan.{lang}.html": page.export(executed.notebook, lang).encode() for lang in order.languages}
        files = {
            **pages,
            **{name: text.encode() for name, text in executed.files.items()},
            order.notebook.name: notebooks.text(executed.notebook).encode(),
        }
        seconds = {**executed.stages, "in_all": round(time.monotonic() - began, 3)}
        made = json.loads(next(executed.files[name] for name in channel.MADE if name in executed.files))
        told = record(asking, made, executed.checked, seconds, files)
        how = publish.publish(order.out, asked.plan_id, {**files, channel.RECORD: told.encode()})
    place = order.out / asked.plan_id
    return Published(place, tuple(place / name for name in pages), how, json.loads(told))


def asked_of(order: Order, notebook: nbformat.NotebookNode) -> tuple[params.Asked, Asking]:
    """What an order asks of its notebook, checked, and what its record will say of it. Raises as `render` does."""
    given, cell = laid(order), notebooks.parameters(notebook)
    if "plan" in cell:
        params.refuse_beside_a_plan(name for name in given if name not in cell)
    own = {**cell, **given}
    plan = params.plan_folder(str(own["plan"]), Path.cwd(), order.out) if own.get("plan") else None
    asked = params.asked({**own, "data": own.get("data") or (data_of(plan) if plan else "")})
    folder = params.data_folder(asked.data, Path.cwd())
    rules = policy.read(folder / "policy.toml").with_parameters(asked.policy).model_dump(mode="json")
    made_from = inputs.of_plan(notebook, asked, folder, order.out)
    if plan:
        made_from["plan"] = inputs.of_files(plan / name for name in READ_OF_A_PLAN)
    return asked, Asking(order.notebook.name, given, asked.data, order.languages, made_from, rules)


def laid(order: Order) -> dict[str, Any]:
    """What is injected over the notebook's own parameters."""
    given = {**params.parsed(order.given), "lang": order.languages[0], **({"relax": True} if order.relax else {})}
    return {**given, "data": order.data} if order.data else given
