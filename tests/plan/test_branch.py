"""One solved plan shared out to its branches: nothing is lost, nothing is counted twice."""

import os
from pathlib import Path

import pytest

from planning import policy
from planning.book.intake import read_book
from planning.errors import DataFaults, PolicyError
from planning.judge import gather, judge
from planning.plan.branch import Branches, branches_of, find
from planning.plan.judged import columns, plain
from planning.plan.plan import Plan
from tests.run.published import plan_of

AMOUNTS = ("event_cny", "concession_cny", "uplift_cny", "gain_cny")


@pytest.fixture(scope="module")
def plan(small_bank: Path) -> Plan:
    return plan_of(small_bank)


@pytest.fixture(scope="module")
def found(small_bank: Path, plan: Plan) -> Branches:
    book = read_book(small_bank, policy.checked(plan.policy), os.environ)
    return branches_of(book, plan, judge(plain(plan), gather(columns(book), plan.policy)))


def fen(amounts: object) -> int:
    return sum(round(100 * amount) for amount in amounts)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", AMOUNTS)
def test_branches_and_their_tiers_add_up_to_the_plan_to_the_fen(found: Branches, plan: Plan, name: str) -> None:
    whole = round(100 * getattr(plan.totals, name))
    assert fen(getattr(one.line, name) for one in found.branches) == whole
    assert fen(getattr(found.bank, name) for _ in "x") == whole
    assert fen(getattr(line, name) for line in found.tiers) == whole
    for one in found.branches:
        assert fen(getattr(line, name) for line in one.tiers) == fen([getattr(one.line, name)])


def test_clients_contribution_sessions_and_guests_are_the_plans(found: Branches, plan: Plan) -> None:
    assert sum(one.line.clients for one in found.branches) == sum(row.clients for row in plan.segments) == found.bank.clients
    assert sum(one.line.contribution_cny for one in found.branches) == pytest.approx(sum(row.contribution_cny for row in plan.segments), abs=0.1)
    assert sum(one.sessions for one in found.branches) == sum(row.sessions for row in plan.sessions if row.host_level == "branch")
    assert sum(one.guests for one in found.branches) == round(sum(row.attendances for row in plan.attendances))


def test_every_session_in_which_a_branch_has_guests_is_in_its_calendar(found: Branches, plan: Plan) -> None:
    for one in found.branches:
        coming = {(row.event, row.host, row.month) for row in plan.attendances if row.branch == one.branch and row.attendances}
        assert coming <= {(line.event, line.host, line.month) for line in one.invitations}
        assert all(line.own == (line.host == one.branch) for line in one.invitations)
        assert all(line.notice_by <= f"2027-{line.month:02d}-31" for line in one.invitations)


def test_the_ladder_is_the_regions_and_the_limits_are_its_own(found: Branches, plan: Plan) -> None:
    for one in found.branches:
        own = {(row.tier, row.kind, row.concession): row.level for row in plan.ladder if row.region == one.region}
        assert {(line.tier, line.kind, line.concession): line.level for line in one.ladder} == own
        assert all(set(line.where) & {one.branch, one.region} for line in one.rules)
        assert "branch_floor" in {line.code for line in one.rules}


def test_what_is_not_held_here_is_an_event_of_branches_without_a_session_here(found: Branches, plan: Plan) -> None:
    for one in found.branches:
        held = {row.event for row in plan.sessions if row.host == one.branch}
        assert not held & {line.event for line in one.not_here}
        for line in one.not_here:
            assert line.held == len({row.host for row in plan.sessions if row.event == line.event})
            assert line.held > 0 or line.reason != "elsewhere"


def test_a_branch_is_found_by_code_or_name_and_an_unknown_one_is_told_with_the_nearest(found: Branches) -> None:
    first = found.branches[0]
    assert find(found, first.branch) is find(found, first.names[0]) is find(found, first.names[1]) is first
    with pytest.raises(PolicyError) as refused:
        find(found, first.names[1][:-1])
    assert refused.value.faults[0].values["nearest"] == first.names[1]


def test_a_plan_that_names_what_the_book_does_not_know_is_refused(small_bank: Path, plan: Plan) -> None:
    book = read_book(small_bank, policy.checked(plan.policy), os.environ)
    verdict = judge(plain(plan), gather(columns(book), plan.policy))
    strange = Plan.from_json(plan.to_json().replace('"film_night"', '"no_such_event"').replace('"club_evening"', '"no_such_event"'))
    with pytest.raises(DataFaults):
        branches_of(book, strange, verdict)
