"""Words and markup that the model record's cards share."""

from collections.abc import Callable
from datetime import datetime

from markupsafe import Markup

from planning.plan.record import ModelRecord
from planning.report.cards.card import Card
from planning.report.formats import day, period
from planning.report.i18n import LANGS, say

PLAINLY = str.maketrans({"⌊": "floor(", "⌋": ")", **{chr(0x2080 + digit): str(digit) for digit in range(10)}})  # signs the vendored font has not
TAGS = {"met": "bind", "part": "ok", "not": "block"}


def both(part: str, make: Callable[[ModelRecord, str], str], record: ModelRecord, lang: str) -> Card:
    """A card of one part, made in each language."""
    zh, en = (make(record, one) for one in LANGS)
    return Card(part, zh, en, lang)


def planned(record: ModelRecord, lang: str) -> str:
    """The period of the plan that the record is of."""
    plan = record.summary.plan
    return period(str(plan.policy.get("period", "year")), plan.year, lang)


def formula(text: str) -> Markup:
    """A formula as the code states it, in the code's own letters and words; what it holds for under it."""
    statement, _, each = text.translate(PLAINLY).partition("\n")
    return Markup('<code lang="en">{}</code>').format(statement) + (Markup('<br><small lang="en">{}</small>').format(each) if each else Markup(""))


def clock(iso: str, lang: str) -> str:
    """A moment of the register: day, hour and minute as they were where the run ended."""
    when = datetime.fromisoformat(iso)
    return say("record.moment", lang, date=day(when.date(), lang), time=f"{when:%H:%M}")


def sentences(told: list[str], lang: str) -> str:
    """Sentences in a row."""
    return ("" if lang == "zh" else " ").join(told)
