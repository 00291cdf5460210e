"""What changed since the last version: every line that differs, and no other, with what of the changes bears on it."""

import json
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from planning.book.book import Book, book_of
from planning.book.contracts import CONTRACTS
from planning.plan.causes import OF_DATA, ON_LADDER, ON_NEITHER, ON_SESSIONS, ON_SOLVING, TABLES, Causes, FieldChange, Line, reason
from planning.plan.changed import Changes, asked_alike, changes, made_with
from planning.plan.former import Former, MadeWith, read_former
from planning.plan.make import make_plan
from planning.plan.plan import Plan
from planning.plan.summary import Summary
from planning.policy import Policy, parameters
from tests.optimise.books import drawn, policy

TIGHT = {"event_cny": 4_000.0, "concession_cny": 8_000.0}


@cache
def bank() -> Book:
    return drawn(3)


def rules(**given: Any) -> Policy:
    return policy(budget=TIGHT).with_parameters(given)


def made(book: Book, asked: Policy) -> Summary:
    return make_plan(book, asked, "annual-2027", lambda *_: None)


@cache
def base() -> Summary:
    return made(bank(), rules())


def kept(summary: Summary, book: Book) -> Former:
    """The plan as the next version reads it."""
    found = read_former(Former(summary.plan, made_with(book, summary)).to_json())
    assert found is not None
    return found


def since(now: Summary, book: Book | None = None, then: Former | None = None) -> Changes:
    return changes(book or bank(), now, then or kept(base(), bank()))


def with_plan(summary: Summary, **parts: Any) -> Summary:
    return replace(summary, plan=replace(summary.plan, **parts))


def by_line(plan: Plan) -> Counter[tuple[str, str, int]]:
    found: Counter[tuple[str, str, int]] = Counter()
    for row in plan.sessions:
        found[row.event, row.host, row.month] += row.sessions
    return found


def reported(found: Changes) -> Counter[tuple[str, str, int]]:
    """The difference in sessions that the lines tell."""
    told: Counter[tuple[str, str, int]] = Counter()
    for line in found.sessions:
        told.update({(line.event, line.host, month): count for month, count in line.after})
        told.subtract({(line.event, line.host, month): count for month, count in line.before})
    return Counter({key: count for key, count in told.items() if count})


def difference(now: Plan, then: Plan) -> Counter[tuple[str, str, int]]:
    some = by_line(now)
    some.subtract(by_line(then))
    return Counter({key: count for key, count in some.items() if count})


def test_the_same_plan_has_no_changes_and_is_as_good() -> None:
    found = since(base())
    assert (found.state, found.sessions, found.ladder, found.causes.none, found.within_gap) == ("compared", (), (), True, True)
    assert found.before == found.after
    assert found.measured is not None
    assert (found.measured.broken, found.measured.money) == ((), ())
    assert found.measured.totals.value_cny == pytest.approx(base().plan.totals.value_cny, abs=1)


def test_without_a_former_version_the_state_says_so() -> None:
    assert [changes(bank(), base(), None, state).state for state in ("first", "unreadable", "missing")] == ["first", "unreadable", "missing"]


def test_a_larger_budget_is_the_reason_of_every_session_that_changed() -> None:
    now = made(bank(), rules(event_cny=20_000.0))
    found = since(now)
    assert [(one.name, one.before, one.after) for one in found.causes.fields] == [("event_cny", 4_000.0, 20_000.0)]
    assert not found.causes.data
    assert found.sessions
    assert reported(found) == difference(now.plan, base().plan)
    assert {(line.reason.code, line.reason.direct, line.reason.fields) for line in found.sessions} == {("policy", True, ("event_cny",))}
    assert {(line.reason.code, line.reason.direct) for line in found.ladder} <= {("policy", False)}
    assert found.measured is not None
    assert found.measured.broken == ()
    assert found.measured.money


def test_a_changed_table_is_named_where_it_bears_on_the_line() -> None:
    elasticities = bank().tables["elasticities"]
    dear = book_of({**bank().tables, "elasticities": elasticities.assign(growth_per_unit=elasticities["growth_per_unit"] / 40)})
    now = made(dear, rules())
    found = since(now, dear)
    assert (found.causes.fields, found.causes.tables) == ((), ("elasticities",))
    assert found.ladder
    assert {(line.reason.code, line.reason.direct, line.reason.tables) for line in found.ladder} == {("data", True, ("elasticities",))}
    assert all(not line.reason.direct for line in found.sessions)


def test_a_table_that_no_plan_depends_on_is_no_reason() -> None:
    found = Causes(data=True, tables=("history", "ledger"))
    assert reason(Line("sessions", ("e0", "b0")), found, ()).code == "tie"


def test_an_event_that_is_gone_is_told_by_its_code() -> None:
    held = base().plan.sessions[0].event
    events = bank().tables["events"]
    fewer = book_of({**bank().tables, "events": events[events["event"] != held]})
    now = made(fewer, rules())
    found = since(now, fewer)
    gone = [line for line in found.sessions if line.event == held]
    assert gone
    assert {(line.kind, line.names, line.reason.code) for line in gone} == {("dropped", None, "gone")}
    assert found.measured is not None
    assert "rows_are_known" in dict(found.measured.broken)
    assert found.measured.money == ()


def test_where_policy_and_data_both_changed_both_are_named_and_neither_is_blamed() -> None:
    events = bank().tables["events"]
    dearer = book_of({**bank().tables, "events": events.assign(fixed_cost_cny=events["fixed_cost_cny"] * 1.3)})
    now = made(dearer, rules(event_cny=20_000.0))
    found = since(now, dearer)
    lines = [line.reason for line in found.sessions if line.reason.code not in ("rule", "gone")]
    assert lines
    assert {(one.code, one.fields, one.tables) for one in lines} == {("policy_or_data", ("event_cny",), ("events",))}


def test_a_former_plan_of_other_client_groups_is_compared_but_not_measured() -> None:
    parted = tuple(replace(row, part="sex=female") for row in base().plan.attendances)
    found = since(base(), then=kept(with_plan(base(), attendances=parted), bank()))
    assert (found.state, found.measured) == ("compared", None)


def test_a_month_that_is_closed_by_now_is_the_rule_the_old_line_would_break() -> None:
    closed = base().plan.sessions[0].month
    now = made(bank(), rules(blackout=[closed]))
    found = since(now)
    moved = [line for line in found.sessions if closed in dict(line.before)]
    assert moved
    assert {(line.reason.code, line.reason.fields) for line in moved} == {("rule", ("blackout",))}
    assert all("only_open_months" in line.reason.rules for line in moved)
    assert all(not line.reason.direct for line in found.sessions if line not in moved and closed not in dict(line.after))
    assert found.measured is not None
    assert dict(found.measured.broken)["only_open_months"] >= len(moved)


def test_sessions_are_added_dropped_moved_more_or_fewer() -> None:
    first = base().plan.sessions[0]
    held = (first.event, first.host)
    others = tuple(row for row in base().plan.sessions if (row.event, row.host) != held)
    month = next(one for one in range(1, 13) if one != first.month)
    was = (replace(first, sessions=2),)
    for now, kind, more in (
        ((), "dropped", -2),
        ((replace(first, month=month, sessions=2),), "moved", 0),
        ((replace(first, sessions=3),), "more", 1),
        ((replace(first, month=month, sessions=1),), "fewer", -1),
    ):
        found = since(with_plan(base(), sessions=(*others, *now)), then=kept(with_plan(base(), sessions=(*others, *was)), bank()))
        assert [(line.kind, line.more, line.reason.code) for line in found.sessions] == [(kind, more, "tie")]
        back = since(with_plan(base(), sessions=(*others, *was)), then=kept(with_plan(base(), sessions=(*others, *now)), bank()))
        assert [line.kind for line in back.sessions] == [{"dropped": "added", "more": "fewer", "fewer": "more"}.get(kind, kind)]


def test_a_changed_level_is_one_line_and_a_cell_left_out_is_no_level() -> None:
    step = next(row for row in base().plan.ladder if row.level and row.tier == "gold")  # the lowest tier may always get less
    others = tuple(row for row in base().plan.ladder if row != step)
    then = kept(with_plan(base(), ladder=(*others, replace(step, level=step.level - 1, depth=step.depth / 2))), bank())
    found = since(base(), then=then)
    assert [(line.before, line.after, line.reason.code) for line in found.ladder] == [((step.level - 1, step.depth / 2), (step.level, step.depth), "tie")]
    nothing = since(base(), then=kept(with_plan(base(), ladder=tuple(row for row in base().plan.ladder if row.level)), bank()))
    assert nothing.ladder == ()


def test_only_how_the_plan_is_solved_changed() -> None:
    then = kept(base(), bank())
    other = replace(then, made_with=replace(then.made_with, versions={**then.made_with.versions, "HiGHS": "1.0.0"}))
    assert not asked_alike(other, base().plan, made_with(bank(), base()))
    assert asked_alike(then, base().plan, made_with(bank(), base()))
    found = since(with_plan(base(), sessions=base().plan.sessions[1:]), then=other)
    assert {line.reason.code for line in found.sessions} == {"solving"}
    assert [name for name, *_ in found.causes.versions] == ["HiGHS"]


def test_a_plan_without_its_record_only_knows_that_the_data_changed() -> None:
    then = replace(kept(base(), bank()), made_with=MadeWith())
    then = replace(then, plan=replace(then.plan, data_hash="other"))
    found = since(with_plan(base(), sessions=base().plan.sessions[1:]), then=then)
    assert (found.causes.data, found.causes.tables) == (True, ())
    assert {(line.reason.code, line.reason.tables) for line in found.sessions} == {("data", ())}


@pytest.mark.parametrize(
    ("field", "line", "touched"),
    [
        (FieldChange("must_hold", [], [{"event": "e0", "month": 5}]), Line("sessions", ("e0", "b0")), True),
        (FieldChange("must_hold", [], [{"event": "e0", "month": 5}]), Line("sessions", ("e1", "b0")), False),
        (FieldChange("blackout", [2], [2, 8]), Line("sessions", ("e0", "b0"), frozenset({2})), False),
        (FieldChange("blackout", [2], [2, 8]), Line("sessions", ("e0", "b0"), frozenset({8})), True),
        (FieldChange("frozen_through_month", 0, 6), Line("sessions", ("e0", "b0"), frozenset({7})), False),
        (FieldChange("frozen_through_month", 6, 3), Line("sessions", ("e0", "b0"), frozenset({4})), True),
        (FieldChange("floors_tier", {"gold": 0.2}, {"gold": 0.2, "private": 0.1}), Line("ladder", ("r0", "gold", "personal", "fee_waiver")), False),
        (FieldChange("floors_tier", {"gold": 0.2}, {"gold": 0.2, "private": 0.1}), Line("ladder", ("r0", "private", "personal", "fee_waiver")), True),
        (FieldChange("concession_cny", 1.0, 2.0), Line("sessions", ("e0", "b0")), False),
        (FieldChange("event_cny", 1.0, 2.0), Line("ladder", ("r0", "gold", "personal", "fee_waiver")), False),
    ],
)
def test_a_changed_field_bears_on_the_lines_its_changed_entries_name(field: FieldChange, line: Line, touched: bool) -> None:
    found = reason(line, Causes((field,)), ())
    assert (found.code, found.direct, found.fields) == ("policy", touched, (field.name,))


def test_every_name_in_the_lists_of_causes_is_one() -> None:
    names = {one.name for one in parameters()} | set(CONTRACTS)
    assert names >= (ON_SESSIONS | ON_LADDER | ON_SOLVING | ON_NEITHER | OF_DATA)
    assert set(CONTRACTS) >= TABLES


class Listening(dict[str, Any]):
    """Columns by table that keep which tables were asked for."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.asked: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


def test_the_judge_reads_the_tables_a_plan_depends_on_and_no_other() -> None:
    from planning.judge import gather
    from planning.plan.judged import columns

    tables = Listening(columns(bank()))
    gather(tables, rules(survey_interests=True).model_dump(mode="json"))
    assert tables.asked == TABLES


ROWS = ("sessions", "attendances", "ladder", "segments")
HOSTILE = {
    "empty": "",
    "null": "null",
    "a list": "[]",
    "no fields": "{}",
    "cut off": base().plan.to_json()[:-80],
    "deep": "[" * 50_000,
    **{
        f"without {name}": json.dumps({key: one for key, one in json.loads(base().plan.to_json()).items() if key != name})
        for name in (*ROWS, "policy", "totals", "solve")
    },
    **{f"{name} of words": json.dumps({**json.loads(base().plan.to_json()), name: "none"}) for name in (*ROWS, "policy", "totals", "solve")},
    "a month of no year": base().plan.to_json().replace('"month": ', '"month": 9'),
    "a level in words": base().plan.to_json().replace('"level": 0', '"level": "0"'),
    "not a number": base().plan.to_json().replace('"value_cny": ', '"value_cny": NaN, "x": '),
    "a figure beyond all": base().plan.to_json().replace('"sessions": 1', '"sessions": ' + "9" * 400),
    "a huge code": base().plan.to_json().replace('"event": "', '"event": "' + "x" * 1_000_000),
    "a policy of other fields": base().plan.to_json().replace('"event_cny"', '"evnt_cny"', 1),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_is_not_a_plan_is_not_read(text: str) -> None:
    assert read_former(text) is None


def test_a_plan_of_before_a_field_was_added_is_read_with_its_default() -> None:
    raw = json.loads(base().plan.to_json())
    raw["policy"]["calendar"].pop("club_every_month")
    found = read_former(json.dumps(raw))
    assert found is not None
    assert found.plan.policy == base().plan.policy


@pytest.mark.parametrize("record", ["", "{", "[]", '{"tables": 3}', '{"tables": {"events": 3}}'])
def test_a_record_that_cannot_be_read_tells_nothing(record: str) -> None:
    found = read_former(base().plan.to_json(), record)
    assert found is not None
    assert found.made_with == MadeWith()
