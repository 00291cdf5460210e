"""The command alerts: makes the day's alerts, lists and closes them, and hands each client manager their own."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from planning import policy
from planning.book.alerts import COMPARED, UNITS, Alert, counts
from planning.book.alerts.pool import Added
from planning.cli.app import OUT, Cells, Data, Languages, app, languages, tell
from planning.errors import Fault, PolicyError
from planning.report.formats import number, percent
from planning.report.i18n import listing, say
from planning.run import event_handover, event_pool, params

MADE = ("opened", "repeated", "stay_closed")
STANDING = ("open", "overdue")
PLAIN, OWN = ("id", "rule", "branch", "made_on", "due"), ("id", "client", "rule", "value", "due", "action")
WHOLE = ("id", "client", "branch", "made_on", "due")  # columns never broken over lines


@app.command()
def alerts(  # noqa: PLR0913  one for each option of the command
    data: Data = None,
    before: Annotated[Path | None, typer.Option("--before", help="上期客户表的目录 · folder of the former client table")] = None,
    as_of: Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="上期客户表的日期 · date of the former client table")] = None,
    out: Annotated[Path, typer.Option("--out", help="输出目录，事件池在其中 · output folder, which holds the event pool")] = OUT,
    manager: Annotated[str | None, typer.Option("--manager", help="列出这位客户经理的待办 · list this manager's open alerts")] = None,
    listed: Annotated[bool, typer.Option("--list", help="只列出待办 · list what is open and make none")] = False,
    deliver: Annotated[Path | None, typer.Option("--deliver", help="按客户经理各写一份的目录 · folder for one workbook a manager")] = None,
    close: Annotated[str | None, typer.Option("--close", metavar="ID", help="办结一条预警 · close an alert")] = None,
    by: Annotated[str | None, typer.Option("--by", help="由谁办结 · who closes it")] = None,
    note: Annotated[str, typer.Option("--note", help="办结说明 · what was done")] = "",
    write_rules: Annotated[bool, typer.Option("--write-rules", help="把预设规则写进数据目录 · put the preset rules into the data folder")] = False,
    lang: Languages = "zh",
) -> None:
    """事件池 · Make the day's alerts by rule, list, deliver and close them."""
    first = languages(lang)[0]
    folder = params.data_folder(data or "sample", Path.cwd())
    if write_rules:
        tell("cli.alerts.rules_written", first, file=str(event_handover.write_rules(folder)))
        return
    day = policy.read(folder / "policy.toml").data_date
    if close is not None:
        if not (by or manager):
            raise PolicyError(Fault("alert_by_whom"))
        event_pool.close(out, close, day, by or manager or "", note)
        tell("cli.alerts.is_closed", first, id=close, by=by or manager, day=day)
        return
    if not listed:
        made, former = event_pool.refresh(out, folder, before, as_of.date() if as_of else None)
        _tell_made(made, day, first)
        if former is None:
            tell("cli.alerts.not_compared", first, rules=listing([say(f"terms.alert.rule.{rule}", first) for rule in COMPARED], first))
        else:
            tell("cli.alerts.compared", first, as_of=former.as_of)
    pool = event_pool.read_pool(out)
    if listed or manager:
        _tell_open([alert for alert in pool.alerts if alert.state == "open"], manager, first)
    if deliver is not None:
        tell("cli.alerts.delivered", first, n=len(event_handover.deliver(pool, deliver, first)), folder=str(deliver))


def _tell_made(made: Added, day: date, lang: str) -> None:
    """Counts by rule: what was new, and what stands in the pool now."""
    standing = counts(made.pool, day)
    table = _table(("rule", *MADE, *STANDING), lang)
    for new, all_of_it in zip(made.rules, standing.rules, strict=True):
        figures = [*(getattr(new, name) for name in MADE), *(getattr(all_of_it, name) for name in STANDING)]
        table.add_row(say(f"terms.alert.rule.{new.rule}", lang), *(number(figure, lang) for figure in figures))
    Console().print(table)
    totals = {name: number(sum(getattr(rule, name) for rule in made.rules), lang) for name in MADE}
    standing_now = {name: number(getattr(standing.total, name), lang) for name in STANDING}
    tell("cli.alerts.made", lang, day=day, **totals, **standing_now)


def _tell_open(still: Sequence[Alert], manager: str | None, lang: str) -> None:
    """Open alerts; clients only where one manager's own are asked for."""
    shown = [alert for alert in still if manager is None or alert.manager == manager]
    names = PLAIN if manager is None else OWN
    table = _table(names, lang)
    for alert in event_handover.in_order(shown):
        worded = {"rule": say(f"terms.alert.rule.{alert.rule}", lang), "value": _amount(alert, lang), "action": event_handover.action(alert, lang)}
        table.add_row(*(worded.get(name) or str(getattr(alert, name)) for name in names))
    Console().print(table)
    if manager is None:
        tell("cli.alerts.listed", lang, n=len(shown))
    else:
        tell("cli.alerts.of_manager", lang, manager=manager, n=len(shown))


def _amount(alert: Alert, lang: str) -> str:
    unit = UNITS[alert.rule]
    if unit == "share":
        return percent(alert.value, lang, 1)
    return f"{number(alert.value, lang, 0 if unit == 'CNY' else 1)} {say(f'terms.alert.unit.{unit}', lang)}"


def _table(names: Sequence[str], lang: str) -> Cells:
    table = Cells()
    for name in names:
        heading = say(f"cli.alerts.{name}", lang) if name in (*MADE, *STANDING) else say(f"terms.alert.head.{name}", lang)
        table.add_column(heading, justify="right" if name in (*MADE, *STANDING, "value") else "left", no_wrap=name in WHOLE, overflow="fold")
    return table
