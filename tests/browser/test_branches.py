"""A branch's page and the index in a real Chromium, opened from a folder that was mailed: links work, nothing is asked of the network."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from planning.report.cards import branches as cards
from tests.browser.test_page import browser, opened, pytestmark  # noqa: F401  the fixture is used by name
from tests.report.assembled import put_together
from tests.report.branch_example import shared_out
from tests.report.test_branches import BESIDE, page_cards

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
PAGES = ("index", "branch-b01", "branch-b02")


@pytest.fixture(scope="module")
def mailed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mailed")
    found = shared_out(names=[("崂山" * 40, "A very long name of a branch " * 8), *[(f"第{n}支行", f"Branch {n}") for n in (2, 3, 4)]])
    for lang in ("zh", "en"):
        (folder / f"index.{lang}.html").write_text(put_together(list(cards.index(found, lang, {lang: ("plan",)})), lang), encoding="utf-8")
        (folder / f"plan.{lang}.html").write_text(put_together([cards.sources(found, lang)], lang), encoding="utf-8")
        for one in found.branches:
            (folder / f"branch-{one.branch}.{lang}.html").write_text(put_together(page_cards(found, one), lang), encoding="utf-8")
    assert BESIDE["zh"] == ("index", "plan")
    return folder


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_no_request_no_message_and_no_sideways_scroll_on_a_phone(browser: Browser, mailed: Path, name: str, lang: str) -> None:  # noqa: F811
    page, told = opened(browser, mailed / f"{name}.{lang}.html", 360)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert told == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation(browser: Browser, mailed: Path, name: str, scheme: str) -> None:  # noqa: F811
    for lang in ("zh", "en"):
        page, _ = opened(browser, mailed / f"{name}.{lang}.html", scheme=scheme)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(page, options=RULES)
        assert [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found.response["violations"]] == []


def test_from_the_index_to_a_branch_and_back(browser: Browser, mailed: Path) -> None:  # noqa: F811
    page, told = opened(browser, mailed / "index.en.html")
    page.click("text=Branch 3")
    page.wait_for_load_state("load")
    assert page.url.endswith("/branch-b03.en.html")
    page.click("text=All branches")
    page.wait_for_load_state("load")
    assert page.url.endswith("/index.en.html")
    assert told == []
