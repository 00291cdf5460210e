"""What a plan is worth, on the response curve."""

from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from math import expm1

from planning.judge.answer import Answer
from planning.judge.clients import Segment
from planning.judge.exact import ZERO
from planning.judge.facts import Facts
from planning.judge.rules_contact import price_of_short_hours


def totals(facts: Facts, answer: Answer) -> Mapping[str, float]:
    """The five totals of a plan in yuan: value = uplift + gain − (objective net) costs − price of short hours."""
    event, concession = answer.event_cny, answer.concession_cny
    gain = sum((step.gain for step in answer.steps()), ZERO)
    uplift = uplift_cny(facts, answer)
    costs = event + concession if facts.policy["value"]["objective"] == "net" else ZERO
    value = uplift + float(gain - costs - price_of_short_hours(facts, answer))
    return {"event_cny": float(event), "concession_cny": float(concession), "uplift_cny": uplift, "gain_cny": float(gain), "value_cny": value}


def uplift_cny(facts: Facts, answer: Answer) -> float:
    """Σ_{g,f} U with U = μ·n·v·a·(1 − e^{−λA/n}), A the touches of family f on segment g."""
    touches: defaultdict[tuple[Segment, str], Fraction] = defaultdict(Fraction)
    for (segment, code), seats in answer.seats.items():
        touches[segment, facts.events[code].family] += facts.events[code].touch * seats
    uplift = 0.0
    for (segment, family), weight in sorted(touches.items()):
        share, rate = facts.responses.get((segment[1], segment[2], family), (ZERO, ZERO))
        ceiling = facts.horizon * max(facts.contribution[segment], ZERO) * share
        uplift -= float(ceiling) * expm1(-float(rate * weight / facts.clients[segment]))
    return uplift
