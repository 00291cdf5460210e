"""A render that is entered in the register of runs, whatever comes of it."""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from planning.errors import Fault, PlanningError, RunFailed
from planning.run import notebook as notebooks
from planning.run import params, publish, registry, render
from planning.run.record import text


@dataclass(frozen=True)
class Done:
    """What was published, and whether the register took it down at once."""

    published: render.Published
    registered: bool


def registered(order: render.Order, act: Callable[[], render.Published]) -> Done:
    """What `act` publishes, with its record in the register; a run that fails is entered too, with the codes of its faults, and its error goes on."""
    began = time.monotonic()
    try:
        published = act()
    except Exception as error:
        plan = _plan_of(order)
        if plan and _is_there(order):  # a mistake that was refused before anything began makes no folder
            told = error if isinstance(error, PlanningError) else RunFailed(Fault("unforeseen"))
            registry.register(order.out, plan, failure(order, plan, told, time.monotonic() - began))
        raise
    return Done(published, registry.register_waiting(order.out) and not publish.is_pending(order.out, published.folder.name))


def failure(order: render.Order, plan: str, error: PlanningError, seconds: float) -> str:
    """The record of a run that failed: what was asked, the exit code, and the codes of the faults without their values."""
    content = {
        "id": plan,
        "exit": error.exit_code,
        "finished": datetime.now().astimezone().isoformat(timespec="seconds"),
        "notebook": order.notebook.name,
        "languages": order.languages,
        "faults": sorted({".".join(part for part in (fault.code, fault.table, fault.column) if part) for fault in error.faults}),
        "seconds": {"in_all": round(seconds, 3)},
    }
    return text(content)


def _is_there(order: render.Order) -> bool:
    with suppress(OSError):
        return order.out.is_dir()
    return False


def _plan_of(order: render.Order) -> str:
    """The plan's id, "" where it is not known or not well formed."""
    try:
        return params.asked({**notebooks.parameters(notebooks.read(order.notebook)), **params.parsed(order.given)}).plan_id
    except PlanningError:
        return ""
