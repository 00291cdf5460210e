"""What rules of law and conduct forbid, found from the tables alone: events nobody may be invited to, and what an event gives."""

from collections.abc import Mapping
from typing import Any

from planning.judge.exact import exact
from planning.judge.tables import Row

NO_REWARD, GIFT_CAP = "L1", "L2"
OF_VALUE = ("gift", "cash", "points", "expense_rebate", "travel")


def forbidding(row: Row, policy: Mapping[str, Any]) -> frozenset[str]:
    """The rules that forbid an event: L1 a benefit for a deposit, or cash back; L2 a gift above the cap a guest."""
    gift, benefit = exact(row.get("gift_cny")), row.get("benefit")
    for_deposit = row.get("trigger") == "deposit" and not (benefit == "none" and gift == 0)
    rules = {NO_REWARD: for_deposit or benefit == "cash", GIFT_CAP: gift > exact(policy["caps"]["gift_cny_guest"])}
    return frozenset(rule for rule, broken in rules.items() if broken)


def gives(row: Row) -> bool:
    """Whether guests are given something that officials and counterparties' staff may not have (L2)."""
    return exact(row.get("gift_cny")) > 0 or row.get("benefit") in OF_VALUE
