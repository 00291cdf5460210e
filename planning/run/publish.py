"""Puts a complete run in front of readers in one step, and keeps two runs of one plan apart.

`outputs/<plan id>` shows a finished folder under `outputs/.runs/<plan id>/`, and changes from one to the next in one step (`swap`): a
reader sees the former plan or the new one, never a mixture. What is being published stands in `pending.json` meanwhile, so that the
next run knows what one that was killed had come to: its record is handed to the register, or its folder goes.
"""

import hashlib
import json
import os
import re
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from planning.errors import Fault, RunFailed
from planning.run import swap, tree
from planning.run.channel import RECORD
from planning.run.hold import hold
from planning.run.trouble import not_writable, trouble

RUNS, WAITING = ".runs", "unregistered"
KEPT = 2
PENDING = "pending.json"
NUMBER = re.compile(r"run-(\d{6,})-")


@contextmanager
def held(out: Path, plan_id: str) -> Iterator[Path]:
    """A fresh folder to run a plan in, with the plan held for this process; gone afterwards. Busy names the holder.

    What a run that was killed left behind is put in order first. RunFailed where a file cannot be written, then or later.
    """
    runs = out / RUNS / plan_id
    with hold(runs, out, plan_id):
        folder = runs / f"work-{uuid.uuid4().hex[:12]}"
        try:
            _tidy(out, plan_id)
            folder.mkdir(mode=0o700)
        except OSError as error:
            raise not_writable(out, error) from error
        try:
            yield folder.resolve()
        except OSError as error:
            raise RunFailed(Fault("run_files_failed", values={"plan": plan_id, **trouble(error)})) from error
        finally:
            swap.gone(folder)


def publish(out: Path, plan_id: str, files: Mapping[str, bytes]) -> str:
    """Make `files` the plan's folder under `out`, and have their record wait for the register. Returns how, as `swap.point` does.

    Any failure raises RunFailed and leaves the former plan as it was.
    """
    place, runs = out / plan_id, out / RUNS / plan_id
    if _is_anothers(place):
        raise RunFailed(Fault("publish_not_ours", values={"plan": plan_id}))
    number, key = max(map(_number, runs.glob("run-*")), default=0) + 1, uuid.uuid4().hex[:6]
    former, fresh = runs / f"run-{number:06d}-{key}", runs / f"run-{number + 1:06d}-{key}"
    try:
        waits = _announced(out, plan_id, files[RECORD].decode(), (fresh, former))
        fresh.mkdir()
        for name, content in files.items():
            write(fresh / name, content)
        swap.synced(fresh)
        swap.synced(runs)
        how = swap.point(place, fresh, former)
    except OSError as error:
        swap.gone(fresh)
        away = os.path.lexists(former)  # the next run puts it back
        with suppress(OSError):
            if not away:
                (runs / PENDING).unlink(missing_ok=True)
        raise RunFailed(Fault("publish_cut_off" if away else "publish_failed", values={"plan": plan_id, **trouble(error)})) from error
    with suppress(OSError):  # the new plan stands: what fails from here on is made good by the next run
        swap.synced(out)
        (runs / PENDING).replace(waits)
        swap.synced(waits.parent)
        _forget_old(runs, place)
    return how


def _is_anothers(place: Path) -> bool:
    """Whether something stands there that was not published."""
    if place.is_dir():
        return not (place / RECORD).is_file() and any(place.iterdir())
    return place.exists()


def write(path: Path, content: bytes) -> None:
    """Write a new file down to the disk."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def waiting(out: Path) -> Path:
    """A new file among the records that wait for the register; they go in by their names' order."""
    place = out / RUNS / WAITING
    place.mkdir(parents=True, exist_ok=True)
    return place / f"{time.time_ns():020d}-{uuid.uuid4().hex[:8]}.json"


def is_pending(out: Path, plan_id: str) -> bool:
    """Whether a published plan's record has not come to wait for the register yet."""
    return (out / RUNS / plan_id / PENDING).is_file()


def unregistered(out: Path) -> Iterator[str]:
    """The records that are still to go into the register: those that wait, and those of runs that were killed while they published."""
    for kind in (f"*/{PENDING}", f"{WAITING}/*.*"):  # in the order in which a record goes, so that none is missed on its way
        for path in (out / RUNS).glob(kind):
            with suppress(OSError, ValueError, KeyError, TypeError):
                yield str(json.loads(path.read_text(encoding="utf-8"))["record"])


def _announced(out: Path, plan_id: str, record: str, folders: tuple[Path, Path]) -> Path:
    """Note what is about to be published; the file its record becomes once it is."""
    pending, waits = out / RUNS / plan_id / PENDING, waiting(out)
    told = {"plan": plan_id, "record": record, "fresh": folders[0].name, "former": folders[1].name}
    part = pending.with_suffix(f".{uuid.uuid4().hex[:6]}.part")
    try:
        write(part, json.dumps(told, ensure_ascii=False).encode())
        part.replace(pending)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    return waits


def _tidy(out: Path, plan_id: str) -> None:
    """Put in order what a killed run of the plan left: its processes, its folder, and what it was publishing."""
    place, runs = out / plan_id, out / RUNS / plan_id
    for left in runs.glob("work-*"):
        tree.end(left.resolve())
        swap.gone(left)
    for left in runs.glob("*.part"):
        left.unlink()
    if (told := _announcement(runs / PENDING)) is not None:
        _settle(out, place, told)
    for left in runs.glob("point-*"):
        swap.gone(left)


def _announcement(pending: Path) -> Mapping[str, str] | None:
    """What a killed run was publishing; None where there is no note of it. One that a broken disk spoilt is put aside, lest it stop every run to come."""
    try:
        told = json.loads(pending.read_text(encoding="utf-8"))
        return {name: str(told[name]) for name in ("record", "fresh", "former")}
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        pending.replace(pending.with_suffix(".unreadable"))
        return None


def _settle(out: Path, place: Path, told: Mapping[str, str]) -> None:
    """End what a killed run had begun to publish: forward where readers have it already, else back."""
    runs = out / RUNS / place.name
    fresh, former = runs / told["fresh"], runs / told["former"]
    swap.mend(place, former)
    shown = place / RECORD
    if shown.is_file() and _hash(shown.read_bytes()) == _hash(told["record"].encode()):
        for moved in (runs / f"point-{fresh.name}", fresh):
            if moved.is_dir() and not moved.is_symlink() and moved.resolve() != place.resolve() and not former.exists():
                moved.rename(former)
        (runs / PENDING).replace(waiting(out))
        _forget_old(runs, place)
    else:
        swap.gone(fresh)
        (runs / PENDING).unlink()
    for link in (former, fresh):
        if link.is_symlink():
            link.unlink()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _number(run: Path) -> int:
    """A run's number; names were times once, and those come first."""
    found = NUMBER.match(run.name)
    return int(found[1]) if found else 0


def _forget_old(runs: Path, place: Path) -> None:
    """Keep the run that is shown and the latest before it, by their numbers: a clock may go back."""
    shown = place.resolve()
    old = sorted((run for run in runs.glob("run-*") if run.resolve() != shown), key=lambda run: (_number(run), run.name), reverse=True)
    for run in old[KEPT - 1 :]:
        swap.gone(run)
