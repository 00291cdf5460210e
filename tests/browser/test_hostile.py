"""Strings meant to do harm are shown as written: nothing runs, nothing is asked for, no markup of theirs comes alive."""

from pathlib import Path

import pytest

from planning.book.sample import write_sample
from planning.errors import RunFailed
from planning.report import cards
from planning.run.page import markdown2html
from tests.browser.conftest import Open
from tests.report.assembled import PARTS, client_cards, put_together
from tests.report.bank import solved
from tests.report.example import summary
from tests.report.hostile import HOSTILE, LONG, UNDRAWABLE
from tests.report.planted import plant_tables, planted

pytestmark = pytest.mark.browser

ALIVE = """() => {
  const dead = 'script,iframe,object,embed,form,input,button,textarea,base,link,svg,math,video,audio,template,noscript,meta[http-equiv=refresh i]';
  const found = [...document.querySelectorAll(dead)].map(node => node.outerHTML.slice(0, 80));
  for (const node of document.querySelectorAll('*')) {
    for (const {name, value} of node.attributes) {
      if (name.startsWith('on') || name === 'style' || name === 'background') found.push(`${node.tagName} ${name}`);
      if (name === 'href' && !/^#[\\w-]+$/.test(value)) found.push(`href ${value.slice(0, 80)}`);
      if (['src', 'srcset'].includes(name) && !value.startsWith('data:image/')) found.push(`${name} ${value.slice(0, 80)}`);
    }
  }
  return {found, hit: window.__hit ?? null, sheets: document.styleSheets.length};
}"""


def harmless(opened: Open, html: str, folder: Path) -> str:
    """The words of a page, which must be dead: nothing of it runs, asks, navigates or stands as live markup."""
    path = folder / "page.html"
    path.write_text(html, encoding="utf-8")
    window = opened(path)
    page = window.page
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.mouse.move(300, 300)
    page.wait_for_timeout(50)
    assert window.told == []
    assert page.evaluate(ALIVE) == {"found": [], "hit": None, "sheets": 1}
    return str(page.evaluate("document.body.textContent"))


def blank(words: str) -> str:
    return " ".join(words.split())


@pytest.mark.parametrize("lang", ["zh", pytest.param("en", marks=pytest.mark.slow)])
def test_every_string_in_every_text_of_a_plan_is_shown_as_written(opened: Open, tmp_path: Path, lang: str) -> None:
    strings = [one for one in HOSTILE if one not in LONG]
    assert len(strings) >= 40
    html = put_together([part(planted(summary(), strings)) for part in PARTS], lang)
    words = blank(harmless(opened, html, tmp_path))
    assert [one for one in strings if blank(one) not in words] == []


def test_very_long_texts_keep_the_page_in_its_width(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(put_together([part(planted(summary(), list(LONG))) for part in (cards.headline, cards.money, cards.footer)], "zh"), encoding="utf-8")
    page = opened(path, 360).page
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_a_planners_own_markup_text_and_paragraphs_are_harmless(opened: Open, tmp_path: Path) -> None:
    own = [{kind: one} for one in HOSTILE for kind in ("text/html", "text/plain")]
    own += [{"text/html": markdown2html(one)} for one in HOSTILE]
    own += [{"image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg'><text>{one}</text></svg>"} for one in HOSTILE[:12]]
    own.append({"text/plain": "nul\x00 and\x00more"})
    words = blank(harmless(opened, put_together([cards.headline(summary()), cards.footer(summary())], "zh", own), tmp_path))
    assert [one for one in HOSTILE if blank(one) not in words] == []


@pytest.mark.parametrize("string", UNDRAWABLE, ids=[f"U+{ord(max(one)):04X}" for one in UNDRAWABLE])
def test_what_cannot_be_drawn_is_refused_in_words(string: str) -> None:
    with pytest.raises(RunFailed, match="glyph_missing"):
        put_together([part(planted(summary(), [string])) for part in (cards.headline, cards.footer)], "zh")


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_client_book_whose_tables_are_full_of_them_is_harmless(opened: Open, tmp_path: Path, lang: str) -> None:
    write_sample(tmp_path / "bank", branches=3, clients=300)
    plant_tables(tmp_path / "bank", [one for one in HOSTILE if one not in LONG])
    harmless(opened, put_together(client_cards(tmp_path / "bank"), lang), tmp_path)


@pytest.mark.slow
def test_a_year_planned_from_such_tables_is_harmless(opened: Open, tmp_path: Path) -> None:
    write_sample(tmp_path / "bank", branches=3, clients=300)
    plant_tables(tmp_path / "bank", [one for one in HOSTILE if one not in LONG])
    plan = solved(tmp_path / "bank")
    for lang in ("zh", "en"):
        harmless(opened, put_together([part(plan) for part in PARTS], lang), tmp_path)
