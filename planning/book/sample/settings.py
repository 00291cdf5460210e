"""The made-up bank's policy and origin, as a planner would write them: every field, with what it means in Chinese and English."""

from planning.book.sample.offers import SMALL

DEFAULT_CLIENTS = 6000
EVENT_CNY = 2_600_000  # of the default bank; other sizes in proportion to their clients
CONCESSION_CNY = 3_600_000
RETENTION_CNY = 1_000_000  # a goal

ORIGIN = """[bank]
name_zh = "云州银行（样例）"
name_en = "Bank of Yunzhou (sample)"
sample = true
borrowed = []
"""

POLICY = """# 样例银行的年度政策；所有数字均为虚构。 The sample bank's policy of the year; every number is made up.
# 金额单位为元，比例为 0 到 1。 Money in yuan, shares 0 to 1.

year = 2027                          # 计划年度 year of the plan
period = "year"                      # 计划期：全年 year，上半年 first_half，下半年 second_half  period of the plan: the year, or one half of it
data_date = 2026-11-01               # 数据截止日期 date of the data

[budget]                             # 每项预算取“金额”与“比例×上年贡献”中较小者 each limit is the smaller of amount and ratio x last year's contribution
event_cny = {event}                  # 计划期内的活动预算 event budget of the period
event_ratio = 0.04                   # 活动预算占上年贡献的上限 event budget, at most this share of last year's contribution
concession_cny = {concession}        # 计划期内的让利预算 concession budget of the period
concession_ratio = 0.05              # 让利预算占上年贡献的上限 concession budget, at most this share of last year's contribution
transfer_share = 0.0                 # 两项预算之间可调剂的比例 how much of either may move to the other

[phasing]                            # 各季度活动支出占比的下限和上限 least and greatest share of event spend by quarter
q1 = [0.10, 0.22]
q2 = [0.15, 0.35]
q3 = [0.15, 0.35]
q4 = [0.15, 0.45]

[floors]                             # 下限 least
tier = {{ private = {private_floor} }}           # 该层级占全部投入的最低比例 least share of spending for a tier
branch_cny_per_client = 150          # 每家支行每位客户的最低活动投入 least event spending a client in every branch

[caps]                               # 上限 greatest
tier = {{ gold = {gold_cap} }}              # 该层级占全部投入的最高比例 greatest share of spending for a tier
branch_share = {branch_share}                  # 单家支行投入占比 greatest share of spending for one branch
gift_cny_guest = 100                 # 每位来宾的礼品 gift a guest
gift_cny_client_year = 400           # 每位客户全年的礼品 gifts a client and year
attendances_client_month = 2         # 每位客户每月平均参加次数 attendances a client and month, on average
concession_share_of_contribution = 0.30  # 让利成本占客群贡献 concession cost of a client group against its contribution

[calendar]
approved_on = 2027-01-15             # 计划批准日期，之后还要留足通知期 date of approval: no session before it plus the notice
club_every_month = {club}              # 每个区域每月至少一场 at least one session a month in every region
must_hold = {must_hold}  # 必办活动 sessions that must be held
blackout = []                        # 不办活动的月份 months without events

[frozen]                             # 已承诺、不再变动的安排 what is committed and stays as it is
sessions = []                        # 锁定的场次：主办方、活动、月份、场数 locked sessions: host, event, month, sessions
ladder = []                          # 锁定的让利档位：区域、层级、客户类别、让利、档位 locked levels: region, tier, kind, concession, level
through_month = 0                    # 已过去的月份，只办锁定的场次 months past: just the locked sessions take place

[contact]
rule = "required"                    # 走访标准：必须做到 required，或尽量做到 target visits: required, or a target
cost_per_hour_short = 300            # 走访工时每短缺一小时的代价（只用于 target） price of an hour of visits missed (target only)

[value]
horizon_years = 3                    # 效果计算年数 years over which effects count
discount = 0.08                      # 年折现率 discount rate a year
effect_kept = 0.6                    # 一年后效果的留存比例 share of an effect still there a year later
objective = "net"                    # 扣除成本 net，不扣除 gross  net of costs, or gross
risk_aversion = 0.0                  # 风险厌恶：0 看期望值，1 只看最差的一成情形 0 = expected value, 1 = the worst tenth of cases

[evaluation]
holdout_share = 0.10                 # 对照组留出比例 share of clients held out as control group

[privacy]
min_cell = 5                         # 可披露的最小客户数 fewest clients a shown figure may describe

[segments]
by = ["tier", "kind"]                # 客群划分口径 what segments are formed by
age_bands = [30, 40, 55, 65]         # 各年龄段的起始年龄 ages at which age bands begin
assign = "region"                    # 分层标准：区域 region，全国 national，贡献前两成 contribution_top20  tier standard
region_shares = {{}}                   # 各区域达到该层级及以上的客户占比，空则用门槛  share of each region's clients that reaches a tier; empty: thresholds
downgrade_after_months = 0           # 降级缓冲期（月），0 为立即降级  months before a downgrade; 0 = at once
least_clients = 5                    # 细分后每个客群最少的客户数  fewest clients of a refined segment
survey_interests = false             # 邀请时算上客户答卷中写明的兴趣 count interests named in survey answers

[products]
album_size = 4                       # 产品册中每个客群至多几种产品 most products a client group has in the album

[library]
stale_after_days = 365               # 外部信息超过多少天视为过时 outside facts older than this are stale

[bank]
ftp_deposit_pct = 2.3                # 存款内部转移价格（%） transfer price for deposits
ftp_loan_pct = 2.9                   # 贷款内部转移价格（%） transfer price for loans
expected_loss = true                 # 贡献扣除预期损失 contribution is net of expected loss
bank_type = "joint_stock"            # 银行类型，决定利率上限 type of bank, which decides its rate ceilings

[solver]
name = "highs"                       # 求解器：highs 或 cbc  solver: highs or cbc
gap = 0.001                          # 允许与最优的差距 gap to the optimum that is accepted
seconds = 120                        # 求解时限（秒） time limit, seconds
threads = 1                          # 线程数 threads
seed = 7                             # 随机种子 random seed
"""


def sample_policy(branches: int = 12, clients: int = DEFAULT_CLIENTS) -> str:
    """policy.toml for a bank of that size, complete and commented: budgets in proportion to its clients.

    A small bank is asked neither for a session in every region and month nor for a reception; one of few branches has no branch cap.
    """
    large = clients >= SMALL * DEFAULT_CLIENTS
    return POLICY.format(
        event=_tens_of_thousands(EVENT_CNY * clients / DEFAULT_CLIENTS),
        concession=_tens_of_thousands(CONCESSION_CNY * clients / DEFAULT_CLIENTS),
        private_floor=0.25,
        gold_cap=0.12,
        branch_share=0.35 if branches >= 6 else 1.0,
        club="true" if large else "false",
        must_hold='[ { event = "year_end_reception", month = 12 } ]' if large else "[]",
    )


def _tens_of_thousands(amount: float) -> str:
    return f"{max(1, round(amount / 10_000)) * 10_000:_}"


SCENARIOS = """# 样例银行的方案比较；所有数字均为虚构。 Scenarios of the sample bank; every number is made up.
# 每段 [[scenario]] 在基准方案之上改参数（policy，写法同 -p）或改表（scenario.table：where 选行，set 改为，factor 乘以）。
# Each [[scenario]] changes parameters (policy, named as after -p) or tables (scenario.table: where picks rows, set or factor changes them).

[[scenario]]
name = "tighter"
title_zh = "两项预算各减两成"
title_en = "Both budgets a fifth smaller"
policy = {{ event_cny = {event_less}, concession_cny = {concession_less} }}

[[scenario]]
name = "transfer"
title_zh = "两项预算可以调剂三成"
title_en = "Three tenths of a budget may move"
policy = {{ transfer_share = 0.3 }}

[[scenario]]
name = "private-first"
title_zh = "私行占比提高到四成"
title_en = "Two fifths for private banking"
policy = {{ floors_tier = {{ private = {private_floor} }} }}

[[scenario]]
name = "dear-evenings"
title_zh = "文娱活动涨价三成"
title_en = "Entertainment costs three tenths more"
[[scenario.table]]
table = "events"
where = {{ family = "entertainment" }}
factor = {{ fixed_cost_cny = 1.3, guest_cost_cny = 1.3 }}

# 下面两段只改对客户反应的估计，用来看照基准方案办会少得多少 The next two change only what is believed of clients: what would keeping the base plan forgo?
[[scenario]]
name = "judged-weak"
title_zh = "经验判断的反应只有六成"
title_en = "Judged responses only three fifths as strong"
[[scenario.table]]
table = "responses"
where = {{ source = "judgement" }}
factor = {{ uplift_share = 0.6 }}
[[scenario.table]]
table = "elasticities"
where = {{ source = "judgement" }}
factor = {{ growth_per_unit = 0.6, retention_gain_per_unit = 0.6 }}

[[scenario]]
name = "waivers-weak"
title_zh = "费用减免的反应只有五成"
title_en = "Fee waivers answered half as strongly"
[[scenario.table]]
table = "elasticities"
where = {{ concession = "fee_waiver" }}
factor = {{ growth_per_unit = 0.5, retention_gain_per_unit = 0.5 }}

# 目标：value 价值、added 新增贡献、retention 留存收益（元），coverage 活动覆盖（可联系客户的比例）
# Goals: value, added, retention in yuan; coverage as a share of the clients who may be invited
[[goal]]
kind = "coverage"
amount = 0.5

[[goal]]
kind = "retention"
amount = {retention}

[methods]                            # 定预算的办法，留空照 policy.toml  ways to set the budget; policy.toml where empty
share_of_contribution = 0.05         # 预算占上年贡献 budget against last year's contribution

[frontier]                           # 预算从四成到一倍六，共 13 点  from two fifths of the budgets to one and three fifths
scaled = "both"                      # 两项同时 both，只动活动 event，只动让利 concession
least = 0.4
most = 1.6
points = 13
"""


def sample_scenarios(clients: int) -> str:
    """The scenarios file of a bank with that many clients."""
    part = clients / DEFAULT_CLIENTS
    amounts = {"event_less": 0.8 * EVENT_CNY * part, "concession_less": 0.8 * CONCESSION_CNY * part, "retention": RETENTION_CNY * part}
    return SCENARIOS.format(private_floor=0.4, **{name: f"{round(amount, -3):_.0f}" for name, amount in amounts.items()})
