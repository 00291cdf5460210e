"""What happened in a plan's period, counted again from the tables: who came, what groups held back did, and what was booked."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from planning.judge import period
from planning.judge.answer import read_answer
from planning.judge.clients import Segment, people, read_clients
from planning.judge.doubts import Key
from planning.judge.exact import ZERO, exact
from planning.judge.facts import Facts, Members, gone_through
from planning.judge.groups import Group, Person, covers, error_of, groups_of
from planning.judge.tables import Row, Tables, column, flag, rows
from planning.judge.value import answered, uplift_cny

Kinds = Mapping[str, tuple[str, Fraction]]


def happened(tables: Tables, told: Tables, plan: Mapping[str, Any], facts: Facts) -> dict[str, float]:
    """The figures of what happened, as a model record states them; none where nobody came. `tables` = the plan's own, `told` = those that tell.

    Of each family: realised = U(A that came)·(1 − t + t·measured/expected), t = the share of its attendances under test;
    gain = the plan's own a yuan of concessions · yuan booked.
    """
    invited = [row for row in rows(told, "invitations") if _within(row, facts)]
    came = [row for row in invited if flag(row["attended"])]
    if not came:
        return {}
    persons, kinds, spent = dict(_persons(tables, facts)), _kinds(told, facts), _spent(told, facts)
    least = int(facts.policy["privacy"]["min_cell"])
    groups = {key: group for key, group in groups_of(invited, told, persons, kinds).items() if group.tells(least)}
    through = max(row["date"].month for row in (*came, *_bookings(told, facts)) if row.get("line", "events") in ("events", "concessions"))
    planned = _planned(plan, facts, through)
    event, concession = (spent.get(line, planned[line]) for line in ("events", "concessions"))
    counted = [row for row in came if row["client"] in persons and persons[row["client"]].segment is not None]
    expected, measured = _summed(groups.values(), persons, facts)
    uplift = _by_family(answered(facts, _touches(counted, persons, kinds)))
    weights = _weights(counted, groups, kinds, uplift, expected)
    realised = sum(uplift.values()) + sum(weights[family] * (measured[family] - expected[family]) for family in measured)
    gain = float(planned["gain"] * concession / planned["all concessions"]) if planned["all concessions"] else 0.0
    net = facts.policy["value"]["objective"] == "net"
    return {
        "realised_through_month": through,
        "realised_planned_uplift_cny": float(planned["uplift"]),
        "realised_uplift_cny": realised,
        "realised_expected_cny": sum(expected.values()),
        "realised_measured_cny": sum(measured.values()),
        "realised_error_cny": float(facts.horizon) * error_of(groups.values(), weights),
        "realised_gain_cny": gain,
        "realised_event_cny": float(event),
        "realised_concession_cny": float(concession),
        "realised_value_cny": realised + gain - (float(event + concession) if net else 0.0),
    }


def _summed(groups: Iterable[Group], persons: Mapping[str, Person], facts: Facts) -> tuple[dict[str, float], dict[str, float]]:
    """What was expected and what was measured under test, by family, yuan over the horizon."""
    expected, measured = defaultdict[str, float](float), defaultdict[str, float](float)
    for group in groups:
        expected[group.family] += float(facts.horizon) * group.expected(persons, facts.responses)
        measured[group.family] += float(facts.horizon) * group.measured()
    return expected, measured


def _by_family(uplift: Mapping[Key, float]) -> dict[str, float]:
    found = defaultdict[str, float](float)
    for (*_, family), amount in uplift.items():
        found[family] += amount
    return found


def _weights(
    came: Sequence[Row], groups: Mapping[tuple[str, str], Group], kinds: Kinds, uplift: Mapping[str, float], expected: Mapping[str, float]
) -> dict[str, float]:
    """By family, what a yuan measured counts for: U·t/expected; nothing where nothing is expected."""
    windows: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for (event, window), group in groups.items():
        for client in group.amounts:
            windows[event, client].append(window)
    all_, tested = Counter[str](), Counter[str]()
    for row in came:
        family = kinds[row["event"]][0]
        all_[family] += 1
        tested[family] += any(covers(window, row["date"]) for window in windows[row["event"], row["client"]])
    return {family: uplift[family] * tested[family] / all_[family] / amount if amount > 0 and tested[family] else 0.0 for family, amount in expected.items()}


def _within(row: Row, facts: Facts) -> bool:
    """Whether a row is dated in the plan's period."""
    return bool(row["date"].year == facts.policy["year"]) and row["date"].month in period.months(facts.policy)


def _planned(plan: Mapping[str, Any], facts: Facts, through: int) -> dict[str, Fraction]:
    """The plan up to the end of a month; concessions run evenly over its months, `gain` and `all concessions` are the whole period's."""
    whole = read_answer(plan, facts)
    until = read_answer({**plan, "attendances": [row for row in plan["attendances"] if row["month"] <= through]}, facts)
    months = period.months(facts.policy)
    return {
        "uplift": Fraction(sum(uplift_cny(facts, until).values())),
        "gain": sum((step.gain for step in whole.steps()), ZERO),
        "events": sum((cash for month, cash in whole.cash.items() if month <= through), ZERO),
        "concessions": Fraction(sum(month <= through for month in months), len(months)) * whole.concession_cny,
        "all concessions": whole.concession_cny,
    }


def _persons(tables: Tables, facts: Facts) -> Iterator[tuple[str, Person]]:
    """Every client of the plan's book."""
    book = read_clients(tables, facts.policy, facts.regions)
    members = Members()
    gone_through(book, (members,))
    ends = book.parts.merged(members.clients)
    told = zip(column(tables, "clients", "client"), column(tables, "clients", "kind"), people(tables, facts.regions, book.money), book, strict=True)
    for code, kind, (_, person), (_, counted) in told:
        yield code, Person(book.tiers.of(person), kind, None if counted is None else ends[counted.segment])


def _kinds(told: Tables, facts: Facts) -> Kinds:
    """Family and weight of each event, as the plan's own tables state them; of others as those that tell do."""
    others = {row["event"]: (str(row["family"]), exact(row["touch_weight"], Fraction(1))) for row in rows(told, "events")}
    return {**others, **{code: (event.family, event.touch) for code, event in facts.events.items()}}


def _spent(told: Tables, facts: Facts) -> dict[str, Fraction]:
    """Yuan booked in the period by line."""
    found: defaultdict[str, Fraction] = defaultdict(Fraction)
    for row in _bookings(told, facts):
        found[row["line"]] += exact(row["actual_cny"])
    return found


def _bookings(told: Tables, facts: Facts) -> Iterator[Row]:
    return (row for row in rows(told, "ledger") if _within(row, facts))


def _touches(came: Iterable[Row], persons: Mapping[str, Person], kinds: Kinds) -> dict[tuple[Segment, str], Fraction]:
    """Weighted touches by segment and family, of clients whom the plan counts."""
    found: defaultdict[tuple[Segment, str], Fraction] = defaultdict(Fraction)
    for row in came:
        family, weight = kinds[row["event"]]
        found[persons[row["client"]].segment or (), family] += weight
    return found
