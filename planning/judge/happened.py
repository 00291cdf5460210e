"""What happened in a plan's period, counted again from the tables: who came, what groups held back did, and what was booked."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from planning.judge import period
from planning.judge.answer import read_answer
from planning.judge.clients import Segment, people, read_clients
from planning.judge.exact import ZERO, exact
from planning.judge.facts import Facts, Members, gone_through
from planning.judge.groups import Person, error_of, groups_of
from planning.judge.tables import Row, Tables, column, flag, rows
from planning.judge.value import answered, uplift_cny

Kinds = Mapping[str, tuple[str, Fraction]]


def happened(tables: Tables, told: Tables, plan: Mapping[str, Any], facts: Facts) -> dict[str, float]:
    """The figures of what happened, as a model record states them; none where nobody came. `tables` = the plan's own, `told` = those that tell.

    uplift = Σ U(A that came) + μ·Σ_groups (measured − expected);  gain = the plan's own a yuan of concessions · yuan booked
    """
    invited = [row for row in rows(told, "invitations") if _within(row, facts)]
    came = [row for row in invited if flag(row["attended"])]
    if not came:
        return {}
    persons, kinds, spent = dict(_persons(tables, facts)), _kinds(told, facts), _spent(told, facts)
    groups = [group for group in groups_of(invited, told, persons, kinds) if group.tells(int(facts.policy["privacy"]["min_cell"]))]
    through = max(row["date"].month for row in (*came, *_bookings(told, facts)) if row.get("line", "events") in ("events", "concessions"))
    planned = _planned(plan, facts, through)
    event, concession = (spent.get(line, planned[line]) for line in ("events", "concessions"))
    beyond = sum(group.measured() - group.expected(persons, facts.responses) for group in groups)
    uplift = sum(answered(facts, _touches(came, persons, kinds)).values()) + float(facts.horizon) * beyond
    gain = float(planned["gain"] * concession / planned["all concessions"]) if planned["all concessions"] else 0.0
    net = facts.policy["value"]["objective"] == "net"
    return {
        "realised_through_month": through,
        "realised_planned_uplift_cny": float(planned["uplift"]),
        "realised_uplift_cny": uplift,
        "realised_error_cny": float(facts.horizon) * error_of(groups),
        "realised_gain_cny": gain,
        "realised_event_cny": float(event),
        "realised_concession_cny": float(concession),
        "realised_value_cny": uplift + gain - (float(event + concession) if net else 0.0),
    }


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


def _touches(came: list[Row], persons: Mapping[str, Person], kinds: Kinds) -> dict[tuple[Segment, str], Fraction]:
    """Weighted touches of the clients whom the plan counts."""
    found: defaultdict[tuple[Segment, str], Fraction] = defaultdict(Fraction)
    for row in came:
        person = persons.get(row["client"])
        if person is not None and person.segment is not None:
            family, weight = kinds[row["event"]]
            found[person.segment, family] += weight
    return found
