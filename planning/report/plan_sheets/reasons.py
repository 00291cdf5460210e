"""The plan beside simple rules, and the events it does without."""

from planning.plan.summary import Summary
from planning.report.cards.wording import named
from planning.report.i18n import pick, say
from planning.report.sheet import Cell, Kind, Sheet, typed

BASELINES: dict[str, Kind] = {
    "plan": "text", "net_value": "cny", "added": "cny", "events": "cny", "concessions": "cny", "spend": "cny", "return": "ratio",
    "rules_broken": "count", "broken": "text", "unplaced": "count",
}  # fmt: skip
LEFT_OUT: dict[str, Kind] = {"event": "text", "family": "text", "reason": "text"}


def baselines(summary: Summary, lang: str) -> Sheet:
    """A row for this plan and for each simple rule, measured alike."""
    rows: list[list[Cell]] = []
    for line in summary.baselines:
        spend = round(line.event_cny + line.concession_cny, 2)
        broken = [say("page.why.broken_item", lang, rule=say(f"rules.{code}", lang), n=places) for code, places in line.broken]
        amounts = [round(amount, 2) for amount in (line.value_cny, line.added_cny, line.event_cny, line.concession_cny)]
        told: tuple[Cell, ...] = (len(line.broken), say("terms.semicolon", lang).join(broken), line.unplaced or None)
        rows.append([say(f"terms.baseline_head.{line.code}", lang), *amounts, spend, round(line.added_cny / spend, 4) if spend > 0 else None, *told])
    return typed("baselines", BASELINES, rows, lang)


def left_out(summary: Summary, lang: str) -> Sheet:
    """A row for each event of the catalogue without a session, and why."""
    rows = [[pick(line.names, lang), named(line.family, lang), say(f"export.reason.{line.reason}", lang)] for line in summary.left_out]
    return typed("left_out", LEFT_OUT, rows, lang)
