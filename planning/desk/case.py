"""A case: what the parameters cell asks for, and what every verb at the desk shares: words for a mistake, the run's folder, its files."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from planning import policy
from planning.book.book import Book
from planning.book.intake import read_book
from planning.errors import Fault, PlanningError, PolicyError
from planning.plan.scenario_file import read_scenarios
from planning.policy import Policy
from planning.report.formats import number, period
from planning.report.i18n import pick, say
from planning.run import channel, params
from planning.run.told import sentences, unforeseen
from planning.run.trouble import not_writable

BOLD, PLAIN = "\x1b[1m", "\x1b[0m"


class Shown:
    """Shows itself in a notebook as one paragraph."""

    def told(self) -> str:
        """The paragraph."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.told(), "text/html": f"<p>{escape(self.told())}</p>"}


@dataclass(frozen=True, repr=False)
class Case(Shown):
    """What a plan is made from: the parameters, the policy they give, and the bank's book."""

    plan_id: str
    lang: str
    save_to: str
    policy: Policy
    book: Book
    folder: Path
    scenarios: Path | None = None
    relax: bool = False
    before: str = ""
    former: str = ""

    def told(self) -> str:
        """The case in a sentence: plan, year, bank, size and budgets."""
        counts = {"clients": len(self.book.tables["clients"]), "branches": len(self.book.tables["branches"])}
        budget = {"event": self.policy.budget.event_cny, "concession": self.policy.budget.concession_cny}
        figures = {name: number(value, self.lang) for name, value in {**counts, **budget}.items()}
        return say(
            "desk.case",
            self.lang,
            plan=self.plan_id,
            bank=pick(self.book.names, self.lang),
            period=period(self.policy.period, self.policy.year, self.lang),
            **figures,
        )


def open_case(names: Mapping[str, Any]) -> Case:
    """Read what the parameters cell asks for: call it as `open_case(globals())` in the second cell.

    Takes the notebook's own parameters (plan_id, data, lang, save_to, relax) and every policy field set there, lays them over the
    data folder's policy.toml, and reads the folder's tables. Raises PolicyError for a value that is out of bounds or a name
    that looks misspelt, DataFaults with every fault of every table.
    """
    lang = names.get("lang")
    with worded(lang if lang in params.LANGS else "zh"):
        tell("reading", {})
        asked = params.asked(set_by_the_planner(names))
        folder = params.data_folder(asked.data, Path.cwd())
        rules = policy.read(folder / "policy.toml").with_parameters(asked.policy)
        scenarios = params.scenarios_file(asked.scenarios, Path.cwd(), folder) if asked.scenarios else None
        if scenarios is not None:
            read_scenarios(scenarios, rules)
        book = read_book(folder, rules, os.environ)
        return Case(asked.plan_id, asked.lang, asked.save_to, rules, book, folder, scenarios, asked.relax, asked.before, asked.former)


def hand_over(save_to: str, files: Mapping[str, str], vouched: Mapping[str, Any]) -> None:
    """Write what a notebook ends with into `save_to` where that is set; in a run also into the run's folder, with what the second judge vouched for.

    PolicyError where `save_to` is a published plan's folder, RunFailed where it cannot be written.
    """
    if save_to:
        place = Path(save_to)
        if (place / channel.RECORD).is_file():
            raise PolicyError(Fault("save_into_plan", column="save_to", values={"folder": place.name}))
        try:
            _put(place, files)
        except OSError as error:
            raise not_writable(place, error) from error
    folder = run_folder()
    if folder is not None:
        _put(folder, files)
        (folder / channel.CHECKED).write_text(json.dumps(vouched), encoding="utf-8")


def _put(place: Path, files: Mapping[str, str]) -> None:
    """Write files into a folder; with a plan, a certificate left there by another one goes."""
    place.mkdir(parents=True, exist_ok=True)
    if channel.PLAN in files:
        (place / channel.CERTIFICATE).unlink(missing_ok=True)
    for name, text in files.items():
        (place / name).write_text(text, encoding="utf-8", newline="\n")


def set_by_the_planner(names: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters among a notebook's globals, and whatever plain value might be one misspelt."""
    known = params.known_names()
    plain = (bool, int, float, str, list, tuple, dict, type(None))
    return {name: value for name, value in names.items() if name in known or (isinstance(value, plain) and name[0].islower())}


def run_folder() -> Path | None:
    named = os.environ.get(channel.RUN_FOLDER)
    return Path(named) if named else None


def published() -> Path | None:
    """The folder of published plans that a run works below; None at the desk."""
    folder = run_folder()
    return folder.parents[2] if folder else None


def tell(stage: str, details: Mapping[str, Any]) -> None:
    folder = run_folder()
    if folder is not None:
        channel.tell(folder, stage, details)


@contextmanager
def worded(lang: str) -> Iterator[None]:
    """Give a planner's error its sentences: a notebook shows these alone, and an unattended run gets the error itself.

    At the desk an error nobody foresaw becomes a sentence too, its traceback in a log of its own; unattended, the run's log has it.
    """
    try:
        yield
    except PlanningError as error:
        folder = run_folder()
        if folder is not None:
            channel.leave_error(folder, error)
        _shown_as_sentences(error, lang)
        raise
    except Exception as error:
        if run_folder() is not None:
            raise
        told = unforeseen(error)
        _shown_as_sentences(told, lang)
        raise told from None


def _shown_as_sentences(error: PlanningError, lang: str) -> None:
    """What a notebook's error box holds: what kind of mistake it is, then a line for each."""
    told = sentences(error, lang)
    error.args = ("\n".join(told),)
    title = f"{BOLD}{say(f'desk.mistake.{type(error).__name__}', lang)}{PLAIN}"
    vars(error)["_render_traceback_"] = lambda: [title, *(f"· {one}" for one in told)]
