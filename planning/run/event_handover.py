"""What each client manager is handed of the event pool: one workbook an owner with that owner's open alerts, and the rules to edit."""

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from planning.book.alerts import RULES, UNITS, Alert, AlertSettings, Pool
from planning.book.alerts.settings import FILE as RULES_FILE
from planning.book.alerts.settings import PART, Rule
from planning.errors import DataFaults, Fault
from planning.report.i18n import LANGS, say
from planning.report.sheet import Sheet
from planning.run.event_pool import replaced
from planning.run.trouble import not_writable
from planning.run.workbook import workbook

PREFIX = "alerts-"
HEADS = ("id", "client", "rule", "value", "threshold", "unit", "made_on", "due", "action", "last_seen")
TEXTS = tuple(place for place, name in enumerate(HEADS) if name in ("id", "client", "rule", "unit", "action"))
PUBLISHED = ("run.json", "plan.json")
SAFE = re.compile(r"[^0-9A-Za-z一-鿿_-]")


def deliver(pool: Pool, folder: Path, lang: str) -> tuple[Path, ...]:
    """Write one workbook an owner into `folder`: the open alerts of that manager's clients, or of a branch's clients without a manager.

    The folder is new, empty, or holds an earlier delivery, which this one replaces; never a published plan's (DataFaults).
    """
    _refuse_other_folders(folder)
    owned: dict[tuple[str, str], list[Alert]] = {}
    for alert in pool.alerts:
        if alert.state == "open":
            owned.setdefault(("manager", alert.manager) if alert.manager else ("branch", alert.branch), []).append(alert)
    files: dict[str, bytes] = {}
    for (kind, owner), alerts in sorted(owned.items()):
        files[_file(kind, owner, files)] = workbook([_sheet(alerts, lang)])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            replaced(folder / name, content)
        made = {_identity(folder / name) for name in files}
        for left in folder.glob(f"{PREFIX}*.xlsx"):  # only now, so that a delivery that fails takes nothing away
            if _identity(left) not in made:
                left.unlink()
    except OSError as error:
        raise not_writable(folder, error) from error
    return tuple(folder / name for name in files)


def _identity(file: Path) -> tuple[int, int]:
    """Which file it is, whatever its name: some systems keep a name's former capital letters."""
    told = file.stat()
    return told.st_dev, told.st_ino


def in_order(alerts: Sequence[Alert]) -> list[Alert]:
    """Alerts as one works through them: by due date, then rule, then client."""
    place = {rule: number for number, rule in enumerate(RULES)}
    return sorted(alerts, key=lambda alert: (alert.due, place[alert.rule], alert.client, alert.id))


def action(alert: Alert, lang: str) -> str:
    """What to do about an alert: the bank's own words where it has given some, else the rule's."""
    return alert.action or say(f"terms.alert.action.{alert.rule}", lang)


def write_rules(data: Path) -> Path:
    """Write the presets into the data folder's alerts.toml, each with its help in both languages. DataFaults when the file is there."""
    file = data / RULES_FILE
    if file.exists():
        raise DataFaults(Fault("export_over", values={"files": RULES_FILE}))
    replaced(file, rules_text())
    return file


def rules_text() -> str:
    """The presets as a planner edits them: TOML with every setting, its help and unit in both languages."""
    lines = [f"# {say('terms.alert.rules_head', 'zh')}", f"# {say('terms.alert.rules_head', 'en')}"]
    for name in RULES:
        rule: Rule = getattr(AlertSettings(), name)
        told = [say(f"terms.alert.{part}.{name}", lang) for lang in LANGS for part in ("rule", "action")]
        lines += ["", f"[{PART}.{name}]  # {told[0]}：{told[1]} {told[2]}: {told[3]}"]
        for field, info in type(rule).model_fields.items():
            extra: Any = info.json_schema_extra
            lines.append(f"{f'{field} = {_toml(getattr(rule, field))}':<22} # {extra['zh']} {extra['en']}")
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool) and value == int(value):
        return f"{int(value):_}"
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def _sheet(alerts: Sequence[Alert], lang: str) -> Sheet:
    rows = tuple(
        (
            alert.id,
            alert.client,
            say(f"terms.alert.rule.{alert.rule}", lang),
            round(alert.value, 4),
            round(alert.threshold, 4),
            say(f"terms.alert.unit.{UNITS[alert.rule]}", lang),
            alert.made_on,
            alert.due,
            action(alert, lang),
            alert.last_seen,
        )
        for alert in in_order(alerts)
    )
    return Sheet(say("terms.alert.sheet", lang), tuple(say(f"terms.alert.head.{name}", lang) for name in HEADS), rows, TEXTS)


def _file(kind: str, owner: str, taken: dict[str, bytes]) -> str:
    """A file name for an owner: letters, digits and Chinese as they are; where that says too little, a few digits of a hash."""
    plain = SAFE.sub("_", owner)
    if plain != owner or f"{PREFIX}{kind}-{plain}.xlsx".casefold() in {name.casefold() for name in taken} or len(plain) > 60:
        plain = f"{plain[:60]}-{hashlib.sha256(owner.encode()).hexdigest()[:8]}"
    return f"{PREFIX}{kind}-{plain}.xlsx"


def _refuse_other_folders(folder: Path) -> None:
    place = folder.resolve()
    if any((above / name).is_file() for above in (place, *place.parents) for name in PUBLISHED):
        raise DataFaults(Fault("deliver_beside_plan", values={"folder": folder.name}))
    if place.exists() and (not place.is_dir() or not all(_ours(one.name) for one in place.iterdir())):
        raise DataFaults(Fault("deliver_not_empty", values={"folder": folder.name}))


def _ours(name: str) -> bool:
    """Whether a file is of a delivery, or Excel's mark that one of them is open."""
    return name.removeprefix("~$").startswith(PREFIX) and name.endswith(".xlsx")
