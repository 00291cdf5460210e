"""Checks of the output folder: writing, links, locks between processes, free space, and the register of runs."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from planning.errors import RunFailed
from planning.run import registry
from planning.run.finding import Finding
from planning.run.trouble import named, trouble

HELD, FREE = 1, 0
TRY = "import sys, filelock; filelock.FileLock(sys.argv[1]).acquire(timeout=0)"
SECONDS = 60
LEAST_BYTES = 500_000_000
GIGABYTE = 1e9


def writing(out: Path) -> Finding:
    """Files can be written where plans are published."""
    try:
        with _scratch(out) as place:
            (place / "file").write_text("x", encoding="utf-8")
            (place / "file").replace(place / "other")
    except OSError as error:
        return Finding("unfit", "writing_refused", {"folder": named(out), **trouble(error)})
    return Finding("fit", "writing", {"folder": named(out)})


def links(out: Path) -> Finding:
    """Links can be made and replaced there, so that a plan is published in one step."""
    try:
        with _scratch(out) as place:
            for name in ("old", "new"):
                (place / name).mkdir()
                (place / f"to-{name}").symlink_to(name, target_is_directory=True)
            (place / "to-new").replace(place / "to-old")
            in_one_step = (place / "to-old").resolve().name == "new"
    except (OSError, NotImplementedError):
        in_one_step = False
    return Finding("fit", "links") if in_one_step else Finding("told", "links_refused", {"folder": named(out)})


def locks(out: Path) -> Finding:
    """A lock that one process holds there keeps another out, and lets it in afterwards."""
    try:
        with _scratch(out) as place:
            file = place / "lock"
            with FileLock(file).acquire(timeout=0):
                while_held = _tried(file)
            afterwards = _tried(file)
    except (OSError, Timeout, NotImplementedError, subprocess.TimeoutExpired):
        return Finding("unfit", "locks_broken", {"folder": named(out)})
    fit = (while_held, afterwards) == (HELD, FREE)
    return Finding("fit" if fit else "unfit", "locks" if fit else "locks_broken", {"folder": named(out)})


def _tried(file: Path) -> int:
    """How another process fares that wants the lock."""
    return subprocess.run([sys.executable, "-c", TRY, str(file)], capture_output=True, check=False, timeout=SECONDS).returncode


def space(out: Path) -> Finding:
    """There is room left on the disk."""
    try:
        free = shutil.disk_usage(_standing(out)).free
    except OSError:
        return Finding("told", "space_unknown", {"folder": named(out)})
    values = {"folder": named(out), "free": f"{free / GIGABYTE:.1f}", "least": f"{LEAST_BYTES / GIGABYTE:.1f}"}
    return Finding("fit" if free >= LEAST_BYTES else "unfit", "space" if free >= LEAST_BYTES else "space_short", values)


def register(out: Path) -> Finding:
    """The register of runs can be read, and its chain holds."""
    if not registry.is_kept(out):
        return Finding("fit", "register_none")
    try:
        return Finding("fit", "register", {"n": registry.verify_chain(out)})
    except RunFailed as error:
        return Finding("unfit", "register_broken", {}, error.faults)


@contextmanager
def _scratch(out: Path) -> Iterator[Path]:
    """A folder that is gone afterwards, in the output folder or, where there is none yet, in the nearest that is there."""
    with tempfile.TemporaryDirectory(prefix=".planning-doctor-", dir=_standing(out), ignore_cleanup_errors=True) as place:
        yield Path(place)


def _standing(out: Path) -> Path:
    """The output folder or the nearest above it that is there. FileNotFoundError where not even its drive is."""
    for place in (out.absolute(), *out.absolute().parents):
        if place.is_dir():
            return place
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(out))
