"""What stands beside a parameter is what the policy holds a planner to: its unit, its bounds or choices, an example that is taken."""

import json
import re

import pytest

from planning.errors import PolicyError
from planning.policy import EXAMPLES, Parameter, comment, parameters, parsed
from planning.policy.limits import limits, wants_example
from planning.report.i18n import sentence

EVERY = {parameter.name: parameter for parameter in parameters()}
NUMBERS = {name: one for name, one in EVERY.items() if re.match(r"[≥>] ", (*limits(one.annotation), "")[0]) and not wants_example(one.annotation)}
CHOICES = {name: one for name, one in EVERY.items() if one.unit == "choice" and not wants_example(one.annotation)}


@pytest.mark.parametrize("parameter", EVERY.values(), ids=EVERY)
def test_every_parameter_tells_its_unit_and_more(parameter: Parameter) -> None:
    told = comment(parameter)
    assert told.startswith(f"{parameter.zh} · {parameter.en} [{parameter.unit}, ")
    assert told.endswith("]")


@pytest.mark.parametrize("name", NUMBERS)
def test_beyond_a_bound_that_is_told_a_value_is_refused_and_at_it_taken(name: str) -> None:
    for told in limits(NUMBERS[name].annotation):
        sign, figure = told.split(" ")
        beyond = float(figure) + (1 if sign in "≤<" else -1)
        with pytest.raises(PolicyError, match="out_of_bounds"):
            parsed(name, str(int(beyond)) if beyond.is_integer() else str(beyond))
        if sign in "≤≥":
            assert parsed(name, figure) == float(figure)


def test_every_number_tells_a_bound() -> None:
    assert {"event_cny", "gap", "seconds", "least_clients", "frozen_through_month"} <= NUMBERS.keys()
    bare = {name for name, one in EVERY.items() if one.unit not in ("choice", "list", "date", "yes/no") and not limits(one.annotation)}
    assert bare == set()


@pytest.mark.parametrize("name", [name for name, one in EVERY.items() if one.unit == "CNY"])
def test_an_amount_of_money_is_bounded_on_both_sides_in_plain_digits(name: str) -> None:
    assert limits(EVERY[name].annotation) == ("≥ 0", "≤ 1000000000000")
    with pytest.raises(PolicyError) as refused:
        parsed(name, "1e30")
    assert "1e30" in sentence(refused.value.faults[0], "zh")
    assert "（≤ 1000000000000）" in sentence(refused.value.faults[0], "zh")


@pytest.mark.parametrize("name", CHOICES)
def test_every_choice_that_is_told_is_taken_and_another_is_not(name: str) -> None:
    (told,) = limits(CHOICES[name].annotation)
    assert [parsed(name, choice) for choice in told.split(" / ")] == told.split(" / ")
    with pytest.raises(PolicyError, match="not_a_choice"):
        parsed(name, "another")


@pytest.mark.parametrize("name", [name for name, one in EVERY.items() if wants_example(one.annotation)])
def test_the_example_of_a_list_or_name_is_taken(name: str) -> None:
    example = EXAMPLES.get(EVERY[name].field) or str(EVERY[name].default)
    assert f"e.g. {example}]" in comment(EVERY[name])
    taken = parsed(name, example)
    assert taken == (json.loads(example) if example[0] in "[{" else example)
