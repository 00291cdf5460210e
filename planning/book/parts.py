"""Parts of a segment: its clients set apart by age band, sex, occupation, industry, risk level or first interest, small parts merged.

A part's code names each attribute and its value, `age_band=40-54;sex=female`; "" where a segment is not refined.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from planning.policy import Policy

WHOLE = ""
OTHER = "other"
UNKNOWN = "unknown"
OWNERS = ["branch", "tier", "kind"]


def attributes(clients: pd.DataFrame, asked: Sequence[str], bands: Sequence[int]) -> Mapping[str, pd.Series]:
    """The value of each asked attribute for every client, a text; `unknown` where the book does not say."""
    read: Mapping[str, Callable[[], pd.Series]] = {
        "age_band": lambda: _age_bands(clients["age"], bands),
        "sex": lambda: _texts(clients["sex"]),
        "occupation": lambda: _texts(clients["occupation"]),
        "industry": lambda: _texts(clients["industry"]),
        "risk_level": lambda: clients["risk_level"].map(lambda level: UNKNOWN if level != level else str(int(level))).astype("str"),
        "interest": lambda: pd.Series([own[0] if own else UNKNOWN for own in clients["interests"]], index=clients.index, dtype="str"),
    }
    return {name: read[name]() for name in asked}


def part_codes(kept: pd.DataFrame, policy: Policy) -> pd.Series:
    """The part each client who may be approached belongs to, small parts of a (branch, tier, kind) merged as `merged` says. The policy refines segments."""
    if kept.empty:
        return pd.Series(WHOLE, index=kept.index, dtype="str")
    asked = policy.segments.refined_by
    named = [f"{name}=" + values for name, values in attributes(kept, asked, policy.segments.age_bands).items()]
    code = named[0]
    for more in named[1:]:
        code = code + ";" + more
    own = kept[OWNERS].assign(part=code)
    sizes = own.groupby([*OWNERS, "part"], sort=True).size().rename("clients").reset_index()
    shown: dict[Any, str] = {}
    for owner, group in sizes.groupby(OWNERS, sort=True):
        told = merged(dict(zip(group["part"], (int(n) for n in group["clients"]), strict=True)), least_clients(policy))
        shown |= {(*owner, part): final for part, final in told.items()}
    finals = sizes.assign(shown=[shown[tuple(key)] for key in sizes[[*OWNERS, "part"]].itertuples(index=False)])
    found = own.merge(finals, on=[*OWNERS, "part"], how="left")["shown"]
    return pd.Series(found.to_numpy(), index=kept.index, dtype="str")


def least_clients(policy: Policy) -> int:
    """Fewest clients of a part: the policy's own number, else the fewest a shown figure may describe."""
    return policy.segments.least_clients or policy.privacy.min_cell


def merged(sizes: Mapping[str, int], least: int) -> Mapping[str, str]:
    """What each part of one segment is called in the end, by the number of its clients.

    Parts of fewer than `least` are one part, `other`; if that is too small itself, the smallest of the rest (the first by
    code of equals) joins it. Where fewer than two parts are left the segment stays whole.
    """
    small = {part for part, clients in sizes.items() if clients < least}
    large = sorted((clients, part) for part, clients in sizes.items() if part not in small)
    if small and large and sum(sizes[part] for part in small) < least:
        small.add(large.pop(0)[1])
    if len(large) + bool(small) < 2:
        return dict.fromkeys(sizes, WHOLE)
    return {part: OTHER if part in small else part for part in sizes}


def band_names(bands: Sequence[int]) -> tuple[str, ...]:
    """Codes of the age bands that begin at these ages: 0-29, 30-39, …, 65+."""
    starts = (0, *bands)
    return (*(f"{start}-{end - 1}" for start, end in zip(starts, bands, strict=False)), f"{bands[-1]}+")


def _age_bands(ages: pd.Series, bands: Sequence[int]) -> pd.Series:
    names = np.array([*band_names(bands), UNKNOWN], dtype=object)
    numbers = ages.to_numpy("float64")
    places = np.where(np.isnan(numbers), len(names) - 1, np.digitize(np.nan_to_num(numbers), bands))
    return pd.Series(names[places], index=ages.index, dtype="str")


def _texts(cells: pd.Series) -> pd.Series:
    return cells.where(cells.notna() & (cells != ""), UNKNOWN).astype("str")
