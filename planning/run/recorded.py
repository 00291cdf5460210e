"""A run that was published, found by its folder, its plan's id or its number in the register: whole and unchanged, or refused."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from planning.errors import DataFaults, Fault, RunFailed
from planning.run import publish, registry
from planning.run.channel import RECORD

NEEDED = {"id": str, "notebook": str, "parameters": dict, "data": str, "languages": list, "tables": dict, "policy": dict, "versions": dict, "files": dict}

Standing = Literal["registered", "waits", "unchecked", "no_register"]


@dataclass(frozen=True)
class Recorded:
    """A published run: its record, the folder where its files still are, its number in the register, and how the register knows it."""

    record: Mapping[str, Any]
    folder: Path | None
    number: int | None
    standing: Standing

    @property
    def strangers(self) -> tuple[str, ...]:
        """The files in its folder that the run did not make."""
        there = {path.name for path in self.folder.iterdir()} if self.folder is not None else set()
        return tuple(sorted(there - {RECORD, *self.record["files"]}))

    def file(self, name: str) -> bytes | None:
        """A published file as it was made; None where it is no longer kept."""
        return (self.folder / name).read_bytes() if self.folder is not None and name in self.record["files"] else None


def find(named: str, out: Path) -> Recorded:
    """The run that `named` names: a published plan's folder, its id below `out`, or a run's number in the register.

    DataFaults where there is none, where it failed, or where record or files are no longer what the run left.
    """
    for place in (Path(named), out / named):
        if place.is_dir():
            return _in_folder(place.absolute())
    if named.isdecimal() and len(named) < 10 and registry.is_kept(out):
        return _numbered(int(named), out)
    raise DataFaults(Fault("reproduce_not_found", values={"run": named}))


def _in_folder(folder: Path) -> Recorded:
    try:
        text = (folder / RECORD).read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFaults(Fault("reproduce_no_record", values={"folder": folder.resolve().name})) from error
    record = _checked(text, folder.resolve().name)
    _refuse_changed(folder, record)
    out = _out_of(folder)
    number, standing = (None, "no_register") if out is None else _standing(out, record["id"], text)
    return Recorded(record, folder, number, standing)


def _out_of(folder: Path) -> Path | None:
    """The output folder with the register that a published folder belongs to."""
    lexical, real = folder.absolute().parent, folder.resolve().parent
    places = (lexical, real, *(place.parent.parent for place in (lexical, real) if place.parent.name == publish.RUNS))
    return next((place for place in places if registry.is_kept(place)), None)


def _standing(out: Path, plan: str, text: str) -> tuple[int | None, Standing]:
    try:
        number = registry.number_of(out, plan, text)
        if number is not None:
            registry.entry(out, number)
            return number, "registered"
        if text in publish.unregistered(out):
            return None, "waits"
    except RunFailed as error:
        if error.faults[0].code == "register_unreachable":
            return None, "unchecked"
        raise DataFaults(error.faults) from error
    raise DataFaults(Fault("register_unknown_plan", values={"plan": plan}))


def _numbered(number: int, out: Path) -> Recorded:
    try:
        found = registry.entry(out, number)
    except RunFailed as error:
        raise DataFaults(error.faults) from error
    if found is None:
        raise DataFaults(Fault("reproduce_not_found", values={"run": str(number)}))
    if code := int(found.told.get("exit", 1)):
        raise DataFaults(Fault("reproduce_failed_run", values={"run": str(number), "plan": found.plan, "code": str(code)}))
    record = _checked(found.record, str(number))
    folder = next((place for place in kept(out, found.plan) if _is(place / RECORD, found.record)), None)
    if folder is not None:
        _refuse_changed(folder, record)
    return Recorded(record, folder, number, "registered")


def kept(out: Path, plan: str) -> Iterator[Path]:
    """The folders of a plan's runs that are still there: the published one and the ones before it."""
    yield out / plan
    yield from sorted((out / publish.RUNS / plan).glob("run-*"), reverse=True)


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_bytes() == text.encode()


def _checked(text: str, run: str) -> Mapping[str, Any]:
    """The record in a text. DataFaults where it is none, or the record of a run that failed."""
    try:
        record = json.loads(text)
        fit = isinstance(record, dict) and all(isinstance(record.get(name), kind) for name, kind in NEEDED.items())
    except ValueError:
        fit = False
    if not fit:
        raise DataFaults(Fault("reproduce_record_unreadable", values={"run": run}))
    return record  # type: ignore[no-any-return]


def _refuse_changed(folder: Path, record: Mapping[str, Any]) -> None:
    """DataFaults names every published file that is gone or no longer what the run made."""
    values = {"folder": record["id"]}
    gone = [name for name in record["files"] if not (folder / name).is_file()]
    changed = [name for name, sha256 in record["files"].items() if name not in gone and _sha256(folder / name) != sha256]
    faults = [Fault("reproduce_file_gone", values={**values, "file": name}) for name in gone]
    faults += [Fault("reproduce_file_changed", values={**values, "file": name}) for name in changed]
    if faults:
        raise DataFaults(faults)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
