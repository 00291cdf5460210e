"""The made-up bank's network: three regions that differ in wealth, their branches, tier standards, visit standard and managers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import ceil, floor

import numpy as np
import pandas as pd

from planning.book.sample.shapes import rank_of
from planning.book.sample.text import frame

TIERS = ("gold", "platinum", "diamond", "private", "supreme")
KINDS = ("personal", "corporate")
HOURS_YEAR = 540  # of one manager with clients: three tenths of the working time
SPARE_HOURS = 1.02  # managers' hours over the visits' need, before rounding up to whole managers
MAY_BE_VISITED = 0.92

TIER_TABLE = """
region;     tier;     rank; name_zh; name_en;         min_assets_cny; min_contribution_cny; as_of
*;          gold;     1;    金卡;    Gold;            500000;         ;                     2025-01-01
*;          platinum; 2;    白金;    Platinum;        2000000;        ;                     2025-01-01
*;          diamond;  3;    钻石;    Diamond;         5000000;        15000;                2025-01-01
*;          private;  4;    私行;    Private banking; 10000000;       30000;                2025-01-01
*;          supreme;  5;    至尊;    Supreme;         40000000;       120000;               2025-01-01
Binhai;     gold;     1;    金卡;    Gold;            800000;         ;                     2026-01-01
Binhai;     platinum; 2;    白金;    Platinum;        2500000;        ;                     2026-01-01
Binhai;     diamond;  3;    钻石;    Diamond;         6000000;        20000;                2026-01-01
Binhai;     private;  4;    私行;    Private banking; 12000000;       40000;                2026-01-01
Binhai;     supreme;  5;    至尊;    Supreme;         50000000;       150000;               2026-01-01
Yunling;    gold;     1;    金卡;    Gold;            300000;         ;                     2026-01-01
Yunling;    platinum; 2;    白金;    Platinum;        1000000;        ;                     2026-01-01
Yunling;    diamond;  3;    钻石;    Diamond;         2500000;        8000;                 2026-01-01
Yunling;    private;  4;    私行;    Private banking; 6000000;        20000;                2026-01-01
Yunling;    supreme;  5;    至尊;    Supreme;         20000000;       60000;                2026-01-01
"""

CADENCE_TABLE = """
tier;     role;    visits_year; hours_visit
gold;     manager; 0.5;         1
platinum; manager; 2;           1.5
diamond;  manager; 6;           2
diamond;  senior;  1;           2
private;  manager; 12;          2.5
private;  senior;  4;           2.5
private;  leader;  1;           2
supreme;  manager; 12;          3
supreme;  senior;  4;           3
supreme;  leader;  2;           3
"""

STEMS = {
    "Binhai": (("望海", "Wanghai"), ("金沙湾", "Jinshawan"), ("东港", "Donggang"), ("潮生路", "Chaosheng Road"), ("灯塔", "Dengta"), ("银滩", "Yintan")),
    "Jiangcheng": (("临江", "Linjiang"), ("柳堤", "Liudi"), ("桥南", "Qiaonan"), ("文昌阁", "Wenchangge"), ("渡口", "Dukou"), ("荷塘", "Hetang")),
    "Yunling": (("青崖", "Qingya"), ("石泉", "Shiquan"), ("茶山", "Chashan"), ("松坪", "Songping"), ("古驿", "Guyi"), ("竹溪", "Zhuxi")),
}  # fmt: skip


@dataclass(frozen=True)
class Region:
    """A region: median assets by kind (yuan), share of companies, and the highest grade of its managers."""

    code: str
    names: tuple[str, str]
    median_cny: Mapping[str, float]
    corporate_share: float
    top_grade: int

    def thresholds(self) -> tuple[float, ...]:
        """Least assets of each tier here, lowest tier first."""
        return tuple(float(amount) for amount in standard(self.code)["min_assets_cny"])


REGIONS = (
    Region("Binhai", ("滨海", "Binhai"), {"personal": 1_100_000, "corporate": 2_000_000}, 0.14, 6),
    Region("Jiangcheng", ("江城", "Jiangcheng"), {"personal": 650_000, "corporate": 1_200_000}, 0.13, 5),
    Region("Yunling", ("云岭", "Yunling"), {"personal": 300_000, "corporate": 600_000}, 0.12, 4),
)
_SIZES = (1.3, 1.05, 0.9, 0.75)  # branches of a region differ in size


@dataclass(frozen=True)
class Branch:
    """One branch: its place in the network, how many clients it keeps and how many managers."""

    index: int
    code: str
    region: Region
    names: tuple[str, str]
    clients: int
    managers: int

    def manager(self, place: int) -> str:
        """Code of the branch's manager at that place, lowest grade first."""
        return f"M{self.code[1:]}-{place + 1:02d}"

    def grades(self) -> tuple[int, ...]:
        """Grades of its managers, from the lowest to the region's highest."""
        return tuple(1 + (self.region.top_grade - 1) * place // max(self.managers - 1, 1) for place in range(self.managers))


def network(branches: int, clients: int) -> tuple[Branch, ...]:
    """The branches, three regions in turn, with the clients divided among them by size."""
    shares = _divided(clients, [_SIZES[i % len(_SIZES)] for i in range(branches)])
    width = max(4, len(str(branches)))
    built, seen = [], dict.fromkeys(STEMS, 0)
    for index, size in enumerate(shares):
        region = REGIONS[index * len(REGIONS) // branches]
        place, seen[region.code] = seen[region.code], seen[region.code] + 1
        staff = max(2, ceil(size * visit_hours_a_client(region.code) * SPARE_HOURS / HOURS_YEAR))
        built.append(Branch(index, f"B{index + 1:0{width}d}", region, _names(region.code, place), size, staff))
    return tuple(built)


def branch_table(branches: tuple[Branch, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "branch": [branch.code for branch in branches],
            "region": [branch.region.code for branch in branches],
            "name_zh": [branch.names[0] for branch in branches],
            "name_en": [branch.names[1] for branch in branches],
            "region_zh": [branch.region.names[0] for branch in branches],
            "region_en": [branch.region.names[1] for branch in branches],
        }
    )


def manager_table(branches: tuple[Branch, ...]) -> pd.DataFrame:
    rows = [(branch.manager(place), branch.code, grade, HOURS_YEAR) for branch in branches for place, grade in enumerate(branch.grades())]
    return pd.DataFrame(rows, columns=["manager", "branch", "grade", "hours_year"])


def tier_table(branches: tuple[Branch, ...]) -> pd.DataFrame:
    """National standards, and the own ones of the regions that have a branch."""
    rows = frame(TIER_TABLE)
    return rows[rows["region"].isin({"*", *(branch.region.code for branch in branches)})].reset_index(drop=True)


def cadence_table() -> pd.DataFrame:
    """Visits a year and hours a visit, by tier and role."""
    return frame(CADENCE_TABLE)


def standard(region: str) -> pd.DataFrame:
    """The tier standard a region applies: its own, else the national one."""
    rows = frame(TIER_TABLE)
    own = rows[rows["region"] == region]
    return own if len(own) else rows[rows["region"] == "*"]


@cache
def visit_hours_a_client(code: str) -> float:
    """Hours of visits a year that the average client of a region needs, from the law its assets are drawn from."""
    region = next(region for region in REGIONS if region.code == code)
    cadence = frame(CADENCE_TABLE)
    hours = (cadence["visits_year"] * cadence["hours_visit"]).groupby(cadence["tier"]).sum()
    share = {"corporate": region.corporate_share, "personal": 1 - region.corporate_share}
    total = 0.0
    for kind in KINDS:
        above = [1 - rank_of(least / region.median_cny[kind]) for least in region.thresholds()]
        in_tier = np.array(above) - np.array([*above[1:], 0.0])
        total += share[kind] * float(sum(part * hours[tier] for part, tier in zip(in_tier, TIERS, strict=True)))
    return total * MAY_BE_VISITED


def _names(region: str, place: int) -> tuple[str, str]:
    stems = STEMS[region]
    zh, en = stems[place % len(stems)]
    turn = place // len(stems) + 1
    return (f"{zh}支行", f"{en} Branch") if turn == 1 else (f"{zh}第{turn}支行", f"{en} Branch No. {turn}")


def _divided(total: int, weights: list[float]) -> list[int]:
    """Whole parts of `total` in proportion to the weights; largest remainders take what is left."""
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [floor(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts
