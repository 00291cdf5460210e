"""Whether the plan itself is well made and says what is true: what no table of rules numbers, but every rule rests on."""

from collections import Counter
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from planning.judge.answer import TABLES, Answer, codes, segment_of
from planning.judge.checks import Line, at_most, exactly, none_of
from planning.judge.exact import FEN, HALF_FEN, ZERO, exact, stated
from planning.judge.facts import Facts
from planning.judge.rules_frozen import locked
from planning.judge.value import totals

YUAN = Fraction(1)
MILLIONTH = Fraction(1, 1_000_000)


def rows_are_known(_facts: Facts, answer: Answer) -> Iterator[Line]:
    """every code is in the bank's tables and every host of its event's level      for every row of the plan"""
    for table in TABLES:
        yield from none_of(table, answer.unknown[table])


def whole_numbers(_facts: Facts, answer: Answer) -> Iterator[Line]:
    """sessions and attendances are whole and not negative      for every row of either"""
    for table in ("sessions", "attendances"):
        yield from none_of(table, (codes(table, row) for row in answer.known[table] if not _is_count(row[table])))


def no_row_twice(_facts: Facts, answer: Answer) -> Iterator[Line]:
    """no two rows have the same codes      for every row of segments, sessions and attendances (for the ladder this is K1)"""
    for table in TABLES[:3]:
        counted = Counter(codes(table, row) for row in answer.known[table])
        yield from none_of(table, (where for where, count in counted.items() if count > 1))


def only_eligible_clients(facts: Facts, answer: Answer) -> Iterator[Line]:
    """n[g,e] > 0 and h serves g      for every row of attendances with guests"""
    yield from none_of("attendances", (
        (*segment, slot[1], slot[0], str(slot[2])) for segment, slot, guests in answer.booked
        if guests != 0 and (segment not in facts.events[slot[0]].eligible or facts.host_of(segment, facts.events[slot[0]].level) != slot[1])
    ))  # fmt: skip


def only_open_months(facts: Facts, answer: Answer) -> Iterator[Line]:
    """m is a month of e, and after approval and notice, not past, not blacked out, or locked      for every slot (e,h,m)"""
    committed = locked(facts)
    closed = (slot for slot in answer.slots if slot[2] not in (facts.events[slot[0]].months if slot in committed else facts.events[slot[0]].open_months))
    yield from none_of("sessions", ((facts.events[code].level, host, code, str(month)) for code, host, month in closed))


def only_offered_levels(_facts: Facts, answer: Answer) -> Iterator[Line]:
    """the level exists, is within ceiling and authority, and its effect is known      for every row of the ladder"""
    yield from none_of("ladder", ((*one.where, str(one.level)) for one in answer.chosen if one.step is None or not one.step.offered))


def steps_say_what_they_cost(_facts: Facts, answer: Answer) -> Iterator[Line]:
    """depth, gain and cost are those of the tables, money to the fen      for every row of the ladder"""
    for one in answer.chosen:
        if one.step is not None:
            yield _says((*one.where, "depth"), one.row.get("depth"), one.step.depth, ZERO, "level")
            yield _says((*one.where, "gain_cny"), one.row.get("gain_cny"), one.step.gain, FEN, "CNY")
            yield _says((*one.where, "cost_cny"), one.row.get("cost_cny"), one.step.cost, FEN, "CNY")


def segments_say_who_counts(facts: Facts, answer: Answer) -> Iterator[Line]:
    """region, clients and contribution are those of the tables, money to the fen      for every segment"""
    if "segments" not in answer.plan:
        return
    rows = {segment_of(row): row for row in answer.known["segments"]}
    wrong = (segment for segment in sorted(facts.clients) if rows.get(segment, {}).get("region") != facts.regions[segment[0]])
    yield from none_of("segments", wrong)
    for segment, row in sorted(rows.items()):
        yield _says((*segment, "clients"), row.get("clients"), Fraction(facts.clients[segment]), ZERO, "guests")
        yield _says((*segment, "contribution_cny"), row.get("contribution_cny"), facts.contribution[segment], FEN, "CNY")


def totals_add_up(facts: Facts, answer: Answer) -> Iterator[Line]:
    """the totals are those of the rows: event cash to the fen, concessions to half a fen a step, uplift, gain and value to the yuan"""
    given = answer.plan.get("totals")
    if given is None:
        return
    found = totals(facts, answer)
    granted = sum(1 for step in answer.steps() if step.cost)
    within = {"event_cny": FEN, "concession_cny": FEN + granted * HALF_FEN}
    for name, amount in found.items():
        yield _says((name,), given.get(name), exact(amount), within.get(name, YUAN), "CNY")


def solve_is_told_truly(facts: Facts, answer: Answer) -> Iterator[Line]:
    """objective ≤ bound, gap = (bound − objective)/max(|objective|, 1 yuan), and optimal only within the asked gap      where a solve is told"""
    solve = answer.plan.get("solve") or {}
    objective, bound, gap = (stated(solve.get(name)) for name in ("objective", "bound", "gap"))
    if objective is None or bound is None or gap is None:
        return
    size = max(abs(objective), abs(bound), YUAN)
    bounded = at_most(("bound",), objective, bound, "CNY")
    yield bounded._replace(broken=bounded.excess > max(YUAN, size * MILLIONTH))
    told = [max(bound - objective, ZERO) / max(abs(amount), YUAN) for amount in (objective, bound)]
    nearest = min(told, key=lambda share: abs(share - gap))
    yield exactly(("gap",), gap, nearest, "share", within=MILLIONTH + YUAN / size)
    if solve.get("status") == "optimal":
        yield at_most(("status",), gap, exact(facts.policy["solver"]["gap"]) + MILLIONTH, "share")


def policy_is_the_plans(facts: Facts, answer: Answer) -> Iterator[Line]:
    """the plan carries the policy it is judged by      for every field"""
    given = answer.plan.get("policy")
    if given is not None:
        yield from none_of("policy", (name for name, value in sorted(_fields(facts.policy).items()) if value != _fields(given).get(name)))
    if "year" in answer.plan:
        yield from none_of("year", [] if answer.plan["year"] == facts.policy["year"] else [(str(answer.plan["year"]),)])


def _says(where: tuple[str, ...], told: Any, found: Fraction, within: Fraction, unit: str) -> Line:
    amount = stated(told)
    line = exactly(where, ZERO if amount is None else amount, found, unit, within)
    return line if amount is not None else line._replace(broken=True)


def _is_count(value: Any) -> bool:
    amount = stated(value)
    return amount is not None and amount >= 0 and amount.denominator == 1


def _fields(policy: Mapping[str, Any]) -> dict[tuple[str, ...], Any]:
    """Each field of a policy by its section and name, in a form that compares the same before and after JSON."""
    fields: dict[tuple[str, ...], Any] = {}
    for section, value in policy.items():
        if isinstance(value, Mapping):
            fields.update({(section, name): _plain(leaf) for name, leaf in value.items()})
        else:
            fields[section,] = _plain(value)
    return fields


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(leaf) for name, leaf in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(leaf) for leaf in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)
