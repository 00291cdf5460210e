"""The least relief: which settings must give way when no plan keeps all rules, and the value each would have to take.

A yuan, a session and an hour compare by `model.RELIEF`. What is found is then made as tight as it can be, setting by
setting, so that one step less of any of them leaves no plan. Facts, such as rooms, guests and ladders (E1–E3, K1, K2),
never give way.
"""

from collections.abc import Iterable, Sequence
from math import inf

from planning.errors import NotSolved
from planning.optimise.feasible import NODES, Asking
from planning.optimise.impossible import impossible
from planning.optimise.model import RELIEF, Model, Row, build, relief_needed
from planning.optimise.problem import Problem
from planning.optimise.rules import RULES
from planning.optimise.settings import Setting, eased
from planning.optimise.solve import Effort, Outcome, solve
from planning.optimise.together import solve_with_months
from planning.optimise.year import large

LOOSE_GAP = 0.01
NOTHING = 1e-4
ROOM = 10  # steps more where shares contradict each other: shares that add up to just all leave whole guests no choice
WIDER = (1.0, 1.05, 1.3, 2.0)  # times the relief of a plan, tried in turn
SHARES_OF_COST = ("tier_floor", "tier_cap", "branch_cap")
Eased = tuple[Setting, float]


def with_all(problem: Problem, changes: Iterable[Eased]) -> Problem:
    """The same year with several settings at other values."""
    for setting, value in changes:
        problem = eased(problem, setting, value)
    return problem


def least_relief(problem: Problem, among: Sequence[Setting], asking: Asking) -> tuple[Eased, ...]:
    """The settings that give way, with their values; none where none helps or none was found in time."""
    found: dict[Setting, float] = {}
    shares: set[Setting] = set()
    for _ in among:
        here = with_all(problem, found.items())
        left = [setting for setting in among if setting not in found]
        contradicting = _contradicting(here, left)
        shares |= {setting for setting in contradicting if setting.unit == "share"}
        more = contradicting or _moved(here, left)
        if not more:
            return ()
        needed = _needed(problem, [*found, *more], asking)
        if needed:
            tight = _tightened(problem, _together(problem, needed, asking), asking)
            return tuple((one, one.after(one.reaching(value) + ROOM) if one in shares else value) for one, value in tight)
        found = {**found, **{setting: setting.loosest for setting in more}}
    return ()


def _needed(problem: Problem, giving_way: list[Setting], asking: Asking) -> list[Setting]:
    """Of settings that together are enough, as few as are enough; none where all of them are not."""
    if not asking.has_plan(_loosest(problem, giving_way)):
        return []
    for setting in tuple(giving_way) if len(giving_way) > 1 else ():
        rest = [one for one in giving_way if one != setting]
        if rest and asking.has_plan(_loosest(problem, rest)):
            giving_way = rest
    return giving_way


def _loosest(problem: Problem, giving_way: Iterable[Setting]) -> Problem:
    return with_all(problem, ((setting, setting.loosest) for setting in giving_way))


def _together(problem: Problem, needed: list[Setting], asking: Asking) -> dict[Setting, float]:
    """Values at which all of them together are enough, near those of the least relief."""
    moved = _moved(problem, needed) if len(needed) > 1 else {}
    for wider in WIDER if moved else ():
        trial = {setting: _after(setting, moved.get(setting, 0.0) * wider) for setting in needed}
        if asking.has_plan(with_all(problem, trial.items())):
            return trial
    return {setting: setting.loosest for setting in needed}


def least_value(problem: Problem, setting: Setting, asking: Asking, most: int | None = None) -> int | None:
    """The fewest steps by which a setting must be easier for a plan to exist, all else as it is; None where even `most` steps do not help."""
    most = setting.steps if most is None else most

    def at(steps: int) -> Problem:
        return eased(problem, setting, setting.after(steps))

    if asking.has_plan(at(most)) is not True:
        return None
    few, enough = -1, most
    while enough - few > 1 and asking.left > 0:
        middle = (few + enough) // 2
        few, enough = (few, middle) if asking.without_whole_numbers(at(middle)) else (middle, enough)
    if enough == most or asking.has_plan(at(enough)) is True:
        return enough
    few, reach = enough, 1
    while few + reach < most and asking.has_plan(at(few + reach)) is not True:
        few, reach = few + reach, 2 * reach
    enough = min(few + reach, most)
    while enough - few > 1 and asking.left > 0:
        middle = (few + enough) // 2
        few, enough = (few, middle) if asking.has_plan(at(middle)) is True else (middle, enough)
    return enough


def _tightened(problem: Problem, values: dict[Setting, float], asking: Asking) -> tuple[Eased, ...]:
    for setting in sorted(values, key=lambda one: one.rule):
        others = with_all(problem, ((one, value) for one, value in values.items() if one != setting))
        steps = least_value(others, setting, asking, setting.reaching(values[setting]))
        values[setting] = setting.after(steps) if steps is not None else values[setting]
    return tuple((setting, value) for setting, value in values.items() if value != setting.asked)


def _after(setting: Setting, move: float) -> float:
    if move == inf:
        return setting.loosest
    return setting.after(setting.reaching(setting.asked + move * (1 if setting.loosest > setting.asked else -1)))


def _contradicting(problem: Problem, among: Sequence[Setting]) -> dict[Setting, float]:
    """Where a rule is impossible by itself: the setting whose move, relative to what it is, mends most of that; {} elsewhere."""
    if not impossible(problem):
        return {}
    helping = [setting for setting in among if len(impossible(eased(problem, setting, setting.loosest))) < len(impossible(problem))]
    return {min(helping, key=lambda one: _least_move(problem, one)): inf} if helping else {}


def _least_move(problem: Problem, setting: Setting) -> float:
    now, few, enough = len(impossible(problem)), 0, setting.steps
    while enough - few > 1:
        middle = (few + enough) // 2
        few, enough = (few, middle) if len(impossible(eased(problem, setting, setting.after(middle)))) < now else (middle, enough)
    return enough * setting.step / max(abs(setting.asked), setting.step)


def _moved(problem: Problem, among: Sequence[Setting]) -> dict[Setting, float]:
    """By how much each setting gives way in the plan of least relief, that with the least first: with guests as means, then whole, then in months."""
    for stage in ("means", "whole") if large(problem) else ("means", "whole", "months"):
        model = build(problem, RULES, relieving=True)
        outcome = _relieved(model, among, stage)
        if outcome is None or outcome.status in ("infeasible", "none"):
            return {}
        moved: dict[Setting, float] = {}
        weight: dict[Setting, float] = {}
        for row in model.rows:
            relief = float(row.relief.value() or 0.0) if row.relief is not None else 0.0
            if relief > NOTHING:
                setting = max(_of(row, among), key=lambda one: abs(one.loosest - one.asked))
                moved[setting] = max(moved.get(setting, 0.0), _in_its_unit(row, relief, model))
                weight[setting] = weight.get(setting, 0.0) + relief * RELIEF[row.unit]
        if moved:
            return {setting: moved[setting] for setting in sorted(moved, key=lambda one: weight[one])}
    return {}


def _relieved(model: Model, among: Sequence[Setting], stage: str) -> Outcome | None:
    if stage == "means":
        return _least(model, among)
    if stage == "whole":
        model.whole_guests()
        return _least(model, among)
    try:
        return solve_with_months(model, LOOSE_GAP, NODES, lambda: _only(model, among))[1]
    except NotSolved:
        return None


def _least(model: Model, among: Sequence[Setting]) -> Outcome:
    _only(model, among)
    return solve(model.lp, model.problem.policy.solver, Effort(LOOSE_GAP, nodes=NODES))


def _only(model: Model, among: Sequence[Setting]) -> None:
    """Nothing but those settings gives way."""
    for row in model.rows:
        if row.relief is not None and not _of(row, among):
            row.relief.upBound = 0
    model.set_objective(relief_needed(model))


def _of(row: Row, among: Sequence[Setting]) -> list[Setting]:
    return [setting for setting in among if setting.concerns(row, "most" if row.constraint.sense < 0 else "least")]


def _in_its_unit(row: Row, relief: float, model: Model) -> float:
    """A row's relief as the move of the setting it hangs on."""
    p = model.problem
    clients: dict[tuple[str, ...], int] = {segment.key: segment.clients for segment in p.segments}
    part = p.policy.part_of_year
    whole = {
        **dict.fromkeys(SHARES_OF_COST, sum(total.value() for total in model.tier_spend.values())),
        "spend_phased": sum(cash.value() for cash in model.cash.values()),
        "branch_floor": sum(count for key, count in clients.items() if key[:1] == row.where),
        **dict.fromkeys(("visits_kept", "partner_within_cap"), part),
        "gifts_within_cap": part * clients.get(row.where, 1),
        "not_too_often": clients.get(row.where[:4], clients.get(row.where[:3], 1)),
        "concession_bearable": next((part * cell.contribution_cny for cell in p.cells if cell.key == row.where), 1.0),
    }.get(row.rule, 1.0)
    return relief / whole if whole > 0 else inf
