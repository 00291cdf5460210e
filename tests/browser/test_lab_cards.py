"""A card in JupyterLab looks as on the page: letters, tables, boxes and colours of every kind of element, in Lab's light theme and in its dark one."""

import json
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from planning.report.i18n import LANGS
from tests.browser.jupyterlab import PATIENCE, jupyterlab, opened, run_all
from tests.report.assembled import PARTS, put_together
from tests.report.example import summary

pytestmark = [pytest.mark.browser, pytest.mark.slow]

THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
CELL = """from IPython.display import display
from tests.report.assembled import PARTS
from tests.report.example import summary
display(*(part(summary(), "{lang}") for part in PARTS))"""
PROPERTIES = """
display position float visibility opacity color background-color background-image font-family font-size font-weight font-style font-variant-numeric line-height
letter-spacing word-spacing text-align text-align-last text-indent text-transform text-decoration-line text-wrap-style text-shadow vertical-align white-space-collapse
text-wrap-mode word-break overflow-wrap hyphens -webkit-locale table-layout border-collapse border-spacing caption-side empty-cells list-style-type list-style-position
padding-top padding-right padding-bottom padding-left margin-top margin-right margin-bottom margin-left box-sizing box-shadow cursor content-visibility
border-top-width border-right-width border-bottom-width border-left-width border-top-style border-right-style border-bottom-style border-left-style
border-top-color border-right-color border-bottom-color border-left-color border-top-left-radius border-bottom-right-radius outline-style overflow-x overflow-y
max-width min-width column-gap row-gap justify-content align-items flex-wrap grid-auto-flow text-underline-offset
""".split()  # noqa: SIM905 - a list of eighty quoted names reads worse
STYLES = """([roots, names]) => {
  const first = one => !one.previousElementSibling || one.previousElementSibling.matches('.numbering-entry');  // Lab's own, empty
  const place = one => (first(one) ? '<' : '') + (one.nextElementSibling ? '' : '>');
  const kind = one => one.tagName + '.' + one.className + (one.parentElement.matches(roots) ? '' : place(one));
  const seen = new Set(), told = [];
  for (const root of document.querySelectorAll(roots)) for (const one of root.querySelectorAll('*')) {
    if (one.tagName == 'STYLE' || one.closest('nav, .numbering-entry')) continue;
    let path = '';
    for (let up = one; up != root; up = up.parentElement) path = kind(up) + ' ' + path;
    if (seen.has(path)) continue;
    seen.add(path);
    const style = getComputedStyle(one), own = {path};
    for (const name of names) if (!(one.tagName == 'SECTION' && name == 'margin-top')) own[name] = style.getPropertyValue(name);
    told.push(own);
  }
  return told;
}"""


def styles(page: Page, roots: str) -> dict[str, dict[str, str]]:
    """The first element of every kind below the roots, by its path: each property as it is drawn; where a section starts follows from what stands before it."""
    found: list[dict[str, str]] = page.evaluate(STYLES, [roots, PROPERTIES])
    return {one.pop("path"): one for one in found}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    folder = tmp_path_factory.mktemp("cards")
    (folder / "notebooks").mkdir()
    cells = [nbformat.v4.new_code_cell(CELL.format(lang=lang)) for lang in LANGS]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "notebooks" / "cards.ipynb")
    with jupyterlab(folder) as address:
        yield folder, address


@pytest.mark.parametrize("theme", THEMES)
def test_cards_in_jupyterlab_look_as_on_the_page(lab: tuple[Path, str], browser: Browser, tmp_path: Path, theme: str) -> None:
    folder, address = lab
    chosen = folder / "jupyterlab_settings_dir" / "@jupyterlab" / "apputils-extension" / "themes.jupyterlab-settings"
    chosen.parent.mkdir(parents=True, exist_ok=True)
    chosen.write_text(json.dumps({"theme": THEMES[theme]}), encoding="utf-8")
    desk = browser.new_context(viewport={"width": 1500, "height": 1000}, color_scheme="light")  # the theme decides, not the system
    paper = browser.new_context(viewport={"width": 1500, "height": 1000}, color_scheme=theme, offline=True)  # type: ignore[arg-type]
    notebook, page = desk.new_page(), paper.new_page()
    opened(notebook, address, "cards")
    expect(notebook.locator(f"body[data-jp-theme-light={str(theme == 'light').lower()}]")).to_have_count(1, timeout=PATIENCE)
    run_all(notebook)
    expect(notebook.locator(".plan.desk footer")).to_have_count(len(LANGS), timeout=PATIENCE)
    for lang in [LANGS[theme == "dark"]]:
        path = tmp_path / f"{lang}.html"
        path.write_text(put_together([part(summary(), lang) for part in PARTS], lang), encoding="utf-8")
        page.goto(path.as_uri())
        there, here = styles(page, "main"), styles(notebook, f".plan.desk[lang={lang}]")
        assert sorted(set(here) ^ set(there)) == []
        assert len(there) > 100
        unlike = {
            path: {name: (own[name], here[path][name]) for name in own if own[name] != here[path][name]} for path, own in there.items() if own != here[path]
        }
        assert unlike == {}
    desk.close()
    paper.close()
