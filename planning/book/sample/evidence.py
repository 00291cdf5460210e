"""A small trial of last spring's salons and its outcomes, and a few answers to the half-yearly survey: enough to show how learning works."""

import numpy as np
import pandas as pd

from planning.book.sample.clients import BLOCK, block
from planning.book.sample.network import Branch
from planning.book.sample.shapes import Draws, words

TRIED = "wealth_salon"
WINDOW = "2026-H1"
BRANCHES_ASKED = 4
CLIENTS_ASKED = 40
REMARKS = ("希望多一些小型沙龙", "活动通知再早一些", "客户经理很专业", "贷款利率可以再优惠", None, None, None)


def evidence_tables(branches: tuple[Branch, ...], seed: int) -> dict[str, pd.DataFrame]:
    """Invitations, outcomes and surveys of some upper-tier clients of a few branches."""
    asked = _asked(branches, seed)
    draws = Draws(seed, 9_000_003)
    return {"invitations": _invitations(asked, draws), "outcomes": _outcomes(asked, draws), "surveys": _surveys(asked, draws)}


def _asked(branches: tuple[Branch, ...], seed: int) -> pd.DataFrame:
    """Personal clients who may be approached, rich first, of the first branches; `treated` marks three in four."""
    starts = np.cumsum([0, *(branch.clients for branch in branches)])
    chosen = []
    for branch in branches[:BRANCHES_ASKED]:
        clients = block(branch, Draws(seed, branch.index, 0), int(starts[branch.index]) + 1, min(BLOCK, branch.clients))
        fit = clients[(clients["kind"] == "personal") & clients["consent"] & ~clients["opt_out"]]
        assets = (fit["deposit_avg_cny"] + fit["invest_avg_cny"]).rename("assets_cny")
        chosen.append(fit.join(assets).nlargest(CLIENTS_ASKED, "assets_cny").sort_values("client"))
    asked = pd.concat(chosen, ignore_index=True)
    return asked.assign(treated=Draws(seed, 9_000_004).chance(len(asked), 0.75))


def _invitations(asked: pd.DataFrame, draws: Draws) -> pd.DataFrame:
    n = len(asked)
    treated = asked["treated"].to_numpy()
    accepted = treated & draws.chance(n, 0.38)
    days = words([f"{WINDOW[:4]}-03-{day:02d}" for day in (11, 12, 18, 19)], draws.whole(n, 0, 3))
    return pd.DataFrame(
        {
            "client": asked["client"],
            "event": TRIED,
            "branch": asked["branch"],
            "date": days,
            "arm": np.where(treated, "treat", "control"),
            "invited": treated,
            "accepted": accepted,
            "attended": accepted & draws.chance(n, 0.6),
        }
    )


def _outcomes(asked: pd.DataFrame, draws: Draws) -> pd.DataFrame:
    n = len(asked)
    before = asked["contribution_last_cny"].to_numpy()
    assets = asked["assets_cny"].to_numpy()
    held = asked["products"].str.count(r"\|").fillna(-1).to_numpy() + 1
    growth = 1 + draws.even(n, -0.06, 0.08) + np.where(asked["treated"], 0.02, 0.0)
    return pd.DataFrame(
        {
            "client": asked["client"],
            "window": WINDOW,
            "contribution_before_cny": before.astype(np.int64),
            "contribution_after_cny": np.rint(before * growth).astype(np.int64),
            "assets_before_cny": np.rint(assets * draws.even(n, 0.9, 1.0)).astype(np.int64),
            "assets_after_cny": assets.astype(np.int64),
            "products_before": held.astype(np.int64),
            "products_after": (held + draws.chance(n, 0.08)).astype(np.int64),
        }
    )


def _surveys(asked: pd.DataFrame, draws: Draws) -> pd.DataFrame:
    answers = draws.chance(len(asked), 0.4)
    answered = asked[answers]
    n = len(answered)
    told = pd.DataFrame(
        {
            "satisfaction": draws.pick(n, (2, 5, 18, 45, 30)) + 1,
            "interests": answered["interests"],
            "remark": words(REMARKS, draws.whole(n, 0, len(REMARKS) - 1)),
        },
        index=answered.index,
    )
    return asked[["client"]].assign(date=f"{WINDOW[:4]}-06-20").join(told.astype({"satisfaction": "Int64"})).assign(answered=answers)
