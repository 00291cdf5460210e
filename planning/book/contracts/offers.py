"""The tables that say what can be offered, within which limits, and what is expected of it."""

from planning.book.contracts.column import (
    BENEFITS,
    CONCESSIONS,
    HOSTS,
    KINDS,
    SEXES,
    SOURCES,
    TRIGGERS,
    Contract,
    day,
    key,
    listed,
    money,
    months,
    number,
    share,
    text,
    whole,
)

EVENTS = Contract(
    "events",
    "活动",
    "Events",
    ("一种活动", "an event type"),
    (
        key("event", "活动编号", "Event code"),
        key("family", "活动类别", "Event family", refers="responses.family", means=("与响应表的类别一致", "A family that the table of responses knows")),
        key("name_zh", "中文名称", "Name in Chinese"),
        key("name_en", "英文名称", "Name in English"),
        key("host", "主办层级", "Host", choices=HOSTS),
        money("fixed_cost_cny", "每场固定成本", "Fixed cost a session", required=True),
        money("guest_cost_cny", "每位来宾成本", "Cost a guest", required=True, means=("含礼品", "The gift included")),
        whole("min_guests", "最少来宾", "Fewest guests", required=True, unit="guests", least=0, most=1_000_000),
        whole("max_guests", "最多来宾", "Most guests", required=True, unit="guests", least=1, most=1_000_000),
        months("months", "可办月份", "Months allowed", required=True, means=("1 至 12，以 | 分隔", "1 to 12, separated by |")),
        whole("min_sessions", "最少场次", "Fewest sessions", unit="sessions a host and year", least=0, most=10_000, default=0),
        whole("max_sessions", "最多场次", "Most sessions", required=True, unit="sessions a host and year", least=0, most=10_000),
        number("max_per_client", "每客户最多次数", "Most attendances a client", required=True, unit="attendances a client and year", least=0, most=1000),
        listed("tiers", "适用层级", "Tiers invited", required=True, refers="tiers.tier"),
        listed("kinds", "适用客户类别", "Kinds of client invited", required=True, choices=KINDS),
        text("sex", "限定性别", "Only for", choices=SEXES),
        listed("interests", "相关兴趣", "For interests", means=("客户有其一即可；留空不限", "One in common is enough; empty: all")),
        whole("risk_level", "所需风险等级", "Risk level needed", unit="1–5", least=1, most=5),
        money("gift_cny", "礼品价值", "Gift a guest", default=0.0),
        share("partner_share", "合作方分担比例", "Share borne by partners", default=0.0),
        number("touch_weight", "触达权重", "Weight as a touch", unit="touches", least=0, most=100, default=1.0),
        number("manager_hours_session", "每场经理工时", "Manager hours a session", unit="hours", least=0, most=10_000, default=0.0),
        number("manager_hours_guest", "每位来宾经理工时", "Manager hours a guest", unit="hours", least=0, most=1000, default=0.0),
        number("notice_weeks", "提前通知周数", "Weeks of notice", unit="weeks", least=0, most=52, default=0.0),
        key("owner", "责任部门", "Owner"),
        text("benefit", "给予来宾的利益", "Benefit", choices=BENEFITS, means=("活动之外另给的；留空为无", "Given besides the event itself; empty: none")),
        text(
            "trigger",
            "给予条件",
            "Condition of the benefit",
            choices=TRIGGERS,
            means=("与存款挂钩的按规定禁止，除非写明利益为“无”", "What hangs on a deposit is blocked by rule, unless the benefit is written as none"),
        ),
    ),
    key=("event",),
    required=True,
)

RESPONSES = Contract(
    "responses",
    "活动响应",
    "Responses to events",
    ("一个层级、一个客户类别对一类活动", "a tier and kind to a family of events"),
    (
        key("tier", "层级", "Tier", refers="tiers.tier"),
        key("kind", "客户类别", "Kind of client", choices=KINDS),
        key("family", "活动类别", "Event family"),
        share("uplift_share", "贡献提升上限", "Uplift at saturation", required=True, means=("占贡献的比例", "As a share of contribution")),
        number("rate", "响应速率", "Rate of response", required=True, unit="a touch", least=0, most=100),
        share("accept_share", "接受邀请比例", "Share that accepts", required=True),
        share("show_share", "到场比例", "Share that shows up", required=True, means=("占接受者", "Of those who accept")),
        number("se_share", "标准误", "Standard error", unit="share", least=0, most=10, means=("占贡献提升上限的比例", "As a share of the uplift")),
        key("source", "依据", "Source", choices=SOURCES),
        day("as_of", "截至日期", "As of", required=True),
    ),
    key=("tier", "kind", "family"),
    required=True,
)

CONCESSION_LEVELS = Contract(
    "concessions",
    "让利档位",
    "Concession levels",
    ("一种让利的一档", "a level of a concession"),
    (
        key("concession", "让利种类", "Concession", choices=CONCESSIONS),
        whole("level", "档位", "Level", required=True, least=0, most=99, means=("0 为不让利", "0 is none")),
        number(
            "depth",
            "让利幅度",
            "Depth",
            required=True,
            unit="bp; share for fees",
            least=0,
            most=1000,
            means=("存贷款为基点，费用减免为 0 至 1 的比例；0 档为 0，逐档增大", "Basis points, or 0 to 1 of the fee; 0 at level 0, more at every level"),
        ),
        whole("min_grade", "最低经理等级", "Least grade of manager", required=True, unit="1–6", least=1, most=6),
        money("min_balance_cny", "最低余额", "Least balance"),
        number(
            "min_tenure_months", "最低存期", "Least tenure", unit="months", least=0, most=1200, means=("只用于存款利率上浮", "For the deposit premium only")
        ),
        share("max_pd", "最高违约概率", "Greatest probability of default", means=("只用于贷款利率优惠", "For the loan discount only")),
    ),
    key=("concession", "level"),
    required=True,
)

ELASTICITIES = Contract(
    "elasticities",
    "让利响应",
    "Responses to concessions",
    ("一个层级、一个客户类别对一种让利", "a tier and kind to a concession"),
    (
        key("tier", "层级", "Tier", refers="tiers.tier"),
        key("kind", "客户类别", "Kind of client", choices=KINDS),
        key("concession", "让利种类", "Concession", choices=CONCESSIONS),
        number("growth_per_unit", "每单位增长", "Growth a unit", required=True, unit="share a bp; a share of 1 for fees", least=0, most=100),
        share(
            "old_money_share",
            "存量资金占比",
            "Share of old money",
            required=True,
            means=("享受新价的资金中本行已有的部分", "Of the money at the new price, the part already held"),
        ),
        number(
            "retention_gain_per_unit", "每单位留存增益", "Retention gained a unit", unit="share a bp; a share of 1 for fees", least=0, most=100, default=0.0
        ),
        number("se_share", "标准误", "Standard error", unit="share", least=0, most=10),
        key("source", "依据", "Source", choices=SOURCES),
        day("as_of", "截至日期", "As of", required=True),
    ),
    key=("tier", "kind", "concession"),
    required=True,
)

CAPS = Contract(
    "caps",
    "利率上限",
    "Rate ceilings",
    ("一项受管制产品", "a regulated product"),
    (
        key("product", "产品", "Product", means=("让利种类的代码，如 deposit_premium", "The code of a concession, such as deposit_premium")),
        key("bank_type", "银行类型", "Type of bank", means=("* 为各类银行", "* is every type")),
        number("cap_bp", "上限", "Ceiling", required=True, unit="bp", least=0, most=1000),
        day("as_of", "生效日期", "As of", required=True),
        key("source", "来源", "Source"),
    ),
    key=("product", "bank_type", "as_of"),
    required=True,
)

PARTNERS = Contract(
    "partners",
    "合作方",
    "Partners",
    ("一家合作方", "a partner"),
    (
        key("partner", "合作方", "Partner"),
        listed("families", "合作活动类别", "Families shared", required=True, refers="responses.family"),
        share("share", "分担比例", "Share", required=True, means=("同一类别的合作方按此分摊", "Partners of a family split what is borne in this proportion")),
        money("cap_cny", "全年上限", "Greatest amount a year", required=True),
    ),
    key=("partner",),
)

PRODUCTS = Contract(
    "products",
    "产品",
    "Products",
    ("一种产品", "a product"),
    (
        key("product", "产品编号", "Product code"),
        key("name_zh", "中文名称", "Name in Chinese"),
        key("name_en", "英文名称", "Name in English"),
        key("family", "产品类别", "Product family"),
        whole("risk_level", "风险等级", "Risk level", unit="1–5", least=1, most=5),
        listed("tiers", "适用层级", "Tiers", refers="tiers.tier"),
        listed("kinds", "适用客户类别", "Kinds of client", choices=KINDS),
        listed("interests", "相关兴趣", "Interests met", means=("产品册排序时用，不影响能否购买", "Orders the product album; does not decide who may hold it")),
    ),
    key=("product",),
)
