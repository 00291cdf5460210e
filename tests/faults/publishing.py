"""Publishing as a render does it, without a kernel: three small files and their record, registered; and what readers then see."""

import errno
import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from planning.errors import PlanningError
from planning.run import publish, record, registered, registry, swap
from planning.run.record import Asking
from planning.run.render import Order, Published
from planning.run.told import sentences
from tests.faults.points import Points

PLAN = "annual-2027"
MADE: dict[str, Any] = {"id": PLAN, "data_hash": "", "policy": {}}
CHECKED: dict[str, Any] = {"tables": {}, "verdict": {"passed": True}}


@dataclass(frozen=True)
class Ways:
    """What the disk can do: links, two names changed in one step, and a link put over another."""

    links: bool = True
    exchange: bool = True
    replaces: bool = True

    @property
    def in_one_step(self) -> bool:
        return self.exchange and self.replaces


WHOLE = Ways()
UNFORESEEN = 70
VERSIONS = {name: version(name) for name in record.PACKAGES}  # looked up once for all the processes


@dataclass(frozen=True)
class Ended:
    """How a process ended, what a planner was told in both languages, and its number."""

    code: int
    zh: str
    en: str
    process: int


def order(out: Path, beside: Path | None = None) -> Order:
    """A render of a small notebook, which is put beside the output folder or where asked."""
    notebook = (beside or out.parent) / "annual_plan.ipynb"
    given = new_code_cell(f'plan_id = "{PLAN}"\nlang = "zh"\ndata = "sample"', id="given", metadata={"tags": ["parameters"]})
    if not notebook.exists():
        nbformat.write(new_notebook(cells=[given]), notebook)
    return Order(notebook, out)


def put(out: Path, named: str, beside: Path | None = None, seconds: float = 0.0) -> registered.Done:
    """Publish a version of the plan, for which it is held some seconds, and register it."""

    def act() -> Published:
        with publish.held(out, PLAN) as work:
            (work / "executed.ipynb").write_text(named, encoding="utf-8")
            time.sleep(seconds)
            files = {name: f"{name} {named}\n".encode() * 40 for name in ("plan.zh.html", "plan.en.html", "plan.json")}
            text = record.record(Asking("annual_plan.ipynb", {"version": named}, "sample", ("zh", "en")), MADE, CHECKED, {"in_all": 0.0}, files)
            how = publish.publish(out, PLAN, {**files, "run.json": text.encode()})
        return Published(out / PLAN, (), how, json.loads(text))

    return registered.registered(order(out, beside), act)


def apart(act: Callable[[], object], ways: Ways = WHOLE) -> int:
    """Do something in a process of its own: 0 when it is done, the exit code of the error a planner would be told, -9 when killed."""
    return told_apart(act, ways).code


def told_apart(act: Callable[[], object], ways: Ways = WHOLE) -> Ended:
    """The same, with what a planner would be told."""
    ended = begun(act, ways)
    return ended()


def begun(act: Callable[[], object], ways: Ways = WHOLE) -> Callable[[], Ended]:
    """Start something in a process of its own; what waits for its end."""
    read, write = os.pipe()
    child = os.fork()
    if child:
        os.close(write)
        return lambda: _ended(child, read)
    code, words = UNFORESEEN, {}
    try:
        limit(ways)
        act()
        code = 0
    except PlanningError as error:
        code, words = error.exit_code, {lang: sentences(error, lang) for lang in ("zh", "en")}
    except BaseException as error:  # noqa: BLE001  the process ends here, whatever it was
        words = {"en": [f"{type(error).__name__}: {error}"]}
    finally:
        os.write(write, json.dumps(words).encode())
        os._exit(code)


def _ended(child: int, read: int) -> Ended:
    with os.fdopen(read, "rb") as pipe:
        words = json.loads(pipe.read() or b"{}")
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return Ended(code, "\n".join(words.get("zh", [])), "\n".join(words.get("en", [])), child)


def limit(ways: Ways) -> None:
    """Take from this process what a disk cannot do."""
    record.version = VERSIONS.__getitem__  # type: ignore[assignment]
    if not ways.links:

        def forbidden(*_: object, **__: object) -> None:
            raise OSError(errno.EPERM, "links are not allowed")

        Path.symlink_to = forbidden  # type: ignore[method-assign]
    if not ways.exchange:
        swap.exchanged = lambda *_: False
    if not ways.replaces:
        replace = Path.replace

        def replaced(path: Path, target: Path) -> Path:
            if path.is_symlink():
                raise PermissionError(errno.EACCES, "a link is not replaced")
            return replace(path, target)

        Path.replace = replaced  # type: ignore[method-assign, assignment]


def met(out: Path, named: str, points: Points, told: Path) -> None:
    """Publish with the fault installed; `told` names the point where it was reached and the process lives."""
    points.install()
    try:
        put(out, named)
    finally:
        told.write_text(points.what, encoding="utf-8")


def seen(out: Path) -> str:
    """The version a reader finds: every file hashed and compared with the record beside it; "" where no plan is there."""
    place = out / PLAN
    if not place.exists():
        return ""
    told: Mapping[str, Any] = json.loads((place / "run.json").read_text(encoding="utf-8"))
    files = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in place.iterdir() if path.name != "run.json"}
    assert files == told["files"]
    return str(told["parameters"]["version"])


def leftovers(out: Path) -> list[str]:
    """Whatever stands below the output folder but the plan, its lock, the runs kept and the register."""
    runs = out / ".runs"
    known = {"annual-2027", "runs.sqlite", publish.WAITING}
    strange = [path.name for path in runs.iterdir() if path.name not in known]
    kept = [path for path in (runs / PLAN).iterdir() if path.name.startswith("run-")]
    strange += [path.name for path in (runs / PLAN).iterdir() if path not in kept and path.name not in ("lock", "run.log")]
    strange += [f"{len(kept)} runs kept"] if len(kept) > publish.KEPT else []
    strange += [path.name for path in kept if path.is_symlink() or not (path / "run.json").is_file()]
    strange += [path.name for path in (runs / publish.WAITING).iterdir() if path.name != "lock"]
    return strange + [path.name for path in out.iterdir() if path.name not in (PLAN, ".runs")]


def versions(out: Path) -> list[str]:
    """The versions in the register, oldest first, runs that failed left out; its chain verified."""
    registry.verify_chain(out)
    return [str(entry.told["parameters"]["version"]) for entry in reversed(registry.entries(out)) if entry.told["exit"] == 0]


@contextmanager
def quick_folder(otherwise: Path) -> Iterator[Path]:
    """A new folder in memory, where thousands of calls of fsync take no time; elsewhere where the system has none."""
    memory = Path("/dev/shm")
    if not (memory.is_dir() and os.access(memory, os.W_OK)):
        yield otherwise
        return
    with TemporaryDirectory(dir=memory, prefix="planning-faults-") as folder:
        yield Path(folder)
