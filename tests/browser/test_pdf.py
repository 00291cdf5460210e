"""The published page printed to PDF by a real Chromium, as planning export --pdf does."""

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from planning.errors import RunFailed
from planning.run.browser import UNDATED, browser, printed
from tests.report.assembled import assembled
from tests.report.example import summary

FOUND = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(FOUND is None, reason="needs Chromium: apt-get install chromium")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_becomes_a_pdf_of_a4_pages_without_the_hour_it_was_made(tmp_path: Path, lang: str) -> None:
    page = tmp_path / "计划 #1.html"
    page.write_text(assembled(summary(), lang), encoding="utf-8")
    first = printed(page, browser(os.environ, page.name))
    assert first.content.startswith(b"%PDF")
    assert 3 <= first.pages <= 30
    assert b"MediaBox [0 0 594" in first.content or b"MediaBox [0 0 595" in first.content
    assert list(tmp_path.iterdir()) == [page]
    assert UNDATED in first.content
    assert not re.search(rb"/(?:CreationDate|ModDate)\s*\(D:(?!20000101)", first.content)


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
def test_a_page_that_never_ends_is_given_up_and_no_process_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    page = tmp_path / "endless.html"
    page.write_text("<!doctype html><p>…</p><script>for (;;);</script>", encoding="utf-8")
    with pytest.raises(RunFailed) as told:
        printed(page, browser(os.environ, page.name), seconds=4)
    assert [fault.code for fault in told.value.faults] == ["pdf_too_long"]
    for _ in range(100):  # the system may take a moment to bury what was killed
        left = [command for command in commands() if str(tmp_path).encode() in command]
        if not left:
            break
        time.sleep(0.1)
    assert left == []
    assert list(tmp_path.iterdir()) == [page]


def commands() -> Iterator[bytes]:
    """The command line of every process that runs."""
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            yield place.read_bytes()
