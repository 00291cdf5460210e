"""When a plan is due: a leap day, the year's end, the change of the clocks, missed times and a clock put back."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.run.schedule import Schedule, due, following, latest

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"
MONTHLY = Schedule("0 6 1 * *", SHANGHAI)
CRONS = ["0 6 1 * *", "30 2 * * *", "0 3 * * *", "15 2 * * SUN", "59 23 31 12 *", "0 0 29 2 *", "*/20 * * * *", "0 */6 * * *", "30 6 L * *"]
ZONES = [SHANGHAI, BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"]


def at(zone: str, *parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)  # type: ignore[arg-type]


def test_a_plan_that_never_ran_is_due_at_once_and_then_at_the_scheduled_time() -> None:
    now = at(SHANGHAI, 2027, 3, 17, 15, 0)
    first = due(MONTHLY, None, now)
    assert (first.now, first.at, first.following) == (True, at(SHANGHAI, 2027, 3, 1, 6, 0), at(SHANGHAI, 2027, 4, 1, 6, 0))
    for moment, expected in (((2027, 4, 1, 5, 59, 59), False), ((2027, 4, 1, 6, 0), True), ((2027, 4, 2, 0, 0), True)):
        assert due(MONTHLY, first.at, at(SHANGHAI, *moment)).now is expected


def test_several_missed_times_are_caught_up_once() -> None:
    served = at(SHANGHAI, 2027, 1, 1, 6, 0)
    now = at(SHANGHAI, 2027, 6, 20, 9, 0)
    missed = due(MONTHLY, served, now)
    assert (missed.now, missed.at) == (True, at(SHANGHAI, 2027, 6, 1, 6, 0))
    assert not due(MONTHLY, missed.at, now + timedelta(days=9)).now


def test_without_a_schedule_a_plan_is_due_at_every_call() -> None:
    assert due(None, at("UTC", 2027, 1, 1), at("UTC", 2027, 1, 1)).now


def test_a_leap_day_comes_every_four_years() -> None:
    leap = Schedule("0 6 29 2 *", SHANGHAI)
    now = at(SHANGHAI, 2027, 7, 1)
    assert (latest(leap, now), following(leap, now)) == (at(SHANGHAI, 2024, 2, 29, 6), at(SHANGHAI, 2028, 2, 29, 6))


def test_the_years_end_is_that_of_the_plans_own_time_zone() -> None:
    eve = Schedule("59 23 31 12 *", SHANGHAI)
    assert latest(eve, datetime(2026, 12, 31, 15, 59, tzinfo=UTC)) == datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    assert latest(eve, datetime(2026, 12, 31, 15, 58, 59, tzinfo=UTC)) == datetime(2025, 12, 31, 15, 59, tzinfo=UTC)


def test_a_time_in_the_hour_that_is_skipped_comes_when_the_hour_is_over() -> None:
    nightly = Schedule("30 2 * * *", BERLIN)
    served = at(BERLIN, 2027, 3, 27, 2, 30)
    assert not due(nightly, served, datetime(2027, 3, 28, 0, 59, tzinfo=UTC)).now
    found = due(nightly, served, datetime(2027, 3, 28, 1, 0, tzinfo=UTC))
    assert (found.now, found.at) == (True, at(BERLIN, 2027, 3, 28, 3, 0))
    assert not due(nightly, found.at, at(BERLIN, 2027, 3, 28, 23, 59)).now


def test_a_time_in_the_hour_that_comes_twice_comes_once() -> None:
    nightly = Schedule("30 2 * * *", BERLIN)
    first = at(BERLIN, 2027, 10, 31, 2, 30)
    served = due(nightly, at(BERLIN, 2027, 10, 30, 2, 30), first).at
    assert served == first
    for minutes in range(0, 24 * 60, 7):
        assert not due(nightly, served, first + timedelta(minutes=minutes)).now
    assert latest(nightly, at(BERLIN, 2027, 10, 31, 2, 10, fold=1)) == first


def test_after_the_clock_was_put_back_a_plan_is_looked_at_again_and_never_blocked() -> None:
    ahead = due(MONTHLY, None, at(SHANGHAI, 2036, 5, 5)).at
    corrected = due(MONTHLY, ahead, at(SHANGHAI, 2027, 3, 17))
    assert (corrected.now, corrected.at) == (True, at(SHANGHAI, 2027, 3, 1, 6, 0))
    assert not due(MONTHLY, corrected.at, at(SHANGHAI, 2027, 3, 18)).now
    assert due(MONTHLY, corrected.at, at(SHANGHAI, 2027, 4, 1, 6, 0)).now


@settings(deadline=None)
@given(
    st.sampled_from(CRONS),
    st.sampled_from(ZONES),
    st.datetimes(datetime(2020, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)),
)
def test_the_last_and_the_next_time_have_none_between_them(cron: str, zone: str, now: datetime) -> None:
    schedule = Schedule(cron, zone)
    before, after = latest(schedule, now), following(schedule, now)
    assert before is not None
    assert after is not None
    assert before <= now < after
    assert following(schedule, before) == after
    assert latest(schedule, after - timedelta(seconds=1)) == before


@pytest.mark.parametrize("zone", ZONES)
def test_called_every_three_hours_a_daily_plan_is_made_once_a_day_through_a_whole_year(zone: str) -> None:
    daily, served, made = Schedule("30 2 * * *", zone), at(zone, 2026, 12, 31, 2, 30), 0
    now = at(zone, 2027, 1, 1)
    while now < at(zone, 2028, 1, 1):
        found = due(daily, served, now)
        if found.now:
            served, made = found.at, made + 1
        now += timedelta(minutes=180)
    assert made == 365
