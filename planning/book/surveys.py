"""What clients answered when asked: satisfaction and response, each with its uncertainty."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from statistics import NormalDist

import pandas as pd

from planning.book.book import Book
from planning.book.interests import asked_within
from planning.book.segments import classify
from planning.book.tiers import NO_TIER
from planning.policy import Policy

WINDOW = timedelta(days=365)
Z = NormalDist().inv_cdf(0.975)
LEAST_ANSWERS = 5  # below, no interval is given
Range = tuple[float, float]


@dataclass(frozen=True)
class Opinion:
    """The answers of one group; an empty tier or kind stands for all.

    `asked` clients and the `answered` among them, response = answered / asked with its 95 % Wilson interval (None where nobody was asked).
    `rated` answers give a satisfaction 1–5, `satisfaction` is their mean (None without any) with its 95 % t interval: None for fewer
    than 5 answers or answers all alike. Both speak of the answers' chance, not of who chose to answer.
    """

    tier: str
    kind: str
    asked: int
    answered: int
    response: float | None
    response_range: Range | None
    rated: int
    satisfaction: float | None
    satisfaction_range: Range | None


@dataclass(frozen=True)
class Opinions:
    """The year's survey: all clients, by tier (lowest first), by tier and kind; `after` < dates ≤ `until`.

    `population` says who counts as asked: "surveyed", the clients of the table's rows, where it also holds those who did not answer;
    else "approachable", every client of a tier who may be approached. `others` answered but are not among the asked.
    """

    bank: Opinion
    by_tier: tuple[Opinion, ...]
    by_tier_kind: tuple[Opinion, ...]
    after: date
    until: date
    population: str
    others: int


def opinions(book: Book, policy: Policy) -> Opinions:
    """Satisfaction and response by tier and kind over the 365 days up to the data date; each client's latest answer counts, once.

    Wilson, E. B. (1927), J. Am. Stat. Assoc. 22; the t quantile after Abramowitz and Stegun (1964), 26.7.5.
    """
    until = policy.data_date
    rows_ = asked_within(book.tables["surveys"], until - WINDOW, until)
    answers = rows_[rows_["answered"]].drop_duplicates("client", keep="last").set_index("client")
    classified = classify(book, policy)
    surveyed = not rows_["answered"].all()
    fit = classified["client"].isin(rows_["client"]) if surveyed else classified["approachable"].astype(bool)
    asked = classified[fit & (classified["tier"] != NO_TIER)]
    asked = asked[["client", "rank", "tier", "kind"]].assign(
        answered=asked["client"].isin(answers.index), satisfaction=asked["client"].map(answers["satisfaction"]).astype("float64")
    )
    return Opinions(
        bank=_opinion(asked, "", ""),
        by_tier=tuple(_opinion(group, str(tier), "") for (_, tier), group in asked.groupby(["rank", "tier"])),
        by_tier_kind=tuple(_opinion(group, str(tier), str(kind)) for (_, tier, kind), group in asked.groupby(["rank", "tier", "kind"])),
        after=until - WINDOW,
        until=until,
        population="surveyed" if surveyed else "approachable",
        others=int((~answers.index.isin(asked["client"])).sum()),
    )


def wilson(part: int, whole: int) -> Range:
    """The 95 % Wilson interval of a share part / whole, whole > 0."""
    share, spread = part / whole, Z * Z / whole
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / whole + spread / (4 * whole)) / (1 + spread)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def t_quantile(freedom: int) -> float:
    """The 97.5 % quantile of Student's t for at least 4 degrees of freedom, to three decimals."""
    terms: tuple[float, ...] = ((Z**3 + Z) / 4, (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96, (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384,
             (79 * Z**9 + 776 * Z**7 + 1482 * Z**5 - 1920 * Z**3 - 945 * Z) / 92160)  # fmt: skip
    return Z + sum(float(term / freedom**power) for power, term in enumerate(terms, 1))


def _opinion(asked: pd.DataFrame, tier: str, kind: str) -> Opinion:
    answered, scores = int(asked["answered"].sum()), asked["satisfaction"].dropna()
    mean = float(scores.mean()) if len(scores) else None
    return Opinion(
        tier, kind, len(asked), answered,
        response=answered / len(asked) if len(asked) else None,
        response_range=wilson(answered, len(asked)) if len(asked) else None,
        rated=len(scores), satisfaction=mean, satisfaction_range=_mean_range(scores),
    )  # fmt: skip


def _mean_range(scores: pd.Series) -> Range | None:
    """The mean's 95 % t interval, within the scale of 1 to 5."""
    if len(scores) < LEAST_ANSWERS or scores.nunique() < 2:
        return None
    half = t_quantile(len(scores) - 1) * float(scores.std(ddof=1)) / sqrt(len(scores))
    return max(float(scores.mean()) - half, 1.0), min(float(scores.mean()) + half, 5.0)
