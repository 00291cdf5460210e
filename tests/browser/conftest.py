"""A real Chromium with the network cut, and the pages it opens: plan, client book, scenarios and model record, in both languages."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.report.assembled import PARTS, client_cards, put_together, scenario_cards
from tests.report.example import summary
from tests.report.test_model_record import record_cards

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OWN = [{"text/html": "<h1>补充说明</h1><p>Venue is booked.</p><table><tr><th>项目</th><td>1</td></tr></table>"}]


@dataclass
class Window:
    """A page that is open, and what it told or asked for."""

    page: Page
    told: list[str] = field(default_factory=list)


Open = Callable[..., Window]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Open]:
    """Opens a file in a window of a width, in a colour scheme; all windows are closed afterwards."""
    contexts = []

    def opens(path: Path, width: int = 1280, scheme: str = "light") -> Window:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True)  # type: ignore[arg-type]
        contexts.append(context)
        window = Window(context.new_page())
        window.page.on("console", lambda message: window.told.append(f"console: {message.text}"))
        window.page.on("pageerror", lambda error: window.told.append(f"error: {error}"))
        window.page.on("dialog", lambda dialog: window.told.append(f"dialog: {dialog.message}"))
        window.page.on("framenavigated", lambda frame: None if frame.url.startswith("file:") else window.told.append(f"went to: {frame.url}"))
        window.page.on("request", lambda request: None if request.url.startswith(("file:", "data:")) else window.told.append(f"request: {request.url}"))
        window.page.goto(path.as_uri())
        window.page.wait_for_load_state("load")
        return window

    yield opens
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def every_page(tmp_path_factory: pytest.TempPathFactory, small_bank: Path) -> dict[tuple[str, str], Path]:
    """(page, language) to its file."""
    folder, files = tmp_path_factory.mktemp("pages"), {}
    shown = {"plan": [part(summary()) for part in PARTS], "clients": client_cards(small_bank), "scenarios": scenario_cards(), "record": record_cards()}
    for name, cards in shown.items():
        for lang in ("zh", "en"):
            files[name, lang] = folder / f"{name}.{lang}.html"
            files[name, lang].write_text(put_together(cards, lang, OWN), encoding="utf-8")
    return files


@pytest.fixture(params=["plan", "clients", "scenarios", "record"])
def pages(request: pytest.FixtureRequest, every_page: dict[tuple[str, str], Path]) -> dict[str, Path]:
    """One of the pages, by language."""
    return {lang: every_page[request.param, lang] for lang in ("zh", "en")}
