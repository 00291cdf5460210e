"""What became of a plan of the plans' file, as the one line an operator reads."""

from datetime import datetime
from zoneinfo import ZoneInfo

from planning.errors import Fault, PlanningError
from planning.report.formats import day, number, percent
from planning.report.i18n import say, sentence
from planning.run.all_plans import Line
from planning.run.told import sentences

SHOWN = 2  # sentences of an error: what it is about, and its first fault
EXITS = (1, 2, 3, 4)


def plan_line(line: Line, zone: str, lang: str) -> str:
    """The line: plan, what happened, gap or fault, seconds; times in the schedule's own zone."""
    values = {"plan": line.plan, "seconds": number(line.seconds, lang, 1)}
    if line.happened == "published":
        return _published(line, values, lang)
    fault = _fault(line.ended.error, lang) if line.ended and line.ended.error else ""
    if line.happened == "failed":
        return say("cli.all.failed", lang, n=line.tries, fault=fault, **values) if line.tries else say("cli.all.refused", lang, fault=fault, **values)
    if line.happened == "busy":
        return say("cli.all.busy", lang, fault=fault, **values)
    if line.happened == "held_back":
        return say("cli.all.held_back", lang, other=line.waits_for, **values)
    if line.happened == "given_up":
        return _given_up(line, zone, values, lang)
    if line.happened == "not_due" and line.following:
        return say("cli.all.not_due", lang, following=_at(line.following, zone, lang), **values)
    return say("cli.all.unchanged", lang, **values)


def _published(line: Line, values: dict[str, str], lang: str) -> str:
    ended = line.ended
    if ended is None or not ended.status:
        return say("cli.all.published", lang, **values)
    told = say(f"cli.all.published_{ended.status}", lang, gap=percent(ended.gap, lang, 3), **values)
    return f"{told} {say('cli.relaxed', lang, n=ended.relaxed)}" if ended.relaxed else told


def _given_up(line: Line, zone: str, values: dict[str, str], lang: str) -> str:
    result = say(f"cli.runs.exit_{line.code if line.code in EXITS else 1}", lang)
    told = {"result": result, "at": _at(datetime.fromisoformat(line.failed_at), zone, lang), **values}
    if line.following is None:
        return say("cli.all.given_up", lang, n=line.tries, **told)
    return say("cli.all.given_up_until", lang, n=line.tries, following=_at(line.following, zone, lang), **told)


def _at(moment: datetime, zone: str, lang: str) -> str:
    """A date and time of day, and the zone it is told in."""
    local = moment.astimezone(ZoneInfo(zone or "UTC"))
    return say("cli.all.at", lang, day=day(local.date(), lang), time=f"{local:%H:%M}", zone=zone or "UTC")


def _fault(error: PlanningError, lang: str) -> str:
    told = sentences(error, lang)
    rest = len(told) - SHOWN
    shown = [*told[:SHOWN], *([sentence(Fault("and_more", count=rest), lang)] if rest > 0 else [])]
    return "".join(shown) if lang == "zh" else " ".join(shown)
