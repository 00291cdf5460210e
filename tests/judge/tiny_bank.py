"""A bank that fits the screen: three branches, two regions, seventeen clients, and a plan for it that keeps every rule."""

from copy import deepcopy
from datetime import date
from typing import Any

Rows = list[dict[str, Any]]
Tables = dict[str, dict[str, list[Any]]]


def table(text: str, lists: tuple[str, ...] = ()) -> dict[str, list[Any]]:
    """Columns from words set in a table; `-` is a missing value, `a|b` a list where the column is named in `lists`."""
    head, *lines = (line.split() for line in text.strip().splitlines())
    return {name: [_cell(line[i], name in lists) for line in lines] for i, name in enumerate(head)}


def _cell(word: str, is_list: bool) -> Any:
    if is_list:
        return () if word == "-" else tuple(_cell(part, False) for part in word.split("|"))
    if word in ("-", "yes", "no"):
        return {"-": None, "yes": True, "no": False}[word]
    if word[:2] == "20" and word.count("-") == 2:
        return date.fromisoformat(word)
    return float(word) if word.lstrip("-").replace(".", "", 1).isdigit() else word


TABLES: Tables = {
    "branches": table("""
        branch region
        n1     north
        n2     north
        s1     south"""),
    "tiers": table("""
        region tier    rank min_assets_cny min_contribution_cny as_of
        *      gold    1    500000         -                    2025-01-01
        *      private 2    5000000        -                    2025-01-01
        south  gold    1    250000         -                    2025-01-01
        south  gold    1    300000         -                    2026-01-01
        south  gold    1    999999         -                    2026-12-01
        south  private 2    2000000        15000                2026-01-01"""),
    "clients": {
        **table("""
            client branch kind      sex    interests risk_level manager public_official state_owned_contact consent opt_out
            c01    n1     personal  male   art       3          m1      no              no                  yes     no
            c02    n1     personal  female art|golf  2          m1      no              no                  yes     no
            c03    n1     personal  male   -         -          m1      yes             no                  yes     no
            c04    n1     personal  female wine      4          -       -               -                   yes     -
            c05    n1     personal  male   golf      5          m2      no              no                  yes     no
            c06    n1     personal  female art       3          -       no              no                  yes     no
            c07    n2     personal  male   -         1          -       no              no                  yes     no
            c08    n2     personal  female art       3          -       no              no                  yes     no
            c09    n2     personal  male   -         2          -       no              no                  yes     no
            c10    s1     personal  male   -         1          -       no              no                  yes     no
            c11    s1     personal  female wine      5          -       no              no                  yes     no
            c12    s1     personal  male   -         1          -       no              no                  yes     no
            c13    n1     corporate -      -         -          m2      no              no                  yes     no
            c14    n1     corporate -      art       4          -       no              yes                 yes     no
            c15    n1     personal  female art       5          m2      no              no                  no      no
            c16    n1     personal  female art       5          m1      no              no                  yes     yes
            c17    n1     personal  male   art       5          m1      no              no                  yes     no""", lists=("interests",)),
        **table("""
            client deposit_avg_cny deposit_rate_pct deposit_tenure_months invest_avg_cny fee_income_cny cost_to_serve_cny
            c01    600000          1.3              12                    -              -              -
            c02    800000          1.3              36                    -              500            200
            c03    200000          1.3              1                     300000         -              -
            c04    900000          -                12                    -              -              -
            c05    6000000         1.3              24                    -              -              -
            c06    5000000         1.8              3                     -              1000           1000
            c07    700000          1.3              12                    -              -              -
            c08    500000          1.3              6                     -              -              -
            c09    8000000         1.3              48                    -              -              -
            c10    300000          1.3              12                    -              -              -
            c11    1000000         1.3              12                    2000000        -              -
            c12    2000000         1.3              24                    -              -              -
            c13    1000000         0.3              12                    -              -              -
            c14    2000000         0.3              12                    -              -              -
            c15    9000000         1.3              12                    -              -              -
            c16    700000          1.3              12                    -              -              -
            c17    400000          1.3              12                    -              -              -"""),
        **table("""
            client loan_avg_cny loan_rate_pct pd    lgd contribution_cny contribution_last_cny
            c01    -            -             -     -   -                -
            c02    -            -             -     -   -                -
            c03    1000000      4.9           0.01  0.4 -                -
            c04    -            -             -     -   -1000            -
            c05    -            -             -     -   -                -
            c06    -            -             -     -   -                -
            c07    -            -             -     -   -                -
            c08    -            -             -     -   -                -
            c09    -            -             -     -   -                -
            c10    -            -             -     -   -                -
            c11    -            -             -     -   -                -
            c12    -            -             -     -   -                -
            c13    3000000      3.9           0.002 0.5 -                -
            c14    500000       3.9           -     0.5 -                -
            c15    -            -             -     -   -                -
            c16    -            -             -     -   -                -
            c17    -            -             -     -   -                5000"""),
    },
    "events": {
        **table("""
            event family       host   fixed_cost_cny guest_cost_cny min_guests max_guests months   min_sessions max_sessions max_per_client
            salon knowledge    branch 1000           100.5          2          4          4|5|10   -            3            4
            golf  health       region 3000           200            2          6          4|5|6|10 1            2            3
            gala  appreciation centre 5000           300            3          12         12       -            1            1
            forum knowledge    centre 2000           50             1          5          5        1            1            1""", lists=("months",)),
        **table("""
            event tiers        kinds              sex    interests risk_level
            salon gold|private personal|corporate -      -         -
            golf  gold|private personal           -      -         -
            gala  gold|private personal           -      -         -
            forum gold         personal|corporate female art|wine  3""", lists=("tiers", "kinds", "interests")),
        **table("""
            event gift_cny partner_share touch_weight manager_hours_session manager_hours_guest notice_weeks
            salon -        -             -            4                     0.5                 2
            golf  80       0.25          1.5          2                     1                   -
            gala  -        -             -            -                     -                   8
            forum -        -             -            -                     -                   9"""),
    },
    "responses": table("""
        tier    kind      family       uplift_share rate
        gold    personal  knowledge    0.02         0.5
        gold    corporate knowledge    0.01         0.5
        private personal  knowledge    0.03         0.4
        gold    personal  health       0.04         1
        private personal  health       0.05         0.8
        gold    personal  appreciation 0.01         2"""),
    "concessions": table("""
        concession      level depth min_grade min_balance_cny min_tenure_months max_pd
        deposit_premium 0     0     1         -               -                 -
        deposit_premium 1     10    2         500000          12                -
        deposit_premium 2     20    4         500000          12                -
        deposit_premium 3     60    1         500000          12                -
        loan_discount   1     25    3         -               99                0.01
        loan_discount   2     30    3         -               99                0.01
        fee_waiver      1     0.2   1         1000000         -                 -
        fee_waiver      2     0.5   6         -               -                 -"""),
    "elasticities": table("""
        tier    kind      concession      growth_per_unit old_money_share retention_gain_per_unit
        gold    personal  deposit_premium 0.005           0.5             0.0001
        private personal  deposit_premium 0.001           0.5             -
        gold    corporate loan_discount   0.004           0.2             -
        gold    personal  fee_waiver      0.5             0               0.1"""),
    "caps": table("""
        product         bank_type   cap_bp as_of
        deposit_premium *           80     2026-06-01
        deposit_premium joint_stock 40     2025-01-01
        deposit_premium joint_stock 50     2026-01-01
        deposit_premium joint_stock 10     2027-06-01
        deposit_premium state       5      2026-01-01"""),
    "managers": table("""
        manager branch grade hours_year
        m1      n1     3     60
        m2      n1     5     50
        m3      n2     4     50
        m4      s1     2     54"""),
    "cadence": table("""
        tier    role    visits_year hours_visit
        gold    manager 4           1
        private manager 12          2
        private leader  1           3"""),
    "partners": table("""
        partner families         share cap_cny
        club    health           0.3   1400
        press   health|knowledge 0.1   500""", lists=("families",)),
}  # fmt: skip

POLICY: dict[str, Any] = {
    "year": 2027, "data_date": "2026-11-01",
    "budget": {"event_cny": 22000.0, "event_ratio": 0.06, "concession_cny": 3000.0, "concession_ratio": 0.09, "transfer_share": 0.0},
    "phasing": {"q1": [0.0, 1.0], "q2": [0.2, 0.6], "q3": [0.0, 1.0], "q4": [0.3, 0.7]},
    "floors": {"tier": {"private": 0.2}, "branch_cny_per_client": 500.0},
    "caps": {"tier": {"gold": 0.8}, "branch_share": 0.65, "gift_cny_guest": 100.0, "gift_cny_client_year": 80.0,
             "attendances_client_month": 2.0, "concession_share_of_contribution": 0.0102},
    "calendar": {"approved_on": "2027-03-31", "club_every_month": True, "must_hold": [{"event": "gala", "month": 12}, {"event": "golf", "month": 4}],
                 "blackout": [1, 2, 3, 6, 7, 8, 9, 11]},
    "frozen": {"sessions": [{"host": "n2", "event": "salon", "month": 5, "sessions": 1}],
               "ladder": [{"region": "south", "tier": "private", "kind": "personal", "concession": "deposit_premium", "level": 1}], "through_month": 3},
    "contact": {"rule": "required", "cost_per_hour_short": 300.0},
    "value": {"horizon_years": 2, "discount": 0.25, "effect_kept": 0.5, "objective": "net", "risk_aversion": 0.0},
    "evaluation": {"holdout_share": 0.1},
    "segments": {"by": ["tier", "kind"], "assign": "region"},
    "bank": {"ftp_deposit_pct": 2.3, "ftp_loan_pct": 2.9, "expected_loss": True, "bank_type": "joint_stock"},
    "solver": {"name": "highs", "gap": 0.001},
}  # fmt: skip


def rows(text: str) -> Rows:
    """The same text as rows of a plan, whole numbers as such."""
    columns = {name: [int(value) if isinstance(value, float) and value.is_integer() else value for value in values] for name, values in table(text).items()}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


PLAN: dict[str, Any] = {
    "id": "tiny", "year": 2027, "state": "draft", "data_hash": "", "policy": POLICY,
    "solve": {"status": "optimal", "solver": "", "objective": 7000.0, "bound": 7003.5, "gap": 0.0005, "seconds": 0.1},
    "segments": rows("""
        branch region tier    kind      clients contribution_cny
        n1     north  gold    corporate 2       92000
        n1     north  gold    personal  4       31300
        n1     north  private personal  2       85000
        n2     north  gold    personal  2       12000
        n2     north  private personal  1       80000
        s1     south  gold    personal  2       13000
        s1     south  private personal  1       20000"""),
    "sessions": rows("""
        host   host_level event month sessions
        n1     branch     salon 4     1
        n1     branch     salon 5     1
        n1     branch     salon 10    1
        n2     branch     salon 5     1
        s1     branch     salon 4     1
        s1     branch     salon 5     1
        s1     branch     salon 10    1
        north  region     golf  4     1
        south  region     golf  10    1
        centre centre     gala  12    1"""),
    "attendances": rows("""
        branch tier    kind      host   event month attendances
        n1     gold    personal  n1     salon 4     2
        n1     private personal  n1     salon 4     1
        n1     gold    personal  n1     salon 5     3
        n1     gold    corporate n1     salon 10    2
        n2     gold    personal  n2     salon 5     2
        s1     gold    personal  s1     salon 4     2
        s1     gold    personal  s1     salon 5     1
        s1     private personal  s1     salon 5     1
        s1     gold    personal  s1     salon 10    2
        n1     gold    personal  north  golf  4     2
        n1     private personal  north  golf  4     1
        n2     private personal  north  golf  4     1
        s1     gold    personal  south  golf  10    1
        s1     private personal  south  golf  10    1
        n1     gold    personal  centre gala  12    2
        n1     private personal  centre gala  12    1
        n2     gold    personal  centre gala  12    1
        s1     gold    personal  centre gala  12    1"""),
    "ladder": rows("""
        region tier    kind      concession      level depth gain_cny cost_cny
        north  gold    personal  deposit_premium 1     10    1499.82  210
        north  gold    personal  loan_discount   0     0     0        0
        north  gold    personal  fee_waiver      0     0     0        0
        north  gold    corporate deposit_premium 0     0     0        0
        north  gold    corporate loan_discount   1     25    3780     937.5
        north  gold    corporate fee_waiver      0     0     0        0
        north  private personal  deposit_premium 2     20    3920     1120
        north  private personal  loan_discount   0     0     0        0
        north  private personal  fee_waiver      0     0     0        0
        south  gold    personal  deposit_premium 0     0     0        0
        south  gold    personal  loan_discount   0     0     0        0
        south  gold    personal  fee_waiver      0     0     0        0
        south  private personal  deposit_premium 1     10    280      40
        south  private personal  loan_discount   0     0     0        0
        south  private personal  fee_waiver      0     0     0        0"""),
    # worked out in test_judge_value.py
    "totals": {"event_cny": 20508.0, "concession_cny": 2307.5, "uplift_cny": 11613.47, "gain_cny": 9479.82, "value_cny": -1722.21},
}  # fmt: skip


def bank() -> tuple[Tables, dict[str, Any], dict[str, Any]]:
    """Tables, policy and plan, free to change."""
    policy = deepcopy(POLICY)
    plan = deepcopy(PLAN)
    plan["policy"] = policy
    return deepcopy(TABLES), policy, plan
