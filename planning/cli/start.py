"""Starting the command line: arguments, language of messages, errors as sentences and exit codes. Zero always means that all is right."""

import atexit
import errno
import gc
import sys
from types import TracebackType
from typing import NoReturn

import typer

from planning.cli import album, alerts, commands, doctor, export, hand_made, reproduce, runs, scenarios, tiers, totals  # noqa: F401  their commands join the app
from planning.cli.app import app, echo
from planning.errors import Fault, PlanningError, PolicyError
from planning.policy.plain import plain_text, shown
from planning.report.i18n import LANGS, Lang
from planning.run.told import sentences, unforeseen

NO_FILE = (errno.ENAMETOOLONG, errno.EISDIR, errno.ENOTDIR)


def main() -> NoReturn:
    """Run the command line; a planner meets sentences and an exit code, never a traceback."""
    for stream in filter(None, (sys.stdout, sys.stderr)):  # a service of Windows may have neither
        stream.reconfigure(encoding="utf-8", errors="replace")
    atexit.register(gc.freeze)  # else a command that is done looks through all its libraries for garbage, which takes seconds
    arguments = joined(sys.argv[1:])
    lang = spoken(arguments)
    sys.excepthook = _Unforeseen(lang)
    try:
        _refuse_unclear(arguments)
        typer.main.get_command(app)(arguments)
    except PlanningError as error:
        _tell(error, lang)
    except OSError as error:
        if error.errno not in NO_FILE:
            raise
        _tell(PolicyError(Fault("argument_no_file", values={"name": shown(error.filename or "")})), lang)
    sys.exit(0)


def _tell(error: PlanningError, lang: str) -> NoReturn:
    echo("\n".join(sentences(error, lang)), err=True)
    sys.exit(error.exit_code)


def _refuse_unclear(arguments: list[str]) -> None:
    """PolicyError for arguments that cannot be seen as they are, or are too long to name anything; values after -p are checked by their fields."""
    own = [word for before, word in zip(["", *arguments], arguments, strict=False) if before != "-p"]
    unclear = [word for word in own if not plain_text(word.replace("\n", " ").replace("\t", " "))]
    if unclear:
        raise PolicyError([Fault("argument_unclear", values={"name": shown(word)}) for word in unclear])


def joined(arguments: list[str]) -> list[str]:
    """The arguments with each `-p NAME VALUE` as `-p NAME=VALUE`, so that a value may begin with a minus sign."""
    left, result = list(arguments), []
    while left:
        word = left.pop(0)
        result.append(word)
        if word == "-p" and len(left) > 1 and "=" not in left[0]:
            result.append(f"{left.pop(0)}={left.pop(0)}")
    return result


def spoken(arguments: list[str]) -> Lang:
    """The language of messages: the first after --lang, else Chinese."""
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        named = following if word == "--lang" else word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        first = named.split(",")[0].strip()
        if first in LANGS:
            return LANGS[LANGS.index(first)]
    return "zh"


class _Unforeseen:
    """What a planner sees of an error nobody foresaw: one sentence and where the details are."""

    def __init__(self, lang: str) -> None:
        self._lang = lang

    def __call__(self, _kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        echo("\n".join(sentences(unforeseen(error), self._lang)), err=True)
