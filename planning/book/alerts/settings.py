"""The rules of the event pool as a bank edits them: `alerts.toml` in the data folder, else these presets. Typed, bounded, with help."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from planning.errors import Fault, PolicyError
from planning.policy import OUT_OF_BOUNDS, bound, unknown_name
from planning.policy.sections import Section, says

FILE, PART = "alerts.toml", "alerts"
ACTION_LONGEST = 200
ONE_LINE = r"^[^\x00-\x1f\x7f]*$"


def _due(days: int) -> Any:
    return says(days, "days", "应在几天内办理", "Days in which to act", ge=0, le=366)


def _rank(rank: int) -> Any:
    return says(rank, "rank", "只看层级序号不低于此的客户，0 为全部客户", "Only clients whose tier has at least this rank; 0 = all clients", ge=0, le=99)


def _share(share: float, zh: str, en: str, **bounds: float) -> Any:
    return says(share, "share", zh, en, **{"gt": 0, "le": 1, **bounds})


def _yuan(amount: float, zh: str, en: str) -> Any:
    return says(amount, "CNY", zh, en, ge=0)


def _ahead(days: int, zh: str, en: str) -> Any:
    return says(days, "days", zh, en, ge=0, le=365)


class Rule(Section):
    """What every rule has: whether it is in use, for whom, by when to act, and what is suggested."""

    on: bool = says(True, "yes/no", "是否启用", "Whether the rule is in use")
    least_rank: int = _rank(0)
    due_days: int = _due(7)
    action: str = says("", "text", "建议动作，留空用规则自带的", "What to do; empty: the rule's own words", max_length=ACTION_LONGEST, pattern=ONE_LINE)


class ContributionFell(Rule):
    share: float = _share(0.3, "比上期下降达到此比例", "Fell by at least this share of what it was", le=10)
    least_cny: float = _yuan(5_000, "且下降金额至少", "And by at least this amount")


class Outflow(Rule):
    due_days: int = _due(3)
    cny: float = _yuan(500_000, "资产比上期减少至少", "Assets fell by at least this amount")
    share: float = _share(0.3, "且至少占上期资产的此比例", "And by at least this share of what they were")


class ClientLeft(Rule):
    due_days: int = _due(3)
    cny: float = _yuan(500_000, "上期在册、本期不在册，且上期资产至少", "In the former book and not in this one, with at least these assets then")


class DepositMatures(Rule):
    days: int = _ahead(30, "存款在此天数内到期", "The deposit matures within these days")
    least_cny: float = _yuan(500_000, "且存款年日均至少", "And deposits are at least")


class LoanBalance(Rule):
    share: float = _share(0.3, "贷款余额比上期增减达到此比例", "The balance moved by at least this share of what it was", le=10)
    least_cny: float = _yuan(200_000, "且增减金额至少", "And by at least this amount")


class LoanRate(Rule):
    bp: float = says(30.0, "bp", "贷款利率比上期升降达到此基点", "The loan's rate moved by at least these basis points", gt=0, le=5_000)


class LoanPd(Rule):
    due_days: int = _due(3)
    points: float = _share(0.005, "违约概率比上期升降达到此值（0 到 1）", "The probability of default moved by at least this much (0 to 1)")


class ProductClosed(Rule):
    products: tuple[str, ...] = says((), "list", "只看这些产品，留空为全部", "Only these products; empty: all")


class Birthday(Rule):
    least_rank: int = _rank(3)
    due_days: int = _due(14)
    days: int = _ahead(14, "生日在此天数内", "The birthday is within these days")


class Anniversary(Rule):
    least_rank: int = _rank(1)
    due_days: int = _due(14)
    days: int = _ahead(14, "开户纪念日在此天数内", "The anniversary as a client is within these days")
    every_years: int = says(5, "years", "每逢几周年", "Every so many years", ge=1, le=50)


class NoContact(Rule):
    least_rank: int = _rank(1)
    weeks: float = says(
        26.0, "weeks", "超过几周没有联系（层级没有走访标准时）", "No contact for so many weeks, where the tier has no visit standard", gt=0, le=1_000
    )
    by_cadence: bool = says(True, "yes/no", "有走访标准的层级按标准的间隔", "By the interval of the tier's visit standard, where it has one")


class RiskAbove(Rule):
    due_days: int = _due(3)


class NearTier(Rule):
    due_days: int = _due(30)
    share: float = _share(0.05, "离上一层级资产门槛不超过门槛的此比例", "Short of the next tier's least assets by no more than this share of them", lt=1)


class AlertSettings(Section):
    """Every rule with what a bank may set of it, in the order alerts are listed."""

    contribution_fell: ContributionFell = ContributionFell()
    outflow: Outflow = Outflow()
    client_left: ClientLeft = ClientLeft()
    deposit_matures: DepositMatures = DepositMatures()
    loan_balance: LoanBalance = LoanBalance()
    loan_rate: LoanRate = LoanRate()
    loan_pd: LoanPd = LoanPd()
    product_closed: ProductClosed = ProductClosed()
    birthday: Birthday = Birthday()
    anniversary: Anniversary = Anniversary()
    no_contact: NoContact = NoContact()
    risk_above: RiskAbove = RiskAbove()
    near_tier: NearTier = NearTier()


RULES: tuple[str, ...] = tuple(AlertSettings.model_fields)
# The unit of an alert's value and threshold.
UNITS: Mapping[str, str] = {
    "contribution_fell": "share",
    "outflow": "CNY",
    "client_left": "CNY",
    "deposit_matures": "days",
    "loan_balance": "CNY",
    "loan_rate": "bp",
    "loan_pd": "share",
    "product_closed": "products",
    "birthday": "days",
    "anniversary": "years",
    "no_contact": "weeks",
    "risk_above": "level",
    "near_tier": "CNY",
}


def read_alert_settings(folder: Path) -> AlertSettings:
    """The rules in a data folder's alerts.toml, the presets where it has none. PolicyError lists every setting that is wrong."""
    path = folder / FILE
    if not path.is_file():
        return AlertSettings()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PolicyError(Fault("alerts_not_toml", values={"file": FILE, "problem": str(error)})) from error
    strangers = [name for name in raw if name != PART]
    if strangers:
        raise PolicyError([unknown_name(name, [PART]) for name in strangers])
    return checked(raw.get(PART, {}))


def checked(raw: Any) -> AlertSettings:
    """Rules from plain values, as the table `[alerts]` holds them. PolicyError lists every setting that is wrong."""
    try:
        return AlertSettings.model_validate(raw)
    except ValidationError as error:
        raise PolicyError([_fault(one) for one in error.errors()]) from error


def _fault(problem: Any) -> Fault:
    place = [str(part) for part in problem["loc"]]
    name, kind = ".".join((PART, *place)), problem["type"]
    fields = AlertSettings.model_fields
    own = getattr(fields[place[0]].annotation, "model_fields", {}) if place and place[0] in fields else {}
    if kind == "extra_forbidden":
        return unknown_name(place[-1], list(own if len(place) > 1 else fields))
    example = str(own[place[1]].default) if len(place) > 1 and place[1] in own else "on = true"
    code = "parameter_out_of_bounds" if kind in OUT_OF_BOUNDS else "parameter_wrong_type"
    return Fault(code, column=name, values={"name": name, "value": str(problem["input"]), "bound": bound(problem), "example": example})
