"""What a plan is worth, on the response curve, and what risk aversion takes off it."""

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from math import expm1

from planning.judge.answer import Answer
from planning.judge.clients import Segment
from planning.judge.doubts import DRAWS, Key, draws
from planning.judge.exact import ZERO, exact
from planning.judge.facts import Facts
from planning.judge.offers import Step, cost_when
from planning.judge.rules_contact import price_of_short_hours

WORST = DRAWS // 10


def totals(facts: Facts, answer: Answer) -> Mapping[str, float]:
    """The five totals of a plan in yuan: value = uplift + gain − (objective net) costs − price of short hours − caution."""
    event, concession = answer.event_cny, answer.concession_cny
    gain = sum((step.gain for step in answer.steps()), ZERO)
    uplift = uplift_cny(facts, answer)
    costs = event + concession if facts.policy["value"]["objective"] == "net" else ZERO
    value = sum(uplift.values()) + float(gain - costs - price_of_short_hours(facts, answer)) - caution(facts, answer, uplift)
    return {"event_cny": float(event), "concession_cny": float(concession), "uplift_cny": sum(uplift.values()), "gain_cny": float(gain), "value_cny": value}


def uplift_cny(facts: Facts, answer: Answer) -> dict[Key, float]:
    """The uplift of a plan's attendances, by the row of responses."""
    touches: defaultdict[tuple[Segment, str], Fraction] = defaultdict(Fraction)
    for (segment, code), seats in answer.seats.items():
        touches[segment, facts.events[code].family] += facts.events[code].touch * seats
    return answered(facts, touches)


def answered(facts: Facts, touches: Mapping[tuple[Segment, str], Fraction]) -> dict[Key, float]:
    """Σ_g U with U = μ·n·v·a·(1 − e^{−λA/n}), A the touches of family f on segment g, by the row of responses."""
    uplift: defaultdict[Key, float] = defaultdict(float)
    for (segment, family), weight in sorted(touches.items()):
        share, rate = facts.responses.get((segment[1], segment[2], family), (ZERO, ZERO))
        ceiling = facts.horizon * max(facts.contribution[segment], ZERO) * share
        uplift["responses", segment[1], segment[2], family] -= float(ceiling) * expm1(-float(rate * weight / facts.clients[segment]))
    return uplift


def caution(facts: Facts, answer: Answer, uplift: Mapping[Key, float]) -> float:
    """ρ · (expected − mean of the worst tenth of draws) of uplift + gain − (objective net) concession cost, yuan."""
    value = facts.policy["value"]
    aversion = exact(value["risk_aversion"])
    if aversion == 0:
        return 0.0
    steps: defaultdict[Key, list[Step]] = defaultdict(list)
    for one in answer.chosen:
        if one.step is not None and one.level:
            steps["elasticities", one.cell[1], one.cell[2], one.concession].append(one.step)
    expected, drawn = 0.0, [0.0] * DRAWS
    for key in sorted({*uplift, *steps}):
        net = value["objective"] == "net"

        def brings(times: Fraction, key: Key = key, net: bool = net) -> float:
            ladder = (times * step.gain - (cost_when(step, times) if net else ZERO) for step in steps.get(key, ()))
            return float(times) * uplift.get(key, 0.0) + float(sum(ladder, ZERO))

        expected += brings(Fraction(1))
        drawn = [sofar + brings(times) for sofar, times in zip(drawn, draws(key, facts.errors, facts.policy["solver"]["seed"]), strict=True)]
    return float(aversion) * (expected - sum(sorted(drawn)[:WORST]) / WORST)
