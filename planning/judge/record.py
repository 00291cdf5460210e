"""A model record's figures before the judge: each counted again from the plan's rows and the tables."""

from collections.abc import Iterator, Mapping
from math import isclose
from typing import Any

from planning.judge.facts import Facts
from planning.judge.verdict import Verdict

YUAN = 1.0  # what the rows of a plan may be apart from its totals by rounding to the fen


def differing_figures(
    figures: Mapping[str, Any], plan: Mapping[str, Any], facts: Facts, verdict: Verdict, realised: Mapping[str, float] | None = None
) -> tuple[str, ...]:
    """The names of figures (parsed model_record.json) that are not those of the plan (parsed plan.json), or that are missing or unknown.

    `realised` = what happened, counted again (`happened`). The certified bound is the certificate's business and is not looked at here.
    """
    found = {**dict(_counted(plan, facts, verdict)), **(realised or {})}
    known = {name: value for name, value in figures.items() if name != "certified_bound_cny"}
    return tuple(sorted(name for name in {*found, *known} if not _alike(name, known.get(name), found.get(name))))


def _counted(plan: Mapping[str, Any], facts: Facts, verdict: Verdict) -> Iterator[tuple[str, float]]:
    yield "clients", sum(facts.clients.values())
    yield "contribution_cny", float(sum(facts.contribution.values()))
    yield "sessions", sum(row["sessions"] for row in plan["sessions"])
    yield "attendances", sum(row["attendances"] for row in plan["attendances"])
    yield "granted", sum(row["level"] > 0 for row in plan["ladder"])
    yield from verdict.totals.items()
    for name in ("objective", "bound", "gap"):
        yield name, plan["solve"][name]
    yield "places", len(verdict.checks)


def _alike(name: str, one: Any, other: Any) -> bool:
    """Amounts to the yuan, all else to the last digit a float carries."""
    numbers = isinstance(one, int | float) and isinstance(other, int | float)
    return numbers and isclose(one, other, rel_tol=1e-12, abs_tol=YUAN if name.endswith("_cny") else 0.0)
