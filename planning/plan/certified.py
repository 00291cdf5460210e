"""The certificate of a plan's bound: prices on the limits, kept beside the plan, and what the second judge makes of them."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from planning.errors import Fault, Refused
from planning.judge import Bound, Facts, Verdict, bound, read_certificate, uncertifiable
from planning.optimise.certificate import LimitPrice, limit_prices
from planning.optimise.problem import Problem
from planning.plan.plan import Plan
from planning.plan.summary import Certified

FEN = 0.01


def certify(plan: Plan, problem: Problem, facts: Facts, verdict: Verdict) -> Certified:
    """The plan's certificate, its bound worked out by the second judge from the prices alone; why there is none, where there is none.

    A price on a row that the judge does not state is left out: the bound is a little weaker, and still one.
    """
    reason = uncertifiable(plan.policy)
    if reason:
        return Certified(absent=reason)
    priced = limit_prices(problem)
    if priced is None:
        return Certified(absent="not_solved")
    found = _bound(priced, facts)
    unread = {(price.rule, price.where, price.sense) for price in found.unread}
    kept = [price for price in priced if (price.rule, price.where, price.sense) not in unread]
    text = _text({"plan": plan.id, "data_hash": plan.data_hash, "bound_cny": float(found.cny)}, kept)
    return _against(found, verdict, text)


def recertified(text: str | None, plan: Mapping[str, Any], facts: Facts, verdict: Verdict) -> Certified:
    """What the text of a certificate.json proves of a plan (parsed plan.json); None = the plan has none.

    Refused when it cannot be read, belongs to another plan or other tables, prices what is no limit, states a lower bound
    than its prices prove, or the plan is worth more than they allow.
    """
    reason = uncertifiable(plan["policy"])
    if reason or text is None:
        return Certified(absent=reason or "not_made")
    try:
        given = read_certificate(json.loads(text))
    except ValueError as error:
        raise Refused(Fault("certificate_unreadable")) from error
    if (given.plan, given.data_hash) != (plan["id"], plan["data_hash"]):
        raise Refused(Fault("certificate_of_other_plan", values={"plan": given.plan}))
    found = bound(given.prices, facts)
    if found.unread:
        price = found.unread[0]
        raise Refused(Fault("certificate_no_limit", values={"rule": price.rule, "where": " · ".join(price.where), "others": len(found.unread)}))
    if given.bound < found.cny:
        raise Refused(Fault("certificate_bound_too_low", values={"stated": float(given.bound), "found": float(found.cny)}))
    return _against(found, verdict, text)


def _bound(priced: Iterable[LimitPrice], facts: Facts) -> Bound:
    rows = json.loads(json.dumps([_row(price) for price in priced]))
    return bound(read_certificate({"plan": "", "data_hash": "", "bound_cny": 0, "prices": rows}).prices, facts)


def _against(found: Bound, verdict: Verdict, text: str) -> Certified:
    value, limit = verdict.totals["value_cny"], float(found.cny)
    if value > limit + FEN:
        raise Refused(Fault("certificate_value_above", values={"value": round(value, 2), "bound": limit}))
    return Certified(limit, max(limit - value, 0.0) / max(abs(value), 1.0), text=text)


def _text(head: Mapping[str, Any], priced: Iterable[LimitPrice]) -> str:
    """The text of certificate.json, a price a line."""
    lines = ",\n".join(f"  {json.dumps(_row(price), ensure_ascii=False, allow_nan=False)}" for price in priced)
    told = json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
    return f'{told},\n "prices": [\n{lines}\n ]\n}}\n'


def _row(price: LimitPrice) -> dict[str, Any]:
    row = {"rule": price.rule, "where": list(price.where), "sense": price.sense, "price": price.price}
    return row if price.width is None else {**row, "width": price.width}
