"""The cards' style at the desk: the page's own, in the colours of the desk's theme, whatever JupyterLab's style says of tables and text."""

import re
from functools import cache
from pathlib import Path

from planning.report.i18n import LANGS

STYLE = Path(__file__).parents[1] / "templates" / "plan" / "card.css"
PALETTE = r"\.plan\{((?:--\w+:[^;}]+;?)+)"
# The page's rules stand in a layer, and a rule above any of JupyterLab's sets every property back to what the layer says.
ALONE = ":is(#plan,.plan.desk),:is(#plan,.plan.desk) *{all:revert-layer}"
FRESH = ".plan{all:initial;display:block}" + "".join(f'.plan:lang({lang}){{-webkit-locale:"{lang}"}}' for lang in LANGS)


@cache
def desk_style() -> str:
    """The style sheet a card carries in a notebook."""
    style = STYLE.read_text(encoding="utf-8")
    return f"@layer planning{{{FRESH}\n{style}{_by_theme(style)}}}\n{ALONE}"


def _by_theme(style: str) -> str:
    """JupyterLab's theme goes before the system's; other desks have none and follow the system."""
    light, dark = (_only(re.findall(lead + PALETTE, style, flags=re.MULTILINE)) for lead in ("^", re.escape("@media (prefers-color-scheme:dark){")))
    themes = (("true", "light", light), ("false", "dark", dark))
    rules = (f'[data-jp-theme-light="{marked}"] .plan{{{colours};color-scheme:{scheme}}}' for marked, scheme, colours in themes)
    return f"@media screen{{{''.join(rules)}}}\n"


def _only(found: list[str]) -> str:
    (one,) = found
    return one.rstrip(";")
