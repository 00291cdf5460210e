"""The plan's value against what happened: attendances that took place put through the plan's own responses, corrected by what control groups measured.

Of each family:  realised = U(A that happened) · (1 − t + t · measured / expected)
with t the share of its attendances at sessions with a control group. Concessions have none: their gain is the plan's own a
yuan of concessions, times the yuan booked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from math import fsum, sqrt

import pandas as pd

from planning.book.book import Book
from planning.catalogue.responses import coefficients
from planning.plan.plan import Attendances, Plan
from planning.plan.record.experiments import EventKind, Experiment, events_of, experiments, influence, unread
from planning.plan.record.happened import Answers, Came, attendances, in_period, planned_touches, touches_of
from planning.plan.record.realised import Booked, Trial, trial_of
from planning.plan.summary import SessionLine
from planning.policy import checked

EVENTS, CONCESSIONS = "events", "concessions"
LEAST = 2  # clients in a group: of one alone no error can be told


@dataclass(frozen=True)
class Side:
    """Uplift and gain over the horizon, and costs, yuan."""

    uplift_cny: float
    gain_cny: float
    event_cny: float
    concession_cny: float

    def value_cny(self, net: bool) -> float:
        """What is added, less the costs where the plan's objective counts them."""
        return self.uplift_cny + self.gain_cny - (self.event_cny + self.concession_cny if net else 0.0)


@dataclass(frozen=True)
class FamilyLine:
    """Events of one family, or of several told together because few clients came: attendances, and uplift in yuan over the horizon.

    `planned` up to the month compared; `happened_cny` = what the plan's responses make of those who came. Of the sessions
    with a control group: attendances, by how much the invited were expected to grow more than those held back, and by how much they did.
    """

    families: tuple[str, ...]
    planned: float
    planned_cny: float
    attended: int
    happened_cny: float
    tested: int
    expected_cny: float
    measured_cny: float

    realised_cny: float


@dataclass(frozen=True)
class Backtest:
    """The plan against what happened up to the end of month `through`; `over` where that is the period's last.

    `error_cny` = standard error of the realised uplift as far as it is measured, `measured_error_cny` of what was measured.
    `assumed` = lines (events, concessions) on which nothing is booked: taken as planned. `outside` = attendances of clients the
    plan does not count, `few_outside` where those clients are too few to be counted out; `few_came` where all who came are.
    `unread` = windows that tell no days and count for nothing.
    """

    through: int
    over: bool
    net: bool
    planned: Side
    to_date: Side
    realised: Side
    error_cny: float
    measured_error_cny: float
    families: tuple[FamilyLine, ...]
    assumed: tuple[str, ...]
    outside: int
    few_outside: bool
    few_came: bool
    unread: int

    @property
    def attended(self) -> int:
        return sum(line.attended for line in self.families)

    @property
    def tested_share(self) -> float:
        """The share of attendances at sessions with a control group."""
        return sum(line.tested for line in self.families) / self.attended if self.attended else 0.0


def backtest(book: Book, told: Book, plan: Plan, sessions: Sequence[SessionLine], booked: Sequence[Booked]) -> Backtest | None:
    """The plan made of `book` against what `told` tells of its period; None where nobody came to anything.

    `sessions` = the plan's, with their cash; `booked` = the bookings of the period.
    """
    policy, kinds = checked(plan.policy), events_of(book, told)
    known, least = coefficients(book.tables["responses"]), policy.privacy.min_cell
    tried = [(one, trial_of(one, known)) for one in experiments(book, policy, in_period(told, plan.year, policy.months))]
    tests = [(one, trial) for one, trial in tried if trial.fewest >= LEAST and not trial.few(least)]
    found = [one for one, _ in tests]
    came = attendances(book, policy, plan, told, found, kinds)
    if not came:
        return None
    through = max([*(one.month for one in came), *(int(one.last_on[5:7]) for one in booked if one.line in (EVENTS, CONCESSIONS))])
    inside, outside = ([one for one in came if (one.segment is not None) == counted] for counted in (True, False))
    answers = Answers(book, policy, plan)
    lines = _lines(answers, kinds, [line for line in plan.attendances if line.month <= through], inside, [(one.event.family, trial) for one, trial in tests])
    families = _told(lines, inside, least)
    to_date = _to_date(plan, sum(line.planned_cny for line in lines), [one for one in sessions if one.month <= through], through, policy.months)
    spent = {one.line: one.actual_cny for one in booked}
    return Backtest(
        through=through,
        over=through == max(policy.months),
        net=policy.value.objective == "net",
        planned=Side(plan.totals.uplift_cny, plan.totals.gain_cny, plan.totals.event_cny, plan.totals.concession_cny),
        to_date=to_date,
        realised=_realised(plan, fsum(line.realised_cny for line in lines), to_date, spent),
        error_cny=answers.mu * _error(found, {line.families[0]: _weight(line) for line in lines}),
        measured_error_cny=answers.mu * _error(found, dict.fromkeys((one.event.family for one in found), 1.0)),
        families=families,
        assumed=tuple(line for line in (EVENTS, CONCESSIONS) if line not in spent),
        outside=len(outside),
        few_outside=_few(outside, least),
        few_came=any(_hides(line, inside, least) for line in families),
        unread=unread(told),
    )


def _lines(
    answers: Answers, kinds: Mapping[str, EventKind], foreseen: Sequence[Attendances], came: Sequence[Came], tests: Sequence[tuple[str, Trial]]
) -> list[FamilyLine]:
    """Each family's line; `tests` = trials with their family."""
    planned, happened = answers.uplift_cny(planned_touches(foreseen, kinds)), answers.uplift_cny(touches_of(came))
    lines = [
        FamilyLine(
            (family,),
            fsum(line.attendances for line in foreseen if kinds[line.event].family == family),
            planned.get(family, 0.0),
            sum(one.event.family == family for one in came),
            happened.get(family, 0.0),
            sum(one.tested and one.event.family == family for one in came),
            answers.mu * fsum(trial.treated.before_cny * trial.expected for of, trial in tests if of == family),
            answers.mu * fsum(trial.treated.before_cny * trial.measured for of, trial in tests if of == family),
            happened.get(family, 0.0),
        )
        for family in sorted({*planned, *happened, *(of for of, _ in tests)})
    ]
    return [replace(line, realised_cny=line.happened_cny + _weight(line) * (line.measured_cny - line.expected_cny)) for line in lines]


def _weight(line: FamilyLine) -> float:
    """What a yuan measured counts for in what was realised: U · t / expected; nothing where nothing is expected."""
    return line.happened_cny * line.tested / line.attended / line.expected_cny if line.tested and line.expected_cny > 0 else 0.0


def _to_date(plan: Plan, uplift: float, sessions: Iterable[SessionLine], through: int, months: Sequence[int]) -> Side:
    """The plan up to the end of a month; concessions run evenly over its months."""
    part = sum(month <= through for month in months) / len(months)
    return Side(uplift, part * plan.totals.gain_cny, fsum(one.cash_cny for one in sessions), part * plan.totals.concession_cny)


def _realised(plan: Plan, uplift: float, to_date: Side, spent: Mapping[str, float]) -> Side:
    event, concession = spent.get(EVENTS, to_date.event_cny), spent.get(CONCESSIONS, to_date.concession_cny)
    planned = plan.totals.concession_cny
    return Side(uplift, plan.totals.gain_cny * concession / planned if planned else 0.0, event, concession)


def _error(found: Sequence[Experiment], weights: Mapping[str, float]) -> float:
    """Standard error of Σ weight·before·measured, a client of several experiments counted once: √Σ_clients (Σ_experiments weight·before·ψ)²."""
    adds = [
        sign * weights[one.event.family] * float(one.of(True)["before"].sum()) * influence(one.of(treated))
        for one in found
        for treated, sign in ((True, 1.0), (False, -1.0))
    ]
    return sqrt(float((pd.concat(adds).groupby(level=0).sum() ** 2).sum())) if adds else 0.0


def _few(came: Iterable[Came], least: int) -> bool:
    return 0 < len({one.client for one in came}) < least


def _told(lines: Sequence[FamilyLine], came: Sequence[Came], least: int) -> tuple[FamilyLine, ...]:
    """Lines that tell of nobody apart: those with few clients at tested or at other sessions stand in one, with the least attended others as far as needed."""
    pool = [line for line in lines if _hides(line, came, least)]
    apart = sorted((line for line in lines if line not in pool), key=lambda line: (line.attended == 0, line.attended))
    while pool and apart and _hides(_joined(pool), came, least):
        pool.append(apart.pop(0))
    return (*sorted(apart, key=lambda line: line.families), *([_joined(pool)] if pool else []))


def _hides(line: FamilyLine, inside: Sequence[Came], least: int) -> bool:
    own = [one for one in inside if one.event.family in line.families]
    return any(_few((one for one in own if one.tested == tested), least) for tested in (True, False))


def _joined(lines: Sequence[FamilyLine]) -> FamilyLine:
    families = tuple(sorted(family for line in lines for family in line.families))
    return replace(lines[0], families=families, **{one.name: sum(getattr(line, one.name) for line in lines) for one in fields(FamilyLine)[1:]})
