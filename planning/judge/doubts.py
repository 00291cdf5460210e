"""How uncertain the answers are, and the judge's own draws of them, by the stated formula.

Coefficient i is m[i,s] = max(0, 1 + se[i]·z[i,s]) times what is expected, rounded to six decimals, in each of 200 draws s.
z is the normal quantile at (p + ½)/200, p the place of s when draws are ordered by SHA-256("seed|200|key|s"), key =
table|tier|kind|name. Of what was judged half the variance is common: z = √½·z["judgement"] + √½·z[own key].
"""

from collections.abc import Mapping
from fractions import Fraction
from hashlib import sha256
from math import sqrt
from statistics import NormalDist

from planning.judge.exact import ZERO, exact
from planning.judge.tables import Tables, rows

Key = tuple[str, str, str, str]  # table, tier, kind, family or concession
Errors = Mapping[Key, tuple[Fraction, bool]]  # relative standard error, and whether it was judged

DRAWS = 200
UNSTATED = {"trial": Fraction(1, 5), "history": Fraction(7, 20), "judgement": Fraction(1, 2)}  # where a row states none


def read_errors(tables: Tables) -> Errors:
    """The error of every coefficient."""
    errors: dict[Key, tuple[Fraction, bool]] = {}
    for table, name in (("responses", "family"), ("elasticities", "concession")):
        for row in rows(tables, table):
            source = str(row.get("source"))
            error = exact(row.get("se_share"), missing=UNSTATED.get(source, ZERO))
            errors[table, row["tier"], row["kind"], row[name]] = (error, source == "judgement")
    return errors


def draws(key: Key, errors: Errors, seed: int) -> list[Fraction]:
    """m of one coefficient in every draw; 1 where nothing is uncertain about it."""
    error, judged = errors.get(key, (ZERO, False))
    if error == 0:
        return [Fraction(1)] * DRAWS
    z = _quantiles("|".join(key), seed)
    if judged:
        z = [sqrt(0.5) * common + sqrt(0.5) * own for common, own in zip(_quantiles("judgement", seed), z, strict=True)]
    return [exact(round(max(0.0, 1.0 + float(error) * one), 6)) for one in z]


def _quantiles(key: str, seed: int) -> list[float]:
    order = sorted(range(DRAWS), key=lambda s: sha256(f"{seed}|{DRAWS}|{key}|{s}".encode()).hexdigest())
    found = [0.0] * DRAWS
    for place, s in enumerate(order):
        found[s] = NormalDist().inv_cdf((place + 0.5) / DRAWS)
    return found
