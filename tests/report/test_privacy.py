"""No figure about few people, and none that could be had by subtraction."""

from dataclasses import replace

from planning.plan.summary import Blocked, GroupLine, HoursLine
from planning.report import cards
from planning.report.cards import privacy
from tests.report.example import summary


def line(code: str, clients: int, added: float, hidden: bool = False) -> GroupLine:
    return GroupLine(code, (code, code), clients, 10.0 * clients, 100.0 * clients, 50.0 * clients, added, 0.0, clients, hidden=hidden)


def test_a_small_group_is_merged_with_the_next_smallest() -> None:
    shown = privacy.groups((line("a", 200, 7), line("b", 3, 5), line("c", 40, 11)), min_cell=5)
    assert [(one.clients, one.uplift_cny) for one in shown] == [(200, 7.0), (43, 16.0)]
    assert shown[1].names == ("b和c（合并）", "b and c together")


def test_a_small_branch_is_merged_within_its_region_whose_total_is_shown() -> None:
    branches = (line("a", 3, 1), line("b", 40, 1), line("c", 90, 1), line("d", 80, 1))
    shown = privacy.groups(branches, 5, {"a": "East", "b": "West", "c": "East", "d": "West"})
    assert [one.clients for one in shown] == [40, 80, 93]


def test_small_groups_are_merged_until_they_are_many_enough() -> None:
    shown = privacy.groups((line("a", 2, 1), line("b", 2, 1), line("c", 30, 1), line("d", 90, 1)), min_cell=5)
    assert [one.clients for one in shown] == [90, 34]


def test_a_group_marked_hidden_is_merged_whatever_its_size() -> None:
    assert [one.clients for one in privacy.groups((line("a", 200, 1, hidden=True), line("b", 40, 1), line("c", 60, 1)), 5)] == [60, 240]


def test_nothing_is_merged_where_all_are_large() -> None:
    lines = (line("a", 20, 1), line("b", 5, 1))
    assert privacy.groups(lines, min_cell=5) == lines


def test_totals_stay() -> None:
    lines = tuple(line(f"b{n:03d}", n, float(n)) for n in range(1, 60))
    shown = privacy.groups(lines, min_cell=5)
    assert len(shown) == privacy.SHOWN + 1
    assert privacy.summed(shown) == privacy.summed(lines)


def test_hours_of_a_small_branch_go_with_its_group() -> None:
    branches = (line("a", 3, 1), line("b", 40, 1), line("c", 90, 1))
    hours = tuple(HoursLine(one.code, one.names, 10.0 * one.clients, 1.0, 500.0) for one in branches)
    shown = privacy.hours(hours, branches, min_cell=5)
    assert [one.visits for one in shown] == [900.0, 430.0]


def test_every_total_hides_no_step_or_enough() -> None:
    granted = [step for step in summary().ladder if step.level > 0]
    few = [
        replace(step, qualifying=3) if step.concession == "loan_discount" and (step.tier, step.kind, step.region) == ("private", "personal", "East") else step
        for step in granted
    ]
    hidden = privacy.concealed(few, min_cell=5)
    assert any(step.qualifying == 3 for step in hidden)
    for total in (lambda _: 0, lambda step: step.tier, lambda step: step.region, lambda step: (step.concession, step.kind)):
        for key in {total(step) for step in few}:
            inside = [step for step in few if total(step) == key]
            unseen = [step for step in inside if step in hidden]
            assert not unseen or len(unseen) == len(inside) or (len(unseen) >= 2 and sum(step.qualifying for step in unseen) >= 5)


def test_the_figures_of_a_hidden_step_are_not_on_the_page() -> None:
    plan = summary()
    first = next(place for place, step in enumerate(plan.ladder) if step.level > 0)
    marked = replace(plan.ladder[first], qualifying=2, cost_cny=777_770_000.0)
    card = cards.ladder(replace(plan, ladder=(*plan.ladder[:first], marked, *plan.ladder[first + 1 :])))
    assert "77,777<" not in card.zh
    assert "不列" in card.zh
    assert "not shown" in card.en


def test_a_single_hidden_row_takes_the_smallest_other_with_it() -> None:
    assert privacy.unseen_rows([True, False, False], [9.0, 5.0, 7.0]) == {0, 1}
    assert privacy.unseen_rows([False, False], [9.0, 5.0]) == frozenset()


def test_few_blocked_clients_are_only_said_to_be_few() -> None:
    plan = summary()
    blocked = tuple(replace(one, count=3) if one.code == "opted_out" else one for one in plan.blocked)
    html = cards.rules(replace(plan, blocked=blocked)).en
    assert "fewer than 5" in html
    assert ">820<" not in html, "the other half of those who may not be approached would give it away"
    assert ">61<" in html


def test_a_number_that_leaves_few_clients_is_hidden_and_what_is_no_person_is_not() -> None:
    plan = summary()
    barred = Blocked("unsuitable", plan.segmented - 3, rule="L4", source="suitability", as_of="2026-02-01", events=(("路演", "Roadshow"),))
    ceiling = Blocked("ceiling", 2, "levels", "L3", "circular <7>", "2023-05-15", concession="deposit_premium", levels=(4, 5))
    card = cards.rules(replace(plan, blocked=(barred, ceiling)))
    assert f"{plan.segmented - 3:,}" not in card.en
    assert "not shown" in card.en
    assert "Roadshow" in card.en
    for words in ("存款利率上浮：第 4、5 档", "circular &lt;7&gt;", "2023年5月15日", "2 格", "已禁止"):
        assert words in card.zh
    assert "2 cells" in card.en
