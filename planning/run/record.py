"""The record of a run: what was asked, what it was made from, what came of it. No personal data, no path of the machine."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from planning.run import inputs


@dataclass(frozen=True)
class Asking:
    """What a run was asked: the notebook's file name, the parameters laid over it, the data folder as given, the languages.

    `inputs` are check sums of what it was made from besides the tables; `policy` is the policy asked for, which rules that gave way may leave.
    """

    notebook: str
    parameters: Mapping[str, Any]
    data: str
    languages: tuple[str, ...]
    inputs: Mapping[str, str] = field(default_factory=dict)
    policy: Mapping[str, Any] = field(default_factory=dict)


def record(asking: Asking, made: Mapping[str, Any], checked: Mapping[str, Any], seconds: Mapping[str, float], files: Mapping[str, bytes]) -> str:
    """The text of run.json for a published run; `made` = the parsed plan.json or client_book.json."""
    content = {
        "id": made["id"],
        "exit": 0,
        "finished": datetime.now().astimezone().isoformat(timespec="seconds"),
        "notebook": asking.notebook,
        "parameters": asking.parameters,
        "data": asking.data,
        "languages": asking.languages,
        "data_hash": made["data_hash"],
        "tables": checked["tables"],
        "inputs": asking.inputs,
        "policy": made["policy"],
        "relaxed": made.get("relaxed", []),
        **({"asked_policy": asking.policy} if made.get("relaxed") else {}),
        "solve": made.get("solve"),
        "verdict": checked["verdict"],
        "seconds": seconds,
        "versions": inputs.versions(),
        "program": inputs.program_hash(),
        "machine": inputs.machine(),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    return text(content)


def text(content: Mapping[str, Any]) -> str:
    """A record as it is written and registered."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
