"""The verdict: every rule at every place, and the totals worked out again."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from planning.judge.answer import read_answer
from planning.judge.checks import Check
from planning.judge.facts import Facts
from planning.judge.rules import RULES
from planning.judge.value import totals


class Tightest(NamedTuple):
    """A rule where it leaves least room: the check, at how many places the rule was checked, and at how many it is tight."""

    check: Check
    places: int
    tight_places: int


@dataclass(frozen=True)
class Verdict:
    """All checks, the recomputed totals (yuan), and whether the plan passes."""

    checks: tuple[Check, ...]
    totals: Mapping[str, float]
    passed: bool

    @property
    def broken(self) -> tuple[Check, ...]:
        """The checks that fail."""
        return tuple(check for check in self.checks if check.broken)

    def tightest(self, rule: str) -> Tightest:
        """The check of a rule with the least room as a share of its limit (the first of equals). KeyError where the plan gives it no place."""
        checks = self._by_rule[rule]
        places, tight = {check.where for check in checks}, {check.where for check in checks if check.tight}
        return Tightest(min(checks, key=lambda check: check.slack), len(places), len(tight))

    @cached_property
    def _by_rule(self) -> Mapping[str, list[Check]]:
        by_rule: dict[str, list[Check]] = {}
        for check in self.checks:
            by_rule.setdefault(check.rule, []).append(check)
        return by_rule


def judge(plan: Mapping[str, Any], facts: Facts) -> Verdict:
    """Check every rule and total of a plan (parsed plan.json; `solve`, `segments`, `totals` and `policy` may be absent).

    The rules are compared in exact fractions; only the response curve is a floating-point number.
    """
    answer = read_answer(plan, facts)
    checks = tuple(Check(number, rule.__name__, *line) for number, rule in RULES for line in rule(facts, answer))
    return Verdict(checks, totals(facts, answer), not any(check.broken for check in checks))
