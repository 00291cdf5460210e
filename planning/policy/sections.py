"""The sections of the policy: each field with its unit, its bounds and its help in Chinese and English."""

from datetime import date
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from planning.policy.plain import is_plain

Share = Annotated[float, Field(ge=0, le=1)]
Band = tuple[Share, Share]
Month = Annotated[int, Field(ge=1, le=12)]
Age = Annotated[int, Field(ge=1, le=149)]
Attribute = Literal["tier", "kind", "age_band", "sex", "occupation", "industry", "risk_level", "interest"]
ATTRIBUTES: tuple[str, ...] = get_args(Attribute)
MONEY = {"ge": 0, "le": 1_000_000_000_000}  # more than any bank's, and still exact to the fen
PERIODS = {"year": tuple(range(1, 13)), "first_half": tuple(range(1, 7)), "second_half": tuple(range(7, 13))}


def says(default: Any, unit: str, zh: str, en: str, **bounds: Any) -> Any:
    """A field with unit and help; `...` as default means a planner must set it."""
    return Field(default, json_schema_extra={"unit": unit, "zh": zh, "en": en}, **bounds)


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def is_what_it_seems(cls, value: Any, info: ValidationInfo) -> Any:
        kind = cls.model_fields[str(info.field_name)].annotation
        if not (isinstance(kind, type) and issubclass(kind, BaseModel)) and not is_plain(value, kind):
            raise ValueError("not plain")
        return value


class Budget(Section):
    event_cny: float = says(..., "CNY", "计划期内的活动预算", "Event budget of the period", **MONEY)
    event_ratio: float = says(1.0, "share", "活动预算占上年贡献的上限", "Event budget, at most this share of last year's contribution", ge=0, le=1)
    concession_cny: float = says(..., "CNY", "计划期内的让利预算", "Concession budget of the period", **MONEY)
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
    branch_cny_per_client: float = says(0.0, "CNY", "各支行每位客户的最低活动投入", "Least event spending a client in every branch", **MONEY)


class Caps(Section):
    tier: dict[str, Share] = says({}, "share", "各层级投入占比的上限", "Greatest share of spending for a tier")
    branch_share: float = says(1.0, "share", "单家支行投入占比的上限", "Greatest share of spending for one branch", gt=0, le=1)
    gift_cny_guest: float = says(100.0, "CNY", "每位来宾的礼品上限", "Gift cap a guest", **MONEY)
    gift_cny_client_year: float = says(400.0, "CNY", "每位客户全年的礼品上限", "Gift cap a client and year", **MONEY)
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
    cost_per_hour_short: float = says(300.0, "CNY", "走访工时每短缺一小时的代价", "Price of an hour of visits missed", **MONEY)


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
