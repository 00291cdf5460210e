"""Dated outside facts of the made-up bank; each says that it is a sample and must be checked."""

import pandas as pd

from planning.book.sample.text import frame

FACTS = """
fact;                        as_of;      source;                         value;      note
ftp_deposit_pct;             2026-10-31; 样例（虚构）：资产负债部;       2.3;        内部资金转移价格，存款，百分比
ftp_loan_pct;                2026-10-31; 样例（虚构）：资产负债部;       2.9;        内部资金转移价格，贷款，百分比
deposit_premium_ceiling_bp;  2026-10-31; 样例（虚构）：自律机制;         20;         存款上浮上限，使用前须核对现行规定
gift_cap_cny_guest;          2026-10-31; 样例（虚构）：合规部;           100;        每位来宾礼品上限，单位：元
gift_cap_cny_client_year;    2026-10-31; 样例（虚构）：合规部;           400;        每位客户全年礼品上限，单位：元
entertainment_tax_share;     2026-10-31; 样例（虚构）：财务部;           0.6;        业务招待费可税前扣除的比例，使用前须核对
retention_year_median;       2026-10-31; 样例（虚构）：研究摘录;         0.94;       高端客户年留存率中位数
show_up_share;               2026-10-31; 样例（虚构）：研究摘录;         0.435;      报名后到场比例，依据较弱
holiday_new_year;            2026-10-31; 样例（虚构）：待官方公布后核对; 2027-01-01; 元旦
holiday_spring_festival;     2026-10-31; 样例（虚构）：待官方公布后核对; 2027-02-06; 春节
holiday_qingming;            2026-10-31; 样例（虚构）：待官方公布后核对; 2027-04-05; 清明节
holiday_labour_day;          2026-10-31; 样例（虚构）：待官方公布后核对; 2027-05-01; 劳动节
holiday_dragon_boat;         2026-10-31; 样例（虚构）：待官方公布后核对; 2027-06-09; 端午节
holiday_mid_autumn;          2026-10-31; 样例（虚构）：待官方公布后核对; 2027-09-15; 中秋节
holiday_national_day;        2026-10-31; 样例（虚构）：待官方公布后核对; 2027-10-01; 国庆节
"""


def fact_table() -> pd.DataFrame:
    return frame(FACTS)
