"""A hundred branches: our plan to its proven gap, then year and months in one model, given to HiGHS for as long.

Prints a line each: seconds, what was found, what bounds it. Run by `make bench`, or alone: python -m tests.bench.hundred [branches]
"""

import sys
import tempfile
import time
from pathlib import Path

from planning import policy
from planning.book.intake import read_book
from planning.book.sample import write_sample
from planning.catalogue.offer import offer
from planning.judge import gather
from planning.optimise.model import build
from planning.optimise.placement import plan_months
from planning.optimise.problem import Problem, problem
from planning.optimise.rules import RULES
from planning.optimise.solve import Effort, Outcome, solve
from planning.optimise.tangents import follow_curves
from planning.optimise.together import MONTHLY_RULES, Months
from planning.plan.compose import Choice, compose
from planning.plan.judged import columns, passed
from planning.plan.plan import Solve

CLIENTS_A_BRANCH = 500


def main(branches: int) -> None:
    """Print the comparison."""
    with tempfile.TemporaryDirectory() as folder:
        bank = Path(folder) / "bank"
        write_sample(bank, branches, branches * CLIENTS_A_BRANCH)
        began = time.perf_counter()
        rules = policy.read(bank / "policy.toml")
        book = read_book(bank, rules)
        given = problem(offer(book, rules), rules)
        year, placed = plan_months(given)
        found = year.outcome
        told = Solve("feasible", found.solver, found.objective, found.bound, found.gap, found.seconds)
        plan = compose(given, Choice(placed, year.levels), ("bench", book.data_hash), told)
        verdict = passed(plan, gather(columns(book), plan.policy))
        seconds = time.perf_counter() - began
    size = f"{branches} branches, {len(given.slots):,} slots, {len(given.seats):,} seats"
    _line(f"{size}: year, months, judged at {len(verdict.checks):,} places", seconds, found)
    began = time.perf_counter()
    at_once = _at_once(given, seconds)
    _line("the same year with its months in one model", time.perf_counter() - began, at_once)


def _at_once(given: Problem, seconds: float) -> Outcome:
    """HiGHS on every variable and row at once, tangents laid as for ours, for so many seconds."""
    began = time.perf_counter()
    model = build(follow_curves(given), RULES)
    model.whole_guests()
    months = Months(model)
    for rule in MONTHLY_RULES:
        rule(months)
    options = given.policy.solver.model_copy(update={"seconds": max(round(seconds - (time.perf_counter() - began)), 1)})
    return solve(model.lp, options, Effort(given.policy.solver.gap))


def _line(what: str, seconds: float, found: Outcome) -> None:
    figures = "no plan found" if found.status in ("none", "infeasible") else f"value {found.objective:,.0f}, bound {found.bound:,.0f}, gap {found.gap:.3%}"
    sys.stdout.write(f"{what:<76} {seconds:7.1f} s  {figures}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
