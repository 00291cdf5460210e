"""One run at a time holds a plan; the second is told by whom, and a dead holder's hold is free."""

import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from planning.errors import Busy, Fault
from planning.run import tree
from planning.run.trouble import not_writable

LOCK, HOLDER = "lock", "holder.json"
LOOKS, PAUSE_SECONDS = 40, 0.05


@contextmanager
def hold(runs: Path, out: Path, plan_id: str, busy: str = "plan_busy") -> Iterator[None]:
    """Hold a plan by its folder `runs`, without waiting for another to let it go.

    Busy, with a fault of the code `busy`, names who holds it; RunFailed where nothing can be written.
    """
    try:
        runs.mkdir(parents=True, exist_ok=True)
        lock = _locked(runs, plan_id, busy)
    except OSError as error:
        raise not_writable(out, error) from error
    try:
        yield
    finally:
        with suppress(OSError):
            (runs / HOLDER).unlink(missing_ok=True)
        lock.release()


def _locked(runs: Path, plan_id: str, busy: str) -> FileLock:
    lock = FileLock(runs / LOCK)
    for _ in range(LOOKS):
        try:
            lock.acquire(timeout=0)
        except Timeout:
            # Whoever has just taken the lock, or is about to let it go, is not named for a moment.
            if holder := _holder(runs / HOLDER):
                raise Busy(Fault(busy, values={"plan": plan_id, **holder})) from None
            time.sleep(PAUSE_SECONDS)
            continue
        try:
            _sign(runs / HOLDER)
        except OSError:
            lock.release()
            raise
        return lock
    raise Busy(Fault("plan_busy_unnamed", values={"plan": plan_id}))


def _sign(holder: Path) -> None:
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    part = holder.with_suffix(f".{os.getpid()}.part")
    part.write_text(json.dumps({"process": str(os.getpid()), "machine": platform.node(), "since": since}), encoding="utf-8")
    part.replace(holder)


def _holder(holder: Path) -> dict[str, str]:
    """Who holds the plan; nobody where what is written there is of a process that is dead."""
    with suppress(OSError, ValueError):
        told = json.loads(holder.read_text(encoding="utf-8"))
        if told["machine"] != platform.node() or tree.lives(int(told["process"])):
            return {name: str(told[name]) for name in ("process", "machine", "since")}
    return {}
