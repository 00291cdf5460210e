"""The page in a real Chromium with the network cut: no request, no message, no sideways scroll, readable by everybody."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.report.assembled import PARTS, client_cards, put_together
from tests.report.example import summary

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OWN = [{"text/html": "<h1>补充说明</h1><p>Venue is booked.</p><table><tr><th>项目</th><td>1</td></tr></table>"}]

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module", params=["plan", "clients"])
def pages(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, small_bank: Path) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    cards = [part(summary()) for part in PARTS] if request.param == "plan" else client_cards(small_bank)
    for lang in ("zh", "en"):
        (folder / f"{lang}.html").write_text(put_together(cards, lang, OWN), encoding="utf-8")
    return {lang: folder / f"{lang}.html" for lang in ("zh", "en")}


def opened(browser: Browser, path: Path, width: int = 1280, scheme: str = "light") -> tuple[Page, list[str]]:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)  # type: ignore[arg-type]
    page, told = context.new_page(), []
    page.on("console", lambda message: told.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: told.append(f"error: {error}"))
    page.on("request", lambda request: None if request.url.startswith(("file:", "data:")) else told.append(f"request: {request.url}"))
    page.goto(path.as_uri())
    page.wait_for_load_state("load")
    return page, told


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_request_and_no_message(browser: Browser, pages: dict[str, Path], lang: str) -> None:
    page, told = opened(browser, pages[lang])
    assert told == []
    assert page.evaluate("document.documentElement.lang") == lang
    assert page.evaluate("[...document.images].filter(image => !image.complete || !image.naturalWidth).length") == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [360, 720, 1280])
def test_no_sideways_scroll(browser: Browser, pages: dict[str, Path], lang: str, width: int) -> None:
    page, _ = opened(browser, pages[lang], width)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(browser: Browser, pages: dict[str, Path], lang: str, scheme: str) -> None:
    page, _ = opened(browser, pages[lang], scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}})
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found.response["violations"]] == []


def test_a_phone_gets_the_narrow_figures_with_letters_of_full_size(browser: Browser, pages: dict[str, Path]) -> None:
    page, _ = opened(browser, pages["zh"], 375)
    shrunk = page.evaluate("[...document.querySelectorAll('figure img')].map(image => image.clientWidth / image.naturalWidth)")
    assert min(shrunk) > 0.95


def test_the_folded_tables_are_open_on_paper(browser: Browser, pages: dict[str, Path]) -> None:
    page, _ = opened(browser, pages["zh"])
    seen = "document.querySelector('details table').checkVisibility()"
    assert not page.evaluate(seen)
    page.emulate_media(media="print")
    assert page.evaluate(seen)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_any_font_for_chinese_the_embedded_one_is_used(browser: Browser, pages: dict[str, Path], lang: str) -> None:
    page, told = opened(browser, pages[lang])
    page.add_style_tag(content='.plan,.plan:lang(zh),.plan:lang(en){font-family:"Planning Sans",serif!important}')
    assert page.evaluate("document.fonts.load('16px \"Planning Sans\"', '计').then(faces => faces.length)") == 1
    assert told == []
