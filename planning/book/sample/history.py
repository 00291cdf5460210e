"""The made-up bank's last year, planned by habit: the same events in every branch, price for everybody, and what was booked."""

from collections.abc import Iterator

import pandas as pd

from planning.book.sample.network import TIERS, Branch
from planning.book.sample.offers import event_table
from planning.book.sample.shapes import Draws
from planning.book.sample.text import frame

LAST_YEAR = 2026
WEALTH = {"Binhai": 1.25, "Jiangcheng": 0.7, "Yunling": 0.25}  # last year's concessions followed the balances
COLUMNS = ["year", "branch", "region", "event", "concession", "tier", "kind", "month", "sessions", "attendances", "level", "cost_cny"]

# what every branch (region) did, in which months, and how full the rooms were
BY_HABIT = """
event;              months;         full
branch_open_day;    5|10;           0.55
film_night;         3|6|9;          0.62
wealth_salon;       3|5|8|11;       0.58
floral_art;         3|9;            0.70
birthday_table;     4|10;           0.66
medical_day;        6;              0.70
club_evening;       2|4|6|8|10|12;  0.52
tasting_dinner;     5|11;           0.75
golf_clinic;        10;             0.60
product_roadshow;   4|9;            0.45
theatre;            6;              0.55
year_end_reception; 12;             0.82
"""

# one ladder for the whole bank: level, and cost in yuan for each client of the region (all tiers and kinds count), gold … supreme
LADDER = """
concession;      kind;      gold;   platinum; diamond; private; supreme
deposit_premium; personal;  1 26;   1 48;     1 28;    2 70;    2 66
deposit_premium; corporate; 0 0;    1 14;     1 15;    1 18;    2 52
loan_discount;   personal;  0 0;    0 0;      1 12;    1 8;     1 4
loan_discount;   corporate; 0 0;    1 20;     1 14;    1 22;    1 30
fee_waiver;      personal;  1 40;   1 70;     1 38;    1 46;    1 40
fee_waiver;      corporate; 0 0;    0 0;      1 20;    1 28;    1 66
"""


def history_table(branches: tuple[Branch, ...], seed: int) -> pd.DataFrame:
    """Last year's event lines by host and concession lines by region, tier and kind."""
    rows = [*_event_lines(branches, Draws(seed, 9_000_001)), *_concession_lines(branches)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    whole = {column: "Int64" for column in ("month", "sessions", "attendances", "level")}
    return table.astype(whole)


def ledger_table(history: pd.DataFrame, branches: tuple[Branch, ...]) -> pd.DataFrame:
    """Ten months of bookings: what the plan committed and what was spent, month by month, events by head office and one line of concessions."""
    draws = Draws(len(branches), 9_000_002)
    events = history[history["event"].notna()].groupby("month")["cost_cny"].sum()
    concessions = float(history.loc[history["concession"].notna(), "cost_cny"].sum()) / 12
    rows: list[tuple[object, ...]] = []
    for month in range(1, 11):
        day = f"{LAST_YEAR}-{month:02d}-28"
        drift = draws.even(2, 0.93, 1.06)
        booked = float(events.get(month, 0.0))
        rows.append((day, "events", None, round(booked), round(booked * drift[0]), "样例：活动费用月度入账"))
        rows.append((day, "concessions", None, round(concessions), round(concessions * drift[1]), "样例：让利成本月度估算"))
    reception = float(events.get(12, 0.0))
    rows.append((f"{LAST_YEAR}-10-30", "events", branches[0].code, round(reception), 0, "样例：年终答谢会场地已签约，尚未支付"))
    return pd.DataFrame(rows, columns=["date", "line", "branch", "committed_cny", "actual_cny", "note"])


def _event_lines(branches: tuple[Branch, ...], draws: Draws) -> Iterator[tuple[object, ...]]:
    events = event_table().set_index("event").fillna({"partner_share": 0.0})
    for habit in frame(BY_HABIT).to_dict("records"):
        event = events.loc[habit["event"]]
        for branch, region, size in _hosts(branches, str(event["host"])):
            sessions = max(1, round(size))
            for month in habit["months"].split("|"):
                full = float(habit["full"]) * float(draws.even(1, 0.85, 1.1)[0]) * min(1.0, size)
                guests = sessions * max(int(event["min_guests"]), round(int(event["max_guests"]) * full))
                cost = (sessions * float(event["fixed_cost_cny"]) + guests * float(event["guest_cost_cny"])) * (1 - float(event["partner_share"]))
                yield LAST_YEAR, branch, region, habit["event"], None, None, None, int(month), sessions, guests, None, round(cost)


def _hosts(branches: tuple[Branch, ...], level: str) -> Iterator[tuple[str | None, str | None, float]]:
    """Each host as (branch, region, size); a size of 1 is a branch of 500 clients or a region of 2,000."""
    if level == "branch":
        yield from ((branch.code, None, branch.clients / 500) for branch in branches)
    else:
        yield from ((None, region, clients / 2000) for region, clients in _clients_by_region(branches).items())


def _concession_lines(branches: tuple[Branch, ...]) -> Iterator[tuple[object, ...]]:
    for region, clients in _clients_by_region(branches).items():
        for row in frame(LADDER).to_dict("records"):
            for tier in TIERS:
                level, cost = (float(part) for part in row[tier].split())
                yield LAST_YEAR, None, region, None, row["concession"], tier, row["kind"], None, None, None, int(level), round(cost * clients * WEALTH[region])


def _clients_by_region(branches: tuple[Branch, ...]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for branch in branches:
        sizes[branch.region.code] = sizes.get(branch.region.code, 0) + branch.clients
    return sizes
