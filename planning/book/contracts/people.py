"""The tables that say who the clients are and who looks after them."""

from planning.book.contracts.column import KINDS, ROLES, SEXES, Contract, day, flag, key, listed, money, number, share, text, whole

BRANCHES = Contract(
    "branches",
    "支行",
    "Branches",
    ("一家支行", "a branch"),
    (
        key("branch", "支行编号", "Branch code"),
        key("region", "区域", "Region", means=("支行所属区域的编号；不能写 *", "Code of the region the branch belongs to; not *")),
        key("name_zh", "中文名称", "Name in Chinese"),
        key("name_en", "英文名称", "Name in English"),
        text("region_zh", "区域中文名称", "Region's name in Chinese", means=("留空用区域编号", "Empty: the region's code")),
        text("region_en", "区域英文名称", "Region's name in English", means=("留空用区域编号", "Empty: the region's code")),
    ),
    key=("branch",),
    required=True,
)

CLIENTS = Contract(
    "clients",
    "客户",
    "Clients",
    ("一位客户", "a client"),
    (
        key("client", "客户编号", "Client number", means=("文本，不是数字：000123 与 123 是两位客户", "Text, not a number: 000123 and 123 are two clients")),
        key("branch", "所属支行", "Branch of the client", refers="branches.branch"),
        key("kind", "客户类别", "Kind of client", choices=KINDS),
        money(
            "deposit_avg_cny",
            "存款年日均",
            "Average deposits",
            required=True,
            means=("全年日均余额，不是时点数", "Average balance of the year, not a balance of one day"),
        ),
        number(
            "deposit_rate_pct",
            "存款利率",
            "Deposit rate",
            unit="percent",
            least=-5,
            most=30,
            means=("有存款而没有给出贡献时必填", "Needed where there are deposits and no contribution is given"),
        ),
        number("deposit_tenure_months", "存款存期", "Deposit tenure", unit="months", least=0, most=1200),
        money("loan_avg_cny", "贷款年日均", "Average loans"),
        number(
            "loan_rate_pct",
            "贷款利率",
            "Loan rate",
            unit="percent",
            least=-5,
            most=60,
            means=("有贷款而没有给出贡献时必填", "Needed where there are loans and no contribution is given"),
        ),
        share("pd", "违约概率", "Probability of default"),
        share("lgd", "违约损失率", "Loss given default"),
        money(
            "invest_avg_cny", "投资理财年日均", "Average investments", means=("与存款相加即资产，决定层级", "With deposits: the assets that decide the tier")
        ),
        money("fee_income_cny", "中间业务收入", "Fee income"),
        money("cost_to_serve_cny", "服务成本", "Cost to serve"),
        money(
            "capital_charge_cny", "资本占用成本", "Capital charge", means=("一年；给出则从贡献中扣除", "A year; where given it is subtracted from contribution")
        ),
        money(
            "contribution_cny",
            "贡献度",
            "Contribution",
            least=None,
            means=("一年；给出则不再计算，可为负", "A year; where given it is not computed; may be negative"),
        ),
        money(
            "contribution_last_cny",
            "上年贡献度",
            "Last year's contribution",
            least=None,
            means=("两项预算比例的基数", "What the two budget ratios are taken of"),
        ),
        listed("products", "持有产品", "Products held"),
        day("since", "开户日期", "Client since"),
        number("age", "年龄", "Age", unit="years", least=0, most=150),
        text("sex", "性别", "Sex", choices=SEXES, means=("公司客户留空", "Empty for companies")),
        text("occupation", "职业", "Occupation"),
        text("industry", "行业", "Industry"),
        listed("interests", "兴趣", "Interests"),
        whole("risk_level", "风险等级", "Risk level", unit="1–5", least=1, most=5),
        text("manager", "客户经理编号", "Client manager", refers="managers.manager"),
        flag("public_official", "是否公职人员", "Public official", default=False),
        flag("state_owned_contact", "是否国有单位经办人", "Contact at a state-owned company", default=False),
        flag("consent", "同意营销", "Consent", required=True),
        flag("opt_out", "拒绝打扰", "Opted out", default=False),
        text("tier_last", "上期层级", "Last tier", refers="tiers.tier"),
        day("tier_since", "层级起始日", "In this tier since"),
        day(
            "below_since",
            "低于标准起始日",
            "Below the standard since",
            means=(
                "从这天起一直未达到上期层级的标准；降级缓冲期由此起算",
                "Since when the last tier's standard has not been met; the buffer before a downgrade runs from it",
            ),
        ),
        day(
            "birthday",
            "生日",
            "Birthday",
            may_be_later=True,
            means=("只用月和日；年份不详写 1904。公司留空", "Month and day are used; where the year is not known write 1904. Empty for companies"),
        ),
        day(
            "deposit_matures",
            "存款到期日",
            "Deposit matures",
            may_be_later=True,
            means=("最近一笔定期存款的到期日，可在数据日之后", "Of the next time deposit; may lie after the data"),
        ),
        day("last_contact", "最近联系日期", "Last contact", means=("任何一次面谈、电话或来访", "Any meeting, call or visit")),
    ),
    key=("client",),
    required=True,
)

TIERS = Contract(
    "tiers",
    "层级标准",
    "Tiers",
    ("一个区域的一个层级", "a tier in a region"),
    (
        key("region", "适用区域", "Region of the standard", means=("* 为全国标准", "* is the national standard")),
        key("tier", "层级", "Tier"),
        whole("rank", "层级序号", "Rank", required=True, unit="1 = lowest", least=1, most=99),
        key("name_zh", "中文名称", "Name in Chinese"),
        key("name_en", "英文名称", "Name in English"),
        money("min_assets_cny", "资产门槛", "Least assets"),
        money("min_contribution_cny", "贡献门槛", "Least contribution"),
        day("as_of", "生效日期", "As of", required=True),
    ),
    key=("region", "tier", "as_of"),
    required=True,
)

MANAGERS = Contract(
    "managers",
    "客户经理",
    "Client managers",
    ("一位客户经理", "a client manager"),
    (
        key("manager", "客户经理编号", "Manager number"),
        key("branch", "所在支行", "Branch of the manager", refers="branches.branch"),
        whole("grade", "等级", "Grade", required=True, unit="1–6", least=1, most=6),
        number("hours_year", "年可用工时", "Hours a year", required=True, unit="hours", least=0, most=8784),
    ),
    key=("manager",),
    required=True,
)

CADENCE = Contract(
    "cadence",
    "走访标准",
    "Visit standard",
    ("一个层级的一种角色", "a role for a tier"),
    (
        key("tier", "层级", "Tier", refers="tiers.tier"),
        key("role", "角色", "Role", choices=ROLES),
        number("visits_year", "年走访次数", "Visits a year", required=True, unit="visits", least=0, most=366),
        number("hours_visit", "每次工时", "Hours a visit", required=True, unit="hours", least=0, most=100),
    ),
    key=("tier", "role"),
    required=True,
)
