"""When a plan is to be made: a cron expression in a time zone, and what of it is still to be served.

Times are instants in UTC; "now" is always given, so that a leap day, a change of the clocks or a clock put back can be tried.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

FIELDS = 5
AHEAD = timedelta(hours=27)  # more than a clock is ever put back, so that an hour that comes twice is seen whole


@dataclass(frozen=True)
class Schedule:
    """A cron expression (minute, hour, day, month, weekday) and the IANA time zone in which it is read."""

    cron: str
    time_zone: str


@dataclass(frozen=True)
class Due:
    """Whether a plan is due, the scheduled time that makes it so, and the one after now; both None for a plan without a schedule."""

    now: bool
    at: datetime | None
    following: datetime | None


def due(schedule: Schedule | None, served: datetime | None, now: datetime) -> Due:
    """Whether a scheduled time lies after the one `served` last, and not after now; however many were missed, they are one.

    A plan that never ran is due. So is one that was served for a time still to come: the clock was ahead, or was put back.
    """
    if schedule is None:
        return Due(True, None, None)
    at = latest(schedule, now)
    return Due(served is None or served > now or (at is not None and at > served), at, following(schedule, now))


def latest(schedule: Schedule, now: datetime) -> datetime | None:
    """The last scheduled time that is not after now."""
    return next((time for time in _times(schedule, now + AHEAD, True) if time <= now), None)


def following(schedule: Schedule, now: datetime) -> datetime | None:
    """The first scheduled time after now; None where none comes within fifty years."""
    return next((time for time in _times(schedule, now - AHEAD, False) if time > now), None)


def _times(schedule: Schedule, start: datetime, backwards: bool) -> Iterator[datetime]:
    """Scheduled times from `start`; one that falls into a skipped hour comes when the hour is over, one in a repeated hour comes once."""
    for time in CronSim(schedule.cron, start.astimezone(ZoneInfo(schedule.time_zone)), reverse=backwards):
        yield time.astimezone(UTC)
