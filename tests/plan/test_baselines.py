"""Simple rules on the plan's own yardstick: last year's plan again, and the best return first."""

from dataclasses import replace

import pytest

from planning.catalogue.offer import PastLine, offer
from planning.optimise.placement import Placed
from planning.optimise.problem import Problem, problem
from planning.optimise.year import solve_year
from planning.plan.baselines import nothing
from planning.plan.compose import Choice, totals
from planning.plan.greedy import greedy_by_return
from planning.plan.last_year import last_year
from tests.optimise.books import drawn, policy


def held(seed: int = 4, **sections: object) -> Problem:
    rules = policy(**sections)
    return problem(offer(drawn(seed, branches=3, clients=60, events=5), rules), rules)


def line(**given: object) -> PastLine:
    empty = PastLine("", "", "", "", "", "", 0, 0, 0, 0)
    return replace(empty, **given)  # type: ignore[arg-type]


def test_last_years_sessions_keep_their_host_and_find_an_open_month() -> None:
    p = held()
    s = next(s for s, slot in enumerate(p.slots) if slot.event.host_level == "branch" and slot.most_sessions and len(p.seats_of_slot[s]) > 1)
    slot = p.slots[s]
    closed = next(month for month in range(1, 13) if month not in slot.event.months)
    coming = min(5, sum(p.seats[i].most for i in p.seats_of_slot[s]))
    choice, unplaced = last_year(p, (line(branch=slot.host, event=slot.event.event, month=closed, sessions=2, attendances=coming),))
    (((at, month), sessions),) = choice.placed.sessions.items()
    assert (at, sessions, unplaced) == (s, 2, 0)
    assert abs(month - closed) == min(abs(other - closed) for other in slot.event.months)
    assert sum(choice.placed.guests.values()) == coming
    assert all(count <= p.seats[i].most for (i, _), count in choice.placed.guests.items())


def test_last_years_levels_fall_to_what_may_be_offered_and_what_is_gone_is_counted() -> None:
    p = held()
    cell = p.cells[0]
    past = (line(region=cell.region, concession="fee_waiver", tier=cell.tier, kind=cell.kind, level=99), line(branch="b0", event="gone", month=3, sessions=1))
    choice, unplaced = last_year(p, past)
    assert choice.levels[0, "fee_waiver"] == max(step.level for step in cell.steps["fee_waiver"])
    assert all(level == 0 for where, level in choice.levels.items() if where != (0, "fee_waiver"))
    assert unplaced == 1


@pytest.mark.parametrize("seed", range(6))
def test_the_best_return_first_keeps_budgets_and_rooms_and_never_beats_the_bound_of_a_free_year(seed: int) -> None:
    p = held(seed, budget={"event_cny": 4_000.0, "concession_cny": 2_000.0})
    choice = greedy_by_return(p)
    found = totals(p, choice)
    assert found.event_cny <= p.event_limit_cny + 0.01
    assert found.concession_cny <= p.concession_limit_cny + 0.01
    assert found.value_cny >= totals(p, nothing(p)).value_cny
    seated: dict[int, int] = {}
    for (i, _), count in choice.placed.guests.items():
        seated[i] = seated.get(i, 0) + count
    assert all(count <= p.seats[i].most for i, count in seated.items())
    free = replace(
        p, policy=policy(budget={"event_cny": 4_000.0, "concession_cny": 2_000.0}, caps={"gift_cny_client_year": 1e6, "attendances_client_month": 99})
    )
    free = replace(free, partners=(), hours=dict.fromkeys(p.hours, 1e6))
    bound = solve_year(free).outcome.bound
    events = replace(choice, levels=nothing(p).levels)
    assert totals(p, events).value_cny <= bound + 0.01


def test_greedy_takes_the_better_of_two_sessions_first() -> None:
    """One session is paid: the one of the greater return is the one taken."""
    p = held()
    returns = {}
    for s, slot in enumerate(p.slots):
        if not slot.most_sessions:
            continue
        alone = greedy_by_return(replace(p, slots=tuple(replace(one, most_sessions=int(t == s)) for t, one in enumerate(p.slots)), concession_limit_cny=0.0))
        found = totals(p, Choice(Placed(dict(alone.placed.sessions), dict(alone.placed.guests)), nothing(p).levels))
        if found.event_cny:
            returns[s] = (found.uplift_cny / found.event_cny, found.event_cny)
    best = max(returns, key=lambda s: returns[s][0])
    one = greedy_by_return(replace(p, event_limit_cny=returns[best][1], concession_limit_cny=0.0))
    assert best in {s for s, _ in one.placed.sessions}
