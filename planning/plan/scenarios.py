"""Named scenarios beside the base plan, each solved, judged and scored like it, and what differs line by line."""

from collections.abc import Mapping
from typing import Any

from planning.book.book import Book
from planning.catalogue.offer import offer
from planning.errors import DataFaults, Infeasible, NotSolved, PolicyError
from planning.judge import gather
from planning.optimise.placement import Placed
from planning.optimise.problem import Problem, problem
from planning.plan import budgets
from planning.plan.alternatives import alternatives
from planning.plan.compose import Choice, totals
from planning.plan.frontier import frontier
from planning.plan.judged import columns
from planning.plan.make import Progress, make_plan
from planning.plan.overrides import TableChange, changed
from planning.plan.plan import Plan
from planning.plan.scenario_file import Asked, Scenario, goals_of, in_scenario
from planning.plan.study import Difference, Names, ScenarioLine, Study
from planning.plan.summary import Summary
from planning.policy import Policy
from planning.policy.sections import Value

BELIEFS = {"responses", "elasticities"}  # tables of what is believed of clients
BARE = ("one_level", "ladder_rises_with_tier", "frozen")  # always exact, so never a limit that binds


def study(book: Book, policy: Policy, base: Summary, asked: Asked, progress: Progress) -> Study:
    """Everything the file asks for beside the base plan. DataFaults for tables that a scenario spoils.

    `progress` is told the stages: comparing, frontier, budgeting, varying.
    """
    books = {scenario.name: _book(book, policy, scenario, asked.file) for scenario in asked.scenarios}
    offered = offer(book, policy)
    problem_ = problem(offered, policy)
    lines = []
    for scenario in asked.scenarios:
        progress("comparing", {})
        lines.append(_line((books[scenario.name], policy, problem_), base, scenario))
    last = _last_year(base)
    progress("frontier", {})
    curve = frontier(problem_, last, asked.scaled, asked.shares)
    progress("budgeting", {})
    goals = goals_of(asked, base.segmented)
    least = tuple(budgets.least_line(problem_, goal) for goal in goals)
    ways = budgets.budgets_of(problem_, base.base_contribution_cny, last, (asked.affordable_cny, asked.share))
    methods = budgets.methods(problem_, ways, least[0] if least else None)
    progress("varying", {})
    others = alternatives((offered, problem_, gather(columns(book), base.plan.policy)), (base.plan, choice_of(problem_, base.plan)))
    return Study(tuple(lines), curve, least, methods, tuple(one.line for one in others))


def choice_of(problem: Problem, plan: Plan) -> Choice:
    """The plan's choice in the problem's own numbers. KeyError where the plan names what the problem does not know."""
    slots = {(slot.event.event, slot.host): s for s, slot in enumerate(problem.slots)}
    segments = {segment.key: g for g, segment in enumerate(problem.segments)}
    seats = {(seat.segment, seat.slot): i for i, seat in enumerate(problem.seats)}
    cells = {cell.key: c for c, cell in enumerate(problem.cells)}
    sessions = {(slots[row.event, row.host], row.month): row.sessions for row in plan.sessions}
    guests = {(seats[segments[row.segment], slots[row.event, row.host]], row.month): round(row.attendances) for row in plan.attendances}
    levels = {(cells[row.region, row.tier, row.kind], row.concession): row.level for row in plan.ladder}
    for (c, kind), level in levels.items():
        if level not in {step.level for step in problem.cells[c].steps[kind]}:
            raise KeyError(kind)
    return Choice(Placed(sessions, guests), levels)


def differences(base: Summary, other: Summary) -> tuple[Difference, ...]:
    """What differs: sessions by event and host, levels of ladder cells, guests by tier."""
    sessions = _differing("sessions", _sessions(base), _sessions(other))
    ladder = _differing("ladder", _ladder(base), _ladder(other))
    guests = _differing("guests", _guests(base), _guests(other))
    return (*sessions, *ladder, *guests)


def proven(base: Plan, other: Plan) -> float:
    """The part of the difference in value that both gaps together cannot explain, yuan; 0 where none is proven."""
    own, theirs = other.totals.value_cny, base.totals.value_cny
    if own > theirs:
        return max(own - max(base.solve.bound, theirs), 0.0)
    return -max(theirs - max(other.solve.bound, own), 0.0)


def _book(book: Book, policy: Policy, scenario: Scenario, file: str) -> Book:
    try:
        return changed(book, policy.with_parameters(scenario.policy), scenario.tables)
    except DataFaults as error:
        raise DataFaults(in_scenario(file, scenario.name, error)) from error


def _line(given: tuple[Book, Policy, Problem], base: Summary, scenario: Scenario) -> ScenarioLine:
    book, policy, problem_ = given
    told = _told(scenario)
    try:
        made = make_plan(book, policy.with_parameters(scenario.policy), f"{base.plan.id}-{scenario.name}", lambda *_: None)
    except (Infeasible, NotSolved) as error:
        return ScenarioLine(scenario.name, scenario.names, told, faults=error.faults)
    except PolicyError as error:
        raise PolicyError(in_scenario("", scenario.name, error)) from error
    plan, sums = made.plan, made.plan.totals
    return ScenarioLine(
        scenario.name,
        scenario.names,
        told,
        sums.value_cny,
        plan.solve.bound,
        sums.event_cny,
        sums.concession_cny,
        made.added_cny,
        made.reached_clients,
        plan.solve.status,
        plan.solve.gap,
        tuple(rule.code for rule in made.rules if rule.state == "binding" and rule.code not in BARE),
        proven(base.plan, plan),
        _measured(problem_, plan),
        _kept(book, policy.with_parameters(scenario.policy), base.plan) if beliefs_only(scenario) else None,
        differences(base, made),
    )


def beliefs_only(scenario: Scenario) -> bool:
    """Whether a scenario changes nothing but what is believed of clients: how they answer, and how long and how much effects count."""
    values = set(Value.model_fields) - {"objective", "risk_aversion"}
    return set(scenario.policy) <= values and {change.table for change in scenario.tables} <= BELIEFS and bool(scenario.policy or scenario.tables)


def _kept(book: Book, policy: Policy, plan: Plan) -> float | None:
    """What the base plan is worth in a world of other beliefs, whatever its concessions cost there."""
    return _measured(problem(offer(book, policy), policy), plan)


def _measured(problem: Problem, plan: Plan) -> float | None:
    try:
        return totals(problem, choice_of(problem, plan)).value_cny
    except KeyError:
        return None


def _told(scenario: Scenario) -> tuple[str, ...]:
    policy = [f"{name} = {_plain(value)}" for name, value in scenario.policy.items()]
    return (*policy, *(words for change in scenario.tables for words in _change_told(change)))


def _change_told(change: TableChange) -> list[str]:
    where = ", ".join(f"{name} = {' | '.join(map(str, values))}" for name, values in change.where.items())
    place = f"{change.table}[{where}]" if where else change.table
    put = [f"{place}.{name} = {_plain(value)}" for name, value in change.put.items()]
    return [*put, *(f"{place}.{name} × {factor:g}" for name, factor in change.times.items())]


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name} = {_plain(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_plain(one) for one in value) + "]"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _last_year(base: Summary) -> tuple[float, float] | None:
    event, concession = base.last_year_event_cny, base.last_year_concession_cny
    return None if event is None or concession is None else (event, concession)


Keyed = dict[tuple[str, ...], tuple[tuple[Names, ...], float]]


def _differing(what: str, before: Keyed, after: Keyed) -> list[Difference]:
    found = []
    for key in sorted({*before, *after}):
        where = (after.get(key) or before[key])[0]
        was, now = (some[key][1] if key in some else 0.0 for some in (before, after))
        if was != now:
            found.append(Difference(what, where, key, was, now))
    return sorted(found, key=lambda one: -abs(one.after - one.before))


def _sessions(summary: Summary) -> Keyed:
    found: Keyed = {}
    for line in summary.sessions:
        key = (line.event, line.host_level, line.host_names[0])
        found[key] = ((line.names, line.host_names), found[key][1] + line.sessions if key in found else float(line.sessions))
    return found


def _ladder(summary: Summary) -> Keyed:
    return {
        (line.concession, line.region, line.tier, line.kind): ((line.region_names, line.tier_names, (line.kind, line.kind)), float(line.depth))
        for line in summary.ladder
    }


def _guests(summary: Summary) -> Keyed:
    return {(line.code,): ((line.names,), line.reached) for line in summary.tiers if not line.hidden}
