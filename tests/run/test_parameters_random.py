"""Ten thousand values for every parameter there is: each is taken as it was typed, or refused with a sentence that names the parameter, before a kernel starts."""

import json
import math
import random
import re
import string
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from planning import policy
from planning.errors import PolicyError
from planning.report.i18n import sentence
from planning.run import notebook, params, render, runner
from planning.run.render import Order

ROOT = Path(__file__).parents[2]
BASE = {"year": 2027, "data_date": "2026-11-01", "budget": {"event_cny": 1e6, "concession_cny": 2e6}}
CASES = 10_500
TYPED = (
    "007", "0", "-0", "1", "2", "12", "13", "0.5", "1.0", "1.5", "1e400", "-1e400", "1e-400", "1e5", "1E5", "nan", "NaN", "inf", "-inf", "Infinity", "1_000", "1__0",
    "1,000", "1，000", "１２", "٣", "5 万", "5万", "10%", "¥5", "0x10", "0b1", "0o7", "+3", "--3", "3-", "9" * 30, "9" * 5_000, "-" + "9" * 400, ".5", "5.", "½", "²",
    "no", "yes", "No", "off", "true", "True", "FALSE", "y", "n", "null", "None", "~", "12:30", "2027-01-15", "2027-13-01", "2027/01/15", "20270115", "2027-1-5",
    "2027-01-15T00:00", "1799971200", "first_half", "first half", "highs", "HIGHS", "cbc ", "net", "region", "target", "", " ", "\t5", "5\n", "5 6", "gold", "joint_stock",
    "[]", "{}", "[1]", "[0.1, 0.2]", "[0.2, 0.1]", "[0.1, 0.2, 0.3]", "[true]", "[true, false]", "[[1]]", "[NaN, 1]", "[1e999]", '["tier", "kind"]', '["kind", "tier"]',
    '["tier", "tier", "kind"]', "[2, 8]", "[2, 2]", "[8, 2]", "[0]", '["2"]', "[30, 40]", "[40, 30]", '{"gold": 0.2}', '{"gold": 0.2, "gold": 0.4}', '{"gold": true}',
    '{"gold": "0.2"}', '{"gold": 2}', '{"": 0.1}', '{"a\\u0000b": 0.1}', '{"\\ud800": 0.1}', '[{"event": "club", "month": 12}]', '[{"event": "club", "month": true}]',
    '[{"event": "club", "month": 13}]', '[{"event": "club", "month": 1, "more": 1}]', '[{"event": 5, "month": 1}]', '[{"host": "B1", "event": "e", "month": 3, "sessions": 1}]',
    "[" * 50 + "]" * 50, "[" * 60_000 + "]" * 60_000, '{"a":' * 200 + "1" + "}" * 200, "a\0b", "\0", "\ud800", "\udcff", "\u202e5", "5\u200f", "\u2066x", "\ufeff5",
    "\x1b[31m5", "x" * 1_000_000, "长" * 500_000, "{{7*7}}", "${HOME}", "$(id)", "`id`", "%00", "../x", "=1+1", "<b>5</b>", "[red]5[/red]", "__import__('os')", "1;2", "1 or 2",
)  # fmt: skip
GIVEN: tuple[Any, ...] = (
    True, False, 0, 1, -1, 2, 7, 12, 13, 10**400, -(10**400), 0.0, 0.5, 1.5, 1e308, math.nan, math.inf, -math.inf, "5", "007", "no", "yes", "12:30", "nan", "１２", "", b"5", b"", 1j,
    {0.1, 0.2}, {2, 8}, (0.1, 0.2), [0.2, 0.1], [True], [1, [2]], [[[[[[[[[[1]]]]]]]]]], {}, {"gold": 0.2}, {"gold": True}, {5: 0.2}, {"a\0": 0.2}, ["tier", "kind"], {"tier", "kind"},
    [{"event": "club", "month": 12}], [{"event": "club", "month": True}], "2027-01-15", "20270115", 0, 86_400, 1_799_971_200, "a\0b", "\ud800", "\u202ex", "x" * 1_000_000,
    "2027-01-15 00:00", date(2027, 1, 15), ..., [..., 1], [2] * 500_000,
)  # fmt: skip
YES_OR_NO = {**dict.fromkeys(("true", "yes", "on", "y", "t", "1"), True), **dict.fromkeys(("false", "no", "off", "n", "f", "0"), False)}
ALPHABET = string.digits + "+-.,eE_ %:/[]{}\"'TFnulltruefaAzZ万１٣\0\x1b\u202e\ud800=<>&"


def sought(parameter: policy.Parameter, text: str) -> Any:
    """What a text means for a parameter to one who reads it plainly; `...` where it means nothing."""
    kind = str(parameter.annotation)
    if "dict[" in kind or "tuple[" in kind:
        try:
            return json.loads(text)
        except ValueError:
            return ...
    if "Literal" in kind or "str" in kind:
        return text
    if "bool" in kind:
        return YES_OR_NO.get(text.lower(), ...)
    if "date" in kind:
        return text if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else ...
    return number(text)


def number(text: str) -> Any:
    plain = text.strip()
    if not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", plain, re.ASCII):
        return ...
    return int(plain) if re.fullmatch(r"[+-]?\d{1,4000}", plain, re.ASCII) else float(plain)


def same(taken: Any, meant: Any) -> bool:
    """Whether a value that was taken is the one that was meant, lists in their order, tables with each of their entries."""
    if isinstance(taken, dict) and isinstance(meant, dict):
        return taken.keys() == meant.keys() and all(same(taken[name], meant[name]) for name in taken)
    if isinstance(taken, list | tuple) and isinstance(meant, list | tuple):
        return len(taken) == len(meant) and all(map(same, taken, meant))
    if isinstance(taken, bool) or isinstance(meant, bool):
        return taken is meant
    if isinstance(taken, int | float) and isinstance(meant, str):
        return same(taken, number(meant))
    return bool(taken == (float(meant) if isinstance(taken, float) and isinstance(meant, int) else meant))


def sorted_where_order_is_no_matter(name: str, meant: Any) -> Any:
    """What segments are formed by stands in the order of attributes, whatever order it is typed in."""
    return sorted(meant, key=["tier", "kind"].index) if name == "by" and isinstance(meant, list | tuple) and {*meant} == {"tier", "kind"} else meant


def refused(error: PolicyError, name: str) -> None:
    """A refusal says which parameter, in a sentence of moderate length without anything that moves the terminal."""
    assert error.exit_code == 2
    for lang in ("zh", "en"):
        told = [sentence(fault, lang) for fault in error.faults]
        assert any(name in one for one in told), (name, told)
        assert all(len(one) < 600 and one.isprintable() for one in told), (name, [ascii(one) for one in told])


def texts(choose: random.Random, number_of: int) -> Iterator[tuple[policy.Parameter, str]]:
    """Every listed text for every parameter, then random ones and slips of the finger."""
    every = policy.parameters()
    yield from (
        (parameter, text) for parameter in every for text in TYPED if len(text) < 100_000 or parameter.field in ("bank_type", "event_cny", "tier", "must_hold")
    )
    for _ in range(number_of):
        parameter = choose.choice(every)
        text = list(policy.EXAMPLES.get(parameter.field) or str(parameter.default))
        for _ in range(choose.randint(0, 3)):
            text.insert(choose.randint(0, len(text)), choose.choice(ALPHABET))
        yield parameter, "".join(text if choose.random() < 0.7 else choose.choices(ALPHABET, k=choose.randint(1, 12)))


def test_ten_thousand_typed_values_mean_what_they_say_or_are_refused_by_name() -> None:
    base, taken, tried = policy.checked(BASE), 0, 0
    names = {parameter.name for parameter in policy.parameters()}
    for parameter, text in texts(random.Random(2027), 3_500):
        tried += 1
        try:
            value = policy.parsed(parameter.name, text)
            made = base.with_parameters({parameter.name: value})
        except PolicyError as error:
            refused(error, parameter.name)
            continue
        meant = sorted_where_order_is_no_matter(parameter.name, sought(parameter, text))
        assert meant is not ..., (parameter.name, text[:80], value)
        assert same(value, meant), (parameter.name, text[:80], value)
        changed = dict(policy.changes(base, made))
        assert set(changed) <= {parameter.name}
        assert value is None or parameter.name not in changed or same(changed[parameter.name], value)
        taken += 1
    assert tried >= CASES
    assert taken >= 1_000
    assert len(names) >= 50


def test_values_in_a_parameters_cell_mean_what_they_say_or_are_refused_by_name() -> None:
    base = policy.checked(BASE)
    for parameter in policy.parameters():
        for value in GIVEN:
            if isinstance(value, list) and len(value) > 1_000 and parameter.field != "blackout":
                continue
            try:
                made = base.with_parameters({parameter.name: value})
            except PolicyError as error:
                refused(error, parameter.name)
                continue
            whole = made.model_dump(mode="json")
            now = (whole[parameter.section] if parameter.section else whole)[parameter.field]
            meant = sorted_where_order_is_no_matter(parameter.name, sought(parameter, value) if isinstance(value, str) else value)
            meant = meant.isoformat() if isinstance(meant, date) else meant
            meant = bool(value) if isinstance(now, bool) and value in (0, 1) else meant
            assert same(now, meant), (parameter.name, str(value)[:80], now)


@pytest.mark.parametrize("name", ["annual_plan", "scenarios", "client_book", "branch_plan", "model_record", "what_if"])
def test_a_notebooks_own_parameters_are_texts_and_flags_or_refused_by_name(name: str) -> None:
    cell = notebook.parameters(notebook.read(ROOT / "notebooks" / f"{name}.ipynb"))
    own = [one for one in cell if one in (*params.OWN, *params.OF_SOME, *params.OF_BRANCH, *params.IN_FOLDER, *params.FLAGS)]
    assert {"plan_id", "data", "lang"} <= {*own, *(["plan_id"] if name == "what_if" else [])}
    of_published = name in ("branch_plan", "model_record")
    read = params.of_branch if of_published else params.asked
    for one in own:
        for value in (*GIVEN[:-1], *TYPED):
            try:
                found = read({**{"branch": "B1"}, **cell, one: value} if of_published else {"plan_id": "a", "save_to": "", **cell, one: value})
            except PolicyError as error:
                refused(error, one)
                continue
            assert getattr(found, one) == (value or ("sample" if one == "data" and not of_published else "")) or value in (None, False, 0)
            assert isinstance(value, bool if one in (*params.IN_FOLDER, *params.FLAGS) else str), (one, value)


def test_a_refused_value_starts_no_kernel_and_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class ReachedError(Exception):
        """A kernel would have started."""

    def reached(*_: object) -> None:
        raise ReachedError

    monkeypatch.setattr(runner, "run", reached)
    choose, ran = random.Random(7), 0
    for parameter, text in choose.sample([pair for pair in texts(choose, 0) if len(pair[1]) < 10_000], 60):
        out = tmp_path / f"out-{ran}"
        order = Order(ROOT / "notebooks" / "annual_plan.ipynb", out, ("zh",), str(ROOT / "data" / "sample"), ((parameter.name, text),))
        try:
            render.render(order, lambda *_: None)
        except PolicyError as error:
            refused(error, parameter.name)
            assert not out.exists()
        except ReachedError:
            ran += 1
            assert sought(parameter, text) is not ...
    assert 0 < ran < 60
