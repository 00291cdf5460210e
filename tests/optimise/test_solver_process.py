"""A process solves with any number of threads, whatever was solved in it before, and the solver writes nothing where a planner reads."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODEL = """
import highspy, pulp
from planning.optimise.solve import Effort, solve
from planning.policy.sections import Solver

def model():
    lp = pulp.LpProblem("rooms", pulp.LpMaximize)
    some = [pulp.LpVariable(f"x{i}", 0, 9, cat="Integer") for i in range(6)]
    lp += pulp.lpSum((i + 2) * x for i, x in enumerate(some))
    lp += pulp.lpSum((7 * i % 5 + 2) * x for i, x in enumerate(some)) <= 61
    return lp
"""
BY_ANOTHER = "other = model(); other.solve(pulp.HiGHS(msg=False, threads=3, output_flag=False))"
SOLVES = """
found = [solve(model(), Solver(threads=threads), Effort(0.0)) for threads in (1, 2, 1)]
assert {(one.status, one.objective) for one in found} == {("optimal", found[0].objective)}, found
lp = model()
start = {variable.name: 0.0 for variable in lp.variables()}
assert solve(lp, Solver(threads=3), Effort(0.0, start=start)).objective == found[0].objective
"""


def run(*parts: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-c", "\n".join(parts)], cwd=ROOT, capture_output=True, text=True, check=False)


def test_each_solve_has_the_threads_it_asks_for_and_the_same_answer() -> None:
    done = run(MODEL, SOLVES)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_solve_that_was_made_before_by_other_means_does_not_stand_in_the_way() -> None:
    done = run(MODEL, BY_ANOTHER, SOLVES)
    assert (done.returncode, done.stderr) == (0, "")


def test_solves_side_by_side_may_all_be_the_first_with_their_threads() -> None:
    done = run(
        MODEL,
        BY_ANOTHER,
        "from concurrent.futures import ThreadPoolExecutor",
        "with ThreadPoolExecutor(4) as pool:",
        "    found = list(pool.map(lambda _: solve(model(), Solver(), Effort(0.0)), range(12)))",
        "assert len({(one.status, one.objective) for one in found}) == 1, found",
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("relaxed", [False, True])
def test_the_solver_neither_greets_nor_reports(relaxed: bool) -> None:
    done = run(MODEL, f"told = solve(model(), Solver(), Effort(0.0, relaxed={relaxed}, heard=lambda gap: None))")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
