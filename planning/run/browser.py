"""Prints a published page to PDF through a browser that is on this machine: without window, network or traces, within a time limit."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from planning.errors import Fault, RunFailed

NAMED = "PLANNING_BROWSER"
"""The environment variable that names the browser to use."""

COMMANDS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "microsoft-edge-stable", "msedge",
)  # fmt: skip
APPLICATIONS = ("Google Chrome", "Chromium", "Microsoft Edge")  # on macOS
PROGRAMS = (r"Google\Chrome\Application\chrome.exe", r"Microsoft\Edge\Application\msedge.exe", r"Chromium\Application\chrome.exe")  # on Windows
PROGRAM_FOLDERS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
SECONDS = 120
QUIET = (
    "--headless", "--disable-gpu", "--no-first-run", "--no-default-browser-check", "--disable-extensions", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-default-apps", "--no-pings",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer", "--print-to-pdf-no-header",
)  # fmt: skip
PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
WRITTEN_ON = re.compile(rb"(?<=Date \(D:)\d{14}[+-]\d\d'\d\d")
UNDATED = b"20000101000000+00'00"  # no clock in a file; what browsers number inside it may still differ from one printing to the next


@dataclass(frozen=True)
class Printed:
    """A PDF and how many pages it has."""

    content: bytes
    pages: int


def browser(surroundings: Mapping[str, str], page: str) -> Path:
    """The browser PLANNING_BROWSER names, else the first Chromium, Chrome or Edge found. RunFailed says what to do where there is none."""
    asked = surroundings.get(NAMED, "")
    if asked:
        found = shutil.which(asked)
        if found is None:
            raise RunFailed(Fault("browser_not_there", values={"browser": asked}))
        return Path(found)
    commands = (shutil.which(name, path=surroundings.get("PATH", "")) for name in COMMANDS)
    places = [Path(command) for command in commands if command] + [place for place in _usual_places(surroundings) if place.is_file()]
    if not places:
        raise RunFailed(Fault("browser_absent", values={"page": page}))
    return places[0]


def _usual_places(surroundings: Mapping[str, str]) -> list[Path]:
    folders = [Path(surroundings[name]) for name in PROGRAM_FOLDERS if surroundings.get(name)]
    applications = [Path("/Applications"), Path(surroundings.get("HOME", "")) / "Applications"]
    on_macos = [folder / f"{name}.app" / "Contents" / "MacOS" / name for folder in applications for name in APPLICATIONS]
    return [*(folder / Path(*program.split("\\")) for program in PROGRAMS for folder in folders), *on_macos]


def printed(page: Path, through: Path, seconds: float = SECONDS) -> Printed:
    """The PDF of a page on paper as its style sheet sets it. RunFailed where the browser fails, or takes longer than `seconds`."""
    with tempfile.TemporaryDirectory(prefix="planning-pdf-", ignore_cleanup_errors=True) as scratch:
        to = Path(scratch) / "page.pdf"
        command = [str(through), *QUIET, *_as_root(), f"--user-data-dir={Path(scratch) / 'profile'}", f"--print-to-pdf={to}", page.resolve().as_uri()]
        _run(command, page.name, seconds)
        content = to.read_bytes() if to.is_file() else b""
    pages = len(PAGE.findall(content))
    if not content.startswith(b"%PDF") or not pages:
        raise RunFailed(Fault("pdf_failed", values={"page": page.name}))
    return Printed(WRITTEN_ON.sub(UNDATED, content), pages)


def _as_root() -> list[str]:
    """Chromium's sandbox does not start for root on Linux."""
    return ["--no-sandbox"] if sys.platform == "linux" and os.geteuid() == 0 else []


def _run(command: Sequence[str], page: str, seconds: float) -> None:
    nowhere = subprocess.DEVNULL
    try:
        process = subprocess.Popen(command, stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=os.name == "posix")
    except OSError as error:
        raise RunFailed(Fault("pdf_failed", values={"page": page})) from error
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        raise RunFailed(Fault("pdf_too_long", values={"page": page, "seconds": round(seconds)})) from error
    finally:
        _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a browser with every process it started."""
    if os.name == "posix":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
    process.wait()
