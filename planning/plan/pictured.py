"""What two of the page's figures show, as finished numbers: the way from last year's plan to this one, and how clients answer to events.

Money in yuan, contribution over the horizon; shares 0..1; names in both languages are (Chinese, English).
"""

from dataclasses import dataclass

Names = tuple[str, str]


@dataclass(frozen=True)
class Fall:
    """One step on the way from plan to plan: by how much what is left after spending rises or falls.

    `kind`: family (contribution added by events), concession (by a concession; `code` empty where several are told together),
    event_cost or concession_cost (more cost is a fall). `code` = family or concession, "" for others told together.
    """

    kind: str
    code: str
    change_cny: float


@dataclass(frozen=True)
class Waterfall:
    """What is left after spending (contribution added − spending), from a former plan to this one: start + Σ changes = end.

    `start`: last_year (last year's plan done again this year) or nothing (no former plan is known).
    """

    start: str
    start_cny: float
    end_cny: float
    falls: tuple[Fall, ...]  # events, then concessions, then costs


@dataclass(frozen=True)
class ResponseCurve:
    """How clients of a tier and kind answer to a family of events, and where the plan stands on it.

    `points` = (touches a client, contribution added as a share of a year's contribution), attendances shared out as in the plan;
    `at` is the plan's own point. One standard error of the estimate lies between `share_low` and `share_high`.
    """

    tier: str
    tier_names: Names
    kind: str
    family: str
    source: str  # trial | history | judgement, "" where unknown
    error: float  # relative standard error
    points: tuple[tuple[float, float], ...]
    at: tuple[float, float]
    added_cny: float

    @property
    def share_low(self) -> float:
        return self.at[1] * max(1 - self.error, 0.0)

    @property
    def share_high(self) -> float:
        return self.at[1] * (1 + self.error)
