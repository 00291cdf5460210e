"""What no plan could keep is told before solving: where, by how much; and what it asks for makes the plan possible."""

from dataclasses import replace
from typing import Any

import pytest

from planning.catalogue.offer import offer
from planning.errors import Infeasible, PlanningError
from planning.optimise.impossible import TESTS, impossible
from planning.optimise.problem import Problem, problem
from planning.optimise.year import solve_year
from planning.plan.make import make_plan
from planning.run.told import sentences
from tests.optimise.books import drawn, policy

BLACKED_OUT = list(range(4, 13))
CASES: dict[str, dict[str, Any]] = {
    "impossible_floors": {"floors": {"tier": {"gold": 0.6, "private": 0.5}}},
    "impossible_floor_cap": {"floors": {"tier": {"gold": 0.6}}, "caps": {"tier": {"gold": 0.5}}},
    "impossible_quarters_least": {"phasing": {"q1": [0.6, 1.0], "q2": [0.5, 1.0]}},
    "impossible_quarters_most": {"phasing": {f"q{quarter}": [0.0, 0.2] for quarter in range(1, 5)}},
    "impossible_quarter_empty": {"phasing": {"q3": [0.1, 1.0]}, "calendar": {"blackout": BLACKED_OUT}},
    "impossible_must_hold": {"calendar": {"must_hold": [{"event": "e0", "month": 2}], "blackout": [2]}},
    "impossible_club": {"calendar": {"club_every_month": True, "approved_on": "2027-03-20"}},
}


def held(seed: int = 3, **sections: Any) -> Problem:
    rules = policy(**sections)
    return problem(offer(drawn(seed), rules), rules)


@pytest.mark.parametrize("code", CASES)
def test_each_is_found_before_solving(code: str) -> None:
    with pytest.raises(Infeasible) as told:
        make_plan(drawn(3), policy(**CASES[code]), "t", lambda stage, _: pytest.fail("solved") if stage == "solving" else None)
    assert {fault.code for fault in told.value.faults} == {code}


@pytest.mark.parametrize("code", CASES)
def test_a_sound_policy_has_none_and_so_solves(code: str) -> None:
    sound = held()
    assert impossible(sound) == ()
    assert [fault.code for fault in impossible(held(**CASES[code]))] == [code] * len(impossible(held(**CASES[code])))


def test_hours_short_in_a_half_are_told_as_the_table_has_them() -> None:
    book, rules = drawn(3), policy(period="second_half")
    book.tables["managers"]["hours_year"] = 40.0
    short = {fault.values["branch"]: float(fault.values["short"]) for fault in impossible(problem(offer(book, rules), rules))}
    assert short
    managers = book.tables["managers"]
    for less in (1.0, 0.0):
        managers["hours_year"] = [40.0 + (short[branch] - less if branch in short else 0.0) for branch in managers["branch"]]
        assert bool(impossible(problem(offer(book, rules), rules))) == bool(less)


def test_managers_hours_below_the_visits_say_how_many_are_short() -> None:
    free = held()
    short = replace(free, hours=dict.fromkeys(free.hours, 40.0))
    faults = impossible(short)
    assert faults
    assert {fault.code for fault in faults} == {"impossible_visits"}
    with pytest.raises(Infeasible):
        solve_year(short)
    enough = {**short.hours, **{str(fault.values["branch"]): 40.0 + float(fault.values["short"]) for fault in faults}}
    assert impossible(replace(short, hours=enough)) == ()
    solve_year(replace(short, hours=enough))
    less = {**enough, str(faults[0].values["branch"]): 40.0 + float(faults[0].values["short"]) - 0.2}
    with pytest.raises(Infeasible):
        solve_year(replace(short, hours=less))


def test_visits_as_a_target_are_never_impossible() -> None:
    free = held(contact={"rule": "target"})
    assert impossible(replace(free, hours=dict.fromkeys(free.hours, 0.0))) == ()


def test_sessions_nobody_can_fill_and_a_floor_without_clients() -> None:
    free = held()
    slots = tuple(replace(slot, event=replace(slot.event, min_sessions=slot.most_sessions + 1)) if s == 0 else slot for s, slot in enumerate(free.slots))
    (fault,) = impossible(replace(free, slots=slots))
    assert fault.code == "impossible_sessions"
    assert (fault.values["least"], fault.values["most"]) == (free.slots[0].most_sessions + 1, free.slots[0].most_sessions)
    floor = held(floors={"tier": {"private": 0.2}})
    poor = replace(floor, segments=tuple(replace(segment, tier="gold") for segment in floor.segments))
    assert [fault.code for fault in impossible(poor)] == ["impossible_floor_empty"]


@pytest.mark.parametrize(("lang", "words"), [("zh", ("单独就无法做到", "还没有求解")), ("en", ("impossible by itself", "before solving"))])
def test_every_sentence_can_be_said(lang: str, words: tuple[str, str]) -> None:
    for sections in CASES.values():
        error: PlanningError = Infeasible(impossible(held(**sections)))
        head, *told = sentences(error, lang)
        assert all(word in head for word in words)
        assert told
        assert all("{" not in line and len(line) > 20 for line in told)


def test_every_test_is_on_the_list() -> None:
    assert len(TESTS) == 10
