"""What the page takes from an executed notebook: cards as they are, a planner's own cells cleaned, the font they need."""

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape
from io import BytesIO
from typing import Any

import nh3
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from markupsafe import Markup

from planning.report.cards.card import MIME
from planning.report.fonts import FONT, UNSEEN, require_glyphs
from planning.report.i18n import say

IMAGES = ("image/svg+xml", "image/png", "image/jpeg")
TAGS = frozenset(
    """
    a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 hr i img kbd li nav ol p
    picture pre q s section small source span strong sub summary sup table tbody td tfoot th thead tr u ul
    """.split()  # noqa: SIM905 - a list of seventy quoted names reads worse
)
ATTRIBUTES = {
    "*": {"class", "id", "lang", "title", "role", "tabindex", "aria-label", "aria-hidden"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "source": {"media", "srcset"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "ol": {"start"},
}
EMBEDDED = re.compile(r"data:image/(?:png|jpeg|gif|webp|svg\+xml)[;,][^\s]*\Z")
PLACE = re.compile(r"(?:[\w-]+\.(?:zh|en)\.html)?(?:#[\w-]+)?\Z", re.ASCII)


@dataclass(frozen=True)
class Shown:
    """What one output puts on the page: clean markup and, for a card, its part and title."""

    html: str
    part: str = ""
    title: str = ""


def shown(data: Mapping[str, Any], lang: str) -> Shown | None:
    """What of an output's mime bundle is shown in that language; None for an output that shows nothing."""
    if MIME in data:
        card = data[MIME]
        return Shown(_clean(card[lang]), str(card["part"]), str(card.get("title", {}).get(lang, "")))
    if "text/html" in data:
        return own(_text(data["text/html"]))
    for mime in IMAGES:
        if mime in data:
            return own(_image(mime, _text(data[mime]), lang))
    if "text/plain" in data:
        return own(f"<pre>{escape(_text(data['text/plain']))}</pre>")
    return None


def own(html: str) -> Shown:
    """A planner's own cell, cleaned and styled like the rest."""
    return Shown(f'<div class="own">{clean_html(html)}</div>')


def clean_html(text: str) -> str:
    """Markup without scripts, styles, handlers or outside links; tables can be scrolled on a phone, heads stand below the page's."""
    clean = re.sub(r'<a class="anchor-link"[^>]*>.*?</a>', "", _clean(text))
    clean = re.sub(r"<(/?)h1\b", r"<\1h2", clean)
    clean = re.sub(r"<table\b", '<div class="scroll" tabindex="0"><table', clean)
    return clean.replace("</table>", "</table></div>")


def frame(pieces: Sequence[Shown], lang: str) -> dict[str, str]:
    """What the template needs around the pieces: language, title, contents and the embedded font's style rule."""
    titles = [piece.title for piece in pieces if piece.part == "headline" and piece.title]
    title = titles[0] if titles else say("page.untitled", lang)
    contents = navigation([piece.part for piece in pieces if piece.part], lang)
    return {"lang": lang, "title": title, "nav": contents, "font_css": font_face(visible(title + contents + "".join(piece.html for piece in pieces)))}


def navigation(parts: Sequence[str], lang: str) -> str:
    """Links to the parts that are on the page."""
    links = [Markup('<a href="#{}">{}</a>').format(part, say(f"page.nav.{part}", lang)) for part in parts if part != "headline"]
    return str(Markup('<nav aria-label="{}">{}</nav>').format(say("page.contents", lang), Markup("").join(links))) if links else ""


def visible(html: str) -> str:
    """The characters a reader sees: text, and the words of alt and aria-label."""
    spoken = " ".join(re.findall(r'(?:alt|aria-label)="([^"]*)"', html))
    return unescape(re.sub(r"<[^>]*>", " ", html) + spoken)


def font_face(text: str) -> str:
    """A @font-face rule with exactly the characters of the text. RunFailed names those the vendored font lacks."""
    require_glyphs(text)
    options = Options(hinting=False, layout_features=[], recalc_timestamp=False, ignore_missing_unicodes=True)
    with TTFont(FONT, lazy=True, recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(text="".join(sorted(set(text) - UNSEEN)))
        subsetter.subset(font)
        font.flavor = "woff2"
        out = BytesIO()
        font.save(out)
    packed = base64.b64encode(out.getvalue()).decode("ascii")
    return f'@font-face{{font-family:"Planning Sans";src:url(data:font/woff2;base64,{packed}) format("woff2")}}'


def _clean(html: str) -> str:
    return nh3.clean(html, tags=set(TAGS), attributes=ATTRIBUTES, attribute_filter=_kept, url_schemes={"data"}, link_rel=None)


def _kept(_: str, attribute: str, value: str) -> str | None:
    if attribute in ("src", "srcset"):
        return value if EMBEDDED.match(value) else None
    if attribute == "href":
        return value if value and PLACE.match(value) else None
    return value


def _image(mime: str, data: str, lang: str) -> str:
    packed = base64.b64encode(data.encode()).decode("ascii") if mime == "image/svg+xml" else "".join(data.split())
    return f'<figure><img src="data:{mime};base64,{packed}" alt="{escape(say("page.own_image", lang))}"></figure>'


def _text(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else "".join(value)
