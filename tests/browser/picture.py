"""Takes README's picture of the published sample plan: python -m tests.browser.picture, after `make plan`."""

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[2]
PAGE, PICTURE = ROOT / "outputs" / "annual-2027" / "plan.zh.html", ROOT / "data" / "sample-plan.png"
SIZE = {"width": 1080, "height": 1180}


def main() -> None:
    """The head of the page and its first section, as a board member sees them."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(viewport=SIZE, offline=True, color_scheme="light").new_page()
        page.goto(PAGE.as_uri())
        page.screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main()
