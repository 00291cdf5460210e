"""Interests that clients name themselves: they open events where the policy says so, for the optimiser and the second judge alike."""

from datetime import date
from typing import Any

from planning.book.book import Book, book_of
from planning.book.segments import approachable, classify
from planning.catalogue.events import eligible
from planning.judge import gather
from planning.plan.judged import columns
from planning.plan.make import make_plan
from planning.policy import Policy
from tests.optimise.books import drawn, policy, table

INTERESTS = ("art", "golf", "food")
COUNTED = policy().with_parameters({"survey_interests": True})


def bank(seed: int) -> Book:
    """A drawn book whose first event is for lovers of golf, and surveys in which some clients name it: once, formerly, or unanswered."""
    base = drawn(seed, branches=2, clients=40, events=3)
    events = base.tables["events"].assign(interests=[("golf",), (), ()])
    told: list[dict[str, Any]] = []
    for i, client in enumerate(base.tables["clients"]["client"]):
        named = (INTERESTS[i % 3],) if i % 4 else ()
        told.append({"client": client, "date": date(2026, 3, 1), "interests": named})
        told.append({"client": client, "date": date(2026, 9, 1), "interests": (INTERESTS[(i + seed) % 3],) if i % 2 else (), "answered": i % 5 > 0})
    return book_of({**base.tables, "events": events, "surveys": table("surveys", told)})


def counts(book: Book, rules: Policy) -> tuple[dict[Any, int], dict[Any, int]]:
    """Clients eligible by segment and event, as the optimiser is told and as the judge finds (no control group)."""
    kept = approachable(classify(book, rules))
    found = gather(columns(book), rules.model_dump(mode="json"))
    judged = {(segment, code): int(number) for code, event in found.events.items() for segment, number in event.eligible.items()}
    return dict(eligible(kept, book.tables["events"])), judged


def test_optimiser_and_judge_count_the_same_clients_with_and_without_answers() -> None:
    wider = 0
    for seed in range(8):
        book = bank(seed)
        plain, counted = counts(book, policy()), counts(book, COUNTED)
        assert plain[0] == plain[1]
        assert counted[0] == counted[1]
        assert all(counted[0][key] >= number for key, number in plain[0].items())
        wider += counted[0] != plain[0]
    assert wider > 4


def test_a_plan_made_with_survey_interests_passes_the_judge() -> None:
    made = make_plan(bank(3), COUNTED, "plan", lambda *_: None)
    assert made.plan.policy["segments"]["survey_interests"] is True


def test_a_policy_written_before_answers_counted_counts_none() -> None:
    book = bank(2)
    old = policy().model_dump(mode="json")
    del old["segments"]["survey_interests"]
    today = gather(columns(book), policy().model_dump(mode="json"))
    assert {code: event.eligible for code, event in gather(columns(book), old).events.items()} == {code: event.eligible for code, event in today.events.items()}
