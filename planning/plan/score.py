"""Any plan on the same yardstick as the optimum: value, costs, every rule broken with place and amount, distance to the best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from planning.book.book import Book
from planning.book.segments import SegmentKey
from planning.catalogue.offer import Offer, offer
from planning.errors import DataFaults, Fault, Infeasible, NotSolved
from planning.judge import Facts, Verdict, gather, judge
from planning.optimise.impossible import impossible
from planning.optimise.placement import plan_months
from planning.optimise.problem import CENTRE, Problem, problem
from planning.plan.compose import Choice, in_fen, totals
from planning.plan.hand_made import HandMade, Level
from planning.plan.judged import columns
from planning.plan.lines import CENTRE_NAMES
from planning.plan.plan import Attendances, Plan, Totals
from planning.plan.seating import seated
from planning.plan.summary import Names
from planning.policy import Policy

Seating = Literal["given", "best", "filled", "none"]


@dataclass(frozen=True)
class Breach:
    """A rule broken at one place: by how much, in `unit`. `number` is empty for what is not a rule of the model."""

    number: str
    rule: str
    where: tuple[str, ...]
    amount: float
    unit: str


@dataclass(frozen=True)
class Best:
    """The best plan known for the same tables and policy, and what no plan that keeps the rules can exceed, yuan.

    `source`: published, or solved afresh because none was given (`unasked`), or because the one given was made from other
    tables (`other_data`) or under another policy (`other_policy`).
    """

    source: Literal["published", "unasked", "other_data", "other_policy"]
    totals: Totals
    bound_cny: float


@dataclass(frozen=True)
class Scored:
    """A plan's figures, yuan, and the rules it breaks. `places` = checks made; `best` None where the rules allow no plan (`why`)."""

    totals: Totals
    sessions: int
    guests: float
    granted: int
    seating: Seating
    breaches: tuple[Breach, ...]
    places: int
    best: Best | None
    why: tuple[Fault, ...] = ()
    levels_assumed: int = 0  # ladder cells that the file leaves out: nothing is granted there
    names: Mapping[str, Names] = field(default_factory=dict)  # of every code a breach may name

    @property
    def behind_cny(self) -> float | None:
        """How much more the best plan known is worth; negative where it is worth less."""
        return None if self.best is None else self.best.totals.value_cny - self.totals.value_cny

    @property
    def at_most_behind_cny(self) -> float | None:
        """No plan that keeps the rules is worth more than this one by more; negative where this one is worth more than any of them."""
        return None if self.best is None else max(self.best.bound_cny, self.best.totals.value_cny) - self.totals.value_cny


def score(book: Book, policy: Policy, hand: HandMade, published: Plan | None = None) -> Scored:
    """Score a plan made by hand under the policy, by the second judge's exact rules and totals, which are the optimum's too.

    Ladder cells it leaves out grant nothing. Where it names no guests they are seated (plan.seating). `published` = a plan to
    measure it against, if made from the same tables under the same policy; otherwise the year is solved. DataFaults where
    guests are told of a part that the policy does not make.
    """
    offered = offer(book, policy)
    faults = _of_other_parts(offered, hand.attendances)
    if faults:
        raise DataFaults(faults)
    facts = gather(columns(book), policy.model_dump(mode="json"))
    levels = _all_levels(facts, hand.ladder)
    guests, seating = _guests(book, policy, hand, levels)
    verdict = judge(_as_plan(facts, hand, levels, guests), facts)
    best, why = _best(book, problem(offered, policy), published)
    return Scored(
        Totals(**{name: round(amount, 2) for name, amount in verdict.totals.items()}),
        sum(row.sessions for row in hand.sessions),
        sum(row.attendances for row in guests),
        sum(row.level > 0 for row in levels),
        seating,
        _breaches(verdict),
        len(verdict.checks),
        best,
        why,
        len({*levels} - {*hand.ladder}),
        _names(offered),
    )


def _of_other_parts(offered: Offer, guests: Sequence[Attendances]) -> list[Fault]:
    """A fault for each client group whose guests are told of a part it does not have, or of none where it has parts."""
    own: dict[SegmentKey, list[str]] = {}
    for segment in offered.segments:
        own.setdefault(segment.key[:3], []).append(segment.part)
    faults = []
    for cell, part in dict.fromkeys((row.segment[:3], row.part) for row in guests):
        if cell in own and part not in own[cell]:
            code = "plan_part_none" if own[cell] == [""] else "plan_part_unknown" if part else "plan_part_missing"
            faults.append(Fault(code, "attendances", "part", values={"group": " · ".join(cell), "value": part, "known": ", ".join(own[cell])}))
    return faults


def _guests(book: Book, policy: Policy, hand: HandMade, levels: Sequence[Level]) -> tuple[tuple[Attendances, ...], Seating]:
    if hand.attendances or not hand.sessions:
        return hand.attendances, "given" if hand.attendances else "none"
    guests, best = seated(book, policy, hand, levels)
    return guests, "best" if best else "filled"


def _all_levels(facts: Facts, given: Sequence[Level]) -> tuple[Level, ...]:
    """The levels given, and level 0 in every other cell. A cell without clients that is granted nothing is no line."""
    named = {(row.region, row.tier, row.kind, row.concession): row for row in given}
    cells = {(*cell, concession) for cell, concession in facts.offers}
    left_out = (Level(*cell, 0) for cell in sorted(cells - named.keys()))
    return (*(row for cell, row in named.items() if row.level or cell in cells), *left_out)


def _as_plan(facts: Facts, hand: HandMade, levels: Sequence[Level], guests: Sequence[Attendances]) -> Mapping[str, Any]:
    """The plan as the second judge reads it, depth, gain and cost of its levels as the tables give them."""
    steps = [facts.offers.get(((row.region, row.tier, row.kind), row.concession), {}).get(row.level) for row in levels]
    gains, costs = (in_fen([float(getattr(step, name)) if step else 0.0 for step in steps]) for name in ("gain", "cost"))
    ladder = [
        {**vars(row), "depth": float(step.depth) if step else 0.0, "gain_cny": gain, "cost_cny": cost}
        for row, step, gain, cost in zip(levels, steps, gains, costs, strict=True)
    ]
    return {"sessions": [vars(row) for row in hand.sessions], "attendances": [vars(row) for row in guests], "ladder": ladder}


def _breaches(verdict: Verdict) -> tuple[Breach, ...]:
    return tuple(Breach(check.number, check.rule, check.where, float(check.excess), check.unit) for check in verdict.broken)


def _names(offered: Offer) -> Mapping[str, Names]:
    events = {event.event: event.names for event in offered.events}
    return {**events, **offered.tier_names, **offered.region_names, **offered.branch_names, CENTRE: CENTRE_NAMES}


def _best(book: Book, p: Problem, published: Plan | None) -> tuple[Best | None, tuple[Fault, ...]]:
    source: Literal["published", "unasked", "other_data", "other_policy"] = "unasked"
    if published is not None:
        source = "other_data" if published.data_hash != book.data_hash else "published" if _same_policy(published, p.policy) else "other_policy"
        if source == "published":
            return Best(source, published.totals, published.solve.bound), ()
    if faults := impossible(p):
        return None, faults
    try:
        year, placed = plan_months(p)
    except (Infeasible, NotSolved) as error:
        return None, error.faults
    return Best(source, totals(p, Choice(placed, year.levels)), year.outcome.bound), ()


def _same_policy(plan: Plan, policy: Policy) -> bool:
    """Whether a plan was made under the same policy; how it was solved does not matter to what it is worth."""
    try:
        return Policy.model_validate(plan.policy).model_copy(update={"solver": policy.solver}) == policy
    except ValueError:
        return False
