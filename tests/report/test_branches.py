"""The branches' pages and their index: nobody is seen through all of them together, links lead somewhere, hostile names stay words."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from planning.errors import RunFailed
from planning.plan.branch import Branches, BranchPlan, Invitation
from planning.report import page
from planning.report.cards import Card
from planning.report.cards import branches as cards
from planning.report.cards.branches.apart import apart
from planning.report.cards.privacy import parted, regions_shown
from planning.report.cards.seats import seats
from planning.report.formats import money
from tests.report.assembled import put_together
from tests.report.branch_example import shared_out
from tests.report.reader import following, sums_of

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


def tables(rows: tuple[int, int], columns: tuple[int, int], most: int) -> st.SearchStrategy[list[list[int]]]:
    return st.integers(*columns).flatmap(
        lambda wide: st.lists(st.lists(st.integers(0, most), min_size=wide, max_size=wide), min_size=rows[0], max_size=rows[1])
    )


def together_on_the_pages(found: Branches) -> list[list[object]]:
    """The (branch, tier) of which the pages show the clients as one figure: the bank's tiers, branches and regions, and each branch's tiers."""
    own = [(one.branch, line.code) for one in found.branches for line in one.tiers]
    sums = [[key for key in own if key[1] in codes] for codes in parted(found.tiers, LEAST)]
    served = [one.line for one in found.branches if one.line.clients]
    within = regions_shown(((one.branch, one.region) for one in found.branches), found.regions, LEAST)
    sums += [[key for key in own if key[0] in codes] for codes in parted(served, LEAST, within)]
    sums += [[key for key in own if within[key[0]] == region] for region in set(within.values())]
    sums += [[(branch, code) for code in codes] for branch, groups in apart(found).together.items() for codes in groups]
    return [list(keys) for keys in sums]


def nothing_more_to_hide(found: Branches) -> bool:
    """Whether the bank's totals alone say all: one branch or one tier has clients, or so few are there that nothing is shown but them."""
    served = [one for one in found.branches if one.line.clients]
    return len(served) < 2 or sum(line.clients > 0 for line in found.tiers) < 2 or len(parted(found.tiers, LEAST)) < 2


@given(tables((2, 6), (2, 4), 12))
@example([[0, 1, 5], [0, 5, 0]])
@settings(max_examples=40, deadline=None)
def test_no_small_tier_of_a_branch_follows_from_all_pages_and_the_banks(counts: list[list[int]]) -> None:
    found = shared_out(counts, [[0]] * len(counts))
    unknown: dict[object, float] = {(one.branch, line.code): line.clients for one in found.branches for line in one.tiers}
    together = together_on_the_pages(found)
    for branch, groups in apart(found).together.items():
        assert not [codes for codes in groups if 0 < sum(unknown[branch, code] for code in codes) < LEAST]
    known = sums_of(unknown, together)
    small = [key for key, clients in unknown.items() if 0 < clients < LEAST]
    assert nothing_more_to_hide(found) or following(unknown, known, small) == []


@given(tables((2, 5), (1, 3), 14), st.lists(st.lists(st.integers(0, 14), min_size=1, max_size=2), min_size=5, max_size=5))
@example([[9, 8], [7, 9]], [[3, 20]] * 5)
@settings(max_examples=40, deadline=None)
def test_no_few_places_at_a_session_follow_from_its_guests_and_a_branchs(places: list[list[int]], own: list[list[int]]) -> None:
    found = holding(shared_out([[50, 50]] * len(places), places), own)
    shown, bank = apart(found), seats(taken_at(found), apart(found).stands, LEAST)
    unknown: dict[object, float] = {(branch, session): number for (branch, session), number in taken_at(found).items() if number}
    every = set(unknown)
    seen = [key for key in every if not shown.hides(*key_of(found, key))]  # type: ignore[arg-type]
    sums: list[list[object]] = [[key for key in every if key[0] == one.branch] for one in found.branches]  # type: ignore[index]
    sums += [[key for key in every if key[1] == session] for session in {key[1] for key in every} - bank.guests]  # type: ignore[index]
    few = [key for key, number in unknown.items() if number < LEAST]
    assert not set(few) & set(seen)
    assert len(seen) == 0 or following(unknown, sums_of(unknown, [*sums, *([key] for key in seen), list(every)]), few) == []


def taken_at(found: Branches) -> dict[tuple[str, tuple[str, str, int]], float]:
    return {(one.branch, (line.event, line.host, line.month)): float(line.guests) for one in found.branches for line in one.invitations}


def key_of(found: Branches, key: tuple[str, tuple[str, str, int]]) -> tuple[BranchPlan, Invitation]:
    one = next(one for one in found.branches if one.branch == key[0])
    return one, next(line for line in one.invitations if (line.event, line.host, line.month) == key[1])


def holding(found: Branches, guests: list[list[int]]) -> Branches:
    """The same branches with sessions of their own for so many guests."""
    branches = []
    for one, numbers in zip(found.branches, guests, strict=False):
        first = next(line for line in one.invitations if line.own)
        own = [replace(first, month=4 + at, guests=number) for at, number in enumerate(numbers)]
        branches.append(replace(one, invitations=(*own, *(line for line in one.invitations if not line.own))))
    return replace(found, branches=tuple(branches))


def test_a_branchs_own_session_of_few_guests_is_on_no_page() -> None:
    found = holding(shared_out([[50, 50]] * 4, [[30, 12, 9], [24, 9, 7], [18, 8, 6], [12, 8, 5]]), [[3, 17], [21], [22], [16, 23]])
    own = next(one for one in found.branches if one.branch == "b01")
    year = cards.year(found, own).en
    listed = year.partition("Sessions held by this branch")[2].partition("</table>")[0]
    assert ">not shown<" in listed
    assert not [figure for figure in (">3<", ">17<") if figure in listed]
    assert ">21<" in "".join(cards.year(found, one).en for one in found.branches)


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
