"""The planners' desk in a real JupyterLab: the start page, a changed parameter, a mistake in its box, the plan, and the sliders."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
PATIENCE = 240_000  # milliseconds
PLAIN = {"gap": "0.02", "lang": '"en"'}


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
    """The address of a JupyterLab on this machine alone, opened at the start page; gone with its kernels afterwards."""
    folder = tmp_path_factory.mktemp("lab")
    _desk(folder, small_bank)
    port, token = _port(), secrets.token_hex(16)
    own = {name: str(folder / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR")}
    Path(own["JUPYTER_DATA_DIR"]).mkdir()  # where jupyter-scheduler, if it is installed, keeps its jobs
    command = [sys.executable, "-m", "jupyterlab", "notebooks/start.ipynb", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    command += [f"--IdentityProvider.token={token}", "--ServerApp.root_dir=.", "--allow-root"]
    environment = {**os.environ, **own, "PYTHONPATH": str(ROOT), "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces")}
    with (folder / "lab.log").open("wb") as log, subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log) as server:
        address = f"http://127.0.0.1:{port}/lab/workspaces/{{}}/tree/notebooks/{{}}?token={token}"
        _await(f"http://127.0.0.1:{port}/api/status?token={token}", server)
        try:
            yield address
        finally:
            server.terminate()
            server.wait(30)


def _await(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(240):
        assert server.poll() is None, "JupyterLab ended at once"
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("JupyterLab did not answer")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1500, "height": 1000})
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    yield opened
    context.close()


def _opened(page: Page, lab: str, name: str) -> None:
    page.goto(lab.format(secrets.token_hex(4), f"{name}.ipynb"))  # a workspace of its own: no other notebook is opened again beside it
    expect(page.locator(".jp-NotebookPanel:visible .jp-Cell").first).to_be_visible(timeout=PATIENCE)


def _run_all(page: Page) -> None:
    """Once the kernel is there."""
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]:visible").first).to_be_visible(timeout=PATIENCE)
    page.locator(".jp-NotebookPanel:visible .jp-CodeCell").first.click()
    page.locator(".lm-MenuBar-itemLabel", has_text="Run").first.click()
    page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()


def test_the_start_page_leads_to_the_notebooks(page: Page, lab: str) -> None:
    _opened(page, lab, "start")
    page.locator("a", has_text="annual_plan.ipynb").first.click()
    expect(page.locator("h1", has_text="The year's marketing plan").first).to_be_visible(timeout=PATIENCE)


def test_a_wrong_parameter_is_told_in_a_box_and_a_right_one_gives_the_plan(page: Page, lab: str) -> None:
    _opened(page, lab, "annual_plan")
    cell = page.locator(".jp-CodeCell", has_text="event_cny = None").first
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nevent_cny = -5  # tried")
    _run_all(page)
    box = page.locator("[data-mime-type='application/vnd.jupyter.stderr'], .jp-RenderedText", has_text="A parameter is wrong").first
    expect(box).to_be_visible(timeout=PATIENCE)
    assert "Traceback" not in page.locator(".jp-NotebookPanel:visible").first.inner_text()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Shift+Home")
    page.keyboard.type("event_cny = 300000")
    _run_all(page)
    expect(page.locator(".plan.desk .kpis").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".jp-OutputArea", has_text="Verified").last).to_be_visible(timeout=PATIENCE)


def test_a_slider_moves_and_the_answer_changes(page: Page, lab: str) -> None:
    _opened(page, lab, "what_if")
    _run_all(page)
    answer = page.locator(".plan.desk h2", has_text="as the saved plan").first
    expect(answer).to_be_visible(timeout=PATIENCE)
    handle = page.locator(".widget-slider .noUi-handle").first
    handle.click()
    for _ in range(30):
        handle.press("ArrowLeft")
    expect(page.locator(".plan.desk h2", has_text="less than the saved plan").first).to_be_visible(timeout=PATIENCE)
