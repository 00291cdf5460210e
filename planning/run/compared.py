"""What differs between a run as recorded and the same run again: its inputs one by one, then its files, and in plan.json the values."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from planning import policy
from planning.errors import PolicyError
from planning.policy import Policy
from planning.run import record
from planning.run.channel import PLAN, RECORD

SHORT = 12  # letters of a check sum
LONGEST = 60  # letters of a value
FEW = 8  # values told of one file

State = Literal["identical", "timed", "differs", "gone", "new"]


@dataclass(frozen=True)
class Input:
    """An input that is not as recorded: what kind it is (table, policy, version, notebook …), its name, and what it was and is."""

    kind: str
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Value:
    """A value of a JSON file that came out otherwise, by its path."""

    path: str
    before: str
    after: str


@dataclass(frozen=True)
class File:
    """One published file beside the same file made again. `timed` = the same but for the seconds solving took.

    `values` are the first few that differ, `count` how many there are; both only where the published file is still kept.
    """

    name: str
    state: State
    values: tuple[Value, ...] = ()
    count: int = 0


def tables(before: Mapping[str, str], after: Mapping[str, str]) -> list[Input]:
    """The tables whose content is not what it was."""
    names = [name for name in {**before, **after} if before.get(name, "") != after.get(name, "")]
    return [Input("table", name, _short(before.get(name, "")), _short(after.get(name, ""))) for name in names]


def files_read(before: Mapping[str, str], after: Mapping[str, str]) -> list[Input]:
    """The notebook, the program and the other files read that are not what they were; one that the record does not tell of is not doubted."""
    return [Input(name, "", _short(sha256), _short(after[name])) for name, sha256 in before.items() if name in after and after[name] != sha256]


def policies(told: Mapping[str, Any], now: Policy) -> list[Input]:
    """The parameters whose value is not what it was when the run was asked for."""
    if told.get("relaxed") and not told.get("asked_policy"):
        return []
    try:
        was = policy.checked(told.get("asked_policy") or told["policy"]).model_dump(mode="json")
    except PolicyError:
        return [Input("policy", "", "", "")]
    found = []
    for one in policy.parameters():
        before, after = ((some[one.section] if one.section else some)[one.field] for some in (was, now.model_dump(mode="json")))
        if before != after:
            found.append(Input("policy", one.name, _told(before), _told(after)))
    return found


def packages(told: Mapping[str, Any]) -> list[Input]:
    """The packages and the kind of machine that are not what they were."""
    now = record.versions()
    found = [Input("version", name, str(was), now.get(name, "")) for name, was in told["versions"].items() if now.get(name, "") != was]
    was = str(told.get("machine", ""))
    return [*found, *([Input("machine", "", was, record.machine())] if was and was != record.machine() else [])]


def files(told: Mapping[str, Any], kept: Mapping[str, bytes], made: Mapping[str, bytes]) -> tuple[File, ...]:
    """Every file of the run beside the same file made again; `kept` = those that are still there as they were published."""
    names = [*told["files"], *sorted(set(made) - set(told["files"]) - {RECORD})]
    return tuple(_file(name, told, kept.get(name), made.get(name)) for name in names)


def _file(name: str, told: Mapping[str, Any], kept: bytes | None, made: bytes | None) -> File:
    sha256 = told["files"].get(name)
    if made is None:
        return File(name, "gone")
    if sha256 is None:
        return File(name, "new")
    if _sha256(made) == sha256:
        return File(name, "identical")
    if name == PLAN and _sha256(_timed(made, told)) == sha256:
        return File(name, "timed")
    if kept is None or not name.endswith(".json"):
        return File(name, "differs")
    values = list(_differing(json.loads(kept), json.loads(_timed(made, told) if name == PLAN else made), ""))
    return File(name, "differs", tuple(values[:FEW]), len(values))


def _timed(made: bytes, told: Mapping[str, Any]) -> bytes:
    """plan.json with the seconds that solving took the first time: the one thing in it that no run repeats."""
    plan = json.loads(made)
    solve = told.get("solve")
    if not isinstance(solve, dict) or "seconds" not in solve or "solve" not in plan:
        return made
    plan["solve"]["seconds"] = solve["seconds"]
    return (json.dumps(plan, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _differing(before: Any, after: Any, path: str) -> Iterator[Value]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in {**before, **after}:
            yield from _differing(before.get(name), after.get(name), f"{path}.{name}".strip("."))
    elif isinstance(before, list) and isinstance(after, list):
        for place in range(max(len(before), len(after))):
            yield from _differing(_at(before, place), _at(after, place), f"{path}[{place + 1}]")
    elif before != after or type(before) is not type(after):
        yield Value(path, _told(before), _told(after))


def _at(rows: Sequence[Any], place: int) -> Any:
    return rows[place] if place < len(rows) else None


def _told(value: Any) -> str:
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _short(sha256: str) -> str:
    return sha256[:SHORT]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
