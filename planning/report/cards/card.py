"""One part of the page in both languages, which shows itself in a notebook."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from planning.report.cards.desk_style import desk_style
from planning.report.i18n import LANGS

MIME = "application/vnd.planning.card+json"


@dataclass(frozen=True, repr=False)
class Card:
    """A part of the page: its name, its markup in Chinese and English, and the language it is shown in."""

    part: str
    zh: str
    en: str
    lang: str = "zh"
    titles: tuple[str, str] = ("", "")

    def html(self, lang: str) -> str:
        """The markup in one language."""
        return {"zh": self.zh, "en": self.en}[lang]

    def bundle(self, lang: str) -> dict[str, Any]:
        """What a notebook keeps: the markup styled for the desk, and both languages for the page."""
        styled = f'<style>{desk_style()}</style><div class="plan desk" lang="{lang}">{self.html(lang)}</div>'
        return {"text/html": styled, MIME: {"part": self.part, "lang": lang, "title": dict(zip(LANGS, self.titles, strict=True)), "zh": self.zh, "en": self.en}}

    def __repr__(self) -> str:
        return f"Card({self.part!r})"

    def _repr_mimebundle_(self, **_: Any) -> Mapping[str, Any]:
        return self.bundle(self.lang)
