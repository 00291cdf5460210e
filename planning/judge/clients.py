"""Who counts: each client's contribution, tier and leave to be approached, from the clients' table alone.

Money is held as whole numbers of one small unit, chosen so that every product is exact; `Book.unit` of them make a yuan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from planning.judge.exact import Column
from planning.judge.interests import interests
from planning.judge.parts import Parts
from planning.judge.tables import Tables, column, flag
from planning.judge.tiers import Person, in_force, tier_ranks, tier_standards, tiers_of

Segment = tuple[str, ...]  # branch, tier, kind, and the part where the segment has parts
Cell = tuple[str, str, str]  # region, tier, kind

MONEY = (
    "deposit_avg_cny",
    "loan_avg_cny",
    "invest_avg_cny",
    "fee_income_cny",
    "cost_to_serve_cny",
    "contribution_cny",
    "contribution_last_cny",
    "capital_charge_cny",
)
RATES = ("deposit_rate_pct", "loan_rate_pct")
RISKS = ("pd", "lgd")
TRAITS = (
    "branch", "kind", "deposit_tenure_months", "manager", "sex", "risk_level",
    "public_official", "state_owned_contact", "consent", "opt_out",
)  # fmt: skip


class Client(NamedTuple):
    """One client who may be approached and belongs to a segment. Money and margins in small units; `pd` in parts of `Book.risk_unit`."""

    segment: Segment
    deposit: int
    loan: int
    invest: int
    fee: int
    deposit_margin: int | None  # a year, None without a rate
    loan_margin: int | None
    contribution: int
    pd: int | None
    tenure: float | None
    manager: str | None
    sex: str | None
    risk_level: float | None
    interests: tuple[str, ...]
    may_have_gifts: bool


@dataclass(frozen=True)
class Book:
    """The clients that count, the rank of each tier, and the sum the two budget ratios are taken of (yuan, all clients)."""

    clients: tuple[Client, ...]
    ranks: Mapping[str, int]
    base_cny: Fraction
    unit: int
    risk_unit: int


class _Money(NamedTuple):
    """The columns of money, rates and risks, each at its own number of digits."""

    money: Mapping[str, Sequence[int | None]]
    rates: Mapping[str, Sequence[int | None]]
    risks: Mapping[str, Sequence[int | None]]
    money_to_unit: int
    rated_to_unit: int
    risked_to_unit: int
    unit: int
    risk_unit: int
    ftp_deposit: int
    ftp_loan: int
    with_loss: bool


def read_clients(tables: Tables, policy: Mapping[str, Any], regions: Mapping[str, str]) -> Book:
    """All clients that count. `regions` maps a branch to its region."""
    money = _money(tables, policy["bank"])
    own = {name: column(tables, "clients", name) for name in TRAITS}
    interested = interests(tables, policy)
    brought = [_contribution(money, row) for row in range(len(own["branch"]))]
    standing = in_force(tables, policy)
    tiers = _tiers(tables, policy, regions, money, [amount for amount, _ in brought])
    parts = Parts(tables, policy)
    clients: list[Client] = []
    base = 0
    for row, branch in enumerate(own["branch"]):
        contribution, margins = brought[row]
        last = money.money["contribution_last_cny"][row]
        base += contribution if last is None else last * money.money_to_unit
        if not flag(own["consent"][row]) or flag(own["opt_out"][row]):
            continue
        deposit, loan, invest, fee = ((money.money[name][row] or 0) * money.money_to_unit for name in MONEY[:4])
        tier = tiers[row]
        if tier is not None:
            kind = own["kind"][row]
            clients.append(Client(
                (branch, tier, kind, *parts.code(row)), deposit, loan, invest, fee, *margins, contribution, money.risks["pd"][row],
                _number(own["deposit_tenure_months"][row]), _text(own["manager"][row]), _text(own["sex"][row]) if kind == "personal" else None,
                _number(own["risk_level"][row]), interested[row],
                not (flag(own["public_official"][row]) or flag(own["state_owned_contact"][row])),
            ))  # fmt: skip
    return Book(_in_parts(clients, parts) if parts.asked else tuple(clients), tier_ranks(standing), Fraction(base, money.unit), money.unit, money.risk_unit)


def _in_parts(clients: Sequence[Client], parts: Parts) -> tuple[Client, ...]:
    """The clients with the segments they end in, once it is known which parts are too small."""
    told = parts.merged((client.segment[:3], client.segment[3]) for client in clients)
    ends: dict[Segment, Segment] = {(*owner, code): (*owner, part) if part else owner for (owner, code), part in told.items()}
    return tuple(client._replace(segment=ends[client.segment]) for client in clients)


def _tiers(tables: Tables, policy: Mapping[str, Any], regions: Mapping[str, str], money: _Money, brought: Sequence[int]) -> list[str | None]:
    """The tier of every client of the book, in the order of its rows."""
    standing = in_force(tables, policy)
    given = tier_standards(standing, policy, money.unit)
    standards = {region: given.get(region) or given.get("*", ()) for region in regions.values()}
    deposits, investments = money.money["deposit_avg_cny"], money.money["invest_avg_cny"]
    records = zip(*(column(tables, "clients", name) for name in ("tier_last", "tier_since", "below_since")), strict=True)
    people = [
        Person(regions[branch], ((deposits[row] or 0) + (investments[row] or 0)) * money.money_to_unit, brought[row], *record)
        for row, (branch, record) in enumerate(zip(column(tables, "clients", "branch"), records, strict=True))
    ]
    return tiers_of(people, standards, tier_ranks(standing), policy, money.unit)


def _money(tables: Tables, bank: Mapping[str, Any]) -> _Money:
    columns = {name: Column(column(tables, "clients", name)) for name in (*MONEY, *RATES, *RISKS)}
    transfer = Column([bank["ftp_deposit_pct"], bank["ftp_loan_pct"]])
    in_money = max(columns[name].digits for name in MONEY)
    in_rates = max(transfer.digits, *(columns[name].digits for name in RATES))
    in_risks = max(columns[name].digits for name in RISKS)
    ftp_deposit, ftp_loan = (value or 0 for value in transfer.scaled(in_rates))
    return _Money(
        {name: columns[name].scaled(in_money) for name in MONEY},
        {name: columns[name].scaled(in_rates) for name in RATES},
        {name: columns[name].scaled(in_risks) for name in RISKS},
        money_to_unit=10 ** (in_rates + 2 + 2 * in_risks), rated_to_unit=10 ** (2 * in_risks), risked_to_unit=10 ** (in_rates + 2),
        unit=10 ** (in_money + in_rates + 2 + 2 * in_risks), risk_unit=10**in_risks,
        ftp_deposit=ftp_deposit, ftp_loan=ftp_loan, with_loss=bool(bank["expected_loss"]),
    )  # fmt: skip


def _contribution(money: _Money, row: int) -> tuple[int, tuple[int | None, int | None]]:
    """deposit·(ftp − rate) + loan·(rate − ftp) + fee − cost to serve − capital charge − loan·pd·lgd, unless given; and the two margins; small units."""
    deposit, loan, _, fee, cost, given, _, capital = (money.money[name][row] for name in MONEY)
    deposit_rate, loan_rate = (money.rates[name][row] for name in RATES)
    pd, lgd = (money.risks[name][row] or 0 for name in RISKS)
    deposit_margin = None if deposit_rate is None else (deposit or 0) * (money.ftp_deposit - deposit_rate) * money.rated_to_unit
    loss = (loan or 0) * pd * lgd * money.risked_to_unit if money.with_loss else 0
    loan_margin = None if loan_rate is None else (loan or 0) * (loan_rate - money.ftp_loan) * money.rated_to_unit - loss
    if given is not None:
        return given * money.money_to_unit, (deposit_margin, loan_margin)
    lending = -loss if loan_margin is None else loan_margin
    return (deposit_margin or 0) + lending + ((fee or 0) - (cost or 0) - (capital or 0)) * money.money_to_unit, (deposit_margin, loan_margin)


def _text(value: Any) -> str | None:
    return None if value is None or value != value or value == "" else str(value)


def _number(value: Any) -> float | None:
    return None if value is None or value != value else value
