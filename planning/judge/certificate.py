"""A plan's certificate as the judge reads it: prices on limits, and the bound they are said to prove."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from planning.judge.exact import ZERO, exact, stated
from planning.judge.priced import Price


@dataclass(frozen=True)
class Certificate:
    """certificate.json: the plan and the tables it belongs to, the bound it states (yuan), and a price a limit."""

    plan: str
    data_hash: str
    bound: Fraction
    prices: tuple[Price, ...]


def uncertifiable(policy: Mapping[str, Any]) -> str:
    """Why no prices on limits bound a plan under this policy, as a code; empty where they do.

    risk_aversion: a careful plan's value is not a sum over what it holds and grants.
    """
    return "risk_aversion" if exact(policy["value"].get("risk_aversion")) > 0 else ""


def read_certificate(given: Mapping[str, Any]) -> Certificate:
    """A parsed certificate.json. ValueError where it is none: a part is missing, is no number, or a limit is priced twice."""
    try:
        prices = tuple(_price(row) for row in given["prices"])
        found = Certificate(str(given["plan"]), str(given["data_hash"]), _number(given["bound_cny"]), prices)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a certificate") from error
    if len({(price.rule, price.where, price.sense) for price in prices}) < len(prices):
        raise ValueError("a limit is priced twice")
    return found


def _price(row: Mapping[str, Any]) -> Price:
    where = tuple(str(code) for code in row["where"])
    return Price(str(row["rule"]), where, str(row["sense"]), _number(row["price"]), _number(row["width"]) if "width" in row else ZERO)


def _number(value: Any) -> Fraction:
    number = stated(value)
    if number is None:
        raise ValueError(f"not a number: {value!r}")
    return number
