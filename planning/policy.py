"""Everything a planner may set: typed, bounded, with its unit and its help in Chinese and English.

The same fields are the tables of `policy.toml`, the parameters of a notebook and the names after `-p`.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from planning.errors import Fault, PolicyError

Share = Annotated[float, Field(ge=0, le=1)]
Band = tuple[Share, Share]
Month = Annotated[int, Field(ge=1, le=12)]
Age = Annotated[int, Field(ge=1, le=149)]
Attribute = Literal["tier", "kind", "age_band", "sex", "occupation", "industry", "risk_level", "interest"]
ATTRIBUTES: tuple[str, ...] = get_args(Attribute)
PERIODS = {"year": tuple(range(1, 13)), "first_half": tuple(range(1, 7)), "second_half": tuple(range(7, 13))}


def says(default: Any, unit: str, zh: str, en: str, **bounds: Any) -> Any:
    """A field with unit and help; `...` as default means a planner must set it."""
    return Field(default, json_schema_extra={"unit": unit, "zh": zh, "en": en}, **bounds)


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Budget(Section):
    event_cny: float = says(..., "CNY", "计划期内的活动预算", "Event budget of the period", ge=0)
    event_ratio: float = says(1.0, "share", "活动预算占上年贡献的上限", "Event budget, at most this share of last year's contribution", ge=0, le=1)
    concession_cny: float = says(..., "CNY", "计划期内的让利预算", "Concession budget of the period", ge=0)
    concession_ratio: float = says(1.0, "share", "让利预算占上年贡献的上限", "Concession budget, at most this share of last year's contribution", ge=0, le=1)
    transfer_share: float = says(0.0, "share", "两项预算之间可调剂的比例", "How much of either budget may move to the other", ge=0, le=1)


class Phasing(Section):
    q1: Band = says((0.0, 1.0), "share", "一季度活动支出占比的下限和上限", "First quarter's least and greatest share of event spend")
    q2: Band = says((0.0, 1.0), "share", "二季度活动支出占比的下限和上限", "Second quarter's least and greatest share of event spend")
    q3: Band = says((0.0, 1.0), "share", "三季度活动支出占比的下限和上限", "Third quarter's least and greatest share of event spend")
    q4: Band = says((0.0, 1.0), "share", "四季度活动支出占比的下限和上限", "Fourth quarter's least and greatest share of event spend")

    @model_validator(mode="after")
    def bands_rise(self) -> Self:
        for low, high in (self.q1, self.q2, self.q3, self.q4):
            if low > high:
                raise ValueError(f"{low} > {high}")
        return self


class Floors(Section):
    tier: dict[str, Share] = says({}, "share", "各层级投入占比的下限", "Least share of spending for a tier")
    branch_cny_per_client: float = says(0.0, "CNY", "各支行每位客户的最低活动投入", "Least event spending a client in every branch", ge=0)


class Caps(Section):
    tier: dict[str, Share] = says({}, "share", "各层级投入占比的上限", "Greatest share of spending for a tier")
    branch_share: float = says(1.0, "share", "单家支行投入占比的上限", "Greatest share of spending for one branch", gt=0, le=1)
    gift_cny_guest: float = says(100.0, "CNY", "每位来宾的礼品上限", "Gift cap a guest", ge=0)
    gift_cny_client_year: float = says(400.0, "CNY", "每位客户全年的礼品上限", "Gift cap a client and year", ge=0)
    attendances_client_month: float = says(2.0, "times", "每位客户每月参加活动的平均次数上限", "Attendances a client and month, at most on average", gt=0)
    concession_share_of_contribution: float = says(
        1.0, "share", "让利成本占客群贡献的上限", "Concession cost of a client group, at most this share of its contribution", ge=0, le=1
    )


class MustHold(Section):
    event: str
    month: Month


class Calendar(Section):
    approved_on: date | None = says(
        None, "date", "计划批准日期（批准并留足通知期后才能办活动）", "Date of approval: no session before it plus the event's notice"
    )
    club_every_month: bool = says(False, "yes/no", "每个区域每月至少一场活动", "At least one session a month in every region")
    must_hold: tuple[MustHold, ...] = says((), "list", "必办活动及其月份", "Sessions that must be held, with their month")
    blackout: tuple[Month, ...] = says((), "months", "不办活动的月份", "Months without events")


class LockedSessions(Section):
    host: str
    event: str
    month: Month
    sessions: int = Field(ge=0, le=999)


class LockedLevel(Section):
    region: str
    tier: str
    kind: Literal["personal", "corporate"]
    concession: str
    level: int = Field(ge=0, le=99)


class Frozen(Section):
    sessions: tuple[LockedSessions, ...] = says((), "list", "锁定的场次：主办方、活动、月份、场数照此不变", "Locked sessions, which stay as they are")
    ladder: tuple[LockedLevel, ...] = says((), "list", "锁定的让利档位：照此不变", "Locked levels of the ladder, which stay as they are")
    through_month: int = says(
        0, "month", "已过去的最后一个月：到该月为止只办锁定的场次，0 为没有", "Last month past: until then just the locked sessions; 0 = none", ge=0, le=12
    )


class Contact(Section):
    rule: Literal["required", "target"] = says(
        "required", "choice", "走访标准：必须做到（required）或尽量做到（target）", "Visit standard: required, or a target"
    )
    cost_per_hour_short: float = says(300.0, "CNY", "走访工时每短缺一小时的代价", "Price of an hour of visits missed", ge=0)


class Value(Section):
    horizon_years: int = says(3, "years", "效果计算年数", "Years over which effects count", ge=1, le=10)
    discount: float = says(0.08, "share", "年折现率", "Discount rate a year", ge=0, le=1)
    effect_kept: float = says(0.6, "share", "一年后效果的留存比例", "Share of an effect still there a year later", ge=0, le=1)
    objective: Literal["net", "gross"] = says("net", "choice", "目标：扣除成本（net）或不扣除（gross）", "Objective: net of costs, or gross")
    risk_aversion: float = says(
        0.0, "share", "风险厌恶：0 看期望值，1 只看最差的一成情形", "Risk aversion: 0 = expected value, 1 = worst tenth only", ge=0, le=1
    )


class Evaluation(Section):
    holdout_share: float = says(0.10, "share", "对照组留出比例", "Share of clients held out as control group", ge=0, lt=1)


class Privacy(Section):
    min_cell: int = says(5, "clients", "可披露的最小客户数", "Fewest clients a shown figure may describe", ge=1)


def _attributes(given: tuple[Attribute, ...]) -> tuple[Attribute, ...]:
    if len({*given}) < len(given) or not {"tier", "kind"} <= {*given}:
        raise ValueError("tier and kind, and each once")
    return tuple(sorted(given, key=ATTRIBUTES.index))


def _rising(ages: tuple[int, ...]) -> tuple[int, ...]:
    if not ages or list(ages) != sorted({*ages}):
        raise ValueError("ages must rise")
    return ages


class Segments(Section):
    by: Annotated[tuple[Attribute, ...], AfterValidator(_attributes)] = says(
        ("tier", "kind"), "list",
        "客群划分口径：层级和客户类别必选，可再按年龄段、性别、职业、行业、风险等级、第一兴趣细分",
        "What segments are formed by: tier and kind always, and age band, sex, occupation, industry, risk level, first interest where wanted",
    )  # fmt: skip
    age_bands: Annotated[tuple[Age, ...], AfterValidator(_rising)] = says(
        (30, 40, 55, 65), "years", "各年龄段的起始年龄，由低到高", "Ages at which age bands begin, rising"
    )
    assign: Literal["region", "national", "contribution_top20"] = says(
        "region",
        "choice",
        "分层标准：区域（region）、全国（national）或贡献前两成（contribution_top20）",
        "Tier standard: region, national or contribution_top20",
    )
    region_shares: dict[str, Share] = says(
        {},
        "share",
        "各区域达到该层级及以上的客户占比；填写后区域门槛按此占比校准",
        "Share of each region's clients that reaches a tier or a higher one; where set, regional thresholds are calibrated to it",
    )
    downgrade_after_months: int = says(0, "months", "降级缓冲期（月），0 为立即降级", "Buffer before a downgrade; 0 = downgrade at once", ge=0, le=60)
    least_clients: int | None = says(
        None, "clients",
        "细分后每个客群最少的客户数，不足的合并；不填则同可披露的最小客户数", "Fewest clients of a refined segment; smaller ones are merged (empty: min_cell)",
        ge=1,
    )  # fmt: skip
    survey_interests: bool = says(
        False, "yes/no", "邀请时把客户在最近一次答卷中写明的兴趣也算上", "Whether interests named in a client's latest survey answer count for invitations"
    )

    @property
    def refined_by(self) -> tuple[str, ...]:
        """The attributes that refine segments beyond tier and kind, in the order of ATTRIBUTES."""
        return tuple(name for name in self.by if name not in ("tier", "kind"))


class Products(Section):
    album_size: int = says(4, "products", "产品册中每个客群至多几种产品", "Most products a client group has in the product album", ge=1, le=50)


class Library(Section):
    stale_after_days: int = says(365, "days", "外部信息超过多少天视为过时", "Outside facts older than this are stale", ge=1, le=36_500)


class Bank(Section):
    ftp_deposit_pct: float = says(2.3, "percent", "存款内部转移价格", "Internal transfer price for deposits", ge=-5, le=20)
    ftp_loan_pct: float = says(2.9, "percent", "贷款内部转移价格", "Internal transfer price for loans", ge=-5, le=20)
    expected_loss: bool = says(True, "yes/no", "贡献是否扣除预期损失", "Whether contribution is net of expected loss")
    bank_type: str = says("joint_stock", "choice", "银行类型（决定利率上限）", "Type of bank, which decides its rate ceilings", min_length=1)


class Solver(Section):
    name: Literal["highs", "cbc"] = says("highs", "choice", "求解器", "Solver")
    gap: float = says(0.001, "share", "允许与最优的差距", "Gap to the optimum that is accepted", ge=0, le=0.5)
    seconds: int = says(60, "seconds", "求解时限", "Time limit of the solver", ge=1, le=86_400)
    threads: int = says(1, "threads", "线程数", "Threads", ge=1, le=64)
    seed: int = says(7, "number", "随机种子", "Random seed", ge=0, le=2_147_483_647)


class Policy(Section):
    """One bank's rules for one year, or half of one. Frozen; `with_parameters` gives a changed copy."""

    year: int = says(..., "year", "计划年度", "Year of the plan", ge=1990, le=2100)
    period: Literal["year", "first_half", "second_half"] = says(
        "year", "choice", "计划期：全年（year）、上半年（first_half）或下半年（second_half）", "Period of the plan: the year, or one half of it"
    )
    data_date: date = says(..., "date", "数据截止日期", "Date of the data")
    budget: Budget
    phasing: Phasing = Phasing()
    floors: Floors = Floors()
    caps: Caps = Caps()
    calendar: Calendar = Calendar()
    frozen: Frozen = Frozen()
    contact: Contact = Contact()
    value: Value = Value()
    evaluation: Evaluation = Evaluation()
    privacy: Privacy = Privacy()
    segments: Segments = Segments()
    products: Products = Products()
    library: Library = Library()
    bank: Bank = Bank()
    solver: Solver = Solver()

    @property
    def months(self) -> tuple[int, ...]:
        """The months of the period."""
        return PERIODS[self.period]

    @property
    def part_of_year(self) -> float:
        """What the period is of a year: a year's hours, caps and contribution count so much."""
        return len(self.months) / 12

    @property
    def must_hold(self) -> tuple[MustHold, ...]:
        """The sessions that must still be held in the period; those of the other half belong to its plan, those of months past to what happened."""
        ahead = [month for month in self.months if month > self.frozen.through_month]
        return tuple(entry for entry in self.calendar.must_hold if entry.month in ahead)

    def with_parameters(self, given: Mapping[str, Any]) -> "Policy":
        """A copy with the named parameters replaced; `None` leaves a field as it is. PolicyError names what is wrong."""
        changed = self.model_dump(mode="json")
        for name, value in given.items():
            if value is None:
                continue
            parameter = find(name)
            target = changed if parameter.section == "" else changed[parameter.section]
            target[parameter.field] = value
        return checked(changed)


@dataclass(frozen=True)
class Parameter:
    """A field of the policy as a notebook or the command line names it."""

    name: str
    section: str
    field: str
    unit: str
    zh: str
    en: str
    annotation: Any
    default: Any
    bounds: tuple[tuple[str, Any], ...]


def parameters() -> tuple[Parameter, ...]:
    """Every parameter, in the order of policy.toml. A field name used in two sections carries its section: `floors_tier`; so do those of [frozen]."""
    leaves = list(_leaves())
    seen = [field for _, field, _ in leaves]
    return tuple(_parameter(section, field, info, seen.count(field) > 1) for section, field, info in leaves)


def differing(before: Policy, after: Policy) -> tuple[tuple[str, str], ...]:
    """The parameters that differ, each with its later value as `-p` takes it."""
    own, other = before.model_dump(mode="json"), after.model_dump(mode="json")
    pairs = ((one.name, *((some[one.section] if one.section else some)[one.field] for some in (own, other))) for one in parameters())
    return tuple((name, now if isinstance(now, str) else json.dumps(_plain(now))) for name, was, now in pairs if was != now)


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value == int(value) else value


def find(name: str) -> Parameter:
    """The parameter of that name; PolicyError with the nearest name when there is none."""
    known = {parameter.name: parameter for parameter in parameters()}
    if name in known:
        return known[name]
    raise PolicyError(unknown_name(name, known))


def unknown_name(name: str, known: Mapping[str, Any] | list[str]) -> Fault:
    """The fault of a misspelt name, with the nearest known one when there is one near."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.5)
    code = "parameter_unknown_near" if near else "parameter_unknown"
    return Fault(code, column=name, values={"name": name, "nearest": near[0] if near else ""})


def parsed(name: str, text: str) -> Any:
    """The value that `text` (after `-p NAME`) stands for, by the field's own type. PolicyError when it is not one."""
    parameter = find(name)
    adapter: TypeAdapter[Any] = TypeAdapter(parameter.annotation)
    value: Any = text
    if text[:1] in "[{" and text[-1:] in "]}":
        try:
            value = TypeAdapter(Any).validate_json(text)
        except ValidationError:
            value = text
    try:
        return adapter.dump_python(adapter.validate_python(value), mode="json")
    except ValidationError as error:
        raise PolicyError(_fault(error.errors()[0], (parameter.section, parameter.field), text)) from error


def read(path: Path) -> Policy:
    """The policy in a TOML file. PolicyError for a missing file, bad TOML, an unknown, ill-typed or out-of-bounds field."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise PolicyError(Fault("policy_missing", values={"file": path.name})) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(Fault("policy_not_toml", values={"file": path.name, "problem": str(error)})) from error
    return checked(raw)


def checked(raw: Mapping[str, Any]) -> Policy:
    """A policy from plain values. PolicyError lists every field that is wrong."""
    try:
        return Policy.model_validate(raw)
    except ValidationError as error:
        faults = [_fault(one, tuple(str(part) for part in one["loc"]), one["input"]) for one in error.errors()]
        raise PolicyError(faults) from error


def _leaves() -> Iterator[tuple[str, str, Any]]:
    for name, info in Policy.model_fields.items():
        kind = info.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            yield from ((name, field, leaf) for field, leaf in kind.model_fields.items())
        else:
            yield "", name, info


def _parameter(section: str, field: str, info: Any, shared: bool) -> Parameter:
    extra = info.json_schema_extra
    bounds = tuple((sign, getattr(limit, sign)) for limit in info.metadata for sign in ("ge", "gt", "le", "lt") if hasattr(limit, sign))
    annotation = (
        Annotated[(info.annotation, *info.metadata, Field(allow_inf_nan=False))]
        if info.annotation is float
        else Annotated[(info.annotation, *info.metadata)]
        if info.metadata
        else info.annotation
    )
    name = f"{section}_{field}" if shared or field == "name" or section == "frozen" else field
    return Parameter(name, section, field, extra["unit"], extra["zh"], extra["en"], annotation, info.default, bounds)


OUT_OF_BOUNDS = {"greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number"}


def _fault(problem: Any, place: tuple[str, ...], value: Any) -> Fault:
    named = [part for part in place if part]
    dotted = ".".join(named)
    kind = problem["type"]
    if kind == "extra_forbidden":
        siblings = list(Policy.model_fields) if len(named) == 1 else list(_section_fields(named[0]))
        return unknown_name(dotted if len(named) == 1 else named[-1], siblings)
    if kind == "missing":
        return Fault("parameter_missing", column=dotted, values={"name": dotted})
    values = {"name": _given_name(named), "value": str(value), "bound": bound(problem), "example": _example(named)}
    code = "parameter_out_of_bounds" if kind in OUT_OF_BOUNDS else "parameter_not_a_choice" if kind == "literal_error" else "parameter_wrong_type"
    return Fault(code, column=values["name"], values=values)


def _given_name(place: list[str]) -> str:
    named = (parameter.name for parameter in parameters() if [part for part in (parameter.section, parameter.field) if part] == place[:2])
    return next(named, ".".join(place))


def _section_fields(section: str) -> Mapping[str, Any]:
    kind = Policy.model_fields[section].annotation if section in Policy.model_fields else None
    return kind.model_fields if isinstance(kind, type) and issubclass(kind, Section) else {}


def bound(problem: Any) -> str:
    """The bounds or choices a value breaks, as a planner reads them: `≥ 0`, `true / false`."""
    context = problem.get("ctx", {})
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    if "expected" in context:
        return str(context["expected"]).replace("'", "").replace(" or ", " / ").replace(", ", " / ")
    return ", ".join(f"{signs[key]} {_short(context[key])}".strip() for key in signs if key in context) or {"finite_number": "0, 1, 2 …"}.get(
        problem["type"], ""
    )


def _short(limit: Any) -> str:
    return f"{limit:g}" if isinstance(limit, float) else str(limit)


def _example(place: list[str]) -> str:
    for parameter in parameters():
        if [part for part in (parameter.section, parameter.field) if part] == place[:2]:
            return EXAMPLES.get(parameter.field) or str(parameter.default)
    return ""


EXAMPLES = {
    "event_cny": "6000000", "concession_cny": "9000000", "year": "2027", "data_date": "2026-11-01", "approved_on": "2027-01-15",
    "q1": "[0.15, 0.35]", "q2": "[0.15, 0.35]", "q3": "[0.15, 0.35]", "q4": "[0.15, 0.45]", "tier": "{\"private\": 0.2}",
    "must_hold": "[{\"event\": \"year_end_reception\", \"month\": 12}]", "blackout": "[2, 8]", "club_every_month": "true", "expected_loss": "true",
    "by": "[\"tier\", \"kind\", \"sex\"]", "age_bands": "[30, 40, 55, 65]",
    "sessions": "[{\"host\": \"B0001\", \"event\": \"medical_day\", \"month\": 3, \"sessions\": 1}]",
    "ladder": "[{\"region\": \"Binhai\", \"tier\": \"gold\", \"kind\": \"personal\", \"concession\": \"fee_waiver\", \"level\": 1}]",
}  # fmt: skip
