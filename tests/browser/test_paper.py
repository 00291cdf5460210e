"""The pages on A4 paper: no row, figure or box is cut, every table's head stands on each of its pages, the summary fits the first."""

import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path

import pytest

from tests.browser.conftest import Open

PDFTOTEXT = shutil.which("pdftotext")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(PDFTOTEXT is None, reason="needs pdftotext: apt-get install poppler-utils")]

# Marks of a point's height at both ends of whatever must stay whole, and in every head; printing shows on which page each falls.
MARK = """() => {
  const put = (place, words, end) => {
    const mark = document.createElement('span');
    mark.textContent = words;
    mark.style.cssText = 'font:1px monospace;white-space:nowrap;' + (end ? `position:absolute;left:0;${end}:0` : '');
    place.prepend(mark);
  };
  document.querySelectorAll('table').forEach((table, t) => {
    table.querySelectorAll('thead th:first-child').forEach(head => put(head, `Zh${t}Z`, ''));
    table.querySelectorAll('tbody tr').forEach((row, r) => {
      row.style.position = 'relative';
      for (const end of ['top', 'bottom']) put(row.cells[0], `Zr${t}r${r}Z`, end);
    });
  });
  document.querySelectorAll('figure picture, .kpis, .ask, .head, .relaxed, .paper').forEach((whole, w) => {
    whole.style.position = 'relative';
    for (const end of ['top', 'bottom']) put(whole, `Zw${w}${whole.closest('section') ? '' : 's'}Z`, end);
  });
}"""


def printed(opened: Open, path: Path, to: Path) -> dict[str, list[int]]:
    """On which pages each mark falls when a page is printed."""
    page = opened(path).page
    page.evaluate(MARK)
    page.pdf(path=to, prefer_css_page_size=True, print_background=True)
    text = subprocess.run([str(PDFTOTEXT), "-raw", "-enc", "UTF-8", str(to), "-"], capture_output=True, check=True).stdout.decode("utf-8")
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, sheet in enumerate(text.split("\f"), 1):
        for mark in re.findall(r"Z[hrw][\dr]+s?Z", sheet):
            found[mark].append(number)
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_cut_heads_are_repeated_and_the_summary_is_one_sheet(opened: Open, pages: dict[str, Path], lang: str, tmp_path: Path) -> None:
    marks = printed(opened, pages[lang], tmp_path / "page.pdf")
    wholes = {mark: places for mark, places in marks.items() if mark[1] != "h"}
    assert len(wholes) > 40
    assert {mark: places for mark, places in wholes.items() if len(places) != 2 or len(set(places)) != 1} == {}
    rows: defaultdict[str, set[int]] = defaultdict(set)
    for mark, places in wholes.items():
        if mark[1] == "r":
            rows[mark[2:].partition("r")[0]] |= set(places)
    assert any(len(places) > 1 for places in rows.values()), "no table is long enough to show that heads are repeated"
    heads = {mark[2:-1]: set(places) for mark, places in marks.items() if mark[1] == "h"}
    assert len(rows) - len(heads) <= 1, "only the planner's own table has no head"
    assert {table: rows[table] for table, places in heads.items() if not rows[table] <= places} == {}

    summary = {mark: places for mark, places in wholes.items() if mark.endswith("sZ")}
    assert len(summary) >= 3
    assert {mark: places for mark, places in summary.items() if set(places) != {1}} == {}, "the summary is not on the first sheet"
