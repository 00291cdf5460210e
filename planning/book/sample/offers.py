"""What the made-up bank can offer: event types, partners, concession levels, rate ceilings and products."""

import pandas as pd

from planning.book.sample.text import frame

SMALL = 0.25  # of the default bank: below, a region cannot fill the rooms
SHORT = {
    "{all}": "1|2|3|4|5|6|7|8|9|10|11|12",
    "{upper}": "platinum|diamond|private|supreme",
    "{top}": "diamond|private|supreme",
}

EVENTS = """
event; family; name_zh; name_en; host; fixed_cost_cny; guest_cost_cny; min_guests; max_guests; months; min_sessions; max_sessions; max_per_client; tiers; kinds
medical_day; health; 体检与专家问诊日; Medical check-up day; branch; 2600; 780; 8; 24; 3|4|5|6|9|10|11; 0; 4; 1; {top}; personal
golf_clinic; health; 高尔夫教练课; Golf with a coach; region; 15000; 720; 8; 20; 4|5|6|9|10|11; 0; 6; 2; {top}; personal|corporate
fitness_class; health; 名师健身课; Fitness class with a coach; branch; 1500; 90; 10; 25; {all}; 0; 10; 2; gold|platinum; personal
city_walk; health; 城市健走; City walk; region; 9000; 70; 60; 180; 4|5|9|10|11; 0; 4; 1; gold|platinum|diamond; personal|corporate
wealth_salon; knowledge; 资产配置沙龙; Asset allocation salon; branch; 3200; 150; 10; 30; {all}; 0; 8; 2; platinum|diamond|private; personal
product_roadshow; knowledge; 基金与产品路演; Fund and product roadshow; region; 14000; 130; 40; 120; 3|4|5|6|8|9|10|11; 0; 6; 1; gold|platinum|diamond; personal
art_lecture; knowledge; 名家艺术讲座; Art lecture; region; 12000; 280; 20; 60; 2|3|4|5|6|9|10|11|12; 0; 6; 2; {upper}; personal
economy_forum; knowledge; 年度经济展望论坛; Economic outlook forum; centre; 66000; 260; 120; 320; 3|9|11; 0; 1; 1; {upper}; personal|corporate
tax_clinic; knowledge; 企业财税法律课堂; Tax and law class for companies; branch; 3000; 140; 8; 24; {all}; 0; 6; 2; gold|platinum|diamond; corporate
owners_circle; knowledge; 企业家闭门会; Owners' round table; region; 16000; 520; 10; 28; 3|5|6|9|11; 0; 5; 2; {upper}; corporate
family_office; knowledge; 家族传承闭门会; Family wealth round table; centre; 52000; 1250; 14; 36; 4|5|10|11; 0; 4; 1; private|supreme; personal|corporate
club_evening; entertainment; 会员俱乐部之夜; Club evening; region; 8000; 230; 24; 70; {all}; 2; 14; 2; platinum|diamond|private; personal|corporate
film_night; entertainment; 包场观影; Film night; branch; 1600; 75; 30; 90; {all}; 0; 5; 2; gold|platinum; personal
concert; entertainment; 专场音乐会; Private concert; centre; 260000; 480; 180; 360; 5|6|9|10|12; 0; 2; 1; {upper}; personal
tasting_dinner; entertainment; 品鉴晚宴; Tasting dinner; region; 9500; 760; 10; 28; {all}; 0; 6; 2; {top}; personal|corporate
floral_art; lifestyle; 花艺课; Floral art class; branch; 1400; 190; 8; 20; 2|3|4|5|6|9|10|11|12; 0; 6; 2; gold|platinum|diamond; personal
parent_child; lifestyle; 亲子营; Parent-child day; branch; 3600; 170; 16; 48; 5|6|7|8|10; 0; 4; 1; gold|platinum|diamond; personal
theatre; lifestyle; 话剧专场; Evening at the theatre; region; 42000; 210; 90; 220; 3|5|6|9|10|11; 0; 3; 1; platinum|diamond|private; personal|corporate
tea_journey; lifestyle; 茶山摄影行; Tea hills photo tour; region; 11000; 460; 12; 30; 4|5|9|10; 0; 4; 1; {upper}; personal
year_end_reception; appreciation; 年终答谢会; Year-end reception; region; 78000; 560; 70; 200; 1|12; 0; 2; 1; {upper}; personal|corporate
birthday_table; appreciation; 生日小宴; Birthday table; branch; 900; 340; 6; 14; {all}; 0; 12; 1; {top}; personal
branch_open_day; appreciation; 支行客户开放日; Branch open day; branch; 2400; 85; 40; 130; 3|4|5|6|9|10|11|12; 0; 3; 2; gold|platinum; personal|corporate
"""

TERMS = """
event; sex; interests; risk_level; gift_cny; partner_share; touch_weight; manager_hours_session; manager_hours_guest; notice_weeks; owner; benefit; trigger
medical_day; ; ; ; ; 0.25; 1.4; 8; 0.4; 4; 支行零售部; ;
golf_clinic; ; golf|sport; ; 80; 0.2; 1.2; 8; 0.4; 4; 区域营销中心; gift; attendance
fitness_class; ; sport|health; ; ; 0.3; 0.8; 5; 0.15; 2; 支行零售部; ;
city_walk; ; ; ; 30; ; 0.8; 10; 0.1; 4; 区域营销中心; gift; attendance
wealth_salon; ; ; 2; ; ; 1.0; 6; 0.3; 2; 支行零售部; ;
product_roadshow; ; ; 3; ; 0.35; 0.9; 8; 0.15; 3; 总行财富管理部; ;
art_lecture; ; art|travel|family; ; ; ; 1.0; 6; 0.2; 3; 区域营销中心; ;
economy_forum; ; ; ; ; 0.15; 1.3; 12; 0.2; 6; 总行营销中心; ;
tax_clinic; ; ; ; ; ; 1.0; 6; 0.3; 2; 支行公司部; ;
owners_circle; ; ; ; ; ; 1.3; 8; 0.4; 4; 总行公司部; ;
family_office; ; ; 2; ; 0.2; 1.5; 10; 0.5; 5; 总行私人银行部; ;
club_evening; ; ; ; ; ; 1.0; 8; 0.2; 1; 区域营销中心; ;
film_night; ; ; ; ; ; 0.7; 6; 0.06; 2; 支行零售部; ;
concert; ; ; ; 60; 0.2; 1.1; 12; 0.2; 6; 总行营销中心; gift; attendance
tasting_dinner; ; ; ; ; 0.15; 1.2; 6; 0.4; 3; 区域营销中心; ;
floral_art; female; ; ; ; ; 0.9; 4; 0.15; 2; 支行零售部; ;
parent_child; ; family; ; 40; ; 1.0; 8; 0.2; 3; 支行零售部; gift; attendance
theatre; ; ; ; ; ; 1.0; 10; 0.1; 5; 区域营销中心; ;
tea_journey; ; travel|art|health; ; 60; ; 1.2; 10; 0.3; 4; 区域营销中心; travel; attendance
year_end_reception; ; ; ; 100; ; 1.2; 12; 0.2; 6; 总行营销中心; gift; attendance
birthday_table; ; ; ; 100; ; 1.1; 2; 0.3; 1; 支行行长; gift; attendance
branch_open_day; ; ; ; 50; ; 0.7; 12; 0.1; 3; 支行行长; gift; attendance
"""

PARTNERS = """
partner;             families;      share; cap_cny
样例健康管理公司;    health;        1;     90000
样例基金管理公司;    knowledge;     0.7;   160000
样例律师事务所;      knowledge;     0.3;   60000
样例文化传播公司;    entertainment; 1;     110000
"""

CONCESSIONS = """
concession;      level; depth; min_grade; min_balance_cny; min_tenure_months; max_pd
deposit_premium; 0;     0;     1;         ;                ; -
deposit_premium; 1;     5;     1;         300000;          ; -
deposit_premium; 2;     10;    2;         500000;          6; -
deposit_premium; 3;     15;    3;         1000000;         6; -
deposit_premium; 4;     20;    4;         2000000;         12; -
deposit_premium; 5;     30;    6;         5000000;         24; -
loan_discount;   0;     0;     1;         ;                ; -
loan_discount;   1;     10;    2;         ;                ;                  0.02
loan_discount;   2;     20;    3;         300000;          ;                  0.015
loan_discount;   3;     30;    5;         1000000;         ;                  0.01
fee_waiver;      0;     0;     1;         ;                ; -
fee_waiver;      1;     0.1;   1;         500000;          ; -
fee_waiver;      2;     0.2;   3;         1000000;         ; -
fee_waiver;      3;     0.3;   4;         2000000;         ; -
"""

CAPS = """
product;         bank_type;   cap_bp; as_of;      source
deposit_premium; joint_stock; 75;     2021-06-21; 样例：仿照 2021 年自律机制的写法，真实上限须由银行核对
deposit_premium; joint_stock; 20;     2023-05-15; 样例：仿照 2023 年协定与通知存款的写法，真实上限须由银行核对
deposit_premium; state_owned; 10;     2023-05-15; 样例：仿照 2023 年协定与通知存款的写法，真实上限须由银行核对
deposit_premium; *;           20;     2023-05-15; 样例：仿照 2023 年协定与通知存款的写法，真实上限须由银行核对
"""

PRODUCTS = """
product;      name_zh;      name_en;              family;     risk_level; tiers;                         kinds;              interests
deposit;      存款;         Deposits;             deposits;   1;          ;                              personal|corporate;
wealth;       稳健理财;     Wealth products;      wealth;     2;          gold|platinum|diamond;         personal|corporate; finance
fund;         权益基金;     Equity funds;         wealth;     4;          platinum|diamond|private;      personal;           finance
insurance;    终身寿险;     Whole life insurance; protection; 1;          platinum|diamond|private;      personal;           health|family
trust;        家族信托;     Family trust;         wealth;     3;          private|supreme;               personal;           family
mortgage;     住房贷款;     Home loan;            loans;      ;           ;                              personal;
card;         高端信用卡;   Premium card;         payments;   ;           gold|platinum|diamond|private; personal;
settlement;   结算账户;     Settlement account;   payments;   ;           ;                              corporate;
working_loan; 流动资金贷款; Working capital loan; loans;      ;           ;                              corporate;
payroll;      代发工资;     Payroll service;      payments;   ;           ;                              corporate;
"""


def event_table(scale: float = 1.0) -> pd.DataFrame:
    """The event types with costs, rooms, who may come and what they ask of managers; a small bank must hold none of them."""
    rows = EVENTS
    for short, full in SHORT.items():
        rows = rows.replace(short, full)
    events = frame(rows).merge(frame(TERMS), on="event", how="left", validate="1:1")
    return events if scale >= SMALL else events.assign(min_sessions=0)


def partner_table(scale: float) -> pd.DataFrame:
    """The partners, what each bears in a year at most growing with the bank."""
    rows = frame(PARTNERS)
    return rows.assign(cap_cny=(rows["cap_cny"] * scale / 1000).round().clip(lower=1).astype("Int64") * 1000)


def offer_tables(scale: float) -> dict[str, pd.DataFrame]:
    """Events, partners, concession levels, ceilings and products for a bank `scale` times the default one."""
    return {"events": event_table(scale), "partners": partner_table(scale), "concessions": frame(CONCESSIONS), "caps": frame(CAPS), "products": frame(PRODUCTS)}
