"""The months: every monthly rule kept, the year evenly used, and a year that cannot be placed told as such."""

from dataclasses import replace

import pytest

from planning.catalogue.offer import offer
from planning.errors import Infeasible, NotSolved
from planning.optimise import placement
from planning.optimise.placement import Placed, cash_by_month, monthly_rules_kept, place, plan_months
from planning.optimise.problem import Problem, problem
from planning.optimise.rules import QUARTERS
from planning.optimise.together import plan_together
from planning.optimise.year import solve_year
from tests.optimise.books import drawn, policy


def held(seed: int = 4, **sections: object) -> Problem:
    rules = policy(**sections)
    return problem(offer(drawn(seed, branches=3, clients=80, events=6), rules), rules)


def test_a_session_open_to_every_region_in_every_month() -> None:
    club = held(calendar={"club_every_month": True, "blackout": [8]})
    _, placed = plan_months(club)
    for block in club.blocks:
        serving = {club.seats[i].slot for g in block.segments for i in club.seats_of_segment[g]}
        assert {month for s, month in placed.sessions if s in serving} == set(range(1, 13)) - {8}


def test_what_must_be_held_is_held_in_its_month() -> None:
    free = held()
    event = next(slot.event for slot in free.slots if slot.most_sessions and slot.event.min_guests)
    month = event.months[-1]
    bound = held(calendar={"must_hold": [{"event": event.event, "month": month}]})
    _, placed = plan_months(bound)
    assert [s for s, at in placed.sessions if at == month and bound.slots[s].event.event == event.event]


def test_spending_keeps_to_the_quarters() -> None:
    phased = held(phasing={"q1": [0.3, 0.35], "q2": [0.0, 0.2], "q3": [0.2, 0.3], "q4": [0.0, 1.0]})
    _, placed = plan_months(phased)
    cash = cash_by_month(phased, placed)
    share = {quarter: sum(cash[month] for month in months) / sum(cash.values()) for quarter, months in QUARTERS.items()}
    assert 0.3 <= share[1] <= 0.35
    assert share[2] <= 0.2
    assert 0.2 <= share[3] <= 0.3


def test_sessions_are_spread_over_the_year() -> None:
    free = held()
    year, placed = plan_months(free)
    months = {month: sum(count for (_, at), count in placed.sessions.items() if at == month) for month in range(1, 13)}
    assert max(months.values()) <= 2 * sum(year.sessions) / 12 + 2


def test_whole_guests_are_sought_with_the_months_where_means_do_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    tight = held(caps={"attendances_client_month": 1.0})
    year = solve_year(tight)
    assert monthly_rules_kept(tight, place(tight, year))
    monkeypatch.setattr(placement, "monthly_rules_kept", lambda *_: False)
    together = place(tight, year)
    monkeypatch.undo()
    assert monthly_rules_kept(tight, together)
    assert {i: sum(count for (seat, _), count in together.guests.items() if seat == i) for i, guests in enumerate(year.guests) if guests} == {
        i: guests for i, guests in enumerate(year.guests) if guests
    }
    for (s, month), sessions in together.sessions.items():
        event = tight.slots[s].event
        assert event.min_guests * sessions <= sum(together.guests.get((i, month), 0) for i in tight.seats_of_slot[s]) <= event.max_guests * sessions


def test_a_year_whose_months_do_not_fit_is_solved_again_more_tightly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Placing fails once: the next year is tighter, and its gap is stated against the first bound."""
    free, tries = held(), []
    first = solve_year(free)

    def fails_once(of: Problem, year: object) -> object:
        tries.append(year)
        if len(tries) == 1:
            raise NotSolved(placement.Fault("no_months", values={"rule": "not_too_often", "where": ""}))
        return place(of, year)  # type: ignore[arg-type]

    monkeypatch.setattr(placement, "place", fails_once)
    year, placed = plan_months(free)
    assert len(tries) == 2
    assert year.outcome.bound == pytest.approx(first.outcome.bound)
    assert year.outcome.objective <= first.outcome.objective + 0.01
    assert monthly_rules_kept(free, placed)


def test_a_year_that_no_tightening_places_is_planned_with_its_months(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the first year nor a tighter one can be placed: year and months are sought at once, and every rule is kept."""
    unplaced = NotSolved(placement.Fault("no_months", values={"rule": "spend_phased", "where": "1"}))

    def fails(*_: object) -> object:
        raise unplaced

    def impossible(of: Problem, *_: object) -> object:
        if of.tightened:
            raise Infeasible(placement.Fault("conflict_relieve"))
        return solve_year(of)

    phased = small_and_phased()
    monkeypatch.setattr(placement, "place", fails)
    monkeypatch.setattr(placement, "solve_year", impossible)
    year, placed = plan_months(phased)
    assert year.outcome.status == "optimal"
    assert monthly_rules_kept(phased, placed)
    assert {s: sum(count for (slot, _), count in placed.sessions.items() if slot == s) for s in range(len(phased.slots))} == dict(enumerate(year.sessions))


def test_together_only_what_is_better_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tighter year that costs little stands; where both are sought, the plan of greater value does."""
    phased = small_and_phased()
    first = solve_year(phased)
    best = plan_together(phased, first).year.outcome
    assert best.objective <= first.outcome.bound + 0.01
    poorer = replace(first, outcome=replace(first.outcome, objective=best.objective / 2))
    monkeypatch.setattr(placement, "_more_tightly", lambda *_: (poorer, Placed({}, {})))
    monkeypatch.setattr(placement, "solve_year", lambda *_: first)
    tries: list[object] = []

    def fails_once(of: Problem, year: object) -> object:
        tries.append(year)
        if len(tries) == 1:
            raise NotSolved(placement.Fault("no_months", values={"rule": "spend_phased", "where": "1"}))
        return place(of, year)  # type: ignore[arg-type]

    monkeypatch.setattr(placement, "place", fails_once)
    monkeypatch.setattr(placement, "within", lambda *_: False)
    assert plan_months(phased)[0].outcome.objective == pytest.approx(best.objective)


def small_and_phased() -> Problem:
    rules = policy(phasing={"q1": [0.1, 0.4], "q3": [0.2, 0.6]})
    return problem(offer(drawn(1, clients=16), rules), rules)


def test_months_that_admit_no_plan_are_infeasible_and_say_why() -> None:
    """One session must be held, and no quarter may bear more than 0.4 of the spending: a year can, no month can."""
    book = drawn(1, events=1)
    table = book.tables["events"].assign(host="centre", min_sessions=1, max_sessions=1, months=[tuple(range(1, 13))])
    rules = policy(phasing={f"q{quarter}": [0.0, 0.4] for quarter in range(1, 5)})
    one = problem(offer(replace(book, tables={**book.tables, "events": table}), rules), rules)
    assert solve_year(one).sessions == (1,)
    with pytest.raises(Infeasible) as told:
        plan_months(one)
    assert [(fault.code, fault.values["rule"]) for fault in told.value.faults] == [("no_months", "spend_phased")]


def test_months_not_found_in_time_leave_the_rule_that_could_not_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    unplaced = NotSolved(placement.Fault("no_months", values={"rule": "spend_phased", "where": "1"}))

    def out_of_time(*_: object) -> object:
        raise NotSolved(placement.Fault("no_plan_in_time"))

    def fails(*_: object) -> object:
        raise unplaced

    monkeypatch.setattr(placement, "place", fails)
    monkeypatch.setattr(placement, "plan_together", out_of_time)
    with pytest.raises(NotSolved) as told:
        plan_months(small_and_phased())
    assert told.value is unplaced


def test_months_that_break_a_rule_say_which() -> None:
    """Sessions enough for the year, but all of them asked into one month by the rule on quarters."""
    free = held()
    year = solve_year(free)
    phased = replace(free, policy=policy(phasing={"q1": [1.0, 1.0], "q2": [0.0, 0.0], "q3": [0.0, 0.0], "q4": [0.0, 0.0]}))
    with pytest.raises(NotSolved) as told:
        place(phased, year)
    assert told.value.faults[0].values["rule"] == "spend_phased"
