"""What may be asked of a run, and how a mistake is told."""

import math
from pathlib import Path

import pytest

from planning.errors import DataFaults, PolicyError
from planning.report.i18n import sentence
from planning.run import params
from tests.report.hostile import HOSTILE, UNDRAWABLE

CELL = {"plan_id": "annual-2027", "data": "sample", "lang": "zh", "save_to": ""}


def test_a_parameters_cell_gives_its_literals() -> None:
    assert params.literals('plan_id = "a-1"  # id\nevent_cny = -3.5\nblackout = [2, 8]\ngap = None') == {
        "plan_id": "a-1",
        "event_cny": -3.5,
        "blackout": [2, 8],
        "gap": None,
    }


@pytest.mark.parametrize(
    ("line", "source"), [(2, "a = 1\nb = a * 2"), (1, "import os"), (2, 'a = 1\nb = open("x")'), (1, "a, b = 1, 2"), (2, "a = 1\nb = = 2")]
)
def test_anything_but_a_literal_is_refused_with_its_line(line: int, source: str) -> None:
    with pytest.raises(PolicyError) as refused:
        params.literals(source)
    assert refused.value.faults[0].values["line"] == line


def test_values_after_p_are_read_by_their_fields_type() -> None:
    pairs = (("event_cny", "5e6"), ("floors_tier", '{"private": 0.2}'), ("blackout", "[2, 8]"), ("club_every_month", "true"), ("plan_id", "half-2027"))
    assert params.parsed(pairs) == {
        "event_cny": 5e6,
        "floors_tier": {"private": 0.2},
        "blackout": [2, 8],
        "club_every_month": True,
        "plan_id": "half-2027",
    }


def test_every_wrong_value_is_told_at_once_and_in_both_languages() -> None:
    pairs = (("event_cny", "-1"), ("gap", "nan"), ("seconds", "soon"), ("evnt_cny", "5"), ("x; import os", "1"), ("lang", "en"))
    with pytest.raises(PolicyError) as refused:
        params.parsed(pairs)
    codes = [fault.code for fault in refused.value.faults]
    assert codes[:4] == ["parameter_out_of_bounds", "parameter_out_of_bounds", "parameter_wrong_type", "parameter_unknown_near"]
    assert codes[5] == "parameter_has_option"
    assert "event_cny" in sentence(refused.value.faults[3], "en")
    assert all(sentence(fault, lang) for fault in refused.value.faults for lang in ("zh", "en"))


def test_a_parameter_given_twice_is_refused_by_its_name_though_the_values_agree() -> None:
    pairs = (("gap", "0.01"), ("event_cny", "5"), ("gap", "0.02"), ("event_cny", "5"), ("seed", "1"))
    with pytest.raises(PolicyError) as refused:
        params.parsed(pairs)
    assert [(fault.code, fault.values["name"]) for fault in refused.value.faults] == [("parameter_twice", "gap"), ("parameter_twice", "event_cny")]


@pytest.mark.parametrize("wrong", ["../other", "Annual", "a b", "a/b", "", "a--b", "-a", "con", "x" * 65, "年度", "a\n"])
def test_a_plan_id_is_a_plain_slug(wrong: str) -> None:
    with pytest.raises(PolicyError):
        params.plan_id(wrong)


def test_a_misspelt_name_in_the_cell_is_refused_and_a_planners_own_is_not() -> None:
    with pytest.raises(PolicyError) as refused:
        params.asked({**CELL, "evnt_cny": 5e6})
    assert refused.value.faults[0].values["nearest"] == "event_cny"
    assert params.asked({**CELL, "guests_of_honour": 12}).policy == {}


@pytest.mark.parametrize(("name", "value"), [("lang", "fr"), ("plan_id", 7), ("data", ["a"]), ("save_to", math.nan)])
def test_the_notebooks_own_parameters_are_checked_too(name: str, value: object) -> None:
    with pytest.raises(PolicyError):
        params.asked({**CELL, name: value})


def test_none_leaves_a_field_to_policy_toml() -> None:
    assert params.asked({**CELL, "event_cny": None, "gap": 0.01}).policy == {"gap": 0.01}


def test_the_data_folder_is_found_from_the_root_and_from_below_it(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "ours"
    folder.mkdir(parents=True)
    (folder / "policy.toml").touch()
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    for name, start in (("ours", tmp_path), ("ours", notebooks), ("data/ours", notebooks), (str(folder), Path("/"))):
        assert params.data_folder(name, start) == folder.resolve()
    with pytest.raises(DataFaults):
        params.data_folder("theirs", tmp_path)


def test_a_published_plan_is_found_in_the_output_folder_first_then_from_here_then_above_the_output_folder(tmp_path: Path) -> None:
    def plan(place: str) -> Path:
        (tmp_path / place / "p").mkdir(parents=True)
        (tmp_path / place / "p" / "plan.json").touch()
        return (tmp_path / place / "p").resolve()

    out, start = tmp_path / "archive" / "made", tmp_path / "desk" / "notebooks"
    with pytest.raises(DataFaults, match="plan_missing"):
        params.plan_folder("p", start, out)
    above = plan("archive/outputs")
    assert params.plan_folder("p", start, out) == above
    here = plan("desk/outputs")
    assert [params.plan_folder("p", start, one) for one in (out, None)] == [here, here]
    own = plan("archive/made")
    assert [params.plan_folder(name, start, one) for name, one in (("p", out), ("p", None), (str(above), out))] == [own, here, above]


def test_relax_is_yes_or_no_and_set_by_its_option() -> None:
    cell = {"plan_id": "annual-2027", "data": "sample", "lang": "zh", "save_to": ""}
    assert [params.asked({**cell, **more}).relax for more in ({}, {"relax": True}, {"relax": None})] == [False, True, False]
    with pytest.raises(PolicyError) as ill:
        params.asked({**cell, "relax": "yes"})
    assert ill.value.faults[0].code == "parameter_wrong_type"
    with pytest.raises(PolicyError) as optioned:
        params.parsed([("relax", "true")])
    assert optioned.value.faults[0].values["option"] == "--relax"


@pytest.mark.parametrize("wrong", [*HOSTILE, *UNDRAWABLE], ids=range(len(HOSTILE) + len(UNDRAWABLE)))
def test_no_string_meant_to_do_harm_names_a_plan(wrong: str) -> None:
    with pytest.raises(PolicyError, match="plan_id_malformed"):
        params.plan_id(wrong)
