"""The made-up bank: the same bytes from the same numbers, differences worth planning for, and nothing a planner would trip over."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from planning.book import segments, tiers
from planning.book.book import Book
from planning.book.contracts import CONTRACTS
from planning.book.former import read_former
from planning.book.intake import examine, read_book
from planning.book.sample import sample_policy, sample_tables, write_sample
from planning.book.sample.clients import blocks
from planning.book.sample.network import network, standard
from planning.book.sample.shapes import rank_of, wealth
from planning.book.sample.writing import write_blocks
from planning.policy import Policy, parameters, read

KEPT = Path(__file__).parents[2] / "data" / "sample"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("sample")
    write_sample(to)
    return to


@pytest.fixture(scope="module")
def policy(folder: Path) -> Policy:
    return read(folder / "policy.toml")


@pytest.fixture(scope="module")
def book(folder: Path, policy: Policy) -> Book:
    return read_book(folder, policy)


@pytest.fixture(scope="module")
def clients(book: Book, policy: Policy) -> pd.DataFrame:
    return segments.classify(book, policy)


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    to = tmp_path_factory.mktemp("wide")
    write_sample(to, branches=40, clients=20_000)
    return to


def same_bytes(one: Path, other: Path) -> list[str]:
    """Names of the files that differ."""
    names = sorted({path.relative_to(at).as_posix() for at in (one, other) for path in at.rglob("*") if path.is_file()})
    return [name for name in names if not all((at / name).is_file() for at in (one, other)) or (one / name).read_bytes() != (other / name).read_bytes()]


def test_the_kept_sample_is_what_the_command_writes(folder: Path) -> None:
    assert same_bytes(folder, KEPT) == []


def test_another_seed_is_another_bank(folder: Path, tmp_path: Path) -> None:
    write_sample(tmp_path, seed=8)
    assert {"clients.csv", "history.csv", "outcomes.csv"} <= set(same_bytes(folder, tmp_path))
    assert (folder / "events.csv").read_bytes() == (tmp_path / "events.csv").read_bytes()


def test_every_table_is_there_in_plain_utf8_with_unix_line_ends(folder: Path) -> None:
    assert {path.stem for path in folder.glob("*.csv")} == set(CONTRACTS)
    for path in (path for path in folder.rglob("*") if path.is_file()):
        raw = path.read_bytes()
        assert b"\r" not in raw, path.name
        assert raw.endswith(b"\n"), path.name
        assert path.parent.name == "before" or len(raw.decode("utf-8").splitlines()) > 4, path.name


def test_columns_are_those_of_the_contracts(folder: Path) -> None:
    for name, contract in CONTRACTS.items():
        columns = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        assert columns == list(contract.names), name


def test_the_kept_sample_passes_intake_and_says_that_it_is_made_up() -> None:
    book = read_book(KEPT, read(KEPT / "policy.toml"))
    assert book.sample
    assert book.borrowed == ()
    assert "样例" in book.names[0]
    assert "sample" in book.names[1]


@pytest.mark.parametrize(("branches", "count"), [(1, 1), (1, 60), (2, 400), (5, 1500), (3, 9000)])
def test_any_size_passes_intake(tmp_path: Path, branches: int, count: int) -> None:
    write_sample(tmp_path, branches, count, seed=3)
    reading = examine(tmp_path, read(tmp_path / "policy.toml"))
    assert reading.faults == []
    assert len(reading.frames["clients"]) == count


def test_a_wide_bank_passes_intake_and_can_keep_its_visits(wide: Path) -> None:
    policy = read(wide / "policy.toml")
    book = read_book(wide, policy)
    assert len(book.tables["clients"]) == 20_000
    assert short_of_hours(segments.classify(book, policy), book) == {}


def test_a_bank_of_no_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="0 branches"):
        write_sample(tmp_path / "none", branches=0, clients=10)
    with pytest.raises(ValueError, match="5 clients"):
        write_sample(tmp_path / "few", branches=12, clients=5)
    assert list(tmp_path.iterdir()) == []


def test_cutting_for_writing_does_not_change_bytes(tmp_path: Path) -> None:
    bank = network(4, 11_000)
    for at_once in (1, 2_500, 50_000):
        write_blocks(tmp_path / f"{at_once}.csv", blocks(bank, seed=5), at_once)
    written = {path.read_bytes() for path in tmp_path.iterdir()}
    assert len(written) == 1
    assert written.pop().count(b"\n") == 11_001


def test_clients_are_numbered_once_through_the_bank() -> None:
    numbers = pd.concat([block["client"] for block in blocks(network(4, 11_000), seed=5)])
    assert list(numbers) == [f"C{number:08d}" for number in range(1, 11_001)]


def test_tables_without_clients_name_no_client() -> None:
    lent = sample_tables(branches=30, clients=4_000, with_clients=False)
    assert {"clients", "invitations", "outcomes", "surveys"}.isdisjoint(lent)
    assert lent["managers"].groupby("branch").size().between(1, 8).all()
    assert len(lent["branches"]) == 30
    assert len(sample_tables(branches=3, clients=2_000)["clients"]) == 2_000


def test_the_policy_sets_every_field_and_says_what_it_means() -> None:
    text = sample_policy()
    lines = [line for line in text.splitlines() if "=" in line and not line.startswith("#")]
    assert [line.split("=")[0].strip() for line in lines] == [parameter.field for parameter in parameters()]
    assert all("#" in line for line in lines if not line.startswith("q"))


def test_budgets_grow_with_the_bank_and_small_banks_hold_no_reception(tmp_path: Path) -> None:
    write_sample(tmp_path / "large", 40, 24_000)
    write_sample(tmp_path / "small", 3, 600)
    large, small = (read(tmp_path / name / "policy.toml") for name in ("large", "small"))
    assert large.budget.event_cny == pytest.approx(40 * small.budget.event_cny, rel=0.02)
    assert large.calendar.must_hold[0].event == "year_end_reception"
    assert small.calendar.must_hold == ()
    assert not small.calendar.club_every_month


def test_one_national_threshold_gives_regions_very_different_shares(clients: pd.DataFrame, book: Book, policy: Policy) -> None:
    standards = tiers.in_force(book.tables["tiers"], policy.data_date)
    national = tiers.assign(clients, standards, national=True) != ""
    regional = clients["tier"] != ""
    spread = national.groupby(clients["region"]).mean()
    assert spread.max() / spread.min() > 1.8
    assert np.ptp(regional.groupby(clients["region"]).mean()) < np.ptp(spread) / 2


def test_tiers_are_a_pyramid_in_every_region(clients: pd.DataFrame) -> None:
    counts = clients[clients["kind"] == "personal"].groupby(["region", "rank"]).size().unstack(fill_value=0)
    assert list(counts.columns) == [0, 1, 2, 3, 4, 5]
    for higher in range(2, 6):
        assert (counts[higher] <= counts[higher - 1]).all(), higher
    assert counts[0].sum() > 0.2 * counts.to_numpy().sum()
    assert clients.groupby("tier")["contribution_cny"].mean().loc[["gold", "platinum", "diamond", "private", "supreme"]].is_monotonic_increasing
    gold, private = (clients.loc[(clients["tier"] == tier) & (clients["kind"] == "personal"), "contribution_cny"].mean() for tier in ("gold", "private"))
    assert 2_000 < gold < 10_000
    assert 60_000 < private < 250_000


def test_the_few_richest_hold_most(clients: pd.DataFrame) -> None:
    assets = clients["assets_cny"].sort_values(ascending=False)
    assert assets.head(len(assets) // 50).sum() > 0.35 * assets.sum()
    assert assets.iloc[0] < 0.06 * assets.sum()


def test_assets_have_a_pareto_tail(wide: Path) -> None:
    book = read_book(wide, read(wide / "policy.toml"))
    table = book.tables["clients"]
    rich = table[table["branch"].isin(book.tables["branches"].query("region == 'Binhai'")["branch"]) & (table["kind"] == "personal")]
    high, higher = np.quantile(rich["deposit_avg_cny"] + rich["invest_avg_cny"], [0.95, 0.995])
    assert 1.2 < np.log(10) / np.log(higher / high) < 1.5  # the slope of clients above x, on logarithms


def test_wealth_rises_with_rank_and_rank_of_finds_it_again() -> None:
    ranks = np.linspace(0, 0.9999, 4001)
    multiples = wealth(ranks)
    assert (np.diff(multiples) > 0).all()
    assert multiples[2000] == pytest.approx(1.0, abs=0.01)
    assert rank_of(float(multiples[3800])) == pytest.approx(ranks[3800], abs=1e-9)


def test_contribution_does_not_simply_follow_assets(clients: pd.DataFrame) -> None:
    tiered = clients[clients["tier"] != ""]
    assert clients["assets_cny"].rank().corr(clients["contribution_cny"].rank()) < 0.9
    assert 0.4 < tiered["assets_cny"].rank().corr(tiered["contribution_cny"].rank()) < 0.85
    assert (tiered["contribution_cny"] < 0).mean() > 0.01


def test_last_years_contribution_is_near_this_years(clients: pd.DataFrame) -> None:
    assert clients["contribution_last_cny"].sum() == pytest.approx(clients["contribution_cny"].sum(), rel=0.1)


def test_some_clients_may_not_be_approached_and_some_not_given_gifts(clients: pd.DataFrame) -> None:
    assert 0.06 <= 1 - clients["consent"].mean() <= 0.08
    assert 0.005 < clients["opt_out"].mean() < 0.03
    companies = clients["kind"] == "corporate"
    assert 0.01 < clients.loc[~companies, "public_official"].mean() < 0.05
    assert 0.05 < clients.loc[companies, "state_owned_contact"].mean() < 0.25
    assert not clients.loc[companies, "public_official"].any()


def test_people_have_a_sex_and_companies_an_industry(clients: pd.DataFrame) -> None:
    companies = clients["kind"] == "corporate"
    assert clients["sex"].isna().eq(companies).all()
    assert clients["industry"].isna().eq(~companies).all()
    assert clients["age"].isna().eq(companies).all()


def test_who_fell_short_of_the_last_tier_did_so_after_entering_it(clients: pd.DataFrame) -> None:
    fell = clients[clients["below_since"].notna()]
    assert 0.02 < len(fell) / len(clients) < 0.1
    assert fell["tier_last"].notna().all()
    assert all(since <= below for since, below in zip(fell["tier_since"], fell["below_since"], strict=True))


def test_managers_serve_their_own_branch(clients: pd.DataFrame, book: Book) -> None:
    home = book.tables["managers"].set_index("manager")["branch"]
    served = clients[clients["manager"].notna()]
    assert (served["manager"].map(home) == served["branch"]).all()
    assert set(clients.loc[clients["rank"] >= 3, "manager"].isna()) == {False}


def test_the_former_clients_are_most_of_todays_with_changes_worth_seeing(folder: Path, clients: pd.DataFrame, policy: Policy) -> None:
    former = read_former(folder / "before", policy)
    both = clients.merge(former.clients, on="client", suffixes=("", "_then"))
    assert former.as_of < policy.data_date
    assert 0.005 < 1 - len(both) / len(former.clients) < 0.02
    assert 0.005 < 1 - len(both) / len(clients) < 0.03
    assert (pd.to_datetime(both["since"]) <= pd.Timestamp(former.as_of)).all()
    then = both["deposit_avg_cny_then"] + both["invest_avg_cny_then"]
    assert 0.98 < both["assets_cny"].sum() / then.sum() < 1.15
    assert 0.01 < (both["assets_cny"] < 0.7 * then).mean() < 0.08
    assert 0.01 < (both["products"].map(len) < both["products_then"].map(len)).mean() < 0.06
    assert 0.005 < (both["loan_avg_cny"] > 1.5 * both["loan_avg_cny_then"]).mean() < 0.05


def test_former_assets_lie_in_the_former_tier(folder: Path, clients: pd.DataFrame, policy: Policy) -> None:
    then = read_former(folder / "before", policy).clients.set_index("client")
    for region, served in clients.groupby("region"):
        moved = served[served["tier_last"].notna() & served["client"].isin(then.index)].set_index("client")
        least = standard(str(region)).set_index("tier")["min_assets_cny"].astype(float)
        assets = (then["deposit_avg_cny"] + then["invest_avg_cny"]).loc[moved.index]
        assert (assets >= moved["tier_last"].map(least)).mean() > 0.97


def test_birthdays_fit_ages_and_no_deposit_has_matured(clients: pd.DataFrame, policy: Policy) -> None:
    known = clients[clients["birthday"].map(lambda day: day is not None and day.year != 1904)]
    today = policy.data_date
    ages = known["birthday"].map(lambda day: today.year - day.year - ((today.month, today.day) < (day.month, day.day)))
    assert (ages == known["age"]).all()
    assert clients.loc[clients["kind"] == "corporate", "birthday"].isna().all()
    assert (clients["deposit_matures"].dropna() >= today).all()
    assert (clients["deposit_matures"].isna() == (clients["deposit_tenure_months"] == 0)).all()


def test_visits_can_be_kept_but_leave_little_time(clients: pd.DataFrame, book: Book) -> None:
    assert short_of_hours(clients, book) == {}
    hours = book.tables["managers"].groupby("branch")["hours_year"].sum()
    used = visit_hours(clients, book) / hours
    assert (used > 0.7).sum() >= 4


def visit_hours(clients: pd.DataFrame, book: Book) -> pd.Series:
    cadence = book.tables["cadence"]
    a_client = (cadence["visits_year"] * cadence["hours_visit"]).groupby(cadence["tier"]).sum()
    kept = segments.approachable(clients)
    return kept["tier"].map(a_client).fillna(0).groupby(kept["branch"]).sum()


def short_of_hours(clients: pd.DataFrame, book: Book) -> dict[str, float]:
    """Branches whose visits alone need more hours than their managers have."""
    hours = book.tables["managers"].groupby("branch")["hours_year"].sum()
    spare = hours - visit_hours(clients, book)
    return {str(branch): float(gap) for branch, gap in spare[spare < 0].items()}


def test_events_keep_the_gift_cap_and_span_families_and_hosts(book: Book, policy: Policy) -> None:
    events = book.tables["events"]
    assert 18 <= len(events) <= 24
    assert set(events["family"]) == {"health", "knowledge", "entertainment", "lifestyle", "appreciation"}
    assert set(events["host"]) == {"branch", "region", "centre"}
    assert events["gift_cny"].max() <= policy.caps.gift_cny_guest
    assert (events["partner_share"] > 0).sum() >= 4
    reception = events.set_index("event").loc["year_end_reception"]
    assert reception["family"] == "appreciation"
    assert 12 in reception["months"]
    at_short_notice = events[(events["notice_weeks"] <= 2) & (events["host"] == "region")]
    assert any(1 in months for months in at_short_notice["months"])


def test_standard_cost_a_guest_is_near_the_published_figures(book: Book) -> None:
    events = book.tables["events"]
    cost = events["fixed_cost_cny"] / events["max_guests"] + events["guest_cost_cny"]
    assert cost.between(80, 3_000).all()
    assert cost[events["event"] == "year_end_reception"].between(830, 1_130).all()


def test_every_tier_kind_and_family_has_a_response_and_every_ladder_an_elasticity(book: Book) -> None:
    responses, elasticities = book.tables["responses"], book.tables["elasticities"]
    assert len(responses) == 5 * 2 * 5
    assert len(elasticities) == 5 * 2 * 3
    deposits = elasticities[(elasticities["concession"] == "deposit_premium") & (elasticities["kind"] == "personal")]
    assert deposits["old_money_share"].between(0.4, 0.6).all()
    assert (responses["se_share"] >= 0.4).all()
    assert set(responses["source"]) == {"judgement"}


def test_one_deposit_level_lies_above_the_ceiling(book: Book, policy: Policy) -> None:
    levels = book.tables["concessions"]
    caps = book.tables["caps"]
    own = caps[(caps["product"] == "deposit_premium") & (caps["bank_type"] == policy.bank.bank_type)].sort_values("as_of")
    above = levels[(levels["concession"] == "deposit_premium") & (levels["depth"] > own["cap_bp"].iloc[-1])]
    assert list(above["level"]) == [5]


def test_last_year_has_events_and_concessions_of_every_region(book: Book, policy: Policy) -> None:
    history = book.tables["history"]
    assert set(history["year"]) == {policy.year - 1}
    events, ladder = history[history["event"].notna()], history[history["concession"].notna()]
    assert set(events["branch"].dropna()) == set(book.tables["branches"]["branch"])
    assert set(ladder["region"]) == set(book.tables["branches"]["region"])
    assert 0.5 * policy.budget.event_cny < events["cost_cny"].sum() < 1.5 * policy.budget.event_cny
    assert 0.5 * policy.budget.concession_cny < ladder["cost_cny"].sum() < 1.5 * policy.budget.concession_cny


def test_outside_facts_say_that_they_are_made_up(book: Book) -> None:
    assert book.tables["facts"]["source"].str.contains("样例").all()
    assert book.tables["caps"]["source"].str.contains("样例").all()
