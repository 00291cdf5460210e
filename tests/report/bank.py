"""A small bank whose year is solved: what its page must print, worked out again from plan.json and the tables alone."""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from planning import policy
from planning.book.intake import read_book
from planning.plan.make import make_plan
from planning.plan.summary import Summary

Code = Callable[[Mapping[str, Any]], str]


def solved(data: Path, explaining: bool = False) -> Summary:
    """The year of the bank in a data folder; `explaining` adds reasons, frontier and near-equal plans."""
    rules = policy.read(data / "policy.toml").with_parameters({"gap": 0.05})
    return make_plan(read_book(data, rules), rules, "annual-2027", lambda *_: None, explaining)


@dataclass(frozen=True)
class Known:
    """plan.json and the table of events."""

    plan: Mapping[str, Any]
    events: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, summary: Summary, data: Path) -> "Known":
        with (data / "events.csv").open(encoding="utf-8-sig", newline="") as file:
            return cls(json.loads(summary.plan.to_json()), {row["event"]: row for row in csv.DictReader(file)})

    @cached_property
    def guests(self) -> Mapping[tuple[str, str, int], float]:
        """Guests of (host, event, month)."""
        counted: Counter[tuple[str, str, int]] = Counter()
        for row in self.plan["attendances"]:
            counted[row["host"], row["event"], row["month"]] += row["attendances"]
        return counted

    @cached_property
    def cash(self) -> Mapping[tuple[str, str, int], float]:
        """The bank's cash for (host, event, month), yuan."""
        spent = {}
        for row in self.plan["sessions"]:
            event, key = self.events[row["event"]], (row["host"], row["event"], row["month"])
            gross = float(event["fixed_cost_cny"]) * row["sessions"] + float(event["guest_cost_cny"]) * self.guests[key]
            spent[key] = gross * (1 - float(event["partner_share"] or 0))
        return spent

    def segments(self, name: str, group: Code) -> Mapping[str, float]:
        """A number of the segments, summed by a group."""
        return _summed(self.plan["segments"], group, lambda row: row[name])

    def ladder(self, name: str, group: Code) -> Mapping[str, float]:
        """Cost or gain of the ladder, summed by a group."""
        return _summed(self.plan["ladder"], group, lambda row: row[name])

    def event_cash(self, group: Code) -> Mapping[str, float]:
        """Cash for events by those who come: every guest of a month's sessions alike but for nothing."""
        keys = [(row["host"], row["event"], row["month"]) for row in self.plan["attendances"]]
        alike = {key: self.cash[key] / self.guests[key] for key in set(keys)}
        regions = {row["branch"]: row["region"] for row in self.plan["segments"]}
        rows = [
            {**row, "region": regions[row["branch"]], "cash": row["attendances"] * alike[key]} for row, key in zip(self.plan["attendances"], keys, strict=True)
        ]
        return _summed(rows, group, lambda row: row["cash"])

    def sessions(self) -> Mapping[tuple[str, int], int]:
        """Sessions of (family, month)."""
        counted: Counter[tuple[str, int]] = Counter()
        for row in self.plan["sessions"]:
            counted[self.events[row["event"]]["family"], row["month"]] += row["sessions"]
        return counted


def _summed(rows: list[Any], group: Code, amount: Callable[[Any], float]) -> Mapping[str, float]:
    found: defaultdict[str, float] = defaultdict(float)
    for row in rows:
        found[group(row)] += amount(row)
    return found
