"""A bank that fits the screen: two regions, three branches, eight clients, every required table and some optional ones."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from planning.policy import Policy, checked

POLICY: Policy = checked({"year": 2027, "data_date": date(2026, 11, 1), "budget": {"event_cny": 500_000, "concession_cny": 300_000}})

TABLES: dict[str, str] = {
    "branches": """branch,region,name_zh,name_en
B1,north,城东支行,East
B2,north,城西支行,West
B3,south,海口支行,Haikou
""",
    "clients": """client,branch,kind,deposit_avg_cny,deposit_rate_pct,loan_avg_cny,loan_rate_pct,fee_income_cny,consent,opt_out,sex,interests,manager,since
000123,B1,personal,600000,1.5,,,1200,true,false,female,art|golf,M1,2019-03-01
123,B1,personal,900000,1.6,100000,4.1,300,true,,male,,M1,
NA,B2,personal,5200000,1.9,,,9000,true,,female,art,M2,
null,B2,personal,700000,1.4,,,0,false,,male,,M2,
330102199001011234,B3,personal,800000,1.5,,,500,true,true,female,,M3,
330102199001011235,B3,personal,810000,1.5,,,500,true,,female,,M3,
C7,B1,corporate,8000000,1.2,20000000,3.9,50000,true,,,,M1,
C8,B3,corporate,650000,1.2,,,100,true,,,,M3,
""",
    "tiers": """region,tier,rank,name_zh,name_en,min_assets_cny,min_contribution_cny,as_of
*,gold,1,金卡,Gold,500000,,2026-01-01
*,diamond,2,钻石,Diamond,5000000,,2026-01-01
south,gold,1,金卡,Gold,300000,,2026-01-01
south,diamond,2,钻石,Diamond,3000000,,2026-01-01
""",
    "events": """event,family,name_zh,name_en,host,fixed_cost_cny,guest_cost_cny,min_guests,max_guests,months,\
max_sessions,max_per_client,tiers,kinds,owner,gift_cny
art_evening,knowledge,艺术之夜,Art evening,branch,8000,300,2,20,3|4|9,2,1,gold|diamond,personal,centre,80
gala,appreciation,年终答谢,Gala,centre,50000,600,3,100,12,1,1,diamond,personal|corporate,centre,0
""",
    "responses": """tier,kind,family,uplift_share,rate,accept_share,show_share,source,as_of
gold,personal,knowledge,0.05,0.8,0.4,0.7,judgement,2026-06-30
diamond,personal,knowledge,0.04,0.7,0.4,0.7,judgement,2026-06-30
diamond,corporate,appreciation,0.03,0.9,0.5,0.8,history,2026-06-30
""",
    "concessions": """concession,level,depth,min_grade,min_balance_cny,min_tenure_months,max_pd
deposit_premium,0,0,1,,,
deposit_premium,1,10,2,500000,6,
fee_waiver,0,0,1,,,
fee_waiver,1,0.2,1,,,
""",
    "elasticities": """tier,kind,concession,growth_per_unit,old_money_share,source,as_of
gold,personal,deposit_premium,0.002,0.5,judgement,2026-06-30
""",
    "caps": """product,bank_type,cap_bp,as_of,source
deposit_premium,joint_stock,20,2026-01-01,self-discipline ceiling
""",
    "managers": """manager,branch,grade,hours_year
M1,B1,4,540
M2,B2,3,540
M3,B3,2,540
""",
    "cadence": """tier,role,visits_year,hours_visit
gold,manager,4,2
diamond,manager,12,3
""",
    "partners": """partner,families,share,cap_cny
gallery,knowledge,0.3,20000
""",
    "invitations": """client,event,branch,date,arm,invited
000123,art_evening,B1,2027-03-14,treat,true
""",
}


def write(folder: Path, tables: Mapping[str, str] = TABLES) -> Path:
    """The tables as CSV files in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, content in tables.items():
        (folder / f"{table}.csv").write_text(content, encoding="utf-8")
    return folder


def changed(table: str, old: str, new: str, tables: Mapping[str, str] = TABLES) -> dict[str, str]:
    """The same tables with one piece of text replaced; the piece must be there."""
    assert old in tables[table], f"{old!r} is not in {table}"
    return {**tables, table: tables[table].replace(old, new, 1)}
