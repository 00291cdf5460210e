"""The tables that say what was done and what came of it."""

from planning.book.contracts.column import ARMS, KINDS, Contract, day, flag, key, listed, money, number, text, whole

HISTORY = Contract(
    "history",
    "上年执行",
    "Last year's lines",
    ("一条执行记录", "a line of last year"),
    (
        whole("year", "年度", "Year", required=True, least=1990, most=2100),
        text("branch", "支行", "Branch", refers="branches.branch"),
        text("region", "区域", "Region", refers="branches.region"),
        text("event", "活动", "Event", refers="events.event"),
        text("concession", "让利种类", "Concession", refers="concessions.concession"),
        text("tier", "层级", "Tier", refers="tiers.tier"),
        text("kind", "客户类别", "Kind of client", choices=KINDS),
        whole("month", "月份", "Month", least=1, most=12),
        number("sessions", "场次", "Sessions", unit="sessions", least=0),
        number("attendances", "参加人次", "Attendances", unit="attendances", least=0),
        whole("level", "档位", "Level", least=0, most=99),
        money("cost_cny", "费用", "Cost"),
    ),
    either=(("branch", "region"), ("event", "concession")),
)

LEDGER = Contract(
    "ledger",
    "费用台账",
    "Ledger",
    ("一笔记账", "a booking"),
    (
        day("date", "日期", "Date", required=True),
        key("line", "科目", "Line"),
        text("branch", "支行", "Branch", refers="branches.branch"),
        money("committed_cny", "已承诺金额", "Committed", least=None),
        money("actual_cny", "实际支出", "Spent", least=None),
        text("note", "备注", "Note"),
    ),
)

INVITATIONS = Contract(
    "invitations",
    "邀请",
    "Invitations",
    ("一位客户的一场活动", "a client and a session"),
    (
        key("client", "客户编号", "Client number", refers="clients.client"),
        key("event", "活动", "Event", refers="events.event"),
        key("branch", "支行", "Branch", refers="branches.branch"),
        day("date", "活动日期", "Date of the session", required=True, may_be_later=True, means=("可在数据日之后", "May lie after the date of the data")),
        key("arm", "组别", "Arm", choices=ARMS),
        flag("invited", "已邀请", "Invited", default=False),
        flag("accepted", "已接受", "Accepted", default=False),
        flag("attended", "已到场", "Attended", default=False),
    ),
    key=("client", "event", "branch", "date"),
)

OUTCOMES = Contract(
    "outcomes",
    "活动后效果",
    "Outcomes",
    ("一位客户的一个观察期", "a client and a window"),
    (
        key("client", "客户编号", "Client number", refers="clients.client"),
        key(
            "window",
            "观察期",
            "Window",
            means=(
                "2027、2027-H1、2027-Q1 或 2027-03；活动日期在其中的邀请与它对应",
                "2027, 2027-H1, 2027-Q1 or 2027-03; it belongs to invitations dated within it",
            ),
        ),
        money("contribution_before_cny", "之前贡献", "Contribution before", required=True, least=None),
        money("contribution_after_cny", "之后贡献", "Contribution after", required=True, least=None),
        money("assets_before_cny", "之前资产", "Assets before"),
        money("assets_after_cny", "之后资产", "Assets after"),
        number("products_before", "之前产品数", "Products before", unit="products", least=0),
        number("products_after", "之后产品数", "Products after", unit="products", least=0),
    ),
    key=("client", "window"),
)

SURVEYS = Contract(
    "surveys",
    "客户意见",
    "Surveys",
    ("一份答卷", "an answer"),
    (
        key("client", "客户编号", "Client number", refers="clients.client"),
        day("date", "日期", "Date", required=True),
        whole("satisfaction", "满意度", "Satisfaction", unit="1–5", least=1, most=5),
        listed("interests", "兴趣", "Interests"),
        text("remark", "意见", "Remark"),
        flag(
            "answered",
            "是否答复",
            "Answered",
            default=True,
            means=(
                "问卷已发而未答的写“否”；有这样的行，回收率就以表中客户为基数",
                "No: asked, no answer; the response rate is then of the table's clients",
            ),
        ),
    ),
    key=("client", "date"),
)

FACTS = Contract(
    "facts",
    "外部信息",
    "Outside facts",
    ("一条注明日期的信息", "a dated outside fact"),
    (
        key("fact", "事项", "Fact"),
        day("as_of", "截至日期", "As of", required=True),
        key("source", "来源", "Source"),
        text("value", "数值", "Value"),
        text("note", "备注", "Note"),
    ),
    key=("fact", "as_of"),
)
