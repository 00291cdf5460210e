"""What a schedule remembers of each plan: the scheduled time that was served last, and how often the present one has failed.

One small file a plan under `outputs/.runs/.schedule/`, replaced as a whole by whoever holds the plan; without personal data.
"""

import json
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from planning.run import publish
from planning.run.hold import hold
from planning.run.trouble import not_writable

FOLDER = ".schedule"


@dataclass(frozen=True)
class Failed:
    """Attempts that failed for one scheduled time (`due`, "" where there is no schedule) and one set of inputs, and how the last one ended."""

    due: str
    inputs: str
    times: int
    code: int
    at: str


@dataclass(frozen=True)
class State:
    """What is remembered of a plan."""

    served: datetime | None = None
    failed: Failed | None = None


def held(out: Path, plan: str) -> AbstractContextManager[None]:
    """The plan held for this scheduler. Busy where another one is at it; RunFailed where nothing can be written."""
    return hold(out / publish.RUNS / FOLDER / plan, out, plan, "plan_scheduled")


def remembered(out: Path, plan: str) -> State:
    """What was last written of a plan; nothing where there is no file, or none that can be read."""
    try:
        told = json.loads(_file(out, plan).read_text(encoding="utf-8"))
        served = datetime.fromisoformat(told["served"]).astimezone(UTC) if told["served"] else None
        failed = Failed(**told["failed"]) if told["failed"] else None
        if failed is not None:
            datetime.fromisoformat(failed.at)  # a time that is none makes the whole unreadable
        return State(served, failed)
    except (OSError, ValueError, KeyError, TypeError):
        return State()


def remember(out: Path, plan: str, state: State) -> None:
    """Write down what is to be remembered of a plan. RunFailed where it cannot be written."""
    content = {"served": state.served.isoformat() if state.served else None, "failed": asdict(state.failed) if state.failed else None}
    try:
        _put(_file(out, plan), content)
    except OSError as error:
        raise not_writable(out, error) from error


def _file(out: Path, plan: str) -> Path:
    return out / publish.RUNS / FOLDER / f"{plan}.json"


def _put(path: Path, content: object) -> None:
    made = path.with_suffix(f"{path.suffix}.part")
    made.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    made.replace(path)
