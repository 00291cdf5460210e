"""The plans' file: read as it says, or refused with the plan, the field and what to write instead."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planning.errors import PolicyError
from planning.report.i18n import sentence
from planning.run.plans_file import Entry, When, _when, read_plans
from planning.run.schedule import Schedule, following

ROOT = Path(__file__).parents[2]
GOOD = 'id = "annual-2027"\nnotebook = "annual_plan"\n'
WHEN = 'schedule = { cron = "%s", time_zone = "%s" }\n'


def read(tmp_path: Path, *plans: str, head: str = "") -> tuple[Entry, ...]:
    file = tmp_path / "plans.toml"
    file.write_text(head + "".join(f"[[plan]]\n{plan}\n" for plan in plans), encoding="utf-8")
    return read_plans(file)


def test_the_sample_banks_plans_are_the_annual_plan_the_branches_pages_and_the_client_book() -> None:
    entries = read_plans(ROOT / "data" / "plans.toml")
    assert [(entry.id, entry.notebook, entry.each, entry.after) for entry in entries] == [
        ("annual-2027", "annual_plan", None, ()),
        ("annual-2027-branches", "branch_plan", "branch", ("annual-2027",)),
        ("client-book-2027", "client_book", None, ()),
    ]
    assert all(entry.when and entry.when.time_zone == "Asia/Shanghai" for entry in entries)
    assert all((ROOT / "notebooks" / f"{entry.notebook}.ipynb").is_file() for entry in entries)


def test_parameters_are_those_a_planner_gives_after_p(tmp_path: Path) -> None:
    laid = 'parameters = { event_cny = 5_000_000, blackout = [2, 8], data_date = 2026-11-01, period = "first_half", club_every_month = false }\n'
    (entry,) = read(tmp_path, GOOD + laid)
    assert dict(entry.given) == {
        "event_cny": "5000000", "blackout": "[2, 8]", "data_date": "2026-11-01", "period": "first_half", "club_every_month": "false",
    }  # fmt: skip
    assert (entry.languages, entry.retries, entry.retry_after, entry.minutes, entry.when) == (("zh", "en"), 0, 1, 60, None)


MISTAKES = {
    "a field misspelt": (GOOD + "retires = 2\n", "plans_field_unknown_near", ("retires", "retries")),
    "a field there is not": (GOOD + "xyzzy = 2\n", "plans_field_unknown", ("xyzzy", "notebook")),
    "no notebook": ('id = "annual-2027"\n', "plans_field_missing", ("annual-2027", "notebook")),
    "a retry too many": (GOOD + "retries = 10\n", "plans_field_wrong", ("retries", "10", "≤ 9")),
    "retries as text": (GOOD + 'retries = "2"\n', "plans_field_wrong", ("retries",)),
    "a rest of more than a day": (GOOD + "retry_after = 1441\n", "plans_field_wrong", ("retry_after", "1441", "≤ 1440")),
    "no minute": (GOOD + "minutes = 0\n", "plans_field_wrong", ("minutes", "≥ 1")),
    "a language there is not": (GOOD + 'languages = ["fr"]\n', "plans_field_wrong", ("languages", "fr", "zh / en")),
    "no language": (GOOD + "languages = []\n", "plans_field_wrong", ("languages",)),
    "an id that leaves the folder": ('id = "../x"\nnotebook = "n"\n', "plan_id_malformed", ("../x",)),
    "a parameter misspelt": (GOOD + "parameters = { evnt_cny = 5 }\n", "parameter_unknown_near", ("evnt_cny", "event_cny")),
    "a parameter out of bounds": (GOOD + "parameters = { event_cny = -1 }\n", "parameter_out_of_bounds", ("event_cny", "-1")),
    "the language among the parameters": (GOOD + 'parameters = { lang = "en" }\n', "plans_own_field", ("lang", "languages")),
    "a cron of four fields": (GOOD + WHEN % ("0 6 1 *", "Asia/Shanghai"), "plans_cron", ("0 6 1 *", "0 6 1 * *")),
    "a cron with seconds": (GOOD + WHEN % ("0 0 6 1 * *", "Asia/Shanghai"), "plans_cron", ("0 0 6 1 * *",)),
    "an hour there is not": (GOOD + WHEN % ("0 24 1 * *", "Asia/Shanghai"), "plans_cron", ("0 24 1 * *",)),
    "a day there is not": (GOOD + WHEN % ("0 6 31 2 *", "Asia/Shanghai"), "plans_cron", ("0 6 31 2 *",)),
    "a time zone misspelt": (GOOD + WHEN % ("0 6 1 * *", "Asia/Shangai"), "plans_zone", ("Asia/Shangai", "Asia/Shanghai")),
    "a path as time zone": (GOOD + WHEN % ("0 6 1 * *", "../../etc/passwd"), "plans_zone", ("../../etc/passwd",)),
    "no time zone": (GOOD + 'schedule = { cron = "0 6 1 * *" }\n', "plans_field_missing", ("schedule.time_zone",)),
    "waiting for a stranger": (GOOD + 'after = ["anual-2026"]\n', "plans_after_unknown", ("anual-2026", "annual-2027")),
    "waiting for itself": (GOOD + 'after = ["annual-2027"]\n', "plans_after_circle", ("annual-2027",)),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_where_and_what_to_write(tmp_path: Path, mistake: str) -> None:
    plan, code, words = MISTAKES[mistake]
    with pytest.raises(PolicyError) as refused:
        read(tmp_path, plan)
    assert code in {fault.code for fault in refused.value.faults}
    for lang in ("zh", "en"):
        told = " ".join(sentence(fault, lang) for fault in refused.value.faults)
        assert [word for word in words if word not in told] == []


def test_every_mistake_of_every_plan_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(PolicyError) as refused:
        read(tmp_path, GOOD + "retries = -1\nminutes = 0\n", 'id = "b"\n', GOOD, GOOD, head='zone = "UTC"\n')
    assert [fault.code for fault in refused.value.faults] == [
        "plans_field_unknown", "plans_field_wrong", "plans_field_wrong", "plans_field_missing", "plans_id_twice",
    ]  # fmt: skip


@settings(deadline=None)
@given(st.text(alphabet="0123456789*/,-L#W ASUNMO", min_size=1, max_size=24))
@example("0 6 * * 5L/2")
@example("0 6 L-2 * *")
def test_whatever_stands_as_cron_is_a_schedule_or_refused(cron: str) -> None:
    faults = list(_when("p", When(cron=cron, time_zone="UTC")))
    if not faults:
        assert following(Schedule(cron, "Asia/Shanghai"), datetime(2027, 1, 1, tzinfo=UTC)) is not None
    assert {fault.code for fault in faults} <= {"plans_cron", "plans_cron_never"}


def test_a_circle_of_plans_is_refused_with_all_that_are_in_it(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"plans_after_circle.*plans=b, a, b|plans=a, b, a"):
        read(tmp_path, 'id = "a"\nnotebook = "n"\nafter = ["b"]', 'id = "b"\nnotebook = "n"\nafter = ["a"]')


@pytest.mark.parametrize(("text", "code"), [("[[plan]\n", "plans_not_toml"), ("", "plans_none"), ("plan = 3\n", "plans_none")])
def test_a_file_that_holds_no_plans_is_refused(tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "plans.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=code):
        read_plans(tmp_path / "plans.toml")
    for name in ("nowhere.toml", "plans.toml/plans.toml", "n" * 300, ""):
        with pytest.raises(PolicyError, match="plans_missing"):
            read_plans(tmp_path / name)
