"""Every number on the annual page is the plan's: read back from the markup and worked out again; parts add up as printed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import unescape
from math import fsum
from pathlib import Path
from typing import Any

import pytest

from planning import policy
from planning.book.alerts import AlertSettings
from planning.book.intake import read_book
from planning.book.sample import write_sample
from planning.plan.client_book import ClientBook, client_book
from planning.plan.summary import GroupLine, Summary
from planning.report import cards
from planning.report.cards import book, privacy
from planning.report.cards.wording import named
from planning.report.formats import month
from planning.report.i18n import LANGS, pick, say
from tests.report.bank import Known, solved
from tests.report.printed import Printed, figure, tables
from tests.report.study import study

Bank = tuple[Summary, Known]


@pytest.fixture(scope="module", params=["small", pytest.param("sample", marks=pytest.mark.slow)])
def bank(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bank:
    folder = Path(__file__).parents[2] / "data" / "sample"
    if request.param == "small":
        folder = tmp_path_factory.mktemp("bank")
        write_sample(folder, branches=3, clients=300)
    summary = solved(folder)
    return summary, Known.of(summary, folder)


def named_table(html: str, key: str, lang: str) -> Printed:
    return next(table for table in tables(html) if table.caption == say(key, lang))


def head(name: str, lang: str) -> str:
    return say(f"page.column.{name}", lang)


def near(printed: Sequence[tuple[float, float]], true: Sequence[float]) -> None:
    """Each printed figure is a neighbour of the true one."""
    assert len(printed) == len(true)
    for (value, step), amount in zip(printed, true, strict=True):
        assert abs(value - amount) < step * (1 + 1e-4), (value, amount)


def adds_up(printed: Sequence[tuple[float, float]]) -> None:
    """The last figure is the sum of those before it, as printed."""
    *parts, (total, step) = printed
    assert round(fsum(value for value, _ in parts) / step) == round(total / step)


def exact(printed: tuple[float, float], true: float) -> None:
    """The printed figure is the nearest to the true one."""
    assert abs(printed[0] - true) <= printed[1] / 2 * (1 + 1e-4), (printed, true)


GROUPS = {"tiers": "tier", "regions": "region", "branches": "branch"}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("what", GROUPS)
def test_tiers_regions_and_branches_show_the_plans_own_sums(bank: Bank, what: str, lang: str) -> None:
    summary, known = bank
    lines: Sequence[GroupLine] = privacy.groups(getattr(summary, what), summary.plan.policy["privacy"]["min_cell"])
    table = named_table(cards.money(summary).html(lang), f"page.money.table_{what}", lang)
    assert [row[0] for row in table.rows] == [*(pick(line.names, lang) for line in lines), say("terms.total", lang)]

    def of(sums: Mapping[str, float]) -> list[float]:
        return [*(sum(sums[code] for code in line.code.split("+")) for line in lines), fsum(sums.values())]

    code, totals = GROUPS[what], known.plan["totals"]
    clients = of(known.segments("clients", lambda row: row[code]))
    assert [value for value, _ in table.column(head("clients", lang))] == clients
    columns = {"contribution": of(known.segments("contribution_cny", lambda row: row[code])), "events": of(known.event_cash(lambda row: row[code]))}
    if what != "branches":
        columns["concessions"] = of(known.ladder("cost_cny", lambda row: row[code]))
    for name, true in columns.items():
        near(table.column(head(name, lang), table.unit), true)
    wholes = {"events": totals["event_cny"], "concessions": totals["concession_cny"], "added": totals["uplift_cny"] + totals["gain_cny"]}
    for name in ("clients", "contribution", "events", "concessions", "added"):
        adds_up(table.column(head(name, lang), 1.0 if name == "clients" else table.unit))
    for name, whole in wholes.items():
        exact(table.column(head(name, lang), table.unit)[-1], whole)
    spend = totals["event_cny"] + totals["concession_cny"]
    exact(table.column(head("head", lang))[-1], spend / clients[-1])
    exact(table.column(head("return", lang))[-1], wholes["added"] / spend)


@pytest.mark.parametrize("lang", LANGS)
def test_shares_of_tiers_and_quarters_add_up_to_all(bank: Bank, lang: str) -> None:
    summary, known = bank
    shares = named_table(cards.money(summary).html(lang), "page.money.shares", lang).column(head("share", lang))
    assert round(fsum(value for value, _ in shares), 6) == 1
    quarters = named_table(cards.year(summary).html(lang), "page.year.quarters", lang)
    assert round(fsum(value for value, _ in quarters.column(head("share", lang))), 6) == 1
    cash = [fsum(amount for (_, _, month_), amount in known.cash.items() if (month_ - 1) // 3 == quarter) for quarter in range(4)]
    near(quarters.column(head("cash", lang), quarters.unit), cash)
    near(quarters.column(head("share", lang)), [amount / fsum(cash) for amount in cash])
    total = fsum(cash)
    printed = quarters.column(head("cash", lang), quarters.unit)
    adds_up([*printed, (round(total / printed[0][1] + 1e-9) * printed[0][1], printed[0][1])])


@pytest.mark.parametrize("lang", LANGS)
def test_the_calendar_counts_every_session_once(bank: Bank, lang: str) -> None:
    summary, known = bank
    html = cards.year(summary).html(lang)
    calendar, counts = named_table(html, "page.year.calendar", lang), known.sessions()
    families = {named(family, lang): family for family, _ in counts}
    assert {row[0] for row in calendar.rows[:-1]} == set(families)
    for row in calendar.rows[:-1]:
        assert [figure(cell)[0] for cell in row[1:-1]] == [counts.get((families[row[0]], month_), 0) for month_ in range(1, 13)]
    for place in range(1, 14):
        adds_up([figure(row[place]) for row in calendar.rows])
    for row in calendar.rows:
        adds_up([figure(cell) for cell in row[1:]])
    assert figure(calendar.rows[-1][-1])[0] == sum(row["sessions"] for row in known.plan["sessions"])
    listed = named_table(html, "page.year.list_title", lang)
    by_month = {month(m, lang): m for m in range(1, 13)}
    sessions, guests, cash = (listed.column(head(name, lang)) for name in ("sessions", "guests", "cash"))
    assert len(listed.rows) == len(known.plan["sessions"])
    for m in range(1, 13):
        rows = [place for place, row in enumerate(listed.rows) if by_month[row[0]] == m]
        assert sum(sessions[place][0] for place in rows) == sum(row["sessions"] for row in known.plan["sessions"] if row["month"] == m)
        assert sum(guests[place][0] for place in rows) == sum(row["attendances"] for row in known.plan["attendances"] if row["month"] == m)
    adds_up([*((value * listed.unit, step * listed.unit) for value, step in cash), _whole(known.plan["totals"]["event_cny"], cash[0][1] * listed.unit)])


def _whole(amount: float, step: float) -> tuple[float, float]:
    return int(amount / step + 0.5) * step, step


@pytest.mark.parametrize("lang", LANGS)
def test_the_ladders_costs_and_gains_are_the_plans(bank: Bank, lang: str) -> None:
    summary, known = bank
    html = cards.ladder(summary).html(lang)
    table = named_table(html, "page.ladder.table", lang)
    for name, field in (("cost", "cost_cny"), ("gain", "gain_cny")):
        sums = known.ladder(field, lambda row: f"{row['concession']} {row['kind']}")
        labelled = {
            (say(f"terms.concession.{code}", lang), named(kind, lang)): amount for (code, kind), amount in ((key.split(), one) for key, one in sums.items())
        }
        place = table.heads.index(head(name, lang))
        seen = [(figure(row[place]), labelled[row[0], row[1]]) for row in table.rows if row[place][0].isdigit()]
        near([(value * table.unit, step * table.unit) for (value, step), _ in seen], [true for _, true in seen])
        if len(seen) == sum(1 for amount in sums.values() if amount):
            shown = [(value * table.unit, step * table.unit) for (value, step), _ in seen]
            adds_up([*shown, _whole(fsum(sums.values()), shown[0][1])])
    granted = sum(1 for row in known.plan["ladder"] if row["level"])
    assert sum(value for value, _ in table.column(head("steps", lang))) == granted


FIGURES = re.compile(r'<div><dt>(.*?)</dt><dd><span class="v">(.*?)</span><span class="u">(.*?)</span>(.*?)</dd></div>', re.DOTALL)


def worded(key: str, lang: str, *names: str) -> re.Pattern[str]:
    """What finds a sentence's values in a page's words."""
    told = re.escape(say(key, lang, **{name: f"@{name}@" for name in names}))
    return re.compile(re.sub(r"@(\w+)@", r"(?P<\1>[^·。]+?)", told) + r"(?=</span>|$)")


@pytest.mark.parametrize("lang", LANGS)
def test_the_headlines_numbers_are_the_plans_and_their_parts_add_up(bank: Bank, lang: str) -> None:
    summary, known = bank
    totals = known.plan["totals"]
    spend, added = (fsum(totals[name] for name in pair) for pair in (("event_cny", "concession_cny"), ("uplift_cny", "gain_cny")))
    shown = [(figure(f"{number} {unit}"), lines) for _, number, unit, lines in FIGURES.findall(cards.headline(summary).html(lang).replace("\xa0", " "))]
    parts = worded("page.kpi.parts", lang, "event", "concession")
    for (whole, lines), names in zip(shown[:2], (("event_cny", "concession_cny"), ("uplift_cny", "gain_cny")), strict=True):
        true = fsum(totals[name] for name in names)
        exact((whole[0], max(whole[1], 10.0 ** (len(str(int(true))) - 3))), true)
        found = parts.search(lines)
        assert found
        told = [figure(found[name]) for name in ("event", "concession")]
        for one, name in zip(told, names, strict=True):
            exact(one, totals[name])
        assert abs(fsum(value for value, _ in told) - whole[0]) <= whole[1] / 2 * (1 + 1e-6)
    exact(shown[2][0], added / spend)
    guests = sum(row["attendances"] for row in known.plan["attendances"])
    assert say("page.kpi.attendances", lang, figure=f"{guests:,.0f}") in shown[3][1]


@pytest.mark.parametrize("lang", LANGS)
def test_this_plan_beside_simple_rules_has_its_own_totals(bank: Bank, lang: str) -> None:
    summary, known = bank
    totals = known.plan["totals"]
    table = named_table(cards.why(summary).html(lang), "page.why.table", lang)
    own = next(row for row in table.rows if row[0] == say("terms.baseline_head.this_plan", lang))
    true = {
        "net_value": totals["value_cny"],
        "added": totals["uplift_cny"] + totals["gain_cny"],
        "events": totals["event_cny"],
        "concessions": totals["concession_cny"],
    }
    shown = {name: [(value * table.unit, step * table.unit)] for name, (value, step) in ((n, figure(own[table.heads.index(head(n, lang))])) for n in true)}
    exact(shown["net_value"][0], true["net_value"])
    for name, amount in true.items():
        near(shown[name], [amount])


def balances(table: Printed, lang: str, value: str = "") -> int:
    """How many rows print a value that is what the plan adds less what it costs, to the last digit; a row without figures counts for none."""
    places = [table.heads.index(name) for name in (value or head("net_value", lang), *(head(name, lang) for name in ("added", "events", "concessions")))]
    rows = [[figure(row[place]) for place in places] for row in table.rows if all(any(one.isdigit() for one in row[place]) for place in places)]
    for (worth, step), (added, _), (events, _), (concessions, _) in rows:
        assert round((added - events - concessions) / step) == round(worth / step), (worth, added, events, concessions)
    return len(rows)


@pytest.mark.parametrize("lang", LANGS)
def test_value_is_what_a_plan_adds_less_what_it_costs_as_printed(bank: Bank, lang: str) -> None:
    summary, _ = bank
    assert balances(named_table(cards.why(summary).html(lang), "page.why.table", lang), lang) == len(summary.baselines)
    found = study()
    uneven = tuple(replace(line, value_cny=line.added_cny - line.event_cny - line.concession_cny) for line in _uneven(found.alternatives))
    own = replace(found, alternatives=uneven)
    assert balances(named_table(cards.alternatives(summary, own.alternatives).html(lang), "page.alternatives.table", lang), lang) == 1 + len(uneven)
    methods = tuple(replace(line, value_cny=line.added_cny - line.event_cny - line.concession_cny) for line in _uneven(found.methods))
    assert balances(named_table(cards.budgets(summary, replace(found, methods=methods)).html(lang), "page.budgets.table", lang), lang) == len(methods)
    points = tuple(replace(point, value_cny=point.added_cny - point.event_cny - point.concession_cny) for point in _uneven(found.frontier.points))
    frontier = replace(found.frontier, points=points)
    table = named_table(cards.frontier(summary, frontier).html(lang), "page.frontier.table", lang)
    assert balances(table, lang, say("page.frontier.value_net", lang)) == len(points)


def _uneven(lines: Sequence[Any]) -> list[Any]:
    """The same lines with amounts that end in halves of a step or near them."""
    return [
        replace(line, added_cny=line.added_cny + 5_400.0, event_cny=line.event_cny + 4_600.0, concession_cny=line.concession_cny + 4_600.0) for line in lines
    ]


@pytest.mark.parametrize("lang", LANGS)
def test_contribution_adds_up_along_every_row_and_column_as_printed(client_book_: ClientBook, lang: str) -> None:
    found = client_book_.reconciliation
    html = book.contribution(client_book_).html(lang)
    for what, lines in (("regions", None), ("branches", found.branches)):
        table = named_table(html, f"book.contribution.table_{what}", lang)
        assert table.rows[-1][0] == say("book.total", lang)
        for row in table.rows:
            adds_up([figure(cell) for cell in row[2:]])
        for place in range(2, len(table.heads)):
            adds_up([figure(row[place]) for row in table.rows])
        total = figure(table.rows[-1][-1])
        exact((total[0] * table.unit, total[1] * table.unit), found.bank.total_fen / 100)
        for row, line in zip(table.rows[:-1], lines or (), strict=lines is not None):
            used = [fen for part, fen in enumerate(line.parts_fen) if any(one.parts_fen[part] for one in found.branches)]
            near([(value * table.unit, step * table.unit) for value, step in map(figure, row[2:-1])], [fen / 100 for fen in used])


@pytest.fixture(scope="module")
def client_book_(tmp_path_factory: pytest.TempPathFactory) -> ClientBook:
    """A book of 24 branches, so that rounding cell by cell would not add up."""
    folder = tmp_path_factory.mktemp("many_branches")
    write_sample(folder, branches=24, clients=2_400)
    rules = policy.read(folder / "policy.toml")
    return client_book(read_book(folder, rules), rules, "client-book-2027", None, AlertSettings())


@pytest.mark.parametrize("lang", LANGS)
def test_what_is_asked_for_is_the_plans_spending_in_parts_that_add_up(bank: Bank, lang: str) -> None:
    summary, known = bank
    totals = known.plan["totals"]
    names = ("spend", "share", "event", "concession")
    asked = re.escape(say("page.ask.budget", lang, **{name: f"@{name}@" for name in names}))
    found = re.search(re.sub(r"@(\w+)@", r"(?P<\1>.+?)", asked), unescape(cards.headline(summary).html(lang)))
    assert found
    spend, event, concession = (figure(found[name]) for name in ("spend", "event", "concession"))
    exact((spend[0], max(spend[1], 10.0 ** (len(str(int(spend[0]))) - 3))), totals["event_cny"] + totals["concession_cny"])
    assert abs(event[0] + concession[0] - spend[0]) <= spend[1] / 2 * (1 + 1e-6)
    exact(figure(found["share"]), (totals["event_cny"] + totals["concession_cny"]) / summary.base_contribution_cny)


@pytest.mark.parametrize("lang", LANGS)
def test_the_signed_sheets_columns_add_up(bank: Bank, lang: str) -> None:
    summary, known = bank
    html, totals = cards.headline(summary).html(lang), known.plan["totals"]
    tiers, quarters = (named_table(html, f"page.sign.{name}", lang) for name in ("tiers", "quarters"))
    for name in (head("clients", lang), say("page.sign.spend", lang), head("share", lang), head("added", lang)):
        adds_up(tiers.column(name))
    exact(tiers.column(say("page.sign.spend", lang), tiers.unit)[-1], totals["event_cny"] + totals["concession_cny"])
    exact(tiers.column(head("added", lang), tiers.unit)[-1], totals["uplift_cny"] + totals["gain_cny"])
    assert sum(value for value, _ in quarters.column(say("page.sign.sessions", lang))) == sum(row["sessions"] for row in known.plan["sessions"])
    assert round(fsum(value for value, _ in quarters.column(head("share", lang))), 6) == 1
