"""Puts a complete run's folder where readers look, in one step wherever the system has one.

"link": `outputs/<plan id>` is a link, and a new link is renamed over it. "folder": where links are not allowed, two folders change
places in one step (Linux, macOS), or the first is put there. "rename": where neither can be done, the former is renamed away and the
new one into its place; between the two no plan is there, and `mend` puts the former back should a run be cut off just then.
"""

import ctypes
import errno
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

EXCHANGE = 2  # RENAME_EXCHANGE on Linux, RENAME_SWAP on macOS
HERE = -100  # AT_FDCWD
NOT_THERE = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM})
NO_MATTER_OF_LINKS = frozenset({errno.ENOSPC, errno.EROFS, errno.EIO, errno.ENAMETOOLONG, errno.EMFILE, errno.ENFILE, getattr(errno, "EDQUOT", errno.ENOSPC)})


def point(place: Path, fresh: Path, former: Path) -> str:
    """Make `place` show the run in `fresh`; how it was done. What stood there as a folder of its own is then `former`.

    OSError where it cannot be done: `place` is then as it was.
    """
    link = fresh.with_name(f"point-{fresh.name}")
    new = link if _linked(link, Path(fresh.parent.parent.name) / fresh.parent.name / fresh.name) else fresh
    try:
        how = _swapped(place, new, former)
    except OSError:
        with suppress(OSError):
            link.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # readers have the new plan; what is left over goes with the next run
        if former.is_symlink():
            former.unlink()
        if new.is_symlink():
            new.unlink()
    return how


def _linked(link: Path, target: Path) -> bool:
    try:
        link.symlink_to(target, target_is_directory=True)
    except (OSError, NotImplementedError) as error:
        if getattr(error, "errno", None) in NO_MATTER_OF_LINKS:
            raise
        return False
    return True


def _swapped(place: Path, new: Path, former: Path) -> str:
    one_step = "link" if new.is_symlink() else "folder"
    stood = os.path.lexists(place)
    if not stood:
        new.rename(place)
        return one_step
    if new.is_symlink() and place.is_symlink():
        try:
            new.replace(place)
        except PermissionError:  # Windows renames nothing over the link to a folder
            return _in_two_steps(place, new, former)
        return one_step
    if exchanged(new, place):
        with suppress(OSError):
            new.rename(former)
        return one_step
    return _in_two_steps(place, new, former)


def _in_two_steps(place: Path, new: Path, former: Path) -> str:
    place.rename(former)
    try:
        new.rename(place)
    except OSError:
        former.rename(place)
        raise
    return "rename"


def exchanged(one: Path, other: Path) -> bool:
    """Have two folders or links change places in one step; False where the system or its disk cannot."""
    if os.name != "posix":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        failed = library.renameat2(HERE, names[0], HERE, names[1], EXCHANGE)
    elif sys.platform == "darwin" and hasattr(library, "renamex_np"):
        failed = library.renamex_np(*names, EXCHANGE)
    else:
        return False
    number = ctypes.get_errno()
    if failed and number not in NOT_THERE:
        raise OSError(number, os.strerror(number))
    return not failed


def mend(place: Path, former: Path) -> None:
    """Put back what stood at `place` where a run was cut off between two renames."""
    if not os.path.lexists(place) and os.path.lexists(former):
        former.rename(place)


def gone(path: Path) -> None:
    """Take a folder or a link away; what cannot be taken away is left for the next run."""
    with suppress(OSError):
        if path.is_symlink():
            path.unlink()
        else:
            shutil.rmtree(path, ignore_errors=True)


def synced(folder: Path) -> None:
    """Have the names in a folder written to the disk, where the system can (not on Windows)."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise
    finally:
        os.close(handle)
