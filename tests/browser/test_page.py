"""The page in a real Chromium with the network cut: no request, no message, no sideways scroll, readable by everybody."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Open

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
OPEN_ALL = "document.querySelectorAll('details').forEach(one => one.open = true)"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_request_and_no_message(opened: Open, pages: dict[str, Path], lang: str) -> None:
    window = opened(pages[lang])
    assert window.told == []
    assert window.page.evaluate("document.documentElement.lang") == lang
    assert window.page.evaluate("[...document.images].filter(image => !image.complete || !image.naturalWidth).length") == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [360, 720, 1280])
def test_no_sideways_scroll(opened: Open, pages: dict[str, Path], lang: str, width: int) -> None:
    page = opened(pages[lang], width).page
    page.evaluate(OPEN_ALL)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def axe(opened: Open, path: Path, width: int, scheme: str) -> list[tuple[str, list[str]]]:
    """The rules a page breaks, with the first places."""
    page = opened(path, width, scheme).page
    page.evaluate(OPEN_ALL)
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]})
    return [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found.response["violations"]]


@pytest.mark.parametrize(("lang", "width", "scheme"), [("zh", 390, "dark"), ("en", 1280, "light")])
def test_axe_finds_nothing_on_the_plan(opened: Open, every_page: dict[tuple[str, str], Path], lang: str, width: int, scheme: str) -> None:
    assert axe(opened, every_page["plan", lang], width, scheme) == []


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(opened: Open, pages: dict[str, Path], lang: str, width: int, scheme: str) -> None:
    assert axe(opened, pages[lang], width, scheme) == []


def test_a_phone_gets_the_narrow_figures_with_letters_of_full_size(opened: Open, pages: dict[str, Path]) -> None:
    page = opened(pages["zh"], 375).page
    shrunk = page.evaluate("[...document.querySelectorAll('figure img')].map(image => image.clientWidth / image.naturalWidth)")
    assert min(shrunk) > 0.95


def test_the_folded_tables_are_open_on_paper(opened: Open, pages: dict[str, Path]) -> None:
    page = opened(pages["zh"]).page
    seen = "document.querySelector('details table').checkVisibility()"
    assert not page.evaluate(seen)
    page.emulate_media(media="print")
    assert page.evaluate(seen)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_any_font_for_chinese_the_embedded_one_is_used(opened: Open, pages: dict[str, Path], lang: str) -> None:
    window = opened(pages[lang])
    window.page.add_style_tag(content='.plan,.plan:lang(zh),.plan:lang(en){font-family:"Planning Sans",serif!important}')
    assert window.page.evaluate("document.fonts.load('16px \"Planning Sans\"', '计').then(faces => faces.length)") == 1
    assert window.told == []
