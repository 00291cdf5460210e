"""Puts a complete run in front of readers in one step, and keeps two runs of one plan apart.

`outputs/<plan id>` is a link to a finished folder under `outputs/.runs/<plan id>/`; publishing replaces the link, so a
reader sees the former plan or the new one, never a mixture. Where links are not allowed the folder itself is renamed.
"""

import json
import os
import platform
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from planning.errors import Busy, Fault, RunFailed
from planning.run.channel import RECORD

RUNS = ".runs"
KEPT = 2


@contextmanager
def held(out: Path, plan_id: str) -> Iterator[Path]:
    """A fresh folder to run a plan in, with the plan held for this process; gone afterwards. Busy names the holder."""
    runs = out / RUNS / plan_id
    try:
        runs.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunFailed(Fault("out_not_writable", values={"folder": out.name, "problem": error.strerror or ""})) from error
    holder, lock = runs / "holder.json", FileLock(runs / "lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise Busy(Fault("plan_busy", values=holder_of(plan_id, holder))) from error
    try:
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        holder.write_text(json.dumps({"process": str(os.getpid()), "machine": platform.node(), "since": since}), encoding="utf-8")
        for left in runs.glob("work-*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = runs / f"work-{uuid.uuid4().hex[:12]}"
        folder.mkdir()
        try:
            yield folder.resolve()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            holder.unlink(missing_ok=True)
    finally:
        lock.release()


def holder_of(plan_id: str, holder: Path) -> dict[str, str]:
    """Who holds a plan, as its holder wrote it down."""
    told = {"process": "", "machine": "", "since": ""}
    with suppress(OSError, json.JSONDecodeError):
        told |= json.loads(holder.read_text(encoding="utf-8"))
    return {"plan": plan_id, **told}


def publish(out: Path, plan_id: str, files: Mapping[str, bytes]) -> str:
    """Make `files` the plan's folder under `out`. Returns how: "link", or "rename" where links are not allowed.

    Any failure raises RunFailed and leaves the former plan as it was.
    """
    place, runs = out / plan_id, out / RUNS / plan_id
    if place.is_dir() and not (place / RECORD).is_file() and any(place.iterdir()):
        raise RunFailed(Fault("publish_not_ours", values={"plan": plan_id}))
    fresh = runs / f"run-{datetime.now():%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
    try:
        fresh.mkdir()
        for name, content in files.items():
            _write(fresh / name, content)
        how = _point(place, fresh)
    except OSError as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise RunFailed(Fault("publish_failed", values={"plan": plan_id, "problem": error.strerror or ""})) from error
    _forget_old(runs, place.resolve())
    return how


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _point(place: Path, fresh: Path) -> str:
    link = fresh.parent / f"next-{fresh.name}"
    try:
        link.symlink_to(Path(RUNS) / fresh.parent.name / fresh.name, target_is_directory=True)
    except (OSError, NotImplementedError):
        _rename(place, fresh)
        return "rename"
    # A folder standing where the link goes (renamed into place earlier, or made by hand) is set aside first.
    aside = fresh.parent / f"aside-{fresh.name}"
    stood = place.is_dir() and not place.is_symlink()
    try:
        if stood:
            place.rename(aside)
        link.replace(place)
    except OSError:
        link.unlink(missing_ok=True)
        if stood and not place.exists():
            aside.rename(place)
        raise
    return "link"


def _rename(place: Path, fresh: Path) -> None:
    aside = fresh.parent / f"aside-{fresh.name}"
    if place.exists():
        place.rename(aside)
    try:
        fresh.rename(place)
    except OSError:
        if aside.exists():
            aside.rename(place)
        raise


def _forget_old(runs: Path, current: Path) -> None:
    old = sorted((path for path in runs.glob("run-*") if path.resolve() != current), reverse=True)
    for path in (*old[KEPT - 1 :], *runs.glob("aside-*")):
        shutil.rmtree(path, ignore_errors=True)
