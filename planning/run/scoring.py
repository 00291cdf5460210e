"""Plans made by hand, from a planner's file: scored, or their locked lines laid over a policy."""

import json
import os
from pathlib import Path

from planning import policy
from planning.book.intake import read_book
from planning.errors import DataFaults, Fault, PolicyError
from planning.plan.hand_made import HandMade, read_hand_made
from planning.plan.plan import Plan
from planning.plan.score import Scored, score
from planning.plan.seating import locked_lines
from planning.run import notebook as notebooks
from planning.run import params
from planning.run.channel import PLAN
from planning.run.render import Order


def score_file(file: Path, data: Path, published: Path | None) -> tuple[Scored, HandMade]:
    """The score of the plan in `file` by the tables and the policy in the folder `data`, and the plan as it was read.

    `published` = a published plan's folder to measure it against. DataFaults says what is wrong with file or tables.
    """
    rules = policy.read(data / "policy.toml")
    book = read_book(data, rules, os.environ)
    hand = read_hand_made(file, book)
    return score(book, rules, hand, None if published is None else published_plan(published)), hand


def published_plan(folder: Path) -> Plan:
    """The plan in a published folder, or in a plan.json itself. DataFaults where there is none."""
    file = folder / PLAN if folder.is_dir() else folder
    try:
        return Plan.from_json(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataFaults(Fault("plan_unreadable", values={"folder": folder.name})) from error


def locked_pairs(file: Path, order: Order) -> tuple[tuple[str, str], ...]:
    """The locked lines of a plan's file, laid over those of the policy, as parameters of a render. DataFaults where no line is locked.

    PolicyError where the notebook makes no plan but a page about one.
    """
    own = notebooks.parameters(notebooks.read(order.notebook))
    if "plan" in own:
        raise PolicyError(Fault("parameter_beside_plan", values={"name": "--locked"}))
    folder = params.data_folder(str(order.data or own.get("data") or "sample"), Path.cwd())
    rules = policy.read(folder / "policy.toml")
    hand = read_hand_made(file, read_book(folder, rules, os.environ))
    if not hand.locked_sessions and not hand.locked_levels:
        raise DataFaults(Fault("plan_nothing_locked", values={"file": file.name}))
    lines = locked_lines(hand.locked_sessions, hand.locked_levels)
    before = rules.frozen.model_dump(mode="json")
    sessions = {(row["host"], row["event"], row["month"]): row for row in (*before["sessions"], *lines["frozen_sessions"])}
    ladder = {(row["region"], row["tier"], row["kind"], row["concession"]): row for row in (*before["ladder"], *lines["frozen_ladder"])}
    laid = {"frozen_sessions": list(sessions.values()), "frozen_ladder": list(ladder.values())}
    return tuple((name, json.dumps(rows, ensure_ascii=False)) for name, rows in laid.items())
