"""Why no plan keeps all rules: for each rule that must give way, the rules it clashes with and what each would have to be.

A conflict is irreducible: whatever one of its rules is left out, the others can all be kept. Facts always hold.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from planning.errors import Fault, Value
from planning.optimise.feasible import Asking
from planning.optimise.problem import Problem
from planning.optimise.relief import Eased, least_relief, least_value, with_all
from planning.optimise.settings import Setting, eased, settings
from planning.policy import differing


@dataclass(frozen=True)
class Way:
    """A rule of a conflict and the value at which easing it alone ends the conflict; None where that is not enough, or was not found."""

    setting: Setting
    value: float | None
    parameters: tuple[tuple[str, str], ...]  # of the policy, as they would have to be set


@dataclass(frozen=True)
class Conflict:
    """Rules that cannot all be kept, that with the least relief first. `narrowed` = none of them can be left out, for certain."""

    ways: tuple[Way, ...]
    narrowed: bool


def conflicts(problem: Problem) -> tuple[Conflict, ...]:
    """A conflict for each rule that gives way in the least relief; none where no way out was found."""
    asking, every = Asking(), settings(problem)
    relieved = least_relief(problem, every, asking)
    return tuple(_conflict(problem, relieved, one, asking) for one in relieved)


def told(found: Sequence[Conflict]) -> tuple[Fault, ...]:
    """Conflicts as faults: a head for each, then a line for each of its rules."""
    if not found:
        return (Fault("conflict_unexplained"),)
    faults: list[Fault] = []
    for conflict in found:
        alone = len(conflict.ways) == 1
        faults.append(Fault("conflict_alone" if alone else "conflict" if conflict.narrowed else "conflict_wide", count=len(conflict.ways)))
        for way in conflict.ways:
            faults += [_line(way), *([Fault("conflict_or_target")] if way.setting.rule == "visits_kept" else [])]
    return tuple(faults)


def _conflict(problem: Problem, relieved: Sequence[Eased], one: Eased, asking: Asking) -> Conflict:
    """The irreducible set that `one` belongs to, all else that gives way having given way."""
    asking.unsure = False
    here = with_all(problem, (other for other in relieved if other != one))
    given_way = {setting for setting, _ in relieved}
    clash = _irreducible(here, [setting for setting in settings(here) if setting not in given_way], asking)
    narrowed = not asking.unsure and asking.left > 0
    ways = [_way(here, *one), *(_way(here, setting, _alone(here, setting, asking)) for setting in clash)]
    return Conflict(tuple(sorted(ways, key=lambda way: way.value is None)), narrowed)


def _irreducible(problem: Problem, suspects: Sequence[Setting], asking: Asking) -> list[Setting]:
    """Of the suspects those that cannot be left out: by halves, without whole numbers where that is enough; then each once more with them."""

    def impossible_in_parts(one: Problem) -> bool:
        return not asking.without_whole_numbers(one)

    def impossible_at_all(one: Problem) -> bool:
        return asking.has_plan(one) is False

    in_parts = impossible_in_parts(problem)
    kept = _by_halves(problem, [], list(suspects), impossible_in_parts if in_parts else impossible_at_all)
    for setting in tuple(kept) if in_parts else ():
        rest = [one for one in kept if one != setting]
        if impossible_at_all(_dropped(problem, [one for one in suspects if one not in rest])):
            kept = rest
    return kept


def _by_halves(problem: Problem, added: list[Setting], suspects: list[Setting], conflicting: Callable[[Problem], bool]) -> list[Setting]:
    """QuickXplain (Junker 2004): a smallest part of `suspects` that conflicts with the rest of the problem, the others left out."""
    if added and conflicting(_dropped(problem, suspects)):
        return []
    if len(suspects) <= 1:
        return suspects
    first, second = suspects[: len(suspects) // 2], suspects[len(suspects) // 2 :]
    of_second = _by_halves(problem, first, second, conflicting)
    of_first = _by_halves(_dropped(problem, [one for one in second if one not in of_second]), of_second, first, conflicting)
    return [*of_first, *of_second]


def _dropped(problem: Problem, left_out: Sequence[Setting]) -> Problem:
    return with_all(problem, ((setting, setting.loosest) for setting in left_out))


def _alone(problem: Problem, setting: Setting, asking: Asking) -> float | None:
    steps = least_value(problem, setting, asking)
    return None if steps is None else setting.after(steps)


def _way(problem: Problem, setting: Setting, value: float | None) -> Way:
    changed = () if value is None or setting.table else differing(problem.policy, eased(problem, setting, value).policy)
    return Way(setting, value, changed)


def _line(way: Way) -> Fault:
    setting = way.setting
    values: dict[str, Value] = {"rule": setting.rule, "where": " · ".join(setting.where), "unit": setting.unit, "end": setting.end}
    if setting.rule == "must_hold":
        values["where"] = setting.where[0]
    if way.value is None:
        return Fault("conflict_not_alone", values=values)
    put = ", ".join(f"{name} = {value}" for name, value in way.parameters)
    if setting.rule == "must_hold":
        return Fault("conflict_give_up_event", values={**values, "month": int(setting.where[1]), "put": put})
    if setting.unit == "yes":
        return Fault("conflict_give_up", values={**values, "put": put})
    values |= {"now": setting.asked, "then": way.value, "amount": abs(way.value - setting.asked)}
    raised = "raise" if way.value > setting.asked else "lower"
    return Fault(f"conflict_{raised}_cell" if setting.table else f"conflict_{raised}", setting.table, setting.column, values={**values, "put": put})
