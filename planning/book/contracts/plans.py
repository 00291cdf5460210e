"""The tables of a plan made by hand: what a planner fills in, in a workbook or in CSV files."""

from planning.book.contracts.column import CONCESSIONS, KINDS, Contract, flag, key, text, whole

LOCKED = flag(
    "locked", "锁定", "Locked", default=False, means=("锁定的行照此不变，其余由优化器安排", "A locked row stays as it is; the rest is planned around it")
)
MONTH = whole("month", "月份", "Month", required=True, least=1, most=12)

PLAN_SESSIONS = Contract(
    "sessions",
    "场次安排",
    "Sessions",
    ("一个主办方一项活动一个月的场次", "the sessions of an event at a host in a month"),
    (
        key("host", "主办方", "Host", means=("支行、区域的编号，或 centre", "Code of a branch or region, or centre")),
        key("event", "活动", "Event", refers="events.event"),
        MONTH,
        whole("sessions", "场次", "Sessions", required=True, unit="sessions", least=0, most=999),
        LOCKED,
    ),
    key=("host", "event", "month"),
)

PLAN_ATTENDANCES = Contract(
    "attendances",
    "参加人次",
    "Attendances",
    ("一个客群在一个主办方一项活动一个月的参加人次", "the attendances of a client group at an event of a host in a month"),
    (
        key("branch", "支行", "Branch", refers="branches.branch"),
        key("tier", "层级", "Tier", refers="tiers.tier"),
        key("kind", "客户类别", "Kind of client", choices=KINDS),
        key("host", "主办方", "Host"),
        key("event", "活动", "Event", refers="events.event"),
        MONTH,
        whole("attendances", "人次", "Attendances", required=True, unit="attendances", least=0, most=10_000_000),
        text("part", "客群细分", "Part of the group", means=("政策没有细分该客群时留空", "Empty where the policy does not refine the group")),
    ),
    key=("branch", "tier", "kind", "part", "host", "event", "month"),
)

PLAN_LADDER = Contract(
    "ladder",
    "让利阶梯",
    "Ladder",
    ("一个区域一个层级一类客户的一种让利", "a concession for a region, tier and kind of client"),
    (
        key("region", "区域", "Region", refers="branches.region"),
        key("tier", "层级", "Tier", refers="tiers.tier"),
        key("kind", "客户类别", "Kind of client", choices=KINDS),
        key("concession", "让利种类", "Concession", choices=CONCESSIONS),
        whole("level", "档位", "Level", required=True, least=0, most=99, means=("0 为不让利", "0 is none")),
        LOCKED,
    ),
    key=("region", "tier", "kind", "concession"),
)
