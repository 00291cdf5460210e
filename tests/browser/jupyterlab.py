"""A JupyterLab on this machine alone, with notebooks in a folder of its own; gone with its kernels afterwards."""

import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect

ROOT = Path(__file__).parents[2]
PATIENCE = 240_000  # milliseconds
BUSY = ".jp-Notebook-ExecutionIndicator[data-status=busy]:visible"
DONE = ".jp-NotebookPanel:visible .jp-InputPrompt"
DEFAULTS = ROOT / "planning" / "desk" / "jupyter"  # as `make lab` has it in JUPYTER_CONFIG_PATH: no news, no look for updates
OWN_FOLDERS = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR")


@contextmanager
def jupyterlab(folder: Path, *more: str) -> Iterator[str]:
    """The address of a notebook in that folder's `notebooks`, as a pattern of workspace and file name."""
    port, token = _port(), secrets.token_hex(16)
    own = {name: str(folder / name.lower()) for name in OWN_FOLDERS}
    Path(own["JUPYTER_DATA_DIR"]).mkdir(exist_ok=True)  # where jupyter-scheduler, if it is installed, keeps its jobs
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0"]
    command += [f"--IdentityProvider.token={token}", "--ServerApp.root_dir=.", "--allow-root", *more]
    environment = {**os.environ, **own, "PYTHONPATH": str(ROOT), "JUPYTER_CONFIG_PATH": str(DEFAULTS), "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces")}
    with (folder / "lab.log").open("wb") as log, subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log) as server:
        _await(f"http://127.0.0.1:{port}/api/status?token={token}", server)
        try:
            yield f"http://127.0.0.1:{port}/lab/workspaces/{{}}/tree/notebooks/{{}}?token={token}"
        finally:
            server.terminate()
            server.wait(30)


def opened(page: Page, lab: str, name: str) -> None:
    """A notebook in a workspace of its own: no other is opened again beside it."""
    page.goto(lab.format(secrets.token_hex(4), f"{name}.ipynb"))
    expect(page.locator(".jp-NotebookPanel:visible .jp-Cell").first).to_be_visible(timeout=PATIENCE)


def run_all(page: Page) -> None:
    """Every cell, once the kernel is there; asked again where JupyterLab loses an order given while it is still connecting."""
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]:visible").first).to_be_visible(timeout=PATIENCE)
    for _ in range(10):
        page.wait_for_timeout(2_000)
        page.locator(".jp-NotebookPanel:visible .jp-CodeCell").first.click()
        page.locator(".lm-MenuBar-itemLabel", has_text="Run").first.click()
        page.locator(".lm-Menu-itemLabel", has_text="Run All Cells").first.click()
        page.wait_for_timeout(2_000)
        if page.locator(BUSY).count() or page.locator(DONE, has_text=re.compile("[1-9]")).count():
            return
    raise AssertionError("JupyterLab ran nothing")


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(240):
        assert server.poll() is None, "JupyterLab ended at once"
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("JupyterLab did not answer")
