"""Hostile strings put into every text that a page may show: of the example plan, and of a bank's tables."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from itertools import cycle
from pathlib import Path
from typing import Any

from planning.plan.pictured import ResponseCurve
from planning.plan.summary import Summary
from planning.plan.uncertainty import Lean, SourceLine

# Texts a bank writes itself; every other text of a summary is a code of ours.
FREE = frozenset({"names", "host_names", "tier_names", "region_names", "bank_names", "where_names", "events", "source", "family", "overrides"})
CODED = (Lean, SourceLine, ResponseCurve)  # whose source is a code
TABLES: Mapping[str, tuple[str, ...]] = {
    "branches": ("name_zh", "name_en", "region_zh", "region_en"),
    "tiers": ("name_zh", "name_en"),
    "events": ("name_zh", "name_en", "owner"),
    "products": ("name_zh", "name_en"),
    "partners": ("partner",),
    "facts": ("source",),
    "caps": ("source",),
    "clients": ("occupation", "industry"),
    "surveys": ("remark",),
    "ledger": ("note",),
}


def plant(one: Any, strings: Iterator[str]) -> Any:
    """The same summary, or a part of it, with the next string in every text that a bank writes."""
    if is_dataclass(one) and not isinstance(one, type):
        changed = {}
        for field in fields(one):
            value = getattr(one, field.name)
            free = field.name in FREE and not isinstance(one, CODED)
            changed[field.name] = _every(value, strings) if free else plant(value, strings)
        return replace(one, **changed)
    return tuple(plant(part, strings) for part in one) if isinstance(one, tuple) else one


def _every(value: Any, strings: Iterator[str]) -> Any:
    if isinstance(value, str):
        return next(strings) if value else value
    return tuple(_every(part, strings) for part in value) if isinstance(value, tuple) else value


def planted(summary: Summary, strings: list[str]) -> Summary:
    """The summary with strings in its free texts, in the keys and values of its policy, and in its versions."""
    taken = cycle(strings)
    found: Summary = plant(summary, taken)
    policy = {**found.plan.policy, "caps": {"tier": {next(taken): 0.5 for _ in strings}}}
    return replace(found, plan=replace(found.plan, policy=policy), versions=tuple((next(taken), next(taken)) for _ in strings))


def plant_tables(folder: Path, strings: list[str]) -> None:
    """The next string after every text of a folder's tables; what was alike stays alike."""
    taken = cycle(strings)
    for name, columns in TABLES.items():
        path = folder / f"{name}.csv"
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            heads, rows = list(reader.fieldnames or ()), list(reader)
        for column in set(columns) & set(heads):
            changed = {value: f"{value} {next(taken)}" for value in dict.fromkeys(row[column] for row in rows) if value}
            for row in rows:
                row[column] = changed.get(row[column], row[column])
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, heads)
            writer.writeheader()
            writer.writerows(rows)
