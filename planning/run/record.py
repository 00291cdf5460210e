"""The record of a run: what was asked, what it was made from, what came of it. No personal data, no path of the machine."""

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from typing import Any

PACKAGES = (
    "planning", "pulp", "highspy", "numpy", "pandas", "pyarrow", "duckdb", "pydantic", "papermill", "nbclient", "nbconvert", "nbformat",
    "ipykernel", "jinja2", "matplotlib", "fonttools", "babel",
)  # fmt: skip


@dataclass(frozen=True)
class Asking:
    """What a run was asked: the notebook's file name, the parameters laid over it, the data folder as given, the languages; hashes of all it is made from.

    `policy` = the policy asked for, of which a plan keeps only what remained where rules gave way.
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
        "inputs": asking.inputs,
        "data_hash": made["data_hash"],
        "tables": checked["tables"],
        "policy": made["policy"],
        "relaxed": made.get("relaxed", []),
        **({"asked_policy": asking.policy} if made.get("relaxed") else {}),
        "solve": made.get("solve"),
        "verdict": checked["verdict"],
        "seconds": seconds,
        "versions": versions(),
        "machine": machine(),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    return text(content)


def versions() -> dict[str, str]:
    """The versions a run is made with: of Python, of this program, and of what it computes and prints with."""
    return {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def machine() -> str:
    """The kind of machine, never its name: the last digits of sums may differ between kinds."""
    return f"{platform.system()} {platform.machine()}"


def text(content: Mapping[str, Any]) -> str:
    """A record as it is written and registered."""
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
