"""Progress of a render on the terminal: one line that moves, or a few plain lines where there is no terminal."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from planning.report.i18n import say
from planning.run.runner import Progress as Told


@contextmanager
def watched(lang: str) -> Iterator[Told]:
    """A function to tell of stages; the display is gone when the block ends."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Plain(console, lang)
        return
    with Progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task(say("cli.stage.starting", lang))

        def told(stage: str, details: Mapping[str, Any]) -> None:
            bar.update(task, description=_described(stage, details, lang))

        yield told


class _Plain:
    """Each stage once, on a line of its own."""

    def __init__(self, console: Console, lang: str) -> None:
        self._console, self._lang, self._last = console, lang, ""

    def __call__(self, stage: str, _: Mapping[str, Any]) -> None:
        if stage != self._last:
            self._console.print(say(f"cli.stage.{stage}", self._lang))
        self._last = stage


def _described(stage: str, details: Mapping[str, Any], lang: str) -> str:
    text = say(f"cli.stage.{stage}", lang)
    gap = details.get("gap")
    return text if gap is None else f"{text} · {say('cli.gap', lang, gap=f'{gap:.2%}')}"
