"""The part of the command render that makes every plan of the plans' file: render --all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from planning.cli.app import NOTEBOOKS, echo, tell
from planning.errors import Fault, PolicyError

PLANS = Path("data/plans.toml")


@dataclass(frozen=True)
class Every:
    """What stands after --all; None where an option was not given."""

    asked: bool
    plans: Path | None
    jobs: int | None
    force: bool
    cluster: str | None = None


def render_every(every: Every, out: Path, lang: str, others: Mapping[str, Any]) -> bool:
    """Render the plans' file where --all is given, a line a plan, and end with the exit code of all together; False without --all.

    PolicyError for an option that belongs to --all where it is absent, and for one of `others` (by name, empty where not given) beside it.
    """
    if not every.asked:
        if every.plans is not None:
            raise PolicyError(Fault("option_needs_all", values={"option": "--plans"}))
        if every.jobs is not None and not others["--each"]:
            raise PolicyError(Fault("option_needs_several", values={"option": "--jobs"}))
        return False
    if given := [name for name, value in others.items() if value]:
        raise PolicyError([Fault("option_in_plans", values={"option": name}) for name in given])
    from planning.run import nursed
    from planning.run.all_plans import Asked, render_all, worst
    from planning.run.plan_lines import plan_line
    from planning.run.plans_file import read_plans

    entries = read_plans(every.plans or PLANS)
    zones = {entry.id: entry.when.time_zone for entry in entries if entry.when}
    asked = Asked(out, NOTEBOOKS, every.jobs or 1, every.force, every.cluster)
    if not (every.cluster or nursed.possible()):
        tell("cli.engine_stock", lang)
    lines = render_all(entries, asked, datetime.now(UTC), lambda line: echo(plan_line(line, zones.get(line.plan, ""), lang)))
    if any(line.ended and not line.ended.registered for line in lines):
        tell("cli.runs.waits", lang)
    raise typer.Exit(worst(lines))
