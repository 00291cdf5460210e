"""Who counts: each client's contribution, tier and leave to be approached, from the clients' table alone, one row at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from planning.judge.amounts import Amounts, Money
from planning.judge.interests import Interests
from planning.judge.parts import Parts
from planning.judge.tables import Tables, column, flag
from planning.judge.tiers import Person, Tiers, read_tiers

Segment = tuple[str, ...]  # branch, tier, kind, and the part where the segment has parts
Cell = tuple[str, str, str]  # region, tier, kind

RECORDS = ("tier_last", "tier_since", "below_since")
TRAITS = ("kind", "deposit_tenure_months", "manager", "sex", "risk_level", "public_official", "state_owned_contact")


class Client(NamedTuple):
    """One client who may be approached and belongs to a tier. `segment` has the client's own code as its part, before small parts are merged."""

    segment: Segment
    amounts: Amounts
    tenure: float | None
    manager: str | None
    sex: str | None
    risk_level: float | None
    interests: tuple[str, ...]
    may_have_gifts: bool


@dataclass(frozen=True)
class Book:
    """The clients' table as it is gone through: a row is read, counted and let go, so that memory does not grow with the clients."""

    tables: Tables
    regions: Mapping[str, str]
    money: Money
    tiers: Tiers
    parts: Parts
    interests: Interests

    def __iter__(self) -> Iterator[tuple[int, Client | None]]:
        """Every client's contribution of the last full year (small units), and the client, None where it may not be approached or has no tier."""
        parted = zip(self.interests, self.parts, strict=True)
        asked = zip(*(column(self.tables, "clients", name) for name in ("consent", "opt_out")), strict=True)
        traits = zip(*(column(self.tables, "clients", name) for name in TRAITS), strict=True)
        for (amounts, person), (consent, opt_out), own, part in zip(people(self.tables, self.regions, self.money), asked, traits, parted, strict=True):
            tier = self.tiers.of(person) if flag(consent) and not flag(opt_out) else None
            yield amounts.last_year, None if tier is None else _client((person.branch, tier, own[0]), amounts, own, part)


def read_clients(tables: Tables, policy: Mapping[str, Any], regions: Mapping[str, str]) -> Book:
    """The clients' table with all that decides who counts. `regions` maps a branch to its region."""
    money = Money(tables, policy["bank"])
    tiers = read_tiers(tables, policy, (person for _, person in people(tables, regions, money)), money.unit)
    interests = Interests(tables, policy)
    return Book(tables, regions, money, tiers, Parts(tables, policy, interests), interests)


def people(tables: Tables, regions: Mapping[str, str], money: Money) -> Iterator[tuple[Amounts, Person]]:
    """Every client of the book with what decides its tier."""
    records = zip(*(column(tables, "clients", name) for name in RECORDS), strict=True)
    for branch, amounts, record in zip(column(tables, "clients", "branch"), money, records, strict=True):
        yield amounts, Person(branch, regions[branch], amounts.deposit + amounts.invest, amounts.contribution, *record)


def _client(owner: Segment, amounts: Amounts, own: tuple[Any, ...], part: tuple[tuple[str, ...], tuple[str, ...]]) -> Client:
    kind, tenure, manager, sex, risk_level, official, state_owned = own
    interests, code = part
    return Client(
        (*owner, *code), amounts, _number(tenure), _text(manager), _text(sex) if kind == "personal" else None,
        _number(risk_level), interests, not (flag(official) or flag(state_owned)),
    )  # fmt: skip


def _text(value: Any) -> str | None:
    return None if value is None or value != value or value == "" else str(value)


def _number(value: Any) -> float | None:
    return None if value is None or value != value else value
