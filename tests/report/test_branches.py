"""The branches' pages and their index: nobody is seen through all of them together, links lead somewhere, hostile names stay words."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser

import pulp
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planning.errors import RunFailed
from planning.plan.branch import Branches, BranchPlan
from planning.report import page
from planning.report.cards import Card
from planning.report.cards import branches as cards
from planning.report.cards.branches.apart import apart
from planning.report.cards.privacy import parted, regions_shown
from planning.report.formats import money
from tests.report.assembled import put_together
from tests.report.branch_example import shared_out

LEAST = 5
BESIDE = {"zh": ("index", "plan"), "en": ("index", "plan")}
HOSTILE = ("../x", "<script>alert(1)</script>", "A" * 300, "CON", "b1", "B1", 'x" onload="y', "支行一")


def page_cards(found: Branches, of: BranchPlan) -> list[Card]:
    """The cards of one branch's page."""
    parts = [make(found, of) for make in (cards.spending, cards.year, cards.ladder, cards.rules)]
    return [cards.headline(found, of, beside=BESIDE), *parts, cards.sources(found)]


def test_tiers_with_few_clients_are_shown_with_their_neighbours() -> None:
    found = shared_out()
    shown = apart(found)
    for one in found.branches:
        lines = shown.tiers(one)
        assert sum(line.clients for line in lines) == one.line.clients
        assert all(line.clients == 0 or line.clients >= LEAST for line in lines)
    assert "合并" in cards.spending(found, found.branches[0]).zh


def test_a_small_branch_shows_no_figures_and_neither_does_the_one_that_would_give_them_away() -> None:
    found = shared_out(((120, 40, 9, 6), (2, 1, 0, 0), (80, 22, 8, 7), (60, 12, 9, 5)))
    withheld = apart(found).withheld
    assert withheld == {"b02", "b04"}  # the next smallest of its region, whose total is on the bank's page
    for one in found.branches:
        words = "".join(card.en for card in page_cards(found, one))
        assert words.count('class="v"') == (1 if one.branch in withheld else 4)
        assert (money(50_000, "en") in words) == (one.branch not in withheld)
    index = cards.index(found)[1].en
    assert index.count("<td>not shown</td>") == 2 * 6


def extent(unknown: dict[object, float], sums: list[list[object]], wanted: object) -> tuple[float, float]:
    """Between what a reader who knows the sums can place one unknown."""
    ends = []
    for sense in (pulp.LpMinimize, pulp.LpMaximize):
        lp = pulp.LpProblem("reader", sense)
        cells = {key: pulp.LpVariable(f"n_{place}", 0) for place, key in enumerate(unknown)}
        lp += cells[wanted]
        for keys in sums:
            if keys:
                lp += pulp.lpSum(cells[key] for key in keys) == sum(unknown[key] for key in keys)
        assert lp.solve(pulp.HiGHS(msg=False, threads=1)) == pulp.LpStatusOptimal
        ends.append(pulp.value(lp.objective))
    return ends[0], ends[1]


def tables(rows: tuple[int, int], columns: tuple[int, int], most: int) -> st.SearchStrategy[list[list[int]]]:
    return st.integers(*columns).flatmap(
        lambda wide: st.lists(st.lists(st.integers(0, most), min_size=wide, max_size=wide), min_size=rows[0], max_size=rows[1])
    )


@given(tables((2, 6), (2, 4), 12))
@settings(max_examples=40, deadline=None)
def test_no_small_tier_of_a_branch_follows_from_all_pages_and_the_banks(counts: list[list[int]]) -> None:
    found = shared_out(counts, [[0]] * len(counts))
    shown = apart(found)
    unknown: dict[object, float] = {(one.branch, line.code): line.clients for one in found.branches for line in one.tiers}
    sums = [[(one.branch, line.code) for one in found.branches for line in one.tiers if line.code in codes] for codes in parted(found.tiers, LEAST)]
    together = [one.line for one in found.branches if one.line.clients]
    within = regions_shown(((one.branch, one.region) for one in found.branches), found.regions, LEAST)
    sums += [[key for key in unknown if key[0] in codes] for codes in parted(together, LEAST, within)]  # type: ignore[index]
    sums += [[key for key in unknown if within[key[0]] == region] for region in set(within.values())]  # type: ignore[index]
    for one in found.branches:
        for codes in shown.together.get(one.branch, ()):
            sums.append([(one.branch, code) for code in codes])
            assert not 0 < sum(unknown[one.branch, code] for code in codes) < LEAST
    everything = all(len(shown.together.get(one.branch, [()])) == 1 for one in found.branches)
    alone = sum(1 for one in found.branches if one.line.clients) < 2 or len(parted(found.tiers, LEAST)) < 2
    for key in [key for key, count in unknown.items() if 0 < count < LEAST]:
        low, high = extent(unknown, sums, key)
        assert high > low + 0.5 or everything or alone, key


@given(tables((2, 5), (1, 3), 14))
@settings(max_examples=30, deadline=None)
def test_no_few_places_at_a_shared_session_follow_from_its_guests_and_a_branchs(places: list[list[int]]) -> None:
    found = shared_out([[50, 50]] * len(places), places)
    shown = apart(found)
    unknown = {(one.branch, line.event): line.guests for one in found.branches for line in one.invitations if shown.hides(one, line)}
    sums = [[key for key in unknown if key[place] == value] for place in (0, 1) for value in {key[place] for key in unknown}]
    every = sum(1 for one in found.branches for line in one.invitations if not line.own)
    for one in found.branches:
        for line in one.invitations:
            if 0 < line.guests < LEAST:
                assert shown.hides(one, line)
                low, high = extent(dict(unknown), [list(keys) for keys in sums], (one.branch, line.event))
                assert high > low + 0.5 or len(unknown) == every


class Tags(HTMLParser):
    """Every tag of a page with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def linked(html: str) -> Iterator[tuple[str, str]]:
    """(file, place) of every link."""
    for tag, attributes in Tags(html).found:
        if tag == "a" and "href" in attributes:
            file, _, place = str(attributes["href"]).partition("#")
            yield file, place


def test_the_index_lists_every_branch_once_under_its_region_and_every_link_leads_somewhere() -> None:
    found = shared_out()
    names = cards.file_names(found)
    for lang in ("zh", "en"):
        html = put_together(list(cards.index(found, lang, {"zh": ("plan",), "en": ("plan",)})), lang)
        files = [file for file, _ in linked(html) if file]
        assert sorted(files) == sorted([f"plan.{lang}.html", *(f"{name}.{lang}.html" for name in names.values())])
        ids = set(re.findall(r'id="([^"]+)"', html))
        assert all(place in ids for file, place in linked(html) if not file)
        assert [pick for pick in re.findall(r"(East|West): 2|(East|West)：2", html)]
    own = put_together(page_cards(found, found.branches[0]), "zh")
    assert {file for file, _ in linked(own) if file} == {"index.zh.html", "plan.zh.html"}
    assert all(place in set(re.findall(r'id="([^"]+)"', own)) for file, place in linked(own) if not file)


def test_file_names_are_safe_and_unlike_each_other() -> None:
    found = shared_out([[50, 40]] * len(HOSTILE), [[9]] * len(HOSTILE), codes=HOSTILE)
    names = cards.file_names(found)
    assert all(re.fullmatch(r"branch[-_][A-Za-z0-9-]+", name) and len(name) < 60 for name in names.values())
    assert len({name.casefold() for name in names.values()}) == len(HOSTILE)
    assert names["CON"] == "branch-CON"
    assert {names[code][:7] for code in ("../x", "b1", "B1", "支行一")} == {"branch_"}


def test_hostile_names_are_shown_as_words_and_link_nowhere() -> None:
    words = tuple((f'{code}<img src=x onerror="a()">', f'{code}<a href="javascript:a()">') for code in HOSTILE)
    found = shared_out([[50, 40]] * len(HOSTILE), [[9]] * len(HOSTILE), words, HOSTILE)
    listed = put_together(list(cards.index(found)), "en")
    for html in (listed, *(put_together(page_cards(found, one), "zh") for one in found.branches)):
        tags = Tags(html).found
        assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
        assert "script" not in {tag for tag, _ in tags}
        assert all(str(attributes["src"]).startswith("data:") for tag, attributes in tags if tag == "img")
        assert all(re.fullmatch(r"(?:[\w-]+\.(?:zh|en)\.html)?", file) for file, _ in linked(html))


@pytest.mark.parametrize(
    "target", ["https://x.example/", "//x/plan.zh.html", "../plan.zh.html", "a/plan.zh.html", "plan.html", "x.fr.html", "file:plan.zh.html", "计划.zh.html"]
)
def test_only_pages_of_the_same_folder_are_linked(target: str) -> None:
    assert f'href="{target}"' not in page.clean_html(f'<a href="{target}">x</a>')
    assert 'href="plan.zh.html#why"' in page.clean_html('<a href="plan.zh.html#why">x</a>')


def test_a_name_the_font_cannot_draw_stops_the_page() -> None:
    found = shared_out(names=[("笑脸支行😀", "Smile 😀")] * 4)
    with pytest.raises(RunFailed) as failed:
        put_together(list(cards.index(found)), "zh")
    assert failed.value.faults[0].code == "glyph_missing"


@pytest.mark.parametrize("change", [lambda one: one, lambda one: [[0, 0, 0, 0], *one[1:]]])
def test_a_branch_without_clients_or_sessions_has_a_page_too(change: Callable[[list[list[int]]], list[list[int]]]) -> None:
    found = shared_out(change([[120, 40, 9, 2]] * 3), [[0, 0, 0]] * 3)
    for one in found.branches:
        for lang in ("zh", "en"):
            assert put_together(page_cards(found, one), lang).count("<section") == 4
