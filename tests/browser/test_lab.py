"""The planners' desk in a real JupyterLab: the start page, a changed parameter, a mistake in its box, the plan, and the sliders."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.jupyterlab import PATIENCE, ROOT, jupyterlab, opened, run_all

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PLAIN = {"gap": "0.02", "lang": '"en"'}


def _desk(folder: Path, small_bank: Path) -> None:
    """The notebooks as shipped, with the small bank for data."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    shutil.copytree(small_bank, folder / "data" / "sample")
    (folder / "data" / "README.md").write_text("columns", encoding="utf-8")
    for name in ("annual_plan", "what_if"):
        path = folder / "notebooks" / f"{name}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        cell = next(one for one in notebook.cells if "parameters" in one.metadata.get("tags", []))
        kept = [line for line in cell.source.splitlines() if line.split(" = ")[0] not in PLAIN]
        cell.source = "\n".join([*kept, *(f"{field} = {value}  # as tried · 试用" for field, value in PLAIN.items())])
        nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def lab(small_bank: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab with the notebooks as shipped, opened at the start page."""
    folder = tmp_path_factory.mktemp("lab")
    _desk(folder, small_bank)
    with jupyterlab(folder, "notebooks/start.ipynb") as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1500, "height": 1000})
    tab = context.new_page()
    tab.set_default_timeout(PATIENCE)
    yield tab
    context.close()


def test_the_start_page_leads_to_the_notebooks(page: Page, lab: str) -> None:
    opened(page, lab, "start")
    page.locator("a", has_text="annual_plan.ipynb").first.click()
    expect(page.locator("h1", has_text="The year's marketing plan").first).to_be_visible(timeout=PATIENCE)


def test_jupyterlab_asks_nothing_and_fetches_nothing_from_outside_when_it_is_first_opened(page: Page, lab: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    opened(page, lab, "annual_plan")
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]:visible").first).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(5_000)  # the question comes a moment after the kernel
    assert page.locator(".jp-toastContainer, .Toastify__toast").all_inner_texts() == []
    assert [url for url in asked if not url.startswith(("http://127.0.0.1:", "data:", "blob:"))] == []
    assert [url for url in asked if "/api/news" in url or "/api/update" in url] == []


def test_a_wrong_parameter_is_told_in_a_box_and_a_right_one_gives_the_plan(page: Page, lab: str) -> None:
    opened(page, lab, "annual_plan")
    cell = page.locator(".jp-CodeCell", has_text="event_cny = None").first
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nevent_cny = -5  # tried")
    run_all(page)
    box = page.locator("[data-mime-type='application/vnd.jupyter.stderr'], .jp-RenderedText", has_text="A parameter is wrong").first
    expect(box).to_be_visible(timeout=PATIENCE)
    assert "Traceback" not in page.locator(".jp-NotebookPanel:visible").first.inner_text()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Shift+Home")
    page.keyboard.type("event_cny = 300000")
    run_all(page)
    expect(page.locator(".plan.desk .kpis").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".jp-OutputArea", has_text="Verified").last).to_be_visible(timeout=PATIENCE)


def test_a_slider_moves_and_the_answer_changes(page: Page, lab: str) -> None:
    opened(page, lab, "what_if")
    run_all(page)
    answer = page.locator(".plan.desk h2", has_text="as the saved plan").first
    expect(answer).to_be_visible(timeout=PATIENCE)
    handle = page.locator(".widget-slider .noUi-handle").first
    handle.click()
    for _ in range(30):
        handle.press("ArrowLeft")
    expect(page.locator(".plan.desk h2", has_text="less than the saved plan").first).to_be_visible(timeout=PATIENCE)
