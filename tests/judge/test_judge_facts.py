"""What the judge works out from the tables, against numbers worked out by hand."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from tiny_bank import Tables, bank, table

from planning.judge import Facts, gather
from planning.judge.exact import Column, day, exact, stated


@pytest.fixture
def facts() -> Facts:
    tables, policy, _ = bank()
    return gather(tables, policy)


def changed(name: str, column: str, values: dict[int, Any]) -> Facts:
    """The facts after some cells (row number → value) of a column are changed."""
    tables, policy, _ = bank()
    for row, value in values.items():
        tables[name][column][row] = value
    return gather(tables, policy)


def test_segments_count_who_may_be_approached_and_sum_their_contribution(facts: Facts) -> None:
    assert facts.clients == {
        ("n1", "gold", "personal"): 4, ("n1", "gold", "corporate"): 2, ("n1", "private", "personal"): 2,
        ("n2", "gold", "personal"): 2, ("n2", "private", "personal"): 1, ("s1", "gold", "personal"): 2, ("s1", "private", "personal"): 1,
    }  # fmt: skip
    # c01 6,000 + c02 8,000 + 500 − 200 + c03 2,000 + 20,000 − 1,000,000·0.01·0.4 + c04 −1,000 (given)
    assert facts.contribution["n1", "gold", "personal"] == 31_300
    # c13 20,000 + 30,000 − 3,000; c14 40,000 + 5,000
    assert facts.contribution["n1", "gold", "corporate"] == 92_000


def test_base_of_the_ratios_is_all_clients_last_year_where_known(facts: Facts) -> None:
    approachable = 31_300 + 92_000 + 85_000 + 12_000 + 80_000 + 13_000 + 20_000
    assert facts.base == approachable + 90_000 + 7_000 + 5_000  # c15 no consent, c16 opted out, c17 last year's 5,000
    assert facts.budget("event") == 22_000
    assert changed("clients", "contribution_last_cny", {0: -329_300.0}).budget("event") == Fraction("0.06") * 100_000
    assert changed("clients", "contribution_last_cny", {0: -1e9}).budget("event") == 0  # a share of a loss is no budget


def test_contribution_without_expected_loss() -> None:
    tables, policy, _ = bank()
    policy["bank"]["expected_loss"] = False
    assert gather(tables, policy).contribution["n1", "gold", "personal"] == 35_300


def test_contribution_is_exact_in_decimals() -> None:
    facts = changed("clients", "deposit_avg_cny", {6: 700_000.1})  # ·1 %, where 0.1 has no binary form
    assert facts.contribution["n2", "gold", "personal"] == Fraction("12000.001")


def test_tiers_of_a_region_go_before_the_national_ones(facts: Facts) -> None:
    assert facts.ranks == {("north", "gold"): 1, ("north", "private"): 2, ("south", "gold"): 1, ("south", "private"): 2}
    tables, policy, _ = bank()
    policy["segments"]["assign"] = "national"
    national = gather(tables, policy).clients
    assert national["s1", "gold", "personal"] == 2  # c11 and c12; c10 holds 300,000 only
    assert ("s1", "private", "personal") not in national


@pytest.mark.parametrize(("deposit", "clients"), [(300_000, 2), (299_999.99, 1)])
def test_the_latest_threshold_not_after_the_data_date_counts(deposit: float, clients: int) -> None:
    assert changed("clients", "deposit_avg_cny", {9: deposit}).clients["s1", "gold", "personal"] == clients


def test_every_threshold_of_a_tier_must_hold() -> None:
    # c11: assets 1 + 2 million, but contribution 10,000 < 15,000; with 15,000 it is private
    assert changed("clients", "contribution_cny", {10: 15_000.0}).clients["s1", "private", "personal"] == 2


def test_eligible_clients_less_the_control_group(facts: Facts) -> None:
    salon, golf, forum = (facts.events[code].eligible for code in ("salon", "golf", "forum"))
    assert salon["n1", "gold", "personal"] == Fraction("3.6")
    assert golf["n1", "gold", "personal"] == Fraction("2.7")  # a gift: not the official c03
    assert ("n1", "gold", "corporate") not in golf
    # female, art or wine, risk level 3 or more, gold: c04, c08, c11; corporate clients have no sex
    assert forum == {("n1", "gold", "personal"): Fraction("0.9"), ("n2", "gold", "personal"): Fraction("0.9"), ("s1", "gold", "personal"): Fraction("0.9")}


def test_a_gift_bars_contacts_of_state_owned_firms() -> None:
    facts = changed("events", "gift_cny", {0: 10.0})
    assert facts.events["salon"].eligible["n1", "gold", "corporate"] == Fraction("0.9")
    assert facts.events["salon"].eligible["n1", "gold", "personal"] == Fraction("2.7")


def test_open_months(facts: Facts) -> None:
    assert facts.events["golf"].open_months == {4, 5, 10}  # June is blacked out
    assert facts.events["forum"].open_months == set()  # 9 weeks after 31 March is 2 June
    assert changed("events", "notice_weeks", {3: 8.0}).events["forum"].open_months == {5}  # 26 May
    tables, policy, _ = bank()
    policy["calendar"]["approved_on"] = None
    assert gather(tables, policy).events["forum"].open_months == {5}


def test_standard_cost_and_hosts(facts: Facts) -> None:
    assert facts.events["gala"].standard == Fraction(5000, 12) + 300
    assert facts.reach["golf", "south"] == {"south"}
    assert facts.reach["gala", "centre"] == {"north", "south"}
    assert ("forum", "n1") not in facts.reach


def test_a_yearly_yuan_over_the_horizon(facts: Facts) -> None:
    assert facts.horizon == Fraction("1.4")  # 1 + 0.5/1.25


def test_deposit_premium(facts: Facts) -> None:
    step = facts.offers[("north", "gold", "personal"), "deposit_premium"][1]
    # c01, c02, c07 qualify (c04 has no rate, c08 stays 6 months, c03 holds 200,000): 2.1 million, new 5 % = 105,000, as much repriced
    assert step.cost == Fraction("0.001") * 210_000
    assert step.gain == Fraction("1.4") * (Fraction("0.01") * 105_000 + Fraction("0.0001") * 10 * 21_300)
    assert step.parts == {"n1": Fraction(2, 3), "n2": Fraction(1, 3)}


@pytest.mark.parametrize(("old_share", "repriced"), [(0.0, 0), (0.2, 70_000), (0.99, 14_000_000), (1.0, 14_000_000)])
def test_old_money_repriced_is_never_more_than_there_is(old_share: float, repriced: int) -> None:
    facts = changed("elasticities", "old_money_share", {1: old_share})
    step = facts.offers[("north", "private", "personal"), "deposit_premium"][2]
    assert step.cost == Fraction("0.002") * (280_000 + repriced)  # c05 and c09: 14 million, 20 bp · 0.001


def test_loan_discount(facts: Facts) -> None:
    step = facts.offers[("north", "gold", "corporate"), "loan_discount"][1]
    # c13 alone: c14's risk is unknown. 3 million, new 10 %, a quarter of that repriced; margin 1 % − 0.2 %·50 %
    assert step.cost == Fraction("0.0025") * (300_000 + 75_000)
    assert step.gain == Fraction("1.4") * 300_000 * Fraction("0.009")
    both = changed("clients", "pd", {13: 0.01}).offers[("north", "gold", "corporate"), "loan_discount"][1]
    assert both.gain == Fraction("1.4") * (300_000 * Fraction("0.009") + 50_000 * Fraction("0.005"))
    assert changed("clients", "pd", {12: 0.0101}).offers[("north", "gold", "corporate"), "loan_discount"][1].cost == 0


def test_fee_waiver() -> None:
    tables, policy, _ = bank()
    tables["clients"]["fee_income_cny"][9] = 700.0  # c10 holds too little
    tables["clients"]["fee_income_cny"][10] = 2000.0  # c11: deposits and investments 3 million; contribution 12,000
    step = gather(tables, policy).offers[("south", "gold", "personal"), "fee_waiver"][1]
    assert step.cost == Fraction("0.2") * 2000
    assert step.gain == Fraction("1.4") * Fraction("0.2") * (Fraction("0.5") * 2000 + Fraction("0.1") * 12_000)


def test_contribution_below_zero_is_not_kept() -> None:
    facts = changed("clients", "contribution_cny", {0: -90_000.0})
    assert facts.offers[("north", "gold", "personal"), "deposit_premium"][1].gain == Fraction("1.4") * 1050


def test_levels_within_ceiling_and_authority(facts: Facts) -> None:
    def offered(cell: tuple[str, str, str], code: str = "deposit_premium", known: Facts = facts) -> list[int]:
        return [level for level, step in sorted(known.offers[cell, code].items()) if step.offered]

    assert offered(("north", "gold", "personal")) == [0, 1]  # their manager m1 has grade 3
    assert offered(("north", "private", "personal")) == [0, 1, 2]  # m2 has grade 5; level 3 is above the ceiling of 50
    assert offered(("south", "private", "personal")) == [0, 1]  # nobody named: grade 2 at s1
    assert offered(("north", "gold", "corporate")) == [0]  # no known reaction
    assert offered(("south", "gold", "personal"), "fee_waiver") == [0, 1]  # no ceiling for fees; level 2 needs grade 6
    state = changed("caps", "bank_type", {row: "state" for row in range(1, 4)})
    assert offered(("north", "private", "personal"), known=state) == [0, 1, 2, 3]  # only `*` is left: 80
    nobody = changed("managers", "branch", {3: "n1"})
    assert offered(("south", "private", "personal"), known=nobody) == [0]


def test_a_fee_ceiling_in_basis_points_meets_a_depth_in_shares() -> None:
    tables, policy, _ = bank()
    tables["caps"] = table("""
        product    bank_type cap_bp as_of
        fee_waiver *         1999   2026-01-01""")
    assert not gather(tables, policy).offers[("south", "gold", "personal"), "fee_waiver"][1].offered
    tables["caps"]["cap_bp"] = [2000.0]
    assert gather(tables, policy).offers[("south", "gold", "personal"), "fee_waiver"][1].offered


def test_missing_flags_tables_and_columns_are_read_as_the_contract_says() -> None:
    tables, policy, _ = bank()
    for name in ("opt_out", "public_official", "state_owned_contact"):
        tables["clients"][name] = [None] * 17
    for name in ("gift_cny", "partner_share"):
        del tables["events"][name]
    del tables["partners"], tables["clients"]["contribution_last_cny"]
    facts = gather(tables, policy)
    assert facts.base == 435_300 - 1_000  # c17: this year's 4,000 for last year's 5,000
    assert facts.clients["n1", "gold", "personal"] == 5  # c16 too
    assert facts.events["golf"].eligible["n1", "gold", "personal"] == Fraction("4.5")
    assert facts.events["golf"].touch == Fraction("1.5")
    assert facts.events["salon"].touch == 1
    assert facts.partners == {}


def test_the_order_of_rows_changes_nothing(facts: Facts) -> None:
    tables, policy, _ = bank()
    backwards: Tables = {name: {column: values[::-1] for column, values in columns.items()} for name, columns in tables.items()}
    assert gather(backwards, policy) == facts


def test_numbers_mean_the_decimals_they_show() -> None:
    assert exact(0.1) + exact(0.2) == exact(0.3)
    assert exact(1e23) == 10**23
    assert exact(None) == exact(float("nan")) == 0
    assert list(Column([0.1, None, 12345678901.25, 7]).scaled(2)) == [10, None, 1_234_567_890_125, 700]
    assert Column([1e-7, 2]).digits == 7
    assert day("2027-01-15") == date(2027, 1, 15)
    assert [stated(value) for value in (True, "2", float("inf"), float("nan"), None, 2.5)] == [None, None, None, None, None, Fraction(5, 2)]
    with pytest.raises(ValueError, match="finite"):
        exact(float("inf"))
