"""What the page takes from a notebook: cleaned, in one language, with the font it needs."""

import base64
import re
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from planning.errors import RunFailed
from planning.report import cards
from planning.report.page import MIME, clean_html, font_face, frame, own, shown, visible
from tests.report.assembled import assembled
from tests.report.example import summary

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.mark.parametrize(
    "unwanted",
    [
        "<script>alert(1)</script>",
        "<style>body{display:none}</style>",
        '<img src="https://example.org/x.png">',
        '<img srcset="//example.org/x.png 2x">',
        '<img src="data:text/html,<script>1</script>">',
        '<p onclick="alert(1)">',
        '<a href="javascript:alert(1)">',
        '<a href="https://example.org">',
        '<a href="//example.org">',
        '<iframe src="https://example.org"></iframe>',
        '<link rel="stylesheet" href="https://example.org/x.css">',
        '<form action="/x"><input name="a"></form>',
        '<div style="background:url(https://example.org)">',
        '<svg onload="alert(1)"><script>1</script></svg>',
        '<base href="https://example.org">',
        '<meta http-equiv="refresh" content="0;url=https://example.org">',
    ],
)
def test_a_planners_markup_is_cleaned(unwanted: str) -> None:
    cleaned = clean_html(f"<p>三月场地已定。</p>{unwanted}")
    assert "三月场地已定。" in cleaned
    assert not re.search(r"example\.org|script|style|onclick|onload|<(iframe|form|input|svg|base|meta|link)", cleaned)


def test_a_planners_table_and_picture_stay() -> None:
    cleaned = clean_html(f'<h1>说明</h1><table class="dataframe"><tr><th>a</th><td>1</td></tr></table><img alt="图" src="data:image/png;base64,{PIXEL}">')
    assert "<h2>说明</h2>" in cleaned
    assert '<div class="scroll" tabindex="0"><table class="dataframe">' in cleaned
    assert f'src="data:image/png;base64,{PIXEL}"' in cleaned


def test_a_card_passes_the_cleaning_unchanged_in_what_it_shows() -> None:
    card = cards.money(summary())
    piece = shown(card.bundle("zh"), "en")
    assert piece is not None
    assert piece.part == "money"
    assert visible(piece.html) == visible(card.en)
    assert piece.html.count("data:image/svg+xml,") == card.en.count("data:image/svg+xml,")
    assert "<style" not in piece.html


def test_a_forged_card_is_cleaned_too() -> None:
    piece = shown({MIME: {"part": "headline", "lang": "zh", "zh": "<p>好</p><script>1</script>", "en": ""}}, "zh")
    assert piece is not None
    assert piece.html == "<p>好</p>"


def test_other_outputs() -> None:
    picture = shown({"image/png": PIXEL, "text/plain": "<Figure>"}, "zh")
    assert picture is not None
    assert re.search(r'<img src="data:image/png;base64,[^"]+" alt="[^"]+">', picture.html)
    words = shown({"text/plain": "a < b"}, "zh")
    assert words is not None
    assert "<pre>a &lt; b</pre>" in words.html
    assert shown({"application/json": {}}, "zh") is None


def test_the_frame_names_what_is_on_the_page() -> None:
    pieces = [piece for part in (cards.headline, cards.year) if (piece := shown(part(summary()).bundle("zh"), "en"))]
    around = frame([*pieces, own("<p>Added</p>")], "en")
    assert around["title"] == "Marketing plan for high-end clients, 2027"
    assert around["nav"] == '<nav aria-label="Contents"><a href="#year">The calendar</a></nav>'


def packed(css: str) -> TTFont:
    data = re.search(r"base64,([^)]+)\)", css)
    assert data
    return TTFont(BytesIO(base64.b64decode(data[1])))


def test_the_embedded_font_has_exactly_the_characters_and_the_same_bytes() -> None:
    css = font_face("营销计划 2027\n")
    assert {chr(code) for code in packed(css).getBestCmap()} == set("营销计划 2027")
    assert css == font_face("7202 划计销营")


def test_a_character_that_cannot_be_drawn_stops_the_page() -> None:
    with pytest.raises(RunFailed, match=r"glyph_missing .*U\+1F600"):
        font_face("好 😀")


def test_the_page_has_no_outside_reference_and_is_the_same_twice() -> None:
    page = assembled(summary(), "zh", [{"text/html": '<p>补充</p><img src="https://example.org/x.png">'}])
    assert not re.search(r'(?:src|href|srcset|action)="(?!data:|#)', page)
    assert "<script" not in page
    assert len(page.encode()) < 1_000_000
    assert page == assembled(summary(), "zh", [{"text/html": '<p>补充</p><img src="https://example.org/x.png">'}])


def test_heading_marks_of_a_notebook_are_left_out() -> None:
    assert clean_html('<h2 id="场地">场地<a class="anchor-link" href="#场地">¶</a></h2>') == '<h2 id="场地">场地</h2>'
