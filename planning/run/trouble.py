"""Why the system refused a file, as a code that has words in both languages."""

import errno
from pathlib import Path

from planning.errors import Fault, RunFailed, Value

CODES = {
    "full": ("ENOSPC", "EDQUOT", "EFBIG"),
    "read_only": ("EROFS",),
    "not_allowed": ("EACCES", "EPERM"),
    "too_long": ("ENAMETOOLONG",),
    "gone": ("ENOENT", "ESTALE", "ENODEV"),
    "in_the_way": ("EEXIST", "ENOTDIR"),
    "in_use": ("EBUSY", "ETXTBSY", "ENOTEMPTY"),
    "too_many": ("EMFILE", "ENFILE", "ENOMEM"),
    "broken": ("EIO",),
}
HELD_OPEN = (32, 33)  # Windows' own numbers; Python's is that of a lacking right
NUMBERS = {getattr(errno, name): code for code, names in CODES.items() for name in names if hasattr(errno, name)}


def trouble(error: OSError) -> dict[str, Value]:
    """The values of a fault that tell why a file could not be written; `problem` is worded when it is shown."""
    code = "in_use" if getattr(error, "winerror", None) in HELD_OPEN else NUMBERS.get(error.errno or 0, "other")
    return {"trouble": code, "problem": error.strerror or type(error).__name__}


def not_writable(folder: Path, error: OSError) -> RunFailed:
    """A folder that cannot be written, by its name, and why."""
    return RunFailed(Fault("out_not_writable", values={"folder": named(folder), **trouble(error)}))


def named(folder: Path) -> str:
    """A folder's name, its own also where it is called “.” or “..”."""
    return folder.name if folder.name.strip(".") else folder.resolve().name
