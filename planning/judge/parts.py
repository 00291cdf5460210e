"""Which part of its branch, tier and kind each client belongs to, where the policy refines segments.

Written from the statement in data/README.md: a code names each attribute and its value; parts of too few clients are one,
`other`; if that is too small still, the smallest of the rest joins it; where fewer than two are left there are no parts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any

from planning.judge.tables import Tables, column

Segment = tuple[str, ...]  # branch, tier, kind, and the part
IN_ORDER = ("age_band", "sex", "occupation", "industry", "risk_level", "interest")
COLUMN_OF = {"age_band": "age"}
OTHER = "other"
UNKNOWN = "unknown"


class Parts:
    """The attributes a policy refines segments by, with the clients' columns they are read from."""

    def __init__(self, tables: Tables, policy: Mapping[str, Any], interests: Iterable[tuple[str, ...]]) -> None:
        asked = policy["segments"]
        self._names = [name for name in IN_ORDER if name in (asked.get("by") or ())]
        self._columns = [interests if name == "interest" else column(tables, "clients", COLUMN_OF.get(name, name)) for name in self._names]
        self._clients = column(tables, "clients", "client")
        self._ages: Sequence[int] = asked.get("age_bands") or ()
        self._least = int(asked.get("least_clients") or policy["privacy"]["min_cell"]) if self._names else 0

    def __iter__(self) -> Iterator[tuple[str, ...]]:
        """What each client's attributes are, as one code, age_band=40-54;sex=female; none where segments are not refined."""
        if not self._names:
            return repeat((), len(self._clients))
        return ((";".join(map(self._named, self._names, values)),) for values in zip(*self._columns, strict=True))

    def merged(self, counts: Mapping[Segment, int]) -> dict[Segment, Segment]:
        """The segment each ends in, once it is known which parts are too small. `counts` = clients of every owner and code."""
        if not self._names:
            return {segment: segment for segment in counts}
        own: defaultdict[Segment, dict[str, int]] = defaultdict(dict)
        for segment, clients in counts.items():
            own[segment[:3]][segment[3]] = clients
        ends = {(*owner, code): (*owner, part) if part else owner for owner, codes in own.items() for code, part in self._final(codes).items()}
        return {segment: ends[segment] for segment in counts}

    def _final(self, own: Mapping[str, int]) -> dict[str, str]:
        by_size = sorted(own, key=lambda code: (own[code], code))
        few = sum(1 for code in by_size if own[code] < self._least)
        if 0 < few < len(by_size) and sum(own[code] for code in by_size[:few]) < self._least:
            few += 1
        parts = {code: OTHER if place < few else code for place, code in enumerate(by_size)}
        return parts if len({*parts.values()}) > 1 else dict.fromkeys(own, "")

    def _named(self, name: str, value: Any) -> str:
        return f"{name}={self._value(name, value)}"

    def _value(self, name: str, value: Any) -> str:
        if name == "interest":
            return str(value[0]) if value else UNKNOWN
        if value is None or value != value or value == "":
            return UNKNOWN
        if name == "risk_level":
            return str(int(value))
        return self._band(value) if name == "age_band" else str(value)

    def _band(self, age: float) -> str:
        begun = [start for start in self._ages if start <= age]
        ahead = [start for start in self._ages if start > age]
        low = max(begun, default=0)
        return f"{low}-{min(ahead) - 1}" if ahead else f"{low}+"
