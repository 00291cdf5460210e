"""The published page printed to PDF by a real Chromium, as planning export --pdf does."""

import os
import shutil
from pathlib import Path

import pytest

from planning.run.browser import browser, printed
from tests.report.assembled import assembled
from tests.report.example import summary

FOUND = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(FOUND is None, reason="needs Chromium: apt-get install chromium")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_becomes_a_pdf_of_a4_pages_with_the_same_bytes_each_time(tmp_path: Path, lang: str) -> None:
    page = tmp_path / "计划 #1.html"
    page.write_text(assembled(summary(), lang), encoding="utf-8")
    first = printed(page, browser(os.environ, page.name))
    assert first.content.startswith(b"%PDF")
    assert 3 <= first.pages <= 30
    assert b"MediaBox [0 0 594" in first.content or b"MediaBox [0 0 595" in first.content
    assert list(tmp_path.iterdir()) == [page]
    if lang == "zh":
        assert printed(page, browser(os.environ, page.name)).content == first.content
