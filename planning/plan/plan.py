"""The plan: the frozen answer, and plan.json, the file every other tool reads."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from planning.book.parts import WHOLE
from planning.book.segments import Segment, SegmentKey, segment_key


@dataclass(frozen=True)
class Solve:
    """What the solver did. `optimal` only where the proven gap is within the asked one."""

    status: Literal["optimal", "feasible"]
    solver: str
    objective: float
    bound: float
    gap: float
    seconds: float


@dataclass(frozen=True)
class Sessions:
    """Sessions of one event type that one host holds in one month."""

    host: str
    host_level: str
    event: str
    month: int
    sessions: int


@dataclass(frozen=True)
class Attendances:
    """Expected guests of one segment at one host's sessions of one event type in one month."""

    branch: str
    tier: str
    kind: str
    host: str
    event: str
    month: int
    attendances: float
    part: str = WHOLE

    @property
    def segment(self) -> SegmentKey:
        return segment_key((self.branch, self.tier, self.kind, self.part))


@dataclass(frozen=True)
class LadderStep:
    """The level of one concession for the clients of a region, tier and kind; level 0 grants nothing."""

    region: str
    tier: str
    kind: str
    concession: str
    level: int
    depth: float
    gain_cny: float
    cost_cny: float


@dataclass(frozen=True)
class Totals:
    """Yuan a year, but uplift and gain over the horizon. `value_cny` is the objective on the response curve."""

    event_cny: float
    concession_cny: float
    uplift_cny: float
    gain_cny: float
    value_cny: float


@dataclass(frozen=True)
class Relaxed:
    """A rule the plan does not keep as it was asked: what was asked, and what the plan's policy says instead. A yes given up goes from 1 to 0."""

    rule: str
    where: tuple[str, ...]
    end: str  # least | most
    unit: str  # CNY | share | attendances | yes
    asked: float
    relaxed_to: float


@dataclass(frozen=True)
class Plan:
    """A year's plan. `policy` is the resolved policy as plain values; `relaxed` says where it is not what was asked."""

    id: str
    year: int
    state: str
    data_hash: str
    policy: Mapping[str, Any]
    solve: Solve
    segments: tuple[Segment, ...]
    sessions: tuple[Sessions, ...]
    attendances: tuple[Attendances, ...]
    ladder: tuple[LadderStep, ...]
    totals: Totals
    relaxed: tuple[Relaxed, ...] = ()

    def to_json(self) -> str:
        """The text of plan.json: the fields of the interface, in their order, a row a line.

        `relaxed` follows them where rules were relaxed; `part` stands in a row only where its segment is refined.
        """
        fields = {name: value for name, value in asdict(self).items() if name != "relaxed" or value}
        for name in ("segments", "attendances"):
            fields[name] = [{key: value for key, value in row.items() if key != "part" or value} for row in fields[name]]
        return json.dumps(fields, ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        """The plan that `to_json` wrote; ValueError when the text is not one."""
        raw = json.loads(text)
        rows = {"segments": Segment, "sessions": Sessions, "attendances": Attendances, "ladder": LadderStep}
        parts = {name: tuple(kind(**row) for row in raw[name]) for name, kind in rows.items()}
        relaxed = tuple(Relaxed(**{**row, "where": tuple(row["where"])}) for row in raw.get("relaxed", ()))
        return cls(**{**raw, **parts, "relaxed": relaxed, "solve": Solve(**raw["solve"]), "totals": Totals(**raw["totals"])})
