"""A branch's page and the index in a real Chromium, opened from a folder that was mailed: links work, nothing is asked of the network."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from planning.report.cards import branches as cards
from tests.browser.conftest import Open
from tests.browser.test_page import RULES
from tests.report.assembled import put_together
from tests.report.branch_example import shared_out
from tests.report.test_branches import BESIDE, page_cards

pytestmark = pytest.mark.browser

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
def test_no_request_no_message_and_no_sideways_scroll_on_a_phone(opened: Open, mailed: Path, name: str, lang: str) -> None:
    window = opened(mailed / f"{name}.{lang}.html", 360)
    window.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert window.told == []
    assert window.page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation(opened: Open, mailed: Path, name: str, scheme: str) -> None:
    for lang in ("zh", "en"):
        window = opened(mailed / f"{name}.{lang}.html", scheme=scheme)
        window.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(window.page, options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]})
        assert [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found.response["violations"]] == []


def test_from_the_index_to_a_branch_and_back(opened: Open, mailed: Path) -> None:
    window = opened(mailed / "index.en.html")
    window.page.click("text=Branch 3")
    window.page.wait_for_load_state("load")
    assert window.page.url.endswith("/branch-b03.en.html")
    window.page.click("text=All branches")
    window.page.wait_for_load_state("load")
    assert window.page.url.endswith("/index.en.html")
    assert window.told == []
