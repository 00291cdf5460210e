"""What if: the seconds of each slider's answer on the sample bank, beside solving the same budgets and floors anew, in one run.

Run by `make bench`, or alone: python -m tests.bench.what_if [data folder]
"""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median

from planning import policy
from planning.book.intake import read_book
from planning.catalogue.offer import offer
from planning.optimise.placement import plan_months
from planning.optimise.problem import problem
from planning.optimise.relaxation import Levers
from planning.plan.compose import Choice, compose
from planning.plan.plan import Solve
from planning.plan.what_if import WhatIf
from planning.report.cards.what_if import what_if as card

SAMPLE = Path(__file__).parents[2] / "data" / "sample"
STANDS = (0.6, 0.75, 0.9, 1.1, 1.25, 1.5)  # times where a budget's slider stands
FLOORS = (0.05, 0.1, 0.15, 0.2)
CAUTIONS = (0.1, 0.3, 0.5)


def main(data: Path) -> None:
    """Print the comparison."""
    rules = policy.read(data / "policy.toml")
    book = read_book(data, rules)
    given = problem(offer(book, rules), rules)
    began = time.perf_counter()
    year, placed = plan_months(given)
    solving = time.perf_counter() - began
    found = year.outcome
    solve = Solve("feasible", found.solver, found.objective, found.bound, found.gap, found.seconds)
    plan = compose(given, Choice(placed, year.levels), ("bench", book.data_hash), solve)
    _line("the plan itself: year and months", solving)
    began = time.perf_counter()
    asked = WhatIf(book, rules, plan)
    _line("sliders made ready", time.perf_counter() - began)
    answers = [_moved(asked, name, stands) for name, stands in _sliders(asked).items()]
    middle = median(one for some in answers for one in some)
    began = time.perf_counter()
    anew = policy.checked({**rules.model_dump(mode="json")}).with_parameters({"event_cny": rules.budget.event_cny * STANDS[0]})
    plan_months(problem(offer(book, anew), anew))
    again = time.perf_counter() - began
    _line(f"a new solve at {STANDS[0]:.0%} of the event budget: {again / middle:,.0f} times an answer", again)


def _sliders(asked: WhatIf) -> Mapping[str, list[Levers]]:
    """Where each slider is moved to, the others left as the plan has them."""
    start = asked.start
    return {
        "event budget": [replace(start, event_cny=start.event_cny * times) for times in STANDS],
        "concession budget": [replace(start, concession_cny=start.concession_cny * times) for times in STANDS],
        **{f"floor of {tier}": [replace(start, floors={**start.floors, tier: share}) for share in FLOORS] for tier, _ in asked.tiers},
        "caution": [replace(start, risk_aversion=aversion) for aversion in CAUTIONS],
    }


def _moved(asked: WhatIf, name: str, stands: list[Levers]) -> list[float]:
    """Seconds of each answer, its card in Chinese and English included."""
    seconds = [_timed(lambda levers=levers: card(asked.ask(levers), "zh")) for levers in stands]  # type: ignore[misc]
    _line(f"answer to a move of the {name}, {len(seconds)} moves: middle, longest {max(seconds):.2f} s", median(seconds))
    return seconds


def _timed(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def _line(what: str, seconds: float) -> None:
    sys.stdout.write(f"{what:<84} {seconds:7.2f} s\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE)
