"""How the made-up clients answer to events and concessions: judgement, marked so, with wide standard errors."""

import pandas as pd

from planning.book.sample.network import KINDS, TIERS
from planning.book.sample.text import frame

FAMILIES = ("health", "knowledge", "entertainment", "lifestyle", "appreciation")
CONCESSION_KINDS = ("deposit_premium", "loan_discount", "fee_waiver")
AS_OF = "2026-10-15"

# uplift at saturation as a share of contribution, tier by tier: each line gold … supreme
UPLIFT = """
kind;      family;        gold;  platinum; diamond; private; supreme
personal;  health;        0.042; 0.044;    0.044;   0.038;   0.022
personal;  knowledge;     0.050; 0.058;    0.052;   0.044;   0.026
personal;  entertainment; 0.036; 0.036;    0.034;   0.032;   0.020
personal;  lifestyle;     0.052; 0.048;    0.040;   0.028;   0.016
personal;  appreciation;  0.030; 0.034;    0.036;   0.034;   0.022
corporate; health;        0.010; 0.012;    0.016;   0.016;   0.008
corporate; knowledge;     0.030; 0.036;    0.036;   0.030;   0.014
corporate; entertainment; 0.014; 0.018;    0.020;   0.018;   0.009
corporate; lifestyle;     0.008; 0.010;    0.012;   0.010;   0.005
corporate; appreciation;  0.016; 0.020;    0.022;   0.020;   0.010
"""

# how fast an attendance brings it, and what becomes of an invitation
PACE = """
tier;     rate; accept_share; show_share; se_share
gold;     0.50; 0.24;         0.44;       0.50
platinum; 0.50; 0.30;         0.52;       0.45
diamond;  0.48; 0.36;         0.60;       0.45
private;  0.45; 0.42;         0.68;       0.50
supreme;  0.40; 0.40;         0.74;       0.60
"""

# growth a basis point (a share of 1 for fees), share of old money, retention gained a unit
ELASTICITIES = """
tier;     kind;      deposit_premium;     loan_discount;       fee_waiver
gold;     personal;  0.0042 0.60 0.0003; 0.0040 0.40 0.0003; 0.45 0 0.06
platinum; personal;  0.0052 0.55 0.0003; 0.0045 0.40 0.0003; 0.50 0 0.09
diamond;  personal;  0.0062 0.50 0.0004; 0.0055 0.45 0.0004; 0.55 0 0.12
private;  personal;  0.0070 0.48 0.0004; 0.0060 0.45 0.0004; 0.50 0 0.16
supreme;  personal;  0.0078 0.45 0.0005; 0.0060 0.50 0.0005; 0.40 0 0.18
gold;     corporate; 0.0036 0.60 0.0002; 0.0055 0.50 0.0004; 0.60 0 0.05
platinum; corporate; 0.0042 0.55 0.0003; 0.0065 0.50 0.0004; 0.72 0 0.09
diamond;  corporate; 0.0050 0.55 0.0003; 0.0070 0.55 0.0005; 0.76 0 0.12
private;  corporate; 0.0056 0.50 0.0004; 0.0075 0.55 0.0005; 0.45 0 0.10
supreme;  corporate; 0.0060 0.50 0.0004; 0.0070 0.60 0.0005; 0.35 0 0.10
"""


def response_table() -> pd.DataFrame:
    """One row a tier, kind and family of events."""
    uplift = frame(UPLIFT).set_index(["kind", "family"])
    pace = frame(PACE).set_index("tier")
    rows = [
        (tier, kind, family, uplift.loc[(kind, family), tier], *pace.loc[tier], "judgement", AS_OF)
        for tier in TIERS for kind in KINDS for family in FAMILIES
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["tier", "kind", "family", "uplift_share", "rate", "accept_share", "show_share", "se_share", "source", "as_of"])


def elasticity_table() -> pd.DataFrame:
    """One row a tier, kind and concession."""
    rows = []
    for row in frame(ELASTICITIES).to_dict("records"):
        for concession in CONCESSION_KINDS:
            growth, old_money, retention = (float(part) for part in row[concession].split())
            source = "history" if concession == "deposit_premium" else "judgement"
            rows.append((row["tier"], row["kind"], concession, growth, old_money, retention, 0.40 if source == "history" else 0.55, source, AS_OF))
    columns = ["tier", "kind", "concession", "growth_per_unit", "old_money_share", "retention_gain_per_unit", "se_share", "source", "as_of"]
    return pd.DataFrame(rows, columns=columns)
