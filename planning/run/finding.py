"""One finding about the machine: fit, not fit, or told because it only limits what can be done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from planning.errors import Fault, Value

State = Literal["fit", "unfit", "told"]


@dataclass(frozen=True)
class Finding:
    """What a check found: `code` and `values` name and fill its words, `faults` say more where there is more."""

    state: State
    code: str
    values: Mapping[str, Value] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
