"""A plan of a small bank as `planning render annual_plan` publishes it, without what only its own page needs."""

import os
from pathlib import Path

from planning import policy
from planning.book.intake import read_book
from planning.catalogue.offer import offer
from planning.optimise.placement import plan_months
from planning.optimise.problem import problem
from planning.plan.compose import Choice, compose
from planning.plan.plan import Plan, Solve

PAGE = '<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>p</title></head><body><main id="why"><h1>p</h1></main></body></html>'


def plan_of(data: Path, **asked: object) -> Plan:
    """The year of the bank in a data folder, solved to two percent."""
    rules = policy.read(data / "policy.toml").with_parameters({"gap": 0.02, **asked})
    book = read_book(data, rules, os.environ)
    problem_ = problem(offer(book, rules), rules)
    year, placed = plan_months(problem_)
    told = year.outcome
    solve = Solve(told.status, told.solver, told.objective, told.bound, told.gap, 1.0)  # type: ignore[arg-type]
    return compose(problem_, Choice(placed, year.levels), ("annual-2027", book.data_hash), solve)


def publish_plan(plan: Plan, out: Path, languages: tuple[str, ...] = ("zh", "en")) -> Path:
    """The plan's folder under `out`, with a page a language."""
    folder = out / plan.id
    folder.mkdir(parents=True)
    (folder / "plan.json").write_text(plan.to_json(), encoding="utf-8")
    for lang in languages:
        (folder / f"plan.{lang}.html").write_text(PAGE, encoding="utf-8")
    return folder
