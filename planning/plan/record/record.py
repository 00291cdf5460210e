"""The record of a model for whoever answers for model risk: one published plan, what it rests on, and how far it was tried, as finished figures."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from math import fsum
from typing import Any

from planning.book.book import Book
from planning.judge import Verdict
from planning.plan.causes import Causes, causes
from planning.plan.changed import made_with
from planning.plan.former import Former
from planning.plan.record.backtest import Backtest, backtest
from planning.plan.record.evidence import Evidence, evidence
from planning.plan.record.formulas import Formula, Letter, formulas, letters, worth
from planning.plan.record.happened import in_period
from planning.plan.record.realised import Booked, Trial, booked, trials
from planning.plan.record.runs import Register, Run, Version, second_solver, versions
from planning.plan.summary import Summary
from planning.policy import Policy, checked


@dataclass(frozen=True)
class Files:
    """What stands in the plan's folder beside plan.json, and the register around it. `run` = the parsed run.json, `former` the version before.

    Each is None where there is none.
    """

    plan_text: str
    run: Mapping[str, Any] | None = None
    former: Former | None = None
    register: Register | None = None


@dataclass(frozen=True)
class Realised:
    """What was booked in the plan's period and in the year before, trials with a control group in the plan's period or not, and the plan against it all."""

    booked: tuple[Booked, ...]
    booked_before: tuple[Booked, ...]
    trials: tuple[Trial, ...]
    trials_before: tuple[Trial, ...]
    backtest: Backtest | None = None

    @property
    def any(self) -> bool:
        """Whether anything of the plan's own period is known."""
        return bool(self.booked or self.trials)


@dataclass(frozen=True, eq=False)
class ModelRecord:
    """Everything the model record's page says. `places` = places checked by the second judge, by rule."""

    id: str
    summary: Summary
    plan_hash: str
    places: Mapping[str, int]
    evidence: Evidence
    realised: Realised
    run: Mapping[str, Any] | None = None
    unchanged: bool | None = None  # whether plan.json is to the byte what its run published; None where no run tells
    register: Register | None = None
    versions: tuple[Version, ...] = ()
    second: tuple[Run, ...] = ()
    causes: Causes | None = None  # against the former version
    letters: tuple[Letter, ...] = field(default_factory=letters)
    formulas: tuple[Formula, ...] = field(default_factory=formulas)
    worth: tuple[tuple[str, str], ...] = field(default_factory=worth)

    @property
    def min_cell(self) -> int:
        """Fewest clients a shown figure may describe."""
        return int(self.summary.plan.policy["privacy"]["min_cell"])

    @property
    def judged_share(self) -> float:
        """The share of what the plan adds that rests on judgement alone."""
        sources = self.summary.risks.sources if self.summary.risks else ()
        return sum(line.share for line in sources if line.source == "judgement")


def model_record(record_id: str, books: tuple[Book, Book], summary: Summary, verdict: Verdict, files: Files) -> ModelRecord:
    """The record of a plan that was told again (`retold`) and passed the second judge. Nothing is solved.

    `books` = the book it was made from, and the one that tells what happened since, which may be the same.
    """
    plan, book = summary.plan, books[0]
    policy = checked(plan.policy)
    register = files.register
    plan_hash = sha256(files.plan_text.encode("utf-8")).hexdigest()
    published = (files.run or {}).get("files", {}).get("plan.json")
    return ModelRecord(
        id=record_id,
        summary=summary,
        plan_hash=plan_hash,
        places=_places(verdict),
        evidence=evidence(book, policy),
        realised=_realised(books, summary, policy),
        run=files.run,
        unchanged=None if published is None else published == plan_hash,
        register=register,
        versions=versions(register.runs) if register else (),
        second=second_solver(register, plan) if register else (),
        causes=None if files.former is None else causes(files.former, plan, made_with(book, summary)),
    )


def figures(record: ModelRecord) -> dict[str, Any]:
    """The figures that the record takes over from the plan, for the second judge to count again."""
    summary, plan = record.summary, record.summary.plan
    totals, solve, certified = plan.totals, plan.solve, summary.certified
    return {
        "clients": summary.segmented,
        "contribution_cny": sum(segment.contribution_cny for segment in plan.segments),
        "sessions": sum(line.sessions for line in summary.sessions),
        "attendances": sum(line.guests for line in summary.sessions),
        "granted": sum(line.level > 0 for line in summary.ladder),
        **{name: getattr(totals, name) for name in ("event_cny", "concession_cny", "uplift_cny", "gain_cny", "value_cny")},
        **{name: getattr(solve, name) for name in ("objective", "bound", "gap")},
        "certified_bound_cny": certified.bound_cny if certified else None,
        "places": sum(record.places.values()),
        **_happened(record.realised.backtest),
    }


def _happened(found: Backtest | None) -> dict[str, float]:
    """The figures of what happened; none where nobody came, or so few that they may not be told."""
    if found is None or found.few_came:
        return {}
    return {
        "realised_through_month": found.through,
        "realised_planned_uplift_cny": found.to_date.uplift_cny,
        "realised_uplift_cny": found.realised.uplift_cny,
        "realised_expected_cny": fsum(line.expected_cny for line in found.families),
        "realised_measured_cny": fsum(line.measured_cny for line in found.families),
        "realised_error_cny": found.error_cny,
        "realised_gain_cny": found.realised.gain_cny,
        "realised_event_cny": found.realised.event_cny,
        "realised_concession_cny": found.realised.concession_cny,
        "realised_value_cny": found.realised.value_cny(found.net),
    }


def _realised(books: tuple[Book, Book], summary: Summary, policy: Policy) -> Realised:
    (book, told), plan = books, summary.plan
    own, before = in_period(told, plan.year, policy.months), in_period(book, plan.year, policy.months, inside=False)
    done = booked(told, plan.year, policy.months)
    return Realised(
        booked=done,
        booked_before=booked(book, plan.year - 1, tuple(range(1, 13))),
        trials=trials(book, policy, own),
        trials_before=trials(book, policy, before),
        backtest=backtest(book, told, plan, summary.sessions, done),
    )


def _places(verdict: Verdict) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for check in verdict.checks:
        found[check.rule] = found.get(check.rule, 0) + 1
    return found
