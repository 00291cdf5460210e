"""Branches' pages shared out: several kernels make a part of them each, here or on other machines, and all stand in one folder as if one had."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from planning import errors
from planning.errors import Fault, PlanningError
from planning.run import channel, each, runner
from planning.run.executors import executor, handed, result_of
from planning.run.runner import Progress

Page = Mapping[str, str]


@dataclass(frozen=True)
class Sharing:
    """How many kernels make the pages side by side, and the cluster whose machines run them; one kernel here where nothing is said."""

    jobs: int = 1
    cluster: str | None = None

    @property
    def out(self) -> bool:
        """Whether pages are shared out at all."""
        return self.jobs > 1 or self.cluster is not None


@dataclass(frozen=True)
class Part:
    """Some pages for one kernel: a folder of its own that all machines see, the notebooks by file name, and the job."""

    folder: str
    notebooks: Mapping[str, str]
    job: Mapping[str, Any]


@dataclass(frozen=True)
class Done:
    """How a part ended: how long each stage took, or the kind of error with its faults and the branch it stopped at."""

    stages: Mapping[str, float]
    kind: str = ""
    faults: tuple[Fault, ...] = ()
    branch: str = ""


class PageFailedError(Exception):
    """A branch's page that could not be made: its name, and the error that stopped it."""

    def __init__(self, branch: str, error: PlanningError) -> None:
        self.branch, self.error = branch, error
        super().__init__(branch)


def make_part(part: Part) -> Done:
    """Make a part's pages in its folder, afresh where another worker began it and was lost."""
    folder = Path(part.folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    for name, text in part.notebooks.items():
        (folder / name).write_text(text, encoding="utf-8")
    try:
        return Done(runner.supervised("planning.run.each", part.job, folder, _unwatched))
    except PlanningError as error:
        at = folder / channel.AT
        branch = json.loads(at.read_text(encoding="utf-8"))["name"] if at.is_file() else ""
        return Done({}, type(error).__name__, error.faults, branch)


def make_pages(job: Mapping[str, Any], work: Path, shared: Path, sharing: Sharing, progress: Progress) -> dict[str, float]:
    """List the pages with one kernel, make them with several, and put every executed notebook into `work`; seconds by stage.

    `shared` = the folder of published plans. PageFailedError names the first branch, in the order of the list, whose page failed;
    whatever else `runner.supervised` raises.
    """
    stages = dict(runner.supervised("planning.run.each", {**job, "pages": []}, work, progress))
    listed: list[Page] = json.loads((work / channel.BRANCHES).read_text(encoding="utf-8"))["pages"]
    texts = {name: (work / name).read_text(encoding="utf-8") for name in (each.INDEX, each.ASKED)}
    made: list[Path] = []
    try:
        with executor(sharing.jobs, sharing.cluster, shared) as pool:
            shares = split(listed, max(sharing.jobs, getattr(pool, "places", 1)))
            made += [work.with_name(f"{work.name}-{number}") for number in range(len(shares))]
            parts = [Part(str(folder), texts, {**job, "pages": list(share)}) for folder, share in zip(made, shares, strict=True)]
            futures = [handed(pool, make_part, part) for part in parts]
            done = 0
            for share, future in zip(shares, futures, strict=True):
                progress("branch", {"done": done, "of": len(listed)})
                _take(result_of(future), stages)
                done += len(share)
        for folder, share in zip(made, shares, strict=True):
            for name in (each.executed(one["file"]) for one in share):
                (folder / name).replace(work / name)
    finally:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
    return stages


def split(pages: Sequence[Page], parts: int) -> list[Sequence[Page]]:
    """The pages in so many runs of neighbours, as even as can be; no part is empty."""
    parts = max(min(parts, len(pages)), 1)
    ends = [len(pages) * number // parts for number in range(parts + 1)]
    return [pages[begin:end] for begin, end in pairwise(ends)]


def _take(done: Done, stages: dict[str, float]) -> None:
    if done.kind:
        error: PlanningError = getattr(errors, done.kind)(done.faults)
        if done.branch:
            raise PageFailedError(done.branch, error)
        raise error
    for stage, seconds in done.stages.items():
        stages[stage] = round(stages.get(stage, 0.0) + seconds, 3)


def _unwatched(_stage: str, _details: Mapping[str, Any]) -> None:
    """Only the parts are told of."""
