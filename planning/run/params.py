"""What a run is asked to do: a notebook's parameters cell and what `-p` lays over it, checked before a kernel starts.

Papermill injects names verbatim and values as they come, so nothing reaches it that has not passed here.
"""

import ast
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from planning import policy
from planning.errors import DataFaults, Fault, PolicyError
from planning.policy import plain

LANGS = ("zh", "en")
OWN: Mapping[str, str] = {"plan_id": "", "data": "--data", "lang": "--lang", "save_to": "--out"}
ACTUALS = "actuals"
OF_SOME = ("scenarios", "before", "former", ACTUALS)  # parameters of some notebooks only
OF_BRANCH = ("plan", "branch")  # of a branch's notebook alone: elsewhere a planner may call anything so
IN_FOLDER: Mapping[str, str] = {"in_folder": "--each"}
FLAGS: Mapping[str, str] = {"relax": "--relax"}  # the same, yes or no, with the option that sets it
SLUG = re.compile(r"(?!(?:con|prn|aux|nul|com\d|lpt\d)$)[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_ID = 64


@dataclass(frozen=True)
class Asked:
    """A notebook's own parameters, checked, and the policy fields it lays over policy.toml."""

    plan_id: str
    data: str
    lang: str
    save_to: str
    policy: Mapping[str, Any]
    scenarios: str = ""
    before: str = ""
    former: str = ""
    actuals: str = ""
    relax: bool = False


@dataclass(frozen=True)
class OfBranch:
    """What a page about a published plan asks for: a plan (id or folder), a branch (code or name; "" = all), whether index and plan stand beside it.

    `actuals` = the data folder that tells what happened since, "" for the plan's own.
    """

    plan_id: str
    data: str
    lang: str
    save_to: str
    plan: str
    branch: str
    in_folder: bool
    actuals: str = ""


def known_names() -> tuple[str, ...]:
    """Every name a planner may set: the notebook's own, then the policy's."""
    return (*OWN, *OF_SOME, *OF_BRANCH, *IN_FOLDER, *FLAGS, *(parameter.name for parameter in policy.parameters()))


def literals(source: str) -> dict[str, Any]:
    """The values of a parameters cell. PolicyError when a line is anything but `name = literal`."""
    values: dict[str, Any] = {}
    try:
        for statement in ast.parse(source).body:
            if not (isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name)):
                raise PolicyError(Fault("parameters_cell_line", values={"line": statement.lineno}))
            values[statement.targets[0].id] = ast.literal_eval(statement.value)
    except SyntaxError as error:
        raise PolicyError(Fault("parameters_cell_line", values={"line": error.lineno or 1})) from error
    except (MemoryError, RecursionError) as error:  # nested too deep to be read
        raise PolicyError(Fault("parameters_cell_line", values={"line": 1})) from error
    except (ValueError, TypeError) as error:
        raise PolicyError(Fault("parameters_cell_line", values={"line": statement.lineno})) from error
    return values


def parsed(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The values of `-p NAME VALUE` by each field's own type. PolicyError names every unknown or ill-typed one, and each that is given twice."""
    values: dict[str, Any] = {}
    names = [name for name, _ in pairs]
    faults = [Fault("parameter_twice", column=name, values={"name": plain.shown(name)}) for name in dict.fromkeys(names) if names.count(name) > 1]
    for name, text in pairs:
        try:
            values[name] = _parsed(name, text)
        except PolicyError as error:
            faults += error.faults
    if faults:
        raise PolicyError(faults)
    return values


def _parsed(name: str, text: str) -> Any:
    if option := {**OWN, **FLAGS, **IN_FOLDER}.get(name):
        raise PolicyError(Fault("parameter_has_option", column=name, values={"name": name, "option": option}))
    if name == "plan_id":
        return plan_id(text)
    if name in (*OF_SOME, *OF_BRANCH):
        return _texts({"lang": "zh", name: text}, ("lang", name))[name]
    if name not in known_names():
        raise PolicyError(policy.unknown_name(name, list(known_names())))
    return policy.parsed(name, text)


def refuse_near_misses(names: Iterable[str]) -> None:
    """PolicyError for names that look like a misspelt parameter; other names are the planner's own business."""
    known = [name for name in known_names() if name not in OF_BRANCH]
    near = [name for name in names if name not in known_names() and get_close_matches(name, known, n=1, cutoff=0.85)]
    if near:
        raise PolicyError([policy.unknown_name(name, list(known)) for name in near])


def refuse_beside_a_plan(names: Iterable[str]) -> None:
    """PolicyError for every name that would change how a plan is made: a page about a published plan keeps to that plan's own policy."""
    made_with = {*OF_SOME, *FLAGS, *(parameter.name for parameter in policy.parameters())}
    if faults := [Fault("parameter_beside_plan", column=name, values={"name": name}) for name in names if name in made_with]:
        raise PolicyError(faults)


def asked(values: Mapping[str, Any]) -> Asked:
    """A parameters cell's values sorted into the notebook's own and the policy's. PolicyError for an ill-formed one of its own."""
    refuse_near_misses(values)
    own = _texts(values, (*OWN, *OF_SOME))
    flags = {name: _flag(values, name) for name in FLAGS}
    fields = {parameter.name for parameter in policy.parameters()}
    laid = {name: value for name, value in values.items() if name in fields and value is not None}
    some = {name: own[name] for name in OF_SOME}
    return Asked(plan_id(own["plan_id"]), own["data"] or "sample", own["lang"], own["save_to"], laid, **some, **flags)  # type: ignore[arg-type]


def of_branch(values: Mapping[str, Any], named: bool = True) -> OfBranch:
    """The parameters of a branch's notebook. PolicyError for an ill-formed one, for one of the policy, or where no branch is `named`."""
    refuse_near_misses(values)
    refuse_beside_a_plan(parameter.name for parameter in policy.parameters() if values.get(parameter.name) is not None)
    own = _texts(values, (*OWN, *OF_BRANCH, ACTUALS))
    if named and not own["branch"]:
        raise PolicyError(Fault("branch_not_named", column="branch"))
    return OfBranch(plan_id(own["plan_id"]), own["data"], own["lang"], own["save_to"], own["plan"], own["branch"], _flag(values, "in_folder"), own[ACTUALS])


def _flag(values: Mapping[str, Any], name: str) -> bool:
    """Yes or no; no where nothing is said."""
    value = values.get(name)
    if value is not None and not isinstance(value, bool):
        raise _wrong(name, value, "True")
    return bool(value)


def _wrong(name: str, value: Any, example: str) -> PolicyError:
    return PolicyError(Fault("parameter_wrong_type", column=name, values={"name": name, "value": plain.shown(value), "bound": "", "example": example}))


def _texts(values: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    """The values that must be texts, "" where there is none; the language one of ours."""
    own = {name: "" if values.get(name) is None else values[name] for name in names}
    for name, value in own.items():
        if not isinstance(value, str) or not plain.plain_text(value):
            raise _wrong(name, value, _example(name))
    if own["lang"] not in LANGS:
        told = {"name": "lang", "value": plain.shown(own["lang"]), "bound": ", ".join(LANGS), "example": "zh"}
        raise PolicyError(Fault("parameter_out_of_bounds", column="lang", values=told))
    return own


def _example(name: str) -> str:
    shown = {
        "plan_id": "annual-2027",
        "data": "sample",
        "lang": "zh",
        "scenarios": "scenarios.toml",
        "before": "before",
        "former": "outputs/annual-2027",
        "actuals": "data-2028",
        "plan": "annual-2027",
        "branch": "B0001",
    }
    return f'"{shown.get(name, "")}"'


def plan_id(text: str) -> str:
    """The plan's id, which names its folder: small letters, digits and hyphens. PolicyError for anything else."""
    if len(text) > LONGEST_ID or not SLUG.fullmatch(text):
        raise PolicyError(Fault("plan_id_malformed", column="plan_id", values={"value": plain.shown(text), "example": "annual-2027"}))
    return text


def scenarios_file(name: str, start: Path, data: Path) -> Path:
    """The file a notebook's `scenarios` names: a path seen from `start` or any folder above it, or a file of the data folder."""
    places = [*(base / name for base in (start, *start.parents)), data / name]
    return next((place for place in places if _is(place.is_file)), places[-1])


def former_folder(name: str, start: Path, data: Path) -> Path:
    """The folder a notebook's `before` names: a path seen from `start` or any folder above it, or a folder of the data folder."""
    places = [*(base / name for base in (start, *start.parents)), data / name]
    return next((place for place in places if _is(place.is_dir)), places[-1])


def former_plan(name: str, start: Path) -> Path | None:
    """The folder or file a notebook's `former` names: a path seen from `start` or any folder above it; None where nothing is there."""
    return next((base / name for base in (start, *start.parents) if _is((base / name).exists)), None)


def _is(asked_of: Callable[[], bool]) -> bool:
    """What the system says of a place; no where its name is none or longer than the system allows."""
    try:
        return asked_of()
    except (OSError, ValueError):
        return False


def plan_folder(name: str, start: Path, out: Path | None = None) -> Path:
    """The folder of the published plan a notebook's `plan` names: in the output folder `out` of its run, where there is one, before all else.

    Then a path, or an id below `outputs/`, seen from `start` or any folder above it, and from those above `out`.
    """
    outs = () if out is None else (out.absolute(),)
    bases = (start, *start.parents, *(above for place in outs for above in place.parents))
    places = (*(place / name for place in outs), *(place for base in bases for place in (base / name, base / "outputs" / name)))
    found = next((place for place in places if name and _is((place / "plan.json").is_file)), None)
    if found is None:
        raise DataFaults(Fault("plan_missing", values={"plan": plain.shown(name)}))
    return found.resolve()


def data_folder(name: str, start: Path) -> Path:
    """The folder a notebook's `data` names: a path, or a folder below `data/`, seen from `start` or any folder above it."""
    for base in (start, *start.parents):
        for place in (base / name, base / "data" / name):
            if _is((place / "policy.toml").is_file):
                return place.resolve()
    raise DataFaults(Fault("data_folder_missing", values={"folder": plain.shown(name)}))
